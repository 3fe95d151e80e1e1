"""Ensemble: all replicates of a scenario, in chunks that fit the cache, shared out to workers.

Neither chunks nor the stretches in which sums are taken depend on the number of workers, so that every number comes out
the same however the work is shared.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from sim import engine
from sim.engine import Recording, Series, Sums
from sim.options import DEFAULTS, KERNEL, NUMPY, REPLICATES
from sim.processes.chunks import chunks
from sim.processes.memory import USUAL, Limits
from sim.processes.pool import Report, inherit, share
from sim.quantile import prepare
from sim.scenario import Scenario
from sim.simulation.engines import Engine, engine_of
from sim.simulation.recording import Gathering
from sim.start.world import Settled, begin, settled_once
from sim.world import World

RELEASE_EVERY = 12
"""Months after which memory of the sums is given back, where it is on disk."""


@dataclass
class Trajectory:
    """Worlds at step bounds 0..T as numbers: what a run leaves behind.

    ``times`` are the months at whose start each bound stands; ``series`` the measures by name; ``states`` variables by
    state (R, T+1, n); ``ledger`` means over replicates; ``trust`` mean trust (T+1, n, n); ``rising`` the share of
    replicates whose trust rose, (n, n); ``fired`` by event the month it took effect in each replicate, -1 never;
    ``behaviours`` by state the user's own class that decided for it (class, file, sha256);
    ``engine`` what carried it out, and why not the kernel where that was asked for;
    ``stopped`` why there are this many replicates, where that was left to :mod:`sim.simulation.precision`.
    """

    scenario: Scenario
    seed: int
    replicates: int
    dtype: str
    times: list[str]
    series: dict[str, Series]
    states: dict[str, np.ndarray]
    ledger: LedgerMeans
    trust: np.ndarray
    rising: np.ndarray
    fired: dict[str, np.ndarray]
    dyads: dict[str, np.ndarray] = field(default_factory=dict)
    ledger_by_replicate: np.ndarray | None = None
    timings: dict[str, float] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    behaviours: dict[str, dict[str, str | None]] = field(default_factory=dict)
    stopped: dict[str, Any] = field(default_factory=dict)
    engine: dict[str, str] = field(default_factory=lambda: Engine()._asdict())


@dataclass
class LedgerMeans:
    """Replicate means of the booked terms of trust: ``mean`` has shape (account, T, n, n)."""

    accounts: list[str]
    mean: np.ndarray


def simulate(
    scenario: Scenario,
    *,
    replicates: int = REPLICATES,
    seed: int = DEFAULTS.seed,
    dtype: str = DEFAULTS.dtype,
    workers: int | None = None,
    save: str = DEFAULTS.save,
    engine: str = DEFAULTS.engine,
    progress: Callable[[int, int], Any] | None = None,
    behaviours: Mapping[str, Any] | None = None,
    folder: Path | None = None,
    limits: Limits = USUAL,
) -> Trajectory:
    """Simulate all replicates of a scenario.

    Args:
        scenario: from :func:`sim.scenario.read`.
        replicates: how many, 1 or more; the first 50 of 200 are the 50 of 50.
        seed: any integer.
        dtype: ``float64``.
        workers: processes, or threads of the kernel; None for one a core.
        save: ``measures``, ``dyads`` or ``all``.
        engine: ``numpy``, ``kernel``, or ``auto`` for the kernel where it can.
        progress: called with replicate-months done and to do.
        behaviours: classes of your own by state, as :class:`sim.agents.WorldModel` takes them.
        folder: on whose disk to keep what does not fit in memory; None for the system's temporary folder.
        limits: how the work is cut up and where it is kept.

    Raises:
        ScenarioError: the kernel was asked for, and cannot carry out this run.
    """
    began = time.perf_counter()
    behaviours, described = located(behaviours)
    chosen = engine_of(scenario, engine, dtype=dtype, behaviours=behaviours)
    total = replicates * scenario.steps
    report = (lambda months: progress(months, total)) if progress is not None else None
    gathering = Gathering(scenario, replicates, dtype=dtype, save=save, folder=folder, limits=limits)
    warnings = simulate_parts(
        scenario,
        chunks(replicates, len(scenario.states), limits),
        gathering,
        seed=seed,
        dtype=dtype,
        save=save,
        workers=workers,
        engine=chosen.name,
        behaviours=behaviours,
        progress=report,
        limits=limits,
    )
    trajectory = gathered(gathering, scenario, replicates, seed, dtype, warnings, described, chosen)
    trajectory.timings = {"simulate": time.perf_counter() - began}
    return trajectory


def located(given: Mapping[str, Any] | None) -> tuple[dict[str, Any], dict[str, dict[str, str | None]]]:
    """Classes of one's own by state, ready for :func:`simulate_parts`, and as a manifest describes them."""
    if not given:
        return {}, {}
    from sim.agents.behaviours import describe, locate

    classes = {code: locate(one) for code, one in given.items()}
    return classes, {code: describe(one) for code, one in classes.items()}


