"""The model's forecast: a scenario run without events, read off every December."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from sim import engine, mechanisms
from sim.data.grounds import MEAN, SPREAD
from sim.options import DEFAULTS, KERNEL
from sim.processes import memory
from sim.processes.chunks import chunks
from sim.processes.pool import Report, share
from sim.quantile import prepare
from sim.scenario.scenario import Scenario
from sim.simulation.engines import engine_of
from sim.start.world import Settled, begin, settled_once
from sim.world import DEFENCE, World

SEED = 1


@dataclass(frozen=True)
class Forecast:
    """What the model says of ``n`` states for some years; the first axis of yearly arrays is the year.

    ``trust`` and ``position`` (ideal points) are by replicate, (R, years + 1, n, n) and (R, years + 1, n), the start
    first; ``cooperation`` (years + 1, n, n) the mean share of the last twelve months with cooperation of the first toward
    the second; ``crisis`` (years, n, n) the chance of at least one crisis so far; ``pact`` (years + 1, n, n) the share of
    replicates with a defence pact. ``places`` are the states' positions in the panel's codes.
    """

    places: np.ndarray
    trust: np.ndarray
    position: np.ndarray
    cooperation: np.ndarray
    crisis: np.ndarray
    pact: np.ndarray
    tone: tuple[float, float] | None = None
    """Mean and standard deviation of the tone of events that trust stands for, where it starts at a record."""

    def share(self, year: int) -> np.ndarray:
        """The net share of events that trust stands for after so many years, mean over replicates, (n, n)."""
        if self.tone is None:
            return self.mean_trust(year)
        level, spread = self.tone
        return np.tanh((level + spread * (self.trust[:, year].astype(float) - MEAN) / SPREAD) / 2).mean(axis=0)

    @property
    def replicates(self) -> int:
        """How many."""
        return len(self.trust)

    def mean_trust(self, year: int) -> np.ndarray:
        """Mean over replicates after so many years, (n, n)."""
        return self.trust[:, year].mean(axis=0, dtype=float)


def forecast(
    scenario: Scenario,
    places: np.ndarray,
    replicates: int,
    *,
    tone: tuple[float, float] | None = None,
    engine: str = DEFAULTS.engine,
    workers: int | None = None,
) -> Forecast:
    """Run a scenario of whole years.

    Args:
        scenario: from :func:`sim.hindcast.world.scenario_at`.
        places: kept with the forecast.
        replicates: how many.
        tone: mean and standard deviation of the tone that trust stands for, where it starts at a record.
        engine: `numpy`, `kernel`, or `auto` for the kernel where it can.
        workers: processes, or threads of the kernel; None for one a core. The numbers do not depend on it.

    Raises:
        ScenarioError: the kernel was asked for, and cannot carry this out.
    """
    years, n = scenario.steps // 12, len(scenario.states)
    parts = chunks(replicates, n)
    trust = memory.shared((replicates, years + 1, n, n), np.float32)
    position = memory.shared((replicates, years + 1, n), np.float32)
    if engine_of(scenario, engine).name == KERNEL:
        done = _by_kernel(scenario, parts, trust, position, workers)
    else:
        done = _by_numpy(scenario, parts, trust, position, workers)
    sums: dict[str, np.ndarray] = {}
    for added in done:
        for name, values in added.items():
            sums[name] = sums.get(name, 0) + values
    means = {name: values / replicates for name, values in sums.items()}
    return Forecast(places, trust, position, means["cooperation"], 1 - means["quiet"], means["pact"], tone)


Added = dict[str, np.ndarray]
"""Sums over the replicates of a chunk, by name."""


def _blank(years: int, n: int) -> Added:
    return {name: np.zeros((years + 1, n, n)) for name in ("cooperation", "pact")} | {"quiet": np.zeros((years, n, n))}


def _by_kernel(
    scenario: Scenario, parts: Sequence[range], trust: np.ndarray, position: np.ndarray, workers: int | None
) -> list[Added]:
    """What is added up of each chunk, by threads of the kernel; fills trust and positions."""
    from sim.kernel import layout
    from sim.kernel.library import Control, library
    from sim.kernel.run import Threads
    from sim.kernel.start import Start, start_of

    kernel, control = library(), Control()
    assert kernel is not None
    years, n = scenario.steps // 12, len(scenario.states)

    def work(start: Start, part: range) -> Added:
        sums = _blank(years, n)
        for row in part:
            state, quiet = kernel.begin(start.plan, row), np.ones((n, n))
            for year in range(years + 1):
                if year:
                    month = scenario.start + 12 * (year - 1)
                    kernel.carry(start.plan, row, month, month + 12, state, control, quiet=quiet)
                    sums["quiet"][year - 1] += quiet
                now = layout.read(state, layout.SAVED)
                trust[row, year], position[row, year] = now["trust"].reshape(n, n), now["affinity"][0]
                sums["pact"][year] += (now["tie"] == DEFENCE).reshape(n, n)
                sums["cooperation"][year] += np.bitwise_count(now["cooperation_months"]).reshape(n, n) / 12
        return sums

    with Threads(workers, control, None) as team:
        start = start_of(kernel, scenario, range(parts[-1].stop), seed=SEED, control=control, share=team.share)
        assert start is not None
        return team.share(partial(work, start), parts)


def _by_numpy(
    scenario: Scenario, parts: Sequence[range], trust: np.ndarray, position: np.ndarray, workers: int | None
) -> list[Added]:
    """The same by processes of the mechanisms' own numpy."""
    prepare()
    settled = settled_once(scenario, seed=SEED, workers=workers)
    work = partial(_simulate, scenario, settled, (trust, position) if memory.USUAL.start == "fork" else None)
    done = share(work, parts, workers=workers)
    for part, (_, of_each) in zip(parts, done):
        if of_each is not None:
            trust[part.start : part.stop], position[part.start : part.stop] = of_each
    return [added for added, _ in done]


def _simulate(
    scenario: Scenario, settled: Settled | None, into: tuple[np.ndarray, np.ndarray] | None, part: range, report: Report
) -> tuple[Added, tuple[np.ndarray, np.ndarray] | None]:
    world, rules, _ = begin(scenario, part, seed=SEED, settled=settled)
    years, n = scenario.steps // 12, len(scenario.states)
    trust, position = (
        (kept[part.start : part.stop] for kept in into)
        if into is not None
        else (np.zeros((len(part), years + 1, n, n), np.float32), np.zeros((len(part), years + 1, n), np.float32))
    )
    sums = _blank(years, n)
    quiet = np.ones((len(part), n, n))
    crisis, p = mechanisms.get("crisis"), rules.parameters["crisis"]

    def read(year: int, now: World) -> None:
        trust[:, year], position[:, year] = now.trust, now.affinity
        sums["pact"][year] += (now.tie == DEFENCE).sum(axis=0)
        sums["cooperation"][year] += np.bitwise_count(now.cooperation_months.astype(np.uint64)).sum(axis=0) / 12

    def see(month: int, after: World, booked: Any) -> None:
        np.multiply(quiet, 1 - crisis.hazard(after, p), out=quiet)  # the chance itself, not whether one came
        passed = month - scenario.start + 1
        if passed % 12 == 0:
            read(passed // 12, after)
            sums["quiet"][passed // 12 - 1] += quiet.sum(axis=0)
        report(len(part))

    read(0, world)
    engine.carry(world, rules, scenario.start, scenario.end, see)
    return sums, None if into is not None else (trust, position)
