"""Whom an event concerns: the one place that reads it from an event as a scenario writes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TARGETS: dict[str, str] = {
    "parties": "parties: [IND, PAK]",
    "between": "between: [[RUS], [USA, GBR]]",
    "from": "from: [RUS], to: [UKR]",
    "states": "states: [IND]",
    "actor": "actor: ISK",
    "organisation": "organisation: SCO",
}
"""The ways to say whom an event concerns, each with an example."""
DYADS, DIRECTED = ("parties", "between"), ("parties", "between", "from")

Group = tuple[str, ...]


@dataclass(frozen=True)
class Target:
    """Whom an event concerns.

    ``sides`` are pairs of groups, each state of the first toward each of the second; ``states`` those that are named by
    themselves. An event about a parameter concerns nobody in particular.
    """

    way: str = ""
    sides: tuple[tuple[Group, Group], ...] = ()
    states: Group = ()
    actor: str = ""
    organisation: str = ""

    @property
    def named(self) -> list[str]:
        """Every state that is named, each once."""
        return list(dict.fromkeys([*self.states, *(code for pair in self.sides for group in pair for code in group)]))

    def dyads(self) -> list[tuple[str, str]]:
        """The dyads it concerns, without direction: each once, in alphabetical order."""
        return sorted({(min(a, b), max(a, b)) for one, other in self.sides for a in one for b in other if a != b})

    def concerns(self, a: str, b: str) -> bool:
        """Whether it names both states of a dyad as its parties, in either direction."""
        return any((a in one and b in other) or (b in one and a in other) for one, other in self.sides)


def target_of(event: Mapping[str, Any]) -> Target:
    """Whom an event concerns, from its mapping in a scenario."""
    given = {name: event[name] for name in (*TARGETS, "to") if event.get(name) is not None}
    way = next((name for name in TARGETS if name in given), "")
    organisation, actor = str(given.get("organisation", "")), str(given.get("actor", ""))
    if event.get("attacker") is not None:
        one, other = tuple(event["attacker"]), tuple(event.get("defender") or ())
        return Target("attacker", ((one, other), (other, one)), (), actor, organisation)
    if way == "parties":
        parties = tuple(given["parties"])
        return Target(way, ((parties, parties),), (), actor, organisation)
    if way == "between":
        one, other = (tuple(side) for side in given["between"])
        return Target(way, ((one, other), (other, one)), (), actor, organisation)
    if way == "from":
        return Target(way, ((tuple(given["from"]), tuple(given.get("to", ()))),), (), actor, organisation)
    return Target(way, (), tuple(given.get("states", ())), actor, organisation)
