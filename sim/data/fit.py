"""Do the ties of the model change as alliances did? Goodness of fit against the defence pacts of the data.

From the observed pacts of one year the product's own mechanism :mod:`sim.mechanisms.ties` runs to another year, in many
replicates, and the networks it arrives at are compared with the observed one: degree distribution, triad census,
geodesic distances (:mod:`sim.data.goodness`), and what happens in a year: pacts made and dropped.

Trust starts where the rule of the anchor puts it (:mod:`sim.mechanisms.anchor`, without overrides) and either is held
there, or follows the anchor as pacts come and go (schedule trust, anchor, threat, ties, with no decisions, crises,
balance, contact or noise). Affinity, capability, land borders, rivalries and recent disputes stay as they were at the
start: what is tested is the rule of the ties, not the rest of the model. Two baselines need no model: ``random`` makes
and drops pacts anywhere, at the observed yearly rates, known only afterwards; ``nothing`` changes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from sim import engine, mechanisms
from sim.data import goodness
from sim.data.goodness import Fit
from sim.data.public import DataError
from sim.data.starting import History, history, pact_years, scenario_of
from sim.draws import Draws, codes_of
from sim.start.rules import Rules
from sim.start.world import begin
from sim.world import DEFENCE, World

MODES = ("actor_oriented", "one_alter", "hazard", "random", "nothing")
USUAL = ("actor_oriented", "hazard", "random", "nothing")
TRUST = ("held", "follows")
SPAN = 12
"""Years simulated unless the user says otherwise."""
STATISTICS = {
    "degrees": (goodness.degree_counts, "states with at most so many pacts"),
    "triads": (goodness.triad_census, "triples of states with so many pacts among them"),
    "geodesics": (goodness.geodesics, "pairs so many pacts apart"),
    "pacts": (lambda networks: networks.sum((-1, -2))[:, None] / 2, "pacts"),
}
_STILL = {"trust": {"balance": 0.0, "contact": 0.0, "noise": 0.0}}
CELLS = 2_000_000
"""Dyads of all replicates of a chunk, so that a chunk takes some hundred megabytes."""


@dataclass(frozen=True)
class Statistic:
    """One feature: its levels, the observed values, simulated means and 5 and 95 % quantiles, and the fit."""

    name: str
    levels: tuple[str, ...]
    observed: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    fit: Fit | None


@dataclass(frozen=True)
class ModeFit:
    """How one mode fits. Rates are a year and a pair; ``wrong`` is the mean number of pairs that differ at the end."""

    mode: str
    replicates: int
    formation: np.ndarray
    dissolution: np.ndarray
    wrong: float
    statistics: tuple[Statistic, ...]


@dataclass(frozen=True)
class Report:
    """What was observed, and how each mode fits."""

    known: History
    trust: str
    seed: int
    formation: float
    dissolution: float
    modes: tuple[ModeFit, ...]


def default_years(data: Path, first: int | None = None, last: int | None = None) -> tuple[int, int]:
    """The years asked for, or the last of the data and twelve before it.

    Raises:
        DataError: there is nothing between them, or the data do not hold them.
    """
    if first is None or last is None:
        held = pact_years(data)
        if last is None:
            last = held[-1] if first is None else min(first + SPAN, held[-1])
        first = max(last - SPAN, held[0]) if first is None else first
    if first >= last:
        raise DataError(f"from {first} to {last} is no time; --from must be an earlier year than --to")
    return first, last


def assess(
    data: Path,
    states: Collection[str] | None = None,
    first: int | None = None,
    last: int | None = None,
    *,
    modes: Sequence[str] = USUAL,
    trust: str = "held",
    replicates: int = 500,
    seed: int = 1,
    parameters: dict[str, dict[str, Any]] | None = None,
    progress: Callable[[int, int], None] | None = None,
    cells: int = CELLS,
) -> Report:
    """Simulate from one year to another and compare.

    Args:
        data: the data folder.
        states: by ISO3; None takes all that the data know well enough.
        first: the year to start from; default: twelve before ``last``.
        last: the year to arrive at; default: the last of the alliance data.
        modes: of :data:`MODES`.
        trust: ``held`` at its start, or ``follows`` the anchor.
        replicates: how many networks a mode.
        seed: any integer.
        parameters: by mechanism, those that differ from the defaults.
        progress: called with (done, total) replicates.
        cells: dyads of all replicates of a chunk.

    Raises:
        DataError: the data cannot be used.
    """
    known = history(Path(data), *default_years(Path(data), first, last), states)
    with threadpool_limits(1):  # matrices of states are small: more threads only wait for each other
        return _assess(known, modes, trust, replicates, seed, parameters or {}, progress, cells)


def _assess(
    known: History,
    modes: Sequence[str],
    trust: str,
    replicates: int,
    seed: int,
    parameters: dict[str, dict[str, Any]],
    progress: Callable[[int, int], None] | None,
    cells: int,
) -> Report:
    made, dropped, could_make, could_drop = changes(known.networks[None])
    rates = float(_share(made, could_make)[0]), float(_share(dropped, could_drop)[0])
    total = len(modes) * replicates
    done = 0
    fits = []
    for mode in modes:
        count = 1 if mode == "nothing" else replicates
        chunk = max(1, min(count, cells // len(known.states) ** 2))
        parts = []
        for start in range(0, count, chunk):
            numbers = range(start, min(start + chunk, count))
            parts.append(_read_off(_paths(known, mode, trust, numbers, seed, rates, parameters), known))
            if progress:
                progress(done + (numbers.stop if mode != "nothing" else replicates), total)
        done += replicates
        fits.append(_mode_fit(mode, known, parts))
    return Report(known, trust, seed, *rates, tuple(fits))


def changes(paths: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Pacts made and dropped from year to year, and the pair-years in which they could be, each of shape (R,).

    Args:
        paths: networks of consecutive years, shape (R, years, n, n).
    """
    before, after = paths[:, :-1], paths[:, 1:]
    n = paths.shape[-1]
    made, dropped, had = ((x.sum((1, 2, 3)) / 2) for x in (after & ~before, before & ~after, before))
    return made, dropped, n * (n - 1) / 2 * before.shape[1] - had, had


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """part / whole, 0 where there was nothing."""
    return np.divide(part, whole, out=np.zeros_like(part, float), where=whole > 0)


