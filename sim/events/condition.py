"""A condition: a measure below or above a value, or several conditions at once, within dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim import measures
from sim.measures import Frame
from sim.world import World


@dataclass(frozen=True)
class Condition:
    """A measure of a subject below or above a value, or all or any of some ``parts``, for some ``months`` in a row.

    It counts from the month ``after`` to the month before ``until``, where they are given; see :mod:`sim.calendar`. The
    ``months`` of a part are not looked at: how long the whole has held counts.
    """

    measure: str = ""
    subject: str = ""
    below: float | None = None
    above: float | None = None
    months: int = 1
    after: int | None = None
    until: int | None = None
    every: bool = True
    parts: tuple[Condition, ...] = ()
    frame: Frame | None = None
    """What the measure is asked about, where that is a dyad that nobody watches; None for the run's."""

    def met(self, world: World, frame: Frame, month: int) -> np.ndarray:
        """Where it holds at this step bound, at the beginning of ``month``, shape (R,)."""
        if (self.after is not None and month < self.after) or (self.until is not None and month >= self.until):
            return np.zeros(world.replicates, bool)
        if self.parts:
            met = [part.met(world, frame, month) for part in self.parts]
            return np.logical_and.reduce(met) if self.every else np.logical_or.reduce(met)
        value = measures.value(world, self.frame or frame, self.measure, self.subject)
        return value < self.below if self.below is not None else value > self.above

    def leaves(self) -> Iterator[Condition]:
        """The conditions on one measure that it is made of."""
        for part in self.parts:
            yield from part.leaves()
        if not self.parts:
            yield self
