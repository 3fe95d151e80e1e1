"""Bonds between states: each one's most trusted partners before and after, laid out so that discs do not meet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.plots.sheet import palette
from sim.plots.sheet.sheet import Sheet

NODE = 0.155
"""Radius of a state's disc where there is room, inches."""
LEAST = 0.02
"""A bond is new or lost only where mean trust moved by so much: else the order changed and the trust did not."""
STYLES = {
    "kept": {"color": "#c4c4c4", "linewidth": 2.2},
    "new": {"color": palette.INK, "linewidth": 1.8},
    "lost": {"color": palette.RUN, "linewidth": 1.4, "linestyle": (0, (3.5, 2))},
}
Pair = tuple[int, int]


@dataclass(frozen=True)
class Bonds:
    """Pairs of positions (i < j) that are among the most trusted of one of the two."""

    kept: list[Pair]
    new: list[Pair]
    lost: list[Pair]

    @property
    def now(self) -> list[Pair]:
        """Those at the end."""
        return self.kept + self.new


def partners(count: int) -> int:
    """How many partners of each of so many states are shown: three, fewer where lines would hide each other."""
    return 3 if 8 <= count <= 26 else 2 if 5 <= count <= 40 else 1


def top(before: np.ndarray, after: np.ndarray, most: int) -> Bonds:
    """The bonds of two matrices of mean trust (n, n): row trusts column."""
    first, last = _pairs(before, most), _pairs(after, most)
    moved = (after + after.T - before - before.T) / 2
    new = {pair for pair in last - first if moved[pair] >= LEAST}
    lost = {pair for pair in first - last if moved[pair] <= -LEAST}
    kept = (first | last) - new - lost
    return Bonds(sorted(kept), sorted(new), sorted(lost))


def _pairs(trust: np.ndarray, most: int) -> set[Pair]:
    """Each state with the `most` others that it trusts most, where that is above 0; ties by position."""
    found = set()
    for i, row in enumerate(trust):
        order = [j for j in np.argsort(-row, kind="stable") if j != i and row[j] > 0][:most]
        found |= {(min(i, int(j)), max(i, int(j))) for j in order}
    return found


def height(x: np.ndarray) -> tuple[float, float]:
    """Inches that discs at x (n,) need to stand clear of each other, with air, and their radius: smaller in a crowd."""
    crowd = max(int((np.abs(x - at) < 2.5 * NODE).sum()) for at in x)
    high = float(np.clip(0.42 * crowd, 2.6, 8.0))
    return high, min(NODE, high / (2.6 * crowd))


def spread_out(x: np.ndarray, bonds: Bonds, high: float, radius: float) -> np.ndarray:
    """Heights (n,) of the discs: near their partners, but none on another; always the same for the same input."""
    count = len(x)
    golden = 0.6180339887498949
    order = np.argsort(np.argsort(x, kind="stable"))
    y = radius + 0.1 + (order * golden + 0.5) % 1 * (high - 2 * radius - 0.2)
    joined = np.zeros((count, count))
    for i, j in bonds.now:
        joined[i, j] = joined[j, i] = 1
    degree = np.maximum(joined.sum(axis=1), 1)
    edge = radius + 0.06
    for turn in range(400):
        settled = turn >= 250
        gap = 2.2 * radius + 0.03 if settled else 0.85  # first far apart, so that curves find room, then merely clear
        pull = 0.0 if settled else 0.05 * (joined @ y / degree - y)
        across, apart = x[:, None] - x, y[:, None] - y
        apart = np.where(apart == 0, np.sign(np.subtract.outer(order, order)) * 1e-6, apart)
        need = np.sqrt(np.maximum(gap**2 - across**2, 0))
        lack = np.maximum(need - np.abs(apart), 0) * (1 - np.eye(count))
        y = y + pull + (0.4 if settled else 0.15) * (np.sign(apart) * lack).sum(axis=1)
        y = np.clip(y, edge, high - edge)
    low, room = y.min(), np.ptp(y)
    return edge + (y - low) * (high - 2 * edge) / room if room > 0.5 * high else y


def draw(sheet: Sheet, places: np.ndarray, bonds: Bonds) -> None:
    """Curves between places (n, 2) in inches of the body: kept below, lost, new on top."""
    from matplotlib.collections import PathCollection
    from matplotlib.path import Path

    for order, kind in enumerate(("kept", "lost", "new")):
        how = STYLES[kind]
        paths = [Path(_bow(places[i], places[j]), [Path.MOVETO, Path.CURVE3, Path.CURVE3]) for i, j in getattr(bonds, kind)]
        if paths:
            sheet.over.add_collection(
                PathCollection(
                    paths,
                    facecolors="none",
                    edgecolors=how["color"],
                    linewidths=how["linewidth"],
                    linestyles=[how.get("linestyle", "solid")],
                    zorder=2 + 0.1 * order,
                ),
                autolim=False,
            )


def _bow(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """A curve from a to b, bent to one side by an eighth of its length, so that discs in between stay free of it."""
    upper, lower = (a, b) if (a[1], a[0]) <= (b[1], b[0]) else (b, a)
    way = lower - upper
    return np.array([upper, (upper + lower) / 2 + 0.13 * np.array([way[1], -way[0]]), lower])
