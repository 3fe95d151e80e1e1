"""Starting worlds: ``worlds/NAME.yaml`` with its sources, and tables as CSV beside it, each number with a source."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from sim import calendar
from sim.scenario.columns import COLUMNS
from sim.scenario.files import is_file
from sim.scenario.problems import Position, Problem, did_you_mean, fail, quote, shown
from sim.scenario.text import read_file
from sim.scenario.world_tables import Reader

WORLD_NAME = re.compile(r"\w[\w-]*\Z")
HEAD = ("title", "date", "description", "sources", "notes")


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

    def digest(self) -> str:
        """SHA-256 of all rows: a changed table is another world."""
        rows = {field.name: getattr(self, field.name) for field in fields(self)}
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
    table's first row by table and an empty text."""

    name: str
    title: str
    date: int
    description: str
    sources: dict[str, str]
    notes: Any
    tables: Tables
    positions: dict[tuple[str, str], Position]


def read_world(name: str, folders: list[Path], where: Position, problems: list[Problem]) -> StartingWorld:
    """Read ``worlds/NAME`` from the first folder that has it; what is wrong with it is added to ``problems``.

    Raises:
        ScenarioError: there is no such world, or a table cannot be read at all.
    """
    sound = isinstance(name, str) and WORLD_NAME.match(name)
    paths = [(folder, folder / "worlds" / f"{name}.yaml") for folder in folders] if sound else []
    folder, path = next(((folder, path) for folder, path in paths if is_file(path)), (None, None))
    if folder is None or path is None:
        known = sorted({p.stem for f in folders for p in (f / "worlds").glob("*.yaml") if WORLD_NAME.match(p.stem)})
        text = f"there is no world {quote(name)}{did_you_mean(name, known, what='worlds')}"
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
    reader = Reader(folder, path.with_suffix(""), sources, problems)
    tables = Tables(**{table: reader.table(table) for table in COLUMNS})
    reader.complete(tables)
    about = {key: str(plain.get(key) or "") for key in ("title", "description")}
    return StartingWorld(
        name, about["title"], date, about["description"], sources, plain.get("notes"), tables, reader.positions
    )
