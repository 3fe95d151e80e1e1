"""Does a calibration find numbers that are known? Invented worlds, and how often 90 % intervals hold the truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from sim.calibration import synthetic
from sim.calibration.estimate import calibrate
from sim.processes.pool import Report, share

WORLDS, STATES, DRAWS = 100, 48, 200
SIMULATIONS = ((128, 3), (64, 2), (64, 2), (256, 2))
POOLED, EACH = (0.86, 0.94), (0.80, 0.98)
"""Between what the coverage of 90 % intervals should lie: over all numbers, and of each."""


@dataclass(frozen=True)
class Recovery:
    """By key: truth, estimate, and 5 and 95 % of the draws, (worlds, 4)."""

    found: dict[str, np.ndarray]

    def coverage(self, key: str | None = None) -> float:
        """The share of intervals that hold the truth, of one number or of all."""
        return float(np.mean([held for one in ([key] if key else self.found) for held in self.held(one)]))

    def held(self, key: str) -> np.ndarray:
        """Whether the interval holds the truth, (worlds,)."""
        true, _, low, high = self.found[key].T
        return (low <= true) & (true <= high)

    @property
    def passed(self) -> bool:
        """Whether the coverage is what it should be."""
        each = all(EACH[0] <= self.coverage(key) <= EACH[1] for key in self.found)
        return each and POOLED[0] <= self.coverage() <= POOLED[1]

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        numbers = {key: {"coverage": self.coverage(key), "worlds": self.found[key].tolist()} for key in self.found}
        return {"coverage": self.coverage(), "passed": self.passed, "numbers": numbers}


def recover(
    worlds: int = WORLDS,
    *,
    seed: int = 1,
    states: int = STATES,
    draws: int = DRAWS,
    simulations: Sequence[tuple[int, int]] = SIMULATIONS,
    workers: int | None = None,
    progress: Callable[[int], Any] | None = None,
) -> Recovery:
    """Calibrate invented worlds.

    Args:
        worlds: how many.
        seed: of the first of them.
        states: of each.
        draws: of each calibration.
        simulations: see :func:`sim.calibration.estimate.calibrate`.
        workers: processes; None for one a core.
        progress: called with worlds done.
    """
    work = partial(_one, states, draws, tuple(simulations))
    done = share(work, [seed + k for k in range(worlds)], workers=workers, progress=progress)
    return Recovery({key: np.array([one[key] for one in done]) for key in done[0]})


def _one(
    states: int, draws: int, simulations: Sequence[tuple[int, int]], seed: int, report: Report
) -> dict[str, tuple[float, float, float, float]]:
    panel, true = synthetic.world(synthetic.truth(np.random.default_rng((seed, 7))), seed, states)
    found = calibrate(
        panel, draws=draws, seed=seed, simulations=simulations, structure_of=synthetic.FIRST_EVENTS + 2
    ).estimates
    report(1)
    return {key: (true[key], one.value, one.low, one.high) for key, one in found.items()}
