"""One state more in a world of one's own, with all its dyads, taken from a world that has it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sim.scenario.columns import state_columns
from sim.scenario.problems import fail, quote
from sim.scenario.text import parse
from sim.worlds.files import HERE, Row, WorldFiles


def add(world: WorldFiles, donor: WorldFiles, code: str) -> list[str]:
    """Add a state to a world in place, and say what was left out.

    Every table of the world gets the rows that the donor has of the state and of the world's own states, with their sources.
    Pairs with states that the donor does not have take the world's defaults.

    Raises:
        ScenarioError: the world has the state, the donor has not, or a pair has neither a row nor a default.
    """
    if code in world.codes:
        raise fail(HERE, f"{code} is a state of {world.name} already")
    if code not in donor.codes:
        raise fail(HERE, f"{donor.name} has no state {quote(code)}")
    mine = set(world.codes)
    strangers = sorted(mine - set(donor.codes))
    notes = []
    for table in [name for name in world.rows if name != "sources"]:
        for row in _rows_of(donor, table, code, mine):
            if table == "memberships" and row["organisation"] not in {one["code"] for one in world.rows["organisations"]}:
                notes.append(f"{row['organisation']} is not an organisation of this world, so {code} is not a member of it")
                continue
            if table == "reach" and row["actor"] not in {one["code"] for one in world.rows["actors"]}:
                continue
            if table in ("organisations", "actors"):
                continue
            world.rows[table].append(_fitted(world, donor, table, row))
    for other in strangers:
        a, b = sorted((code, other))
        rest = (world.head.get("defaults") or {}).get("dyads")
        if rest is None:
            text = f"{donor.name} does not have {other}, and {world.name} has no defaults for a pair that is not listed"
            raise fail(HERE, f"{text}; add a row {a},{b} to dyads.csv by hand")
        notes.append(f"{a}-{b} has what pairs have that are not listed: {donor.name} does not have {other}")
    for table, rows in world.rows.items():
        if table != "sources":
            rows.sort(key=lambda row, table=table: world.key(table, row))  # type: ignore[misc]
    return notes


def _rows_of(donor: WorldFiles, table: str, code: str, others: set[str]) -> list[Row]:
    """The donor's rows of a state among others; of pairs that it does not list, its defaults."""
    rows = donor.rows.get(table, [])
    about = state_columns(table)
    there = others | {code}
    found = [row for row in rows if code in [row[c] for c in about] and all(row[c] in there for c in about)]
    rest: dict[str, Any] = (donor.head.get("defaults") or {}).get(table, {})
    if rest and table in ("dyads", "reach"):
        if table == "dyads":
            pairs = [tuple(sorted((code, other))) for other in sorted(others & set(donor.codes))]
        else:
            pairs = [(row["code"], code) for row in donor.rows["actors"] if row["host"] in there]
        first, second = about if table == "dyads" else ("actor", "state")
        listed = {(row[first], row[second]) for row in found}
        found += [{first: a, second: b, **{k: str(v) for k, v in rest.items()}} for a, b in pairs if (a, b) not in listed]
    return found


def _fitted(world: WorldFiles, donor: WorldFiles, table: str, row: Row) -> Row:
    """A donor's row with the columns of the world's table, its sources put where the world has them."""
    fitted: Row = {}
    for column in world.columns[table]:
        if column in row:
            fitted[column] = row[column]
        elif column in ("source", "basis") or column.endswith(("_source", "_basis")):
            of = [column.rpartition("_")[0]] if "_" in column else donor.columns[table]
            said = (donor.origin(table, one, row) for one in of)
            fitted[column] = next((origin for origin in said if origin[0]), ("", ""))[0 if column.endswith("source") else 1]
        else:
            fitted[column] = ""
    for column in donor.columns[table]:
        source, basis = donor.origin(table, column, row) if column in world.columns[table] else ("", "")
        if not source:
            continue
        if source not in world.head["sources"]:
            world.head["sources"][source] = donor.head["sources"][source]
        if world.apart and world.origin(table, column, fitted)[0] != source:
            about = {"table": table, "column": column, "row": world.key(table, fitted), "source": source, "basis": basis}
            world.rows["sources"].append({key: about.get(key, "") for key in world.columns["sources"]})
    return fitted


def head_with(text: str, world: WorldFiles, path: Path) -> str:
    """The text of a world's head with the references that are new in it, everything else as its owner wrote it.

    Raises:
        ScenarioError: it has no line `sources:` under which they could stand.
    """
    there = parse(text, str(path), []).plain().get("sources") or {}
    new = [
        f"  {key}: {json.dumps(said, ensure_ascii=False)}" for key, said in world.head["sources"].items() if key not in there
    ]
    if not new:
        return text
    lines = text.splitlines()
    place = next((k for k, line in enumerate(lines) if line.split("#")[0].rstrip() == "sources:"), None)
    if place is None:
        raise fail(
            HERE, f"{path} has no line `sources:` with the references below it; write it so, each on a line of its own"
        )
    return "\n".join([*lines[: place + 1], *new, *lines[place + 1 :]]) + "\n"
