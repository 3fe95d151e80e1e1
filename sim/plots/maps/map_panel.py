"""One map: states filled by value, hatched where unsure, groups outlined, labels or numbers that never overlap.

What is drawn is given state by state, so the same panel shows blocs, a measure, or the difference of two scenarios.

    plate = plan(geography.choose(codes), codes, wide=3.3, sample="RUS E")
    draw(sheet, plate, left=0.3, top=0.4, shown=Shading(fills, words, hatched, outlines))
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.plots.maps import geography
from sim.plots.maps.geography import View
from sim.plots.sheet import palette, text
from sim.plots.sheet.sheet import Sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.path import Path

SIZE = 5.8
DISCS = ((0.075, 5.4), (0.064, 4.8), (0.055, 4.3))
"""Radius in inches and size of the number; smaller ones where states are crowded."""
SEA, LAND = "#f4f7fb", "#dededc"
HATCH = {"edgecolors": "#3a3a3a", "linewidths": 0, "hatch": "//////"}
OUTLINES = ({"color": "#111111", "linewidth": 1.5}, {"color": palette.RUN, "linewidth": 1.1})
DASHES = {"color": "#4a4a4a", "linewidth": 0.7, "linestyle": (0, (2.2, 1.4))}
SETTLED = {"edgecolors": "white", "linewidths": 0.45}
UNDER = {"color": "white", "linewidth": 0.9}
SQUARE = 0.13


@dataclass(frozen=True)
class Shading:
    """What a map shows, by state code.

    fills: colour of each state; states that are not named are grey.
    words: label of each state, where it is not its code.
    hatched: states whose value is unsure.
    outlines: groups of states to outline, the first in black.
    edges: colour of the states' boundaries; darker than white where a fill may be as pale as the sea.
    """

    fills: Mapping[str, Any]
    words: Mapping[str, str] = field(default_factory=dict)
    hatched: Collection[str] = ()
    outlines: Sequence[Collection[str]] = ()
    edges: str = "white"


def shades(codes: Sequence[str], values: np.ndarray, colours: Colormap) -> dict[str, Any]:
    """The colour of each state whose value, from -1 to 1, stands on a scale; the grey of land where it has none."""
    return {
        code: tuple(map(float, colours((value + 1) / 2))) if np.isfinite(value) else LAND
        for code, value in zip(codes, values, strict=True)
    }


@dataclass(frozen=True)
class Plate:
    """Where everything goes on a map `wide` inches wide: places are inches from its upper left corner.

    labels: (code, x, y) of states with room for words; numbers: (code, number, x, y, x and y of the state) of the others.
    """

    view: View
    wide: float
    high: float
    labels: tuple[tuple[str, float, float], ...]
    numbers: tuple[tuple[str, int, float, float, float, float], ...]
    disc: tuple[float, float] = DISCS[0]

    def inch(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Plane to inches from the map's upper left corner; numbers or arrays."""
        left, _, right, high = self.view.box
        scale = self.wide / (right - left)
        return (x - left) * scale, (high - y) * scale


def plan(view: View, codes: Sequence[str], wide: float, sample: str) -> Plate:
    """Lay out labels as long as `sample` where a state has room for them, and numbers where not.

    Numbers follow the order of `codes`. States that the view leaves out get neither.
    """
    return _plan(view, tuple(codes), wide, sample)


@lru_cache(maxsize=8)
def _plan(view: View, codes: tuple[str, ...], wide: float, sample: str) -> Plate:
    bare = Plate(view, wide, wide / view.aspect, (), ())
    scale = wide / (view.box[2] - view.box[0])
    across, tall = text.width(sample, SIZE, True) + 0.02, SIZE / 72 * 0.8
    labels, tight = [], []
    for code in codes:
        if code in view.beyond or code in view.unknown:
            continue
        x, y, free = geography.anchor(view, code, across / tall)
        if 2 * free * scale >= 0.9 * tall:
            labels.append((code, *bare.inch(x, y)))
        else:
            x, y, _ = geography.anchor(view, code, 1.0)
            tight.append((code, *bare.inch(x, y)))
    taken = np.array([(x, y) for _, x, y in labels]).reshape(-1, 2)
    wanted = np.array([(x, y) for _, x, y in tight]).reshape(-1, 2)
    for disc in DISCS:
        at = _apart(wanted, taken, (across / 2, tall / 2), bare, disc[0])
        if not len(at) or np.hypot(*(at - wanted).T).mean() < disc[0] / 2:
            break
    numbers = [(code, k + 1, *map(float, at[k]), x, y) for k, (code, x, y) in enumerate(tight)]
    return Plate(view, wide, bare.high, tuple(labels), tuple(numbers), disc)


