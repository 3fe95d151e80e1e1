"""`sim new NAME --from SCENARIO --states WORDS`: a story with states more, and its counterfactual with the same states."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.cli.arguments import Refusal, words_of
from sim.cli.main import program
from sim.wording import listing


@dataclass(frozen=True)
class More:
    """A story with states more: all its states, those added, what is watched, and the story to compare with."""

    states: tuple[str, ...]
    added: dict[str, str]
    watch: tuple[str, ...]
    other: str | None

    def lists(self) -> str:
        """The lines of the file that say it."""
        return (
            "\n# The states of the scenario it starts from, and those added. Another state is another world: to how many\n"
            "# partners a state can attend grows with their number. Compare stories that have the same states.\n"
            f"states: [{', '.join(self.states)}]\n\n"
            "# Pairs that pictures and summaries show by themselves; those of the states added come last.\n"
            f"watch: [{', '.join(self.watch)}]\n"
        )


def with_states(story: Any, words: str, folder: Path | None) -> More:
    """What a story is with more of its world's states.

    Raises:
        Refusal: all of them are there already.
        sim.scenario.ScenarioError: a word means nothing in its world.
    """
    from sim.scenario import ScenarioError, read
    from sim.worlds import files

    there = [row["code"] for row in story.tables.states]
    world = files.checked(story.world, files.folders(folder), [*there, *words_of(words)])
    chosen = [row["code"] for row in world.tables.states]
    added = {code: world.names[code] for code in chosen if code not in there}
    if not added and len(chosen) == len(there):
        raise Refusal(f"--states {words}: {story.name} has all of them already")
    watch = [f"{a}-{b}" for a, b in story.watch if a in chosen and b in chosen]
    for code in added:
        watch += ["-".join(sorted((code, core[0]))) for core in story.cores.values() if core and core[0] in chosen]
    try:
        other = read(story.baseline, scenario_dir=folder) if story.baseline else None
    except ScenarioError:
        other = None
    same = other is not None and other.world == story.world and {row["code"] for row in other.tables.states} == set(there)
    return More(tuple(chosen), added, tuple(dict.fromkeys(watch)), story.baseline if same else None)


def counterfactual(name: str, more: More) -> str:
    """The text of the story to compare with, with the same states."""
    return f"""# {name}_{more.other}: {more.other} with the same states as {name}. Numbers changed there belong here too.

defaults: [{more.other}, _self_]

baseline: {name}
{more.lists()}"""


def told(name: str, parent: str, more: More) -> list[str]:
    """What to do with the files."""
    names = listing(list(more.added.values())) if more.added else "fewer states"
    said = [f"wrote {name}.yaml: {parent} with {names}, {len(more.states)} states in all"]
    if more.other is None:
        return [*said, f"Next: {program()} run scenario=./{name}.yaml"]
    said.append(f"wrote {name}_{more.other}.yaml: {more.other} with the same states, to compare with")
    return [
        *said,
        f"Next: {program()} run scenario=./{name}.yaml",
        f"      {program()} compare ./{name}.yaml ./{name}_{more.other}.yaml",
    ]
