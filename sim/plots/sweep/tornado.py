"""Which number matters most for the outcome?

One axis at a time: from the run as it stands to each end of each axis, with the 95 % Monte-Carlo interval of the paired
change. Of a Morris or Sobol design: the sensitivity indices with their 95 % intervals.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.plots.sheet import palette, points, text
from sim.plots.sheet.sheet import MARGIN, Sheet
from sim.plots.time import fan
from sim.results import open_run
from sim.sweep.answer import a_run
from sim.sweep.odds import Z
from sim.sweep.sensitivity import INDICES, indices

if TYPE_CHECKING:
    from sim.results import Run
    from sim.sweep.folder import Sweep

LOW, HIGH = "#E69F00", "#56B4E9"
ROW, HEAD, WIDE, BAR = 0.36, 0.42, 5.6, 0.22
MOST = 16


def missing(sweep: Sweep) -> str | None:
    """Why this sweep has no such picture, or None."""
    design = sweep.manifest["design"]
    if design not in ("one", *INDICES):
        return "it takes design=one, morris or sobol"
    if sweep.manifest["counts"].get("done", 0) < sweep.manifest["jobs"]:
        return "some runs of the sweep failed"
    if design != "one" and sweep.table()["scenario"].nunique() > 1:
        return "its indices are of one scenario, and the sweep has several"
    return None if sweep.outcomes() else "no run of the sweep has an outcome"


def figure(sweep: Sweep, subjects: Sequence[str] | None = None) -> Sheet:
    """The picture, of the first of `subjects`, or of the first outcome."""
    outcome = points.chosen(sweep, subjects, 1)[0]
    run = a_run(sweep)
    return _one(sweep, run, outcome) if sweep.manifest["design"] == "one" else _indices(sweep, run, outcome)


def _room(names: Sequence[str]) -> float:
    return min(3.2, 0.2 + max(text.width(name, 9) for name in names))


def _one(sweep: Sweep, run: Run, outcome: str) -> Sheet:
    """Bars from the base to each end of each axis."""
    measure, _, subject = outcome.partition(":")
    table = sweep.table()

    def ends(row: Any) -> np.ndarray:
        return open_run(sweep.folder_of(row["folder"])).series(measure, subject)[1][:, -1].astype(float)

    base = ends(table.iloc[0])
    middle = float(np.nanmean(base))
    bars: dict[str, list[tuple[str, float, float]]] = {}
    number = 1
    for axis in sweep.manifest["axes"]:
        many = len(axis["values"]) if "values" in axis else 2
        for _ in range(many):
            change = ends(table.iloc[number]) - base
            value = table.iloc[number][axis["key"]]
            error = Z * float(np.nanstd(change, ddof=1)) / np.sqrt(np.isfinite(change).sum()) if len(change) > 1 else 0.0
            words = f"{value:.3g}" if isinstance(value, float) else "none" if value is None else str(value)
            bars.setdefault(axis["key"], []).append((words, float(np.nanmean(change)), error))
            number += 1
    shown = sorted(bars, key=lambda key: -max(abs(change) for _, change, _ in bars[key]))[:MOST]
    names = [points.scale(sweep, key).title for key in shown]
    room = _room(names)
    explain = (
        f"{points.title_of(run, outcome)} at the end, mean over replicates: the line is the run as it stands "
        f"({middle:.3g}); bars: one number changed at a time; black: 95 % Monte-Carlo interval of the paired change."
    )
    sheet = Sheet(
        2 * MARGIN + room + WIDE,
        HEAD + len(shown) * ROW + 0.6,
        title="One number at a time",
        explain=explain,
        footer=points.footer(sweep),
    )
    edges = [middle + s * error + change for rows in bars.values() for _, change, error in rows for s in (-1, 1)]
    axes = _panel(sheet, room, len(shown), min(*edges, middle), max(*edges, middle), 0.12)
    axes.axvline(middle, color=palette.INK, linewidth=1.2)
    span = axes.get_xlim()[1] - axes.get_xlim()[0]
    for k, key in enumerate(shown):
        sheet.write(MARGIN + room - 0.1, HEAD + (k + 0.5) * ROW, text.shorten(names[k], room - 0.1, 9), size=9, ha="right")
        rows = [bars[key][0], bars[key][-1]] if len(bars[key]) > 1 else bars[key]
        same_side = len(rows) == 2 and rows[0][1] * rows[1][1] > 0
        for which, (words, change, error) in enumerate(rows):
            high = BAR / ROW * (0.5 if same_side else 1.0)
            y = k + 0.5 + ((which - 0.5) * high if same_side else 0)
            axes.barh(y, change, left=middle, height=high, color=(LOW, HIGH)[which], linewidth=0)
            end = middle + change
            axes.plot([end - error, end + error], [y, y], color=palette.INK, linewidth=1.5, solid_capstyle="butt")
            other = rows[1 - which][1] if len(rows) == 2 else 0.0
            side = 1 if change > 0 or (change == 0 and other <= 0) else -1
            at = (max if side > 0 else min)(end + side * error, middle) + side * 0.008 * span
            axes.text(at, y, words, size=7.5, color=palette.QUIET, va="center", ha="left" if side > 0 else "right")
    at = MARGIN + room
    for colour, words in ((LOW, "first or low value"), (HIGH, "last or high value")):
        sheet.line([at, at + 0.16], [0.16, 0.16], color=colour, linewidth=7, solid_capstyle="butt")
        sheet.write(at + 0.24, 0.16, words, size=8)
        at += 0.24 + text.width(words, 8) + 0.3
    sheet.write(
        MARGIN + room + WIDE / 2,
        HEAD + len(shown) * ROW + 0.42,
        points.title_of(run, outcome),
        size=8,
        color=palette.QUIET,
        ha="center",
    )
    return sheet


def _panel(sheet: Sheet, room: float, rows: int, low: float, high: float, air: float):
    air = air * (high - low) if high > low else 0.05
    axes = sheet.panel(MARGIN + room, HEAD, WIDE, rows * ROW)
    axes.set_xlim(low - air, high + air)
    axes.set_ylim(rows, 0)
    axes.set_yticks([])
    places, digits = fan.round_numbers(low - air, high + air, 7)
    axes.set_xticks(places, labels=[text.number(place, digits) for place in places])
    axes.tick_params(axis="x", labelsize=7.5)
    axes.grid(axis="x", color=palette.RULE, linewidth=0.6)
    axes.set_axisbelow(True)
    return axes


def _indices(sweep: Sweep, run: Run, outcome: str) -> Sheet:
    """Bars of the indices, the largest above."""
    design = sweep.manifest["design"]
    parts = (
        [("mu_star", "mu_star_conf", HIGH, "mu*")]
        if design == "morris"
        else [("ST", "ST_conf", HIGH, "ST: with all interactions"), ("S1", "S1_conf", LOW, "S1: by itself")]
    )
    rows = sorted(indices(sweep, f"{outcome}.end.mean"), key=lambda row: -row[parts[0][0]])[:MOST]
    names = [points.scale(sweep, row["parameter"]).title for row in rows]
    room = _room(names)
    what = (
        "mean absolute elementary effect (mu*) over the range of each"
        if design == "morris"
        else "share of the variance between runs that each explains"
    )
    explain = f"{points.title_of(run, outcome)} at the end, mean over replicates: {what}; black: 95 % interval by bootstrap."
    title = "Elementary effects (Morris)" if design == "morris" else "Sobol indices"
    sheet = Sheet(
        2 * MARGIN + room + WIDE, HEAD + len(rows) * ROW + 0.4, title=title, explain=explain, footer=points.footer(sweep)
    )
    lows = [row[name] - row[conf] for row in rows for name, conf, *_ in parts]
    tops = [row[name] + row[conf] for row in rows for name, conf, *_ in parts]
    axes = _panel(sheet, room, len(rows), min(0.0, *lows), max(tops), 0.06)
    axes.axvline(0, color=palette.INK, linewidth=1.2)
    for k, row in enumerate(rows):
        sheet.write(MARGIN + room - 0.1, HEAD + (k + 0.5) * ROW, text.shorten(names[k], room - 0.1, 9), size=9, ha="right")
        for which, (name, conf, colour, _) in enumerate(parts):
            high = BAR / ROW / len(parts)
            y = k + 0.5 + (which - (len(parts) - 1) / 2) * high
            axes.barh(y, row[name], height=high, color=colour, linewidth=0)
            axes.plot([row[name] - row[conf], row[name] + row[conf]], [y, y], color=palette.INK, linewidth=1.4)
    at = MARGIN + room
    for _, _, colour, words in parts:
        sheet.line([at, at + 0.16], [0.16, 0.16], color=colour, linewidth=7, solid_capstyle="butt")
        sheet.write(at + 0.24, 0.16, words, size=8)
        at += 0.24 + text.width(words, 8) + 0.3
    return sheet
