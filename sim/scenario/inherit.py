"""Find scenario files, follow ``defaults: [parent, _self_]`` and merge: mappings merge, lists replace, null removes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim import resources
from sim.scenario.distributions import KINDS
from sim.scenario.files import SPECIAL, home_expanded, is_file
from sim.scenario.problems import Key, Position, Problem, ScenarioError, did_you_mean, fail, nearest, quote, shown
from sim.scenario.text import Node, read_file
from sim.scenario.worlds import WORLD_NAME, StartingWorld, read_world

MAX_PARENTS = 10
TIMES = ("on", "when", "hazard")
SECTIONS = ("events", "states", "organisations", "actors", "parameters", "sets", "sources")
OWN = ("description", "baseline")
"""What tells of one file alone and is not inherited; without a baseline of its own a scenario has its parent."""
_PLAIN = re.compile(r"\w[\w-]*\Z")
_NUMBER_KEYS = {*KINDS, "value", "source", "basis"}
_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class Draft:
    """A scenario with all it inherits merged in, not yet checked against the model.

    ``spec`` is plain data; ``positions`` has (key, value) for every value of every file that is still in it; ``layers``
    numbers the files from the oldest ancestor; ``problems`` is what the texts themselves have wrong.
    """

    name: str
    spec: dict[str, Any]
    positions: dict[Key, tuple[Position, Position]]
    layers: dict[str, int]
    parents: tuple[str, ...]
    path: Path
    folders: tuple[Path, ...]
    world: StartingWorld
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...] = ()

    def place(self, key: Key, *, at_key: bool = False) -> Position:
        """The place of a value (or of its key), or of the nearest thing around it that has one."""
        for length in range(len(key), 0, -1):
            if (part := key[:length]) in self.positions:
                return self.positions[part][0 if at_key or length < len(key) else 1]
        return Position(max(self.layers, key=self.layers.__getitem__), 1, 1)


def names(scenario_dir: str | Path | None = None) -> list[str]:
    """Names of the scenarios in the user's folder and of the built-in ones."""
    return _names(_folders(scenario_dir))


def world_names(folders: Iterable[Path]) -> list[str]:
    """The names of the starting worlds in some folders of scenarios."""
    return sorted({p.stem for f in folders for p in (f / "worlds").glob("*.yaml") if WORLD_NAME.match(p.stem)})


def _names(folders: list[Path]) -> list[str]:
    """The plain names of the files in some folders; a file that is called otherwise cannot be asked for by name."""
    return sorted({p.stem for f in folders for p in f.glob("*.yaml") if _PLAIN.match(p.stem) and is_file(p)})


def find(name: str | Path, scenario_dir: str | Path | None = None) -> Path:
    """The file of a scenario, by name (user's folder first, then built-in) or by path.

    Raises:
        ScenarioError: there is none; the message lists those that are.
    """
    folders = _folders(scenario_dir)
    if scenario_dir is not None and not os.path.isdir(folders[0]):
        raise fail(Position("scenario_dir"), f"there is no folder {quote(str(scenario_dir))}")
    if is_path(name):
        path = home_expanded(name, "scenario")
        if not is_file(path):
            raise fail(Position("scenario"), _no_file(path, str(name)))
        return path
    return _by_name(str(name), folders, Position("scenario"))


def _no_file(path: Path, name: str) -> str:
    """What is at a path that is no file, with a near one."""
    if os.path.isdir(path):
        return f"{name} is a folder; give a file in it, or use scenario_dir="
    if os.path.lexists(path):
        return f"{name} {SPECIAL}"
    near = nearest(path.name, [p.name for p in path.parent.glob("*.yaml")]) if os.path.isdir(path.parent) else None
    return f"{name}: there is no such file" + (f"; did you mean {str(path.with_name(near))!r}?" if near else "")


def is_path(name: str | Path) -> bool:
    """Whether ``scenario=`` was given a file and not a name."""
    return isinstance(name, Path) or "/" in name or "\\" in name or name.endswith(_SUFFIXES)


