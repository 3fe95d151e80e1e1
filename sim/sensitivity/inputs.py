"""Which parameters are varied, and between what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim import mechanisms
from sim.scenario import Scenario
from sim.scenario.distributions import Distribution
from sim.scenario.problems import did_you_mean

REACH = 2.0
"""A parameter goes from a value that is so many times smaller than its own to one that is so many times larger, within its
bounds. Evenly in the logarithm."""


class CannotVary(ValueError):
    """A question about parameters that has no answer; the message says why and what to ask instead."""


@dataclass(frozen=True)
class Input:
    """One parameter: its standing value, that of the code, the ends of its range, and the letter of its basis."""

    mechanism: str
    name: str
    value: float
    default: float
    low: float
    high: float
    basis: str
    meaning: str

    @property
    def key(self) -> str:
        """As it is called on the command line."""
        return f"{self.mechanism}.{self.name}"

    def at(self, unit: np.ndarray | float) -> Any:
        """The value at a place of the range: 0 its lower end, 1 its upper, evenly in the logarithm of its size."""
        return np.clip(self.value * REACH ** (2 * np.asarray(unit) - 1), self.low, self.high)

    def place(self, value: np.ndarray | float) -> Any:
        """The place of a value in the range, or of several."""
        return (np.log(np.asarray(value) / self.value) / np.log(REACH) + 1) / 2


def inputs_of(scenario: Scenario, only: Sequence[str] = ()) -> tuple[Input, ...]:
    """The numbers of all mechanisms in the schedule, less whole numbers, words, and those that stand at 0.

    Args:
        scenario: whose parameters.
        only: keys such as `trust.gain`; empty for all.

    Raises:
        CannotVary: a key is none of them.
    """
    found, others = {}, []
    for mechanism, infos in mechanisms.all_parameters().items():
        if mechanism not in scenario.schedule and mechanism != "anchor":
            continue
        for info in infos:
            value: Any = scenario.parameters.get(mechanism, {}).get(info.name, info.default)
            if isinstance(value, Distribution):
                value = float(value.quantile(np.array(0.5)))
            if info.bounds is None or isinstance(info.default, (bool, int, str)) or not value:
                others.append(f"{mechanism}.{info.name}")
                continue
            ends = sorted((value / REACH, value * REACH))
            low, high = max(ends[0], info.bounds[0]), min(ends[1], info.bounds[1])
            one = Input(mechanism, info.name, float(value), float(info.default), low, high, info.basis, info.meaning)
            found[one.key] = one
    for key in only:
        if key in others:
            raise CannotVary(f"{key} is a whole number, a word, or 0, and cannot be varied by a factor")
        if key not in found:
            raise CannotVary(
                f"{key!r} is no parameter that this scenario uses{did_you_mean(key, list(found))}; see list parameters"
            )
    return tuple(found[key] for key in (only or found))
