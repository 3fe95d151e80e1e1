"""The grounds of every pair of a world: what :mod:`sim.data.grounds` finds in the data before its start, in few digits."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from sim.data import grounds
from sim.data.builder import undirected
from sim.data.builder.presence import Presence
from sim.data.builder.record import Record
from sim.data.builder.writing import Sources
from sim.data.panel import FILES, FIRST, panel, read_series
from sim.data.public import Pair, Row

NEEDED = 24
"""Years before the start of which there must be data: those that the logits are fitted on."""
OTHERWISE = {"YUG": "SRB"}
"""Codes under which a panel has a state where the world has another."""
NONE = "where there are no events, what structure says"
WEIGHT = f"days with events times {undirected.PER_DAY:g}, at most {undirected.AT_MOST}: assumed"
MOST = 20.0
"""No log-odds are written beyond: they say never."""
DIGITS = {"tone": 2, "record": 2, "events": 0, "record_back": 2, "events_back": 0, "exposure": 2, "onset": 1, "pact_odds": 1}


def rows(
    data: Path, there: Presence, year: int, sources: Sources, events: Record | None = None, listed: Collection[Pair] = ()
) -> list[Row]:
    """The rows of the table of the states of a day; none where a series is missing or the years are too few.

    Args:
        data: the data folder.
        there: the states.
        year: of the start.
        sources: where the columns are said to come from.
        events: the record before the start; one without direction stands in for the counts that there are none of.
        listed: pairs whose trust is written down.
    """
    if year - 1 < FIRST + NEEDED or not all((data / path).is_file() for path, _ in FILES.values()):
        return []
    found = of_states(data, there.names, year)
    sources.column("grounds", "*", "derived_grounds", "C", f"to {year - 1}")
    if events and not events.directed:
        counts = undirected.used(events, {(row["a"], row["b"]): float(row["tone"]) for row in found}, listed)
        counts.into(found)
        sources.column("grounds", "record record_back", events.source, "C", events.years, NONE)
        sources.column("grounds", "events events_back", events.source, "A", events.years, WEIGHT)
        sources.notes.append(counts.said())
    return found


def of_states(data: Path, codes: Collection[str], year: int) -> list[Row]:
    """The rows of some states, from what was known at the end of the year before."""
    known = panel(read_series(data), year - 1)
    of = {OTHERWISE.get(code, code): code for code in codes}
    places = known.there(year - 1, of)
    table = grounds.grounds(known, places, accessions=False).table(tuple(of[known.codes[place]] for place in places))
    table = [row if row["a"] < row["b"] else _turned(row) for row in table]
    short = [row | {name: _short(row[name], digits) for name, digits in DIGITS.items()} for row in table]
    return sorted(short, key=lambda row: (row["a"], row["b"]))


def _short(value: float, digits: int) -> str:
    within = max(-MOST, min(MOST, value)) if digits else value
    return f"{round(within, digits) + 0.0:.{digits}f}"


def _turned(row: dict) -> dict:
    """The same pair, the other state first."""
    other = {"a": row["b"], "b": row["a"]}
    for name in ("record", "events"):
        other |= {name: row[f"{name}_back"], f"{name}_back": row[name]}
    return row | other
