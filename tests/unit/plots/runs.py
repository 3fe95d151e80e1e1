"""Synthetic run folders at the extremes, for the pictures' tests: nothing in them is a result."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path

import numpy as np

from tests import synthetic

CROWD = [f"S{i:02d}" for i in range(40)]


@contextmanager
def states(names: dict[str, str]):
    """The synthetic world with other states; organisations, cores and sets keep those of their members that exist."""
    keep = {
        k: getattr(synthetic, k) for k in ("STATES", "MEMBERS", "ORGANISATION_NAMES", "FOUNDERS", "EIGHT", "CORES", "WATCH")
    }
    codes = list(names)
    synthetic.STATES = names
    synthetic.FOUNDERS = tuple(codes[:6])
    synthetic.EIGHT = tuple(codes[:8])
    synthetic.CORES = {"east": tuple(codes[:2]), "west": tuple(codes[-4:])}
    synthetic.WATCH = tuple(zip(codes[0:6:2], codes[1:6:2], strict=False)) if len(codes) > 1 else ()
    synthetic.MEMBERS = {"SCO": synthetic.FOUNDERS}
    synthetic.ORGANISATION_NAMES = {"SCO": "Shanghai Cooperation Organisation"}
    try:
        yield
    finally:
        for key, value in keep.items():
            setattr(synthetic, key, value)


def story(**more) -> dict:
    """Scenario fields that follow the patched world."""
    return {
        "sets": {"founders": synthetic.FOUNDERS, "eight": synthetic.EIGHT},
        "cores": synthetic.CORES,
        "watch": synthetic.WATCH,
    } | more


def crowd_of_events(count: int, start: int = 2015, years: int = 11) -> dict:
    """Many events, several in the same month, with long titles."""
    rng = np.random.default_rng(5)
    kinds = ("join", "crisis", "shock", "exercise", "agreement")
    events = {}
    for i in range(count):
        year, month = start + int(rng.integers(years)), int(rng.choice([2, 6, 6, 6, 9]))
        title = "A very long title for a summit that settled nothing, number" if i % 7 == 0 else "Summit"
        fields = {
            "join": {"organisation": "SCO", "states": ["IND"]},
            "crisis": {"parties": ["IND", "PAK"], "severity": 1},
            "shock": {"variable": "trust", "add": 0.1, "parties": ["IND", "PAK"]},
            "exercise": {"parties": ["IND", "PAK"], "size": 1},
            "agreement": {"parties": ["IND", "PAK"], "depth": 0.5},
        }[kinds[i % 5]]
        events[f"event_{i}"] = {
            "type": kinds[i % 5],
            "title": f"{title} {i}",
            "on": f"{year}-{month:02d}-{1 + i % 27:02d}",
            "source": "assumed",
            "basis": "A",
            **fields,
        }
    return events


def estimates() -> list[dict]:
    """As many published estimates as IS in Afghanistan has, made up, several in the same months."""
    rng = np.random.default_rng(3)
    who = [
        "United States",
        "Russian General Staff",
        "UN",
        "Afghan government",
        "Institute of Something",
        "Department of Defense",
    ]
    rows = []
    dates = "2015-10-08 2016-03 2016-11 2017-03-02 2017-03-10 2017-04 2017-04-20 2017-06-07 2018-09 2019-05 2019-06"
    dates += " 2021-06 2022-01 2023-08 2023-08-14 2024 2025-12-20"
    for i, date in enumerate(dates.split()):
        low = float(np.round(rng.uniform(600, 4000), -2))
        rows.append(
            {
                "actor": "ISK",
                "date": date,
                "low": low,
                "high": low + 1000 * (i % 2),
                "observer": who[i % 6],
                "source": "made_up",
            }
        )
    return rows


def two_peaked(trajectory) -> None:
    """Split the replicates' cooperation into two groups that drift apart."""
    series = trajectory.series["cooperation"]
    half = np.arange(series.values.shape[0]) % 5 < 2
    drift = np.linspace(0, 0.3, series.values.shape[1])
    for name in ("founders",):
        k = series.subjects.index(name)
        series.values[:, :, k] += np.where(half[:, None], drift, 0.0)


def two_sided(trajectory) -> None:
    """Two groups of replicates that carry the seventh state to either side."""
    series = trajectory.series["alignment"]
    half = np.arange(series.values.shape[0]) % 2 == 0
    drift = np.linspace(0, 0.5, series.values.shape[1])
    series.values[:, :, 6] = np.where(half[:, None], drift, -drift) + 0.02 * (series.values[:, :, 6] + 0.02)


