"""What a run did not keep: its replicates simulated again, which keyed draws make exact.

Recording every dyad of 21 states would make a run five times as large and take twice as long; few are ever asked about. A
run of a sweep keeps no ledger either, which is three fifths of its size and a third of what it costs. Nothing is added to
the finished run: what was found is kept as long as the process lives, and by those it starts.
"""

from __future__ import annotations

import multiprocessing
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.results.manifest import ResultsError

if TYPE_CHECKING:
    from sim.results.netcdf import LedgerTable
    from sim.results.reading import Run
    from sim.scenario import Scenario
    from sim.simulation.ensemble import Trajectory

Series = dict[tuple[str, str], tuple[list[str], np.ndarray]]
"""Months and values by measure and subject."""
_KEPT: dict[tuple[str, str, str, str], Series] = {}
"""What was simulated again, by run and dyad."""
_LEDGERS: dict[tuple[str, str], LedgerTable] = {}
CLOSE = 1e-9
"""How far what is simulated again may be from what the run has: the order of sums, no more."""


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


def ledger_of(run: Run) -> LedgerTable:
    """The ledger of a run that kept none.

    Raises:
        ResultsError: it cannot be simulated again as it was.
    """
    from sim.results import recovery
    from sim.results.netcdf import LedgerTable

    key = (str(run.path.resolve()), run.manifest["digest"])
    if key not in _LEDGERS:
        again = "give the command of a run of its own"
        made = _again(run, recovery.scenario(run), "the ledger", again)
        recorded = run.subjects("alignment")
        for place, state in enumerate(recorded):
            if not np.allclose(run.series("alignment", state)[1], made.series["alignment"].values[:, :, place], atol=CLOSE):
                raise ResultsError(
                    f"{run.path} kept no ledger, and its model or its starting world has changed since; {again}"
                )
        codes = list(made.scenario.states)
        means = (made.ledger.mean, made.trust, made.rising)
        _LEDGERS[key] = LedgerTable(list(made.ledger.accounts), made.times[:-1], codes, *means)
    return _LEDGERS[key]


def _again(run: Run, scenario: Scenario, what: str, otherwise: str) -> Trajectory:
    """The replicates of a run once more, for what it did not record.

    Raises:
        ResultsError: it has behaviours.
    """
    from sim.results.recovery import engine_name
    from sim.simulation.ensemble import simulate

    about = run.manifest
    if about.get("behaviours"):
        raise ResultsError(
            f"{run.path} did not record {what}, and has behaviours: code, which is not run to answer a question; {otherwise}"
        )
    count = int(about["replicates"])
    said = f"{about['scenario']} did not record {what}: its {count:,} replicates are simulated again"
    print(said, file=sys.stderr, flush=True)
    return simulate(
        scenario,
        replicates=count,
        seed=int(about["seed"]),
        engine=engine_name(about),
        workers=1 if multiprocessing.current_process().daemon else None,
    )


def _simulated(run: Run, one: str, other: str) -> Series:
    """Everything that is measured of a dyad, by measure and subject."""
    from sim import measures
    from sim.results import recovery

    scenario = replace(recovery.scenario(run), watch=((one, other),))
    named = f"{run.name.one(one)} and {run.name.one(other)}"
    trajectory = _again(run, scenario, named, _watch(run, one, other))
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
        if not far <= CLOSE:
            what = "did not record this dyad, and its model or its starting world has changed since"
            raise ResultsError(f"{run.path} {what}; {_watch(run, one, other)}")


def _watch(run: Run, one: str, other: str) -> str:
    """What to do where it cannot be simulated again."""
    watched = run.story().get("watch", [])
    return f"run it again with 'scenario.watch=[{','.join([*watched, f'{one}-{other}'])}]'"