# -- simulating ------------------------------------------------------------------------------------------------------


def _paths(
    known: History,
    mode: str,
    trust: str,
    numbers: range,
    seed: int,
    rates: tuple[float, float],
    parameters: dict[str, dict[str, Any]],
) -> np.ndarray:
    """Networks at the end of each year, the first as observed, shape (R, years, n, n)."""
    paths = np.empty((len(numbers), *known.networks.shape), bool)
    paths[:, 0] = known.networks[0]
    luck = Draws(seed, numbers, {"state": codes_of(known.states)})
    if mode == "nothing":
        paths[:] = known.networks[0]
        return paths
    if mode == "random":
        others = ~np.eye(len(known.states), dtype=bool)
        for year in range(1, len(known.years)):
            before = paths[:, year - 1]
            changing = luck.at(year).uniform("fit/random", "pair") < np.where(before, rates[1], rates[0])
            paths[:, year] = before ^ (changing & others)
        return paths
    world, rules = _start(known, mode, trust, len(numbers), parameters)
    rules = replace(rules, draws=luck)
    for year in range(1, len(known.years)):
        month = 12 * (known.years[0] + year)
        world = engine.carry(world, rules, month, month + 12)
        paths[:, year] = world.tie == DEFENCE
    return paths


def _start(known: History, mode: str, trust: str, count: int, parameters: dict[str, dict[str, Any]]) -> tuple[World, Rules]:
    """The starting world of some replicates, with what the schedule reads and no more, and its rules."""
    given = {name: dict(values) for name, values in parameters.items()}
    given.setdefault("ties", {})["mode"] = mode
    schedule: tuple[str, ...] = ("threat", "ties")
    if trust == "follows":
        schedule = ("trust", "anchor", "threat", "ties")
        given["trust"] = {**_STILL["trust"], **given.get("trust", {})}
    world, rules, _ = begin(scenario_of(known, schedule, given), range(1))
    world = world.replace(crisis_months=known.recent[None].astype(world.crisis_months.dtype))
    if trust == "held":  # threat follows from trust, power and nearness, which stay: once is enough
        rules = replace(rules, schedule=tuple(pair for pair in rules.schedule if pair[0] == "ties"))
    used = {name for _, mechanism in rules.schedule for name in (*mechanism.READS, *mechanism.WRITES)} | {"trust"}
    return World(world.names, {name: np.repeat(getattr(world, name), count, axis=0) for name in used}), rules


