"""What people decided and what the data do not say: the curated tables beside the worlds, as they hold on a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from sim.data.public import DataError, Pair, Row, read_table

TRUST_FROM = "2012-01-01"
"""Overrides of trust without a first day were written for the worlds from this one on."""


def in_force(path: Path, day: str) -> list[Row]:
    """The rows of a curated table that hold on ``day``; of a bare year or month the end counts."""
    return [row for row in read_table(path, ("from", "until")) if began(row, day) and not ended(row, day)]


def began(row: Row, day: str) -> bool:
    """Whether what a row says holds from ``day`` or before."""
    return not row["from"] or row["from"].ljust(10, "~") <= day


def ended(row: Row, day: str) -> bool:
    """Whether what a row says no longer holds on ``day``."""
    return bool(row["until"]) and row["until"] <= day


def regions(curated: Path, start: str, states: Collection[str]) -> tuple[dict[str, str], list[Row]]:
    """The subregion of each state, and a row for each region and state of it."""
    of: dict[str, str] = {}
    rows = []
    for row in in_force(curated / "regions.csv", f"{start}-01"):
        for code in row["states"].split():
            if code in states:
                rows.append({"region": row["region"], "state": code})
                if row["kind"] == "subregion":
                    of[code] = row["region"]
    if missing := sorted(set(states) - set(of)):
        raise DataError(f"{curated / 'regions.csv'}: no subregion for {', '.join(missing)}")
    return of, rows


def memberships(data: Path, curated: Path, start: str, codes: dict[int, str], organisations: list[Row]) -> list[Row]:
    """Who is a member of what: the COW IGO spells that are open or end later, with the curated rows in their place."""
    day, year = f"{start}-01", int(start[:4])
    ours = {row["igo"]: row["code"] for row in organisations if row["igo"]}
    alive = {row["code"] for row in organisations}
    written = list(read_table(curated / "memberships.csv", ("organisation", "state", "from", "until", "source")))
    said = {(row["organisation"], row["state"]) for row in written if began(row, day)}
    path = data / "igo" / "igo_membership_spells.csv.gz"
    spells = [row for row in read_table(path, ("igo", "ccode", "status", "start", "end")) if row["igo"] in ours]
    table_end = max((int(float(row["end"])) for row in spells), default=0)
    found: dict[Pair, Row] = {}
    for row in spells:
        state = codes.get(int(float(row["ccode"])))
        pair = (ours[row["igo"]], state or "")
        first, last = int(float(row["start"])), int(float(row["end"]))
        if state and pair not in said and float(row["status"]) == 1 and first < year and (last >= year or last == table_end):
            joined = min(first, int(found[pair]["joined"]) if pair in found else first)
            found[pair] = {"organisation": pair[0], "state": state, "joined": str(joined), "source": "cow_igo"}
    present = set(codes.values())
    for row in written:
        if began(row, day) and not ended(row, day) and row["organisation"] in alive and row["state"] in present:
            found[row["organisation"], row["state"]] = row | {"joined": row["from"]}
    return [found[pair] for pair in sorted(found)]


def accession_pacts(curated: Path, organisations: list[Row], members: list[Row], since: int) -> dict[Pair, Row]:
    """The ties of those who joined an organisation with a commitment after the last year of the alliance data."""
    kinds = {row["code"]: row["commitment"] for row in organisations if row["commitment"] not in ("", "none")}
    found: dict[Pair, Row] = {}
    for new in members:
        if new["organisation"] in kinds and int(new["joined"][:4]) > since:
            for old in members:
                if old["organisation"] == new["organisation"] and old["state"] != new["state"]:
                    a, b = sorted((old["state"], new["state"]))
                    found[a, b] = {
                        "a": a,
                        "b": b,
                        "tie": kinds[new["organisation"]],
                        "source": new["source"],
                        "from": new["joined"],
                    }
    return found


def rivalries(curated: Path, rivals: Iterable[Pair], day: str) -> dict[Pair, str]:
    """The source of each rivalry of a day: those of the data, with what began and ended after them."""
    found = dict.fromkeys(sorted(rivals), "tss")
    for row in read_table(curated / "rivalries.csv", ("a", "b", "from", "until", "source")):
        pair = (row["a"], row["b"])
        if ended(row, day):
            found.pop(pair, None)
        elif row["from"] and began(row, day):
            found[pair] = row["source"]
    return found


def disputes(curated: Path, before: int) -> list[tuple[Pair, int, str]]:
    """The clashes after the dispute data, a pair and a year each, with its source."""
    rows = read_table(curated / "disputes.csv", ("a", "b", "years", "source"))
    return [
        ((row["a"], row["b"]), int(year), row["source"])
        for row in rows
        for year in row["years"].split()
        if int(year) < before
    ]
