"""What do three or more axes do together?

A panel for each combination of all axes but one: the outcome at the end along that one, median and 90 % of replicates,
a line for each scenario. All panels have one scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.plots.sheet import palette, points, text
from sim.plots.sheet.sheet import MARGIN, Sheet
from sim.sweep.answer import a_run
from sim.wording import listing

if TYPE_CHECKING:
    import pandas as pd

    from sim.sweep.folder import Sweep

MOST = 24
ACROSS = 4
WIDE, HIGH, GAP, HEAD, LEFT = 2.0, 1.25, 0.25, 0.36, 0.55
COLOURS = (palette.RUN, palette.SECOND, palette.WEST, palette.EAST)


def missing(sweep: Sweep) -> str | None:
    """Why this sweep has no such picture, or None."""
    if sweep.manifest["design"] != "grid" or not points.listed(sweep):
        return "it takes a grid"
    axes = _axes(sweep)
    if len(points.varied(sweep)) < 3:
        return f"it takes three axes or more, and the sweep has {len(points.varied(sweep))}; see even_odds and heat_map"
    count = int(np.prod([len(points.scale(sweep, key).values) for key in axes[1:]]))
    if count > MOST:
        return f"it would have {count} panels; at most {MOST}"
    return None if sweep.outcomes() else "no run of the sweep has an outcome"


def _axes(sweep: Sweep) -> list[str]:
    """The axis of the lines, then those of the panels: the longest numeric one, then the others in their order."""
    keys = [key for key in sweep.axes if key != "scenario"]
    scales = {key: points.scale(sweep, key) for key in keys}
    first = max(keys, key=lambda key: (scales[key].numeric, len(scales[key].values)), default=None)
    return [first, *(key for key in keys if key != first)] if first else []


def figure(sweep: Sweep, subjects: Sequence[str] | None = None) -> Sheet:
    """The picture, of the first of `subjects`, or of the first outcome."""
    outcome = points.chosen(sweep, subjects, 1)[0]
    along, *others = _axes(sweep)
    one, run, table = points.scale(sweep, along), a_run(sweep), sweep.table()
    table = table[table["status"] == "done"]
    groups = list(table.groupby(others, sort=False, dropna=False))
    names = list(dict.fromkeys(table["scenario"]))
    columns = min(ACROSS, len(groups), max(len(points.scale(sweep, others[-1]).values), 2))
    lines = -(-len(groups) // columns)
    wide = 2 * MARGIN + LEFT + columns * WIDE + (columns - 1) * GAP
    body = 0.3 + lines * (HEAD + HIGH + 0.3) + 0.2
    explain = (
        f"{points.title_of(run, outcome)} at the end of each run: median, and 90 % of replicates. "
        f"Along each panel: {one.title}; the panels: {listing([points.scale(sweep, key).title for key in others])}."
    )
    sheet = Sheet(
        wide,
        body,
        title=f"{points.title_of(run, outcome)}, by {len(others) + 1} parameters",
        explain=explain,
        footer=points.footer(sweep),
    )
    low, high = (float(f(table[f"{outcome}.end.{q}"])) for f, q in ((np.nanmin, "p05"), (np.nanmax, "p95")))
    at = MARGIN + LEFT
    for k, name in enumerate(names):
        sheet.line([at, at + 0.25], [0.1, 0.1], color=COLOURS[k % 4], linewidth=1.8, linestyle=_dash(k))
        sheet.write(at + 0.31, 0.1, name, size=8, color=COLOURS[k % 4], weight="bold")
        at += 0.31 + text.width(name, 8, True) + 0.25
    for k, (values, group) in enumerate(groups):
        row, column = divmod(k, columns)
        left, top = MARGIN + LEFT + column * (WIDE + GAP), 0.3 + row * (HEAD + HIGH + 0.3) + HEAD
        words = ", ".join(
            f"{key.rsplit('.', 1)[-1]} {value:g}" if isinstance(value, float) else f"{key.rsplit('.', 1)[-1]} {value}"
            for key, value in zip(others, values)
        )
        sheet.write(left, top - 0.12, text.shorten(words, WIDE, 8), size=8)
        axes = sheet.panel(left, top, WIDE, HIGH)
        axes.set_xlim(*points.reach(one))
        _lines(axes, one, group, outcome, names)
        points.value_rules(axes, low, high)
        if column:
            axes.set_yticklabels([])
        points.ticks(axes, one, WIDE)
    return sheet


def _dash(k: int) -> object:
    return ("-", (0, (5, 2)), (0, (1, 1)), (0, (6, 2, 1, 2)))[k % 4]


def _lines(axes: object, one: points.Scale, group: pd.DataFrame, outcome: str, names: list[str]) -> None:
    for k, name in enumerate(names):
        rows = group[group["scenario"] == name]
        if not len(rows):
            continue
        x = np.array([one.place(value) for value in rows[one.key]])
        order = np.argsort(x)
        p05, middle, p95 = (rows[f"{outcome}.end.{q}"].to_numpy()[order] for q in ("p05", "median", "p95"))
        axes.fill_between(x[order], p05, p95, color=COLOURS[k % 4], alpha=0.14, linewidth=0)
        axes.plot(x[order], middle, color=COLOURS[k % 4], linewidth=1.7, linestyle=_dash(k), marker="o", markersize=2.6)
