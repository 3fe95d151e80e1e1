"""Dyads that a run did not record: its replicates simulated again with that dyad watched, which keyed draws make exact.

Recording every dyad of 21 states would make a run five times as large and take twice as long; few are ever asked about.
Nothing is added to the finished run: what was found is kept as long as the process lives, and by those it starts.
"""

from __future__ import annotations

import multiprocessing
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.results.manifest import ResultsError

if TYPE_CHECKING:
    from sim.results.reading import Run

Series = dict[tuple[str, str], tuple[list[str], np.ndarray]]
"""Months and values by measure and subject."""
_KEPT: dict[tuple[str, str, str, str], Series] = {}
"""What was simulated again, by run and dyad."""
TOLERANCE = {"float64": 1e-9, "float32": 1e-4}
"""How far mean trust may be from that of the run's ledger: the order of sums, no more."""


def dyad_of_run(run: Run, measure: str, subject: str) -> str | None:
    """The dyad that is meant, as it would be recorded; None if it is none of the run's states.

    Raises:
        ResultsError: the direction is missing, or too much.
    """
    from sim import measures
    from sim.scenario.subjects import dyad_asked, other_way

    if measure not in measures.names():
        return None
    states = [row["code"] for row in run.manifest["states"]]
    dyad = dyad_asked(measure, subject, run.name, states)
    if dyad is None and (hint := other_way(measure, subject, run.name, states)):
        raise ResultsError(f"{run.path}: {measure} is not taken of {subject!r}{hint}")
    return dyad


def series_of_dyad(run: Run, measure: str, subject: str) -> tuple[list[str], np.ndarray] | None:
    """A measure of a dyad that nobody watched: months, and values as (replicate, time); None if the subject is no dyad.

    Raises:
        ResultsError: the direction is missing or too much, or the run cannot be simulated again as it was.
    """
    dyad = dyad_of_run(run, measure, subject)
    if dyad is None:
        return None
    one, other = sorted(dyad.replace(">", "-").split("-"))
    key = (str(run.path.resolve()), run.manifest["digest"], one, other)
    if key not in _KEPT:
        _KEPT[key] = _simulated(run, one, other)
    return _KEPT[key][measure, dyad]


def _simulated(run: Run, one: str, other: str) -> Series:
    """Everything that is measured of a dyad, by measure and subject."""
    from sim import measures
    from sim.results import recovery
    from sim.simulation.ensemble import simulate

    about = run.manifest
    named = f"{run.name.one(one)} and {run.name.one(other)}"
    if about.get("behaviours"):
        raise ResultsError(
            f"{run.path} did not record {named}, and has behaviours: code, which is not run to answer a question; "
            + _watch(run, one, other)
        )
    count = int(about["replicates"])
    scenario = replace(recovery.scenario(run), watch=((one, other),))
    said = f"{about['scenario']} did not record {named}: its {count:,} replicates are simulated again"
    print(said, file=sys.stderr, flush=True)
    trajectory = simulate(
        scenario,
        replicates=count,
        seed=int(about["seed"]),
        dtype=about.get("dtype", "float64"),
        workers=1 if multiprocessing.current_process().daemon else None,
    )
    found = {}
    for measure in measures.names():
        series = trajectory.series[measure]
        times = [trajectory.times[step] for step in series.steps]
        for place, subject in enumerate(series.subjects):
            if measures.dyad_of(measure, subject, scenario.states):
                found[measure, subject] = times, series.values[:, :, place]
    _check(run, one, other, found)
    return found


def _check(run: Run, one: str, other: str, found: Series) -> None:
    """That it is the same run: mean trust, which the ledger has of every dyad, is what it was."""
    ledger = run.ledger()
    i, j = (ledger.states.index(code) for code in (one, other))
    for a, b, subject in ((i, j, f"{one}>{other}"), (j, i, f"{other}>{one}")):
        mean = found["trust", subject][1].astype(float).mean(axis=0)
        recorded = ledger.trust[:, a, b]
        far = float(np.abs(mean - recorded).max()) if mean.shape == recorded.shape else np.inf
        if not far <= TOLERANCE.get(run.manifest.get("dtype", "float64"), 1e-9):
            what = "did not record this dyad, and its model or its starting world has changed since"
            raise ResultsError(f"{run.path} {what}; {_watch(run, one, other)}")


def _watch(run: Run, one: str, other: str) -> str:
    """What to do where it cannot be simulated again."""
    watched = run.story().get("watch", [])
    return f"run it again with 'scenario.watch=[{','.join([*watched, f'{one}-{other}'])}]'"
