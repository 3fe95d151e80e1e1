"""What an answer is about: the series in which the change shows, among those whom the change concerns.

Nothing is fixed beforehand: neither a measure nor a group of states. Whoever asks for a series gets that one. Otherwise all
series that a reader would look at count as looked at, and what is said of the one chosen allows for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from sim.events.target import target_of
from sim.questions.compare.difference import Difference
from sim.results import Run

if TYPE_CHECKING:
    from sim.questions.compare.pairing import Comparison

OUTCOMES = ("cooperation", "trust", "alignment", "strength", "actor_threat", "polarisation", "cohesion")
"""The measures that an answer may be about by itself; others only where they are asked for, or there is none of these."""


class Headline(NamedTuple):
    """The series that an answer is about, and among how many it was chosen (1 where it was asked for)."""

    difference: Difference
    looks: int

    @property
    def direction(self) -> str:
        """`higher`, `lower`, or nothing where luck could explain it."""
        return self.difference.effect.direction(self.looks)


def headline(c: Comparison, asked: str | None = None) -> Headline:
    """The series that was asked for; else, of those with a direction, the one whose effect is largest beside the spread
    between replicates, first among those that concern the states of the changed events; else the one nearest to a
    direction. What an event of the change sets itself is not looked at.

    Raises:
        ResultsError: what was asked for is not there.
    """
    if asked:
        measure, _, subject = asked.partition(":")
        return Headline(c.of(measure, subject or "world"), 1)
    looked = [d for d in c.differences if d.measure in OUTCOMES and d.subject not in unlike(c)] or c.differences
    looked = [d for d in looked if not put_in(c, d)] or looked
    if c.paired:
        looked = [d for d in looked if d.effect.same < 1] or looked
    looks = len(looked)
    about = concerned(c)
    clear = [d for d in looked if d.effect.direction(looks)]
    near = [d for d in clear if concerns(d.subject, about)]
    if clear:
        return Headline(max(near or clear, key=_beside_noise), looks)
    return Headline(max(looked, key=lambda d: d.effect.size), looks)


def headlines(comparisons: Sequence[Comparison], asked: str | None = None) -> list[Headline]:
    """The same series for each of several comparisons: that of the first.

    Raises:
        ResultsError: what was asked for is not there.
    """
    first = headline(comparisons[0], asked)
    d = first.difference
    return [first, *(Headline(c.of(d.measure, d.subject), first.looks) for c in comparisons[1:])]


def _beside_noise(d: Difference) -> tuple[float, float]:
    """How large an effect is beside the spread between replicates; what never varies comes last."""
    return (abs(d.effect.mean) / d.noise if d.noise > 0 else 0.0, min(d.effect.size, 1e9))


def concerned(c: Comparison) -> set[str]:
    """The states and actors that the events which differ name."""
    found: set[str] = set()
    for change in c.changes:
        for event in _events(c, change.event):
            target = target_of(event)
            found |= {*target.named, *([target.actor] if target.actor else [])}
    return found


def concerns(subject: str, about: set[str]) -> bool:
    """Whether a subject is one of these, or a dyad with one."""
    return bool(about & {*subject.replace(">", "-").split("-")})


def put_in(c: Comparison, d: Difference) -> list[str]:
    """The titles of the events that differ and set this trust themselves, or trust that this alignment is the mean of: then
    the difference is what was put in."""
    if d.measure == "alignment":
        dyads = [(d.subject, code) for run in (c.a, c.b) for side in run.manifest["cores"].values() for code in side]
    elif d.measure == "trust" and ">" in d.subject:
        dyads = [tuple(d.subject.split(">"))]
    else:
        return []
    titles = {}
    for change in c.changes:
        for event in _events(c, change.event):
            if event.get("variable") == "trust" and any(_sets(event, *dyad) for dyad in dyads):
                titles[change.title.partition(",")[0]] = None
    return list(titles)


def _sets(event: dict, one: str, other: str) -> bool:
    """Whether an event about trust is about the trust of the one in the other."""
    return one != other and any(one in trusting and other in trusted for trusting, trusted in target_of(event).sides)


def unlike(c: Comparison) -> set[str]:
    """Organisations that have other members in one run than in the other, so that their means are of other dyads."""
    events = [event for change in c.changes for event in _events(c, change.event)]
    return {event["organisation"] for event in events if event.get("type") in ("join", "leave")}


def _events(c: Comparison, key: str | None) -> list[dict]:
    found = [run.story().get("events", {}).get(key) for run in (c.a, c.b)] if key else []
    return [event for event in found if event]


def states_of(run: Run) -> set[str]:
    """The codes of all states."""
    return {row["code"] for row in run.manifest["states"]}
