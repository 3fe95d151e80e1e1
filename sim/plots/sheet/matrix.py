"""A square table of states as colours: rows trust columns, ordered and parted by bloc, with signs where replicates agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.plots.sheet import blocs, palette, text
from sim.plots.sheet.sheet import Sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap

    from sim.results import Run

AGREE = 0.9
_SIGN = {"facecolor": "white", "edgecolor": "#1a1a1a", "clip_on": False}


def ordered(run: Run, codes: list[str]) -> tuple[list[str], list[int]]:
    """States by most frequent bloc at the end (East, none, West), then by alignment; without blocs, as they come."""
    if {"alignment", "bloc"} - set(run.measures()):
        return codes, [0] * len(codes)
    ends = [run.series("bloc", code)[1][:, -1] for code in codes]  # one measure after the other: a reader holds one
    lean = [float(np.median(run.series("alignment", code)[1][:, -1])) for code in codes]
    sides = [int(np.argmax([(end == k).sum() for k in range(3)])) for end in ends]
    rows = [({1: 0, 0: 1, 2: 2}[s], -np.nan_to_num(x), code, s) for s, x, code in zip(sides, lean, codes, strict=True)]
    rows.sort()
    return [r[2] for r in rows], [r[3] for r in rows]


def panel(
    sheet: Sheet,
    left: float,
    top: float,
    side: float,
    values: np.ndarray,
    order: list[str],
    sides: list[int],
    colours: Colormap,
    most: float,
    title: str,
    size: float,
) -> Axes:
    """One table, `side` inches square, its rows and columns named at `size` points."""
    count = len(order)
    axes = sheet.panel(left, top, side, side)
    axes.imshow(
        values, cmap=colours, vmin=-most, vmax=most, interpolation="none", extent=(0, count, count, 0), aspect="auto"
    )
    _grid(axes, sides)
    axes.set_xlim(0, count)
    axes.set_ylim(count, 0)
    axes.set_axis_off()
    sheet.write(left, top - 0.14, text.shorten(title, side, 9, True), size=9, weight="bold")
    for i, code in enumerate(order):
        at, ink = (i + 0.5) / count * side, blocs.INKS[sides[i]]
        sheet.write(left - 0.06, top + at, code, size=size, ha="right", color=ink)
        sheet.write(left + at, top + side + 0.06, code, size=size, ha="center", va="top", rotation=90, color=ink)
    return axes


def _grid(axes: Axes, sides: list[int]) -> None:
    """White lines between cells, thicker between blocs."""
    count = len(sides)
    inner = np.arange(1, count)
    breaks = [i for i in range(1, count) if sides[i] != sides[i - 1]]
    for at, width in ((inner, 0.4), (breaks, 2.2)):
        axes.hlines(at, 0, count, color="white", linewidth=width)
        axes.vlines(at, 0, count, color="white", linewidth=width)


def signs(axes: Axes, change: np.ndarray, rising: np.ndarray, cell: float) -> None:
    """A triangle up where 90 % of replicates rise, down where 90 % fall; white, dark-edged, to show on any shade."""
    size = (cell * 72 * 0.36) ** 2
    known = np.isfinite(change) & (np.abs(change) > 1e-9)
    for where, marker in ((rising >= AGREE, "^"), (rising <= 1 - AGREE, "v")):
        i, j = np.nonzero(known & where)
        axes.scatter(j + 0.5, i + 0.5, s=size, marker=marker, linewidth=min(0.7, cell * 4), **_SIGN)


def sign_legend(
    sheet: Sheet, left: float, y: float, of: str = "of replicates", rise: str = "rise", fall: str = "fall"
) -> None:
    """What the triangles mean."""
    for marker, words in (("^", f"{100 * AGREE:.0f} % {of} {rise}"), ("v", f"{100 * AGREE:.0f} % {fall}")):
        sheet.over.scatter([left + 0.05], [y], s=22, marker=marker, linewidth=0.7, **_SIGN)
        sheet.write(left + 0.15, y, words, size=7.5, color=palette.QUIET)
        left += 0.15 + text.width(words, 7.5) + 0.2


def scale(
    sheet: Sheet, left: float, y: float, wide: float, colours: Colormap, most: float, signed: bool, clipped: bool
) -> None:
    """A horizontal colour scale with its ends and middle written beside it."""
    digits = 0 if not signed else 2 if most >= 0.05 else 3
    low, high = text.number(-most, digits), text.number(most, digits, signed=True)
    if signed and clipped:
        low, high = f"≤ {low}", f"≥ {high}"
    first = text.width(low, 7.5) + 0.06
    bar = sheet.panel(left + first, y - 0.05, wide - 2 * first - 0.1, 0.1)
    bar.imshow(np.linspace(-1, 1, 96)[None], aspect="auto", cmap=colours, interpolation="none")
    bar.set_axis_off()
    sheet.write(left, y, low, size=7.5, color=palette.QUIET)
    sheet.write(left + wide - first - 0.04, y, high, size=7.5, color=palette.QUIET)


def groups(sheet: Sheet, left: float, y: float, sides: list[int], run: Run) -> None:
    """Names of the groups that the thick lines part, in their order."""
    present = list(dict.fromkeys(sides))
    if len(present) < 2:
        return
    lead = "Parted by thick lines, from the top: "
    sheet.write(left, y, lead, size=7.5, color=palette.QUIET)
    x = left + text.width(lead, 7.5) + 0.03
    for k, side in enumerate(present):
        words = ("" if k == 0 else "·  ") + run.sides.names[side]
        sheet.write(x, y, words, size=7.5, color=blocs.INKS[side], weight="bold")
        x += text.width(words, 7.5, True) + 0.06
