"""What a world says of each state: capability, affinity, region and capital; GDP, population and regime in tables apart.

Each column has one year, that of the last data before the start; a state whose value is of another year, or imputed, is
an exception, named with its year and the rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from sim.data.builder.presence import Presence
from sim.data.public import Pair, Row, read_table

SESSIONS, OLDEST = 3, 10
"""UN sessions over which affinity is averaged; years after which a last vote is too old to be carried forward."""


@dataclass
class Column:
    """The values of one column by row key, their year, and the exceptions: key -> (source, basis, year, note)."""

    values: dict[str, float]
    year: str
    exceptions: dict[str, tuple[str, str, str, str]] = field(default_factory=dict)


def capability(data: Path, there: Presence, year: int) -> Column:
    """CINC of the last year before; up to five years older where a state has none in it."""
    rows = _by_state(data / "nmc" / "nmc.csv.gz", "cinc", there.now, year)
    return _last(rows, there, "nmc")


def economy(data: Path, there: Presence, year: int) -> dict[str, Column]:
    """GDP per head (2011 dollars) and population (millions)."""
    path = data / "democracy" / "gdp_pop.csv.gz"
    kept = {"gdp_per_head": "mrgdppc", "population": "pwtpop"}
    return {name: _last(_by_state(path, column, there.before, year), there, "gdp") for name, column in kept.items()}


def regime(data: Path, there: Presence, year: int) -> dict[str, Column]:
    """The electoral democracy index (0..1), where V-Dem has one, and extended democracy scores."""
    path = data / "democracy" / "democracy.csv.gz"
    kept = {"polyarchy": ("v2x_polyarchy", "vdem"), "democracy": ("euds", "euds")}
    return {name: _last(_by_state(path, c, there.now, year), there, source) for name, (c, source) in kept.items()}


def capitals(data: Path, there: Presence, day: str) -> dict[str, tuple[float, float]]:
    """Latitude and longitude of the capital in force on a day; the last before where none is."""
    found: dict[str, tuple[str, float, float]] = {}
    columns = ("ccode", "stdate", "enddate", "lat", "lng")
    for row in read_table(data / "geo" / "capitals.csv", columns):
        code = there.now.get(int(float(row["ccode"])))
        if code and row["stdate"] <= day and row["stdate"] >= found.get(code, ("",))[0]:
            found[code] = (row["stdate"], float(row["lat"]), float(row["lng"]))
    return {code: (lat, lng) for code, (_, lat, lng) in found.items()}


def affinity(data: Path, there: Presence, year: int, more: Mapping[str, Mapping[str, float]], allies: set[Pair]) -> Column:
    """Mean ideal point over those of the last three UN sessions in which a state voted.

    Else its last one, up to ten years old; else imputed by a regression, over all states that voted, on democracy, GDP per
    head and a defence pact with the United States (``more`` and ``allies``).
    """
    rows = _by_state(data / "unga" / "idealpoints.csv.gz", "idealpointfp", there.now, year)
    sessions = sorted({when for points in rows.values() for when in points})[-SESSIONS:]
    found = Column({}, f"{sessions[0]}-{sessions[-1]}" if sessions else "")
    for code in there.names:
        points = rows.get(code, {})
        recent = [points[when] for when in sessions if when in points]
        if recent:
            found.values[code] = sum(recent) / len(recent)
            if len(recent) < len(sessions):
                years = "-".join(str(when) for when in sessions if when in points)
                found.exceptions[code] = ("unga", "R", years, "the sessions in which it voted")
        elif points and max(points) >= year - OLDEST:
            found.values[code] = points[max(points)]
            found.exceptions[code] = ("unga", "R", str(max(points)), "its last votes, carried forward")
    _impute(found, there, more, allies)
    return found


def _impute(found: Column, there: Presence, more: Mapping[str, Mapping[str, float]], allies: set[Pair]) -> None:
    """Affinity of the states that have none, by least squares on those that have one."""
    missing = [code for code in there.names if code not in found.values]
    if not missing:
        return

    def features(code: str) -> list[float] | None:
        democracy, gdp = more["democracy"].get(code), more["gdp_per_head"].get(code)
        ally = float((min(code, "USA"), max(code, "USA")) in allies)
        return None if democracy is None or not gdp else [1.0, democracy, float(np.log(gdp)), ally]

    rows = [(features(code), found.values[code]) for code in sorted(found.values) if code != "USA"]
    usable = [(x, y) for x, y in rows if x is not None]
    mean = sum(found.values.values()) / max(1, len(found.values))
    weights = None
    if len(usable) >= 20:
        weights = np.linalg.lstsq(np.array([x for x, _ in usable]), np.array([y for _, y in usable]), rcond=None)[0]
    for code in missing:
        x = features(code)
        value = float(np.dot(x, weights)) if x is not None and weights is not None else mean
        found.values[code] = max(-3.0, min(3.0, value))
        how = (
            "regression on democracy, GDP per head and a pact with USA" if x is not None and weights is not None else "mean"
        )
        found.exceptions[code] = ("imputed", "D", found.year, f"no votes: {how} of the states that voted")


def _by_state(path: Path, column: str, codes: Mapping[int, str], before: int) -> dict[str, dict[int, float]]:
    """Values by state and year, before a year; of two rows of a state in one year, that of its own COW code."""
    found: dict[str, dict[int, float]] = {}
    for row in read_table(path, ("ccode", "year", column)):
        if row[column] and (code := codes.get(int(float(row["ccode"])))) and (when := int(float(row["year"]))) < before:
            found.setdefault(code, {})[when] = float(row[column])
    return found


def _last(rows: Mapping[str, Mapping[int, float]], there: Presence, source: str) -> Column:
    last = {code: max(rows[code]) for code in there.names if rows.get(code)}
    common = max(last.values(), default=0)
    found = Column({code: rows[code][when] for code, when in last.items()}, str(common))
    for code, when in last.items():
        if when != common:
            found.exceptions[code] = (source, "R", str(when), "its last value, carried forward")
    return found


def sparse(columns: Mapping[str, Column], states: list[str]) -> list[Row]:
    """A row for each state that has a value in any column; empty where it has none."""
    return [
        {"code": code}
        | {name: f"{column.values[code]:.3g}" if code in column.values else "" for name, column in columns.items()}
        for code in states
        if any(code in column.values for column in columns.values())
    ]
