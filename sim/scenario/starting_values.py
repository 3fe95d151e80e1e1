"""The scenario's own numbers for what its world starts with: states, organisations and non-state actors.

The world's tables are the bottom layer of every scenario, so that one number can be changed like anything else:
``states.IND.capability``, ``organisations.SCO.depth``, ``actors.ISK.bias.RUS``; null takes a whole row out.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sim.scenario.check import Check
from sim.scenario.columns import TIES
from sim.scenario.inherit import is_number_mapping
from sim.scenario.worlds import Tables, more

Own = dict[str, dict[str, dict[str, Any]]]
"""Section -> code -> field -> checked value; ``bias`` and ``reach`` of an actor go by state."""

# Section: what one of its rows is called, an example, and the bounds and meaning of each number.
FIELDS: dict[str, tuple[str, str, dict[str, tuple[float, float, str]]]] = {
    "states": (
        "state",
        "{IND: {capability: .1}}",
        {"capability": (0, 1, "share of world power (CINC)"), "affinity": (-5, 5, "UN ideal point")},
    ),
    "organisations": ("organisation", "{SCO: {depth: .4}}", {"depth": (0, 1, "0 loose to 1 tight")}),
    "actors": (
        "actor",
        "{ISK: {strength: 2000}}",
        {"strength": (0, 1e6, "fighters"), "effort": (0, 10, "foreign effort against it at the start")},
    ),
}
WORDS: dict[str, dict[str, tuple[str, ...]]] = {"organisations": {"commitment": TIES}}
"""Fields of a row that take one of some words."""
BY_STATE: dict[str, tuple[float, float, str]] = {
    "bias": (0, 100, "the factor by which this state counts its strength"),
    "reach": (0, 1, "0 out of its reach to 1 its host"),
}
"""Numbers of an actor that go by state."""


def overrides(check: Check) -> Own:
    """What the scenario says of states, organisations and actors; a null took them out of the world."""
    known = {"states": check.world_states, "organisations": check.world_organisations, "actors": check.world_actors}
    own: Own = {}
    for section, (one, example, numbers) in FIELDS.items():
        own[section] = {}
        by_state, words = BY_STATE if section == "actors" else {}, WORDS.get(section, {})
        for code, value in check.mapping((section,), check.spec.get(section), example).items():
            key = (section, code)
            if code not in known[section]:
                check.unknown_state(key, code) if one == "state" else check.member_of(key, code, one)
                continue
            row = check.mapping(key, value, example.partition(": ")[2][:-1])
            check.keys(key, row, ("name", *numbers, *words, *by_state), of=f"{'a' if one == 'state' else 'an'} {one}")
            new = own[section][code] = {}
            if "name" in row:
                new["name"] = check.text((*key, "name"), row["name"], longest=100)
            for name, (low, high, what) in numbers.items():
                if name in row:
                    above = name == "capability"
                    new[name] = check.number((*key, name), row[name], low, high, what=what, above=above)
            for name, allowed in words.items():
                if name in row:
                    new[name] = check.one_of((*key, name), row[name], allowed)
            for name in by_state:
                if name in row:
                    new[name] = _by_state(check, (*key, name), row[name])
    if len(check.states) < 2:
        check.wrong(("states",), f"{len(check.states)} states are left; a world needs two or more")
    return own


def _by_state(check: Check, key: tuple[str, str, str], value: Any) -> dict[str, Any]:
    """A number a state; those of states taken out of this world are left out."""
    low, high, what = BY_STATE[key[2]]
    if is_number_mapping(value):
        check.wrong(key, f"is one number, and this goes by state; write {{RUS: ...}}, such as {key[2]}: {{RUS: 1}}")
        return {}
    found = {}
    for code, number in check.mapping(key, value, "{RUS: 1}").items():
        place = (*key, code)
        if code not in check.world_states:
            check.unknown_state(place, code)
        elif code in check.states:
            found[code] = check.number(place, number, low, high, what=what)
        elif check.layer(place) >= 0:  # said by a scenario, not by the world
            check.warn(place, f"left out: {code} is not in this world")
    return found


def present_actors(actors: Any, states: Collection[str]) -> dict[str, Any]:
    """The section ``actors`` without what it says of states that were taken out of this world."""
    return {
        code: {
            name: {state: number for state, number in part.items() if state in states} if name in BY_STATE else part
            for name, part in row.items()
        }
        for code, row in (actors or {}).items()
    }


def grounds(check: Check, states: Collection[str]) -> list[dict[str, Any]]:
    """The world's grounds of the pairs of the states that are present."""
    present = set(states)
    rows = more(check.draft.world, "grounds", check.problems)
    return [row for row in rows if row["a"] in present and row["b"] in present]


def tables(check: Check, own: Own) -> Tables:
    """The world's tables without what was taken out, with the scenario's own numbers in place."""
    kept = check.draft.world.tables.without(
        states=set(check.world_states) - set(check.states),
        organisations=set(check.world_organisations) - set(check.organisations),
        actors=set(check.world_actors) - set(check.actors),
    )
    for section, rows in (("states", kept.states), ("organisations", kept.organisations), ("actors", kept.actors)):
        for row in rows:
            mine = own[section].get(row["code"], {})
            row |= {name: value for name, value in mine.items() if name not in BY_STATE}
    for row in kept.reach:
        mine = own["actors"].get(row["actor"], {})
        row |= {name: mine[name][row["state"]] for name in BY_STATE if row["state"] in mine.get(name, {})}
    return kept
