"""Which states come to trust each other more or less, and do the replicates agree?

Mean trust before and after, and the change: a row trusts a column. A triangle marks dyads where 90 % of replicates
agree on the sign; it points up for a rise and down for a fall, so that the sign is there without colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.plots import PictureError
from sim.plots.parts import story, style, text
from sim.plots.parts.sheet import MARGIN, Sheet
from sim.plots.parts.timeline import month_name, month_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap

    from sim.results import Run

AGREE = 0.9
_SIGN = {"facecolor": "white", "edgecolor": "#1a1a1a", "clip_on": False}
INKS = {1: "#a84a00", 0: style.INK, 2: "#00598b"}


def missing(run: Run) -> str | None:
    """Why this run has no such picture, or None."""
    if len(run.manifest.get("states") or ()) < 2:
        return "trust needs at least two states"
    return None


def figure(run: Run, subjects: Sequence[str] | None = None) -> Sheet:
    """The picture, of all states or of `subjects`."""
    ledger = run.ledger()
    codes = [str(s) for s in ledger.states]
    unknown = [s for s in subjects or () if s not in codes]
    if unknown:
        raise PictureError(f"no state {', '.join(unknown)} in this run; there is: {', '.join(codes)}")
    order, sides = _order(run, [s for s in codes if not subjects or s in subjects])
    pick = np.array([codes.index(s) for s in order])
    trust = np.asarray(ledger.trust, dtype=float)
    before, after = (trust[k][np.ix_(pick, pick)] for k in (0, -1))
    rising = np.asarray(ledger.rising, dtype=float)[np.ix_(pick, pick)]
    same = np.eye(len(pick), dtype=bool)
    change = np.where(same, np.nan, after - before)
    count = len(pick)
    side = min(6.0, max(2.1, 0.165 * count))
    size = min(8.0, side / count * 72 * 0.84)
    label = max(text.width(s, size) for s in order) + 0.1
    wide = 2 * MARGIN + 3 * (label + side) + 2 * 0.35
    top, low = 0.3, label + 0.1
    start, end = (month_name(month_of(run.manifest[k])) for k in ("start", "end"))
    sheet = Sheet(wide, top + side + low + 0.42, title=f"Trust before, after and change: {start} to {end}",
                  explain=_explain(run, order, change), footer=story.footer(run))  # fmt: skip
    reach = _reach(change)
    panels = (
        (f"Before: start of {start}", np.where(same, np.nan, before), style.level_map(), 1.0),
        (f"After: end of {end}", np.where(same, np.nan, after), style.level_map(), 1.0),
        ("Change", change, style.change_map(), reach),
    )
    for k, (title, values, colours, most) in enumerate(panels):
        left = MARGIN + label + k * (label + side + 0.35)
        axes = sheet.panel(left, top, side, side)
        axes.imshow(
            values,
            cmap=colours,
            vmin=-most,
            vmax=most,
            interpolation="none",
            extent=(0, count, count, 0),
            aspect="auto",
        )
        _grid(axes, sides)
        axes.set_xlim(0, count)
        axes.set_ylim(count, 0)
        axes.set_axis_off()
        sheet.write(left, top - 0.14, text.shorten(title, side, 9, True), size=9, weight="bold")
        for i, code in enumerate(order):
            at = (i + 0.5) / count * side
            sheet.write(left - 0.06, top + at, code, size=size, ha="right", color=INKS[sides[i]])
            sheet.write(
                left + at, top + side + 0.06, code, size=size, ha="center", va="top", rotation=90, color=INKS[sides[i]]
            )
        if k == 2 and _many(run):
            _signs(axes, change, rising, side / count)
        if k != 1:
            _scale(
                sheet,
                left,
                top + side + low + 0.08,
                min(side, 2.3),
                colours,
                most,
                k == 2,
                bool((np.abs(change) > most).any()),
            )
        if k == 0:
            _groups(sheet, left, top + side + low + 0.36, sides)
    if _many(run):
        _sign_legend(sheet, MARGIN + label + 2 * (label + side + 0.35), top + side + low + 0.36)
    return sheet


def _many(run: Run) -> bool:
    """Agreement between replicates needs a few of them."""
    return int(run.manifest["replicates"]) >= 10


def _order(run: Run, codes: list[str]) -> tuple[list[str], list[int]]:
    """States by most frequent bloc at the end (East, none, West), then by alignment; without blocs, as they come."""
    if {"alignment", "bloc"} - set(run.measures()):
        return codes, [0] * len(codes)
    ends = [run.series("bloc", code)[1][:, -1] for code in codes]  # one measure after the other: a reader holds one
    lean = [float(np.median(run.series("alignment", code)[1][:, -1])) for code in codes]
    sides = [int(np.argmax([(end == k).sum() for k in range(3)])) for end in ends]
    rows = [({1: 0, 0: 1, 2: 2}[s], -np.nan_to_num(x), code, s) for s, x, code in zip(sides, lean, codes, strict=True)]
    rows.sort()
    return [r[2] for r in rows], [r[3] for r in rows]


def _reach(change: np.ndarray) -> float:
    """A round colour limit that holds at least 99 % of the changes."""
    sizes = np.abs(change[np.isfinite(change)])
    need = float(np.quantile(sizes, 0.99)) if sizes.size else 0.0
    return next((r for r in (0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0, 1.2, 1.5) if need <= r), 2.0)


def _grid(axes: Axes, sides: list[int]) -> None:
    """White lines between cells, thicker between blocs."""
    count = len(sides)
    inner = np.arange(1, count)
    breaks = [i for i in range(1, count) if sides[i] != sides[i - 1]]
    for at, width in ((inner, 0.4), (breaks, 2.2)):
        axes.hlines(at, 0, count, color="white", linewidth=width)
        axes.vlines(at, 0, count, color="white", linewidth=width)


def _signs(axes: Axes, change: np.ndarray, rising: np.ndarray, cell: float) -> None:
    """A triangle up where 90 % of replicates rise, down where 90 % fall; white, dark-edged, to show on any shade."""
    size = (cell * 72 * 0.36) ** 2
    known = np.isfinite(change) & (np.abs(change) > 1e-9)
    for where, marker in ((rising >= AGREE, "^"), (rising <= 1 - AGREE, "v")):
        i, j = np.nonzero(known & where)
        axes.scatter(j + 0.5, i + 0.5, s=size, marker=marker, linewidth=min(0.7, cell * 4), **_SIGN)


def _sign_legend(sheet: Sheet, left: float, y: float) -> None:
    """What the triangles mean."""
    for marker, words in (("^", f"{100 * AGREE:.0f} % of replicates rise"), ("v", f"{100 * AGREE:.0f} % fall")):
        sheet.over.scatter([left + 0.05], [y], s=22, marker=marker, linewidth=0.7, **_SIGN)
        sheet.write(left + 0.15, y, words, size=7.5, color=style.QUIET)
        left += 0.15 + text.width(words, 7.5) + 0.2


def _scale(
    sheet: Sheet, left: float, y: float, wide: float, colours: Colormap, most: float, signed: bool, clipped: bool
) -> None:
    """A horizontal colour scale with its ends and middle written beside it."""
    low, high = text.number(-most, 2 if signed else 0), text.number(most, 2 if signed else 0, signed=True)
    if signed and clipped:
        low, high = f"≤ {low}", f"≥ {high}"
    first = text.width(low, 7.5) + 0.06
    bar = sheet.panel(left + first, y - 0.05, wide - 2 * first - 0.1, 0.1)
    bar.imshow(np.linspace(-1, 1, 96)[None], aspect="auto", cmap=colours, interpolation="none")
    bar.set_axis_off()
    sheet.write(left, y, low, size=7.5, color=style.QUIET)
    sheet.write(left + wide - first - 0.04, y, high, size=7.5, color=style.QUIET)


def _groups(sheet: Sheet, left: float, y: float, sides: list[int]) -> None:
    """Names of the groups that the thick lines part, in their order."""
    present = list(dict.fromkeys(sides))
    if len(present) < 2:
        return
    lead = "Parted by thick lines, from the top: "
    sheet.write(left, y, lead, size=7.5, color=style.QUIET)
    x = left + text.width(lead, 7.5) + 0.03
    for k, side in enumerate(present):
        words = ("" if k == 0 else "·  ") + {1: "East", 0: "Non-aligned", 2: "West"}[side]
        sheet.write(x, y, words, size=7.5, color=INKS[side], weight="bold")
        x += text.width(words, 7.5, True) + 0.06


def _explain(run: Run, order: list[str], change: np.ndarray) -> str:
    """How to read it, and the largest changes, read off the table."""
    words = "Mean over replicates, -1 to 1; the row trusts the column; ordered by bloc at the end. ".replace(
        "-1", text.MINUS + "1"
    )
    found = np.isfinite(change)
    if not found.any():
        return words
    parts = []
    for name, at in (("rise", np.nanargmax(change)), ("fall", np.nanargmin(change))):
        i, j = np.unravel_index(at, change.shape)
        value = change[i, j]
        if (value > 0.005) == (name == "rise") and abs(value) > 0.005:
            parts.append(f"largest {name} {order[i]} in {order[j]} {text.number(value, signed=True)}")
    said = "; ".join(parts)
    return words + (said[:1].upper() + said[1:] + "." if parts else "No dyad changes by more than 0.005.")
