"""What a type of event is, as data: the fields it takes, whom it may concern, its sentence, and what it does to the world.

All of it prints as JSON (through `dataclasses.asdict`), so that the reader of scenarios, descriptions, listings and
documents read the same. A type whose effect data cannot say has functions beside its ``TYPE``; :mod:`sim.events` tells
which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.events.target import DYADS, TARGETS

UNTIL = "first month in which it no longer holds (optional: for good)"
PARTIES = "list of states; every dyad among them"


@dataclass(frozen=True)
class Field:
    """One field of an event: what it may hold and what it means.

    ``kind`` is one of: number, course (a number, or a list by month), word, states, sides, organisation, actor, month,
    variable (one of the type's), amount (a number within the bounds of the variable), parameter (of a mechanism), effort (a
    number or a coalition).
    """

    kind: str
    meaning: str
    optional: bool = False
    low: float = 0.0
    high: float = 1.0
    above: bool = False
    """Whether the lower bound itself is left out."""
    whole: bool = False
    about: str = ""
    """What the number is, in a message."""
    words: Mapping[str, float] = field(default_factory=dict)
    """The words that are allowed, and the level that each stands for."""
    least: int = 1
    """How many states at least."""
    goes_with: tuple[str, str] | None = None
    """Another field and the value that it must have."""
    beside: str = ""
    """Another field that must be there."""


@dataclass(frozen=True)
class Quantity:
    """A variable of the world that a type of event may change: the bounds of the number, and the ways to say whom."""

    low: float
    high: float
    who: tuple[str, ...]
    words: Mapping[str, float] = field(default_factory=dict)
    """Words in place of numbers, and the level that each stands for."""
    above: bool = False
    array: str = ""
    """The array of the world, where its name is another."""
    renews: str = ""
    """The type of event whose level is worked out again after a change."""


@dataclass(frozen=True)
class EventType:
    """What a type of event does, the fields it takes, whom it concerns, and whether it imposes an outcome."""

    meaning: str
    fields: Mapping[str, Field]
    sentence: str | Mapping[str, str]
    """A template; one for each field that may be there, where they differ. ``{field}`` is a value, ``{who}`` whom it
    concerns, ``[...]`` is left out where its field has the default or is not there."""
    said: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """How the words of a field are said."""
    committed: Mapping[str, str] = field(default_factory=dict)
    """What follows in the sentence where the organisation carries a commitment, by its level."""
    endless: str = ""
    """What follows in the sentence where no ``until`` ends it."""
    who: tuple[str, ...] = ()
    """The ways to say whom it concerns, where no variable decides that."""
    variables: Mapping[str, Quantity] = field(default_factory=dict)
    exactly_one: tuple[str, ...] = ()
    """Fields of which an event has exactly one."""
    opposed: tuple[str, ...] = ()
    """Fields that list states, none of which may be in two of them."""
    imposed: bool = False
    momentary: bool = False
    """It changes the world once and is done."""
    amount: str = ""
    """The field that says how much."""
    level: float = 0.0
    """How much, where no field says so."""
    puts: str = ""
    """The array that takes the amount where the event points."""
    holds: str = ""
    """The array that has the sum of the amounts of all events under way."""
    gravest: bool = False
    """The largest amount counts, in place of the sum."""
    months: int | None = None
    """How long it lasts, where no field says so."""
    account: str = ""
    """The account of the ledger in which it is booked, where it has none of its own."""
    moves_trust: bool = False
    """It moves trust itself while it goes on, so it has an account of its own in the ledger."""
    rank: int = 99
    """Which types are listed first, and named first where a picture cannot name all."""

    @property
    def required(self) -> tuple[str, ...]:
        """The fields that an event must have."""
        return tuple(name for name, about in self.fields.items() if not about.optional)

    def ways(self, variable: Any = None) -> tuple[str, ...]:
        """The ways in which an event may say whom it concerns, beside its fields (``to`` goes with ``from``)."""
        if not self.variables:
            ways = self.who
        else:
            known = self.variables.get(variable) if isinstance(variable, str) else None
            ways = known.who if known else tuple(TARGETS)
        return (*ways, "to") if "from" in ways else ways

    def keeps(self) -> set[str]:
        """The fields that an event keeps when it becomes one of this type."""
        return {*self.fields, *(self.who and DYADS)}


def states(meaning: str, *, least: int = 1, optional: bool = False) -> Field:
    """A field that lists states."""
    return Field("states", meaning, optional, least=least)


PARTIES_FIELD = states(PARTIES, least=2)
ORGANISATION = Field("organisation", "its code")
MONTH_UNTIL = Field("month", UNTIL, optional=True)

TARGET_FIELDS = {
    "parties": PARTIES_FIELD,
    "between": Field("sides", "two lists of states; every dyad across them"),
    "from": states("who feels or does it"),
    "to": states("toward whom"),
    "states": states("list of states"),
    "actor": Field("actor", "a non-state actor"),
    "organisation": ORGANISATION,
}
"""The fields that say whom an event concerns, where its variable or its type allows them."""
