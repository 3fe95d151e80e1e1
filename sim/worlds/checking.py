"""All that is wrong with a world at once: missing tables too, and what is allowed but can hardly be meant."""

from __future__ import annotations

from pathlib import Path

from sim.scenario.columns import COLUMNS
from sim.scenario.problems import Position, Problem, ScenarioError, shown
from sim.scenario.worlds import StartingWorld, read_world
from sim.worlds.files import HERE, known


def check(name: str, places: list[Path]) -> tuple[StartingWorld | None, list[Problem], list[str]]:
    """The world if it is sound, its problems, and warnings.

    Raises:
        ScenarioError: there is no such world.
    """
    path = known(places).get(name)
    problems: list[Problem] = []
    if path is not None:
        folder = path.with_suffix("")
        missing = [table for table in COLUMNS if not (folder / f"{table}.csv").is_file()]
        problems = [
            Problem(
                Position(shown(folder / f"{table}.csv"), 1, 1),
                (table,),
                f"this table of the world is missing; its columns: {', '.join(COLUMNS[table])}",
            )
            for table in missing
        ]
    try:
        world = read_world(name, places, HERE, problems)
    except ScenarioError as error:
        if path is None:
            raise
        said = {str(problem) for problem in problems}
        return None, [*problems, *(problem for problem in error.problems if str(problem) not in said)], []
    return (None if problems else world), problems, ([] if problems else warnings(world))


def warnings(world: StartingWorld) -> list[str]:
    """What a reader should look at again."""
    said = []
    total = sum(row["capability"] for row in world.tables.states)
    if total > 1.02:
        said.append(f"states.csv: capabilities add up to {total:.3g}; they are shares of the world, so at most 1")
    both = [f"{row['a']}-{row['b']}" for row in world.tables.dyads if row["tie"] == "defence" and row["rivalry"]]
    if both:
        said.append(f"dyads.csv: allies in a defence pact that are also rivals: {_some(both)}")
    lonely = [row["code"] for row in world.tables.organisations if _members(world, row["code"]) < 2]
    if lonely:
        said.append(f"organisations.csv: fewer than two members here: {_some(lonely)}")
    trusted = {(row["from"], row["to"]): row["anchor"] for row in world.tables.trust}
    one_way = [f"{a}>{b}" for a, b in trusted if (b, a) not in trusted]
    if one_way:
        said.append(f"trust.csv: one direction only, the other starts where the rule puts it: {_some(one_way)}")
    return said


def _members(world: StartingWorld, code: str) -> int:
    return sum(row["organisation"] == code for row in world.tables.memberships)


def _some(words: list[str], most: int = 8) -> str:
    return ", ".join(words[:most]) + (f" and {len(words) - most} more" if len(words) > most else "")