def simulate_parts(
    scenario: Scenario,
    parts: Sequence[range],
    gathering: Gathering,
    *,
    seed: int = DEFAULTS.seed,
    dtype: str = DEFAULTS.dtype,
    save: str = DEFAULTS.save,
    workers: int | None = None,
    engine: str = NUMPY,
    behaviours: Mapping[str, Any] | None = None,
    progress: Callable[[int], Any] | None = None,
    limits: Limits = USUAL,
) -> list[str]:
    """Simulate some chunks of replicates; gives their warnings.

    Args:
        scenario: the story.
        parts: the numbers of each chunk's replicates.
        gathering: takes what is recorded of them.
        seed: any integer.
        dtype: ``float64``.
        save: ``measures``, ``dyads`` or ``all``.
        workers: processes, or threads of the kernel; None for one a core.
        engine: ``numpy`` or ``kernel``, from :func:`sim.simulation.engines.engine_of`.
        behaviours: classes of your own by state, from :func:`located`.
        progress: called with replicate-months done.
        limits: those of the gathering.
    """
    stretches = gathering.stretches(parts)
    if engine == KERNEL:
        from sim.kernel.run import carry_out

        warnings = carry_out(scenario, stretches, gathering, seed=seed, save=save, workers=workers, progress=progress)
        gathering.add_up()
        return warnings
    jobs = list(enumerate(stretches))
    if behaviours:
        import sim.agents  # noqa: F401  (once, and not again in each worker)
    prepare()
    own = gathering if inherit(workers, len(jobs), limits.start) else None
    settled = None
    if not behaviours and len(parts) > 1:
        settled = settled_once(scenario, seed=seed, dtype=dtype, workers=workers, limits=limits)
    work = partial(_simulate_stretch, scenario, own, settled, seed=seed, dtype=dtype, save=save, behaviours=behaviours)
    done = share(work, jobs, workers=workers, progress=progress, start=limits.start)
    if own is None:
        for (stretch, chunked), (recordings, _) in zip(jobs, done):
            _keep(gathering, stretch, chunked, recordings)
    gathering.add_up()
    return [warning for _, warnings in done for warning in warnings]


Job = tuple[int, list[range]]
"""A stretch and its chunks, simulated one after the other."""


def _simulate_stretch(
    scenario: Scenario,
    gathering: Gathering | None,
    settled: Settled | None,
    job: Job,
    report: Report,
    *,
    seed: int,
    dtype: str,
    save: str,
    behaviours: Mapping[str, Any] | None,
) -> tuple[list[Recording], list[str]]:
    """Simulate the chunks of a stretch. Their recordings are given back where nobody gathers."""
    stretch, parts = job
    sums = gathering.sums(stretch) if gathering is not None else None
    recordings: list[Recording] = []
    warnings: list[str] = []

    def passed(part: range, month: int) -> None:
        report(len(part))
        if gathering is not None and month % RELEASE_EVERY == 0:
            gathering.release(stretch)

    for part in parts:
        large = gathering.large(part) if gathering is not None else None
        simulated = partial(_by_agents, behaviours) if behaviours else partial(_simulate_chunk, settled, large)
        recording, said = simulated(scenario, part, seed, dtype, save, sums, partial(passed, part))
        warnings += said
        if gathering is not None:
            gathering.put(part, recording)
        else:
            recordings.append(recording)
            sums = Sums(recording.ledger.total, recording.trust, recording.rising)
    return recordings, warnings