def flat(trajectory) -> None:
    """Nothing ever moves, and all replicates are alike."""
    for series in trajectory.series.values():
        series.values[:] = series.values[:1, :1]
    trajectory.trust[:] = trajectory.trust[:1]
    trajectory.ledger.mean[:] = 0.0
    trajectory.rising[:] = 0.0


def alone(trajectory) -> None:
    """What one state has no partner for: dyads, cooperation, trust."""
    unwatched(trajectory)
    trajectory.series["cooperation"].values[:] = np.nan
    del trajectory.series["cooperation_weighted"], trajectory.series["cohesion"]


def unwatched(trajectory) -> None:
    """A scenario that watches no dyads."""
    trajectory.scenario.watch = ()
    for name in ("trust", "cooperation", "crises"):
        series = trajectory.series[name]
        keep = [k for k, subject in enumerate(series.subjects) if not set(subject) & set(">-")]
        series.subjects, series.values = [series.subjects[k] for k in keep], series.values[:, :, keep]
    del trajectory.series["trust"]


def write(out: Path, replicates: int = 40, change=None, **more) -> Path:
    """Write a synthetic run under `out`; `change` may edit the trajectory first."""
    from sim import results

    made = synthetic.trajectory(replicates, **more)
    if change:
        change(made)
    options = {"seed": 1, "replicates": replicates, "dtype": "float64", "save": "measures", "force": True}
    return results.write(made, options, out)


def case(name: str, out: Path) -> Path:
    """One of the extremes, by name."""
    crowd = {code: f"State number {i}" for i, code in enumerate(CROWD)}
    if name == "usual":
        return write(out, estimates=estimates())
    if name == "one_state":
        with states({"RUS": "Russia"}):
            return write(out, change=alone, actors=False, **story(events={}, watch=(("RUS", "RUS"),)))
    if name == "two_states":
        with states({"CHN": "China", "RUS": "Russia"}):
            return write(out, **story(events={}))
    if name == "forty_states":
        with states(crowd):
            return write(out, **story(events=crowd_of_events(60)))
    if name == "one_replicate":
        return write(out, 1)
    if name == "few_replicates":
        return write(out, 7)
    if name == "thousand":
        return write(out, 1000, two_peaked, start="2019-01", end="2023-12")
    if name == "two_sided":
        return write(out, 200, two_sided)
    if name == "flat":
        return write(out, change=flat)
    if name == "americas":
        names = {
            "ARG": "Argentina",
            "BRA": "Brazil",
            "CAN": "Canada",
            "CHL": "Chile",
            "CUB": "Cuba",
            "MEX": "Mexico",
            "PER": "Peru",
            "USA": "United States",
            "VEN": "Venezuela",
        }
        with states(names):
            return write(out, **story(events={}))
    if name == "africa":
        codes = ["AGO", "COD", "DZA", "EGY", "ETH", "KEN", "LBY", "MAR", "NGA", "RWA", "SDN", "SOM", "SSD", "UGA", "ZAF"]
        with states({code: f"State {code}" for code in codes}):
            return write(out, **story(events={}))
    if name == "no_actors":
        return write(out, change=unwatched, actors=False, sets={})
    if name == "no_events":
        return write(out, events={})
    if name == "six_months":
        return write(out, start="2017-03", end="2017-08", events=crowd_of_events(8, 2017, 1))
    if name == "forty_years":
        return write(out, start="1990-01", end="2029-12", events=crowd_of_events(45, 1990, 40))
    if name == "long_words":
        title = "<script>alert('$x_1$')</script> " + "an enlargement that nobody quite expected " * 6
        events = {
            "a": {
                "type": "join",
                "title": "中文 $\\alpha$ \x07 & <b>",
                "on": "2017-06",
                "organisation": "SCO",
                "states": ["IND"],
            }
        }
        return write(out, title=title, events=events, sets={"a set with a remarkably long name " * 3: synthetic.FOUNDERS})
    raise KeyError(name)


CASES = (
    "usual",
    "one_state",
    "two_states",
    "forty_states",
    "one_replicate",
    "few_replicates",
    "thousand",
    "no_actors",
    "no_events",
    "six_months",
    "forty_years",
    "long_words",
    "two_sided",
    "flat",
    "americas",
    "africa",
)
