"""Small multiples: many small panels over time with one value axis, drawn together so that forty cost little more than four.

Each panel shows bands and median of one series: lines where there are few replicates, density where the end is two-peaked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.plots.sheet import palette, text
from sim.plots.sheet.sheet import MARGIN, Sheet
from sim.plots.time import fan, spread
from sim.plots.time.timeline import Timeline, timeline

GAP, HEAD, SIZE = 0.17, 0.27, 7.8

APART = 0.1
"""Two peaks nearer than this share of the panel's height are one to the eye: no density then."""


@dataclass(frozen=True)
class Small:
    """One panel: heading at its left and right, values (R, T), colours of bands and words, and what else it shows.

    code: stands in for a name that finds no room.
    ticks: months marked below the panel.
    """

    name: str
    code: str
    said: str
    values: np.ndarray
    colour: str
    ink: str
    ticks: Sequence[float] = ()


@dataclass(frozen=True)
class Grid:
    """Where the panels go, in inches; `bounds` are the common value limits, `ends` what values are called at the left.

    sides: colours that tint what lies above and below zero.
    """

    wide: float
    high: float
    columns: int
    bounds: tuple[float, float]
    left: float
    ends: Sequence[tuple[float, str]]
    sides: tuple[str, str] | None = None

    @property
    def step(self) -> float:
        """From one column to the next."""
        return (self.wide - 2 * MARGIN - self.left + GAP) / self.columns

    def body(self, count: int) -> float:
        """Inches of so many panels, with the labels of the time axis."""
        return -(-count // self.columns) * (self.high + HEAD + 0.14) + 0.2


def plan(
    wide: float,
    count: int,
    bounds: tuple[float, float],
    ends: Sequence[tuple[float, str]],
    sides: tuple[str, str] | None = None,
) -> Grid:
    """As many columns as so many panels need on a sheet `wide` inches wide."""
    columns = next((c for c, most in ((1, 1), (2, 2), (3, 3), (4, 8), (5, 10), (6, 24), (7, 35)) if count <= most), 8)
    high = 2.6 if count == 1 else {2: 2.0, 3: 1.6, 4: 1.3}.get(columns, 1.05 if columns < 7 else 0.8)
    left = max(text.width(word, 7.5) for _, word in ends) + 0.1
    return Grid(wide, high, columns, bounds, left, tuple(ends), sides)


def parted(values: np.ndarray, bounds: tuple[float, float]) -> bool:
    """Whether replicates (R, T) end in two groups that the panel can show apart."""
    peaks = spread.two_peaks(values[:, -1])
    return peaks is not None and peaks.high - peaks.low > APART * (bounds[1] - bounds[0])


def draw(sheet: Sheet, grid: Grid, times: list[str], panels: Sequence[Small]) -> None:
    """Draw panels in rows from the top of the body."""
    months = np.array([12 * int(t[:4]) + int(t[5:7]) - 1 for t in times], dtype=float)
    rules, bands, lines, ticks = [], [], [], []
    for k, panel in enumerate(panels):
        row, column = divmod(k, grid.columns)
        left = MARGIN + grid.left + column * grid.step
        top = row * (grid.high + HEAD + 0.14) + HEAD
        axis = timeline(times, left, grid.step - GAP)
        last = k + grid.columns >= len(panels)
        rules += _frame(sheet, grid, axis, top, first=column == 0, last=last)
        _heading(sheet, panel, left, top, axis.wide)
        xs = axis.left + (months - axis.start) / (axis.end - axis.start) * axis.wide
        place = _Place(xs, top, grid)
        ticks += [((axis.inch(m), top + grid.high), (axis.inch(m), top + grid.high + 0.06)) for m in panel.ticks]
        if grid.sides:
            middle = place.inch(np.zeros(1))[0]
            bands += [
                (_box(axis, top, middle), palette.tint(grid.sides[0], 0.07)),
                (_box(axis, middle, top + grid.high), palette.tint(grid.sides[1], 0.07)),
            ]
        if parted(panel.values, grid.bounds):
            _density(sheet, place, panel)
        else:
            new_bands, new_lines = _fan(place, panel)
            bands += new_bands
            lines += new_lines
    _add(sheet, rules, bands, lines)
    sheet.lines(ticks, color=palette.INK, linewidth=0.9, zorder=4)


def _box(axis: Timeline, top: float, bottom: float) -> np.ndarray:
    """Corners of a rectangle as wide as a panel."""
    left, right = axis.left, axis.left + axis.wide
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)])


