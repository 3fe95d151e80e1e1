"""A world as its files say it, word for word: what is taken of one world into another keeps its digits and its sources.

:mod:`sim.scenario.worlds` reads the same files strictly, as numbers; nothing here is written that it has not read.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import tempfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim import resources
from sim.scenario.columns import COLUMNS, KEYS, OPTIONAL
from sim.scenario.files import home_expanded, is_file, read_text
from sim.scenario.problems import Position, Problem, ScenarioError, did_you_mean, fail, quote, shown
from sim.scenario.text import Node, parse, read_file
from sim.scenario.world_tables import lines_of
from sim.scenario.worlds import WORLD_NAME, StartingWorld, keep_only, read_world

Row = dict[str, str]
HERE = Position("command line")


@dataclass
class WorldFiles:
    """The head of a world as data, and its tables as text: the columns and the rows of each."""

    name: str
    head: dict[str, Any]
    columns: dict[str, list[str]] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)

    @property
    def codes(self) -> list[str]:
        """Its states, in the order of the table."""
        return [row["code"] for row in self.rows["states"]]

    @property
    def apart(self) -> bool:
        """Whether its sources stand in a table of their own."""
        return "sources" in self.rows

    def key(self, table: str, row: Row) -> str:
        """What names a row: `ISK/RUS`."""
        return "/".join(row[column] for column in KEYS[table])

    def origin(self, table: str, column: str, row: Row) -> tuple[str, str]:
        """The source and the basis of a cell; empty where the world does not say."""
        if not self.apart:
            own = row.get(f"{column}_source", row.get("source", "")), row.get(f"{column}_basis", row.get("basis", ""))
            return own[0] or "", own[1] or ""
        found = ("", "")
        for said in self.rows["sources"]:
            if said["table"] == table and said["column"] in (column, "*") and said["row"] in ("*", self.key(table, row)):
                found = said["source"], said["basis"]
                if said["row"] != "*":
                    return found
        return found


def folders(scenario_dir: str | Path | None) -> list[Path]:
    """Where worlds are looked for: the user's folder, this one, and what comes with the program."""
    own = [home_expanded(scenario_dir, "--scenario-dir")] if scenario_dir else [Path()]
    return [*own, resources.scenarios()]


def known(places: Collection[Path]) -> dict[str, Path]:
    """Every world's head file by name; an earlier folder goes before a later one."""
    found: dict[str, Path] = {}
    for place in places:
        for path in sorted((place / "worlds").glob("*.yaml")):
            if WORLD_NAME.match(path.stem):
                found.setdefault(path.stem, path)
    return found


def checked(name: str, places: list[Path], words: list[str] | None = None) -> StartingWorld:
    """A world as a run reads it, or of the states that some words select.

    Raises:
        ScenarioError: there is none, or something is wrong with it.
    """
    problems: list[Problem] = []
    chosen = Node([Node(word, HERE) for word in words], HERE) if words else None
    world = read_world(name, places, HERE, problems, chosen)
    if problems:
        raise ScenarioError(problems)
    return world


def read(name: str, places: Collection[Path]) -> WorldFiles:
    """The files of a world that is sound: one that a run would refuse is neither taken from nor added to.

    Raises:
        ScenarioError: there is no such world, or something is wrong with it.
    """
    path = known(places).get(name)
    if path is None or not is_file(path):
        raise fail(HERE, f"there is no world {quote(name)}{did_you_mean(name, known(places), what='worlds')}")
    checked(name, list(places))
    root, folder = path.parent.parent, path.with_suffix("")
    found = WorldFiles(name, read_file(path, [], root).plain())
    for table in (*COLUMNS, *OPTIONAL):
        if (folder / f"{table}.csv").is_file():
            _add(found, table, read_text(folder / f"{table}.csv", root), shown(folder / f"{table}.csv"))
    return found


def of_bytes(name: str, built: Mapping[str, bytes]) -> WorldFiles:
    """The files of a world that was built in memory."""
    found = WorldFiles(name, parse(built[f"{name}.yaml"].decode("utf-8"), name, []).plain())
    for path, content in built.items():
        if path.endswith(".csv"):
            _add(found, Path(path).stem, content.decode("utf-8"), path)
    return found


