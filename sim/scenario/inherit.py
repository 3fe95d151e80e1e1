"""Find scenario files, follow ``defaults: [parent, _self_]`` and merge: mappings merge, lists replace, null removes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim import resources
from sim.distributions import KINDS
from sim.scenario.problems import Key, Position, Problem, ScenarioError, did_you_mean, fail, nearest, quote, shown
from sim.scenario.text import Node, read_file
from sim.scenario.worlds import StartingWorld, read_world

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


def names(scenario_dir: str | Path | None = None) -> list[str]:
    """Names of the scenarios in the user's folder and of the built-in ones."""
    return sorted({p.stem for f in _folders(scenario_dir) for p in f.glob("*.yaml") if p.is_file()})


def find(name: str | Path, scenario_dir: str | Path | None = None) -> Path:
    """The file of a scenario, by name (user's folder first, then built-in) or by path.

    Raises:
        ScenarioError: there is none; the message lists those that are.
    """
    if scenario_dir is not None and not Path(scenario_dir).is_dir():
        raise fail(Position("scenario_dir"), f"there is no folder {quote(str(scenario_dir))}")
    if is_path(name):
        path = Path(name).expanduser()
        if not path.is_file():
            what = "is a folder; give a file in it, or use scenario_dir=" if path.is_dir() else "there is no such file"
            near = nearest(path.name, [p.name for p in path.parent.glob("*.yaml")]) if path.parent.is_dir() else None
            hint = f"; did you mean {str(path.with_name(near))!r}?" if near and not path.is_dir() else ""
            raise fail(Position(str(name)), f"{what}{hint}")
        return path
    return _by_name(str(name), _folders(scenario_dir), Position("scenario"))


def is_path(name: str | Path) -> bool:
    """Whether ``scenario=`` was given a file and not a name."""
    return isinstance(name, Path) or "/" in name or "\\" in name or name.endswith(_SUFFIXES)


def read_draft(name: str | Path, *, scenario_dir: str | Path | None = None) -> Draft:
    """Read a scenario and all it inherits from.

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
    if world_node is None or not isinstance(world_node.value, str) or not _PLAIN.match(world_node.value):
        at = world_node.at if world_node else top.at
        what = f"{quote(world_node.plain())} is not the name of a world" if world_node else "is missing"
        how = "name one, such as `world: eurasia_2015`, or build on a scenario: `defaults: [baseline]`"
        raise ScenarioError([*problems, Problem(at, ("world",), f"{what}; {how}. The rest is checked after that")])
    places = _unique([path.parent, *_folders(scenario_dir)])
    try:
        world = read_world(world_node.value, places, world_node.at, problems)
    except ScenarioError as error:
        raise ScenarioError([*problems, *error.problems]) from None
    merged = _world_node(world)
    for file, node in chain.files:
        told = node.value if file == chain.files[-1][0] else {k: v for k, v in node.value.items() if k not in OWN}
        merged = _merge(merged, Node(told, node.at), (), problems)
    files = [shown(file) for file, _ in chain.files]
    spec = merged.plain()
    if len(files) > 1:
        spec.setdefault("baseline", chain.files[-2][0].stem)
    return Draft(
        name=path.stem,
        spec=spec,
        positions={key: (node.key_at or node.at, node.at) for key, node in _walk(merged, ())},
        layers={file: number for number, file in enumerate(files)},
        parents=tuple(file.stem for file, _ in chain.files[:-1]),
        path=path,
        folders=tuple(places),
        world=world,
        problems=tuple(problems),
    )


def _folders(scenario_dir: str | Path | None) -> list[Path]:
    own = [Path(scenario_dir).expanduser()] if scenario_dir is not None else []
    return [*own, resources.scenarios()]


def _unique(folders: list[Path]) -> list[Path]:
    return list({folder.resolve(): folder for folder in folders}.values())


def _by_name(name: str, folders: list[Path], where: Position, key: Key = ()) -> Path:
    for folder in folders:
        if (path := folder / f"{name}.yaml").is_file() and _PLAIN.match(name):
            return path
    known = sorted({p.stem for f in folders for p in f.glob("*.yaml") if p.is_file()})
    hint = did_you_mean(name, known, what="scenarios")
    if Path(f"{name}.yaml").is_file() and _PLAIN.match(name):
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
            self.problems.append(Problem(Position(shown(path)), (), text))
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
    nowhere = Position(world.name)

    def rows(table: str, columns: tuple[str, ...]) -> Node:
        nodes = {}
        for row in getattr(world.tables, table):
            at = world.positions.get((table, row["code"]), nowhere)
            nodes[row["code"]] = Node({column: Node(row[column], at, at) for column in columns}, at, at)
        return Node(nodes, nowhere, nowhere)

    states = rows("states", ("name", "capability", "affinity"))
    actors = rows("actors", ("name", "strength", "effort"))
    for code, actor in actors.value.items():
        for column in ("bias", "reach"):
            actor.value[column] = Node({}, actor.at, actor.at)
        for row in world.tables.reach:
            if row["actor"] == code:
                at = world.positions.get(("reach", f"{code}/{row['state']}"), nowhere)
                for column in ("bias", "reach"):
                    actor.value[column].value[row["state"]] = Node(row[column], at, at)
    organisations = rows("organisations", ("name", "depth"))
    return Node({"states": states, "organisations": organisations, "actors": actors}, nowhere)


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
