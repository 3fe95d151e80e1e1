"""The files of a world: its head, its tables, and one table of sources by column with the rows that differ."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from sim.data.builder.of_states import Column
from sim.data.public import DataError, Row
from sim.scenario.columns import DEFAULTS, KEYS
from sim.worlds.files import table_text

COLUMNS = {
    "states": "code name capability affinity world_reach region latitude longitude",
    "dyads": "a b border tie rivalry nonaggression consultation",
    "trust": "from to anchor",
    "organisations": "code name depth commitment",
    "memberships": "organisation state joined",
    "actors": "code name host strength effort",
    "reach": "actor state reach bias",
    "regions": "region state",
    "history": "a b disputes_5 disputes_20 agreements exercises",
    "relations": "a b organisations exposure",
    "record": "a b ratio weight ratio_back weight_back",
    "grounds": "a b tone record events record_back events_back exposure onset pact_odds",
    "economy": "code gdp_per_head population",
    "regime": "code polyarchy",
    "democracy": "code democracy",
}
MAY_BE_ABSENT = ("grounds", "history", "relations", "record", "economy", "regime", "democracy")
"""Tables that no rule of today reads; one without a row is not written."""
SOURCES = ("table", "column", "row", "source", "basis", "year", "note")
NOTES = (
    "Pairs that a table does not list have the defaults below. Sources by column, with the rows that differ: sources.csv.",
    "Ties: a defence pact or a consultation clause of either side counts for the pair; a defence pact goes over a clause. "
    "A non-aggression clause alone does not count: through declarations that nearly everybody signed, most pairs have one.",
    "Who joins an organisation with a commitment after the alliance data end has that tie with all members.",
    "Spells that end where their table ends are taken to go on. Values carried forward bear their year in sources.csv.",
    "Trust that is not listed in trust.csv starts where the rule puts it (ties, distance in UN votes, rivalry).",
    "Depth: how much an organisation binds its members, from 0 (they meet) to 1 (one command, one budget); assumed.",
    "Reach of an actor: host 1, land neighbour of the host .75, two land steps .5, USA .4, elsewhere .1; assumed.",
    "Disputes: the share of the last 5 and 20 years with one. Agreements, exercises: the logarithm of one plus their "
    "number. Organisations: those shared over those of either.",
    "Record: the logarithm of (cooperative + 2) / (conflictual + 2) events of the three years before the start, of the "
    "first state toward the second and back, and their number to two digits; where the source has no direction (GDELT), "
    "scores and days with events, once for both. Exposure: events that size, wealth, distance and border let expect, in "
    "standard deviations from the mean of all pairs of all states. No rule reads these.",
    "Grounds, which rules 0.2 read: by regressions over all states up to the start, tone: what structure lets expect of the "
    "tone of events, as trust (mean .05, standard deviation .35 over all pairs with ten events); record: the tone of the "
    "events of three years, likewise, and their number; exposure: how much two states have to do with each other; onset and "
    "pact_odds: log-odds of a militarised dispute and of a new defence pact within a year.",
    "Codes and names imply no position on the status of any territory.",
)


BY_VOTES = (
    "Affinity: the mean ideal point of the last three UN sessions in which a state voted; else its last one, up to ten "
    "years old; else imputed (marked D): a regression over the states that voted on democracy, GDP per head and a defence "
    "pact with the United States."
)
BY_ALLIANCES = (
    "Affinity: there are no votes yet. How alike the alliances of two states are (Signorino and Ritter's S); of all states "
    "of the day the first principal coordinate, standard deviation 1, the United Kingdom on the positive side. Assumed."
)
"""What the note on affinity says, by where it comes from."""


class Sources:
    """Where the columns come from: rows of sources.csv, and notes of this world alone, noted while it is built."""

    def __init__(self) -> None:
        """None yet."""
        self.rows: list[Row] = []
        self.notes: list[str] = []

    def column(self, table: str, columns: str, source: str, basis: str, year: str, note: str = "") -> None:
        """The source of one or more columns (``border tie``; ``*`` is all of the table)."""
        for column in columns.split():
            self.rows.append(dict(zip(SOURCES, (table, column, "*", source, basis, year, note), strict=True)))

    def exceptions(self, table: str, column: str, rows: Mapping[str, tuple[str, str, str, str]]) -> None:
        """Rows of a column that have another source, basis, year or note."""
        for key in sorted(rows):
            self.rows.append(dict(zip(SOURCES, (table, column, key, *rows[key]), strict=True)))

    def of(self, table: str, column: str, values: Column, source: str) -> Column:
        """A column of states with its exceptions."""
        self.column(table, column, source, "R", values.year)
        self.exceptions(table, column, values.exceptions)
        return values


def files(
    name: str, start: str, tables: dict[str, list[Row]], sources: Sources, curated: Path, *, everybody: bool
) -> dict[str, bytes]:
    """The files of a world by name relative to the folder of worlds.

    Raises:
        DataError: a source id has no reference.
    """
    written = {table: rows for table, rows in tables.items() if rows or table not in MAY_BE_ABSENT}
    keys = {table: {"/".join(row[column] for column in KEYS[table]) for row in rows} for table, rows in written.items()}
    keys["record"] = keys["states"]  # its exceptions are states that the source does not have
    keys["regions"] = {row["region"] for row in written["regions"]}
    noted = [
        row
        for row in [*sources.rows, *_of_rows(written)]
        if row["table"] in written and (row["row"] == "*" or row["row"] in keys[row["table"]])
    ]
    references = yaml.safe_load((curated / "sources.yaml").read_text(encoding="utf-8"))
    used = sorted({row["source"] for row in noted})
    if unknown := [key for key in used if key not in references]:
        raise DataError(f"{curated / 'sources.yaml'}: no reference for {', '.join(unknown)}; add it there")
    years = _years(noted)
    texts = {key: references[key].replace("{years}", years.get(key, "")).strip() for key in used}
    built = {f"{name}.yaml": _head(name, start, written, noted, texts, sources.notes, everybody)}
    built |= {f"{name}/{table}.csv": table_text(COLUMNS[table].split(), rows) for table, rows in written.items()}
    return built | {f"{name}/sources.csv": table_text(SOURCES, noted)}


def _of_rows(tables: dict[str, list[Row]]) -> list[Row]:
    """The sources that rows of the curated tables carry themselves: the commonest for the column, the others one by one."""
    found = Sources()
    for table, keys in (("memberships", ("organisation", "state")), ("trust", ("from", "to"))):
        rows = tables[table]
        counts: dict[str, int] = {}
        for row in rows:
            counts[row["source"]] = counts.get(row["source"], 0) + 1
        if not rows:
            continue
        common = max(sorted(counts), key=counts.__getitem__)
        column, basis = {"memberships": ("joined", "R"), "trust": ("anchor", "A")}[table]
        found.column(table, column, common, basis, "")
        differ = {
            "/".join(row[key] for key in keys): (row["source"], row.get("basis") or "P", "", row.get("note") or "")
            for row in rows
            if row["source"] != common or row.get("note")
        }
        found.exceptions(table, column, differ)
    if tables["actors"]:
        for column in ("strength", "effort"):
            own = {
                row["code"]: (
                    row[f"{column}_source"],
                    row[f"{column}_basis"],
                    row["from"],
                    row["note"] if column == "strength" else "",
                )
                for row in tables["actors"]
            }
            found.exceptions("actors", column, own)
        found.column("reach", "reach", "assumed", "A", "")
        said = "ratios of counts in 2017, taken to hold at any start"
        found.column("reach", "bias", "isk_counts_2017", "A", "2017", said)
    found.column("regions", "state", "m49", "R", "")
    found.exceptions("regions", "state", {"majors": ("cow_majors", "R", "", ""), "nordic": ("nordic_council", "R", "", "")})
    return found.rows


def _years(noted: Sequence[Row]) -> dict[str, str]:
    """The years by source id: of the columns, else of the first row that has one."""
    found: dict[str, str] = {}
    for row in sorted(noted, key=lambda row: row["row"] != "*"):
        if row["year"]:
            found.setdefault(row["source"], row["year"])
    return found


def _notes(similar: bool, own: Sequence[str]) -> list[str]:
    """The notes of a world; the one on affinity stands before the one on trust, its own before the last."""
    found = [*NOTES[:-1], *own, NOTES[-1]]
    found.insert(next(k for k, note in enumerate(found) if note.startswith("Trust")), BY_ALLIANCES if similar else BY_VOTES)
    return found


def _head(
    name: str,
    start: str,
    tables: dict[str, list[Row]],
    noted: list[Row],
    texts: dict[str, str],
    own: Sequence[str],
    everybody: bool,
) -> bytes:
    year = {(row["table"], row["column"]): row["year"] for row in noted if row["row"] == "*"}
    count = len(tables["states"])
    who = "All states with data" if everybody else "States chosen from all with data"
    power, votes, ties = (year.get(key, "") for key in (("states", "capability"), ("states", "affinity"), ("dyads", "tie")))
    similar = any(row["source"] == "portfolios" for row in noted)
    affinity = "affinity by the similarity of alliances" if similar else f"UN votes of {votes}"
    description = (
        f"{who}, {count} of them, on the first day of {start}. Capability of {power}, {affinity}, alliance "
        f"treaties of {ties} carried forward, and what is known to have changed since; nothing that began later."
    )
    lines = [
        "# Built by `python -m sim world build` from public data and from what people decided (curated/).",
        f'title: "{"The world" if everybody else name}, {start}"',
        f'date: "{start}"',
        "description: >-",
        *textwrap.wrap(description, 110, initial_indent="  ", subsequent_indent="  "),
        "notes:",
        *(f"  - {json.dumps(note, ensure_ascii=False)}" for note in _notes(similar, own)),
        "defaults:",
        *(f"  {table}: {_flow(values)}" for table, values in DEFAULTS.items() if table in tables),
        "sources:",
        *(f"  {key}: {json.dumps(text, ensure_ascii=False)}" for key, text in texts.items()),
    ]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _flow(values: Mapping[str, object]) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in values.items()) + "}"
