"""What one world says otherwise than another."""

from __future__ import annotations

from typing import Any

from sim.calendar import format_month
from sim.scenario.worlds import StartingWorld

Item = dict[str, Any]


def differences(a: StartingWorld, b: StartingWorld) -> dict[str, list[Item]]:
    """What differs, by kind: states, numbers of states, ties, rivalries, borders, organisations, members, trust, actors.

    Each item has the subject and what the first and the second say; null is absence. Pairs are compared where both worlds
    have both states.
    """
    states = [{row["code"]: row for row in world.tables.states} for world in (a, b)]
    both = set(states[0]) & set(states[1])
    found: dict[str, list[Item]] = {
        "date": [_item("month", format_month(a.date), format_month(b.date))] if a.date != b.date else [],
        "states": [
            _item(code, *(one[code]["name"] if code in one else None for one in states))
            for code in sorted(set(states[0]) ^ set(states[1]))
        ],
    }
    for column in ("capability", "affinity"):
        rows = [_item(code, *(one[code][column] for one in states)) for code in sorted(both)]
        found[column] = sorted((row for row in rows if row["first"] != row["second"]), key=lambda row: -_size(row))
    pairs = [{(row["a"], row["b"]): row for row in world.tables.dyads if {row["a"], row["b"]} <= both} for world in (a, b)]
    for column in ("tie", "rivalry", "border"):
        rows = [
            _item(f"{one}-{other}", *(given.get((one, other), {}).get(column) for given in pairs))
            for one, other in sorted(set(pairs[0]) | set(pairs[1]))
        ]
        found[column] = [row for row in rows if row["first"] != row["second"]]
    organisations = [{row["code"]: row for row in world.tables.organisations} for world in (a, b)]
    found["organisations"] = [
        _item(code, *(one[code]["name"] if code in one else None for one in organisations))
        for code in sorted(set(organisations[0]) ^ set(organisations[1]))
    ]
    shared = set(organisations[0]) & set(organisations[1])
    members = [
        {
            f"{row['organisation']} {row['state']}"
            for row in world.tables.memberships
            if row["state"] in both and row["organisation"] in shared
        }
        for world in (a, b)
    ]
    found["members"] = [
        _item(who, *("member" if who in one else None for one in members)) for who in sorted(members[0] ^ members[1])
    ]
    trust = [{f"{r['from']}>{r['to']}": r["anchor"] for r in w.tables.trust if {r["from"], r["to"]} <= both} for w in (a, b)]
    found["trust"] = _values(trust)
    found["actors"] = _values([{row["code"]: row["strength"] for row in world.tables.actors} for world in (a, b)])
    return {kind: rows for kind, rows in found.items() if rows}


def _item(subject: str, first: Any, second: Any) -> Item:
    return {"subject": subject, "first": first, "second": second}


def _values(given: list[dict[str, Any]]) -> list[Item]:
    rows = [_item(key, *(one.get(key) for one in given)) for key in sorted(set(given[0]) | set(given[1]))]
    return [row for row in rows if row["first"] != row["second"]]


def _size(row: Item) -> float:
    return abs(row["first"] - row["second"])
