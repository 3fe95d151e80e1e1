"""Spoilt world tables: cells, rows and columns."""

from __future__ import annotations

import csv
import io
import random

from tests.fuzz.mutate import DATES, NUMBERS, WORDS, spoil_bytes, spoil_text

CELLS = [
    "'",
    '"',
    '""',
    'a"b',
    "a,b",
    "a\nb",
    "\0",
    "x" * 200_000,
    " ",
    "\t",
    "=1+1",
    "A",
    "AB",
    "CHN",
    "none",
    "land",
    "1",
    "0",
    "A1",
    "book",
    "assumed",
    "-1",
    "0.5 ",
    "1e-5",
]


def spoil_csv(data: bytes, luck: random.Random, other: bytes) -> bytes:
    """A table with a few things changed."""
    if luck.random() < 0.2:
        return spoil_bytes(data, luck, other)
    rows = list(csv.reader(io.StringIO(data.decode())))
    for _ in range(luck.choice([1, 1, 1, 2, 5])):
        _spoil(rows, luck, other)
    out = io.StringIO()
    style = luck.choice([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    end = luck.choice(["\n", "\n", "\r\n"])
    writer = csv.writer(out, delimiter=luck.choice(",,,,,,,;"), quoting=style, lineterminator=end)
    for row in rows:
        writer.writerow([cell.replace("\0", "") if luck.random() < 0.5 else cell for cell in row])
    text = out.getvalue()
    return text.encode("utf-8", "surrogatepass") if luck.random() < 0.95 else text.encode("utf-16")


def _spoil(rows: list[list[str]], luck: random.Random, other: bytes) -> None:
    if not rows:
        rows.append(["code", "name"])
    row = luck.choice(rows)
    what = luck.randrange(10)
    if what <= 3 and row:
        row[luck.randrange(len(row))] = luck.choice(luck.choice([NUMBERS, DATES, WORDS, CELLS]))
    elif what == 4 and row:
        at = luck.randrange(len(row))
        row[at] = spoil_text(row[at], luck)
    elif what == 5:
        rows.remove(row)
    elif what == 6:
        rows.insert(luck.randrange(len(rows) + 1), list(row))
    elif what == 7 and row:
        at = luck.randrange(len(row))
        for each in rows:
            if at < len(each):
                each.insert(luck.randrange(len(each)), each[at]) if luck.random() < 0.5 else each.pop(at)
    elif what == 8 and row:
        luck.choice([row.pop, lambda: row.append(luck.choice(CELLS))])()
    else:
        rows += [list(luck.choice(rows)) for _ in range(luck.choice([1, 5, 400]))]
        for each in rows[-5:]:
            if each:
                each[0] = luck.choice(WORDS)
