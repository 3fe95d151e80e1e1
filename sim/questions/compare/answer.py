"""A comparison in words: which series it is about, the answer as a sentence checked against the numbers, the error bars."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.calendar import format_month, parse_month
from sim.questions.compare.difference import Difference, within
from sim.questions.compare.selection import Headline, put_in, states_of, unlike
from sim.questions.effect import FEW
from sim.results import Run
from sim.results.shares import Share, drawn, share_of, table_behind
from sim.results.summary import SIDES as _BLOCS
from sim.results.summary import label
from sim.wording import capital, date, listing, not_nothing, number, percent, signed, with_article, within_sentence

if TYPE_CHECKING:
    from sim.questions.compare.pairing import Comparison

SIDES = {name: side for name, side, _ in _BLOCS}
"""What stands for a bloc, which is a name: whether a state is on this side."""
WHOLE = ("fighters", "states")


def ends(c: Comparison) -> str:
    """The last month compared, in words: the bound 2026-01 is the end of December 2025."""
    return date(format_month(parse_month(c.months[-1]) - 1))


def phrase(run: Run, measure: str, subject: str) -> str:
    """What a series is, inside a sentence: `cooperation of the eight`, `China's trust in Russia`."""
    name = run.name
    sets = run.manifest.get("sets") or {}
    organisations = {row["code"]: row["name"] for row in run.manifest.get("organisations") or ()}
    if subject in sets:
        whom = _of_set(subject)
    elif subject in organisations:
        whom = f"the {subject}'s members"
    elif subject == "world":
        whom = "all states"
    elif "-" in subject:
        whom = " and ".join(map(name.one, subject.split("-")))
    else:
        whom = with_article(name.one(subject))
    if measure == "trust" and ">" in subject:
        one, other = map(name.one, subject.split(">"))
        return f"{with_article(one)}'{'' if one.endswith('s') else 's'} trust in {with_article(other)}"
    if measure == "bloc_size":
        return "number of non-aligned states" if subject == "none" else f"number of states in the {subject} bloc"
    if measure == "cooperation":
        return f"cooperation of {whom}" + (" with all others" if len(subject) == 3 and subject in states_of(run) else "")
    if measure in SIDES:
        return f"{whom} {'belongs to no bloc' if measure == 'bloc_none' else f'is {run.sides.words[measure]}'}"
    if measure in ("alignment", "strength", "cohesion"):
        return f"{'number of fighters' if measure == 'strength' else measure} of {whom}"
    if measure in _NOUNS:
        return _NOUNS[measure] + ("" if subject == "world" else f" {'between' if '-' in subject else 'of'} {whom}")
    return within_sentence(label(measure, subject, name))


_NOUNS = {
    "crises": "number of crises a year",
    "ties": "share of dyads with a defence pact",
    "balanced_triads": "share of triads that are balanced",
}
"""Measures whose labels would be no subject of a sentence."""


def _of_set(name: str) -> str:
    """`the eight` where a set's name is a word, else `the set nato_russia`."""
    return f"the {name}" if name.isalpha() else f"the set {name if name.isidentifier() else repr(name)}"


def members_of(run: Run, subject: str) -> str:
    """Who a named set is, as a sentence; nothing for another subject."""
    codes = (run.manifest.get("sets") or {}).get(subject)
    if not codes:
        return ""
    return f"{capital(_of_set(subject))}: {listing([with_article(run.name.one(code)) for code in codes])}."


def digits_for(d: Difference) -> int:
    """Decimals that show the interval of a difference: none for counts, else at least three, at most six."""
    if d.unit in WHOLE:
        return 0
    spread = max(abs(float(x)) for x in (*d.pairs, d.effect.mean, 1e-6))
    return min(6, max(3, 1 - math.floor(math.log10(spread)))) if math.isfinite(spread) else 3


def level_digits(d: Difference) -> int:
    """Decimals of the two levels, such that who subtracts what is shown gets the difference that is shown."""
    digits = digits_for(d)
    if not all(map(math.isfinite, (*d.means, d.effect.mean))):
        return digits

    def whole(value: float, places: int) -> int:
        return int(f"{value:.{places}f}".replace(".", ""))

    shown = whole(d.effect.mean, digits)
    for more in range(2):
        one, other = (whole(mean, digits + more) for mean in d.means)
        if 2 * abs(one - other - shown * 10**more) < 10**more:
            return digits + more
    return digits + 2  # there to a hundredth of the last digit


def answer(c: Comparison, chosen: Headline | Difference) -> str:
    """What the numbers say: the mean difference with its interval, how large that is, and what the pairs say one by one; and
    what was changed in both against their scenarios' files."""
    both = f" In both: {', '.join(c.in_both)}." if c.in_both else ""
    return _answer(c, chosen) + both


