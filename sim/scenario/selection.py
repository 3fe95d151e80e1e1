"""Which states of a world a scenario takes: codes and words, added and taken away in order.

``[members:SCO, USA, -TJK]`` starts with nobody, adds the members of the SCO and the United States, and takes Tajikistan
out again. Words: a code, ``all``, ``majors``, ``region:NAME``, ``members:ORGANISATION``, ``neighbours:STATE`` (that
state and those on its land borders); a ``-`` before any of them takes away. A list that begins with ``-`` starts from all.

In a file the list stands under ``states:``, or under ``states: {select: [...]}`` beside the scenario's own numbers. A newer
list replaces the one it inherits; the numbers are inherited as ever, less those of states that are not selected.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.scenario.problems import Problem, did_you_mean, nearest, quote
from sim.scenario.text import Node

MAJORS = "majors"
KINDS = ("region", "members", "neighbours")


@dataclass(frozen=True)
class Choice:
    """What the words of a selection can mean in one world: names by code, states by region and by organisation."""

    names: Mapping[str, str]
    regions: Mapping[str, Collection[str]]
    members: Mapping[str, Collection[str]]
    land: Collection[tuple[str, str]]

    def states(self, word: str) -> set[str] | str:
        """The states that a word stands for, or what is wrong with it."""
        kind, colon, name = word.partition(":")
        if word in self.names:
            return {word}
        if word == "all":
            return set(self.names)
        if word == MAJORS and MAJORS in self.regions:
            return set(self.regions[MAJORS])
        if colon and kind in KINDS:
            return self._of_kind(kind, name)
        by_name = {text.casefold(): code for code, text in self.names.items()}
        if word.casefold() in by_name:
            return f"{quote(word)} is a name; write its code, {by_name[word.casefold()]}"
        words = ["all", MAJORS, *(f"region:{name}" for name in self.regions), *(f"members:{name}" for name in self.members)]
        near = nearest(word, [*self.names, *words, *(f"{kind}:" for kind in KINDS)])
        hint = f"; did you mean {near!r}?" if near else ";"
        ways = "a state's code, all, majors, region:NAME, members:ORGANISATION, neighbours:STATE, each with - to take away"
        return f"{quote(word)} is neither a state of this world nor a word for several{hint} allowed: {ways}"

    def _of_kind(self, kind: str, name: str) -> set[str] | str:
        if kind == "region":
            if name in self.regions:
                return set(self.regions[name])
            return f"there is no region {quote(name)}{did_you_mean(name, self.regions, what='regions')}"
        if kind == "members":
            if name in self.members:
                return set(self.members[name])
            return f"there is no organisation {quote(name)}{did_you_mean(name, self.members, what='organisations')}"
        if name in self.names:
            return {name} | {one for pair in self.land if name in pair for one in pair}
        return f"{quote(name)} is not a state of this world{did_you_mean(name, self.names, what='states')}"


def select(words: Sequence[Any], choice: Choice) -> tuple[list[str], list[tuple[int, str]]]:
    """The states that a list selects, in the order of the world, and what is wrong: (place in the list, text)."""
    wrong: list[tuple[int, str]] = []
    chosen: set[str] = set(choice.names) if words and isinstance(words[0], str) and words[0].startswith("-") else set()
    for number, word in enumerate(words):
        if not isinstance(word, str) or not word.strip("- "):
            wrong.append((number, f"{quote(word)} is not a word of a selection; write a state's code, such as FIN"))
            continue
        found = choice.states(word.removeprefix("-").strip())
        if isinstance(found, str):
            wrong.append((number, found))
        elif word.startswith("-"):
            chosen -= found
        else:
            chosen |= found
    return [code for code in choice.names if code in chosen], wrong


def choice_of(
    names: Mapping[str, str],
    organisations: Iterable[str],
    memberships: Iterable[Mapping[str, Any]],
    regions: Iterable[Mapping[str, Any]],
    land: Collection[tuple[str, str]],
) -> Choice:
    """The choice that the rows of a world's tables give."""
    by_region: dict[str, list[str]] = {}
    for row in regions:
        by_region.setdefault(row["region"], []).append(row["state"])
    members: dict[str, list[str]] = {code: [] for code in organisations}
    for row in memberships:
        members.setdefault(row["organisation"], []).append(row["state"])
    return Choice(names, by_region, members, land)


Files = list[tuple[Path, Node]]
"""The files of a scenario, oldest ancestor first."""


def split_states(files: Files, problems: list[Problem]) -> tuple[Files, Node | None]:
    """The files with only numbers under ``states``, and the newest list of a selection; None where there is none."""
    chosen: Node | None = None
    plain: Files = []
    for file, node in files:
        states = node.value.get("states")
        if states is not None and isinstance(states.value, list):
            chosen, states = states, Node({}, states.at, states.key_at)
        elif states is not None and isinstance(states.value, dict) and "select" in states.value:
            own = states.value["select"]
            if own.value is None:
                chosen = None
            elif isinstance(own.value, list):
                chosen = own
            else:
                problems.append(Problem(own.at, ("states", "select"), "is a list, such as [members:SCO, USA, -TJK]"))
            rest = {key: part for key, part in states.value.items() if key != "select"}
            states = Node(rest, states.at, states.key_at)
        if states is not None and states is not node.value["states"]:
            node = Node({**node.value, "states": states}, node.at, node.key_at)
        plain.append((file, node))
    return plain, chosen


def without_others(files: Files, chosen: Node, world: Any, problems: list[Problem]) -> tuple[Files, list[str]]:
    """The files without their numbers for states that the world has and the scenario does not select.

    What a file says of such a state after the selection is a problem; what it inherits is left out with a warning, which is
    the second value; a null that takes out what is not there has done its work.
    """
    kept = {row["code"] for row in world.tables.states}
    gone = set(world.names) - kept
    plain: Files = []
    warnings: list[str] = []
    selected = False
    for file, node in files:
        selected = selected or node.at.file == chosen.at.file
        states = node.value.get("states")
        if states is not None and isinstance(states.value, dict) and gone & set(states.value):
            for code in (code for code in states.value if code in gone and states.value[code].value is not None):
                if selected:
                    text = "is not among the states selected; add it to the list, or remove this"
                    problems.append(Problem(states.value[code].key_at or states.at, ("states", code), text))
                else:
                    warnings.append(f"states.{code}: left out: not among the states selected")
            rest = {code: part for code, part in states.value.items() if code not in gone}
            node = Node({**node.value, "states": Node(rest, states.at, states.key_at)}, node.at, node.key_at)
        plain.append((file, node))
    return plain, warnings