# -- comparing -------------------------------------------------------------------------------------------------------


def _read_off(paths: np.ndarray, known: History) -> dict[str, np.ndarray]:
    """What is kept of some replicates."""
    made, dropped, could_make, could_drop = changes(paths)
    end = paths[:, -1]
    return {
        "formation": _share(made, could_make),
        "dissolution": _share(dropped, could_drop),
        "wrong": (end ^ known.networks[-1]).sum((1, 2)) / 2,
        **{name: of(end) for name, (of, _) in STATISTICS.items()},
    }


def _mode_fit(mode: str, known: History, parts: list[dict[str, np.ndarray]]) -> ModeFit:
    whole = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    count = len(whole["wrong"])
    statistics = []
    for name, (of, _) in STATISTICS.items():
        simulated, observed = whole[name], of(known.networks[-1:])[0]
        low, high = np.quantile(simulated, (0.05, 0.95), axis=0)
        fit = goodness.mahalanobis(simulated, observed) if count > 1 else None
        mean = simulated.mean(axis=0)
        statistics.append(Statistic(name, _levels(name, len(known.states)), observed, mean, low, high, fit))
    wrong = float(whole["wrong"].mean())
    return ModeFit(mode, count, whole["formation"], whole["dissolution"], wrong, tuple(statistics))


def _levels(name: str, n: int) -> tuple[str, ...]:
    if name == "degrees":
        return tuple(map(str, goodness.degree_levels(n)))
    if name == "geodesics":
        return (*map(str, range(1, goodness.STEPS + 1)), "more or none")
    return ("0", "1", "2", "3") if name == "triads" else ("all",)


def as_json(report: Report) -> dict[str, Any]:
    """The report as plain data; a distance without bound is null."""
    known = report.known
    pacts = [int(network.sum()) // 2 for network in known.networks]
    modes = {}
    for mode in report.modes:
        rates = {
            name: {
                "mean": float(values.mean()),
                "low": float(np.quantile(values, 0.05)),
                "high": float(np.quantile(values, 0.95)),
            }
            for name, values in (("formation", mode.formation), ("dissolution", mode.dissolution))
        }
        statistics = {
            s.name: {
                "meaning": STATISTICS[s.name][1],
                "distance": s.fit.distance if s.fit and math.isfinite(s.fit.distance) else None,
                "p": s.fit.p if s.fit else None,
                "levels": list(s.levels),
                **{name: getattr(s, name).tolist() for name in ("observed", "mean", "low", "high")},
            }
            for s in mode.statistics
        }
        modes[mode.mode] = {"replicates": mode.replicates, **rates, "wrong_pairs": mode.wrong, "statistics": statistics}
    return {
        "from": known.years[0],
        "to": known.years[-1],
        "states": list(known.states),
        "left_out": known.left_out,
        "data": known.vintage,
        "trust": report.trust,
        "seed": report.seed,
        "observed": {
            "formation": report.formation,
            "dissolution": report.dissolution,
            "pacts": dict(zip(map(str, known.years), pacts)),
        },
        "modes": modes,
    }


def problem_of(mechanism: str, name: str, value: Any) -> str | None:
    """Why a parameter cannot be given here; None when it can."""
    used = ("ties", "anchor", "threat", "trust")
    if mechanism not in used:
        return f"the fit does not use {mechanism!r}; it uses {', '.join(used)}"
    infos = {info.name: info for info in mechanisms.all_parameters()[mechanism]}
    if name not in infos:
        return f"{mechanism} has no {name!r}; it has {', '.join(infos)}"
    if (mechanism, name) == ("ties", "mode"):
        return "give the mode with --mode"
    if (mechanism, name) == ("ties", "directed"):
        return "a defence pact of the data binds both sides"
    return infos[name].problem(value)
