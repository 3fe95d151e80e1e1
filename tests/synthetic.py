"""A made-up trajectory of the right shape, for tests that read results and draw pictures without running the model.

`trajectory()` builds one in memory; `python tests/synthetic.py OUT` writes a run folder under OUT and prints its path.
Nothing in it is a result: the numbers are smooth random walks, chosen only to look like a run.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np

STATES = {
    "AFG": "Afghanistan",
    "BLR": "Belarus",
    "CHN": "China",
    "DEU": "Germany",
    "FRA": "France",
    "GBR": "United Kingdom",
    "IND": "India",
    "IRN": "Iran",
    "JPN": "Japan",
    "KAZ": "Kazakhstan",
    "KGZ": "Kyrgyzstan",
    "MNG": "Mongolia",
    "PAK": "Pakistan",
    "RUS": "Russia",
    "SAU": "Saudi Arabia",
    "TJK": "Tajikistan",
    "TKM": "Turkmenistan",
    "TUR": "Turkey",
    "UKR": "Ukraine",
    "USA": "United States",
    "UZB": "Uzbekistan",
}
FOUNDERS = ("CHN", "KAZ", "KGZ", "RUS", "TJK", "UZB")
EIGHT = tuple(sorted((*FOUNDERS, "IND", "PAK")))
CORES = {"east": ("CHN", "RUS"), "west": ("DEU", "FRA", "GBR", "USA")}
WATCH = (("RUS", "CHN"), ("IND", "PAK"), ("CHN", "IND"))
MEMBERS = {"CSTO": ("BLR", "KAZ", "KGZ", "RUS", "TJK"), "NATO": ("DEU", "FRA", "GBR", "TUR", "USA"), "SCO": FOUNDERS}
ORGANISATION_NAMES = {
    "CSTO": "Collective Security Treaty Organization",
    "NATO": "North Atlantic Treaty Organization",
    "SCO": "Shanghai Cooperation Organisation",
}
ACCOUNTS = ["cooperation", "confrontation", "crises", "balance", "contact", "exercises", "reversion", "chance", "clip"]


def _event(kind: str, title: str, on: str | None, source: str, basis: str = "P", **fields) -> dict:
    return {"type": kind, "title": title, **({"on": on} if on else {}), "source": source, "basis": basis, **fields}


EVENTS = {
    "uri_crisis": _event("crisis", "Uri", "2016-09-18", "uri", parties=["IND", "PAK"], severity=2, months=1),
    "road_map_2017": _event(
        "agreement", "Road map 2017-20", "2017-06-07", "tass", parties=["CHN", "RUS"], depth=0.5, until="2021-01"
    ),
    "india_joins_sco": _event("join", "India joins the SCO", "2017-06-09", "issi", organisation="SCO", states=["IND"]),
    "pakistan_joins_sco": _event("join", "Pakistan joins the SCO", "2017-06-09", "issi", organisation="SCO", states=["PAK"]),
    "doklam": _event("crisis", "Doklam", "2017-06-16", "doklam", "M", parties=["CHN", "IND"], severity=1, months=2),
    "peace_mission_2018": _event("exercise", "Peace Mission 2018", "2018-08-22", "tass", organisation="SCO", size=1),
    "galwan": _event("crisis", "Galwan", "2020-06-15", "galwan", "M", parties=["CHN", "IND"], severity=2, months=1),
    "us_withdrawal": _event("intervention", "US leaves Afghanistan", "2021-08-15", "un", actor="ISK", effort=0),
    "west_shock_2022": _event(
        "shock",
        "February 2022",
        "2022-02-24",
        "assumed",
        "A",
        variable="trust",
        add=-0.3,
        lasting=0.5,
        between=[["RUS"], ["DEU", "FRA", "GBR", "USA"]],
    ),
    "mediation": _event(
        "shock",
        "Mediation",
        None,
        "assumed",
        "A",
        variable="conflict",
        add=-0.1,
        parties=["IND", "PAK"],
        when={"measure": "crises:world", "above": 2.0, "months": 6},
    ),
}


def months(start: str, end: str) -> list[str]:
    """Months from start to end, both inclusive, as "2015-01"."""
    first, last = (int(text[:4]) * 12 + int(text[5:7]) - 1 for text in (start, end))
    return [f"{index // 12:04d}-{index % 12 + 1:02d}" for index in range(first, last + 1)]


def scenario(start: str = "2015-01", end: str = "2025-12", **changes) -> SimpleNamespace:
    """A stand-in for `sim.scenario.Scenario`; `end` is the last simulated month."""
    times = months(start, end)
    first = int(start[:4]) * 12 + int(start[5:7]) - 1
    tables = SimpleNamespace(
        grounds=[],
        states=[{"code": code, "name": name, "capability": 0.01} for code, name in STATES.items()],
        dyads=[],
        trust=[],
        memberships=[
            {"organisation": code, "state": state, "joined": "2001-06-15", "source": "made_up"}
            for code, members in MEMBERS.items()
            for state in members
        ],
        organisations=[{"code": code, "name": name, "depth": 0.4} for code, name in ORGANISATION_NAMES.items()],
        actors=[{"code": "ISK", "name": "IS-K", "host": "AFG", "strength": 1500.0}],
        reach=[],
    )
    story = SimpleNamespace(
        name="made_up",
        title="A made-up run",
        question="What would a run look like?",
        description="Synthetic numbers of the right shape.",
        world="eurasia_2015",
        start=first,
        end=first + len(times),
        schedule=("insurgency", "trust"),
        cores=CORES,
        sets={"founders": FOUNDERS, "eight": EIGHT},
        watch=WATCH,
        events=EVENTS,
        parameters={"trust": {"gain": 0.006}},
        tables=tables,
        sources={"made_up": "Made up for a test.", "uri": "Press reports, 2016.", "assumed": "An assumption."},
        estimates=[
            {"actor": "ISK", "date": date, "low": low, "high": high, "observer": observer, "source": "made_up"}
            for date, low, high, observer in (
                ("2017-04-15", 600, 700, "United States"),
                ("2017-06-07", 3500, 3500, "Russia"),
                ("2022-05-15", 1500, 4000, "UN"),
            )
        ],
        parents=("baseline",),
        baseline="no_expansion",
        limits=("The numbers are made up.", "Nothing follows from them."),
        spec={"title": "A made-up run", "start": start, "end": end},
    )
    vars(story).update(changes)
    return story


def trajectory(
    replicates: int = 40,
    *,
    start: str = "2015-01",
    end: str = "2025-12",
    seed: int = 1,
    save: str = "measures",
    actors: bool = True,
    **changes,
) -> SimpleNamespace:
    """A stand-in for what `sim.simulation.ensemble.simulate` returns: same fields, same shapes, invented numbers."""
    story = scenario(start, end, **changes)
    if not actors:
        story.tables.actors, story.estimates = [], []
    rng = np.random.default_rng(seed)
    codes, count = list(STATES), len(STATES)
    last = story.end
    times = [*months(start, end), f"{last // 12:04d}-{last % 12 + 1:02d}"]
    length = len(times)
    drift = np.linspace(0, 1, length)
    every, yearly = np.arange(length), np.unique([*range(0, length, 12), length - 1])

    def walk(level, change, noise, low=0.0, high=1.0, steps=every):
        """A random walk in [low, high] from `level` by `change`; shape (replicate, step)."""
        wander = rng.normal(0, noise, (replicates, length)).cumsum(axis=1)
        return np.clip(level + change * drift + wander, low, high)[:, steps]

    def series(rows, steps=every):
        values = np.stack(list(rows.values()), axis=2) if rows else np.empty((replicates, len(steps), 0))
        return SimpleNamespace(subjects=list(rows), steps=steps, values=np.ascontiguousarray(values))

    groups = [*ORGANISATION_NAMES, *story.sets]
    dyads = ["-".join(sorted(pair)) for pair in story.watch]
    shape = {"CHN-RUS": (0.36, 0.24), "IND-PAK": (0.02, 0.01), "CHN-IND": (0.12, -0.05)}
    trust_shape = {"CHN-RUS": (0.45, 0.2), "IND-PAK": (-0.75, 0.02), "CHN-IND": (-0.2, -0.2)}
    twelfths = lambda values: np.round(values * 12) / 12  # noqa: E731
    cooperation = {"world": walk(0.083, 0.002, 0.001)}
    cooperation |= {group: walk(0.25, 0.05, 0.004) for group in groups}
    cooperation |= {dyad: twelfths(walk(*shape.get(dyad, (0.2, 0.1)), 0.02)) for dyad in dyads}
    cooperation |= {code: walk(0.1, 0.01, 0.002) for code in codes}
    alignment, bloc = {}, {}
    for code in codes:
        lean = 0.4 if code in (*FOUNDERS, "BLR") else -0.4 if code in (*CORES["west"], "JPN") else -0.02
        alignment[code] = walk(lean, 0.1 * np.sign(lean), 0.008, -1, 1)
        side = np.where(alignment[code] > 0.15, 1.0, np.where(alignment[code] < -0.15, 2.0, 0.0))
        bloc[code] = side
    sides = np.stack(list(bloc.values()), axis=2)
    measures = {
        "cooperation": series(cooperation),
        "cooperation_weighted": series({name: walk(0.3, 0.05, 0.004) for name in ["world", *groups]}),
        "trust": series(
            {
                f"{a}>{b}": walk(*trust_shape.get(dyad, (0.1, 0)), 0.012, -0.99, 0.99)
                for dyad in dyads
                for a, b in (dyad.split("-"), dyad.split("-")[::-1])
            }
        ),
        "cohesion": series({name: walk(0.3, -0.05, 0.004, -1, 1) for name in groups}),
        "alignment": series(alignment),
        "bloc": series(bloc),
        "bloc_size": series(
            {name: (sides == index).sum(axis=2).astype(float) for name, index in (("East", 1), ("West", 2), ("none", 0))}
        ),
        "crises": series(
            {"world": np.round(walk(1.5, 0, 0.1, 0, 9))} | {dyad: np.round(walk(0.2, 0, 0.05, 0, 6)) for dyad in dyads}
        ),
        "ties": series({"world": walk(0.142, 0.014, 0.001)}),
        "threat": series({code: walk(0.4, 0.1, 0.01, 0, 5) for code in codes}),
        "modularity": series({"world": walk(0.2, 0.1, 0.002, steps=yearly)}, yearly),
        "frustration": series({"world": np.round(walk(9, 3, 0.3, 0, 99, steps=yearly))}, yearly),
        "balanced_triads": series({"world": walk(0.6, 0.05, 0.003, steps=yearly)}, yearly),
        "polarisation": series({"world": walk(0.3, 0.08, 0.003, steps=yearly)}, yearly),
        "spectral_agreement": series({"world": walk(0.8, 0.1, 0.004, steps=yearly)}, yearly),
    }
    if actors:
        fall = 2100 - 600 * np.sin(np.clip(drift * 1.6, 0, 1) * np.pi / 2) + 2200 * np.clip((drift - 0.6) * 8, 0, 1)
        measures["strength"] = series({"ISK": fall * np.exp(rng.normal(0, 0.02, (replicates, length)).cumsum(axis=1))})
        measures["actor_threat"] = series({f"{code}<ISK": walk(0.2, 0.05, 0.01) for code in codes})

    def symmetric(scale):
        noise = rng.normal(0, scale, (count, count))
        return np.triu(noise, 1) + np.triu(noise, 1).T

    off = 1.0 - np.eye(count)
    change = symmetric(0.12) * off
    share = rng.dirichlet(np.ones(len(ACCOUNTS) - 1), (count, count)).transpose(2, 0, 1)
    account = np.concatenate([share * change, np.zeros((1, count, count))])
    booked = np.repeat(account[:, None] / (length - 1), length - 1, axis=1)
    start_trust = np.clip(0.1 + symmetric(0.35), -0.9, 0.9) * off
    trust = start_trust + np.concatenate([np.zeros((1, count, count)), booked.sum(axis=0).cumsum(axis=0)])
    first = story.start
    fired = {}
    for key, event in story.events.items():
        if event.get("on"):
            fired[key] = np.full(replicates, int(event["on"][:4]) * 12 + int(event["on"][5:7]) - 1)
        else:
            fired[key] = np.where(rng.random(replicates) < 0.4, first + rng.integers(6, max(7, length - 1), replicates), -1)
    result = SimpleNamespace(
        scenario=story,
        seed=seed,
        replicates=replicates,
        times=times,
        series=measures,
        states={
            "affinity": np.stack([walk(0.0, 0, 0.02, -4, 4) for _ in codes], axis=2),
            "capability": np.broadcast_to(rng.uniform(0.001, 0.2, count), (replicates, length, count)).copy(),
            "bloc": sides.astype(np.int8),
        },
        ledger=SimpleNamespace(accounts=list(ACCOUNTS), mean=booked),
        trust=trust,
        rising=np.clip(0.5 + 4 * change, 0, 1) * off,
        fired=fired,
        dyads={},
        ledger_by_replicate=None,
        timings={"simulate": 0.5},
        warnings=[],
        dtype="float64",
        save=save,
    )
    if save in ("dyads", "all"):
        result.dyads = {
            "trust": np.repeat(trust[None], replicates, axis=0),
            "tie": np.zeros((replicates, length, count, count), np.int8),
        }
    if save == "all":
        result.ledger_by_replicate = np.repeat(booked[None], replicates, axis=0)
    return result


def main(out: str) -> Path:
    """Write one synthetic run under `out` and return its folder."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from sim import results

    options = {"seed": 1, "replicates": 40, "dtype": "float64", "save": "measures", "force": True}
    return results.write(trajectory(), options, Path(out))


if __name__ == "__main__":
    print(main(sys.argv[1] if len(sys.argv) > 1 else "results"))
