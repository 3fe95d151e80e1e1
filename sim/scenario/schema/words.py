"""What a schema knows of one world and of what a file inherits: the codes, and the names that may be changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim import resources
from sim.scenario.inherit import names, read_draft, world_names
from sim.scenario.problems import Key, Position, ScenarioError
from sim.scenario.worlds import read_world


@dataclass(frozen=True)
class Words:
    """The words of one world; without them (``known`` false) any code that is written as a code should be is allowed.

    ``inherited`` is what stands already when the file begins: the world's rows, and what other files say. None: nobody
    knows.
    """

    states: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    worlds: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    inherited: Mapping[str, Any] | None = field(default=None)

    @property
    def known(self) -> bool:
        """Whether this is of one world."""
        return bool(self.states)

    def has(self, key: Key) -> bool:
        """Whether a null at this place removes something; yes where nobody knows."""
        node: Any = self.inherited
        if node is None:
            return True
        for part in key:
            if not isinstance(node, Mapping) or part not in node:
                return False
            node = node[part]
        return True


def words_of_scenario(name: str | Path, scenario_dir: str | Path | None = None, *, heirs: bool) -> Words:
    """The words of a scenario's world.

    Args:
        name: of a scenario, or its file.
        scenario_dir: a folder of the user's own.
        heirs: for files that inherit from it; else for its own file.

    Raises:
        ScenarioError: it cannot be read.
    """
    draft = read_draft(name, scenario_dir=scenario_dir, own=heirs)
    if heirs and draft.problems:
        raise ScenarioError(draft.problems)
    known = sorted({name for folder in draft.folders for name in names(folder)})
    return _words(draft.world.tables, known, world_names(draft.folders), draft.spec)


def words_of_world(world: str) -> Words:
    """The words of a built-in starting world, and what a scenario that begins with it has.

    Raises:
        ScenarioError: there is no such world.
    """
    folder = resources.scenarios()
    found = read_world(world, [folder], Position("world"), [])
    rows = {
        table: {row["code"]: row for row in getattr(found.tables, table)} for table in ("states", "organisations", "actors")
    }
    return _words(found.tables, names(), world_names([folder]), rows)


def _words(tables: Any, scenarios: list[str], worlds: list[str], inherited: Mapping[str, Any]) -> Words:
    return Words(
        states=tuple(row["code"] for row in tables.states),
        organisations=tuple(row["code"] for row in tables.organisations),
        actors=tuple(row["code"] for row in tables.actors),
        scenarios=tuple(scenarios),
        worlds=tuple(worlds),
        inherited=inherited,
    )
