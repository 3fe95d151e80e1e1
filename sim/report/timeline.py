"""The events of one or more runs in the order of their dates, each with what it does, its sources and its basis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.calendar import parse_month
from sim.plots.sheet.text import percent
from sim.report.citations import Citations
from sim.results import Run
from sim.wording import basis, date


def events(runs: Sequence[tuple[str, Run]], citations: Citations) -> list[dict[str, Any]]:
    """The events, numbered; of several runs each says in which it is, unless it is the same in all.

    Returns:
        number, title, when, month (12 * year + month - 1, None without one), imposed, what, note, sources (numbers), basis,
        where (names of runs, empty where all have it), share (text, empty where it happens in every replicate).
    """
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for name, run in runs:
        notes = run.story().get("events") or {}
        for row in run.event_rows():
            same = (row["key"], row["date"], row["what"])
            if same in found:
                found[same]["where"].append(name)
                continue
            share = float(row.get("share") or 0)
            month = row["date"] or row["median"]
            found[same] = {
                "title": row["title"],
                "date": row["date"],
                "imposed": row["imposed"] == "true",
                "month": parse_month(month) if month else None,
                "when": date(row["date"]) if row["date"] else f"median {date(month)}" if month else "does not happen",
                "share": "" if row["date"] and share == 1 else f"in {percent(share)} of replicates",
                "what": row["what"].removeprefix("Imposed: "),
                "note": str((notes.get(row["key"]) or {}).get("note") or ""),
                "sources": [source for source in row["source"].split(";") if source],
                "basis": basis(row["basis"]) if row["basis"] else "",
                "where": [name],
            }
    rows = sorted(found.values(), key=lambda row: (row["month"] is None, row["month"] or 0, row["date"], row["title"]))
    for number, row in enumerate(rows, 1):
        row["number"] = number
        row["sources"] = [citations.number(source) for source in row["sources"]]
        if len(row["where"]) == len(runs):
            row["where"] = []
    return rows
