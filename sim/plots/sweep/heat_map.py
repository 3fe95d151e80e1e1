"""Where in the plane of two axes does the answer tip?

A cell for each pair of values: the share of replicates in which the outcome is higher, and the line of even odds
between the cells. A square marks the scenario's own values.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.plots.sheet import palette, points, text
from sim.plots.sheet.sheet import MARGIN, Sheet
from sim.sweep.answer import a_run
from sim.sweep.odds import odds

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap

    from sim.sweep.folder import Sweep

MOST = 2
CELL_WIDE, CELL_HIGH, LEFT, HEAD, GAP, BAR = 0.62, 0.42, 0.85, 0.4, 0.9, 0.75


def missing(sweep: Sweep) -> str | None:
    """Why this sweep has no such picture, or None."""
    if not points.listed(sweep):
        return "it takes listed values, and the sweep draws them; see tornado"
    axes = points.varied(sweep)
    if len(axes) != 2:
        return f"it takes two axes beside two scenarios, and the sweep has {len(axes)}"
    if sweep.manifest["design"] == "zip":
        return "the two axes go in step"
    return None if sweep.outcomes() else "no run of the sweep has an outcome"


def figure(sweep: Sweep, subjects: Sequence[str] | None = None) -> Sheet:
    """The picture, of `subjects` such as `cooperation:eight`, or of the first two outcomes."""
    outcomes = points.chosen(sweep, subjects, MOST)
    across, up = (points.scale(sweep, key) for key in reversed(points.varied(sweep)))
    run = a_run(sweep)
    room = max(CELL_WIDE, 0.16 + max(text.width(word, 7.5) for word in across.words))
    wide_panel, high_panel = room * len(across.values), CELL_HIGH * len(up.values)
    panels = len(outcomes) * wide_panel + (len(outcomes) - 1) * GAP
    wide = max(2 * MARGIN + LEFT + panels + BAR, 6.6)
    explain = (
        f"{points.odds_words(sweep, run, outcomes[0])} (%, a tie counts half)"
        f"{'; the same of each outcome' if len(outcomes) > 1 else ''}. Line: even odds. "
        "Square: the scenario's own values."
    )
    sheet = Sheet(
        wide,
        HEAD + high_panel + 0.66,
        title=f"By {up.title} and {across.title}",
        explain=explain,
        footer=points.footer(sweep),
    )
    for k, outcome in enumerate(outcomes):
        left = MARGIN + LEFT + k * (wide_panel + GAP)
        for row, line in enumerate(text.wrap(points.title_of(run, outcome), wide_panel + GAP - 0.2, 9, True, lines=1)):
            sheet.write(left, HEAD - 0.16 + 0.15 * row, line, size=9, weight="bold")
        axes = sheet.panel(left, HEAD, wide_panel, high_panel)
        _cells(axes, sweep, across, up, outcome, words=k == 0)
        sheet.write(left + wide_panel / 2, HEAD + high_panel + 0.42, across.title, size=8, color=palette.QUIET, ha="center")
    middle = HEAD + high_panel / 2
    sheet.write(
        MARGIN + 0.1, middle, up.title, size=8, color=palette.QUIET, rotation=90, rotation_mode="anchor", ha="center"
    )
    _bar(sheet, MARGIN + LEFT + panels + 0.25, high_panel)
    return sheet


def colours() -> Colormap:
    """0 purple over white at even odds to 1 brown, as dark at both ends."""
    from matplotlib import colormaps

    return colormaps["PuOr_r"].with_extremes(bad=palette.EMPTY)


def _cells(axes: Axes, sweep: Sweep, across: points.Scale, up: points.Scale, outcome: str, *, words: bool) -> None:
    shares = np.full((len(up.values), len(across.values)), np.nan)
    for one in odds(sweep, outcome):
        shares[_index(up, one.point[up.key]), _index(across, one.point[across.key])] = one.share
    rows, columns = shares.shape
    axes.pcolormesh(
        np.arange(columns + 1) - 0.5,
        np.arange(rows + 1) - 0.5,
        np.ma.masked_invalid(shares),
        cmap=colours(),
        vmin=0,
        vmax=1,
        edgecolor=palette.PAPER,
        linewidth=1.2,
    )
    for row in range(rows):
        for column in range(columns):
            share = shares[row, column]
            if np.isfinite(share):
                dark = abs(share - 0.5) > 0.28
                axes.text(
                    column,
                    row,
                    f"{100 * share:.0f}",
                    size=8,
                    ha="center",
                    va="center",
                    color=palette.PAPER if dark else palette.INK,
                    zorder=4,
                )
    if rows > 1 and columns > 1 and np.isfinite(shares).all() and shares.min() < 0.5 < shares.max():
        axes.contour(np.arange(columns), np.arange(rows), shares, levels=[0.5], colors=[palette.INK], linewidths=2.0)
    _square(axes, across, up)
    axes.set_xlim(-0.5, columns - 0.5)
    axes.set_ylim(-0.5, rows - 0.5)
    axes.spines["bottom"].set_visible(False)
    axes.set_xticks(range(columns), labels=across.words)
    axes.set_yticks(range(rows), labels=up.words if words else [""] * rows)
    axes.tick_params(axis="both", labelsize=7.5, length=0)


def _index(one: points.Scale, value: object) -> int:
    """The position of a value; the table's missing values are the axis' None."""
    return one.values.index(None if value is None or value != value else value)


def _square(axes: Axes, across: points.Scale, up: points.Scale) -> None:
    from matplotlib.patches import Rectangle

    at = [np.flatnonzero(np.isclose(one.places, one.standing)) if one.standing is not None else () for one in (across, up)]
    if len(at[0]) and len(at[1]):
        axes.add_patch(
            Rectangle(
                (at[0][0] - 0.46, at[1][0] - 0.44), 0.92, 0.88, fill=False, edgecolor=palette.INK, linewidth=2.0, zorder=5
            )
        )


def _bar(sheet: Sheet, left: float, high: float) -> None:
    axes = sheet.panel(left, HEAD, 0.14, high)
    axes.imshow(np.linspace(0, 1, 128)[:, None], origin="lower", aspect="auto", extent=(0, 1, 0, 1), cmap=colours())
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.yaxis.tick_right()
    axes.set_yticks([0, 0.5, 1], labels=["0", "50", "100"])
    axes.tick_params(axis="y", labelsize=7.5)