def _apart(wanted: np.ndarray, taken: np.ndarray, half: tuple[float, float], plate: Plate, radius: float) -> np.ndarray:
    """Places (k, 2) near the wanted ones that neither meet each other, nor a label, nor leave the map."""
    count = len(wanted)
    places = wanted + 1e-4 * np.array([(k % 7 - 3, k % 5 - 2) for k in range(count)]).reshape(-1, 2)
    gap, edge = 2 * radius + 0.015, radius + 0.02
    room = np.array(half) + radius
    for _ in range(150):
        apart = places[:, None] - places
        far = np.hypot(apart[..., 0], apart[..., 1]) + np.eye(count) * gap
        push = apart / np.maximum(far, 1e-6)[..., None] * (np.maximum(gap - far, 0) / 2)[..., None]
        step = push.sum(axis=1)
        if len(taken):
            apart = places[:, None] - taken
            lack = room - np.abs(apart)
            meets = (lack > 0).all(axis=2)
            narrow = lack == lack.min(axis=2, keepdims=True)
            step += (np.copysign(lack, apart) * narrow * meets[..., None] * 0.6).sum(axis=1)
        if not np.abs(step).max(initial=0) > 1e-4:
            break
        places = np.clip(places + step, edge, [plate.wide - edge, plate.high - edge])
    return places


def draw(sheet: Sheet, plate: Plate, left: float, top: float, shown: Shading) -> None:
    """Draw the map with its upper left corner at a place of the sheet's body."""
    axes = sheet.panel(left, top, plate.wide, plate.high)
    axes.set_xlim(0, 72 * plate.wide)
    axes.set_ylim(72 * plate.high, 0)
    axes.set_axis_off()
    view = plate.view
    base = _base(plate)
    states = [code for code in shown.fills if code in base.areas]
    fills, edges = [shown.fills[code] for code in states], SETTLED | {"edgecolors": shown.edges}
    _add(axes, [base.sea], facecolors=SEA, edgecolors="none")
    _add(axes, [base.grid], facecolors="none", edgecolors="#e4e9f0", linewidths=0.5)
    _add(axes, [path for code, path in base.areas.items() if code not in shown.fills], facecolors=LAND, **SETTLED)
    _add(axes, [base.areas[code] for code in states], facecolors=fills, **edges)
    unsure = [base.areas[code] for code in states if code in shown.hatched]
    _add(axes, unsure, facecolors="none", **HATCH)
    _add(axes, unsure, facecolors="none", **edges)
    _stroke(axes, plate, geography.disputed(view), **UNDER)
    for group, how in zip(shown.outlines, OUTLINES, strict=False):
        settled, open_ones = geography.around(view, group)
        _stroke(axes, plate, settled, capstyle="round", joinstyle="round", **how)
        _stroke(axes, plate, open_ones, **how | {"linestyle": (0, (1.6, 1.0))})
    _stroke(axes, plate, geography.disputed(view, frozenset().union(*shown.outlines)), **DASHES)
    _labels(sheet, plate, left, top, shown)


@dataclass(frozen=True)
class _Base:
    """Paths of a map that its shading does not change."""

    areas: dict[str, Path]
    sea: Path
    grid: Path


@lru_cache(maxsize=8)
def _base(plate: Plate) -> _Base:
    view = plate.view
    found = {code: geography.rings(view, code) for code in geography.atlas().areas}
    return _Base(
        {code: _path(plate, rings, closed=True) for code, rings in found.items() if rings},
        _path(plate, [geography.sea(view)], closed=True),
        _path(plate, geography.graticule(view)),
    )


def _path(plate: Plate, lines: Sequence[np.ndarray], closed: bool = False) -> Path:
    """Lines of the plane as one path in points, rounded so that SVG files stay small; rings keep their holes open."""
    from matplotlib.path import Path

    if not lines:
        return Path(np.zeros((1, 2)))
    flat = np.vstack(lines)
    x, y = plate.inch(flat[:, 0], flat[:, 1])
    codes = np.full(len(flat), Path.LINETO)
    ends = np.cumsum([len(line) for line in lines])
    codes[np.r_[0, ends[:-1]]] = Path.MOVETO
    if closed:
        codes[ends - 1] = Path.CLOSEPOLY
    return Path(np.round(72 * np.column_stack([x, y]), 1), codes)


