"""Where the odds turn: the value of a parameter at which an outcome is as likely above a level as below it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.sensitivity.inputs import CannotVary, Input, inputs_of
from sim.sensitivity.outcome import Question, values

STEPS, SIDE = 10, 1.645
"""Halvings of the range; and standard errors on each side of a 90 % interval."""
MOST = 2 + 3 * STEPS
"""Values that are tried at most: both ends, and each halving for the odds and for both ends of their interval."""


@dataclass(frozen=True)
class Tip:
    """The value at which the odds are even, its 90 % interval, and the shares at the ends of the range."""

    input: Input
    level: float
    value: float
    low: float
    high: float
    at_low: float
    at_high: float

    def plain(self) -> dict[str, Any]:
        """As plain data; null where the interval reaches beyond the range."""
        names = ("level", "value", "low", "high", "at_low", "at_high")
        found = {name: getattr(self, name) for name in names}
        return {"parameter": self.input.key, **{name: x if math.isfinite(x) else None for name, x in found.items()}}


def tip(
    question: Question,
    parameter: str,
    level: float,
    *,
    ends: tuple[float, float] | None = None,
    workers: int | None = None,
    progress: Callable[[int, int], Any] | None = None,
) -> Tip:
    """Halve a range, with the same luck at every value, until half of the replicates reach a level.

    The interval comes from the shares that half of so many replicates cannot be told from: where the share crosses these.

    Args:
        question: of one scenario, or of two: the difference.
        parameter: such as `trust.gain`.
        level: of the outcome.
        ends: of the range that is searched; None for half and twice the standing value.
        workers: processes; None for one a core. They change no number.
        progress: called after each value with how many there were, and how many there are at most.

    Raises:
        CannotVary: there is no such parameter, or the odds do not turn in its range; the message gives them at the ends.
    """
    (one,) = inputs_of(question.scenarios[0], [parameter])
    if ends is not None:
        if not 0 < ends[0] / one.value < ends[1] / one.value:
            raise CannotVary(f"{ends[0]:g} to {ends[1]:g} is no range of {parameter}, which stands at {one.value:g}")
        one = replace(one, low=ends[0], high=ends[1])
    known: dict[float, float] = {}

    def share(place: float) -> float:
        if place not in known:
            found = values(question, [one], np.array([[place]]), workers=workers)[0]
            known[place] = float((found >= level).mean())
            if progress is not None:
                progress(len(known), MOST)
        return known[place]

    first, last = one.place(one.low), one.place(one.high)
    at_low, at_high = share(first), share(last)
    margin = SIDE * math.sqrt(0.25 / question.replicates)
    found = _crossing(share, first, last, 0.5)
    if not math.isfinite(found):
        raise CannotVary(
            f"the odds do not turn: {100 * at_low:.0f} % of the replicates reach {level:g} at {one.low:g} and "
            f"{100 * at_high:.0f} % at {one.high:g}; take another level, parameter or range"
        )
    sides = sorted((_crossing(share, first, last, 0.5 - margin), _crossing(share, first, last, 0.5 + margin)))
    low, high = (float(one.at(place)) if math.isfinite(place) else math.nan for place in sides)
    return Tip(one, level, float(one.at(found)), low, high, at_low, at_high)


def _crossing(share: Callable[[float], float], first: float, last: float, target: float) -> float:
    """Where a share goes through a target; nan where its ends are on one side."""
    above_first, above_last = share(first) >= target, share(last) >= target
    if above_first == above_last:
        return math.nan
    for _ in range(STEPS):
        middle = (first + last) / 2
        if (share(middle) >= target) == above_first:
            first = middle
        else:
            last = middle
    return (first + last) / 2
