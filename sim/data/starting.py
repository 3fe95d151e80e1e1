"""A starting world of a past year straight from the data: what the goodness of fit of the ties starts from.

Only data, and only of the year itself or before: no curated corrections, no organisations, no non-state actors. The
scenario made of them goes through :mod:`sim.start.world` like any other, so that trust is what the rule of the
anchor makes of pacts, consultation ties, distance in UN votes and rivalries.
"""

from __future__ import annotations

import csv
import itertools
import math
import zlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any

import numpy as np

from sim.calendar import parse_month
from sim.data import public
from sim.data.public import DataError, Pair, Row
from sim.data.worlds import WORLD_REACH
from sim.scenario.scenario import Scenario
from sim.scenario.worlds import Tables

SESSIONS = 3
"""UN sessions over which affinity is averaged; one in which a state did not vote is left out."""
DISPUTE_YEARS = 5


@dataclass(frozen=True)
class History:
    """What the data say of some states from one year to another.

    ``networks`` are the defence pacts of each year, shape (years, n, n), in the order of ``states``; ``recent`` marks
    pairs with a dispute in the five years up to the first. ``left_out`` says why, by state.
    """

    years: tuple[int, ...]
    states: tuple[str, ...]
    networks: np.ndarray
    recent: np.ndarray
    tables: Tables = field(repr=False)
    left_out: dict[str, str]
    vintage: dict[str, str]


def _readable(read: Callable[..., Any]) -> Callable[..., Any]:
    """What is wrong with a file of the data becomes one error."""

    @wraps(read)
    def reading(data: Path, *args: Any) -> Any:
        try:
            return read(data, *args)
        except (ValueError, TypeError, OSError, EOFError, zlib.error, csv.Error) as error:
            raise DataError(f"{data}: a table cannot be read: {error}") from error

    return reading


@_readable
def pact_years(data: Path) -> list[int]:
    """The years of which the data know alliances."""
    path = data / "atop" / "dyadyear.csv.gz"
    years = sorted({int(float(row["year"])) for row in public.read_table(path, ("year", "atop_defense"))})
    if not years:
        raise DataError(f"{path}: it holds no year")
    return years


@_readable
def history(data: Path, first: int, last: int, wanted: Collection[str] | None) -> History:
    """The world at the end of ``first``, and the defence pacts of every year to ``last``.

    Args:
        data: the data folder.
        first: the year to start from.
        last: the year to arrive at, later.
        wanted: the states by ISO3, or None for all that the data know well enough.

    Raises:
        DataError: a file, a year or a state is missing.
    """
    held = pact_years(data)
    years = tuple(range(first, last + 1))
    if missing := [year for year in years if year not in held]:
        raise DataError(
            f"{data / 'atop' / 'dyadyear.csv.gz'}: no year {', '.join(map(str, missing[:5]))}{' ...' * (len(missing) > 5)}; "
            f"it holds {held[0]} to {held[-1]}"
        )
    codes, left_out = _there_throughout(data, first, last)
    points, sessions = _ideal_points(data, first)
    known, power_year = _capabilities(data, first)
    for state in {state for _, state in codes}:
        if not any(known.get(code) for code, one in codes if one == state):
            left_out[state] = f"no capability in {power_year}"
        elif state not in points:
            left_out[state] = f"no UN votes in {sessions[0]}-{sessions[-1]}"
    if wanted is not None:
        absent = [
            f"{state} ({left_out.get(state, f'not a state from {first} to {last}')})"
            for state in sorted(set(wanted))
            if state in left_out or state not in {state for _, state in codes}
        ]
        if absent:
            raise DataError(f"{data}: {first} to {last} cannot be had for {', '.join(absent)}; leave them out with --states")
        left_out = {}
    kept = {state for _, state in codes} - set(left_out)
    states = tuple(sorted(kept if wanted is None else set(wanted)))
    if len(states) < 4:
        raise DataError(f"{len(states)} states; a network needs four or more")
    iso = {code: state for code, state in codes if state in states}
    position = {state: k for k, state in enumerate(states)}
    networks = np.zeros((len(years), len(states), len(states)), bool)
    for year, pairs in _pacts(data, iso, years).items():
        for a, b in pairs:
            networks[year - first, position[a], position[b]] = networks[year - first, position[b], position[a]] = True
    recent = np.zeros(networks.shape[1:], bool)
    disputes, seen = _disputes(data, iso, first)
    for a, b in disputes:
        recent[position[a], position[b]] = recent[position[b], position[a]] = True
    power = {iso[code]: value for code, value in known.items() if code in iso}
    vintage = {
        "pacts": f"{first}-{last}",
        "capability": str(power_year),
        "UN votes": f"{sessions[0]}-{sessions[-1]}",
        "rivalries": str(first),
        "borders": f"{first}-12-31",
        "disputes": seen,
    }
    tables = _tables(data, iso, first, states, power, points)
    return History(years, states, networks, recent, tables, dict(sorted(left_out.items())), vintage)


def scenario_of(known: History, schedule: tuple[str, ...], parameters: dict[str, dict[str, Any]]) -> Scenario:
    """A scenario that starts in January after the first year and runs to the end of the last."""
    first, last = known.years[0], known.years[-1]
    return Scenario(
        name="fit",
        title=f"Defence pacts from {first} to {last}",
        question="",
        description="",
        world="data",
        start=parse_month(f"{first + 1:04d}-01"),
        end=parse_month(f"{last + 1:04d}-01"),
        schedule=schedule,
        cores={},
        sets={},
        watch=(),
        events={},
        parameters=parameters,
        tables=known.tables,
        sources={},
        estimates=[],
        parents=(),
        spec={},
    )


