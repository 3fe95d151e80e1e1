"""What a world says of each pair of states: border, ties, rivalry; disputes, agreements, exercises, shared organisations."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from pathlib import Path

from sim.data.builder import curated as told
from sim.data.builder.presence import Presence
from sim.data.public import Pair, Row, read_table

SHORT, LONG = 5, 20
"""Years of the two windows over which disputes are counted."""
AGREEMENT_AGE, EXERCISE_YEARS = 30, 5
"""Oldest signature of a defence agreement that counts; years over which joint exercises are counted."""


def pair_of(one: str | None, other: str | None) -> Pair | None:
    """Two states in alphabetical order; None where one is missing or both are the same."""
    return (min(one, other), max(one, other)) if one and other and one != other else None


def _coded(row: Row, codes: Mapping[int, str], columns: tuple[str, str] = ("ccode1", "ccode2")) -> Pair | None:
    one, other = (codes.get(int(float(row[column]))) if row[column] else None for column in columns)
    return pair_of(one, other)


def disputes(data: Path, folder: Path, there: Presence, year: int) -> tuple[dict[Pair, tuple[float, float]], str, str]:
    """The share of the last 5 and of the last 20 years with a militarised dispute, by pair; the years; the source id.

    Where the data end more than a year before the start, the clashes of the curated table count for the years after them.
    """
    path = data / "mid" / "dyadyear.csv.gz"
    years: dict[Pair, set[int]] = {}
    last = 0
    for row in read_table(path, ("ccode1", "ccode2", "year", "cowmidongoing")):
        when = int(float(row["year"]))
        if when < year:
            last = max(last, when)
            if when >= year - LONG and float(row["cowmidongoing"] or 0) and (pair := _coded(row, there.before)):
                years.setdefault(pair, set()).add(when)
    added = [(pair, when) for pair, when, _ in told.disputes(folder, year) if when > last]
    for pair, when in added:
        years.setdefault(pair, set()).add(when)
    shares = {
        pair: (sum(when >= year - SHORT for when in found) / SHORT, sum(when >= year - LONG for when in found) / LONG)
        for pair, found in years.items()
        if any(when >= year - LONG for when in found)
    }
    return shares, f"{year - LONG}-{year - 1}", "mid_curated" if last < year - 1 else "mid"


def agreements(data: Path, there: Presence, year: int) -> tuple[dict[Pair, float], str]:
    """The logarithm of one plus the defence agreements signed and not ended, by pair, and the years of signature."""
    counts: dict[Pair, int] = {}
    signed: list[int] = []
    rows = list(
        read_table(data / "dca" / "dcad_agreements.csv", ("ccode1", "ccode2", "signYear", "terminated", "endYearEstimate"))
    )
    ends = [int(float(row["endYearEstimate"])) if row["endYearEstimate"] else 0 for row in rows]
    table_end = max(ends, default=0)
    for row, end in zip(rows, ends, strict=True):
        when, pair = int(float(row["signYear"])), _coded(row, there.before)
        over = end and end < year and end != table_end
        if when < year and when >= year - AGREEMENT_AGE and pair and not over:
            counts[pair] = counts.get(pair, 0) + 1
            signed.append(when)
    return {pair: math.log1p(n) for pair, n in counts.items()}, _span(signed)


def exercises(data: Path, there: Presence, year: int) -> tuple[dict[Pair, float], str]:
    """The logarithm of one plus the joint exercises of the last five years that the data have before the start."""
    rows = [
        (int(float(row["year"])), _coded(row, there.gleditsch_ward, ("gwcode1", "gwcode2")), int(float(row["n_ex"] or 0)))
        for row in read_table(data / "exercises" / "exercise_dyadyear.csv.gz", ("gwcode1", "gwcode2", "year", "n_ex"))
    ]
    years = [when for when, _, _ in rows if when < year]
    if not years:
        return {}, ""
    last = max(years)
    counts: dict[Pair, int] = {}
    for when, pair, n in rows:
        if pair and last - EXERCISE_YEARS < when <= last:
            counts[pair] = counts.get(pair, 0) + n
    return {pair: math.log1p(n) for pair, n in counts.items()}, f"{last - EXERCISE_YEARS + 1}-{last}"


def shared_organisations(data: Path, there: Presence, year: int) -> tuple[dict[Pair, float], str]:
    """Organisations of which both are full members, over those of which one is, by pair."""
    path = data / "igo" / "igo_membership_spells.csv.gz"
    rows = list(read_table(path, ("igo", "ccode", "status", "start", "end")))
    table_end = max((int(float(row["end"])) for row in rows), default=0)
    of: dict[str, set[str]] = {code: set() for code in there.names}
    for row in rows:
        code, end = there.before.get(int(float(row["ccode"]))), int(float(row["end"]))
        if code in of and float(row["status"]) == 1 and float(row["start"]) < year and (end >= year - 1 or end == table_end):
            of[code].add(row["igo"])
    codes = sorted(of)
    shares = {}
    for i, a in enumerate(codes):
        for b in codes[i + 1 :]:
            if either := len(of[a] | of[b]):
                shares[a, b] = len(of[a] & of[b]) / either
    return shares, str(min(year - 1, table_end))


def distance(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Kilometres along the great circle between two points (latitude, longitude)."""
    (north, east), (other_north, other_east) = (map(math.radians, point) for point in (a, b))
    half = math.sin((other_north - north) / 2) ** 2
    half += math.cos(north) * math.cos(other_north) * math.sin((other_east - east) / 2) ** 2
    return 2 * 6371.0 * math.asin(min(1.0, math.sqrt(half)))


def _span(years: Collection[int]) -> str:
    return f"{min(years)}-{max(years)}" if years else ""
