"""The tables of a starting world: CSV to checked rows, each mistake with its file, row and column.

A table is untrusted text like a scenario: it is read strictly, nothing in it is replaced, and it has a size.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from sim import calendar
from sim.scenario.columns import COLUMNS, DEFAULTS, KEYS, MORE, OPTIONAL, of_sources
from sim.scenario.files import read_text
from sim.scenario.problems import MOST, Position, Problem, ScenarioError, did_you_mean, fail, quote, shown
from sim.scenario.text import reference

LARGEST = {"states": 300, "organisations": 300, "actors": 300}
"""Most rows of the tables that others multiply."""
CODE = re.compile(r"[A-Z][A-Z0-9_]{1,11}\Z")
_WORD = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
_REFERS = {"a", "b", "from", "to", "state", "host"}
"""Columns with a state in them."""
_WHOLE = ("states", "organisations", "memberships", "actors")
"""Tables that are read whole, since what they name is referred to."""
_YEAR = re.compile(r"[0-9]{4}\Z")


class Reader:
    """Reads the tables of one world in the order of ``COLUMNS``, so that what is referred to is known.

    ``positions`` has the place of each row, by table and key, and of each table's first row, by table and an empty text.
    ``keep`` are the states whose rows are read, all of them where it is None: rows about others are passed over as soon as
    their codes are known. A folder with a ``sources.csv`` has its sources there, by column; its tables need no columns of
    sources and bases. ``defaults`` are the tables that list only what differs, with what the rest is taken to say.
    """

    def __init__(
        self,
        root: Path,
        folder: Path,
        sources: dict[str, str],
        problems: list[Problem],
        defaults: dict[str, dict[str, Any]] | None = None,
    ) -> None:
        """For the tables in ``folder``, which lies in ``root``; what is wrong is added to ``problems``."""
        self.root, self.folder, self.problems = root, folder, problems
        self.defaults = defaults or {}
        self.keep: Collection[str] | None = None
        self.apart = (folder / "sources.csv").is_file()
        self.codes: dict[str, set[str]] = {"source": set(sources)}
        self.known: dict[str, list[str]] = {"source": sorted(sources)}
        self.positions: dict[tuple[str, str], Position] = {}
        self.ends: dict[str, Position] = {}

    def table(self, name: str) -> list[dict[str, Any]]:
        """The rows of one table, numbers as numbers.

        Raises:
            ScenarioError: it cannot be read as a table, or has too much wrong with it.
        """
        path, columns = self.folder / f"{name}.csv", COLUMNS.get(name) or OPTIONAL[name]
        file = shown(path)
        start = self.positions[name, ""] = self.ends[name] = Position(file, 1, 1)
        if not path.exists() and not path.is_symlink():
            raise fail(start, f"this table of the world is missing; its columns: {', '.join(columns)}")
        lines = lines_of(read_text(path, self.root), file)
        _, header = next(lines, (1, []))
        if missing := [column for column in columns if column not in header and not (self.apart and of_sources(column))]:
            text = f"columns missing: {', '.join(missing)}; the table {name} has {', '.join(columns)}"
            raise fail(start, text)
        if twice := next((column for column in header if header.count(column) > 1), None):
            place = Position(file, 1, len(header) - header[::-1].index(twice))
            raise fail(place, f"the column {quote(twice)} is there twice; keep one of them")
        columns = columns | MORE.get(name, {})
        rows: list[dict[str, Any]] = []
        seen: dict[tuple, int] = {}
        about = [number for number, column in enumerate(header) if column in _REFERS or columns.get(column) == "state"]
        others = self.codes["state"] - set(self.keep) if self.keep is not None and name not in _WHOLE else ()
        sound: dict[tuple[str, str], Any] = {}  # most cells of a large table say what another one of the column said
        for line, cells in lines:
            if others and len(cells) == len(header) and any(cells[number] in others for number in about):
                continue
            place = self.ends[name] = Position(file, line, 1)
            if len(cells) != len(header):
                many = f"has {len(cells)} cell{'s' * (len(cells) != 1)}, the header has {len(header)}; quote commas"
                self.wrong(place, (name,), many)
                continue
            row: dict[str, Any] = dict(zip(header, cells))
            key = tuple(row[column] for column in KEYS[name])
            for number, column in enumerate(header, 1):
                text = cells[number - 1]
                if (column, text) in sound:
                    row[column] = sound[column, text]
                    continue
                before = len(self.problems)
                at = Position(file, line, number)
                row[column] = self.cell(text, columns.get(column, "note"), at, (name, *key, column))
                if len(self.problems) == before:
                    sound[column, text] = row[column]
            if key in seen:
                self.wrong(place, (name, *key), f"is already on line {seen[key]}; keep one of them")
            seen[key] = line
            self.positions[name, "/".join(key)] = place
            rows.append(row)
            if len(rows) > LARGEST.get(name, len(rows)):
                raise self.stop(place, (name,), f"has more than {LARGEST[name]} rows, which is more than a world can have")
        kind = {"states": "state", "organisations": "organisation", "actors": "actor"}.get(name)
        if kind:
            self.known[kind] = sorted({row["code"] for row in rows})
            self.codes[kind] = set(self.known[kind])
        return rows

    def wrong(self, where: Position, key: tuple[str, ...], text: str) -> None:
        """Note a problem; after very many, reading stops."""
        if len(self.problems) >= MOST:
            raise self.stop(where, key, text)
        self.problems.append(Problem(where, key, text))

    def stop(self, where: Position, key: tuple[str, ...], text: str) -> ScenarioError:
        """The error after which reading cannot go on, to be raised."""
        return ScenarioError([*self.problems, Problem(where, key, text)])

    def cell(self, text: str, allowed: Any, where: Position, key: tuple[str, ...]) -> Any:
        """The value of a cell; the text itself, with a problem noted, where it is not allowed."""
        bad = reference(text)
        if bad:
            pass
        elif isinstance(allowed, tuple) and allowed[0] == "?":
            return self.cell(text, allowed[1:], where, key) if text else None
        elif isinstance(allowed, tuple) and not isinstance(allowed[0], str):
            low, high = allowed
            number = _number(text)
            if low <= number <= high:
                return number
            bad = f"{quote(text)} is not a number from {low:g} to {high:g}"
        elif isinstance(allowed, tuple):
            bad = None if text in allowed else f"{quote(text)} is not one of {', '.join(allowed)}"
        elif allowed == "code":
            bad = None if CODE.match(text) else f"{quote(text)} is not a code: two or more capitals, such as IND"
        elif allowed == "word":
            bad = None if _WORD.match(text) else f"{quote(text)} is not a word of small letters, such as nordic"
        elif allowed == "text":
            bad = None if text.strip() else "is empty"
            if "$" in text:
                bad = f"{quote(text)} is not a name: it has a $, and nothing in a table is replaced"
        elif allowed == "date":
            if not _YEAR.match(text):
                try:
                    calendar.parse_month(text)
                except ValueError as error:
                    bad = str(error)
        elif allowed != "note" and (text or not allowed.endswith("?")):
            kind = allowed.rstrip("?")
            if text not in self.codes.get(kind, ()):
                hint = did_you_mean(text, self.known.get(kind, ()), what=f"its {kind}s")
                bad = f"{quote(text)} is not a {kind} of this world{hint}"
        if bad:
            self.wrong(where, key, bad)
        return text

    def complete(self, tables: Any) -> None:
        """Every pair of states and every actor-state pair has its row; nobody is paired with itself."""
        codes = self.known["state"] if self.keep is None else sorted(self.keep)
        for name, ordered in (("dyads", True), ("trust", False)):
            for row in getattr(tables, name):
                a, b = (row[column] for column in KEYS[name])
                if a == b or (ordered and a > b):
                    text = "a pair is two different states, in alphabetical order in dyads"
                    self.wrong(self.positions[name, f"{a}/{b}"], (name, a, b), text)
        pairs = {(row["a"], row["b"]) for row in tables.dyads}
        lacking = [(a, b) for i, a in enumerate(codes) for b in codes[i + 1 :] if (a, b) not in pairs]
        self.fill("dyads", tables.dyads, lacking)
        reached = {(row["actor"], row["state"]) for row in tables.reach}
        actors = [row["code"] for row in tables.actors]
        self.fill("reach", tables.reach, [(a, s) for a in sorted(actors) for s in codes if (a, s) not in reached])

    def fill(self, table: str, rows: list[dict[str, Any]], lacking: list[tuple[str, str]]) -> None:
        """Give the pairs that a table does not list its defaults; without defaults, note them."""
        if table not in self.defaults:
            self.absent(table, [f"{one}-{other}" for one, other in lacking])
            return
        first, second = KEYS[table]
        rest = self.defaults[table]
        rows += [{first: one, second: other, **rest} for one, other in lacking]
        rows.sort(key=lambda row: (row[first], row[second]))

    def absent(self, table: str, pairs: list[str]) -> None:
        """Note, at the end of a table, the rows that it lacks."""
        if pairs:
            more = f" and {len(pairs) - 10} more" if len(pairs) > 10 else ""
            text = f"has no row for {', '.join(pairs[:10])}{more}; every pair needs one"
            self.wrong(self.ends[table], (table,), text)


def defaults(value: Any, wrong: Any) -> dict[str, dict[str, Any]]:
    """The checked ``defaults`` of a world's head: table -> column -> value; ``wrong(text)`` notes what is not allowed."""
    if value is None:
        return {}
    if not isinstance(value, dict) or any(not isinstance(row, dict) for row in value.values()):
        wrong("is a mapping of tables to columns, such as `dyads: {border: none, tie: none, rivalry: 0}`")
        return {}
    found: dict[str, dict[str, Any]] = {}
    for table, row in value.items():
        if table not in DEFAULTS:
            wrong(f"{quote(table)} is not a table that may list only what differs{did_you_mean(table, DEFAULTS)}")
            continue
        kinds = (COLUMNS.get(table) or OPTIONAL[table]) | MORE.get(table, {})
        found[table] = {}
        for column in DEFAULTS[table]:
            if column not in row and column in (COLUMNS.get(table) or OPTIONAL[table]):
                wrong(f"{table}: {column} is missing; write what pairs that are not listed have")
        for column, default in row.items():
            kind = kinds.get(column) if column in DEFAULTS[table] else None
            if kind is None:
                wrong(f"{table}: {quote(column)} is not a column of it{did_you_mean(column, DEFAULTS[table])}")
            elif default not in kind if isinstance(kind[0], str) else not _within(default, kind):
                allowed = ", ".join(kind) if isinstance(kind[0], str) else f"a number from {kind[0]:g} to {kind[1]:g}"
                wrong(f"{table}: {column} is {quote(default)}; allowed: {allowed}")
            else:
                found[table][column] = float(default) if isinstance(default, (int, float)) else default
    return found


def _within(number: Any, bounds: tuple[float, float]) -> bool:
    return isinstance(number, (int, float)) and not isinstance(number, bool) and bounds[0] <= number <= bounds[1]


def _number(text: str) -> float:
    """The finite number that a cell holds in ASCII digits; nan where it holds none."""
    try:
        number = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        return math.nan
    return number if math.isfinite(number) else math.nan


def lines_of(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV text that are not empty, each with the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise fail(Position(file, line, 1), f"this row is not CSV: {error}; check its quotes") from None
