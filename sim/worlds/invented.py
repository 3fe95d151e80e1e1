"""A world that never was: every table filled with stated defaults, to be edited."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sim.scenario.problems import fail, quote
from sim.worlds import files
from sim.worlds.files import HERE, WorldFiles
from sim.worlds.parts import COMMENT

ASSUMED = "Assumed: invented for this world. No published figure stands behind it."
NOTES = (
    "Invented: all states have the same share of the world's power, they vote alike (affinity 0), nobody borders, is allied "
    "with or a rival of anybody, and there is no organisation and no non-state actor. Change what your story needs.",
)
COLUMNS = {
    "states": "code name capability affinity world_reach",
    "dyads": "a b border tie rivalry nonaggression consultation",
    "trust": "from to anchor",
    "organisations": "code name depth",
    "memberships": "organisation state joined",
    "actors": "code name host strength effort",
    "reach": "actor state reach bias",
    "sources": "table column row source basis year note",
}
DEFAULTS = {
    "dyads": {"border": "none", "tie": "none", "rivalry": 0, "nonaggression": 0, "consultation": 0},
    "reach": {"reach": 0.1, "bias": 1},
}
_COLUMNS_OF_SOURCES = {
    "states": "capability affinity world_reach",
    "dyads": "border tie rivalry nonaggression consultation",
    "trust": "anchor",
    "organisations": "depth",
    "memberships": "joined",
    "actors": "strength effort",
    "reach": "reach bias",
}


def codes_of(names: Sequence[str]) -> dict[str, str]:
    """A code of three letters for each name, in their order: `Arcadia` is ARC; of two that begin alike the next letter.

    Raises:
        ScenarioError: a name has no letter, or is there twice.
    """
    found: dict[str, str] = {}
    for name in names:
        letters = re.sub(r"[^A-Z]", "", name.upper())
        if not letters or not name.strip():
            raise fail(HERE, f"{quote(name)} is not a name for a state: it needs a letter from A to Z")
        if name.strip() in found.values():
            raise fail(HERE, f"{quote(name)} is there twice; give each state its own name")
        ways = [
            (letters * 3)[:3],
            *(letters[:2] + other for other in letters[3:]),
            *(letters[0] + f"{k:02}" for k in range(99)),
        ]
        found[next(way for way in ways if way not in found)] = name.strip()
    return found


def invented(name: str, states: Sequence[str], date: str) -> dict[str, bytes]:
    """The files of an invented world.

    Args:
        name: of the world.
        states: their names, two or more.
        date: its month, such as ``2025-01``.

    Raises:
        ScenarioError: fewer than two states, or a name that is none.
    """
    codes = codes_of(states)
    if len(codes) < 2:
        raise fail(HERE, f"{len(codes)} states; a world needs two or more, such as --invented Arcadia,Borduria,Syldavia")
    world = WorldFiles(name, {"title": name.replace("_", " ").capitalize(), "date": date, "notes": list(NOTES)})
    world.head |= {"description": "Invented states.", "defaults": DEFAULTS, "sources": {"assumed": ASSUMED}}
    world.columns = {table: columns.split() for table, columns in COLUMNS.items()}
    world.rows = {table: [] for table in COLUMNS}
    share = f"{1 / len(codes):.3g}"
    world.rows["states"] = [
        {"code": code, "name": text, "capability": share, "affinity": "0", "world_reach": "0"}
        for code, text in codes.items()
    ]
    world.rows["sources"] = [
        {"table": table, "column": column, "row": "*", "source": "assumed", "basis": "A"}
        for table, columns in _COLUMNS_OF_SOURCES.items()
        for column in columns.split()
    ]
    return files.contents(world, files.head_text(world, COMMENT.format(name=name, origin="invented")))