def read_draft(name: str | Path, *, scenario_dir: str | Path | None = None, own: bool = True) -> Draft:
    """Read a scenario and all it inherits from; without ``own``, only what it inherits, its world among it.

    Raises:
        ScenarioError: a file is missing or is not YAML, inheritance is circular, or there is no such world.
    """
    path = find(name, scenario_dir)
    problems: list[Problem] = []
    chain = _Chain(_folders(scenario_dir), problems)
    chain.add(path, ())
    if any(problem.key[:1] == ("defaults",) for problem in problems):
        raise ScenarioError(problems)  # what is not inherited would be reported as missing, line after line
    # The world is the bottom layer, so that its states and organisations can be changed like anything else.
    top = chain.files[-1][1]
    world_node = next((node.value["world"] for _, node in reversed(chain.files) if "world" in node.value), None)
    if world_node is None or not isinstance(world_node.value, str) or not WORLD_NAME.match(world_node.value):
        at = world_node.at if world_node else top.at
        what = f"{quote(world_node.plain())} is not the name of a world" if world_node else "is missing"
        how = "name one, such as `world: eurasia_2015`, or build on a scenario: `defaults: [baseline]`"
        raise ScenarioError([*problems, Problem(at, ("world",), f"{what}; {how}. The rest is checked after that")])
    places = _unique([path.parent, *_folders(scenario_dir)])
    files, chosen = chain.files, None
    warnings: list[str] = []
    if any(_selects(node) for _, node in files):
        from sim.scenario import selection

        files, chosen = selection.split_states(files, problems)
    try:
        world = read_world(world_node.value, places, world_node.at, problems, chosen)
    except ScenarioError as error:
        raise ScenarioError([*problems, *error.problems]) from None
    merged = _world_node(world)
    files = files if own else files[:-1]
    if chosen is not None:
        files, warnings = selection.without_others(files, chosen, world, problems)
    for file, node in files:
        told = node.value if file == chain.files[-1][0] else {k: v for k, v in node.value.items() if k not in OWN}
        merged = _merge(merged, Node(told, node.at), (), problems)
    shown_files = [shown(file) for file, _ in chain.files]
    spec = merged.plain()
    if len(shown_files) > 1:
        spec.setdefault("baseline", chain.files[-2][0].stem)
    return Draft(
        name=path.stem,
        spec=spec,
        positions={key: (node.key_at or node.at, node.at) for key, node in _walk(merged, ())},
        layers={file: number for number, file in enumerate(shown_files)},
        parents=tuple(file.stem for file, _ in chain.files[:-1]),
        path=path,
        folders=tuple(places),
        world=world,
        problems=tuple(problems),
        warnings=tuple(warnings),
    )


def _folders(scenario_dir: str | Path | None) -> list[Path]:
    own = [home_expanded(scenario_dir, "scenario_dir")] if scenario_dir is not None else []
    return [*own, resources.scenarios()]


def _selects(node: Node) -> bool:
    """Whether a file says which states of the world it takes."""
    states = node.value["states"].value if "states" in node.value else None
    return isinstance(states, list) or (isinstance(states, dict) and "select" in states)


def _unique(folders: list[Path]) -> list[Path]:
    return list({folder.resolve(): folder for folder in folders}.values())


def _by_name(name: str, folders: list[Path], where: Position, key: Key = ()) -> Path:
    for folder in folders:
        if _PLAIN.match(name) and is_file(path := folder / f"{name}.yaml"):
            return path
    known = _names(folders)
    hint = did_you_mean(name, known, what="scenarios")
    if _PLAIN.match(name) and is_file(Path(f"{name}.yaml")):
        hint = f"; did you mean the file ./{name}.yaml? scenarios: {', '.join(known)}"
    raise fail(where, f"there is no scenario {quote(name)}{hint}. A file of your own is given as ./mine.yaml", key)


class _Chain:
    """The files of a scenario, oldest ancestor first, the scenario itself last."""

    def __init__(self, folders: list[Path], problems: list[Problem]) -> None:
        self.folders, self.problems = folders, problems
        self.files: list[tuple[Path, Node]] = []

    def add(self, path: Path, children: tuple[Path, ...]) -> None:
        node = read_file(path, self.problems)
        if path.stem in resources.NOT_SCENARIOS or path.stem.startswith("."):
            text = f"a scenario cannot be called {path.stem!r}: that folder of the results is taken; rename the file"
            self.problems.append(Problem(Position(shown(path), 1, 1), (), text))
        defaults = node.value.pop("defaults", None)
        own = path.parent.resolve()
        # A built-in scenario inherits from built-in ones only; a user's own, from its folder first.
        built_in = resources.scenarios()
        folders = [built_in] if own == built_in else _unique([path.parent, *self.folders])
        for name, at, key in self.parents(defaults, path.stem):
            try:
                parent = _by_name(name, folders, at, key)
            except ScenarioError as error:
                self.problems += error.problems
                continue
            line = (*children, path)
            if any(parent.resolve() == child.resolve() for child in line):
                circle = " -> ".join([*(child.stem for child in line), parent.stem])
                raise ScenarioError([*self.problems, Problem(at, key, f"scenarios inherit in a circle: {circle}")])
            if len(line) > MAX_PARENTS:
                text = f"inherits through more than {MAX_PARENTS} files"
                raise ScenarioError([*self.problems, Problem(at, key, text)])
            if all(parent.resolve() != file.resolve() for file, _ in self.files):
                self.add(parent, line)
        self.files.append((path, node))

    def parents(self, defaults: Node | None, own: str) -> Iterator[tuple[str, Position, Key]]:
        if defaults is None:
            return
        if not isinstance(defaults.value, list):
            self.wrong(defaults.at, ("defaults",), "is a list of scenarios to inherit from, such as [baseline, _self_]")
            return
        for number, item in enumerate(defaults.value):
            key: Key = ("defaults", number)
            if item.value == "_self_":
                if number != len(defaults.value) - 1:
                    self.wrong(item.at, key, "_self_ stands last: what this file says goes over what it inherits")
            elif not isinstance(item.value, str) or not _PLAIN.match(item.value):
                what = "a mapping or a list" if isinstance(item.value, (dict, list)) else quote(item.value)
                text = f"{what} is not a scenario's name; defaults takes plain names only, such as baseline"
                self.wrong(item.at, key, text)
            elif item.value == own:
                text = f"a scenario cannot inherit from its own name {quote(own)}; give your file another name"
                self.wrong(item.at, key, text)
            else:
                yield item.value, item.at, key

    def wrong(self, where: Position, key: Key, text: str) -> None:
        self.problems.append(Problem(where, key, text))


