"""What each event does to one measure: a bar and its 90 % interval, a diamond where a Shapley value is known.

Drawn from the folder that `sim ablate` wrote, not from that of a run; hence it is a part, and not one of the pictures
that `sim plot` finds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from sim.calendar import parse_month
from sim.plots import FORMATS, PictureError
from sim.plots.sheet import palette, text
from sim.plots.sheet.sheet import MARGIN, Sheet
from sim.questions.span import Span
from sim.wording import date

WIDE, ROW, HEAD, LABEL, NUMBER = 10.0, 0.25, 0.3, 3.4, 1.6
MOST = 24
RISE, FALL = "#35978f", "#a6611a"


def draw(folder: Path | str, *, format: str = "both", out: Path | str | None = None) -> list[Path]:
    """Draw the ablation in `folder`; the files written, into the folder unless `out` says otherwise.

    Raises:
        PictureError: the folder holds no ablation.
    """
    folder = Path(folder)
    try:
        about = json.loads((folder / "ablation.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise PictureError(f"{folder} holds no ablation; make one: ablate SCENARIO --measure MEASURE") from None
    place = Path(out) if out is not None else folder
    place.mkdir(parents=True, exist_ok=True)
    with palette.drawing():
        return figure(about).save(place / "effects", FORMATS[format])


def figure(about: Mapping[str, Any]) -> Sheet:
    """The picture of ablation.json."""
    every = about["events"]
    moving = [row for row in every if row["mean"] not in (None, 0) or row.get("shapley_mean") not in (None, 0)]
    rows = moving[:MOST]
    still = [row["title"] for row in every if row not in moving]
    values = bool(about["shapley"])
    when = Span(parse_month(about["from"]), parse_month(about["to"])).said()
    when = f"on average since it begins, to {date(about['to'])}" if about["since"] else when
    subject = "" if about["subject"] == "world" else f" of {about['subject']}"
    scale, unit = _scale(rows, about)
    sheet = Sheet(
        WIDE,
        HEAD + max(len(rows), 1) * ROW + 0.45,
        title=f"What each event adds to {about['measure'].replace('_', ' ')}{subject} {when}",
        explain=_explain(about, values),
        notes=_notes(about, moving[MOST:], still, scale),
        footer=f"{about['scenario']} · {about['replicates']:,} replicates · seed {about['seed']} · "
        f"ablation {about['digest'][:12]} · Bars are model output.",
    )
    wide = WIDE - 2 * MARGIN - LABEL - NUMBER
    axes = sheet.panel(MARGIN + LABEL, HEAD, wide, max(len(rows), 1) * ROW)
    axes.set_ylim(max(len(rows), 1), 0)
    axes.set_yticks([])
    reach = [x for row in rows for x in (row["low"], row["high"], row.get("shapley_low"), row.get("shapley_high"))]
    reach = [0.0, *(x * scale for x in reach if x is not None)]
    air = 0.04 * (max(reach) - min(reach) or 1.0)
    axes.set_xlim(min(reach) - air, max(reach) + air)
    axes.grid(axis="x", color=palette.RULE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.axvline(0, color=palette.INK, linewidth=0.9)
    axes.set_xlabel(f"{about['measure'].replace('_', ' ')}{subject}{unit}", fontsize=8, labelpad=2)
    axes.tick_params(axis="x", labelsize=7.5)
    right = WIDE - MARGIN
    sheet.write(right, HEAD - 0.14, "effect, 90 % interval of the mean", size=7.5, color=palette.QUIET, ha="right")
    for k, row in enumerate(rows):
        y = HEAD + (k + 0.5) * ROW
        _label(sheet, row, y)
        _bar(axes, row, k, scale, values)
        most = max(map(abs, reach))
        digits = 3 if scale == 1 and most < 10 else 2 if most < 100 else 0
        numbers = (row["mean"], row["low"], row["high"])
        if any(x is None for x in numbers):
            continue
        mean, low, high = (text.number(x * scale, digits, signed=True) for x in numbers)
        sheet.write(right, y, f"{mean}  [{low}, {high}]", size=7.5, ha="right")
    return sheet


def _scale(rows: Sequence[Mapping[str, Any]], about: Mapping[str, Any]) -> tuple[float, str]:
    """Thousandths where effects are that small, so that they can be read."""
    most = max((abs(row["mean"] or 0.0) for row in rows), default=0.0)
    unit = "" if about["unit"] in ("", "1") else f", {about['unit']}"
    return (1000.0, f"{unit}, thousandths") if 0 < most < 0.05 else (1.0, unit)


def _label(sheet: Sheet, row: Mapping[str, Any], y: float) -> None:
    date = row["date"][:7]
    room = LABEL - 0.72
    mark = " *" if row["imposed"] else ""
    name = text.shorten(text.clean(row["title"]), room - text.width(mark, 8), 8) + mark
    sheet.write(MARGIN, y, date, size=7.5, color=palette.QUIET)
    sheet.write(MARGIN + 0.6, y, name, size=8)


def _bar(axes: Axes, row: Mapping[str, Any], k: int, scale: float, values: bool) -> None:
    mean = (row["mean"] or 0.0) * scale
    axes.barh(k + 0.5, mean, height=0.6, color=RISE if mean >= 0 else FALL, linewidth=0)
    y = k + (0.5 if not values else 0.4)
    if row["low"] is not None:
        axes.plot(np.array([row["low"], row["high"]]) * scale, [y, y], color=palette.INK, linewidth=1.1)
    if values and row.get("shapley_mean") is not None:
        y = k + 0.66
        if row["shapley_low"] is not None:
            ends = np.array([row["shapley_low"], row["shapley_high"]]) * scale
            axes.plot(ends, [y, y], color=palette.RUN, linewidth=1.1)
        axes.plot(
            [row["shapley_mean"] * scale],
            [y],
            marker="D",
            markersize=4.2,
            color=palette.RUN,
            markeredgecolor="white",
            markeredgewidth=0.6,
            linestyle="none",
        )


def _explain(about: Mapping[str, Any], values: bool) -> str:
    words = (
        "Bars: mean of the paired difference, the scenario less the same without the event; black lines: the 90 % "
        "interval of the mean. * imposes an outcome."
    )
    if values:
        how = "from every subset of the events" if about["shapley"] == "exact" else "from sampled orders"
        words += f" Diamonds: Shapley values {how}, which add up to the effect of all events together."
    return words


def _notes(about: Mapping[str, Any], more: Sequence[Mapping[str, Any]], still: Sequence[str], scale: float) -> list[str]:
    together, alone = about["together"], about["sum_of_effects"]
    notes = []
    if together["low"] is not None:
        most = abs(together["mean"]) * scale
        digits = 3 if scale == 1 and most < 10 else 2 if most < 100 else 0
        ends = (together["mean"], together["low"], together["high"])
        said = [text.number(x * scale, digits, True) for x in ends if x is not None]
        notes.append(
            f"All events together: {said[0]} [{said[1]}, {said[2]}]; the effects one by one add up to "
            f"{text.number(alone * scale, digits, True)}, and what is between is what events do to each other's effects."
        )
    if more:
        notes.append("Smaller and not drawn: " + ", ".join(text.clean(row["title"]) for row in more) + ".")
    if still:
        notes.append("Exactly no effect on the mean: " + ", ".join(text.clean(title) for title in still) + ".")
    return notes + [text.clean(note) for note in about["notes"]]
