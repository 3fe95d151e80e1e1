"""How far the kernel and numpy are apart on a story: the same choices, and numbers within 1e-11."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.scenario import Scenario
from sim.simulation.ensemble import Trajectory, simulate

CHOSEN = ("action", "tie", "crisis")
CLOSE = 1e-11
"""Largest difference, of a number of at most 1, or as a share of a larger one."""


@dataclass
class Difference:
    """What is apart: ``choices`` names what was chosen otherwise, ``largest`` is that of numbers, ``where`` it is."""

    choices: list[str] = field(default_factory=list)
    largest: float = 0.0
    where: str = ""

    @property
    def agree(self) -> bool:
        """Whether this is what agreement means."""
        return not self.choices and self.largest <= CLOSE


def both(scenario: Scenario, replicates: int, seed: int = 1, save: str = "all") -> tuple[Trajectory, Trajectory]:
    """The story by numpy and by the kernel."""
    by = {name: simulate(scenario, replicates=replicates, seed=seed, save=save, workers=1, engine=name) for name in ENGINES}
    return by["numpy"], by["kernel"]


ENGINES = ("numpy", "kernel")


def difference(one: Trajectory, other: Trajectory) -> Difference:
    """How far two trajectories of the same story are apart, in everything that they hold."""
    found = Difference()

    def compare(name: str, a: np.ndarray, b: np.ndarray) -> None:
        a, b = np.asarray(a, float), np.asarray(b, float)
        assert a.shape == b.shape, f"{name}: {a.shape} and {b.shape}"
        if np.array_equal(a, b):
            return
        apart = np.abs(a - b) / np.maximum(1, np.abs(a))
        apart = float(np.where(np.isnan(a) & np.isnan(b), 0, apart).max())
        if not apart <= found.largest:
            found.largest, found.where = apart, name

    def same(name: str, a: np.ndarray, b: np.ndarray) -> None:
        if not np.array_equal(a, b):
            found.choices.append(name)

    assert one.times == other.times and one.warnings == other.warnings
    for name, series in one.series.items():
        mine, its = series, other.series[name]
        assert mine.subjects == its.subjects and np.array_equal(mine.steps, its.steps)
        (same if name in ("bloc", "bloc_size") else compare)(name, mine.values, its.values)
    for name, values in one.states.items():  # kept in single precision: at most the last digit may be rounded otherwise
        mine, its = values.astype(float), other.states[name].astype(float)
        if np.any(np.abs(mine - its) > 2.0**-22 * np.maximum(1, np.abs(mine))):
            compare(f"states/{name}", mine, its)
    for name, values in one.dyads.items():
        (same if name in CHOSEN else compare)(f"dyads/{name}", values, other.dyads[name])
    for key, started in one.fired.items():
        same(f"start of {key}", started, other.fired[key])
    if one.ledger_by_replicate is not None:
        compare("ledger by replicate", one.ledger_by_replicate, other.ledger_by_replicate)
    compare("ledger", one.ledger.mean, other.ledger.mean)
    compare("mean trust", one.trust, other.trust)
    compare("rising", one.rising, other.rising)
    return found
