"""Invented panels whose numbers are known: states on a globe, their votes, disputes and pacts, and events by the model.

The course of trust from the first record on is that of :mod:`sim.calibration.moments`, with disputes that lower trust;
positions follow the equation of affinity. Everything else is drawn once and stays.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.calibration import regressions
from sim.calibration.estimate import RANGES
from sim.calibration.moments import CLUSTERING, LIMIT
from sim.calibration.relations import relations
from sim.data import features as f
from sim.data.grounds import MEAN, SPREAD, WEIGHT, WINDOW, tone_of, weighted_line
from sim.data.panel import FIRST, Panel
from sim.start.world import MOST

STATES, FIRST_EVENTS, UNTIL = 60, 2002, 2014
LEVEL, TONE = 2.0, 1.0
"""Mean and standard deviation of the tone."""
WITHIN = {
    "trust.noise": (0.02, 0.1),
    "trust.reversion": (0.01, 0.06),
    "anchor.lasting": (0.2, 0.8),
    "anchor.weight": (15.0, 150.0),
    CLUSTERING: (0.2, 0.9),
    "trust.crisis": (0.05, 0.3),
    "anchor.per_distance": (0.05, 0.25),
    "anchor.per_rivalry": (0.1, 0.6),
    "affinity.rate": (0.001, 0.008),
    "affinity.noise": (0.02, 0.08),
}
"""Where the true numbers are drawn from, evenly on the scale of their ranges."""


def truth(luck: np.random.Generator) -> dict[str, float]:
    """True numbers, drawn from :data:`WITHIN`."""
    found = {}
    for key, ends in WITHIN.items():
        low, high = (float(RANGES[key].coordinate(end)) for end in ends)
        found[key] = float(RANGES[key].value(luck.uniform(low, high)))
    return found


def world(numbers: Mapping[str, float], seed: int, states: int = STATES) -> tuple[Panel, dict[str, float]]:
    """An invented panel, and the numbers that a calibration of it should find.

    Distance and rivalry are what a regression finds in the expected record: the two added to few events count in it.
    """
    luck = np.random.default_rng(seed)
    n, years = states, UNTIL - FIRST + 1
    off = ~np.eye(n, dtype=bool)
    place = luck.normal(size=(n, 3))
    place /= np.linalg.norm(place, axis=1, keepdims=True)
    far = 6371 * np.arccos(np.clip(place @ place.T, -1, 1))
    power = np.exp(luck.normal(-6, 1.3, n))
    power /= power.sum()
    land = (far < np.quantile(far[off], 0.07)) & off
    index = np.where(land, 2.0, 0.0) + 0.4 * np.log(power[:, None] * power) - 0.2 * np.log(np.maximum(far, 50))
    rivalry = _symmetric(luck.random((n, n)) < 1 / (1 + np.exp(-(index - np.quantile(index[off], 0.97)))))
    pact = _symmetric(luck.random((n, n)) < np.where(land, 0.4, 0.08))
    chance = 1 / (1 + np.exp(-(-5.2 + 2.2 * rivalry + 1.2 * land)))
    onset = np.array([_symmetric(luck.random((n, n)) < chance) for _ in range(years)])
    x = luck.normal(0, 1, n)
    ideal = np.repeat(x[None], years, axis=0)
    still = np.zeros((years, n, n), np.float32)

    def always(matrix: np.ndarray) -> np.ndarray:
        return np.repeat(matrix[None].astype(np.float32), years, axis=0)

    of = {
        "onset": onset.astype(np.float32),
        "defence": always(pact),
        "consultation": always(_symmetric(luck.random((n, n)) < 0.1)),
        "treaty": still.copy(),
        "land": always(land),
        "near": always(land | _symmetric(luck.random((n, n)) < 0.05)),
        "rivalry": always(rivalry),
        "shared": always(np.round(20 + 10 * luck.random((n, n)))),
        "agreements": always(_symmetric(luck.random((n, n)) < 0.2)),
        "exercises": still.copy(),
        "cooperative": still.copy(),
        "conflictual": still.copy(),
    }
    regime = np.clip(0.5 + 0.2 * x + luck.normal(0, 0.2, n), 0, 1)
    alike = {"power": power, "regime": regime, "wealth": np.exp(luck.normal(11, 1.5, n)), "present": np.ones(n, bool)}
    panel = Panel(
        UNTIL,
        tuple(f"S{k:02d}" for k in range(n)),
        of,
        {name: np.repeat(values[None], years, axis=0) for name, values in alike.items()} | {"ideal": ideal},
        {},
        far,
        np.ones(n, bool),
        dict.fromkeys(of, FIRST) | {"cooperative": FIRST_EVENTS, "conflictual": FIRST_EVENTS},
        dict.fromkeys((*of, "ideal", *alike), UNTIL),
    )
    _vote(panel, numbers, luck)
    return panel, {**numbers, **_events(panel, numbers, luck)}


def _symmetric(chosen: np.ndarray) -> np.ndarray:
    upper = np.triu(chosen, 1)
    return upper | upper.T


def _events(panel: Panel, numbers: Mapping[str, float], luck: np.random.Generator) -> dict[str, float]:
    """Fill in the events; gives what a regression of the expected record says of distance and rivalry."""
    start = FIRST_EVENTS + 2
    table = f.features(panel, start, panel.there(start), directed=True)
    i, j = table["i"].to_numpy(), table["j"].to_numpy()
    slopes = {"defence": 0.3, "regime_low": 0.4, "dispute_5": -0.3, "land": -0.2, "larger": -0.05}
    slopes |= {
        name: -numbers[f"anchor.per_{key}"] / SPREAD * TONE for name, key in (("apart", "distance"), ("rivalry",) * 2)
    }
    structure = sum(slope * (table[name] - table[name].mean()) for name, slope in slopes.items()).to_numpy()
    structure = LEVEL + structure
    volume = np.exp(3.3 + 0.3 * np.log(panel.at("power", start)[i] * panel.at("power", start)[j] * 4000) / 2)
    volume = np.round(np.clip(volume * np.exp(luck.normal(0, 0.8, len(i))), 5, 2000)).astype(int)

    def put(year: int, chance: np.ndarray) -> None:
        cooperative = luck.binomial(volume, chance)
        panel.of["cooperative"][year - FIRST, i, j] = cooperative
        panel.of["conflictual"][year - FIRST, i, j] = volume - cooperative

    own = structure + luck.normal(0, 0.6 * TONE, len(i))
    for year in range(FIRST_EVENTS, start + 1):
        put(year, _share(own + numbers[CLUSTERING] * luck.standard_normal(len(i))))
    of = relations(panel)
    assert of is not None  # there are events
    here = np.searchsorted(i * len(panel.codes) + j, of.i * len(panel.codes) + of.j)
    weight = of.events / (of.events + numbers["anchor.weight"])
    trust = of.trust(own)
    trust[here] = np.clip(of.structure + weight * of.residual, -MOST, MOST)
    rest = trust.copy()
    rest[here] = of.structure + numbers["anchor.lasting"] * (trust[here] - of.structure)
    for year in range(start + 1, UNTIL + 1):
        tone = numbers[CLUSTERING] * luck.standard_normal(len(i))
        struck = _months(panel.at("onset", year), luck)[i, j]
        total = np.zeros(len(i))
        for month in range(12):
            step = numbers["trust.reversion"] * (rest - trust) - numbers["trust.crisis"] * (struck == month) * (1 + trust)
            chance = numbers["trust.noise"] * luck.standard_normal(len(i)) * (1 - trust * trust)
            trust = np.clip(trust + step + chance, -LIMIT, LIMIT)
            total += _share(of.level + of.spread * (trust - MEAN) / SPREAD + tone)
        put(year, total / 12)
    return _expected(panel, table, structure, volume)


def _share(tone: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-tone))


def _months(happens: np.ndarray, luck: np.random.Generator) -> np.ndarray:
    """A month of the year for each pair to which something happens, else -1; the same both ways."""
    months = np.triu(luck.integers(0, 12, happens.shape))
    return np.where(happens > 0, months + months.T, -1)


def _expected(panel: Panel, table: object, structure: np.ndarray, volume: np.ndarray) -> dict[str, float]:
    of = relations(panel)
    assert of is not None
    rows = table.set_index(["i", "j"]).index.get_indexer(list(zip(of.i, of.j)))  # type: ignore[attr-defined]
    chance, count = _share(structure[rows]), 3.0 * volume[rows]
    expected = tone_of(count * chance, count * (1 - chance))
    slopes = weighted_line(of.rows[:, 1:], expected, of.events / (of.events + WEIGHT))[1:]
    places = {"anchor.per_distance": "apart", "anchor.per_rivalry": "rivalry"}
    return {key: float(-SPREAD / of.spread * slopes[f.STRUCTURE.index(name)]) for key, name in places.items()}


def _vote(panel: Panel, numbers: Mapping[str, float], luck: np.random.Generator) -> None:
    """Positions of the last years, by the equation of affinity toward the mean of all."""
    x = panel.states["ideal"][0].copy()
    rate, noise = (numbers[key] for key in regressions.VOTES)
    for year in range(UNTIL - WINDOW, UNTIL + 1):
        for _ in range(12):
            x = x + rate * (x.mean() - x) + noise * luck.standard_normal(len(x))
        panel.states["ideal"][year - FIRST] = x