def _simulate_chunk(
    settled: Settled | None,
    large: Mapping[str, np.ndarray] | None,
    scenario: Scenario,
    part: range,
    seed: int,
    dtype: str,
    save: str,
    sums: Sums | None,
    passed: Callable[[int], None],
) -> tuple[Recording, list[str]]:
    """The loop of a :class:`sim.agents.WorldModel` without its agents, and without loading Mesa."""
    world, rules, warnings = begin(scenario, part, seed=seed, dtype=dtype, settled=settled)
    recorder = engine.Recorder(world, rules, scenario.start, scenario.steps, save, sums, large)

    def see(month: int, after: World, booked: dict[str, np.ndarray]) -> None:
        recorder.take(after, booked)
        passed(month)

    engine.carry(world, rules, scenario.start, scenario.end, see)
    return recorder.recording, warnings


def _by_agents(
    behaviours: Mapping[str, Any],
    scenario: Scenario,
    part: range,
    seed: int,
    dtype: str,
    save: str,
    sums: Sums | None,
    passed: Callable[[int], None],
) -> tuple[Recording, list[str]]:
    """The same by a model whose agents are asked for their behaviours."""
    from sim.agents import WorldModel

    model = WorldModel(scenario, part, seed, dtype=dtype, record=save, sums=sums, behaviours=behaviours, datacollector=None)
    for month in range(scenario.start, scenario.end):  # and not while it is running: a behaviour may stop its own model
        model.step()
        passed(month)
    return model.recorder.recording, model.warnings


def _keep(gathering: Gathering, stretch: int, parts: list[range], recordings: list[Recording]) -> None:
    """Gather what another process recorded; all recordings of a stretch hold the same sums."""
    for part, recording in zip(parts, recordings):
        gathering.put(part, recording)
    sums, last = gathering.sums(stretch), recordings[-1]
    for mine, its in ((sums.ledger, last.ledger.total), (sums.trust, last.trust), (sums.rising, last.rising)):
        np.copyto(mine, its)


def gather(
    done: Sequence[tuple[Recording, list[str]]], scenario: Scenario, parts: Sequence[range], seed: int, dtype: str, save: str
) -> Trajectory:
    """One trajectory of recordings with their warnings, one a chunk, in the order of the replicates."""
    gathering = Gathering(scenario, parts[-1].stop, dtype=dtype, save=save)
    for part, (recording, _) in zip(parts, done):
        gathering.stretches([part])
        _keep(gathering, 0, [part], [recording])
        gathering.add_up()
    return gathered(gathering, scenario, parts[-1].stop, seed, dtype, [w for _, warnings in done for w in warnings])


def gathered(
    gathering: Gathering,
    scenario: Scenario,
    replicates: int,
    seed: int,
    dtype: str,
    warnings: Sequence[str],
    behaviours: Mapping[str, dict[str, str | None]] | None = None,
    engine: Engine = Engine(),  # noqa: B008  (it cannot be changed)
) -> Trajectory:
    """The trajectory of the first replicates of a gathering; ``behaviours`` as described."""
    whole, means = gathering.recording, gathering.means(replicates)
    started = whole.started[:replicates]
    everything = whole.ledger_by_replicate
    return Trajectory(
        scenario=scenario,
        seed=seed,
        replicates=replicates,
        dtype=dtype,
        times=whole.times,
        series={name: Series(s.subjects, s.steps, s.values[:replicates]) for name, s in whole.series.items()},
        states={name: values[:replicates] for name, values in whole.states.items()},
        ledger=LedgerMeans(whole.ledger.accounts, means.ledger),
        trust=means.trust,
        rising=means.rising,
        fired={key: started[:, k] for k, key in enumerate(scenario.events)},
        dyads={name: values[:replicates] for name, values in whole.dyads.items()},
        ledger_by_replicate=everything[:replicates] if everything is not None else None,
        warnings=list(dict.fromkeys([*scenario.warnings, *warnings])),
        behaviours=dict(behaviours or {}),
        engine=engine._asdict(),
    )
