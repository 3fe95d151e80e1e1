"""The tables of a starting world: CSV to checked rows, each mistake with its file, row and column.

A table is untrusted text like a scenario: it is read strictly, nothing in it is replaced, and it has a size.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim import calendar
from sim.scenario.columns import COLUMNS, KEYS, OPTIONAL
from sim.scenario.files import read_text
from sim.scenario.problems import MOST, Position, Problem, ScenarioError, did_you_mean, fail, quote, shown
from sim.scenario.text import reference

LARGEST = {"states": 300, "organisations": 300, "actors": 300}
"""Most rows of the tables that others multiply."""
CODE = re.compile(r"[A-Z][A-Z0-9_]{1,11}\Z")
_YEAR = re.compile(r"[0-9]{4}\Z")


class Reader:
    """Reads the tables of one world in the order of ``COLUMNS``, so that what is referred to is known.

    ``positions`` has the place of each row, by table and key, and of each table's first row, by table and an empty text.
    """

    def __init__(self, root: Path, folder: Path, sources: dict[str, str], problems: list[Problem]) -> None:
        """For the tables in ``folder``, which lies in ``root``; what is wrong is added to ``problems``."""
        self.root, self.folder, self.problems = root, folder, problems
        self.codes: dict[str, set[str]] = {"source": set(sources)}
        self.known: dict[str, list[str]] = {"source": sorted(sources)}
        self.positions: dict[tuple[str, str], Position] = {}
        self.ends: dict[str, Position] = {}

    def table(self, name: str) -> list[dict[str, Any]]:
        """The rows of one table, numbers as numbers.

        Raises:
            ScenarioError: it cannot be read as a table, or has too much wrong with it.
        """
        path, columns = self.folder / f"{name}.csv", COLUMNS[name]
        file = shown(path)
        start = self.positions[name, ""] = self.ends[name] = Position(file, 1, 1)
        if not path.exists() and not path.is_symlink():
            raise fail(start, f"this table of the world is missing; its columns: {', '.join(columns)}")
        lines = _lines(read_text(path, self.root), file)
        _, header = next(lines, (1, []))
        if missing := [c for c in columns if c not in header and c not in OPTIONAL.get(name, ())]:
            text = f"columns missing: {', '.join(missing)}; the table {name} has {', '.join(columns)}"
            raise fail(start, text)
        if twice := next((column for column in header if header.count(column) > 1), None):
            place = Position(file, 1, len(header) - header[::-1].index(twice))
            raise fail(place, f"the column {quote(twice)} is there twice; keep one of them")
        rows: list[dict[str, Any]] = []
        seen: dict[tuple, int] = {}
        for line, cells in lines:
            place = self.ends[name] = Position(file, line, 1)
            if len(cells) != len(header):
                many = f"has {len(cells)} cell{'s' * (len(cells) != 1)}, the header has {len(header)}; quote commas"
                self.wrong(place, (name,), many)
                continue
            row: dict[str, Any] = dict(zip(header, cells))
            key = tuple(row[column] for column in KEYS[name])
            for number, column in enumerate(header, 1):
                at = Position(file, line, number)
                row[column] = self.cell(row[column], columns.get(column, "note"), at, (name, *key, column))
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
        codes = self.known["state"]
        for name, ordered in (("dyads", True), ("trust", False)):
            for row in getattr(tables, name):
                a, b = (row[column] for column in KEYS[name])
                if a == b or (ordered and a > b):
                    text = "a pair is two different states, in alphabetical order in dyads"
                    self.wrong(self.positions[name, f"{a}/{b}"], (name, a, b), text)
        pairs = {(row["a"], row["b"]) for row in tables.dyads}
        self.absent("dyads", [f"{a}-{b}" for i, a in enumerate(codes) for b in codes[i + 1 :] if (a, b) not in pairs])
        reached = {(row["actor"], row["state"]) for row in tables.reach}
        self.absent("reach", [f"{a}-{s}" for a in self.known["actor"] for s in codes if (a, s) not in reached])

    def absent(self, table: str, pairs: list[str]) -> None:
        """Note, at the end of a table, the rows that it lacks."""
        if pairs:
            more = f" and {len(pairs) - 10} more" if len(pairs) > 10 else ""
            text = f"has no row for {', '.join(pairs[:10])}{more}; every pair needs one"
            self.wrong(self.ends[table], (table,), text)


def _number(text: str) -> float:
    """The finite number that a cell holds in ASCII digits; nan where it holds none."""
    try:
        number = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        return math.nan
    return number if math.isfinite(number) else math.nan


def _lines(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
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
