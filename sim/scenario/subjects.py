"""What a question is about: a measure of a subject, written `cooperation:SCO`, checked against a scenario."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sim import measures
from sim.measures import Frame
from sim.scenario.positions import names_of
from sim.scenario.problems import did_you_mean, quote
from sim.scenario.scenario import Scenario
from sim.wording import Namer, quoting

CATEGORIES = ("bloc",)
"""Measures that are names and not amounts: they have no mean."""


class NotMeasured(ValueError):
    """A measure or subject that the scenario does not have; the message says which it has."""


def frame_of(scenario: Scenario) -> Frame:
    """What measures are asked about in a scenario."""
    return Frame(names_of(scenario), scenario.cores, scenario.sets, tuple(scenario.watch))


class _Dyads:
    """What counts as a dyad of a measure, for :meth:`sim.wording.Namer.subject`: every one, watched or not."""

    def __init__(self, measure: str, states: Collection[str]) -> None:
        self.measure, self.states = measure, states

    def __contains__(self, subject: object) -> bool:
        return isinstance(subject, str) and measures.dyad_of(self.measure, subject, self.states) is not None


def dyad_asked(measure: str, text: str, name: Namer, states: Collection[str]) -> str | None:
    """The dyad that is meant, as it would be recorded, whether anybody watches it or not: `USA>IRN` for `United States in
    Iran`; None if the measure is not taken of dyads, or the text is none."""
    found = name.subject(text, _Dyads(measure, states))
    return found if measures.dyad_of(measure, found, states) else None


def other_way(measure: str, text: str, name: Namer, states: Collection[str]) -> str:
    """A hint where a dyad was written with a direction for a measure that has none, or the other way round; else nothing."""
    kinds = measures.all_measures()[measure][0].subjects
    if "directed dyads" in kinds and (pair := dyad_asked("cooperation", text, name, states)):
        a, b = pair.split("-")
        ways = f"'{measure}:{a}>{b}' ({name.one(a)} in {name.one(b)}) or '{measure}:{b}>{a}'"
        return f"; {measure} goes one way: write {ways}"
    if "dyads" in kinds and (pair := dyad_asked("trust", text, name, states)):
        return f"; {measure} has no direction: write {measure}:{'-'.join(sorted(pair.split('>')))}"
    return ""


def watching(scenario: Scenario, measure: str, subject: str) -> Scenario:
    """The scenario with a dyad among those that are recorded, where the subject is one that nobody watches. It is the same
    story: what is recorded changes no draw."""
    pair = measures.dyad_of(measure, subject, scenario.states)
    if pair is None or subject in measures.subjects(measure, frame_of(scenario)):
        return scenario
    return replace(scenario, watch=(*scenario.watch, pair))


def series_of(scenario: Scenario, text: str, *, any_dyad: bool = False) -> tuple[str, str]:
    """The measure and the subject of `cooperation:SCO`; without a subject it is the world, or the only one there is.

    States and actors may be written by name, a dyad either way round. With ``any_dyad`` it may be one that nobody watches;
    whoever asks so simulates :func:`watching` it.

    Raises:
        NotMeasured: there is no such measure, it is not taken of that, or it has no mean.
    """
    measure, colon, subject = str(text).partition(":")
    known = measures.names()
    if measure not in known:
        raise NotMeasured(f"there is no measure {quote(measure)}{did_you_mean(measure, known, what='measures')}")
    if measure in CATEGORIES:
        raise NotMeasured(f"{measure} is a name and not an amount, so it has no mean; take alignment:STATE")
    there = measures.subjects(measure, frame_of(scenario))
    if not colon:
        if "world" in there or len(there) == 1:
            return measure, "world" if "world" in there else there[0]
        some = ", ".join(there[:3])
        raise NotMeasured(f"{measure} of what? Write {measure}:SUBJECT; it is taken of {some} and others")
    name = Namer.of(scenario.tables)
    subject = name.subject(subject, there)
    if subject not in there:
        if dyad := dyad_asked(measure, subject, name, scenario.states):
            if any_dyad:
                return measure, dyad
            pairs = (*scenario.watch, dyad.replace(">", "-").split("-"))
            watch = f"scenario.watch=[{','.join('-'.join(pair) for pair in pairs)}]"
            raise NotMeasured(f"{measure}:{dyad} is not recorded, since nobody watches that dyad; add '{watch}'")
        if hint := other_way(measure, subject, name, scenario.states):
            raise NotMeasured(f"{measure} is not taken of {quote(subject)}{hint}")
        advice = did_you_mean(subject, there, what=f"{measure} is taken of")
        raise NotMeasured(f"{measure} is not taken of {quote(subject)}{quoting(there, subject)}{advice}")
    return measure, subject
