"""Where do states lean, at the start, after the main break and at the end?

Maps of the median alignment at three dates, hatched where under 70 % of the replicates agree on the bloc, with the
members of an organisation outlined. The middle date is a year after the largest shift of alignment (its eve, where the
run ends before that). Subjects choose otherwise: months ("2022-03"), and one or two organisations ("SCO").
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.plots import PictureError
from sim.plots.maps import atlas, map_panel, map_sheet, membership
from sim.plots.maps.map_panel import Shading
from sim.plots.maps.map_sheet import Map, Sample
from sim.plots.maps.membership import Dated
from sim.plots.sheet import blocs, captions, palette, text
from sim.plots.sheet.sheet import Sheet
from sim.plots.time import marks
from sim.plots.time.timeline import end_name, month_name, month_of, months_of
from sim.results.foremost import foremost, left_out
from sim.wording import capital

if TYPE_CHECKING:
    from sim.results import Run

MOST = 4


@dataclass(frozen=True)
class Moment:
    """A date of the run to show: its place in the series, what it is called, and why it is shown."""

    at: int
    name: str
    said: str


def missing(run: Run) -> str | None:
    """Why this run has no such picture, or None."""
    states = run.subjects("alignment") if "alignment" in run.measures() else []
    return (atlas.cannot_show(states, run.manifest["start"]) if states else None) or blocs.missing(run)


def figure(run: Run, subjects: Sequence[str] | None = None) -> Sheet:
    """The picture, at the default dates or at the months of `subjects`, with its organisations outlined."""
    states = run.subjects("bloc")
    times, lean, chosen = blocs.read(run, states)
    months = [s for s in subjects or () if re.fullmatch(r"\d{4}-\d{2}", s)]
    groups = membership.organisations(run, [s for s in subjects or () if s not in months])
    moments = _asked(times, months) if months else _moments(run, times, lean)
    order = np.argsort(-np.nan_to_num(lean[:, -1]), kind="stable")
    codes, lean, chosen = [states[i] for i in order], lean[order], chosen[order]
    reach = blocs.reach(lean)
    maps = [Map(m.name, m.said, _shading(run, codes, m, times, lean / reach, chosen, groups)) for m in moments]
    return map_sheet.make(
        codes,
        maps,
        _legend(run, groups, reach, maps),
        captions.names(run, "states"),
        label="WWW W",
        title=_title(len(codes), len(moments)),
        explain=_explain(run),
        footer=captions.footer(run),
        labelled=foremost(run),
        said=left_out(run, len(foremost(run)), of="states with a label"),
    )


def _many(run: Run) -> bool:
    return int(run.manifest["replicates"]) > 1


def _moments(run: Run, times: list[str], lean: np.ndarray) -> list[Moment]:
    """The first bound, one after the main break, the last; fewer where the run is too short."""
    last = len(times) - 1
    first = Moment(0, f"Start of {_long(times[0])}", "start of the run")
    if last == 0:
        return [first]
    end = Moment(last, capital(end_name(times)), "end of the run")
    found = break_of(lean)
    if last < 4:
        return [first, end]
    if found is None:
        at, said = last // 2, "middle of the run"
    else:
        begin, span = found
        late = begin + span > last - span // 2  # a year on would be the end again: show the eve
        at = begin if late else begin + span
        named = _event_near(run, month_of(times[begin]))
        said = "just before" if late else f"{_span(span)} after"
        said += f" the largest shift ({month_name(month_of(times[begin]))}" + (f": {named})" if named else ")")
    return [first, Moment(at, f"Start of {_long(times[at])}", said), end]


def break_of(lean: np.ndarray) -> tuple[int, int] | None:
    """Where the main break of (n, T) is: the mean of a year after it differs most from the year before, over all states.

    Near the ends, half a year has to do; in runs under four years, a quarter of the run counts as a year.

    Returns:
        The last bound before the shift, and the length of the year used; None where nothing moves.
    """
    values = np.nan_to_num(lean)
    length = values.shape[1]
    span = max(1, min(12, length // 4))
    least = max(1, span // 2)
    total = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)
    at = np.arange(least, length - least)
    if not len(at):
        return None
    start, stop = np.maximum(at + 1 - span, 0), np.minimum(at + 1 + span, length)
    after = (total[:, stop] - total[:, at + 1]) / (stop - at - 1)
    before = (total[:, at + 1] - total[:, start]) / (at + 1 - start)
    shift = ((after - before) ** 2).sum(axis=0)
    k = int(np.argmax(shift))
    return (int(at[k]), span) if shift[k] > 1e-6 else None


def _event_near(run: Run, month: float) -> str:
    """The foremost event of the month that begins there, if there is one in nearly all replicates."""
    found = [m for m in marks.read(run) if month <= m.month < month + 1 and m.share >= 0.9]
    return min(found, key=lambda m: (m.rank, m.month)).title if found else ""


def _asked(times: list[str], months: list[str]) -> list[Moment]:
    """The months asked for, in order of time.

    Raises:
        PictureError: one is not in the run, or there are too many.
    """
    unknown = [m for m in months if m not in times]
    if unknown:
        raise PictureError(f"no month {', '.join(unknown)} in this run; it has {times[0]} to {times[-1]}")
    if len(set(months)) > MOST:
        raise PictureError(f"{len(set(months))} months are too many for one picture of maps; at most {MOST}")
    return [Moment(times.index(m), f"Start of {_long(m)}", "") for m in sorted(set(months))]


def _long(month: str) -> str:
    return month_name(month_of(month))


def _span(months: int) -> str:
    """a year; 5 months."""
    return "a year" if months == 12 else f"{months} month{'s' if months != 1 else ''}"


def _shading(
    run: Run,
    codes: list[str],
    moment: Moment,
    times: list[str],
    lean: np.ndarray,
    chosen: np.ndarray,
    groups: Mapping[str, Dated],
) -> Shading:
    """Colours, letters, hatching and outlines at a moment; `lean` (n, T) as a share of the scale."""
    now, share = lean[:, moment.at], chosen[:, moment.at]
    unsure = frozenset(code for code, most in zip(codes, share.max(axis=1), strict=True) if most < blocs.AGREE)
    bound = float(months_of(times)[moment.at])
    outlines = [membership.members(dated, bound) & set(codes) for dated in groups.values()]
    return Shading(
        map_panel.shades(codes, now, palette.alignment_map()),
        blocs.letters(codes, share.argmax(axis=1), run),
        unsure if _many(run) else frozenset(),
        outlines,
    )


def _title(count: int, dates: int) -> str:
    """A plain label."""
    whose = "of the state" if count == 1 else f"of the {count} states"
    return f"Bloc alignment {whose} at {('one date', 'two dates', 'three dates', 'four dates')[dates - 1]}"


def _explain(run: Run) -> str:
    """Which sides, and how to read the maps."""
    letters = "bloc of most replicates" if _many(run) else "bloc chosen; one replicate: one possible course"
    return f"{blocs.sides(run)}Colour: median alignment. Letters: {letters} ({run.sides.key})."


def _legend(run: Run, groups: Mapping[str, Dated], reach: float, maps: Sequence[Map]) -> list[Sample]:
    """What the legend explains; only what the maps have."""
    samples = [map_sheet.scale(palette.alignment_map(), *blocs.ends(run, reach))]
    if any(one.shading.hatched for one in maps):
        samples.append(Sample("hatch", f"under {100 * blocs.AGREE:.0f} % of replicates agree on the bloc"))
    for k, code in enumerate(groups):
        if any(one.shading.outlines[k] for one in maps):
            words = f"members of {text.shorten(code, 1.2, map_sheet.SMALL)} at that date"
            samples.append(Sample("outline", words, about=k))
    return samples
