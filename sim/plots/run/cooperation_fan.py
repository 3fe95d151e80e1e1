"""Where does cooperation go, and how sure is that?

One panel a subject (the scenario's named sets; else its organisations; else all states): median, 50 and 90 % bands of
mutual cooperation, the distribution at the end beside it, events across all panels. Where the end has two peaks a fan
would hide them: the panel shows the density of replicates instead and names both peaks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.plots import PictureError
from sim.plots.sheet import captions, palette, text
from sim.plots.sheet.sheet import MARGIN, Sheet
from sim.plots.time import banner, fan, marks, spread
from sim.plots.time.panel import Panel
from sim.plots.time.timeline import months_of, timeline
from sim.wording import listing

if TYPE_CHECKING:
    from sim.results import Run

MEASURE = "cooperation"
WIDE, LEFT, END = 10.0, 0.75, 1.15
MOST = 4


def missing(run: Run) -> str | None:
    """Why this run has no such picture, or None."""
    if MEASURE not in run.measures() or not default(run):
        return "it has no cooperation series: cooperation needs at least two states"
    return None


def default(run: Run) -> list[str]:
    """Named sets, else organisations, else all states; at most four."""
    have = set(run.subjects(MEASURE))
    organisations = [row["code"] for row in run.manifest.get("organisations") or ()]
    for choice in (list(captions.sets(run)), organisations, ["world"]):
        shown = [s for s in choice if s in have and np.isfinite(run.series(MEASURE, s)[1]).any()]
        if shown:
            return shown[:MOST]
    return []


def figure(run: Run, subjects: Sequence[str] | None = None) -> Sheet:
    """The picture, of `subjects` or of the default ones."""
    have = run.subjects(MEASURE)
    unknown = [s for s in subjects or () if s not in have]
    if unknown:
        raise PictureError(f"no cooperation of {', '.join(unknown)} in this run; there is: {', '.join(have)}")
    shown = list(subjects or default(run))
    series = {s: run.series(MEASURE, s) for s in shown}
    times = max((times for times, _ in series.values()), key=len)
    axis = timeline(times, LEFT, WIDE - LEFT - MARGIN - END - 0.85)
    every = marks.read(run)
    kept = [m for m in every if any(m.reach.involves(_members(run, s)) for s in shown)]
    bands = banner.plan(kept, axis, WIDE)
    notes = marks.omitted(
        every, axis, sum(axis.contains(m.month) for m in kept), "at least two of these states, or a newcomer,"
    )
    high = {1: 3.4, 2: 2.3, 3: 1.8}.get(len(shown), 1.55)
    step = high + 0.42
    body = bands.high + 0.3 + len(shown) * step + bands.below
    peaks = {s: spread.two_peaks(values[:, -1]) for s, (_, values) in series.items()}
    sheet = Sheet(
        WIDE, body, title=_title(run, shown), explain=_explain(run, peaks), notes=notes, footer=captions.footer(run)
    )
    bounds = fan.limits([values for _, values in series.values()], least=0.1, low=0.0, high=1.0)
    tops = [bands.high + 0.3 + k * step for k in range(len(shown))]
    heads = [0.12, *(top - 0.14 for top in tops[1:])]
    for k, subject in enumerate(shown):
        panel = Panel(axis, heads[k], tops[k], high, bounds, k == len(shown) - 1)
        _panel(run, sheet, panel, subject, peaks[subject])
    ends = [top + high for top in tops]
    banner.draw(bands, sheet, tops, ends)
    banner.legend(bands, sheet, ends[-1] + 0.34)
    return sheet


def _members(run: Run, subject: str) -> list[str]:
    """The states whose events bear on a subject: a set's, a dyad's; all for an organisation, a state or the world."""
    known = captions.sets(run)
    if subject in known:
        return known[subject]
    return subject.split("-") if "-" in subject else list(captions.names(run, "states"))


def _panel(run: Run, sheet: Sheet, panel: Panel, subject: str, peaks: spread.TwoPeaks | None) -> None:
    """One subject: fan or density, direct labels at the right, distribution at the end."""
    times, values = run.series(MEASURE, subject)
    axes = panel.open(sheet)
    if peaks:
        fan.draw_density(axes, months_of(times), values, panel.bounds)
    else:
        fan.draw(axes, months_of(times), values)
    panel.heading(sheet, captions.subject_name(run, subject), captions.change_words(values))
    ends = values[np.isfinite(values[:, -1]), -1]
    if not len(ends):
        return
    panel.ending(sheet, times, ends, END)
    if peaks:
        shares = {peaks.low: peaks.share_low, peaks.high: 1 - peaks.share_low}
        words = {value: [text.percent(share), f"near {text.number(value)}"] for value, share in shares.items()}
    else:
        middle = float(np.median(ends))
        words = {middle: [text.number(middle)]}
    places = text.apart([panel.inch(v) for v in words], 0.3, panel.top, panel.top + panel.high)
    for place, lines in zip(places, words.values(), strict=True):
        for k, line in enumerate(lines):
            x, y = panel.axis.left + panel.axis.wide + 0.07, place + 0.13 * k
            sheet.write(x, y, line, size=8.5, color=palette.RUN, weight="bold")


def _title(run: Run, shown: list[str]) -> str:
    """A plain label."""
    known = captions.sets(run)
    organisations = captions.names(run, "organisations")
    named = [
        ("the " if s.isalpha() else "") + captions.set_name(run, s)
        if s in known
        else s
        if s in organisations
        else "all states"
        if s == "world"
        else captions.subject_name(run, s)
        for s in shown
    ]
    return f"Mutual cooperation: {listing(named)}"


def _explain(run: Run, peaks: dict) -> str:
    """What is drawn, as far as this run has it."""
    what = "Share of months in which both sides of a dyad cooperate, mean over dyads, trailing 12 months (0 to 1). "
    count = int(run.manifest["replicates"])
    if count == 1:
        return what + "One replicate: one possible course, without a measure of chance."
    if count < spread.FEW:
        how = f"Thick line: median; thin lines: the {count} replicates, too few for bands. "
    else:
        how = "Line: median; dark band: 50 %, light band: 90 % of replicates. "
    if any(peaks.values()):
        how += "Where the replicates end in two groups, shading is their density instead. "
    return what + how + "Right: where the replicates end."