def _stroke(axes: Axes, plate: Plate, lines: Sequence[np.ndarray], color: str, linewidth: float, **how: Any) -> None:
    """Open lines of one style."""
    if lines:
        how["linestyles"] = how.pop("linestyle", "solid")
        _add(axes, [_path(plate, lines)], facecolors="none", edgecolors=color, linewidths=linewidth, **how)


def _add(axes: Axes, paths: Sequence[Path], **how: Any) -> None:
    """Paths of one style."""
    from matplotlib.collections import PathCollection

    if paths:
        axes.add_collection(PathCollection(list(paths), **how), autolim=False)


def _labels(sheet: Sheet, plate: Plate, left: float, top: float, shown: Shading) -> None:
    """Words where there is room, numbered discs in the state's colour elsewhere."""
    from matplotlib.patheffects import withStroke

    halo = [withStroke(linewidth=2.0, foreground="white")]
    for code, x, y in plate.labels:
        words = shown.words.get(code, code)
        sheet.write(left + x, top + y, words, size=SIZE, ha="center", weight="bold", path_effects=halo)
    moved = [n for n in plate.numbers if np.hypot(n[2] - n[4], n[3] - n[5]) > plate.disc[0]]
    if moved:
        ends = [(left + n[4], top + n[5]) for n in moved]
        sheet.lines(
            [((left + n[2], top + n[3]), end) for n, end in zip(moved, ends, strict=True)], color=palette.INK, linewidth=0.6
        )
        _discs(sheet, ends, 0.01, facecolors=palette.INK, edgecolors="none")
    spots = {code: (left + x, top + y) for code, _, x, y, _, _ in plate.numbers}
    outlines = list(zip(shown.outlines, OUTLINES, strict=False))
    rings = [next((how["color"] for group, how in outlines if code in group), shown.edges) for code in spots]
    _discs(
        sheet,
        list(spots.values()),
        plate.disc[0],
        facecolors=[shown.fills.get(code, LAND) for code in spots],
        edgecolors="none",
    )
    _discs(sheet, [spot for code, spot in spots.items() if code in shown.hatched], plate.disc[0], facecolors="none", **HATCH)
    _discs(
        sheet,
        list(spots.values()),
        plate.disc[0],
        facecolors="none",
        edgecolors=rings,
        linewidths=[0.7 if ring == "white" else 1.1 for ring in rings],
    )
    for code, number, *_ in plate.numbers:
        sheet.write(*spots[code], str(number), size=plate.disc[1], ha="center", weight="bold", path_effects=halo)


def _discs(sheet: Sheet, places: Sequence[tuple[float, float]], radius: float, **how: Any) -> None:
    """Discs on the sheet, in inches of its body."""
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Circle

    if places:
        discs = PatchCollection([Circle(place, radius) for place in places], clip_on=False, zorder=3, **how)
        sheet.over.add_collection(discs, autolim=False)


def swatches(sheet: Sheet, left: float, y: float, room: float, lead: str, codes: Sequence[str], shown: Shading) -> None:
    """States that the map leaves out, as squares in one line of `room` inches: colour, hatching, words."""
    if not codes:
        return
    sheet.write(left, y, lead, size=6.5, color=palette.QUIET)
    x = left + text.width(lead, 6.5) + 0.06
    for k, code in enumerate(codes):
        words = shown.words.get(code, code)
        wide = SQUARE + 0.04 + text.width(words, 6.5)
        rest = len(codes) - k
        more = f"and {rest} more"
        if x + wide > left + room - (0 if rest == 1 else text.width(more, 6.5) + 0.1):
            sheet.write(x, y, more, size=6.5, color=palette.QUIET)
            return
        square(sheet, x, y, shown.fills.get(code, LAND), code in shown.hatched)
        sheet.write(x + SQUARE + 0.04, y, words, size=6.5)
        x += wide + 0.12


def square(sheet: Sheet, left: float, y: float, fill: Any, hatched: bool = False, wide: float = SQUARE) -> None:
    """A sample of a shade, centred on y."""
    from matplotlib.patches import Rectangle

    for style_of in ({"facecolor": fill, "edgecolor": "#8a8a8a", "linewidth": 0.4}, _hatching() if hatched else None):
        if style_of:
            box = Rectangle((left, y - SQUARE / 2 + 0.01), wide, SQUARE - 0.02, **style_of)
            sheet.over.add_artist(box)


def _hatching() -> dict[str, Any]:
    """`HATCH` for a single patch."""
    return {"facecolor": "none", "edgecolor": HATCH["edgecolors"], "linewidth": 0, "hatch": HATCH["hatch"]}
