"""A world in words: its states, who is allied with whom, who are rivals, what is imputed or assumed."""

from __future__ import annotations

from collections.abc import Collection
from itertools import combinations
from typing import Any

from sim.scenario.worlds import StartingWorld

GUESSED = {"D": "imputed", "A": "assumed", "M": "from memory, unverified"}


def allies(world: StartingWorld, tie: str = "defence") -> dict[str, list[str]]:
    """The partners of each state in ties of a kind, by code; only states that have any."""
    found: dict[str, list[str]] = {}
    for row in world.tables.dyads:
        if row["tie"] == tie:
            found.setdefault(row["a"], []).append(row["b"])
            found.setdefault(row["b"], []).append(row["a"])
    return {code: sorted(others) for code, others in sorted(found.items())}


def groups(world: StartingWorld) -> list[tuple[str, list[str]]]:
    """The defence pacts as groups in which everybody is allied with everybody, each pair in one of them.

    Organisations whose members are all allied come first, under their codes; then the largest groups that are left.
    """
    left = {(row["a"], row["b"]) for row in world.tables.dyads if row["tie"] == "defence"}
    found: list[tuple[str, list[str]]] = []
    for row in sorted(world.tables.organisations, key=lambda row: -len(members(world, row["code"]))):
        whole = members(world, row["code"])
        pairs = set(combinations(whole, 2))
        if len(whole) > 2 and pairs <= left:
            found.append((row["code"], whole))
            left -= pairs
    while left:
        group = _largest(left)
        found.append(("", group))
        left -= set(combinations(group, 2))
    return found


def members(world: StartingWorld, organisation: str) -> list[str]:
    """Who is in an organisation."""
    return sorted(row["state"] for row in world.tables.memberships if row["organisation"] == organisation)


def _largest(pairs: Collection[tuple[str, str]]) -> list[str]:
    """A large group in which everybody is paired with everybody: grown greedily from the state with most partners."""
    near: dict[str, set[str]] = {}
    for a, b in pairs:
        near.setdefault(a, set()).add(b)
        near.setdefault(b, set()).add(a)
    first = max(sorted(near), key=lambda code: len(near[code]))
    group, open_to = [first], set(near[first])
    while open_to:
        best = max(sorted(open_to), key=lambda code: len(near[code] & open_to))
        group.append(best)
        open_to &= near[best]
    return sorted(group)


def rivals(world: StartingWorld) -> list[str]:
    """The pairs that are rivals: `IND-PAK`."""
    return [f"{row['a']}-{row['b']}" for row in world.tables.dyads if row["rivalry"]]


def guesses(world: StartingWorld) -> list[dict[str, str]]:
    """What is imputed, assumed or unverified: table, column, row (`*` for all), how, and the note."""
    t = world.tables
    here = {row["code"] for rows in (t.states, t.organisations, t.actors) for row in rows}
    return [
        {**{key: row[key] for key in ("table", "column", "row")}, "how": GUESSED[row["basis"]], "note": row.get("note", "")}
        for row in world.origins
        if row["basis"] in GUESSED and (row["row"] == "*" or {*row["row"].split("/")} <= here)
    ]


def plain(world: StartingWorld) -> dict[str, Any]:
    """All of it as plain data."""
    t = world.tables
    return {
        "name": world.name,
        "title": world.title,
        "description": world.description,
        "states": [{key: row[key] for key in ("code", "name", "capability", "affinity")} for row in t.states],
        "organisations": [
            {"code": row["code"], "name": row["name"], "depth": row["depth"], "members": members(world, row["code"])}
            for row in t.organisations
        ],
        "defence": [{"organisation": name, "states": codes} for name, codes in groups(world)],
        "rivals": rivals(world),
        "actors": [{key: row[key] for key in ("code", "name", "host", "strength")} for row in t.actors],
        "guesses": guesses(world),
    }