# -- reading ---------------------------------------------------------------------------------------------------------


def _there_throughout(data: Path, first: int, last: int) -> tuple[list[tuple[int, str]], dict[str, str]]:
    """COW code and ISO3 of the states that exist in both years, and those of the first year without an ISO3."""
    columns = ("ccode", "stateabb", "ISO3", "first_year", "last_year")
    spans: dict[str, list[tuple[int, float, float]]] = {}
    nameless: dict[str, str] = {}
    for row in public.read_table(data / "codes" / "country_codes.csv", columns):
        start, end = float(row["first_year"]), float(row["last_year"])
        if row["ISO3"]:
            spans.setdefault(row["ISO3"], []).append((int(float(row["ccode"])), start, end))
        elif start <= first and last <= end:
            nameless[row["stateabb"]] = "no ISO3 in country_codes.csv"
    codes: list[tuple[int, str]] = []
    for state, rows in spans.items():
        if all(any(start <= year <= end for _, start, end in rows) for year in (first, last)):
            codes += [(code, state) for code, start, end in rows if start <= last and end >= first]
    return codes, nameless


def _ideal_points(data: Path, first: int) -> tuple[dict[str, float], list[int]]:
    """Mean ideal point by state over those of the last sessions up to ``first`` in which it voted, and the sessions."""
    path = data / "unga" / "idealpoints.csv.gz"
    found: dict[int, dict[str, float]] = {}
    for row in public.read_table(path, ("iso3c", "year", "idealpointfp")):
        year = int(float(row["year"]))
        if year <= first and row["iso3c"] and row["idealpointfp"]:
            found.setdefault(year, {})[row["iso3c"]] = _number(path, row, "idealpointfp")
    sessions = sorted(found)[-SESSIONS:]
    if len(sessions) < SESSIONS:
        raise DataError(f"{path}: fewer than {SESSIONS} sessions up to {first}; start from a later year")
    voted: dict[str, list[float]] = {}
    for year in sessions:
        for state, point in found[year].items():
            voted.setdefault(state, []).append(point)
    return {state: sum(points) / len(points) for state, points in voted.items()}, sessions


def _capabilities(data: Path, first: int) -> tuple[dict[int, float], int]:
    """CINC by COW code in the last year up to ``first`` that the data hold, and that year."""
    path = data / "nmc" / "nmc.csv.gz"
    found: dict[int, dict[int, float]] = {}
    for row in public.read_table(path, ("ccode", "year", "cinc")):
        year = int(float(row["year"]))
        if year <= first and row["cinc"]:
            found.setdefault(year, {})[int(float(row["ccode"]))] = _number(path, row, "cinc")
    if not found:
        raise DataError(f"{path}: nothing up to {first}; start from a later year")
    return found[max(found)], max(found)


def _number(path: Path, row: Row, column: str) -> float:
    value = float(row[column])
    if not math.isfinite(value):
        raise DataError(f"{path}: {column} is {row[column]} in {row['year']}; every number must be finite")
    return value


def _pacts(data: Path, iso: Mapping[int, str], years: Collection[int]) -> dict[int, set[Pair]]:
    """Pairs with a defence duty of either side, by year."""
    found: dict[int, set[Pair]] = {year: set() for year in years}
    columns = ("ccode1", "ccode2", "year", "atop_defense")
    for row in public.read_table(data / "atop" / "dyadyear.csv.gz", columns):
        year = int(float(row["year"]))
        if year in found and (pair := _pair(row, iso)) and float(row["atop_defense"] or 0):
            found[year].add(pair)
    return found


def _disputes(data: Path, iso: Mapping[int, str], first: int) -> tuple[set[Pair], str]:
    """Pairs with a militarised dispute in the five years up to ``first``, and what was read; none without the table."""
    path = data / "mid" / "dyadyear.csv.gz"
    if not path.is_file():
        return set(), "no mid/ in the folder: none"
    found: set[Pair] = set()
    for row in public.read_table(path, ("ccode1", "ccode2", "year", "cowmidongoing")):
        if first - DISPUTE_YEARS < int(float(row["year"])) <= first and float(row["cowmidongoing"] or 0):
            pair = _pair(row, iso)
            found |= {pair} if pair else set()
    return found, f"{first - DISPUTE_YEARS + 1}-{first}"


def _pair(row: Row, iso: Mapping[int, str]) -> Pair | None:
    one, other = (iso.get(int(float(row[column]))) for column in ("ccode1", "ccode2"))
    return (min(one, other), max(one, other)) if one and other and one != other else None


def _tables(
    data: Path,
    iso: Mapping[int, str],
    first: int,
    states: tuple[str, ...],
    power: Mapping[str, float],
    points: Mapping[str, float],
) -> Tables:
    border = public.borders(data, iso, f"{first}-12-31")
    rivals = public.rivalries(data, iso, first + 1)
    treaties, _ = public.alliances(data, iso, first + 1)
    ties = {pair: tie for tie in ("consultation", "defence") for pair in treaties[tie]}
    return Tables(
        states=[
            {
                "code": code,
                "name": code,
                "capability": power[code],
                "affinity": points[code],
                "world_reach": int(code in WORLD_REACH),
            }
            for code in states
        ],
        dyads=[
            {
                "a": a,
                "b": b,
                "border": border.get((a, b), "none"),
                "tie": ties.get((a, b), "none"),
                "rivalry": int((a, b) in rivals),
            }
            for a, b in itertools.combinations(states, 2)
        ],
        trust=[],
        organisations=[],
        memberships=[],
        actors=[],
        reach=[],
    )
