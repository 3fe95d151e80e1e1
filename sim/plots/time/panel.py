"""A panel over time: its place on the sheet, its value axis, its heading, and how its replicates end at the right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from sim.plots.sheet import palette, text
from sim.plots.sheet.sheet import MARGIN, Sheet
from sim.plots.time import fan
from sim.plots.time.timeline import Timeline, end_name


@dataclass(frozen=True)
class Panel:
    """Inches of the sheet's body: heading at `head`, plot from `top` over `high`; `bounds` are its value limits.

    last: the lowest panel of its column, which carries the labels of the time axis.
    """

    axis: Timeline
    head: float
    top: float
    high: float
    bounds: tuple[float, float]
    last: bool

    def inch(self, value: float) -> float:
        """Where a value stands, inches of the body."""
        low, high = self.bounds
        return self.top + self.high * (high - value) / (high - low)

    def open(self, sheet: Sheet) -> Axes:
        """Axes with grid, value labels and time ticks."""
        axes = sheet.panel(self.axis.left, self.top, self.axis.wide, self.high)
        fan.rules(axes, self.bounds)
        self.axis.apply(axes, labels=self.last)
        return axes

    def heading(self, sheet: Sheet, name: str, said: str) -> None:
        """Its name at the left, what its numbers say at the right of the sheet; a long name is shortened."""
        room = sheet.wide - 2 * MARGIN - text.width(said, 8.5) - 0.2
        sheet.write(MARGIN, self.head, text.shorten(name, room, 9, True), size=9, weight="bold")
        sheet.write(sheet.wide - MARGIN, self.head, said, size=8.5, color=palette.QUIET, ha="right")

    def ending(self, sheet: Sheet, times: list[str], ends: np.ndarray, wide: float) -> None:
        """The distribution of the end values (R,), `wide` inches at the right edge; nothing for a single replicate."""
        if len(ends) < 2:
            return
        left = sheet.wide - MARGIN - wide
        fan.draw_end(sheet.panel(left, self.top, wide, self.high), ends, self.bounds)
        if self.last:
            sheet.write(left, self.top + self.high + 0.15, end_name(times), size=7.5, color=palette.QUIET)