def _answer(c: Comparison, chosen: Headline | Difference) -> str:
    d, looks = chosen if isinstance(chosen, Headline) else (chosen, 1)
    if c.same:
        count = sum(len(one.times) for one in c.differences)
        return (
            f"The two runs are the same: {len(c.differences)} series, {count:,} dates and {c.replicates} "
            "replicates differ by exactly 0 everywhere."
        )
    what, when, effect = phrase(c.a, d.measure, d.subject), d.span.said(), d.effect
    if not math.isfinite(effect.mean):
        return f"There is no value of {what} {when}."
    if effect.same == 1 and c.paired:
        return f"No difference: in every pair {what} is exactly the same {when}, in {c.name_a} and in {c.name_b}."
    if c.paired and c.replicates < FEW:
        return (
            f"{capital(what)} differs by {signed(effect.mean, digits_for(d))} {_mean(d)} ({c.name_a} minus {c.name_b}, "
            f"{levels(d)}); {c.replicates} pairs of replicates are too few for an interval."
        )
    said = (_lead(c, d, looks), size_sentence(d, looks), pairs_sentence(c, d), *cautions(c, d))
    return " ".join(part for part in said if part)


def cautions(c: Comparison, d: Difference) -> list[str]:
    """What a reader has to know before the number means anything: where the two begin, who is counted, what was put in."""
    said = []
    if any(change.key == "states" for change in c.changes):
        counts = [len(states_of(run)) for run in (c.a, c.b)]
        said.append(
            f"But the two have other states ({counts[0]} and {counts[1]}), which moves levels everywhere: compare stories "
            "with the same states."
        )
    if other := [change.title for change in c.changes if change.key in ("world", "start", "tables")]:
        said.append(f"But the two do not begin alike ({listing(other)}): part of this is where they begin.")
    if d.subject in unlike(c):
        said.append(f"But {d.subject} has other members in the two, so part of this is who is counted: ask for a named set.")
    if titles := put_in(c, d):
        what = "this trust" if d.measure == "trust" else "trust that it is the mean of"
        said.append(f"But this is put in, not found: {listing(titles)} sets {what}.")
    return said


def _lead(c: Comparison, d: Difference, looks: int) -> str:
    """The direction, if there is one, the mean difference and its interval."""
    what, digits, effect = phrase(c.a, d.measure, d.subject), digits_for(d), d.effect
    side = effect.direction(looks)
    ends = [not_nothing(end, digits) for end in (effect.low, effect.high)]
    if side:
        ends = [end.lstrip("+-") for end in (ends if effect.mean > 0 else ends[::-1])]
    interval = f"90 % interval of the mean {' to '.join(ends)}"
    if d.measure in SIDES:
        one, other = map(percent, d.means)
        shares = f"in {one} of the replicates of {c.name_a} and {other} of those of {c.name_b} {d.span.said()}"
        points = [round(100 * x, 1) for x in (effect.mean, effect.low, effect.high)]
        said = f"{points[0]:+g} points, 90 % interval {points[1]:+g} to {points[2]:+g}"
        return f"{capital(what)} {shares}" + (f": {said}." if side else f"; no clear direction ({said}).")
    if side:
        size = number(abs(effect.mean), digits)
        between = f"{c.name_a} than in {c.name_b}, {levels(d)}"
        return f"{capital(what)} is {side} in {between}: by {size} {_mean(d)} ({interval})."
    differs = f"{signed(effect.mean, digits)} {_mean(d)} ({c.name_a} minus {c.name_b}, {levels(d)}; {interval})"
    if looks > 1:
        return (
            f"No clear difference in any of the {looks} series looked at. The largest beside its error is {what}: "
            f"{differs}, which luck alone can give."
        )
    return f"No clear direction: {what} differs by {differs}."


def levels(d: Difference) -> str:
    """From what to what: `0.241 against 0.236`, the means of the first and of the second run."""
    return " against ".join(number(mean, level_digits(d)) for mean in d.means)


def _mean(d: Difference) -> str:
    """Of which months the mean over the replicates is."""
    return d.span.said() if d.span.first != d.span.last else f"on average {d.span.said()}"


def size_sentence(d: Difference, looks: int) -> str:
    """How large a clear effect is beside what luck alone does to the level."""
    side = d.effect.direction(looks)
    if not side or not d.noise > 0 or d.measure in SIDES:
        return ""
    ratio = abs(d.effect.mean) / d.noise
    lead = "Clear but small" if ratio < 0.2 else "Clear and moderate" if ratio < 0.8 else "Clear and large"
    peak = f"; largest at the end of {date(format_month(d.peak))}" if d.span.first != d.span.last else ""
    return f"{lead}: {_fraction(ratio)} the spread between replicates{peak}."


