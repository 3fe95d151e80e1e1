"""Starting worlds: ``worlds/NAME.yaml`` with its sources, and tables as CSV beside it, each number with a source."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import re
from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from sim import calendar
from sim.scenario.problems import Position, Problem, did_you_mean, fail, quote, shown
from sim.scenario.text import MAX_BYTES, read_file

BASES = ("P", "D", "X", "A", "R", "C", "M")
BORDERS = ("land", "sea", "none")
TIES = ("none", "consultation", "defence")
_CODE = re.compile(r"[A-Z][A-Z0-9_]{1,11}\Z")
_INF = math.inf

# Column: what it holds. A tuple of numbers is a range, of words the words allowed; "state", "organisation" and "actor"
# refer to another table; "source" refers to the world's sources; a "?" means it may be empty.
COLUMNS: dict[str, dict[str, Any]] = {
    "states": {
        "code": "code", "name": "text", "capability": (0, 1), "capability_source": "source", "affinity": (-5, 5),
        "affinity_source": "source", "world_reach": (0, 1), "world_reach_basis": BASES,
    },
    "dyads": {
        "a": "state", "b": "state", "border": BORDERS, "border_source": "source", "tie": TIES, "tie_source": "source",
        "rivalry": (0, 1), "rivalry_source": "source",
    },
    "trust": {"from": "state", "to": "state", "anchor": (-1, 1), "basis": BASES, "source": "source"},
    "organisations": {
        "code": "code", "name": "text", "depth": (0, 1), "depth_basis": BASES, "depth_source": "source?",
    },
    "memberships": {"organisation": "organisation", "state": "state", "joined": "date", "source": "source"},
    "actors": {
        "code": "code", "name": "text", "host": "state", "strength": (0, _INF), "strength_basis": BASES,
        "strength_source": "source", "effort": (0, _INF), "effort_basis": BASES, "effort_source": "source",
    },
    "reach": {
        "actor": "actor", "state": "state", "reach": (0, 1), "reach_basis": BASES, "bias": (0, 100),
        "bias_basis": BASES, "bias_source": "source?",
    },
}  # fmt: skip
KEYS = {
    "states": ("code",), "dyads": ("a", "b"), "trust": ("from", "to"), "organisations": ("code",),
    "memberships": ("organisation", "state"), "actors": ("code",), "reach": ("actor", "state"),
}  # fmt: skip


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

    def without(
        self, states: Collection[str], organisations: Collection[str], actors: Collection[str] = ()
    ) -> Tables:
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
    """A world as its files tell it; ``positions`` has the file and line of each row, by table and ``ISK/RUS``."""

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
    path = next((p for f in folders if (p := f / "worlds" / f"{name}.yaml").is_file()), None)
    if path is None:
        known = sorted({p.stem for f in folders for p in (f / "worlds").glob("*.yaml")})
        text = f"there is no world {quote(name)}{did_you_mean(name, known, what='worlds')}"
        raise fail(where, text, ("world",))
    head = read_file(path, problems)
    file = Position(shown(path))
    plain = head.plain()

    def wrong(key: str, text: str) -> None:
        at = head.value[key].at if key in head.value else file
        problems.append(Problem(at, (key,), text))

    for key in set(plain) - {"title", "date", "description", "sources", "notes"}:
        wrong(key, f"is not a key of a world{did_you_mean(key, ['title', 'date', 'description', 'sources', 'notes'])}")
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
    reader = _Reader(path.with_suffix(""), sources, problems)
    tables = Tables(**{table: reader.table(table) for table in COLUMNS})
    reader.complete(tables)
    about = {key: str(plain.get(key) or "") for key in ("title", "description")}
    return StartingWorld(
        name, about["title"], date, about["description"], sources, plain.get("notes"), tables, reader.positions
    )


class _Reader:
    """Reads the tables of one world in the order of ``COLUMNS``, so that what is referred to is known."""

    def __init__(self, folder: Path, sources: dict[str, str], problems: list[Problem]) -> None:
        self.folder, self.problems = folder, problems
        self.codes: dict[str, set[str]] = {"source": set(sources)}
        self.positions: dict[tuple[str, str], Position] = {}

    def table(self, name: str) -> list[dict[str, Any]]:
        path = self.folder / f"{name}.csv"
        file = shown(path)
        try:
            data = path.read_bytes()
            text = data.decode("utf-8-sig")
        except FileNotFoundError:
            text = f"this table of the world is missing; its columns: {', '.join(COLUMNS[name])}"
            raise fail(Position(file), text) from None
        except (OSError, UnicodeDecodeError) as error:
            raise fail(Position(file), f"cannot be read: {error}") from None
        if len(data) > MAX_BYTES:
            raise fail(Position(file), f"is larger than {MAX_BYTES:,} bytes")
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        try:
            header = next(reader, [])
            lines = [(reader.line_num, row) for row in reader if row]
        except csv.Error as error:
            raise fail(Position(file, reader.line_num, 1), f"is not CSV: {error}") from None
        columns = COLUMNS[name]
        if missing := [column for column in columns if column not in header]:
            text = f"columns missing: {', '.join(missing)}; the table {name} has {', '.join(columns)}"
            raise fail(Position(file, 1, 1), text)
        rows: list[dict[str, Any]] = []
        seen: dict[tuple, int] = {}
        for line, cells in lines:
            if len(cells) != len(header):
                self.wrong(file, line, 1, name, f"has {len(cells)} cells, the header has {len(header)}; quote commas")
                continue
            row = dict(zip(header, cells))
            key = tuple(row[column] for column in KEYS[name])
            for column, allowed in columns.items():
                at = header.index(column) + 1
                row[column] = self.cell(row[column], allowed, file, line, at, (name, *key, column))
            if key in seen:
                self.wrong(file, line, 1, (name, *key), f"is already on line {seen[key]}; keep one of them")
            seen[key] = line
            self.positions[name, "/".join(key)] = Position(file, line, 1)
            rows.append(row)
        kind = {"states": "state", "organisations": "organisation", "actors": "actor"}.get(name)
        if kind:
            self.codes[kind] = {row["code"] for row in rows}
        return rows

    def wrong(self, file: str, line: int, column: int, key: Any, text: str) -> None:
        key = (key,) if isinstance(key, str) else key
        self.problems.append(Problem(Position(file, line, column), key, text))

    def cell(self, text: str, allowed: Any, file: str, line: int, column: int, key: tuple) -> Any:
        bad = None
        if isinstance(allowed, tuple) and not isinstance(allowed[0], str):
            low, high = allowed
            try:
                number = float(text)
            except ValueError:
                number = math.nan
            if low <= number <= high and math.isfinite(number):
                return number
            bad = f"{quote(text)} is not a number from {low:g} to {high:g}"
        elif isinstance(allowed, tuple):
            bad = None if text in allowed else f"{quote(text)} is not one of {', '.join(allowed)}"
        elif allowed == "code":
            bad = None if _CODE.match(text) else f"{quote(text)} is not a code: two or more capitals, such as IND"
        elif allowed == "text":
            bad = None if text.strip() else "is empty"
        elif allowed == "date":
            if not (text.isdigit() and len(text) == 4):
                try:
                    calendar.parse_month(text)
                except ValueError as error:
                    bad = str(error)
        elif text or not allowed.endswith("?"):
            kind = allowed.rstrip("?")
            if text not in self.codes.get(kind, ()):
                known = sorted(self.codes.get(kind, ()))
                bad = f"{quote(text)} is not a {kind} of this world{did_you_mean(text, known, what=f'its {kind}s')}"
        if bad:
            self.wrong(file, line, column, key, bad)
        return text

    def complete(self, tables: Tables) -> None:
        """Every pair of states and every actor-state pair has its row; nobody is paired with itself."""
        codes = sorted(self.codes["state"])
        for name, ordered in (("dyads", True), ("trust", False)):
            file = shown(self.folder / f"{name}.csv")
            for row in getattr(tables, name):
                a, b = (row[column] for column in KEYS[name])
                if a == b or (ordered and a > b):
                    text = "a pair is two different states, in alphabetical order in dyads"
                    self.wrong(file, 0, 0, (name, a, b), text)
        pairs = {(row["a"], row["b"]) for row in tables.dyads}
        absent = [f"{a}-{b}" for i, a in enumerate(codes) for b in codes[i + 1 :] if (a, b) not in pairs]
        if absent:
            listed = ", ".join(absent[:10]) + (f" and {len(absent) - 10} more" if len(absent) > 10 else "")
            file = shown(self.folder / "dyads.csv")
            self.wrong(file, 0, 0, "dyads", f"has no row for {listed}; every pair needs one")
        reached = {(row["actor"], row["state"]) for row in tables.reach}
        absent = [f"{a}-{s}" for a in sorted(self.codes["actor"]) for s in codes if (a, s) not in reached]
        if absent:
            self.wrong(shown(self.folder / "reach.csv"), 0, 0, "reach", f"has no row for {', '.join(absent[:10])}")