@dataclass(frozen=True)
class _Place:
    """Months in inches (T,), and where values stand in a panel that hangs from `top`."""

    xs: np.ndarray
    top: float
    grid: Grid

    def inch(self, values: np.ndarray) -> np.ndarray:
        low, high = self.grid.bounds
        return self.top + self.grid.high * (high - np.clip(values, low, high)) / (high - low)

    def line(self, values: np.ndarray) -> np.ndarray:
        """Points of a line; a single bound becomes a short stroke."""
        ys = self.inch(values)
        known = np.isfinite(ys)
        points = np.column_stack([self.xs[known], ys[known]])
        return points if len(points) != 1 else points + np.array([[0.0, 0.0], [0.06, 0.0]])

    def band(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """Corners of a band."""
        return np.vstack([self.line(low), self.line(high)[::-1]])


def _fan(place: _Place, panel: Small) -> tuple[list, list]:
    """Bands and lines of one panel."""
    p05, p25, middle, p75, p95 = spread.quantiles(panel.values, fan.BANDS)
    bands, lines = [], [(place.line(middle), panel.colour, 1.5, 3)]
    if len(panel.values) >= spread.FEW:
        light, dark = (palette.tint(panel.colour, share) for share in (0.2, 0.45))
        bands = [(place.band(p05, p95), light), (place.band(p25, p75), dark)]
    elif len(panel.values) > 1:
        lines += [(place.line(values), palette.tint(panel.colour, 0.45), 0.5, 2) for values in panel.values]
    return bands, lines


def _density(sheet: Sheet, place: _Place, panel: Small) -> None:
    """Share of replicates by value instead of a fan that would hide two groups."""
    from matplotlib.image import AxesImage

    low, high = place.grid.bounds
    last = panel.values[:, -1]
    curve = spread.density(
        np.clip(panel.values, low, high), np.linspace(low, high, 81), 0.6 * spread.bandwidth(last[np.isfinite(last)])
    )
    bottom = place.top + place.grid.high
    image = AxesImage(
        sheet.over,
        cmap=palette.density_map(),
        interpolation="none",
        origin="lower",
        extent=(place.xs[0], place.xs[-1], bottom, place.top),
    )
    image.set_data(curve)
    image.set_clim(0, 1)
    image.set_zorder(1.6)
    sheet.over.add_artist(image)


def _frame(sheet: Sheet, grid: Grid, axis: Timeline, top: float, first: bool, last: bool) -> list:
    """Lines of a panel and the words at its edges; returns the rules to be drawn."""
    low, high = grid.bounds
    rules, right, bottom = [], axis.left + axis.wide, top + grid.high
    for value, word in grid.ends:
        y = top + grid.high * (high - value) / (high - low)
        rules.append(((axis.left, y), (right, y)))
        if first:
            sheet.write(axis.left - 0.06, y, word, size=7.5, color=palette.QUIET, ha="right")
    sheet.line([axis.left, right], [bottom, bottom], color=palette.QUIET, linewidth=0.7, zorder=1.6)
    if last:
        for month, name in zip(*_few_ticks(axis), strict=True):
            x = axis.inch(month)
            sheet.line([x, x], [bottom, bottom + 0.035], color=palette.QUIET, linewidth=0.7)
            edge = x - axis.left < text.width(name, 7.5) / 2  # stays right of the panel's edge, off its neighbour's labels
            sheet.write(x, bottom + 0.13, name, size=7.5, color=palette.QUIET, ha="left" if edge else "center")
    return rules


def _few_ticks(axis: Timeline) -> tuple[list[int], list[str]]:
    """At most three labels: those of the time axis, thinned, none far over the right edge."""
    at, names = axis.ticks(7.5)
    keep = [k for k, m in enumerate(at) if axis.inch(m) + text.width(names[k], 7.5) / 2 <= axis.left + axis.wide + 0.07]
    most = max(1, min(3, int(axis.wide / 0.42)))
    keep = keep[:: max(1, -(-len(keep) // most))]
    return [at[k] for k in keep], [names[k] for k in keep]


def _heading(sheet: Sheet, panel: Small, left: float, top: float, wide: float) -> None:
    """Its name, or its code where the name leaves no room for what is said at the right."""
    room = wide - text.width(panel.said, 7) - 0.06
    name = panel.name if text.width(panel.name, SIZE, True) <= room else text.shorten(panel.code, room, SIZE, True)
    sheet.write(left, top - 0.1, name, size=SIZE, weight="bold", color=panel.ink)
    sheet.write(left + wide, top - 0.1, panel.said, size=7, color=palette.QUIET, ha="right")


def _add(sheet: Sheet, rules: list, bands: list, lines: list) -> None:
    """Everything in as few collections as it has styles."""
    from matplotlib.collections import LineCollection, PolyCollection

    sheet.lines(rules, color=palette.RULE, linewidth=0.6, zorder=0.5)
    if bands:
        boxes, colours = zip(*bands, strict=True)
        sheet.over.add_collection(PolyCollection(boxes, facecolors=colours, linewidths=0, zorder=1.5), autolim=False)
    for width, order in dict.fromkeys((width, order) for _, _, width, order in lines):
        mine = [(points, colour) for points, colour, *how in lines if how == [width, order] and len(points)]
        points, colours = zip(*mine, strict=True) if mine else ((), ())
        collection = LineCollection(points, colors=colours, linewidths=width, zorder=order, capstyle="round")
        sheet.over.add_collection(collection, autolim=False)
