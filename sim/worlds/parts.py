"""A part of a world as a small world of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.worlds import files
from sim.worlds.files import WorldFiles

COMMENT = """{name}: {origin}, to be edited. A number changed here is yours: change its source with it.
states.csv         a row a state: capability (share of the world's power), affinity (UN ideal point), world_reach 0 or 1
dyads.csv          pairs in alphabetical order: border (land, sea, none), tie (defence, consultation, none), rivalry 0 or 1
trust.csv          trust of one state in another that does not start where the rule puts it, -1 to 1
organisations.csv  depth from 0 (they meet) to 1 (one command, one budget); memberships.csv: who is in them
actors.csv         non-state actors: host, strength in fighters; reach.csv: how well they reach each state
sources.csv        where it exists: the source of each column, and of the rows that differ
The other tables are for rules to come, and may be deleted. Mistakes: sim world check {name}"""
"""What the head of such a world says."""


def part(origin: str, places: list[Path], name: str, words: Sequence[str]) -> dict[str, bytes]:
    """The files of a world that holds the states which some words select of another.

    Args:
        origin: the world to take from.
        places: folders in which worlds are looked for.
        name: of the new world.
        words: of a selection, such as ``["region:nordic", "RUS"]``.

    Raises:
        ScenarioError: there is no such world, it has mistakes, or a word means nothing in it.
    """
    chosen = [row["code"] for row in files.checked(origin, places, list(words)).tables.states]
    world = files.read(origin, places)
    files.take(world, chosen)
    world = WorldFiles(name, world.head, world.columns, world.rows)
    world.head["title"] = f"{name.replace('_', ' ').capitalize()}, {world.head['date']}"
    world.head["description"] = f"A part of {origin}: {', '.join(words)}, and what was added since."
    return files.contents(world, files.head_text(world, COMMENT.format(name=name, origin=f"a part of {origin}")))
