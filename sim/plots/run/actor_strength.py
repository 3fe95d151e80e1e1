"""How strong does each non-state actor become, beside what observers have published?

One panel an actor: median, 50 and 90 % bands of its strength; published estimates as points or ranges, each with who
said it, because observers differ several-fold about the same moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.plots import PictureError
from sim.plots.sheet import callouts, captions, palette, text
from sim.plots.sheet.callouts import Callout, Point
from sim.plots.sheet.sheet import MARGIN, Sheet
from sim.plots.time import banner, fan, marks, spread
from sim.plots.time.panel import Panel
from sim.plots.time.timeline import Timeline, month_name, month_of, months_of, timeline
from sim.wording import listing

if TYPE_CHECKING:
    from sim.results import Run

MEASURE = "strength"
WIDE, LEFT, END = 10.0, 0.75, 1.0
MOST = 4


def missing(run: Run) -> str | None:
    """Why this run has no such picture, or None."""
    if MEASURE not in run.measures() or not run.subjects(MEASURE):
        return "the scenario has no non-state actors"
    return None


def figure(run: Run, subjects: Sequence[str] | None = None) -> Sheet:
    """The picture, of `subjects` or of the first four actors."""
    have = run.subjects(MEASURE)
    unknown = [s for s in subjects or () if s not in have]
    if unknown:
        raise PictureError(f"no actor {', '.join(unknown)} in this run; there is: {', '.join(have)}")
    shown = list(subjects or have)[:MOST]
    axis = timeline(run.series(MEASURE, shown[0])[0], LEFT, WIDE - LEFT - MARGIN - END - 0.6)
    every = marks.read(run)
    kept = [m for m in every if m.reach.bears_on(shown)]
    bands = banner.plan(kept, axis, WIDE)
    high = {1: 3.9, 2: 2.6}.get(len(shown), 2.0)
    step = high + 0.42
    tops = [bands.high + 0.3 + k * step for k in range(len(shown))]
    panels = [
        Panel(axis, 0.12 if k == 0 else top - 0.14, top, high, _bounds(run, axis, subject), k == len(shown) - 1)
        for k, (subject, top) in enumerate(zip(shown, tops, strict=True))
    ]
    laid = [_laid(run, panel, subject) for panel, subject in zip(panels, shown, strict=True)]
    key = [line for _, _, lines in laid for line in lines]
    notes = marks.omitted(every, axis, sum(axis.contains(m.month) for m in kept), "the actor")
    notes += ["Not labelled for want of room: " + "; ".join(key) + "."] if key else []
    sheet = Sheet(
        WIDE,
        tops[-1] + high + 0.34 + bands.below,
        title=f"Strength of {listing([captions.subject_name(run, s) for s in shown])}",
        explain=_explain(run, any(_estimates(run, axis, s) for s in shown)),
        notes=notes,
        footer=captions.footer(run),
    )
    for panel, subject, (points, placed, _) in zip(panels, shown, laid, strict=True):
        _panel(run, sheet, panel, subject, points, placed)
    banner.draw(bands, sheet, tops, [t + high for t in tops])
    banner.legend(bands, sheet, tops[-1] + high + 0.34)
    return sheet


def _estimates(run: Run, axis: Timeline, actor: str) -> list[tuple[float, float, float, str]]:
    """Published (month, low, high, observer) about an actor within the axis, in order of time."""
    rows = []
    for row in run.manifest.get("estimates") or ():
        month = month_of(row.get("date", ""))
        low, high = row.get("low"), row.get("high")
        low, high = (high if low is None else low), (low if high is None else high)
        if month is None or low is None or not axis.contains(month) or row.get("actor") != actor:
            continue
        rows.append((month, float(low), float(high), text.clean(row.get("observer") or "observer not named")))
    return sorted(rows)


def _laid(run: Run, panel: Panel, subject: str) -> tuple[list[Point], list[Callout], list[str]]:
    """The estimates of a panel, their callouts, and a line for each that found no room, laid out before the sheet."""
    rows, points = _estimates(run, panel.axis, subject), []
    for month, low, up, observer in rows:
        said = text.number(low, 0) if low == up else f"{text.number(low, 0)}–{text.number(up, 0)}"
        x, over, under = panel.axis.inch(month), panel.inch(up), panel.inch(low)
        while any(abs(p.x - x) < 0.075 and p.high - 0.04 < under and over < p.low + 0.04 for p in points):
            x += 0.04
        points.append(Point(x, over, under, f"{observer} {said}"))
    room = (panel.axis.left, panel.axis.left + panel.axis.wide + 0.05, panel.top, panel.top + panel.high - 0.03)
    placed, key = callouts.place(points, room)
    dates = {point.words: month_name(row[0]) for point, row in zip(points, rows, strict=True)}
    return points, placed, [f"{line} ({dates[line.split('  ', 1)[1]]})" for line in key]


def _bounds(run: Run, axis: Timeline, subject: str) -> tuple[float, float]:
    """From zero to what holds the replicates and the published estimates."""
    published = [np.array([[low], [up]]) for _, low, up, _ in _estimates(run, axis, subject)]
    return 0.0, fan.limits([run.series(MEASURE, subject)[1], *published], least=10.0, low=0.0)[1]


def _panel(run: Run, sheet: Sheet, panel: Panel, subject: str, points: list[Point], placed: list[Callout]) -> None:
    """One actor: fan, points with callouts, distribution at the end."""
    times, values = run.series(MEASURE, subject)
    fan.draw(panel.open(sheet), months_of(times), values)
    panel.heading(sheet, f"{captions.subject_name(run, subject)}, fighters", captions.change_words(values, 0))
    for point, label in zip(points, placed, strict=True):
        _estimate(sheet, point, label)
    ends = values[np.isfinite(values[:, -1]), -1]
    if not len(ends):
        return
    panel.ending(sheet, times, ends, END)
    middle, x = float(np.median(ends)), panel.axis.left + panel.axis.wide + 0.07
    sheet.write(x, panel.inch(middle), text.number(middle, 0), size=8.5, color=palette.RUN, weight="bold")


def _estimate(sheet: Sheet, point: Point, label: Callout) -> None:
    """A published range or point with its callout, on a white edge so that it stands out from the fan."""
    from matplotlib.patheffects import withStroke

    ink, xs, ys = palette.ESTIMATE, [point.x, point.x], [point.high, point.low]
    if point.low - point.high > 0.02:
        edge = [withStroke(linewidth=3.4, foreground="white")]
        sheet.line(xs, ys, color=ink, linewidth=1.6, path_effects=edge)
        sheet.line(xs, ys, marker="_", markersize=6, color=ink, linestyle="none")
    else:
        dot = {"marker": "o", "markersize": 5, "markeredgecolor": "white", "markeredgewidth": 0.8}
        sheet.line(xs[:1], ys[:1], color=ink, linestyle="none", **dot)
    if label.leader:
        near = min(max(label.leader[0], label.left), label.right)
        end = label.y + (0.07 if label.leader[1] > label.y else -0.07)
        sheet.line([label.leader[0], near], [label.leader[1], end], color=palette.QUIET, linewidth=0.6)
    box = {"facecolor": "white", "alpha": 0.7, "linewidth": 0, "pad": 0.6}
    sheet.write(label.left, label.y, label.words, size=callouts.SIZE, color=ink, bbox=box)


def _explain(run: Run, published: bool) -> str:
    """Bands, and what the points are."""
    count = int(run.manifest["replicates"])
    how = (
        "One replicate: one possible course. "
        if count == 1
        else f"Thick line: median; thin lines: the {count} replicates. "
        if count < spread.FEW
        else "Line: median; dark band: 50 %, light band: 90 % of replicates. Right: where the replicates end. "
    )
    if published:
        how += "Black: published estimates with who said so; observers count differently."
    return how
