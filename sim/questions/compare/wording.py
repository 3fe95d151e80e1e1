"""A comparison in words: which series it is about, the answer as a sentence checked against the numbers, the error bars."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.calendar import format_month, parse_month
from sim.events.target import target_of
from sim.questions.compare.difference import Difference
from sim.results import ResultsError, Run
from sim.results.summary import SIDES as _BLOCS
from sim.results.summary import label
from sim.wording import capital, date, percent, signed, with_article, within_sentence

if TYPE_CHECKING:
    from sim.questions.compare.pairing import Comparison

SIDES = {name: side for name, side, _ in _BLOCS}
"""What stands for a bloc, which is a name: whether a state is on this side."""
WHOLE = ("fighters", "states")
CLEAR = 0.6
"""A direction is named where more than this share of the pairs agree on it."""
FEW = 20
"""Below this many replicates intervals and shares say nothing."""


def ends(c: Comparison) -> str:
    """The last month compared, in words: the bound 2026-01 is the end of December 2025."""
    return date(format_month(parse_month(c.months[-1]) - 1))


def main_series(c: Comparison, asked: str | None = None) -> Difference:
    """The series that the answer is about.

    What was asked for (`cooperation:eight`); else cooperation of the smallest named set that holds every state that a
    changed event names; else of the first set, of the first organisation, of all states.

    Raises:
        ResultsError: what was asked for is not there.
    """
    if asked:
        measure, _, subject = asked.partition(":")
        return c.of(measure, subject or "world")
    about = c.a.manifest
    sets = {name: set(codes) for name, codes in (about.get("sets") or {}).items()}
    named = {code for change in c.changes if change.event for code in _states(c, change.event)}
    holding = sorted((name for name in sets if named and named <= sets[name]), key=lambda name: len(sets[name]))
    organisations = [row["code"] for row in about.get("organisations") or ()]
    for subject in (*holding, *sets, *organisations, "world"):
        try:
            return c.of("cooperation", subject)
        except ResultsError:
            continue
    return next(d for d in c.differences)


def _states(c: Comparison, key: str) -> list[str]:
    events = [run.story().get("events", {}).get(key) or {} for run in (c.a, c.b)]
    return [code for event in events for code in target_of(event).named]


def phrase(run: Run, measure: str, subject: str) -> str:
    """What a series is, inside a sentence: `cooperation of the eight`, `China's trust in Russia`."""
    name = run.name
    sets = run.manifest.get("sets") or {}
    organisations = {row["code"]: row["name"] for row in run.manifest.get("organisations") or ()}
    if subject in sets:
        whom = f"the {subject.replace('_', ' ')}" if subject.isidentifier() else f"the set {subject!r}"
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
        return f"cooperation of {whom}" + (" with all others" if len(subject) == 3 and subject in _states_of(run) else "")
    if measure in SIDES:
        return f"{whom} {'belongs to no bloc' if measure == 'bloc_none' else f'is in the {measure[5:].title()} bloc'}"
    if measure in ("alignment", "strength", "cohesion"):
        return f"{'number of fighters' if measure == 'strength' else measure} of {whom}"
    return within_sentence(label(measure, subject, name))


def unlike(c: Comparison) -> set[str]:
    """Organisations that have other members in one run than in the other, so that their means are of other dyads."""
    keys = {change.event for change in c.changes if change.event}
    events = [run.story().get("events", {}).get(key) or {} for run in (c.a, c.b) for key in keys]
    return {event["organisation"] for event in events if event.get("type") in ("join", "leave")}


def _states_of(run: Run) -> set[str]:
    return {row["code"] for row in run.manifest["states"]}


def digits_for(d: Difference) -> int:
    """Decimals that show the spread of a difference: none for counts, else at least three, at most six."""
    if d.unit in WHOLE:
        return 0
    spread = max(abs(float(x)) for x in (*d.quantiles[:, -1], d.mean[-1], 1e-6))
    return min(6, max(3, 1 - math.floor(math.log10(spread)))) if math.isfinite(spread) else 3


def answer(c: Comparison, d: Difference) -> str:
    """What the numbers of the last month say, as one sentence."""
    at, digits = d.at(), digits_for(d)
    what, when = phrase(c.a, d.measure, d.subject), f"at the end of {ends(c)}"
    if c.same:
        count = sum(len(one.times) for one in c.differences)
        return (
            f"The two runs are the same: {len(c.differences)} series, {count:,} dates and {c.replicates} "
            "replicates differ by exactly 0 everywhere."
        )
    if not math.isfinite(at["mean"]):
        return f"There is no value of {what} {when}."
    below, above = at["below"], at["above"]
    if d.measure in SIDES:
        one, other = percent(at["mean_a"]), percent(at["mean_b"])
        shares = f"{one} of the replicates of {c.name_a} and {other} of those of {c.name_b}"
        moved = f"; it stands elsewhere in {percent(below + above)} of the pairs" if c.paired else ""
        return f"{capital(what)} {when} in {shares}{moved}."
    if below == above == 0:
        return f"In every pair {what} is exactly the same {when}, in {c.name_a} and in {c.name_b}."
    middle = f"median difference {signed(at['median'], digits)} [{signed(at['q05'], digits)}, {signed(at['q95'], digits)}]"
    if c.paired and c.replicates < FEW:
        return (
            f"{capital(what)} differs by {signed(at['mean'], digits)} on average {when} ({c.name_a} minus {c.name_b}); "
            f"{c.replicates} pairs of replicates are too few for an interval."
        )
    pairs = "paired replicates" if c.paired else "pairs of independent replicates"
    parts = sorted([(above, "higher"), (below, "lower"), (1 - below - above, "the same")], key=lambda part: -part[0])
    (share, side), (next_share, next_side), (last_share, last_side) = parts
    if share == 1:
        lead = f"In every one of the {pairs} {what} is {side} in {c.name_a} than in {c.name_b}"
    elif share > CLEAR and side != "the same":
        lead = f"In {percent(share)} of {pairs} {what} is {side} in {c.name_a} than in {c.name_b}"
    else:
        lead = (
            f"No clear direction: {what} in {c.name_a}, against {c.name_b}, is {side} in {percent(share)} of {pairs}, "
            f"{next_side} in {percent(next_share)}"
        )
        lead += f" and {last_side} in {percent(last_share)}," if last_share > 1e-9 else ","
    return f"{lead} {when}; {middle}."


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


def error_bars(c: Comparison, d: Difference) -> dict[str, Any] | None:
    """What common random numbers are worth at the last month; None where there is nothing to say."""
    at = d.at()
    with_pairs, without = at["standard_error"], at["independent_error"]
    if not c.paired or c.replicates < FEW or not with_pairs > 0:
        return None
    ratio = without / with_pairs
    return {
        "measure": d.measure,
        "subject": d.subject,
        "mean": at["mean"],
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
