"""Cells of the CSV files we write: the one place where a text is kept from being a formula.

A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return for a formula and may carry it
out. Titles and names come from scenarios of others, so such a text gets an apostrophe in front, as spreadsheets
themselves write it; numbers stay as they are. Reading takes it away again: the text is the same everywhere.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TextIO

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\Z|[+-](?:inf|nan)\Z")


def guarded(value: Any) -> Any:
    """A value as it is written into a cell."""
    if isinstance(value, str) and _FORMULA.match(value) and not _NUMBER.match(value):
        return f"'{value}"
    return value


def unguarded(value: Any) -> Any:
    """The value that was written into a cell."""
    return value[1:] if isinstance(value, str) and _GUARDED.match(value) else value


class Writer:
    """A CSV writer, lines ending in a newline, whose texts are no formulas."""

    def __init__(self, file: TextIO) -> None:
        """Write into an open file."""
        self._writer = csv.writer(file, lineterminator="\n")
        self._quoting = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)

    def row(self, cells: Iterable[Any]) -> None:
        """Write one row."""
        row = [guarded(cell) for cell in cells]
        returns = any(isinstance(cell, str) and "\r" in cell for cell in row)  # which the csv module does not quote
        (self._quoting if returns else self._writer).writerow(row)

    def rows(self, table: Iterable[Iterable[Any]]) -> None:
        """Write several rows."""
        for cells in table:
            self.row(cells)


def read(file: Iterable[str]) -> Iterator[dict[str, str]]:
    """The rows of a CSV text by column, as they were before they were written."""
    lines = csv.reader(file)
    head: Sequence[str] = next(lines, [])
    for cells in lines:
        if cells:
            yield {name: unguarded(cell) for name, cell in zip(head, cells)}