def _add(world: WorldFiles, table: str, text: str, file: str) -> None:
    """Add a table's text.

    Raises:
        ScenarioError: it is no table, or a row has other cells than the header.
    """
    rows = lines_of(text, file)
    _, columns = next(rows, (1, []))
    world.columns[table], world.rows[table] = columns, []
    for line, cells in rows:
        if len(cells) != len(columns):
            raise fail(Position(file, line, 1), f"has {len(cells)} cells, the header has {len(columns)}; quote commas")
        world.rows[table].append(dict(zip(columns, cells)))


def take(world: WorldFiles, states: Collection[str]) -> None:
    """Leave out what speaks of other states, organisations and actors without any of these, and the sources of all that."""
    keep_only(world.rows, states)
    forget(world)


def forget(world: WorldFiles) -> None:
    """Leave out the sources of rows that are no longer there, and references that nothing names."""
    if world.apart:
        there = {table: {world.key(table, row) for row in rows} for table, rows in world.rows.items()}
        there["record"] = there["regions"] = set(world.codes)
        there["regions"] = there["regions"] | {row["region"] for row in world.rows.get("regions", ())}
        world.rows["sources"] = [
            row
            for row in world.rows["sources"]
            if row["row"] == "*" or row["row"] in there.get(row["table"], ()) or row["row"].partition("/")[0] in world.codes
        ]
    used = {
        row[column]
        for table, rows in world.rows.items()
        for row in rows
        for column in world.columns[table]
        if column.endswith("source")
    }
    world.head["sources"] = {key: text for key, text in world.head["sources"].items() if key in used}


def contents(world: WorldFiles, head: str) -> dict[str, bytes]:
    """The files by name relative to a folder of worlds; ``head`` is the text of the world's YAML file."""
    made = {f"{world.name}.yaml": head.encode("utf-8")}
    return made | {f"{world.name}/{table}.csv": table_text(world.columns[table], rows) for table, rows in world.rows.items()}


def table_text(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """A table as its file has it; what a row has beyond the columns is left out."""
    text = io.StringIO()
    out = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    out.writeheader()
    out.writerows(rows)
    return text.getvalue().encode("utf-8")


def head_text(world: WorldFiles, comment: str) -> str:
    """The head of a world as YAML under a comment; sources stand last, so that one can be added below."""
    head = world.head
    lines = [*(f"# {line}".rstrip() for line in comment.splitlines()), f"title: {_quoted(head['title'])}"]
    lines += [f"date: {_quoted(str(head['date']))}", f"description: {_quoted(head.get('description') or '')}"]
    if head.get("notes"):
        notes = head["notes"] if isinstance(head["notes"], list) else [head["notes"]]
        lines += ["notes:", *(f"  - {_quoted(str(note))}" for note in notes)]
    if head.get("defaults"):
        lines.append("defaults:  # what a pair has that a table does not list")
        for table, row in head["defaults"].items():
            lines.append(f"  {table}: {{{', '.join(f'{key}: {value}' for key, value in row.items())}}}")
    lines += ["sources:", *(f"  {key}: {_quoted(text)}" for key, text in head["sources"].items())]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def place(made: Mapping[str, bytes], name: str, out: Path, *, replace: bool = False) -> Path:
    """Write a world below ``out/worlds``, whole or not at all, after a look at it as a run would read it.

    Args:
        made: the files, as :func:`contents` gives them.
        name: of the world.
        out: the folder of scenarios.
        replace: whether the tables and the head of a world that is there are written anew; other files beside them stay.

    Returns:
        the head's path.

    Raises:
        ScenarioError: what was made is not a world; nothing is written.
        OSError: it cannot be written.
    """
    worlds = out / "worlds"
    worlds.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".entente-", dir=worlds) as temporary:
        ready = Path(temporary) / "worlds"
        for path, content in made.items():
            (ready / path).parent.mkdir(parents=True, exist_ok=True)
            (ready / path).write_bytes(content)
        checked(name, [Path(temporary)])
        target = worlds / name
        if replace:
            target.mkdir(exist_ok=True)
            for file in (ready / name).iterdir():
                os.replace(file, target / file.name)
        else:
            if target.exists() or target.with_suffix(".yaml").exists():
                raise FileExistsError(f"{target} is there already")
            shutil.move(ready / name, target)
        os.replace(ready / f"{name}.yaml", worlds / f"{name}.yaml")
    return worlds / f"{name}.yaml"
