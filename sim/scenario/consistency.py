"""Events against each other and against the starting world: joining twice, leaving without membership, rivalries."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sim.calendar import parse_month
from sim.events.target import target_of
from sim.scenario.check import Check
from sim.scenario.inherit import TIMES


def check_story(check: Check, events: dict[str, dict[str, Any]]) -> None:
    """Note every event that contradicts the world as it is when the event comes, in the order of dates.

    Events without a date may come at any time: what they touch is not judged from then on.
    """
    dated = sorted((name for name in events if "on" in events[name]), key=lambda n: (parse_month(events[n]["on"]), n))
    undated = [name for name in events if "on" not in events[name]]
    _memberships(check, events, dated, undated)
    _rivalries(check, events, dated, undated)


def _memberships(check: Check, events: dict[str, dict], dated: list[str], undated: list[str]) -> None:
    world = check.draft.world
    since = {(row["organisation"], row["state"]): f"a member since {row['joined']}" for row in world.tables.memberships}
    members = dict(since)
    why: dict[tuple[str, str], str] = {}
    open_ended: set[tuple[str, str]] = set()
    moves = {name for name in events if events[name]["type"] in ("join", "leave")}
    for name in undated:
        if name in moves:
            open_ended |= _touched(events[name])
    count = Counter(pair for name in moves for pair in _touched(events[name]))
    for name in [*dated, *undated]:
        if name not in moves:
            continue
        event = events[name]
        joins = event["type"] == "join"
        for state in event["states"]:
            pair = (event["organisation"], state)
            if pair in open_ended and count[pair] > 1:
                continue
            said = check.spec["events"][name]["states"]
            place = ("events", name, "states", said.index(state))
            if joins and pair in members:
                check.wrong(place, f"{state} joins {pair[0]} but is already {members[pair]}; remove one of the two")
            elif not joins and pair not in members:
                reason = f" ({why[pair]})" if pair in why else f" (it is not a member in {world.name})"
                first = "remove this event, or let it join first"
                check.wrong(place, f"{state} leaves {pair[0]} but is not a member{reason}; {first}")
            elif joins:
                members[pair] = f"a member through {name}{_when(event)}"
            else:
                members.pop(pair)
                why[pair] = f"it left through {name}{_when(event)}"


def _touched(event: dict[str, Any]) -> set[tuple[str, str]]:
    return {(event["organisation"], state) for state in event["states"]}


def _rivalries(check: Check, events: dict[str, dict], dated: list[str], undated: list[str]) -> None:
    world = check.draft.world
    rivals = {(min(r["a"], r["b"]), max(r["a"], r["b"])): "from the start" for r in world.tables.dyads if r["rivalry"]}
    turns = {name for name in events if events[name]["type"] == "rivalry"}
    open_ended = {pair for name in undated if name in turns for pair in target_of(events[name]).dyads()}
    count = Counter(pair for name in turns for pair in target_of(events[name]).dyads())
    for name in [*dated, *undated]:
        if name not in turns:
            continue
        event = events[name]
        begins = event["change"] == "begin"
        for pair in target_of(event).dyads():
            if pair in open_ended and count[pair] > 1:
                continue
            place = ("events", name, target_of(event).way)
            both = f"{pair[0]} and {pair[1]}"
            if begins and pair in rivals:
                check.wrong(place, f"a rivalry of {both} begins but they are rivals already, {rivals[pair]}")
            elif not begins and pair not in rivals:
                now = ", ".join(sorted(f"{a}-{b}" for a, b in rivals)) or "none"
                check.wrong(place, f"a rivalry of {both} ends but they are no rivals then; rivals: {now}")
            elif begins:
                rivals[pair] = f"through {name}{_when(event)}"
            else:
                rivals.pop(pair)


def _when(event: dict[str, Any]) -> str:
    return f" on {event['on']}" if "on" in event else f" ({next(time for time in TIMES if time in event)})"
