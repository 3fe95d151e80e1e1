"""Where does the change move states between the blocs?

Maps of the median alignment at the end in both runs, and of the median paired difference; with several comparisons, the
difference of each. Hatched are states whose difference has not the same sign in 90 % of the pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.plots import PictureError
from sim.plots.maps import atlas, map_panel, map_sheet, membership
from sim.plots.maps.map_panel import Shading
from sim.plots.maps.map_sheet import Map, Sample
from sim.plots.sheet import blocs, captions, matrix, palette, text
from sim.plots.sheet.pairs import ENOUGH, footer, states_of_all, unmoved
from sim.plots.sheet.scale import end_of_scale
from sim.plots.sheet.sheet import Sheet
from sim.plots.time.timeline import months_of
from sim.questions.compare.answer import ends
from sim.wording import listing

if TYPE_CHECKING:
    from sim.questions.compare import Comparison
    from sim.results import Run

MOST, LEAST = 4, 0.01


def missing(comparisons: list[Comparison]) -> str | None:
    """Why there is no such picture, or None."""
    if all(c.same for c in comparisons):
        return "the runs are the same: every difference is exactly 0"
    codes = states_of_all(comparisons)
    if reason := atlas.cannot_show(codes, comparisons[0].a.manifest["start"]):
        return reason
    reasons = (blocs.missing(run) for run in (comparisons[0].a, *(c.b for c in comparisons)))
    return next((reason for reason in reasons if reason), None) or unmoved(comparisons, "alignment")


def figure(comparisons: list[Comparison], subjects: Sequence[str] | None = None) -> Sheet:
    """The picture; `subjects` are one or two organisations to outline by their members at the end of the first run."""
    comparisons, one = comparisons[:MOST], comparisons[0]
    groups = membership.organisations(one.a, list(subjects or ()) or _organisation(one))
    bound = float(months_of([one.months[-1]])[0])
    codes = states_of_all(comparisons)
    changes = [np.array([c.of("alignment", code).median[-1] for code in codes]) for c in comparisons]
    levels = [np.array([_median(run, code, one.months[-1]) for code in codes]) for run in (one.a, one.b)]
    order = np.argsort(-np.nan_to_num(levels[0]), kind="stable")
    codes = [codes[i] for i in order]
    levels, changes = [v[order] for v in levels], [v[order] for v in changes]
    reach, most = blocs.reach(np.concatenate(levels)), end_of_scale(np.concatenate(changes), LEAST)
    outlines = [membership.members(dated, bound) & set(codes) for dated in groups.values()]
    maps, samples = [], []
    if len(comparisons) == 1:
        for run, name, level in zip((one.a, one.b), (one.name_a, one.name_b), levels, strict=True):
            sides = np.array([blocs.most_frequent(_end(run, "bloc", code, one.months[-1]))[0] for code in codes])
            fills = map_panel.shades(codes, level / reach, palette.alignment_map())
            maps.append(Map(name, "median alignment", Shading(fills, blocs.letters(codes, sides, run), outlines=outlines)))
        samples.append(map_sheet.scale(palette.alignment_map(), *blocs.ends(one.a, reach)))
    for c, change in zip(comparisons, changes, strict=True):
        name = "Difference" if len(comparisons) == 1 else f"{c.name_a} minus {c.name_b}"
        maps.append(Map(name, "median of the pairs, in hundredths", _shading(c, codes, change, most, outlines)))
    clipped = "≥ " if any((np.abs(change) > most).any() for change in changes) else ""
    digits = 2 if most >= 0.05 else 3
    east, west = f"further {one.a.sides.east}", f"further {one.a.sides.west}"
    words = (f"{west} {text.number(-most, digits)}", f"{east} {clipped}{text.number(most, digits, signed=True)}")
    samples.append(map_sheet.scale(palette.change_map(), *words))
    if any(one_map.shading.hatched for one_map in maps):
        samples.append(Sample("hatch", f"under {100 * matrix.AGREE:.0f} % of pairs agree on the sign", about=palette.PAPER))
    samples += [
        Sample("outline", f"members of {text.shorten(code, 1.2, map_sheet.SMALL)} in {one.name_a}", about=k)
        for k, code in enumerate(groups)
        if outlines[k]
    ]
    return map_sheet.make(
        codes,
        maps,
        samples,
        captions.names(one.a, "states"),
        label="WWW +0.0",
        title=_title(comparisons),
        explain=_explain(one),
        footer=footer(comparisons),
    )


def _organisation(c: Comparison) -> list[str]:
    """The organisation that the events which differ name most, where one of the first run's does; else the run's own."""
    known = {row["code"] for row in c.a.manifest.get("organisations") or () if row.get("members")}
    events = [
        run.story().get("events", {}).get(change.event, {}) for change in c.changes if change.event for run in (c.a, c.b)
    ]
    named = [event["organisation"] for event in events if event.get("organisation") in known]
    return [max(dict.fromkeys(named), key=named.count)] if named else []


def _end(run: Run, measure: str, code: str, month: str) -> np.ndarray:
    """Values of all replicates (R,) at a month."""
    times, values = run.series(measure, code)
    if month not in times:
        raise PictureError(f"{run.path} has no {measure} at {month}")
    return values[:, times.index(month)]


def _median(run: Run, code: str, month: str) -> float:
    return float(np.median(_end(run, "alignment", code, month)))


def _shading(
    c: Comparison, codes: Sequence[str], change: np.ndarray, most: float, outlines: Sequence[frozenset[str]]
) -> Shading:
    """Differences in the colours of a change, hatched where the pairs do not agree, labelled in hundredths."""
    found = [c.of("alignment", code) for code in codes]
    shares = [(float(d.above[-1]), float(d.below[-1])) for d in found]
    many = c.paired and c.replicates >= ENOUGH
    unsure = {code for code, (above, below) in zip(codes, shares, strict=True) if 0 < max(above, below) < matrix.AGREE}
    words = {code: f"{code} {_hundredths(value)}" for code, value in zip(codes, change, strict=True)}
    fills = map_panel.shades(codes, np.clip(change / most, -1, 1), palette.change_map())
    return Shading(fills, words, unsure if many else frozenset(), outlines, edges="#8f8f8f")


def _hundredths(value: float) -> str:
    """A difference in hundredths of the scale: +4, −0.3, 0."""
    size = abs(100 * value)
    return text.number(100 * value, 0 if size >= 9.95 else 1, signed=True) if np.isfinite(value) and value else "0"


def _title(comparisons: Sequence[Comparison]) -> str:
    """A plain label."""
    one = comparisons[0]
    return f"Alignment at the end of {ends(one)}: {one.name_a} minus {listing([c.name_b for c in comparisons])}"


def _explain(c: Comparison) -> str:
    """Which sides, and what the labels say."""
    pairs = "pairs of replicates with the same luck" if c.paired else "independent pairs"
    return (
        f"{blocs.sides(c.a)}Letters: bloc of most replicates ({c.a.sides.key}). Numbers: median difference of "
        f"alignment over {pairs}, in hundredths; 0: the same."
    )
