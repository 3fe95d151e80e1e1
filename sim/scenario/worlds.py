"""Starting worlds: ``worlds/NAME.yaml`` with its sources, and tables as CSV beside it, each number with a source.

A world of all states lists its sources by column in a table of their own, and its pairs only where they differ from the
defaults in its head; a scenario reads what it selects of it. Tables that no rule of today uses are left unread until
:func:`more` is asked for them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from sim import calendar
from sim.scenario.columns import COLUMNS, OPTIONAL, state_columns
from sim.scenario.files import is_file, read_text
from sim.scenario.problems import Position, Problem, ScenarioError, did_you_mean, fail, quote, shown
from sim.scenario.text import Node, read_file
from sim.scenario.world_tables import Reader, defaults

WORLD_NAME = re.compile(r"\w[\w-]*\Z")
HEAD = ("title", "date", "description", "sources", "notes", "defaults")
HOW_TO_BUILD = "to make one of any month: python -m sim world build NAME --data DIR --states ... --start YYYY-MM"


@dataclass(frozen=True)
class Tables:
    """The rows of a starting world, numbers as numbers; only states, organisations and actors that are present."""

    states: list[dict[str, Any]]
    dyads: list[dict[str, Any]]
    trust: list[dict[str, Any]]
    organisations: list[dict[str, Any]]
    memberships: list[dict[str, Any]]
    actors: list[dict[str, Any]]
    reach: list[dict[str, Any]]
    grounds: list[dict[str, Any]] = field(default_factory=list)
    """What relations stand on, by pair; none in a world without them."""

    def digest(self) -> str:
        """SHA-256 of all rows: a changed table is another world."""
        rows = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "grounds" or self.grounds}
        return hashlib.sha256(json.dumps(rows, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()

    def without(self, states: Collection[str], organisations: Collection[str], actors: Collection[str] = ()) -> Tables:
        """Copies of the rows, less those of some states, organisations and actors and those that speak of them."""
        gone = {"a": states, "b": states, "from": states, "to": states, "state": states, "host": states}
        gone["organisation"] = organisations

        def stays(table: str, row: dict[str, Any]) -> bool:
            own = {"states": states, "organisations": organisations, "actors": actors}.get(table, ())
            return row.get("code") not in own and not any(row.get(column) in codes for column, codes in gone.items())

        kept = {f.name: [dict(row) for row in getattr(self, f.name) if stays(f.name, row)] for f in fields(self)}
        present = {row["code"] for row in kept["actors"]}
        kept["reach"] = [row for row in kept["reach"] if row["actor"] in present]
        return replace(self, **kept)


@dataclass(frozen=True)
class StartingWorld:
    """A world as its files tell it; ``positions`` has the file and line of each row, by table and ``ISK/RUS``, and of each
    table's first row by table and an empty text.

    ``tables`` are of the states selected; ``names``, ``organisations`` and ``hosts`` of all that the world has, by code.
    """

    name: str
    title: str
    date: int
    description: str
    sources: dict[str, str]
    notes: Any
    tables: Tables
    positions: dict[tuple[str, str], Position]
    names: dict[str, str] = field(default_factory=dict)
    organisations: dict[str, str] = field(default_factory=dict)
    hosts: dict[str, str] = field(default_factory=dict)
    origins: list[dict[str, Any]] = field(default_factory=list)
    folder: Path | None = None


def read_world(
    name: str, folders: list[Path], where: Position, problems: list[Problem], chosen: Node | None = None
) -> StartingWorld:
    """Read ``worlds/NAME`` from the first folder that has it; what is wrong with it is added to ``problems``.

    ``chosen`` is the list of a scenario's selection (:mod:`sim.scenario.selection`); None takes all states.

    Raises:
        ScenarioError: there is no such world, or a table cannot be read at all.
    """
    sound = isinstance(name, str) and WORLD_NAME.match(name)
    paths = [(folder, folder / "worlds" / f"{name}.yaml") for folder in folders] if sound else []
    folder, path = next(((folder, path) for folder, path in paths if is_file(path)), (None, None))
    if folder is None or path is None:
        known = sorted({p.stem for f in folders for p in (f / "worlds").glob("*.yaml") if WORLD_NAME.match(p.stem)})
        text = f"there is no world {quote(name)}{did_you_mean(name, known, what='worlds')}; {HOW_TO_BUILD}"
        raise fail(where, text, ("world",))
    head = read_file(path, problems, folder)
    plain = head.plain()
    start = Position(shown(path), 1, 1)

    def wrong(key: str, text: str) -> None:
        problems.append(Problem(head.value[key].at if key in head.value else start, (key,), text))

    for key in plain:
        if key not in HEAD:
            wrong(key, f"is not a key of a world{did_you_mean(key, HEAD)}")
    for key in ("title", "date", "sources"):
        if key not in plain:
            wrong(key, "is missing; a world has title, date and sources")
    sources: Any = plain.get("sources") or {}
    if not isinstance(sources, dict) or any(not isinstance(text, str) or not text for text in sources.values()):
        wrong("sources", "is a mapping of names to full references, such as `nmc7: Singer ...`")
        sources = {}
    try:
        date = calendar.parse_month(plain.get("date", "2015-01"))
    except ValueError as error:
        wrong("date", str(error))
        date = 0
    rest = defaults(plain.get("defaults"), lambda text: wrong("defaults", text))
    reader = Reader(folder, path.with_suffix(""), sources, problems, rest)
    read = {"states": reader.table("states")}
    names = {row["code"]: row["name"] for row in read["states"]}
    if chosen is not None:
        read |= {table: reader.table(table) for table in ("organisations", "memberships")}
        _choose(reader, read, names, chosen, problems)
    organisations = {row["code"]: row["name"] for row in read.get("organisations", ())}
    read |= {table: reader.table(table) for table in COLUMNS if table not in read}
    organisations = organisations or {row["code"]: row["name"] for row in read["organisations"]}
    hosts = {row["code"]: row["host"] for row in read["actors"]}
    if reader.keep is not None:
        keep_only(read, reader.keep)
    tables = Tables(**{table: read[table] for table in COLUMNS})
    reader.complete(tables)
    about = {key: str(plain.get(key) or "") for key in ("title", "description")}
    return StartingWorld(
        name,
        about["title"],
        date,
        about["description"],
        sources,
        plain.get("notes"),
        tables,
        reader.positions,
        names,
        organisations,
        hosts,
        reader.table("sources") if reader.apart else [],
        path.with_suffix(""),
    )


def more(world: StartingWorld, table: str, problems: list[Problem]) -> list[dict[str, Any]]:
    """The rows of a table that no rule of today reads (``record``, ``regime``), of the states selected; none without it.

    Raises:
        ScenarioError: it cannot be read as a table.
    """
    folder = world.folder
    if folder is None or table not in OPTIONAL or not (folder / f"{table}.csv").is_file():
        return []
    reader = Reader(folder.parent.parent, folder, world.sources, problems)
    reader.codes["state"], reader.known["state"] = set(world.names), sorted(world.names)
    reader.keep = [row["code"] for row in world.tables.states]
    return reader.table(table)


def keep_only(tables: dict[str, list[dict[str, Any]]], states: Collection[str]) -> None:
    """Leave out the rows that speak of other states, organisations without a member left, and actors whose host is not
    there."""
    kept = set(states)
    for name, rows in tables.items():
        if about := state_columns(name):
            tables[name] = [row for row in rows if all(row[column] in kept for column in about)]
    alive = {row["organisation"] for row in tables["memberships"]}
    tables["organisations"] = [row for row in tables["organisations"] if row["code"] in alive]
    hosted = {row["code"] for row in tables["actors"]}
    tables["reach"] = [row for row in tables["reach"] if row["actor"] in hosted]


def worlds_with(code: str, folders: Iterable[Path], date: int | None = None) -> dict[str, int]:
    """Worlds that have a state, with their months; only those of one month where a date is given. For messages."""
    found = {}
    for path in sorted({path.stem: path for folder in folders for path in (folder / "worlds").glob("*.yaml")}.values()):
        month = _month_of(path)
        if month is None or (date is not None and month != date):
            continue
        try:
            states = read_text(path.with_suffix("") / "states.csv", path.parent.parent)
        except ScenarioError:
            continue
        if any(line.partition(",")[0] == code for line in states.splitlines()[1:]):
            found[path.stem] = month
    return found


def worlds_of(date: int, folders: Iterable[Path]) -> list[str]:
    """Names of the worlds of a month. For messages."""
    paths = {path.stem: path for folder in folders for path in (folder / "worlds").glob("*.yaml")}
    return sorted(name for name, path in paths.items() if _month_of(path) == date)


def _month_of(path: Path) -> int | None:
    """The month of a world's head, without reading the rest of it."""
    try:
        found = re.search(r"^date: *[\"']?([0-9]{4}-[0-9]{2})[\"']? *$", read_text(path, path.parent.parent), re.MULTILINE)
        return calendar.parse_month(found[1]) if found else None
    except (ScenarioError, ValueError):
        return None


def _choose(
    reader: Reader, read: dict[str, list[dict[str, Any]]], names: dict[str, str], chosen: Node, problems: list[Problem]
) -> None:
    """Set the states that the reader keeps to those that a scenario's list selects; what is wrong with it is noted."""
    from sim.scenario.selection import choice_of, select

    words = chosen.plain()
    land = []
    if any(isinstance(word, str) and "neighbours:" in word for word in words):
        land = [(row["a"], row["b"]) for row in reader.table("dyads") if row["border"] == "land"]
    regions = reader.table("regions") if (reader.folder / "regions.csv").is_file() else []
    choice = choice_of(names, (row["code"] for row in read["organisations"]), read["memberships"], regions, land)
    states, wrong = select(words, choice)
    problems += [Problem(chosen.value[number].at, ("states", number), text) for number, text in wrong]
    if not wrong and len(states) < 2:
        problems.append(Problem(chosen.at, ("states",), f"{len(states)} states are selected; a world needs two or more"))
        wrong.append((0, ""))
    reader.keep = list(names) if wrong else states