def _world_node(world: StartingWorld) -> Node:

    def rows(table: str, columns: tuple[str, ...]) -> Node:
        nodes, nowhere = {}, world.positions[table, ""]
        for row in getattr(world.tables, table):
            at = world.positions.get((table, row["code"]), nowhere)
            nodes[row["code"]] = Node({column: Node(row[column], at, at) for column in columns if column in row}, at, at)
        return Node(nodes, nowhere, nowhere)

    states = rows("states", ("name", "capability", "affinity"))
    actors = rows("actors", ("name", "strength", "effort"))
    for code, actor in actors.value.items():
        for column in ("bias", "reach"):
            actor.value[column] = Node({}, actor.at, actor.at)
        for row in world.tables.reach:
            if row["actor"] == code:
                at = world.positions.get(("reach", f"{code}/{row['state']}"), actor.at)
                for column in ("bias", "reach"):
                    actor.value[column].value[row["state"]] = Node(row[column], at, at)
    organisations = rows("organisations", ("name", "depth", "commitment"))
    return Node({"states": states, "organisations": organisations, "actors": actors}, states.at)


def is_number_mapping(value: Any) -> bool:
    """Whether a mapping stands for one number: a distribution, or a value with its source."""
    return isinstance(value, dict) and set(value) <= _NUMBER_KEYS and bool(set(value) & {*KINDS, "value"})


def _merge(old: Node, new: Node, path: Key, problems: list[Problem]) -> Node:
    """The newer node over the older; the nodes themselves are never changed."""
    if not isinstance(new.value, dict):
        return new
    merged = dict(old.value) if isinstance(old.value, dict) and not _replaces(old, new, path) else {}
    if len(path) == 2 and path[0] == "events" and any(time in new.value for time in TIMES):
        merged = {key: node for key, node in merged.items() if key not in TIMES}
    for key, node in new.value.items():
        if node.value is None and not path and key in (*SECTIONS, *OWN):
            continue  # a heading with nothing below it changes nothing
        if node.value is None:
            if key not in merged:
                near = nearest(key, merged)
                hint = f"; did you mean {near!r}?" if near else ""
                text = f"null removes what is inherited, and nothing of that name is{hint}"
                problems.append(Problem(node.key_at or node.at, (*path, key), text))
            merged.pop(key, None)
        else:
            merged[key] = _merge(merged.get(key, Node(None, node.at)), node, (*path, key), problems)
    return Node(merged, new.at, new.key_at)


def _replaces(old: Node, new: Node, path: Key) -> bool:
    """Whether the newer mapping takes the older's place: another type of event, another way to write a number."""
    if is_number_mapping(old.plain()) or is_number_mapping(new.plain()):
        return True
    if path == ("cores",) and isinstance(old.value, dict):  # other names for the sides are other sides
        return not set(new.value) <= set(old.value)
    if len(path) == 2 and path[0] == "events":
        types = [node.value["type"].value if "type" in node.value else None for node in (old, new)]
        return types[1] is not None and types[0] != types[1]
    return False


def _walk(node: Node, path: Key) -> Iterator[tuple[Key, Node]]:
    if path:
        yield path, node
    if isinstance(node.value, (dict, list)):
        for key, child in node.value.items() if isinstance(node.value, dict) else enumerate(node.value):
            yield from _walk(child, (*path, key))
