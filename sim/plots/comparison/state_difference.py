"""Which states does the change move between the blocs, when, and how sure is that?

One small panel a state: the paired difference of its alignment, median with 50 and 90 % bands; those first that differ most.
With more than 24 states, these alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.plots import PictureError
from sim.plots.sheet import blocs, captions, palette, text
from sim.plots.sheet.pairs import footer, states_of_all, unmoved
from sim.plots.sheet.scale import end_of_scale
from sim.plots.sheet.sheet import Sheet
from sim.plots.time import multiples
from sim.plots.time.multiples import Small
from sim.questions.compare.difference import crossed
from sim.questions.effect import FEW

if TYPE_CHECKING:
    from sim.questions.compare import Comparison

WIDE, MOST, LEAST = 10.0, 24, 0.01


def missing(comparisons: list[Comparison]) -> str | None:
    """Why there is no such picture, or None."""
    if all(c.same for c in comparisons):
        return "the runs are the same: every difference is exactly 0"
    runs = [comparisons[0].a, *(c.b for c in comparisons)]
    return next((reason for reason in map(blocs.missing, runs) if reason), None) or unmoved(comparisons, "alignment")


def figure(comparisons: list[Comparison], subjects: Sequence[str] | None = None) -> Sheet:
    """The picture of the first comparison that differs, of `subjects` or of all states."""
    c = next(c for c in comparisons if not unmoved([c], "alignment"))
    known = states_of_all([c])
    unknown = [code for code in subjects or () if code not in known]
    if unknown:
        raise PictureError(f"no state {', '.join(unknown)} in these runs; there is: {', '.join(known)}")
    found = {code: c.of("alignment", code) for code in subjects or known}
    codes = sorted(found, key=lambda code: -float(np.abs(np.nan_to_num(found[code].median)).max()))[:MOST]
    differences = {}
    for code in codes:
        times, a, b = c.values("alignment", code)
        differences[code] = a - b if c.paired else crossed(a, b)
    most = end_of_scale(np.array([np.nanmax(np.abs(found[code].quantiles[[0, 4]])) for code in codes]), LEAST, share=1.0)
    digits = 2 if most >= 0.05 else 3
    ends = [(most, text.number(most, digits, signed=True)), (0.0, "0"), (-most, text.number(-most, digits))]
    grid = multiples.plan(WIDE, len(codes), (-most, most), ends, (palette.EAST, palette.WEST))
    names, panels = captions.names(c.a, "states"), []
    for code in codes:
        panels.append(Small(names.get(code, code), code, _said(c, code), differences[code], palette.RUN, palette.INK))
    left_out = len(found) - len(codes)
    sheet = Sheet(
        WIDE,
        grid.body(len(panels)),
        title=f"Alignment of each state: {c.name_a} minus {c.name_b}",
        explain=_explain(c),
        footer=footer([c]),
        notes=[f"Not shown: {left_out} states that differ less."] if left_out else [],
    )
    multiples.draw(sheet, grid, times, panels)
    return sheet


def _said(c: Comparison, code: str) -> str:
    """In how many pairs the state ends further East or West, whichever is more; nothing for a few pairs."""
    d = c.of("alignment", code)
    if c.paired and not d.differs.any():
        return "the same"
    above, below = float(d.above[-1]), float(d.below[-1])
    if c.replicates < FEW:
        return ""
    letters = c.a.sides.letters
    return f"{letters[1]} {text.percent(above)}" if above >= below else f"{letters[2]} {text.percent(below)}"


def _explain(c: Comparison) -> str:
    """Whose sides, and the number beside each name."""
    pairs = "pairs of replicates with the same luck" if c.paired else "pairs of independent replicates"
    how = f"Line: median difference; dark band: 50 %, light band: 90 % of {pairs}"
    if c.replicates < FEW:
        how = f"Thick line: median difference; thin lines: {pairs}"
    sides, letters = c.a.sides, c.a.sides.letters
    words = f"{blocs.sides(c.a)}{how}. Above 0: further {sides.east} in {c.name_a}. "
    if c.replicates >= FEW:
        words += f"At the right: share of pairs that end further {sides.east} ({letters[1]}) or {sides.west} ({letters[2]})."
    return words
