"""Where do states lean, at the start, after the main break and at the end?

Maps of the median alignment at three dates, hatched where under 70 % of the replicates agree on the bloc, with the
members of an organisation outlined. The middle date is a year after the largest shift of alignment (its eve, where the
run ends before that). Subjects choose otherwise: months ("2022-03"), and one or two organisations ("SCO").
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.plots import PictureError
from sim.plots.parts import blocs, geography, map_panel, marks, story, style, text
from sim.plots.parts.map_panel import Plate, Shading
from sim.plots.parts.sheet import MARGIN, Sheet
from sim.plots.parts.timeline import end_name, month_name, month_of, months_of

if TYPE_CHECKING:
    from sim.plots.parts.geography import View
    from sim.results import Run

AGREE = 0.7
GAP, HEAD = 0.2, 0.42
MOST = 4
SMALL = 7.0
NOTE = (
    "Shading is model output, not a territorial claim. Boundaries follow their source and imply no endorsement; "
    "disputed or undetermined lines are dashed as far as it draws them; front lines are not drawn. "
)


@dataclass(frozen=True)
class Moment:
    """A date of the run to show: its place in the series, what it is called, and why it is shown."""

    at: int
    name: str
    said: str


def missing(run: Run) -> str | None:
    """Why this run has no such picture, or None."""
    if {"alignment", "bloc"} - set(run.measures()):
        return "it has no alignment or bloc series"
    states = run.subjects("alignment")
    if not any(geography.known(code) for code in states):
        return "the map has none of its states (they need three-letter ISO codes)"
    if not any(np.isfinite(run.series("alignment", s)[1]).any() for s in states[:3]):
        return "alignment is undefined: the scenario names no core on one side"
    return None


def figure(run: Run, subjects: Sequence[str] | None = None) -> Sheet:
    """The picture, at the default dates or at the months of `subjects`, with its organisations outlined."""
    states = run.subjects("bloc")
    times, lean, chosen = blocs.read(run, states)
    months = [s for s in subjects or () if re.fullmatch(r"\d{4}-\d{2}", s)]
    groups = _organisations(run, [s for s in subjects or () if s not in months])
    moments = _asked(times, months) if months else _moments(run, times, lean)
    order = np.argsort(-np.nan_to_num(lean[:, -1]), kind="stable")
    codes = [states[i] for i in order]
    view = geography.choose(codes)
    stacked = view.lat is None
    columns = 1 if stacked else len(moments)
    wide = 7.4 if stacked else {1: 6.2, 2: 4.6}.get(columns, 3.4 if columns == 3 else 3.0)
    plate = map_panel.plan(view, codes, wide, "WWW W")
    shown = [_shading(run, codes, m, times, lean[order], chosen[order], groups) for m in moments]
    total = max(2 * MARGIN + columns * wide + (columns - 1) * GAP, 7.6)
    out = [code for code in codes if code in (*view.beyond, *view.unknown)]
    step = HEAD + plate.high + (0.26 if out else 0.08)
    below = step * -(-len(moments) // columns)
    legend = _legend(view, groups, lean, shown)
    key, key_columns = _key(run, plate, shown, total)
    key_high = 0.16 * -(-len(key) // key_columns) + 0.1 if key else 0.0
    rows = _legend_rows(legend, total)
    body = below + 0.06 + 0.2 * len(rows) + key_high
    sheet = Sheet(total, body, title=_title(len(codes), len(moments)), explain=_explain(run, groups),
                  notes=[NOTE + geography.CREDIT + "."], footer=story.footer(run))  # fmt: skip
    for k, (moment, shading) in enumerate(zip(moments, shown, strict=True)):
        left = MARGIN + k % columns * (wide + GAP)
        top = k // columns * step
        sheet.write(left, top + 0.1, moment.name, size=9, weight="bold")
        sheet.write(left, top + 0.28, text.shorten(moment.said, wide, SMALL), size=SMALL, color=style.QUIET)
        map_panel.draw(sheet, plate, left, top + HEAD, shading)
        lead = "Beyond the map:" if not view.unknown else "Not on the map:"
        map_panel.swatches(sheet, left, top + HEAD + plate.high + 0.13, wide, lead, out, shading)
    for k, row in enumerate(rows):
        _draw_legend(sheet, row, below + 0.12 + 0.2 * k)
    _draw_key(sheet, key, key_columns, below + 0.2 * len(rows) + 0.18)
    return sheet


def _many(run: Run) -> bool:
    return int(run.manifest["replicates"]) > 1


def _moments(run: Run, times: list[str], lean: np.ndarray) -> list[Moment]:
    """The first bound, one after the main break, the last; fewer where the run is too short."""
    last = len(times) - 1
    first = Moment(0, f"Start of {_long(times[0])}", "start of the run")
    if last == 0:
        return [first]
    end = Moment(last, _capital(end_name(times)), "end of the run")
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


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _span(months: int) -> str:
    """a year; 5 months."""
    return "a year" if months == 12 else f"{months} month{'s' if months != 1 else ''}"


def _organisations(run: Run, asked: list[str]) -> dict[str, dict[str, list[tuple[float, bool]]]]:
    """Organisation -> state -> dated changes of its membership (month, joins); those asked for, or the liveliest one.

    Raises:
        PictureError: an organisation that the run does not have, or more than two.
    """
    known = {row["code"]: row for row in run.manifest.get("organisations") or () if row.get("members")}
    unknown = [code for code in asked if code not in known]
    if unknown:
        raise PictureError(f"no organisation or month {', '.join(unknown)} in this run; there is: {', '.join(known)}")
    if len(asked) > len(map_panel.OUTLINES):
        raise PictureError(f"at most {len(map_panel.OUTLINES)} organisations can be outlined")
    changes = _changes(run)
    if not asked and known:
        liveliest = max(known, key=lambda c: (sum(o == c for o, *_ in changes), len(known[c]["members"])))
        asked = [liveliest]
    found: dict[str, dict[str, list[tuple[float, bool]]]] = {}
    for code in dict.fromkeys(asked):
        found[code] = {state: [(-np.inf, True)] for state in known[code]["members"]}
        for organisation, state, month, joins in changes:
            if organisation == code:
                found[code].setdefault(state, []).append((month, joins))
    return found


def _changes(run: Run) -> list[tuple[str, str, float, bool]]:
    """Accessions and exits that happen in most replicates, in order of time: organisation, state, month, whether in."""
    path = run.path / "config" / "scenario.json"
    events: Mapping[str, Any] = run.story().get("events") or {} if path.is_file() else {}
    happened = {mark["key"]: mark for mark in marks._rows(run)}
    found = []
    for key, event in events.items():
        row = happened.get(key, {})
        month = month_of(row.get("date") or row.get("median") or "")
        if event.get("type") in ("join", "leave") and month is not None and float(row.get("share") or 1) >= 0.5:
            joins = event["type"] == "join"
            found += [(event["organisation"], state, np.floor(month), joins) for state in event.get("states") or ()]
    return sorted(found, key=lambda change: change[2])


def _members(dated: Mapping[str, list[tuple[float, bool]]], bound: float) -> frozenset[str]:
    """Members at a bound: what a month brings is in force at its end."""
    inside = {state: [joins for month, joins in changes if month < bound] for state, changes in dated.items()}
    return frozenset(state for state, history in inside.items() if history and history[-1])


def _reach(lean: np.ndarray) -> float:
    """The end of the colour scale; the same as in `bloc_strip`."""
    return min(1.0, next(r for r in (0.25, 0.5, 0.75, 1.0, np.inf) if np.nanmax(np.abs(lean), initial=0) <= r))


def _shading(
    run: Run,
    codes: list[str],
    moment: Moment,
    times: list[str],
    lean: np.ndarray,
    chosen: np.ndarray,
    groups: Mapping[str, dict[str, list[tuple[float, bool]]]],
) -> Shading:
    """Colours, letters, hatching and outlines at a moment."""
    colours, reach = style.alignment_map(), _reach(lean)
    now, share = lean[:, moment.at], chosen[:, moment.at]
    fills = {
        code: tuple(float(v) for v in colours((value / reach + 1) / 2)) if np.isfinite(value) else map_panel.LAND
        for code, value in zip(codes, now, strict=True)
    }
    words = {code: f"{code} {style.BLOC_LETTERS[int(side)]}" for code, side in zip(codes, share.argmax(1), strict=True)}
    unsure = frozenset(code for code, most in zip(codes, share.max(axis=1), strict=True) if most < AGREE)
    bound = float(months_of(times)[moment.at])
    outlines = [_members(dated, bound) & set(codes) for dated in groups.values()]
    return Shading(fills, words, unsure if _many(run) else frozenset(), outlines)


def _title(count: int, dates: int) -> str:
    """A plain label."""
    whose = "of the state" if count == 1 else f"of the {count} states"
    return f"Bloc alignment {whose} at {('one date', 'two dates', 'three dates', 'four dates')[dates - 1]}"


def _explain(run: Run, groups: Mapping[str, Any]) -> str:
    """Which sides, and how to read the maps."""
    cores = {side: ", ".join(codes) for side, codes in (run.manifest.get("cores") or {}).items()}
    sides = f"East and West are the sides of {cores.get('east', 'none')} and of {cores.get('west', 'none')}. "
    letters = "bloc of most replicates" if _many(run) else "bloc chosen; one replicate: one possible course"
    return f"{sides}Colour: median alignment. Letters: {letters} (E East, N non-aligned, W West)."


@dataclass(frozen=True)
class _Sample:
    kind: str
    words: str
    wide: float
    about: Any = None


def _legend(view: View, groups: Mapping[str, Any], lean: np.ndarray, shown: Sequence[Shading]) -> list[_Sample]:
    """What the legend explains, each with the width of its sample; only what the maps have."""
    reach = _reach(lean)
    samples = [_Sample("scale", f"East {text.number(reach, 2, signed=True)}", 1.1, f"West {text.number(-reach, 2)}")]
    samples += [_Sample("grey", "not in the model", 0.26)]
    if any(shading.hatched for shading in shown):
        samples.append(_Sample("hatch", f"under {100 * AGREE:.0f} % of replicates agree on the bloc", 0.26))
    for k, code in enumerate(groups):
        if any(shading.outlines[k] for shading in shown):
            samples.append(_Sample("outline", f"members of {text.shorten(code, 1.2, SMALL)} at that date", 0.26, k))
    if geography.disputed(view):
        samples.append(_Sample("dash", "disputed or undetermined line", 0.3))
    return samples


def _sample_width(sample: _Sample) -> float:
    before = text.width(sample.about, SMALL) + 0.08 if sample.kind == "scale" else 0.0
    return before + sample.wide + 0.07 + text.width(sample.words, SMALL) + 0.24


def _legend_rows(samples: list[_Sample], total: float) -> list[list[_Sample]]:
    """Samples in as many rows as they need."""
    rows: list[list[_Sample]] = [[]]
    for sample in samples:
        if rows[-1] and sum(map(_sample_width, [*rows[-1], sample])) > total - 2 * MARGIN + 0.24:
            rows.append([])
        rows[-1].append(sample)
    return rows


def _draw_legend(sheet: Sheet, samples: list[_Sample], y: float) -> None:
    """One row of samples with their words."""
    x = MARGIN
    for sample in samples:
        end = x + _sample_width(sample)
        if sample.kind == "scale":
            sheet.write(x, y, sample.about, size=SMALL, color=style.QUIET)
            x += text.width(sample.about, SMALL) + 0.08
            bar = sheet.panel(x, y - 0.05, sample.wide, 0.1)
            bar.imshow(np.linspace(-1, 1, 96)[None], aspect="auto", cmap=style.alignment_map(), interpolation="none")
            bar.set_axis_off()
        elif sample.kind == "grey":
            map_panel.square(sheet, x, y, map_panel.LAND, wide=sample.wide)
        elif sample.kind == "hatch":
            map_panel.square(sheet, x, y, style.NON_ALIGNED, True, wide=sample.wide)
        elif sample.kind == "outline":
            sheet.line([x, x + sample.wide], [y, y], **map_panel.OUTLINES[sample.about])
        else:
            sheet.line([x, x + sample.wide], [y, y], **map_panel.DASHES)
        sheet.write(x + sample.wide + 0.07, y, sample.words, size=SMALL, color=style.QUIET)
        x = end


def _key(run: Run, plate: Plate, shown: Sequence[Shading], total: float) -> tuple[list[tuple[str, str]], int]:
    """Numbered states with their letters at each date, and how many columns they take."""
    names = story.names(run, "states")
    entries = []
    for code, number, *_ in plate.numbers:
        letters = " ".join(shading.words[code][-1] for shading in shown)
        entries.append((str(number), f"{text.shorten(names.get(code, code), 1.5, SMALL)} ({code})  {letters}"))
    widest = max((text.width(words, SMALL) for _, words in entries), default=1.0) + 0.45
    return entries, max(1, min(len(entries) or 1, int((total - 2 * MARGIN) / widest)))


def _draw_key(sheet: Sheet, key: list[tuple[str, str]], columns: int, top: float) -> None:
    """The key in columns."""
    rows = -(-len(key) // columns)
    step = (sheet.wide - 2 * MARGIN) / columns
    for i, (number, words) in enumerate(key):
        column, row = divmod(i, rows)
        x, y = MARGIN + column * step, top + row * 0.16
        sheet.write(x + 0.14, y, number, size=SMALL, weight="bold", ha="right")
        sheet.write(x + 0.2, y, words, size=SMALL)
