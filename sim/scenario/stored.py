"""A scenario from its stored story instead of its files: once more, or with other events."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim import resources
from sim.scenario.inherit import Draft
from sim.scenario.problems import Position, Problem, fail, quote
from sim.scenario.resolve import resolve
from sim.scenario.scenario import Scenario
from sim.scenario.worlds import read_world

WORLD = re.compile(r"\w[\w-]*\Z")
"""The name of a world, which is no path."""


def from_stored(
    spec: Mapping[str, Any], *, name: str, parents: Sequence[str], file: Path, folders: Sequence[Path] = ()
) -> Scenario:
    """The scenario that a resolved story (`Scenario.spec`, config/scenario.json) tells.

    Args:
        spec: the story; it is checked like any other.
        name: of the scenario.
        parents: those it inherited from.
        file: what problems are said to be in.
        folders: where its starting world is looked for, before the built-in ones.

    Raises:
        ScenarioError: it cannot be run.
    """
    places = [*folders, resources.scenarios()]
    story = {key: value for key, value in spec.items() if key != "tables"}
    name_of_world = story.get("world")
    if not isinstance(name_of_world, str) or not WORLD.match(name_of_world):
        raise fail(Position(str(file), 1, 1), f"{quote(name_of_world)} is not the name of a world", ("world",))
    problems: list[Problem] = []
    world = read_world(name_of_world, places, Position(str(file), 1, 1), problems)
    return resolve(
        Draft(
            name=name,
            spec=story,
            positions={},
            layers={str(file): 0},
            parents=tuple(parents),
            path=file,
            folders=tuple(places),
            world=world,
            problems=tuple(problems),
        )
    )


def changed(scenario: Scenario, **sections: Any) -> Scenario:
    """A scenario with some sections of its story exchanged, such as ``events``; None takes one out.

    Raises:
        ScenarioError: that makes no sense, such as leaving an organisation without having joined.
    """
    spec = {key: value for key, value in (dict(scenario.spec) | sections).items() if value is not None}
    file = scenario.file or Path(scenario.name)
    return from_stored(spec, name=scenario.name, parents=scenario.parents, file=file, folders=[file.parent])
