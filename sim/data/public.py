"""What the public data say about a set of states before a date: one reader for each table of the data folder.

A folder may hold any years: a reader takes the last before the date asked for and says which it was. A spell that ends
where its table ends is taken to go on. States go by ISO3; the COW codes of the tables are joined through
``codes/country_codes.csv``.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

Row = dict[str, str]
Pair = tuple[str, str]
"""Two states by ISO3, in alphabetical order."""

ISO = {
    260: "DEU",
    265: "DDR",
    315: "CSK",
    316: "CZE",
    511: "ZAN",
    678: "YEM",
    679: "YEM",
    680: "YMD",
    816: "VNM",
    817: "RVN",
}
"""Codes by COW code where the table of codes has none, or that of another state."""
CONTINUES = {255: 260, 679: 678}
"""The COW code under which the data have a united state before the year of its union: the larger part."""


class DataError(Exception):
    """The data folder or a curated table cannot be used; the message says which file, what is wrong, what to do."""


def read_table(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    """The rows of a CSV file (``.gz`` or not), which has at least ``columns``.

    Raises:
        DataError: the file or a column is missing.
    """
    if not path.is_file():
        raise DataError(
            f"{path}: there is no such file; --data names a folder with unga/, nmc/, atop/, geo/, rivalries/, codes/"
        )
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        present = reader.fieldnames or ()
        missing = [name for name in columns if name not in present]
        if missing:
            raise DataError(f"{path}: no column {', '.join(missing)}; it has {', '.join(present)}")
        yield from reader


def country_codes(data: Path, states: Collection[str], year: int) -> tuple[dict[int, str], dict[str, str]]:
    """ISO3 by COW code, and names by ISO3, of the states as they exist in ``year``."""
    path = data / "codes" / "country_codes.csv"
    iso: dict[int, str] = {}
    names: dict[str, str] = {}
    for row in read_table(path, ("ccode", "ISO3", "first_year", "last_year", "name_short")):
        if row["ISO3"] in states and float(row["first_year"]) <= year <= float(row["last_year"]):
            iso[int(float(row["ccode"]))] = row["ISO3"]
            names[row["ISO3"]] = row["name_short"]
    _all_there(names, states, path, f"in {year}")
    return iso, names


def capabilities(data: Path, iso: Mapping[int, str], before: int) -> tuple[dict[str, float], int]:
    """CINC (share of the world, 0..1) by state in the last year before ``before`` that the data hold, and that year."""
    path = data / "nmc" / "nmc.csv.gz"
    found: dict[int, dict[str, float]] = {}
    for row in read_table(path, ("ccode", "year", "cinc")):
        code, year = _code(row["ccode"], iso), int(float(row["year"]))
        if code and year < before and row["cinc"]:
            found.setdefault(year, {})[code] = float(row["cinc"])
    last = _last(found, path, before)
    _all_there(found[last], iso.values(), path, f"in {last}")
    return found[last], last


def affinities(data: Path, states: Collection[str], before: int, sessions: int = 3) -> tuple[dict[str, float], list[int]]:
    """Mean ideal point (final passage votes) by state over the last sessions before ``before``, and their years."""
    path = data / "unga" / "idealpoints.csv.gz"
    points: dict[int, dict[str, float]] = {}
    for row in read_table(path, ("iso3c", "year", "idealpointfp")):
        year = int(float(row["year"]))
        if row["iso3c"] in states and year < before and row["idealpointfp"]:
            points.setdefault(year, {})[row["iso3c"]] = float(row["idealpointfp"])
    years = sorted(points)[-sessions:]
    if len(years) < sessions:
        raise DataError(f"{path}: fewer than {sessions} sessions before {before}")
    for year in years:
        _all_there(points[year], states, path, f"in {year}")
    return {code: sum(points[year][code] for year in years) / sessions for code in states}, years


def borders(data: Path, iso: Mapping[int, str], day: str) -> dict[Pair, str]:
    """``land`` or ``sea`` (up to 400 miles of water) by pair, in force on ``day``; the closest kind counts."""
    rows = list(read_table(data / "geo" / "contiguity.csv", ("ccode1", "ccode2", "conttype", "stdate", "enddate")))
    table_end = max((row["enddate"] for row in rows), default="")
    kinds: dict[Pair, int] = {}
    for row in rows:
        pair, kind = _pair(row, iso), int(float(row["conttype"] or 0))
        if pair and 1 <= kind <= 5 and row["stdate"] <= day and (day <= row["enddate"] or row["enddate"] == table_end):
            kinds[pair] = min(kind, kinds.get(pair, kind))
    return {pair: "land" if kind == 1 else "sea" for pair, kind in kinds.items()}


def rivalries(data: Path, iso: Mapping[int, str], year: int) -> set[Pair]:
    """Pairs of strategic rivals at the start of ``year``: begun in an earlier year and not ended before this one."""
    rows = list(read_table(data / "rivalries" / "tss.csv", ("ccode1", "ccode2", "start", "end")))
    ends = [float(row["end"]) if row["end"] else float("inf") for row in rows]
    table_end = max((end for end in ends if end != float("inf")), default=0.0)
    active = (
        _pair(row, iso)
        for row, end in zip(rows, ends, strict=True)
        if float(row["start"]) < year and (end >= year or end == table_end)
    )
    return {pair for pair in active if pair}


def alliances(data: Path, iso: Mapping[int, str], before: int) -> tuple[dict[str, set[Pair]], int]:
    """Pairs with a ``defence``, ``consultation`` or ``nonaggression`` duty of either side, in the last year before
    ``before`` that the data hold, and that year.
    """
    path = data / "atop" / "dyadyear.csv.gz"
    duties = {"defence": "atop_defense", "consultation": "atop_consul", "nonaggression": "atop_nonagg"}
    found: dict[int, dict[str, set[Pair]]] = {}
    for row in read_table(path, ("ccode1", "ccode2", "year", *duties.values())):
        year, pair = int(float(row["year"])), _pair(row, iso)
        if year < before and pair:
            pairs = found.setdefault(year, {duty: set() for duty in duties})
            for duty, column in duties.items():
                if float(row[column] or 0):
                    pairs[duty].add(pair)
    last = _last(found, path, before)
    return found[last], last


def _code(text: str, iso: Mapping[int, str]) -> str | None:
    return iso.get(int(float(text))) if text else None


def _pair(row: Row, iso: Mapping[int, str]) -> Pair | None:
    one, other = _code(row["ccode1"], iso), _code(row["ccode2"], iso)
    return (min(one, other), max(one, other)) if one and other and one != other else None


def _last(found: Mapping[int, object], path: Path, before: int) -> int:
    if not found:
        raise DataError(f"{path}: nothing before {before}; the world needs an earlier year")
    return max(found)


def _all_there(found: Collection[str], states: Iterable[str], path: Path, where: str) -> None:
    missing = sorted(set(states) - set(found))
    if missing:
        raise DataError(f"{path}: no value {where} for {', '.join(missing)}")
