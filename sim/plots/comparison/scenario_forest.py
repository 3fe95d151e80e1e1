"""What does each change do, to several outcomes at once?

A row for each scenario that the first is compared with, a column for each outcome with a scale of its own: the mean
difference, and 50 and 90 % of the pairs. A dot is filled where luck does not explain the mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.plots.sheet import palette, text
from sim.plots.sheet.pairs import footer, series_of
from sim.plots.sheet.sheet import MARGIN, Sheet
from sim.plots.time import fan
from sim.questions.compare.answer import digits_for, ends, phrase
from sim.questions.effect import FEW
from sim.results import ResultsError
from sim.wording import capital

if TYPE_CHECKING:
    from sim.questions.compare import Comparison, Difference

COLUMN, GAP, ROW, HEAD = 1.75, 0.22, 0.62, 0.5
MOST = 6


def missing(comparisons: list[Comparison]) -> str | None:
    """Why there is no such picture, or None."""
    if all(c.same for c in comparisons):
        return "the runs are the same: every difference is exactly 0"
    if comparisons[0].replicates < FEW and comparisons[0].paired:
        return f"intervals need {FEW} replicates"
    return None


def default(comparisons: list[Comparison]) -> list[str]:
    """Cooperation of up to two groups, trust in up to two watched dyads, the East bloc, the first actor."""
    about = comparisons[0].a.manifest
    groups = list(about.get("sets") or ()) or [row["code"] for row in about.get("organisations") or ()]
    wanted = [f"cooperation:{name}" for name in (groups or ["world"])[:2]]
    wanted += [f"trust:{a}>{b}" for a, b in (about.get("watch") or ())[:2]]
    wanted += [
        f"bloc_size:{comparisons[0].a.sides.east}",
        *(f"strength:{row['code']}" for row in (about.get("actors") or ())[:1]),
    ]
    return [name for name in wanted if all(_has(c, name) for c in comparisons)]


def _has(c: Comparison, name: str) -> bool:
    try:
        return bool(np.isfinite(c.of(*name.split(":", 1)).mean[-1]))
    except ResultsError:
        return False


def figure(comparisons: list[Comparison], subjects: Sequence[str] | None = None) -> Sheet:
    """The picture, of `subjects` such as `trust:RUS>CHN`, or of the default outcomes."""
    series = list(subjects or default(comparisons))[:MOST]
    table = [[series_of(c, name) for name in series] for c in comparisons]
    titles = [_row_title(c) for c in comparisons]
    room = min(2.4, 0.15 + max(max(text.width(a, 9, True), text.width(b, 7.5)) for a, b in titles))
    wide = max(2 * MARGIN + room + len(series) * (COLUMN + GAP), 7.0)
    high = ROW * len(table)
    c = comparisons[0]
    others = "each other scenario" if len(table) > 1 else c.name_b
    pairs = "pairs of replicates with the same luck" if c.paired else "pairs of independent replicates"
    explain = (
        f"Dot: mean difference, filled where luck does not explain it; thick line: 50 %, thin line: 90 % of {pairs}. "
        f"{_taken(c)} Each column has its own scale."
    )
    sheet = Sheet(wide, HEAD + high + 0.32, title=f"{c.name_a} minus {others}", explain=explain, footer=footer(comparisons))
    for row, (name, about) in enumerate(titles):
        y = HEAD + (row + 0.5) * ROW
        sheet.write(MARGIN, y - (0.08 if about else 0), text.shorten(name, room - 0.1, 9, True), size=9, weight="bold")
        sheet.write(MARGIN, y + 0.09, text.shorten(about, room - 0.1, 7.5), size=7.5, color=palette.QUIET)
    for k in range(len(series)):
        left = MARGIN + room + k * (COLUMN + GAP)
        column = [row[k] for row in table]
        _heading(sheet, left, _title(c, column[0]))
        _column(sheet, left, column)
    return sheet


def _taken(c: Comparison) -> str:
    """The months that the numbers are of."""
    if c.span is not None:
        return f"{c.span.said().capitalize()}."
    return f"At the end of {ends(c)}; cooperation on average since the two part."


def _row_title(c: Comparison) -> tuple[str, str]:
    """What the row is against, and its title."""
    return f"{'minus ' if c.name_b else ''}{c.name_b}", text.clean(c.b.manifest.get("title") or "")


def _title(c: Comparison, d: Difference) -> str:
    """What a column is; an actor by its code where its name is too long for two lines."""
    words = capital(phrase(c.a, d.measure, d.subject))
    if text.wrap(words, COLUMN, 8.5, True, lines=2) != text.wrap(words, COLUMN, 8.5, True, lines=9):
        words = words.replace(c.a.name.one(d.subject), d.subject)
    return words


def _heading(sheet: Sheet, left: float, words: str) -> None:
    lines = text.wrap(words, COLUMN, 8.5, True, lines=2)
    for k, line in enumerate(lines):
        sheet.write(left, HEAD - 0.1 - 0.15 * (len(lines) - 1 - k), line, size=8.5, weight="bold")


def _column(sheet: Sheet, left: float, column: list[Difference]) -> None:
    """One outcome: an interval a row, zero, and round numbers below."""
    high = ROW * len(column)
    numbers = np.array([d.pairs for d in column])
    low, top = min(0.0, float(numbers.min())), max(0.0, float(numbers.max()))
    air = 0.14 * (top - low) if top > low else 0.01
    low, top = low - air, top + air
    axes = sheet.panel(left, HEAD, COLUMN, high)
    axes.set_xlim(low, top)
    axes.set_ylim(len(column), 0)
    axes.set_yticks([])
    places, digits = fan.round_numbers(low, top, 3.2)
    axes.set_xticks(places, labels=[text.number(place, digits) for place in places])
    axes.tick_params(axis="x", labelsize=7.5)
    axes.grid(axis="x", color=palette.RULE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.axvline(0, color=palette.INK, linewidth=0.9)
    for row, d in enumerate(column):
        q05, q25, _, q75, q95 = numbers[row]
        y, middle, sure = row + 0.56, d.effect.mean, bool(d.effect.direction())
        axes.plot([q05, q95], [y, y], color=palette.RUN, linewidth=1.3, solid_capstyle="butt")
        axes.plot([q25, q75], [y, y], color=palette.RUN, linewidth=4.2, solid_capstyle="butt")
        axes.plot(
            [middle],
            [y],
            marker="o",
            markersize=6,
            markeredgecolor=palette.RUN,
            markeredgewidth=1.5,
            markerfacecolor=palette.RUN if sure else palette.PAPER,
            linestyle="none",
        )
        _say(sheet, left, row, d, (middle - low) / (top - low) * COLUMN)


def _say(sheet: Sheet, left: float, row: int, d: Difference, at: float) -> None:
    """The mean and the share of pairs above its dot, kept inside the column."""
    number = text.number(d.effect.mean, min(3, digits_for(d)), True)
    below, above = d.effect.below, d.effect.above
    share = f"{text.percent(above)} higher" if above >= below else f"{text.percent(below)} lower"
    share = "all the same" if below + above == 0 else share
    wide = text.width(number, 8.5, True) + text.width(f"  {share}", 7.5)
    start = left + min(max(at - wide / 2, 0.0), COLUMN - wide)
    y = HEAD + (row + 0.56) * ROW - 0.17
    paper = {"facecolor": palette.PAPER, "edgecolor": "none", "pad": 0.6}  # the line of zero stops behind the words
    sheet.write(start, y, f"{number}  {share}", size=7.5, color=palette.PAPER, bbox=paper)
    sheet.write(start, y, number, size=8.5, weight="bold", color=palette.INK)
    sheet.write(start + text.width(number, 8.5, True), y, f"  {share}", size=7.5, color=palette.QUIET)
