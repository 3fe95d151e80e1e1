"""Which states come to trust each other more or less, and do the replicates agree?

Mean trust before and after, and the change: a row trusts a column. A triangle marks dyads where 90 % of replicates
agree on the sign; it points up for a rise and down for a fall, so that the sign is there without colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.plots import PictureError
from sim.plots.sheet import captions, matrix, palette, text
from sim.plots.sheet.scale import end_of_scale
from sim.plots.sheet.sheet import MARGIN, Sheet
from sim.plots.time.timeline import month_name, month_of
from sim.results.foremost import foremost, left_out
from sim.wording import capital

if TYPE_CHECKING:
    from sim.results import Run


def missing(run: Run) -> str | None:
    """Why this run has no such picture, or None."""
    if len(run.manifest.get("states") or ()) < 2:
        return "trust needs at least two states"
    return None


def figure(run: Run, subjects: Sequence[str] | None = None) -> Sheet:
    """The picture, of all states or of `subjects`; of more than sixty, of the foremost."""
    ledger = run.ledger()
    codes = [str(s) for s in ledger.states]
    unknown = [s for s in subjects or () if s not in codes]
    if unknown:
        raise PictureError(f"no state {', '.join(unknown)} in this run; there is: {', '.join(codes)}")
    shown = subjects or foremost(run)
    order, sides = matrix.ordered(run, [s for s in codes if s in shown])
    said = "" if subjects else left_out(run, len(order))
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
    sheet = Sheet(
        wide,
        top + side + low + 0.42,
        title=f"Trust before, after and change: {start} to {end}",
        explain=_explain(run, order, change),
        notes=[said] if said else [],
        footer=captions.footer(run),
    )
    reach = end_of_scale(change)
    panels = (
        (f"Before: start of {start}", np.where(same, np.nan, before), palette.level_map(), 1.0),
        (f"After: end of {end}", np.where(same, np.nan, after), palette.level_map(), 1.0),
        ("Change", change, palette.change_map(), reach),
    )
    for k, (title, values, colours, most) in enumerate(panels):
        left = MARGIN + label + k * (label + side + 0.35)
        axes = matrix.panel(sheet, left, top, side, values, order, sides, colours, most, title, size)
        if k == 2 and _many(run):
            matrix.signs(axes, change, rising, side / count)
        if k != 1:
            matrix.scale(
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
            matrix.groups(sheet, left, top + side + low + 0.36, sides, run)
    if _many(run):
        matrix.sign_legend(sheet, MARGIN + label + 2 * (label + side + 0.35), top + side + low + 0.36)
    return sheet


def _many(run: Run) -> bool:
    """Agreement between replicates needs a few of them."""
    return int(run.manifest["replicates"]) >= 10


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
    return words + (capital(said) + "." if parts else "No dyad changes by more than 0.005.")
