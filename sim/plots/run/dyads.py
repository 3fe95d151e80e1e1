"""How does trust in the watched dyads develop, in both directions?

One panel a dyad: the first direction as a fan, the second as a dashed median with its 90 % limits, both named at their
ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.plots.sheet import captions, palette, text
from sim.plots.sheet.sheet import MARGIN, Sheet
from sim.plots.time import banner, fan, marks, spread
from sim.plots.time.panel import Panel
from sim.plots.time.timeline import months_of, timeline

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.results import Run

MEASURE = "trust"
WIDE, LEFT, HIGH, RIGHT = 10.0, 0.42, 1.75, 0.78
MOST = 12


def missing(run: Run) -> str | None:
    """Why this run has no such picture, or None."""
    if MEASURE not in run.measures() or not run.subjects(MEASURE):
        return "the scenario watches no dyads"
    return None


def _dyads(run: Run) -> list[tuple[str, str]]:
    """Watched dyads in the scenario's order, as far as the run has them."""
    have = set(run.subjects(MEASURE))
    watched = [tuple(p.split("-") if isinstance(p, str) else p) for p in run.manifest.get("watch") or ()]
    pairs = [(a, b) for a, b in watched if f"{a}>{b}" in have]
    return pairs or sorted({(a, b) for a, b in (s.split(">") for s in have)})


def figure(run: Run, subjects: Sequence[str] | None = None) -> Sheet:
    """The picture, of `subjects` ("CHN-RUS") or of the first twelve watched dyads."""
    pairs = captions.chosen_dyads(_dyads(run), subjects, "this run", MOST)
    series = {
        (a, b): run.series(MEASURE, f"{a}>{b}")
        for pair in pairs
        for a, b in (pair, pair[::-1])
        if f"{a}>{b}" in run.subjects(MEASURE)
    }
    columns = min(3, len(pairs))
    rows = -(-len(pairs) // columns)
    step = (WIDE - 2 * MARGIN - LEFT) / columns
    wide = step - RIGHT - (0.1 if columns > 1 else 0)
    times = next(iter(series.values()))[0]
    axes = [timeline(times, MARGIN + LEFT + k % columns * step, wide) for k in range(len(pairs))]
    every = marks.read(run)
    shown, left_out = marks.within([m for m in every if any(m.reach.involves(p) for p in pairs)], axes[0], banner.MOST)
    numbers = banner.numbered(shown)
    key = banner.key(shown, left_out, axes[0], WIDE)
    bands = [
        banner.part([m for m in shown if m.reach.involves(pair)], numbers, axis, axis.left + wide + 0.2)
        for pair, axis in zip(pairs, axes, strict=True)
    ]
    lift = 0.3 + max(b.high for b in bands)
    high = HIGH if rows > 1 else 2.6
    body = rows * (high + lift + 0.3) + key.below
    bounds = fan.limits([values for _, values in series.values()], least=0.2, low=-1.0, high=1.0)
    sheet = Sheet(
        WIDE,
        body,
        title="Trust in the watched dyads",
        explain=_explain(run),
        footer=captions.footer(run),
        notes=marks.omitted(every, axes[0], len(shown) + left_out, "the dyad"),
    )
    for k, pair in enumerate(pairs):
        top = k // columns * (high + lift + 0.3) + lift
        last = k + columns >= len(pairs)
        panel = Panel(axes[k], top - lift + 0.14, top, high, bounds, last)
        _panel(run, sheet, panel, pair, first=k % columns == 0)
        banner.draw(bands[k], sheet, [top], [top + high])
    banner.legend(key, sheet, body - key.below)
    return sheet


def _panel(run: Run, sheet: Sheet, panel: Panel, pair: tuple[str, str], first: bool) -> None:
    """One dyad, both directions; only the first column carries value labels."""
    axes, right = panel.open(sheet), panel.axis.left + panel.axis.wide
    if not first:
        axes.set_yticklabels([])
    ends, words, inks = [], [], []
    for direction, ink, trace in ((pair, palette.RUN, fan.draw), (pair[::-1], palette.SECOND, _second)):
        subject = ">".join(direction)
        if subject not in run.subjects(MEASURE):
            continue
        times, values = run.series(MEASURE, subject)
        trace(axes, months_of(times), values)
        last = values[np.isfinite(values[:, -1]), -1]
        if len(last):
            end = float(np.median(last))
            ends.append(panel.inch(end))
            words.append((" in ".join(direction), text.number(end)))
            inks.append(ink)
    a, b = (captions.names(run, "states").get(c, c) for c in pair)
    name = text.shorten(f"{a} and {b}", panel.axis.wide + RIGHT, 9, True)
    sheet.write(panel.axis.left, panel.head, name, size=9, weight="bold")
    places = text.apart(ends, 0.3, panel.top + 0.1, panel.top + panel.high - 0.1)
    for place, (who, value), ink in zip(places, words, inks, strict=True):
        sheet.write(right + 0.06, place - 0.065, who, size=7.5, color=ink, weight="bold")
        sheet.write(right + 0.06, place + 0.07, value, size=7.5, color=ink)


def _second(axes: Axes, months: np.ndarray, values: np.ndarray) -> None:
    """The other direction: dashed median, dotted 90 % limits."""
    if len(values) >= spread.FEW:
        low, high = spread.quantiles(values, [0.05, 0.95])
        axes.plot(months, np.array([low, high]).T, color=palette.SECOND, linewidth=0.8, linestyle=(0, (1, 1.5)))
    axes.plot(months, spread.quantiles(values, [0.5])[0], color=palette.SECOND, linewidth=1.6, linestyle=(0, (4, 1.8)))


def _explain(run: Run) -> str:
    """How the two directions are drawn."""
    count = int(run.manifest["replicates"])
    if count < spread.FEW:
        drawn = "one replicate" if count == 1 else f"medians of {count} replicates"
        how = f"Solid and dashed: the two directions, {drawn}."
    else:
        how = (
            "Solid: first direction, median with 50 and 90 % bands; "
            "dashed: second direction, median with dotted 90 % limits."
        )
    known = {"RUS", "CHN"} <= set(captions.names(run, "states"))
    example = "“RUS in CHN” is Russia's trust in China" if known else "“A in B” is A's trust in B"
    return f"Trust from {text.MINUS}1 to 1; {example}. {how}"
