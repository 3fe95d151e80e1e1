"""Whom an event involves, so that a picture of some states or of one actor shows only the events that bear on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.events.target import target_of

if TYPE_CHECKING:
    from sim.results import Run


@dataclass(frozen=True)
class Reach:
    """Dyads (across each pair of sets), single states, or an actor; `any_state` or `everything` where not limited."""

    pairs: tuple[tuple[frozenset[str], frozenset[str]], ...] = ()
    single: frozenset[str] = frozenset()
    actor: str = ""
    any_state: bool = False
    everything: bool = False

    def involves(self, states: Iterable[str]) -> bool:
        """Whether it bears on a dyad among these states, or on one of them alone."""
        group = set(states)
        if self.everything or self.any_state or self.single & group:
            return True
        return any(a != b for left, right in self.pairs for a in left & group for b in right & group)

    def names(self, state: str) -> bool:
        """Whether it is about this state: joins or leaves, or is a party; not merely touched as a member."""
        if self.single:
            return state in self.single
        return any(state in left or state in right for left, right in self.pairs)

    def bears_on(self, actors: Iterable[str]) -> bool:
        """Whether it bears on one of these actors."""
        return self.everything or self.actor in set(actors)


EVERYTHING = Reach(everything=True)


def reaches(run: Run) -> dict[str, Reach]:
    """Event key -> whom it involves, from the run's resolved scenario; empty where the folder has none."""
    if not run.has("config/scenario.json"):
        return {}
    events = run.story().get("events") or {}
    members = _members(run, events)
    return {key: _reach(event, members) for key, event in events.items() if isinstance(event, Mapping)}


def _members(run: Run, events: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """Organisation -> whoever is a member at some time of the run, where the manifest lists its first members."""
    known = {o["code"]: set(o["members"]) for o in run.manifest.get("organisations") or () if o.get("members")}
    for event in events.values():
        if isinstance(event, Mapping) and event.get("type") == "join" and event.get("organisation") in known:
            known[event["organisation"]] |= set(event.get("states") or ())
    return {code: frozenset(states) for code, states in known.items()}


def _reach(event: Mapping[str, Any], members: Mapping[str, frozenset[str]]) -> Reach:
    """One event's reach; a membership event bears on its states and on all members."""
    target = target_of(event)
    states = frozenset(target.states)
    if target.organisation:
        inside = members.get(target.organisation)
        return Reach(any_state=True) if inside is None else Reach(pairs=((inside | states, inside | states),), single=states)
    if target.actor:
        return Reach(actor=target.actor)
    if target.sides:
        return Reach(pairs=tuple((frozenset(one), frozenset(other)) for one, other in target.sides))
    return Reach(single=states) if states else EVERYTHING  # a parameter: it may touch all
