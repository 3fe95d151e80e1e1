"""Where along one axis does the answer tip?

Above: the share of replicates in which the outcome is higher (in the one scenario than in the other, or at the end than
at the start), with its 95 % interval; where the line crosses even odds, the value is written. Below: the outcome itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.plots.sheet import palette, points, text
from sim.plots.sheet.sheet import MARGIN, Sheet
from sim.sweep.answer import a_run
from sim.sweep.odds import Odds, contrast, crossings, odds

if TYPE_CHECKING:
    from sim.results import Run
    from sim.sweep.folder import Sweep

MOST = 3
LEFT, GAP, HEAD, SHARE, VALUE, BETWEEN = 0.55, 0.7, 0.42, 1.9, 1.5, 0.34


def missing(sweep: Sweep) -> str | None:
    """Why this sweep has no such picture, or None."""
    if not points.listed(sweep):
        return "it takes listed values, and the sweep draws them; see tornado"
    axes = points.varied(sweep)
    if len(axes) != 1:
        return f"it takes one axis beside two scenarios, and the sweep has {len(axes)}"
    if len(points.scale(sweep, axes[0]).values) < 2:
        return "the axis has one value"
    return None if sweep.outcomes() else "no run of the sweep has an outcome"


def figure(sweep: Sweep, subjects: Sequence[str] | None = None) -> Sheet:
    """The picture, of `subjects` such as `cooperation:eight`, or of the first three outcomes."""
    outcomes = points.chosen(sweep, subjects, MOST)
    one, run, pair = points.scale(sweep, points.varied(sweep)[0]), a_run(sweep), contrast(sweep)
    wide_panel = {1: 5.6, 2: 3.9}.get(len(outcomes), 2.9)
    wide = 2 * MARGIN + LEFT + len(outcomes) * wide_panel + (len(outcomes) - 1) * GAP
    against = f"{pair[0]} against {pair[1]}" if pair else "from start to end"
    higher = f"in {pair[0]} than in {pair[1]}, with the same luck" if pair else "at the end than at the start"
    explain = (
        f"Above: share of replicates with a higher value {higher} (a tie counts half); bars: 95 % interval; dashed: even "
        "odds. Below: the outcome at the end, median and 90 % of replicates. Dotted: the scenario's own value."
    )
    body = HEAD + SHARE + BETWEEN + VALUE + 0.62
    sheet = Sheet(wide, body, title=f"By {one.title}: {against}", explain=explain, footer=points.footer(sweep))
    for k, outcome in enumerate(outcomes):
        _column(sheet, MARGIN + LEFT + k * (wide_panel + GAP), wide_panel, sweep, run, one, outcome, k == 0)
    return sheet


def _column(
    sheet: Sheet, left: float, wide: float, sweep: Sweep, run: Run, one: points.Scale, outcome: str, first: bool
) -> None:
    for k, line in enumerate(text.wrap(points.title_of(run, outcome), wide, 9, True, lines=2)):
        sheet.write(left, 0.08 + 0.16 * k, line, size=9, weight="bold")
    found = sorted(odds(sweep, outcome), key=lambda o: one.place(o.point[one.key]))
    x = np.array([one.place(o.point[one.key]) for o in found])
    _shares(sheet, left, wide, one, x, found, first)
    _values(sheet, left, wide, sweep, one, x, found, first)


def _shares(
    sheet: Sheet, left: float, wide: float, one: points.Scale, x: np.ndarray, found: list[Odds], first: bool
) -> None:
    axes = sheet.panel(left, HEAD, wide, SHARE)
    axes.set_xlim(*points.reach(one))
    axes.set_ylim(-0.04, 1.04)
    marks = (0, 0.25, 0.5, 0.75, 1)
    axes.set_yticks(marks, labels=[f"{100 * m:.0f} %" for m in marks])
    axes.tick_params(axis="y", labelsize=7.5)
    axes.grid(axis="y", color=palette.RULE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_xticks([])
    axes.axhline(0.5, color=palette.INK, linewidth=0.9, linestyle=(0, (4, 3)))
    if one.standing is not None:
        axes.axvline(one.standing, color=palette.QUIET, linewidth=0.9, linestyle=":")
    shares = np.array([o.share for o in found])
    bars = np.array([[o.share - o.low, o.high - o.share] for o in found]).T
    axes.errorbar(
        x, shares, yerr=np.clip(bars, 0, None), color=palette.RUN, linewidth=1.6, marker="o", markersize=4.5, elinewidth=1.1
    )
    moving = np.array([o.differing > 0 for o in found])
    if not moving.any():
        axes.text(0.5, 0.6, "no difference", size=8, color=palette.INK, ha="center", transform=axes.transAxes)
    elif one.numeric:
        low, high = points.reach(one)
        for cross in list(crossings(x[moving], shares[moving]))[:3]:
            axes.plot([cross], [0.5], marker="D", markersize=6, color=palette.INK, zorder=4)
            words = f"even at {cross:.3g}"
            room = text.width(words, 8, True) / wide * (high - low)
            at = min(max(cross + 0.025 * (high - low), low), high - room)
            paper = {"facecolor": palette.PAPER, "edgecolor": "none", "pad": 0.8, "alpha": 0.9}
            axes.text(at, 0.575, words, size=8, weight="bold", color=palette.INK, va="center", bbox=paper, zorder=5)


def _values(
    sheet: Sheet, left: float, wide: float, sweep: Sweep, one: points.Scale, x: np.ndarray, found: list[Odds], first: bool
) -> None:
    top = HEAD + SHARE + BETWEEN
    axes = sheet.panel(left, top, wide, VALUE)
    axes.set_xlim(*points.reach(one))
    names = list(contrast(sweep) or dict.fromkeys(name for o in found for name in o.ends))
    lowest, highest, labels = np.inf, -np.inf, {}
    for k, name in reversed(list(enumerate(names))):
        bands = np.array([np.nanquantile(o.ends[name], (0.05, 0.5, 0.95)) for o in found])
        colour = (points.ALTERNATIVE, points.REFERENCE)[k]
        axes.fill_between(x, bands[:, 0], bands[:, 2], color=colour, alpha=0.16, linewidth=0)
        axes.plot(x, bands[:, 1], color=colour, linewidth=1.8, linestyle="-" if k == 0 else (0, (5, 2)))
        lowest, highest = min(lowest, bands.min()), max(highest, bands.max())
        labels[name] = colour, bands[-1, 1]
    points.value_rules(axes, lowest, highest)
    points.ticks(axes, one, wide)
    if one.standing is not None:
        axes.axvline(one.standing, color=palette.QUIET, linewidth=0.9, linestyle=":")
    if first and len(names) > 1:
        at = left
        for k, name in enumerate(names):
            sheet.line(
                [at, at + 0.25],
                [top - 0.13] * 2,
                color=labels[name][0],
                linewidth=1.8,
                linestyle="-" if k == 0 else (0, (4, 2)),
            )
            sheet.write(at + 0.31, top - 0.13, name, size=8, color=labels[name][0], weight="bold")
            at += 0.31 + text.width(name, 8, True) + 0.25
    sheet.write(left + wide / 2, top + VALUE + 0.4, one.title, size=8, color=palette.QUIET, ha="center")
