"""The time axis: months as integers (12 * year + month - 1), placed in inches, with ticks a reader expects."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from sim.plots.sheet import text

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def month_of(date: str) -> float | None:
    """Month number of "2017", "2017-06" or "2017-06-09" (a day moves it within the month); None where there is none."""
    parts = str(date).strip().split("T")[0].split("-")
    try:
        year, month = int(parts[0]), int(parts[1]) if len(parts) > 1 else 1
        day = int(parts[2]) if len(parts) > 2 else 1
    except ValueError:
        return None
    return 12 * year + month - 1 + (day - 1) / 31


def month_name(month: float) -> str:
    """Jun 2017."""
    return f"{MONTHS[int(month) % 12]} {int(month) // 12}"


@dataclass(frozen=True)
class Timeline:
    """Months `start` to `end` (step bounds), drawn from `left` over `wide` inches of the sheet."""

    start: float
    end: float
    left: float
    wide: float

    def inch(self, month: float) -> float:
        """Where a month stands on the sheet, in inches from its left edge."""
        return self.left + (month - self.start) / (self.end - self.start) * self.wide

    def contains(self, month: float) -> bool:
        """Whether a month is within the axis."""
        return self.start <= month <= self.end

    def ticks(self, size: float = 8.5) -> tuple[list[int], list[str]]:
        """Months and labels: years, thinned until they fit; months where the axis is under two and a half years."""
        months = self.end - self.start
        if months >= 30:
            room = self.wide / (months / 12) / (text.width("2020", size) + 0.18)
            step = next((s for s in (1, 2, 5, 10, 20, 50) if s * room >= 1), 100)
            first = -(-int(self.start) // 12)
            years = [y for y in range(first, int(self.end) // 12 + 1) if y % step == 0 or step == 1]
            return [12 * y for y in years], [str(y) for y in years]
        room = self.wide / months / (text.width("Sep 2020", size) + 0.2)
        step = next((s for s in (1, 2, 3, 6, 12) if s * room >= 1), 24)
        every = [m for m in range(int(-(-self.start // 1)), int(self.end) + 1) if m % step == 0]
        return every, [month_name(m) for m in every]

    def apply(self, axes: Axes, labels: bool = True) -> None:
        """Set limits and ticks of a panel; only the lowest panel of a column carries labels."""
        at, names = self.ticks()
        axes.set_xlim(self.start, self.end)
        axes.set_xticks(at, labels=names if labels else [""] * len(names))
        axes.minorticks_off()


def timeline(times: list[str], left: float, wide: float) -> Timeline:
    """The axis of a run's step bounds; a run of a single bound gets one month of room."""
    start, end = month_of(times[0]), month_of(times[-1])
    return Timeline(start, end if end > start else start + 1, left, wide)


def end_name(times: list[str]) -> str:
    """The last simulated month: the bound "2026-01" is the end of Dec 2025."""
    return f"end of {month_name(month_of(times[-1]) - 1)}"


def months_of(times: list[str]) -> np.ndarray:
    """Step bounds as an array of month numbers, shape (T,)."""
    return np.array([12 * int(t[:4]) + int(t[5:7]) - 1 for t in times], dtype=float)