_PARTS = ("", "", "half", "a third", "a quarter", "a fifth", "a sixth", "a seventh", "an eighth", "a ninth")


def _fraction(ratio: float) -> str:
    """`a fortieth of`, `half of`, `3.1 times`."""
    if ratio >= 0.95:
        return "as much as" if ratio < 1.05 else f"{ratio:.1f} times"
    if ratio > 0.6:
        return f"{percent(ratio)} of"
    part = round(1 / ratio)
    return f"{_PARTS[part]} of" if part < len(_PARTS) else f"1/{part} of" if part <= 1000 else "less than a thousandth of"


def pairs_sentence(c: Comparison, d: Difference) -> str:
    """What the pairs of replicates say one by one, which is another thing than the interval of their mean."""
    pairs, digits = "pairs" if c.paired else "pairs of independent replicates", digits_for(d)
    if d.measure in SIDES:
        return f"It stands elsewhere in {percent(1 - d.effect.same)} of the pairs." if c.paired else ""
    return (
        f"Pair by pair: {shares(d)}; 90 % of {pairs} lie from {signed(d.pairs[0], digits)} to {signed(d.pairs[4], digits)}."
    )


def shares(d: Difference) -> str:
    """`lower in 18 %, the same in 82 %, never higher`, the larger side first."""
    e = d.effect
    sides = sorted([(e.above, "higher"), (e.below, "lower")], key=lambda side: -side[0])
    (most, first), (least, second) = sides
    same = f"the same in {percent(e.same)}, " if e.same else ""
    if most == 1:
        return f"{first} in all"
    return f"{first} in {percent(most)}, {same}" + (f"{second} in {percent(least)}" if least else f"never {second}")


def began(c: Comparison) -> str:
    """When the two part, and why, as one sentence."""
    if c.first is None:
        return "" if not c.paired else "They never differ."
    titles = [change.title for change in c.because]
    if not titles:
        return f"The two part in {date(c.first)}; nothing in their stories says why."
    said = titles[0] if len(titles) == 1 else f"{', '.join(titles[:-1])} and {titles[-1]}"
    if c.first <= c.months[0]:
        return f"The two differ from the start ({date(c.first)}): {said}."
    return f"Exactly the same until {date(c.first)}, when they part: {said}."


def parameters_share(c: Comparison, d: Difference) -> Share | None:
    """How much of the variance of the differences between pairs goes with the parameters that differ between them; None
    where they do not, or the two runs do not share them."""
    tables = [table_behind(run.manifest) for run in (c.a, c.b)]
    if not c.paired or tables[0] is None or tables[0] != tables[1] or d.measure in SIDES:
        return None
    times, one, other = c.values(d.measure, d.subject)
    pairs = (one - other)[:, within(times, d.span)].mean(axis=1)
    return share_of(pairs, drawn(tables[0], int(c.a.manifest["seed"]), len(one)))


def share_sentence(c: Comparison, d: Difference) -> str:
    """The same as a sentence."""
    share = parameters_share(c, d)
    if share is None:
        return ""
    return (
        f"Of the variance between the pairs, the parameters that are estimated account for {share.said()} (90 % interval, "
        "by a linear regression); the rest is chance."
    )


def error_bars(c: Comparison, d: Difference) -> dict[str, Any] | None:
    """What common random numbers are worth; None where there is nothing to say."""
    with_pairs, without = d.effect.error, d.noise * math.sqrt(2 / c.replicates)
    if not c.paired or c.replicates < FEW or not with_pairs > 0:
        return None
    ratio = without / with_pairs
    return {
        "measure": d.measure,
        "subject": d.subject,
        "mean": d.effect.mean,
        "standard_error": with_pairs,
        "independent_error": without,
        "ratio": ratio,
        "replicates_needed": math.ceil(c.replicates * ratio**2),
    }


def error_sentence(c: Comparison, d: Difference) -> str:
    """The same as a sentence."""
    bars = error_bars(c, d)
    if bars is None:
        return ""
    digits = min(6, max(0, 1 - math.floor(math.log10(bars["standard_error"]))))
    errors = [f"{bars[key]:,.{digits}f}" for key in ("standard_error", "independent_error")]
    return (
        f"Common random numbers: mean difference of {phrase(c.a, d.measure, d.subject)} {signed(bars['mean'], digits)}, "
        f"standard error {errors[0]} with pairing, {errors[1]} with independent seeds "
        f"({bars['ratio']:.1f} times; {bars['replicates_needed']:,} replicates would be needed)."
    )
