"""Which bloc does each state lean to, month by month, and do the replicates agree?

Above, the expected number of states in each bloc (means, which add up). Below, one row a state: colour is the median
alignment, letters say which bloc most replicates have chosen from there on, hatching marks months in which under 70 %
of them agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from sim.plots import PictureError
from sim.plots.sheet import blocs, captions, palette, text
from sim.plots.sheet.sheet import MARGIN, Sheet
from sim.plots.time import banner, marks
from sim.plots.time.timeline import Timeline, end_name, months_of, timeline
from sim.results.foremost import foremost, left_out

if TYPE_CHECKING:
    from sim.results import Run

WIDE, RIGHT, COUNTS = 10.0, 1.22, 1.5
INKS = {1: palette.EAST, 0: "#6b5d1f", 2: palette.WEST}


def missing(run: Run) -> str | None:
    """Why this run has no such picture, or None."""
    return blocs.missing(run)


def figure(run: Run, subjects: Sequence[str] | None = None) -> Sheet:
    """The picture, of all states or of `subjects`; of more than sixty, rows for the foremost."""
    states = run.subjects("bloc")
    unknown = [s for s in subjects or () if s not in states]
    if unknown:
        raise PictureError(f"no bloc of {', '.join(unknown)} in this run; there is: {', '.join(states)}")
    states = list(subjects or states)
    times, lean, chosen = blocs.read(run, states)
    everybody, shown = chosen, set(subjects or foremost(run))
    kept = [i for i, state in enumerate(states) if state in shown]
    states, lean, chosen = [states[i] for i in kept], lean[kept], chosen[kept]
    order = np.argsort(-np.nan_to_num(lean[:, -1]), kind="stable")
    states, lean, chosen = [states[i] for i in order], lean[order], chosen[order]
    names = [captions.names(run, "states").get(s, s) for s in states]
    row = min(0.24, max(0.115, 4.9 / len(states)))
    size = min(8.5, row * 72 * 0.82)
    names = [text.shorten(n, 1.7, size) for n in names]
    left = MARGIN + max(max(text.width(n, size) for n in names) + 0.1, 0.55)
    axis = timeline(times, left, WIDE - left - MARGIN - RIGHT)
    bands = banner.plan(marks.read(run), axis, WIDE)
    strip = row * len(states)
    top = bands.high + 0.3
    below = top + COUNTS + 0.5
    body = below + strip + 0.34 + bands.below
    said = "" if subjects else left_out(run, len(states), of="states in rows")
    sheet = Sheet(
        WIDE,
        body,
        title=_title(run, len(everybody)),
        explain=_explain(run),
        notes=[said] if said else [],
        footer=captions.footer(run),
    )
    _counts(sheet, axis, top, times, everybody, run)
    _strip(sheet, axis, below, strip, times, lean, chosen, run)
    _rows(sheet, axis, below, row, size, names, chosen, times, run)
    banner.draw(bands, sheet, [top, below], [top + COUNTS, below + strip])
    banner.legend(bands, sheet, below + strip + 0.32)
    return sheet


def _counts(sheet: Sheet, axis: Timeline, top: float, times: list[str], chosen: np.ndarray, run: Run) -> None:
    """Stacked expected counts with direct labels."""
    axes = sheet.panel(axis.left, top, axis.wide, COUNTS)
    months, total = months_of(times), len(chosen)
    expected = chosen.sum(axis=0)
    base = np.zeros(len(months))
    centres, words = [], []
    for k, colour in ((1, palette.EAST), (0, palette.NON_ALIGNED), (2, palette.WEST)):
        over = base + expected[:, k]
        axes.fill_between(months, base, over, color=colour, linewidth=0)
        axes.plot(months, over, color="white", linewidth=1.2)
        if expected[:, k].max() >= 0.05:
            centres.append((base[-1] + over[-1]) / 2 + 1e-6 * len(centres))
            words.append((run.sides.names[k], f"{text.number(float(expected[-1, k]), 1)} of {total}", INKS[k]))
        base = over
    axes.set_ylim(0, total)
    step = max(1, round(total / 4))
    places = list(range(0, total + 1, step))
    axes.set_yticks(places, labels=[str(p) for p in places])
    axis.apply(axes, labels=False)
    sheet.write(MARGIN, 0.12, "Expected number of states in each bloc", size=9, weight="bold")
    places = text.apart([top + COUNTS * (1 - c / total) for c in centres], 0.32, top + 0.16, top + COUNTS - 0.16)
    for place, (name, count, ink) in zip(places, words, strict=True):
        sheet.write(axis.left + axis.wide + 0.1, place - 0.07, name, size=8.5, weight="bold", color=ink)
        sheet.write(axis.left + axis.wide + 0.1, place + 0.08, count, size=8.5, color=ink)


def _strip(
    sheet: Sheet, axis: Timeline, top: float, high: float, times: list[str], lean: np.ndarray, chosen: np.ndarray, run: Run
) -> None:
    """Median alignment by state and month, with hatching and the scale."""
    from matplotlib.collections import PolyCollection

    axes = sheet.panel(axis.left, top, axis.wide, high)
    count, months = len(lean), months_of(times)
    reach = blocs.reach(lean)
    colours = palette.alignment_map().with_extremes(bad=palette.EMPTY)
    end = max(months[-1], months[0] + 1)
    axes.imshow(
        lean, aspect="auto", extent=(months[0], end, count, 0), cmap=colours, vmin=-reach, vmax=reach, interpolation="none"
    )
    doubt = chosen.max(axis=2) < blocs.AGREE
    width = (end - months[0]) / len(months)
    boxes = []
    for i, begin, stop in _stretches(doubt):
        a, b = months[0] + begin * width, months[0] + stop * width
        boxes.append([(a, i), (b, i), (b, i + 1), (a, i + 1)])
    if boxes:
        axes.add_collection(
            PolyCollection(boxes, facecolor="none", edgecolor="#4a4a4a", linewidth=0, hatch="//////"), autolim=False
        )
    axes.hlines(np.arange(1, count), months[0], end, color="white", linewidth=1.0)
    axes.set_ylim(count, 0)
    axes.set_yticks([])
    axis.apply(axes)
    sheet.write(MARGIN, top - 0.14, "Median alignment of each state", size=9, weight="bold")
    _scale(sheet, axis, top - 0.14, *blocs.ends(run, reach))


def _stretches(doubt: np.ndarray) -> list[tuple[int, int, int]]:
    """Runs of True in each row of (n, T): (row, first, one past the last)."""
    padded = np.pad(doubt, ((0, 0), (1, 1))).astype(np.int8)
    rows, at = np.nonzero(np.diff(padded, axis=1))
    return [(int(r), int(a), int(b)) for r, a, b in zip(rows[::2], at[::2], at[1::2], strict=True)]


def _scale(sheet: Sheet, axis: Timeline, y: float, low: str, high: str) -> None:
    """The colour scale, and a sample of the hatching, in the line of the heading."""
    from matplotlib.patches import Rectangle

    right = axis.left + axis.wide
    sheet.write(right, y, high, size=7.5, color=palette.QUIET, ha="right")
    right -= text.width(high, 7.5) + 0.08
    bar = sheet.panel(right - 1.1, y - 0.05, 1.1, 0.1)
    bar.imshow(np.linspace(-1, 1, 96)[None], aspect="auto", cmap=palette.alignment_map(), interpolation="none")
    bar.set_axis_off()
    sheet.write(right - 1.18, y, low, size=7.5, color=palette.QUIET, ha="right")
    right -= 1.18 + text.width(low, 7.5) + 0.4
    words = f"under {100 * blocs.AGREE:.0f} % of replicates agree"
    sheet.write(right, y, words, size=7.5, color=palette.QUIET, ha="right")
    right -= text.width(words, 7.5) + 0.4
    sheet.over.add_patch(
        Rectangle(
            (right, y - 0.06), 0.32, 0.12, facecolor=palette.NON_ALIGNED, edgecolor="#4a4a4a", linewidth=0, hatch="//////"
        )
    )


def _rows(
    sheet: Sheet,
    axis: Timeline,
    top: float,
    row: float,
    size: float,
    names: list[str],
    chosen: np.ndarray,
    times: list[str],
    run: Run,
) -> None:
    """Names at the left, the end's bloc with its share at the right, letters where the most frequent bloc changes."""
    from matplotlib.patheffects import withStroke

    halo = [withStroke(linewidth=1.8, foreground="white")]
    right, months = axis.left + axis.wide, months_of(times)
    many, sides = int(run.manifest["replicates"]) > 1, run.sides
    mode = chosen.argmax(axis=2)
    short = min(size, 7.5)
    least = 0.16 / axis.wide * len(months)
    sheet.write(right + 0.1, top - 0.14, end_name(times), size=7, color=palette.QUIET)
    for i, name in enumerate(names):
        y = top + (i + 0.5) * row
        sheet.write(axis.left - 0.08, y, name, size=size, ha="right")
        side = int(mode[i, -1])
        share = f" {text.percent(float(chosen[i, -1, side]))}" if many else ""
        sheet.write(right + 0.1, y, sides.names[side] + share, size=short)
        starts = [0, *(np.flatnonzero(np.diff(mode[i])) + 1), len(months)]
        for begin, stop in pairwise(starts):
            if stop - begin >= least:
                at = axis.left + begin / len(months) * axis.wide + 0.07
                sheet.write(
                    at,
                    y,
                    sides.letters[int(mode[i, begin])],
                    size=min(6.5, size),
                    ha="center",
                    weight="bold",
                    path_effects=halo,
                )


def _title(run: Run, count: int) -> str:
    """A plain label."""
    return "Bloc alignment of the state" if count == 1 else f"Bloc alignment of the {count} states"


def _explain(run: Run) -> str:
    """Which sides, and how to read rows."""
    sides = blocs.sides(run)
    if int(run.manifest["replicates"]) == 1:
        return sides + f"One replicate: one possible course. Letters: bloc from there on ({run.sides.key})."
    letters = f"Letters: bloc that most replicates have chosen from there on ({run.sides.key})"
    return f"{sides}{letters}; at the right, their share."
