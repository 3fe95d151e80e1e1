"""What a question is about: a measure of a subject, written `cooperation:SCO`, checked against a scenario."""

from __future__ import annotations

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


def series_of(scenario: Scenario, text: str) -> tuple[str, str]:
    """The measure and the subject of `cooperation:SCO`; without a subject it is the world, or the only one there is.

    States and actors may be written by name, a dyad either way round.

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
    subject = Namer.of(scenario.tables).subject(subject, there)
    if subject not in there:
        advice = did_you_mean(subject, there, what=f"{measure} is taken of")
        raise NotMeasured(f"{measure} is not taken of {quote(subject)}{quoting(there, subject)}{advice}")
    return measure, subject
