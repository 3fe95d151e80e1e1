"""Simulating one past and its futures, to the bit what each would have been from the start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim import engine
from sim.engine import Recorder, Recording, Series
from sim.options import KERNEL
from sim.processes.chunks import chunks
from sim.processes.pool import Report, share
from sim.results import Run
from sim.results.manifest import ResultsError
from sim.scenario import Scenario
from sim.simulation.ensemble import Trajectory, gather, simulate
from sim.start.world import begin
from sim.world import World


@dataclass(frozen=True)
class _Job:
    past: Scenario
    futures: list[Scenario]
    part: range
    month: int
    seed: int
    dtype: str
    save: str


def continue_under(
    run: Run,
    past: Scenario,
    futures: list[Scenario],
    month: int,
    chosen: Mapping[str, Any],
    workers: int | None,
    progress: Callable[[int, int], Any] | None,
) -> tuple[list[Trajectory], int]:
    """A trajectory for each future, and how many months were simulated for each replicate."""
    if chosen["engine"] == KERNEL:
        return _by_kernel(run, futures, month, chosen, workers, progress)
    replicates, rest = chosen["replicates"], {name: chosen[name] for name in ("seed", "dtype", "save")}
    parts = chunks(replicates, len(past.states))
    months = (month - past.start) + len(futures) * (past.end - month)
    total = replicates * months
    done = share(
        _work,
        [_Job(past, futures, part, month, **rest) for part in parts],
        workers=workers,
        progress=(lambda n: progress(n, total)) if progress is not None else None,
    )
    _same_past(run, [before for before, _ in done])
    trajectories = []
    for k, future in enumerate(futures):
        pieces = [results[k] for _, results in done]
        trajectories.append(gather(pieces, future, parts, **rest))
    return trajectories, months


def _by_kernel(
    run: Run,
    futures: list[Scenario],
    month: int,
    chosen: Mapping[str, Any],
    workers: int | None,
    progress: Callable[[int, int], Any] | None,
) -> tuple[list[Trajectory], int]:
    """The same by the kernel, each future from its start."""
    each = futures[0].steps
    trajectories = []
    for k, future in enumerate(futures):
        done = k * each * chosen["replicates"]
        told = (lambda n, of, done=done: progress(done + n, len(futures) * of)) if progress is not None else None
        trajectories.append(simulate(future, **chosen, workers=workers, progress=told))
        series = trajectories[-1].series
        _same_past(run, [_until(series, month - future.start)])
    return trajectories, len(futures) * each


def _until(series: Mapping[str, Series], done: int) -> dict[str, tuple[list[str], np.ndarray]]:
    """The measures with their subjects, as far as so many months tell."""
    return {name: (s.subjects, s.values[:, : int((s.steps <= done).sum())]) for name, s in series.items()}


def _work(job: _Job, report: Report) -> tuple[dict[str, tuple[list[str], np.ndarray]], list[tuple[Recording, list[str]]]]:
    """The measures of the past with their subjects, and each future's recording."""
    past, steps = job.past, job.past.steps
    world, rules, _ = begin(past, job.part, seed=job.seed, dtype=job.dtype)
    recorder = Recorder(world, rules, past.start, steps, job.save)
    world = engine.carry(world, rules, past.start, job.month, lambda _, *seen: recorder.take(*seen))
    report((job.month - past.start) * len(job.part))
    done = job.month - past.start
    futures = []
    for future in job.futures:
        start, rules, warnings = begin(future, job.part, seed=job.seed, dtype=job.dtype)
        own = Recorder(start, rules, past.start, steps, job.save)
        take_past(own, recorder, done)

        def see(_: int, here: World, booked: dict[str, np.ndarray], own: Recorder = own) -> None:
            own.take(here, booked)
            report(len(job.part))

        engine.carry(_with_events(world, start), rules, job.month, future.end, see)
        futures.append((own.recording, warnings))
    return _until(recorder.recording.series, done), futures


def _with_events(world: World, other: World) -> World:
    """The world under the names of another story: the state of the events goes by their keys."""
    mine, its = world.names.events, other.names.events
    start = np.full((world.replicates, len(its)), -1, world.event_start.dtype)
    held = np.zeros((world.replicates, len(its)), world.event_held.dtype)
    for k, key in enumerate(its):
        if key in mine:
            start[:, k] = world.event_start[:, mine.index(key)]
            held[:, k] = world.event_held[:, mine.index(key)]
    return World(other.names, {**world.arrays, "event_start": start, "event_held": held})


def take_past(own: Recorder, past: Recorder, done: int) -> None:
    """Put what was recorded of the first months into a recorder of another story."""
    mine, its = own.recording, past.recording
    for name, s in mine.series.items():
        known = int((s.steps <= done).sum())
        s.values[:, :known] = its.series[name].values[:, :known]
    for name, values in mine.states.items():
        values[:, : done + 1] = its.states[name][:, : done + 1]
    for name, values in mine.dyads.items():
        values[:, : done + 1] = its.dyads[name][:, : done + 1]
    mine.trust[: done + 1] = its.trust[: done + 1]
    for k, account in enumerate(mine.ledger.accounts):
        if account in its.ledger.accounts:
            place = its.ledger.accounts.index(account)
            mine.ledger.total[k, :done] = its.ledger.total[place, :done]
            if mine.ledger_by_replicate is not None:
                mine.ledger_by_replicate[:, k, :done] = its.ledger_by_replicate[:, place, :done]
    own._step = done


def _same_past(run: Run, parts: list[dict[str, tuple[list[str], np.ndarray]]]) -> None:
    """Whether the past that was simulated again is the past of the run, to the bit.

    Raises:
        ResultsError: it is not: the model has changed since.
    """
    for measure in run.measures():
        labels = parts[0][measure][0] if measure in parts[0] else []
        values = np.concatenate([part[measure][1] for part in parts]).astype(float) if labels else None
        for subject in run.subjects(measure):
            if subject in labels:
                once, again = run.series(measure, subject)[1], values[:, :, labels.index(subject)]
                if np.array_equal(once[:, : again.shape[1]], again, equal_nan=True):
                    continue
            raise ResultsError(
                f"{run.path} cannot be taken up: simulated again, its past is another ({measure}:{subject}). "
                f"`replay {run.path}` says what changed; run it again with force=true and fork then"
            )
