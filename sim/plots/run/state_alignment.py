"""Who moves, how far, and how sure is that?

One small panel a state, ordered by alignment at the end: median, 50 and 90 % bands of its alignment, in the colour of the
bloc that most replicates have chosen at the end. Where a state ends in two groups of replicates, their density instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.plots import PictureError
from sim.plots.sheet import blocs, captions, palette, text
from sim.plots.sheet.sheet import Sheet
from sim.plots.time import marks, multiples, spread
from sim.plots.time.multiples import Small
from sim.plots.time.timeline import month_of

if TYPE_CHECKING:
    from sim.results import Run

WIDE, MOST = 10.0, 48


def missing(run: Run) -> str | None:
    """Why this run has no such picture, or None."""
    return blocs.missing(run)


def figure(run: Run, subjects: Sequence[str] | None = None) -> Sheet:
    """The picture, of `subjects` or of all states; of more than 48, those that move or spread most."""
    states = run.subjects("alignment")
    unknown = [s for s in subjects or () if s not in states]
    if unknown:
        raise PictureError(f"no alignment of {', '.join(unknown)} in this run; there is: {', '.join(states)}")
    states = list(subjects or states)
    times = run.times("alignment")
    ends = {state: run.series("bloc", state)[1][:, -1] for state in states}  # one measure after the other
    values = {state: run.series("alignment", state)[1] for state in states}
    shown = blocs.liveliest(values, MOST)
    shown.sort(key=lambda s: -float(np.nan_to_num(np.median(values[s][:, -1]))))
    reach = blocs.reach(np.concatenate([np.quantile(values[s], [0.02, 0.98]) for s in shown]))
    grid = multiples.plan(WIDE, len(shown), (-reach, reach), blocs.scale_ends(reach, run), (palette.EAST, palette.WEST))
    names, events = captions.names(run, "states"), marks.read(run)
    first, last = month_of(times[0]), month_of(times[-1])
    panels = []
    for state in shown:
        side, share = blocs.most_frequent(ends[state])
        said = run.sides.letters[side] + (f" {text.percent(share)}" if len(ends[state]) > 1 else "")
        ticks = [m.month for m in events if m.reach.names(state) and first <= m.month <= last]
        panels.append(
            Small(names.get(state, state), state, said, values[state], blocs.COLOURS[side], blocs.INKS[side], ticks=ticks)
        )
    left_out = len(states) - len(shown)
    notes = [f"Not shown: {left_out} states that move and spread less."] if left_out else []
    two = any(multiples.parted(values[state], grid.bounds) for state in shown)
    sheet = Sheet(
        WIDE,
        grid.body(len(panels)),
        title=_title(len(panels)),
        explain=_explain(run, reach, two, panels),
        notes=notes,
        footer=captions.footer(run),
    )
    multiples.draw(sheet, grid, times, panels)
    return sheet


def _title(count: int) -> str:
    """A plain label."""
    return "Alignment of the state" if count == 1 else f"Alignment of each of {count} states"


def _explain(run: Run, reach: float, two: bool, panels: Sequence[Small]) -> str:
    """Which sides, and how to read a panel."""
    count = int(run.manifest["replicates"])
    low, high = f"{text.MINUS}{text.number(reach)} ({run.sides.west})", f"{text.number(reach)} ({run.sides.east})"
    how = f"{blocs.sides(run)}Alignment from {low} to {high}. "
    if count == 1:
        how += "One replicate: one possible course. "
    elif count < spread.FEW:
        how += f"Thick line: median; thin lines: the {count} replicates. "
    else:
        how += "Line: median; dark band: 50 %, light band: 90 % of replicates. "
    how += f"At the right: the bloc{' of most replicates' if count > 1 else ''} at the end ({run.sides.key})."
    if two:
        how += " Where a state ends in two groups, shading is the density of replicates."
    if any(panel.ticks for panel in panels):
        how += " Ticks below: events that name the state."
    return how
