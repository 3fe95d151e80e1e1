"""The model's forecast: a scenario run without events, read off every December."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from sim import engine, fast, mechanisms
from sim.data.grounds import MEAN, SPREAD
from sim.processes import memory
from sim.processes.chunks import chunks
from sim.processes.pool import Report, share
from sim.quantile import prepare
from sim.scenario.scenario import Scenario
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
    workers: int | None = None,
) -> Forecast:
    """Run a scenario of whole years.

    Args:
        scenario: from :func:`sim.hindcast.world.scenario_at`.
        places: kept with the forecast.
        replicates: how many.
        tone: mean and standard deviation of the tone that trust stands for, where it starts at a record.
        workers: processes; None for one a core. The numbers do not depend on it.
    """
    years, n = scenario.steps // 12, len(scenario.states)
    fast.use(replicates * scenario.steps * n**2)
    prepare("float64")
    parts = chunks(replicates, n)
    settled = settled_once(scenario, seed=SEED, workers=workers)
    trust = memory.shared((replicates, years + 1, n, n), np.float32)
    position = memory.shared((replicates, years + 1, n), np.float32)
    work = partial(_simulate, scenario, settled, (trust, position) if memory.USUAL.start == "fork" else None)
    done = share(work, parts, workers=workers)
    sums: dict[str, np.ndarray] = {}
    for part, (added, of_each) in zip(parts, done):
        if of_each is not None:
            trust[part.start : part.stop], position[part.start : part.stop] = of_each
        for name, values in added.items():
            sums[name] = sums.get(name, 0) + values
    means = {name: values / replicates for name, values in sums.items()}
    return Forecast(places, trust, position, means["cooperation"], 1 - means["quiet"], means["pact"], tone)


def _simulate(
    scenario: Scenario, settled: Settled | None, into: tuple[np.ndarray, np.ndarray] | None, part: range, report: Report
) -> tuple[dict[str, np.ndarray], tuple[np.ndarray, np.ndarray] | None]:
    memory.keep_freed_memory()
    world, rules, _ = begin(scenario, part, seed=SEED, settled=settled)
    years, n = scenario.steps // 12, len(scenario.states)
    trust, position = (
        (kept[part.start : part.stop] for kept in into)
        if into is not None
        else (np.zeros((len(part), years + 1, n, n), np.float32), np.zeros((len(part), years + 1, n), np.float32))
    )
    sums = {name: np.zeros((years + 1, n, n)) for name in ("cooperation", "pact")} | {"quiet": np.zeros((years, n, n))}
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
