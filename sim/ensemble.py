"""Ensemble: all replicates of a scenario, in chunks that fit the cache, shared out to workers.

The chunks depend on the world's size alone, never on the number of workers, so that sums over replicates come out the
same however the work is shared.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from sim.behaviours import describe, locate
from sim.engine import Recording, Series
from sim.scenario import Scenario
from sim.sharing import Report, share

CHUNK_CELLS = 45_000
"""Cells (replicate, state, other) of one array in a chunk: about 350 kB, a few of which fit a second-level cache."""


@dataclass
class Trajectory:
    """Worlds at step bounds 0..T as numbers: what a run leaves behind.

    ``times`` are the months at whose start each bound stands; ``series`` the measures by name; ``states`` variables by
    state (R, T+1, n); ``ledger`` means over replicates; ``trust`` mean trust (T+1, n, n); ``rising`` the share of
    replicates whose trust rose, (n, n); ``fired`` by event the month it took effect in each replicate, -1 never;
    ``behaviours`` by state the user's own class that decided for it (class, file, sha256);
    ``stopped`` why there are this many replicates, where that was left to :mod:`sim.precision`.
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


@dataclass
class LedgerMeans:
    """Replicate means of the booked terms of trust: ``mean`` has shape (account, T, n, n)."""

    accounts: list[str]
    mean: np.ndarray


def chunks(replicates: int, states: int) -> list[range]:
    """The replicates in chunks of equal size but for the last."""
    size = max(1, CHUNK_CELLS // max(states, 1) ** 2)
    return [range(first, min(first + size, replicates)) for first in range(0, replicates, size)]


def simulate(
    scenario: Scenario,
    *,
    replicates: int = 200,
    seed: int = 1,
    dtype: str = "float64",
    workers: int | None = None,
    save: str = "measures",
    progress: Callable[[int, int], Any] | None = None,
    behaviours: Mapping[str, Any] | None = None,
) -> Trajectory:
    """Simulate all replicates of a scenario.

    Args:
        scenario: from :func:`sim.scenario.read`.
        replicates: how many, 1 or more; the first 50 of 200 are the 50 of 50.
        seed: any integer.
        dtype: ``float64`` or ``float32``.
        workers: processes; None for one a core.
        save: ``measures``, ``dyads`` or ``all``.
        progress: called with replicate-months done and to do.
        behaviours: classes of your own by state, as :class:`sim.model.WorldModel` takes them.
    """
    began = time.perf_counter()
    behaviours = {code: locate(given) for code, given in (behaviours or {}).items()}
    described = {code: describe(given) for code, given in behaviours.items()}
    parts = chunks(replicates, len(scenario.states))
    total = replicates * scenario.steps
    report = (lambda months: progress(months, total)) if progress is not None else None
    done = simulate_parts(
        scenario, parts, seed=seed, dtype=dtype, save=save, workers=workers, behaviours=behaviours, progress=report
    )
    trajectory = gather(done, scenario, replicates, seed, dtype, described)
    trajectory.timings = {"simulate": time.perf_counter() - began}
    return trajectory


def simulate_parts(
    scenario: Scenario,
    parts: Sequence[range],
    *,
    seed: int = 1,
    dtype: str = "float64",
    save: str = "measures",
    workers: int | None = None,
    behaviours: Mapping[str, Any] | None = None,
    progress: Callable[[int], Any] | None = None,
) -> list[tuple[Recording, list[str]]]:
    """Simulate some chunks of replicates: what was recorded of each, and its warnings.

    Args:
        scenario: the story.
        parts: the numbers of each chunk's replicates.
        seed: any integer.
        dtype: ``float64`` or ``float32``.
        save: ``measures``, ``dyads`` or ``all``.
        workers: processes; None for one a core.
        behaviours: classes of your own by state.
        progress: called with replicate-months done.
    """
    behaviours = {code: locate(given) for code, given in (behaviours or {}).items()}
    jobs = [(scenario, part, seed, dtype, save) for part in parts]
    import sim.model  # noqa: F401  (once, and not again in each worker)

    return share(partial(_simulate_chunk, behaviours=behaviours), jobs, workers=workers, progress=progress)


def gather(
    done: Sequence[tuple[Recording, list[str]]],
    scenario: Scenario,
    replicates: int,
    seed: int,
    dtype: str,
    behaviours: Mapping[str, dict[str, str | None]] | None = None,
) -> Trajectory:
    """One trajectory of what :func:`simulate_parts` gave, in the order of the replicates; ``behaviours`` as described."""
    trajectory = _join([recording for recording, _ in done], scenario, replicates, seed, dtype)
    trajectory.warnings = list(dict.fromkeys([*scenario.warnings, *(w for _, warnings in done for w in warnings)]))
    trajectory.behaviours = dict(behaviours or {})
    return trajectory


def _simulate_chunk(job: tuple, report: Report, behaviours: Mapping[str, Any]) -> tuple[Recording, list[str]]:
    from sim.model import WorldModel

    scenario, part, seed, dtype, save = job
    model = WorldModel(scenario, part, seed, dtype=dtype, record=save, behaviours=behaviours, datacollector=None)
    for _ in range(scenario.steps):  # and not while it is running: a behaviour may stop a model of its own
        model.step()
        report(len(part))
    return model.recorder.recording, model.warnings


def _join(recordings: list[Recording], scenario: Scenario, replicates: int, seed: int, dtype: str) -> Trajectory:
    first = recordings[0]

    def joined(pick: Callable[[Recording], np.ndarray]) -> np.ndarray:
        return np.concatenate([pick(recording) for recording in recordings], axis=0)

    series = {
        name: Series(s.subjects, s.steps, joined(lambda r, name=name: r.series[name].values))
        for name, s in first.series.items()
    }
    started = joined(lambda r: r.started)
    return Trajectory(
        scenario=scenario,
        seed=seed,
        replicates=replicates,
        dtype=dtype,
        times=first.times,
        series=series,
        states={name: joined(lambda r, name=name: r.states[name]) for name in first.states},
        ledger=LedgerMeans(first.ledger.accounts, _summed([r.ledger.total for r in recordings]) / replicates),
        trust=_summed([r.trust for r in recordings]) / replicates,
        rising=_summed([r.rising for r in recordings]) / replicates,
        fired={key: started[:, k] for k, key in enumerate(scenario.events)},
        dyads={name: joined(lambda r, name=name: r.dyads[name]) for name in first.dyads},
        ledger_by_replicate=joined(lambda r: r.ledger_by_replicate) if first.ledger_by_replicate is not None else None,
    )


def _summed(parts: list[np.ndarray]) -> np.ndarray:
    """The parts added in their order."""
    total = parts[0].copy()
    for part in parts[1:]:
        total += part
    return total
