"""What did the change do, and in how many pairs of replicates?

The paired difference of one series: median, 50 and 90 % bands, and dotted the 90 % band that independent replicates would
give; below it the share of pairs in which the first run is lower or higher. With one comparison and one series the two
runs themselves stand above, their shared past drawn once, in grey.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.plots.sheet import palette, text
from sim.plots.sheet.pairs import footer, series_of, signed
from sim.plots.sheet.sheet import MARGIN, Sheet
from sim.plots.time import banner, fan, marks, spread
from sim.plots.time.panel import Panel
from sim.plots.time.timeline import Timeline, months_of, timeline
from sim.questions.compare.answer import answer, digits_for, phrase
from sim.questions.compare.difference import crossed
from sim.questions.compare.selection import headline
from sim.questions.effect import FEW
from sim.wording import capital, listing

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.questions.compare import Comparison, Difference

WIDE, LEFT, END, NAMES = 10.0, 0.75, 0.95, 1.15
LEVELS, MIDDLE, BETWEEN, SHARE = 1.6, 2.3, 0.4, 0.8
WIDER = 5
"""The unpaired band is drawn up to so many times as wide as the paired one; a wider one would flatten it."""
MOST, APART = 4, 0.3


def missing(comparisons: list[Comparison]) -> str | None:
    """Why there is no such picture, or None."""
    if all(c.same for c in comparisons):
        return "the runs are the same: every difference is exactly 0"
    return None


def figure(comparisons: list[Comparison], subjects: Sequence[str] | None = None) -> Sheet:
    """The picture, of `subjects` (`cooperation:founders`) or of the series that the answer is about."""
    chosen = headline(comparisons[0], comparisons[0].about).difference
    names = subjects or [f"{chosen.measure}:{chosen.subject}"]
    shown = [(c, series_of(c, name)) for c in comparisons for name in names][:MOST]
    one = len(shown) == 1
    axis = timeline(max((d.times for _, d in shown), key=len), LEFT, WIDE - LEFT - MARGIN - END - NAMES)
    bands = [banner.plan(_marks(c), axis, WIDE) for c, _ in shown]
    above = LEVELS + 0.44 if one else 0.0
    highs = [0.3 + band.high + above + MIDDLE + BETWEEN + SHARE + 0.34 + band.below for band in bands]
    sheet = Sheet(
        WIDE,
        sum(highs) + APART * (len(shown) - 1),
        title=_title(shown),
        explain=_explain(*shown[0], one),
        footer=footer([c for c, _ in shown]),
    )
    head = 0.12
    for (c, d), band, high in zip(shown, bands, highs):
        _block(sheet, axis, band, head, c, d, with_levels=one)
        head += high + APART
    return sheet


def _block(
    sheet: Sheet, axis: Timeline, band: banner.Banner, head: float, c: Comparison, d: Difference, *, with_levels: bool
) -> None:
    """One comparison of one series, from its first heading down: levels, difference, shares, what the lines mean."""
    top, spans = head - 0.12 + 0.3 + band.high, []
    if with_levels:
        _levels(sheet, axis, c, d, head, top)
        spans.append((top, top + LEVELS))
        top += LEVELS + 0.44
        head = top - 0.14
    unpaired = _unpaired(c, d)
    bounds = _bounds(c, d, unpaired if _drawn(d, unpaired) else None)
    _difference(sheet, Panel(axis, head, top, MIDDLE, bounds, False), c, d, unpaired)
    low = top + MIDDLE + BETWEEN
    _shares(sheet, Panel(axis, low - 0.14, low, SHARE, (0.0, 1.0), True), c, d)
    spans += [(top, top + MIDDLE), (low, low + SHARE)]
    banner.draw(band, sheet, [a for a, _ in spans], [b for _, b in spans])
    banner.legend(band, sheet, spans[-1][1] + 0.34)


def _marks(c: Comparison) -> list[marks.Mark]:
    """The events that differ; what both runs have alike would say nothing here."""
    keys = {change.event for change in c.changes if change.event}
    found = {f"{mark.month} {mark.title}": mark for run in (c.a, c.b) for mark in marks.read(run, keys)}
    return sorted(found.values(), key=lambda m: (m.month, m.rank, m.title))


def _title(shown: list[tuple[Comparison, Difference]]) -> str:
    """A plain label."""
    c, d = shown[0]
    what = capital(phrase(c.a, d.measure, d.subject))
    if len(shown) == 1:
        return f"{what}: {c.name_a} minus {c.name_b}"
    pairs = list(dict.fromkeys(c.name_b for c, _ in shown))
    if len(pairs) == 1:
        return f"{c.name_a} minus {c.name_b}"
    return f"{c.name_a} minus {listing(pairs)}"


def _explain(c: Comparison, d: Difference, one: bool) -> str:
    how = "Line: median difference; dark band: 50 %, light band: 90 % of pairs of replicates with the same luck"
    if c.replicates < FEW:
        how = f"Thick line: median difference; thin lines: the {c.replicates} pairs of replicates"
    if not c.paired:
        how = "Line: median difference; bands: 50 and 90 % of pairs of independent replicates"
    elif c.replicates >= FEW:
        how += "; dotted: 90 % if the runs did not share their luck"
    return (signed(answer(c, d)) + " " if one else "") + how + "."


def _levels(sheet: Sheet, axis: Timeline, c: Comparison, d: Difference, head: float, top: float) -> None:
    """Both runs; what they share, up to the first month that differs, once and in grey."""
    times, a, b = c.values(d.measure, d.subject)
    months = months_of(times)
    part = int(d.differs.argmax()) if c.paired else 0
    bounds = fan.limits([a, b], least=1e-6 + 0.02 * float(np.nanmax(np.abs(a), initial=0.0)))
    panel = Panel(axis, head, top, LEVELS, bounds, False)
    axes = panel.open(sheet)
    few = min(len(a), len(b)) < FEW
    if part > 0:
        past = slice(0, part + 1)
        _band(axes, months[past], a[:, past], palette.PAST, few)
    rest = slice(max(part - 1, 0), None)
    _band(axes, months[rest], a[:, rest], palette.RUN, few)
    if not few:
        low, high = spread.quantiles(b[:, rest], [0.05, 0.95])
        for edge in (low, high):
            axes.plot(months[rest], edge, color=palette.SECOND, linewidth=0.8, linestyle=(0, (2, 1.6)))
    axes.plot(
        months[rest], spread.quantiles(b[:, rest], [0.5])[0], color=palette.SECOND, linewidth=1.7, linestyle=(0, (5, 2))
    )
    what = "Both runs: median" if few else "Both runs: median and 90 % of replicates"
    panel.heading(sheet, what, "grey: their shared past" if part > 1 else "")
    digits = digits_for(d)
    ends = [float(np.nanmedian(v[:, -1])) for v in (a, b)]
    places = text.apart([panel.inch(v) for v in ends], 0.3, top, top + LEVELS)
    for place, value, name, ink in zip(places, ends, (c.name_a, c.name_b), (palette.RUN, palette.SECOND)):
        x = axis.left + axis.wide + 0.07
        sheet.write(x, place - 0.06, text.shorten(name, END + NAMES - 0.1, 8.5, True), color=ink, weight="bold")
        sheet.write(x, place + 0.08, text.number(value, digits), size=8, color=ink)


def _band(axes: Axes, months: np.ndarray, values: np.ndarray, colour: str, few: bool) -> None:
    low, middle, high = spread.quantiles(values, [0.05, 0.5, 0.95])
    if not few:
        axes.fill_between(months, low, high, color=palette.tint(colour, 0.22), linewidth=0)
    axes.plot(months, middle, color=colour, linewidth=1.9)


def _unpaired(c: Comparison, d: Difference) -> np.ndarray | None:
    """(2, T) 5 and 95 % of pairs that do not share their luck; None where that says nothing."""
    if not c.paired or c.replicates < FEW:
        return None
    _, a, b = c.values(d.measure, d.subject)
    return spread.quantiles(crossed(a, b), [0.05, 0.95])


def _drawn(d: Difference, unpaired: np.ndarray | None) -> bool:
    """Whether the unpaired band is narrow enough to be drawn beside the paired one."""
    if unpaired is None:
        return False
    narrow, wide = (float(np.nanmax(high) - np.nanmin(low)) for low, high in ((d.quantiles[0], d.quantiles[4]), unpaired))
    return wide <= WIDER * narrow


def _bounds(c: Comparison, d: Difference, unpaired: np.ndarray | None) -> tuple[float, float]:
    """Value limits: all bands that are drawn, zero, and some air."""
    parts = [d.quantiles[0], d.quantiles[4], np.zeros(1)]
    if c.paired and c.replicates < FEW:
        _, a, b = c.values(d.measure, d.subject)
        parts.append((a - b).ravel())
    elif unpaired is not None:
        parts += list(unpaired)
    else:
        _, a, b = c.values(d.measure, d.subject)
        ends = (a - b if c.paired else crossed(a, b))[:, -1]
        parts.append(np.nanquantile(ends, [0.005, 0.995]) if np.isfinite(ends).any() else np.zeros(1))
    low, high = (float(f(np.concatenate(parts))) for f in (np.nanmin, np.nanmax))
    air = 0.07 * max(high - low, 1e-6)
    return low - air, high + air


def _difference(sheet: Sheet, panel: Panel, c: Comparison, d: Difference, unpaired: np.ndarray | None) -> None:
    """Bands, the unpaired band dotted, where the pairs end, and the median in words."""
    times, a, b = c.values(d.measure, d.subject)
    months, axis = months_of(times), panel.axis
    axes = panel.open(sheet)
    values = a - b if c.paired else crossed(a, b)
    fan.draw(axes, months, values)
    axes.axhline(0, color=palette.INK, linewidth=0.8, zorder=2.5)
    if _drawn(d, unpaired):
        for edge in unpaired:
            axes.plot(months, edge, color=palette.QUIET, linewidth=0.9, linestyle=(0, (1, 1.6)))
    name = f"{capital(phrase(c.a, d.measure, d.subject))}: {c.name_a} {text.MINUS} {c.name_b}"
    digits = digits_for(d)
    at = d.at()
    middle, low, high = (text.number(at[key], digits, True) for key in ("median", "q05", "q95"))
    panel.heading(sheet, name, f"{middle} [{low}, {high}] at the end" if c.replicates >= FEW else "")
    ends = values[np.isfinite(values[:, -1]), -1]
    if not len(ends):
        return
    panel.ending(sheet, times, ends, END)
    x = axis.left + axis.wide + 0.07
    sheet.write(x, panel.inch(at["median"]), text.number(at["median"], digits, True), color=palette.RUN, weight="bold")
    if unpaired is not None:
        _say_unpaired(sheet, panel, unpaired[:, -1], at["median"], _drawn(d, unpaired), digits)


def _say_unpaired(sheet: Sheet, panel: Panel, edges: np.ndarray, median: float, drawn: bool, digits: int) -> None:
    """Name the dotted lines at their right end, or say where they would be."""
    x, y, middle = panel.axis.left + panel.axis.wide + 0.07, panel.inch(float(edges[1])), panel.inch(median)
    words = ["90 % if", "not paired"]
    if not drawn:
        low, high = (text.number(float(edge), min(digits, 3), True) for edge in edges)
        words = ["90 % if not paired:", f"{low} to {high},", "beyond the frame"]
        y = panel.top + (0.1 if middle - panel.top > 0.65 else panel.high - 0.36)
    elif abs(y - middle) < 0.34:
        y = middle - 0.34
    for k, line in enumerate(words):
        sheet.write(x, y + 0.13 * k, line, size=7.5, color=palette.QUIET)


def _shares(sheet: Sheet, panel: Panel, c: Comparison, d: Difference) -> None:
    """Shares of pairs, lower from the bottom and higher from the top; what is left between them is the same."""
    months = months_of(d.times)
    axes = sheet.panel(panel.axis.left, panel.top, panel.axis.wide, panel.high)
    panel.axis.apply(axes, labels=panel.last)
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.5, 1], labels=["0 %", "50 %", "100 %"])
    axes.fill_between(months, 0, d.below, step="pre", color=palette.tint(palette.RUN, 0.55), linewidth=0)
    axes.fill_between(months, 1 - d.above, 1, step="pre", color=palette.tint(palette.RUN, 0.2), linewidth=0)
    axes.axhline(0.5, color=palette.QUIET, linewidth=0.8, linestyle=(0, (1, 1.6)))
    what = "Share of pairs" if c.paired else "Share of independent pairs"
    panel.heading(sheet, f"{what} in which {c.name_a} is lower (dark, from below) or higher (light, from above)", "")
    below, above = float(d.below[-1]), float(d.above[-1])
    x = panel.axis.left + panel.axis.wide + 0.07
    said = [
        (panel.top + panel.high * (1 - below / 2), f"{text.percent(below)} lower", below),
        (panel.top + panel.high * above / 2, f"{text.percent(above)} higher", above),
        (
            panel.top + panel.high * (above + (1 - below - above) / 2),
            f"{text.percent(1 - below - above)} the same",
            1 - below - above,
        ),
    ]
    said = [(y, words) for y, words, share in said if share > 0.001]
    places = text.apart([y for y, _ in said], 0.15, panel.top, panel.top + panel.high)
    for y, (_, words) in zip(places, said):
        sheet.write(x, y, words, size=8, color=palette.INK)
