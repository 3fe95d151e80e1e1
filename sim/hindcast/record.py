"""How the forecasts scored, version by version: a small file that ships, and the sentence that every output ends with.

Nothing here needs numpy, since every summary reads it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.hindcast.row import Row

FILE = Path(__file__).with_name("record.json")
USUAL = "0.1"
"""The rules of a scenario that names none."""


def stem(rules: str) -> str:
    """What the files of some rules are called: page, table, folder of pictures."""
    return "validation" if rules == USUAL else f"validation-{rules}"


PAGE = f"docs/{stem(USUAL)}.md"
TOLD = (
    ("disputes", "model, recalibrated", "disputes"),
    ("net share", "model", "the tone of events"),
    ("volume", "model", "their number"),
    ("votes", "model", "votes"),
)
"""Target, forecaster, and what the sentence calls it: pooled skill against gravity."""
ADDS = (("disputes", "gravity+model"), ("net share", "gravity+model"), ("volume", "gravity+model"))


def figures(rows: Sequence[Row], horizon: int) -> dict[str, Any]:
    """What a version is remembered by: skill against gravity in percent, pooled over origins, with 90 % intervals.

    Args:
        rows: of one study, the pooled ones (origin None) among them.
        horizon: years ahead.
    """
    pooled = {(row.target, row.forecaster): row for row in rows if row.origin is None and row.horizon == horizon}
    found: dict[str, Any] = {}
    for target, name in (*((target, name) for target, name, _ in TOLD), ("disputes", "model"), *ADDS):
        row = pooled.get((target, name))
        if row is not None and row.skill is not None:
            found[f"{target}: {name}"] = [round(value, 2) for value in row.skill]
    for target, name in (("disputes", "gravity+model"), ("pacts", "model"), ("pacts, by block", "model")):
        row = pooled.get((target, name))
        if row is not None and "nats_per_event" in row.details:
            told = [row.details[key] for key in ("nats_per_event", "nats_low", "nats_high")]
            found[f"{target}: {name}, nats"] = [round(value, 3) for value in told]
    row = pooled.get(("votes", "model"))
    if row is not None and "crps" in row.details:
        found["votes: model, CRPS"] = [round(row.details[key], 2) for key in ("crps", "crps_low", "crps_high")]
    votes = [row.scores["held_90"] for row in rows if (row.target, row.forecaster) == ("votes", "model") and row.origin
             and row.horizon == horizon]  # fmt: skip
    if votes:
        found["votes: held in 90 %"] = round(sum(votes) / len(votes), 3)
    for name in ("data", "model"):
        moments = [
            row.scores for row in rows if (row.target, row.forecaster) == ("moments", name) and row.horizon == horizon
        ]
        for metric in ("persistence", "change_over_level"):
            values = [scores[metric] for scores in moments if scores[metric] == scores[metric]]
            if values:
                found[f"moments: {name}, {metric}"] = round(sum(values) / len(values), 3)
    return found


@cache
def versions(file: Path = FILE) -> tuple[Mapping[str, Any], ...]:
    """Every version with its figures, oldest first; none where the file is missing."""
    try:
        return tuple(json.loads(file.read_text(encoding="utf-8"))["versions"])
    except FileNotFoundError:
        return ()


def add(entry: Mapping[str, Any], file: Path = FILE) -> tuple[Mapping[str, Any], ...]:
    """Write a version into the file; one of the same rules is replaced."""
    from sim.results.atomic import write_file

    kept = [one for one in versions(file) if one["rules"] != entry["rules"]]
    write_file(file, json.dumps({"versions": [*kept, entry]}, indent=1) + "\n")
    versions.cache_clear()
    return versions(file)


def sentence(known: Sequence[Mapping[str, Any]] | None = None, rules: str | None = None) -> str:
    """How such forecasts scored, in one sentence; empty where those rules were never tried.

    Args:
        known: versions; None for those of the file.
        rules: of the model; None for those of a scenario that names none.
    """
    known = versions() if known is None else known
    tried = [one for one in known if one["rules"] == (rules or USUAL)]
    if not tried:
        return ""
    last = tried[-1]
    scored = last["figures"].get("k37") or next(iter(last["figures"].values()))
    parts = [
        f"{called} {percent(scored[key][0])}" for target, name, called in TOLD if (key := f"{target}: {name}") in scored
    ]
    origins = last["origins"]
    return (
        f"Such forecasts, tried on {origins[0]} to {origins[-1]} ({last['years']} years ahead, no events) against a "
        f"regression: {', '.join(parts)}. See docs/{stem(last['rules'])}.md"
    )


def percent(skill: float) -> str:
    """`18 % worse`, `2 % better`, `as good`."""
    size = abs(round(skill))
    return f"{size} % {'better' if skill > 0 else 'worse'}" if size else "as good"
