"""Who trusts whom most along the line between the blocs, and which of these bonds are new or lost?

States stand at their median alignment at the end, an arrow leads there from the start. Lines join each state with those
that it trusts most, by mean trust: kept in grey, new in black, lost dashed. Vertical position has no meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.plots import PictureError
from sim.plots.sheet import blocs, bonds, captions, palette, text
from sim.plots.sheet.bonds import NODE, Bonds
from sim.plots.sheet.sheet import MARGIN, Sheet
from sim.plots.time.timeline import month_name, month_of
from sim.results.foremost import foremost, left_out

if TYPE_CHECKING:
    from sim.results import Run

WIDE = 10.0


def missing(run: Run) -> str | None:
    """Why this run has no such picture, or None."""
    if len(run.manifest.get("states") or ()) < 3:
        return "a network needs at least three states"
    return blocs.missing(run)


def figure(run: Run, subjects: Sequence[str] | None = None) -> Sheet:
    """The picture, of all states or of `subjects`; of more than sixty, of the foremost."""
    ledger = run.ledger()
    codes = [str(code) for code in ledger.states]
    unknown = [s for s in subjects or () if s not in codes]
    if unknown:
        raise PictureError(f"no state {', '.join(unknown)} in this run; there is: {', '.join(codes)}")
    shown = subjects or foremost(run)
    codes = [code for code in codes if code in shown]
    said = "" if subjects else left_out(run, len(codes))
    pick = np.array([[str(s) for s in ledger.states].index(code) for code in codes])
    before, after = (np.asarray(ledger.trust[k], float)[np.ix_(pick, pick)] for k in (0, -1))
    lean = np.nan_to_num(np.array([np.median(run.series("alignment", code)[1][:, [0, -1]], axis=0) for code in codes]))
    most = bonds.partners(len(codes))
    found = bonds.top(before, after, most)
    reach = blocs.reach(lean)
    start, end = (_inch(lean[:, k], reach) for k in (0, 1))
    high, radius = bonds.height(end)
    y = bonds.spread_out(end, found, high, radius)
    sheet = Sheet(
        WIDE,
        high + 0.75,
        title=_title(run, found),
        explain=_explain(run, most, found),
        notes=[said] if said else [],
        footer=captions.footer(run),
    )
    _ground(sheet, reach, high, run)
    places = np.column_stack([end, y])
    bonds.draw(sheet, places, found)
    _arrows(sheet, start, end, y, radius)
    _nodes(sheet, codes, places, lean[:, 1] / reach, radius)
    _legend(sheet, found, high + 0.62)
    return sheet


def _inch(lean: np.ndarray, reach: float) -> np.ndarray:
    """Where an alignment stands, inches from the left edge; West at the left."""
    room = WIDE - 2 * MARGIN - 2 * NODE - 0.1
    return MARGIN + NODE + 0.05 + (lean / reach + 1) / 2 * room


def _ground(sheet: Sheet, reach: float, high: float, run: Run) -> None:
    """Tinted halves, the line of zero and the scale."""
    left, middle, right = MARGIN, WIDE / 2, WIDE - MARGIN
    for a, b, colour in ((left, middle, palette.WEST), (middle, right, palette.EAST)):
        sheet.over.fill([a, b, b, a], [0, 0, high, high], color=palette.tint(colour, 0.06), linewidth=0, zorder=0)
    sheet.line([left, right], [high, high], color=palette.QUIET, linewidth=0.7)
    sheet.line([middle, middle], [0, high], color="white", linewidth=1.5, zorder=0.5)
    ends = (f"{run.sides.west} {text.number(-reach)}", "0", f"{run.sides.east} {text.number(reach, signed=True)}")
    for x, words, side in zip((left, middle, right), ends, ("left", "center", "right"), strict=True):
        sheet.write(x, high + 0.15, words, size=8.5, color=palette.QUIET, ha=side)
    sheet.write(middle, high + 0.34, "Median alignment at the end", size=8, color=palette.QUIET, ha="center")


def _arrows(sheet: Sheet, start: np.ndarray, end: np.ndarray, y: np.ndarray, radius: float) -> None:
    """From where a state stood at the start, where that is outside its disc."""
    for a, b, at in zip(start, end, y, strict=True):
        if abs(b - a) > radius + 0.05:
            tip = b - np.copysign(radius + 0.01, b - a)
            how = {"arrowstyle": "-|>,head_width=0.14,head_length=0.28", "color": palette.INK, "linewidth": 0.9}
            sheet.over.annotate("", (tip, at), (a, at), arrowprops=how | {"shrinkA": 0, "shrinkB": 0}, annotation_clip=False)


def _nodes(sheet: Sheet, codes: list[str], places: np.ndarray, lean: np.ndarray, radius: float) -> None:
    """Discs in the colour of their alignment, with their codes."""
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Circle

    colours = palette.alignment_map()((lean + 1) / 2)
    discs = [Circle(place, radius) for place in places]
    sheet.over.add_collection(
        PatchCollection(discs, facecolors=colours, edgecolors=palette.INK, linewidths=0.8, zorder=5), autolim=False
    )
    for code, (x, y), colour in zip(codes, places, colours, strict=True):
        dark = float(np.dot(colour[:3], (0.299, 0.587, 0.114))) < 0.5
        size = min(6.3, 6.3 * 1.75 * radius / text.width(code[:5], 6.3, True))
        sheet.write(
            x,
            y,
            text.shorten(code, 2 * radius, size, True),
            size=size,
            ha="center",
            weight="bold",
            color=palette.PAPER if dark else palette.INK,
        )


def _legend(sheet: Sheet, found: Bonds, y: float) -> None:
    """What the lines mean, with how many there are of each."""
    x = MARGIN
    for kind, words in (("kept", "kept"), ("new", "new"), ("lost", "lost")):
        count = len(getattr(found, kind))
        if not count:
            continue
        how = bonds.STYLES[kind]
        sheet.line([x, x + 0.36], [y, y], **how)
        said = f"{words} ({count})"
        sheet.write(x + 0.43, y, said, size=8, color=palette.INK)
        x += 0.43 + text.width(said, 8) + 0.3
    sheet.write(x, y, "Vertical position has no meaning.", size=8, color=palette.QUIET)


def _title(run: Run, found: Bonds) -> str:
    """A plain label."""
    start, end = (month_name(month_of(run.manifest[key])) for key in ("start", "end"))
    return f"{'New and lost bonds' if found.new or found.lost else 'Bonds'} of trust, {start} to {end}"


def _explain(run: Run, most: int, found: Bonds) -> str:
    """What a line is, and what makes it new or lost."""
    whom = "the state" if most == 1 else f"the {('two', 'three')[most - 2]} states"
    words = f"{blocs.sides(run)}Lines: {whom} that each state trusts most, by mean trust, if that is above 0. "
    if found.new or found.lost:
        words += f"New or lost: only where trust itself moved by {text.number(bonds.LEAST)} or more. "
    return words + "Arrow: move of the median alignment since the start."
