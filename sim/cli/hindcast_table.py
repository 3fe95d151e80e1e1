"""What `hindcast` prints: a table for each target and origin, at most 80 columns wide, and what its words mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.cli.terminal import Terminal

if TYPE_CHECKING:
    from sim.hindcast.origin import Asked
    from sim.hindcast.row import Row

HEADS = {
    "brier": ("Brier", 4),
    "log": ("log", 4),
    "pr": ("PR", 3),
    "roc": ("ROC", 3),
    "rmse": ("RMSE", 3),
    "rank": ("rank", 3),
    "rank_of_change": ("change", 3),
    "crps": ("CRPS", 3),
    "held_50": ("in 50%", 2),
    "held_90": ("in 90%", 2),
    "persistence": ("ranks", 3),
    "change_over_level": ("change", 3),
}
"""A metric's heading and its digits."""
MEANINGS = {
    "brier": "Brier, log: mean square error and mean log loss of a probability, lower is better.",
    "pr": "PR, ROC: areas under the curves of precision and recall, and of hits and false alarms, higher is better.",
    "rmse": "RMSE: root mean square error, lower is better.",
    "crps": "CRPS: the same for a whole distribution. In 50%, in 90%: shares of outcomes within those bands.",
    "rank": "rank, change: rank correlation of forecast and outcome, and of their changes since the origin.",
    "persistence": (
        "ranks: rank correlation of relations at the origin and at the end. change: the spread of change over the spread of "
        "level. They should be those of the data."
    ),
}
LABEL, LAST = 21, 23


def show(rows: Sequence[Row], asked: Asked, origins: Sequence[int], metrics: Sequence[str], terminal: Terminal) -> None:
    """Print the rows of the longest horizon; those of the others are in --json."""
    who = "all states" if asked.states is None else f"{len(asked.states)} states"
    terminal.print(
        terminal.bold(
            terminal.wrap(f"Forecasts of {who}, {_years(asked.years)} from the end of {', '.join(map(str, origins))}")
        ),
        terminal.wrap(
            f"{asked.replicates} replicates, no events; every rival is fitted on what was known at the origin. Skill: by "
            "how many per cent a score is better than gravity's (below 0: worse), with its 90 % interval (states resampled)."
        ),
    )
    longest = max((row.horizon for row in rows), default=0)
    used: list[str] = []
    for target, origin in dict.fromkeys((row.target, row.origin) for row in rows if row.horizon == longest):
        of = [row for row in rows if (row.target, row.origin, row.horizon) == (target, origin, longest)]
        names = [name for name in HEADS if name in metrics and any(name in row.scores for row in of)]
        used += names
        if origin is None and of[0].events == 0:
            continue
        count = f"{of[0].pairs:,} pairs" + (f", {of[0].events:,} events" if of[0].events is not None else "")
        where = f"from {origin}" if origin is not None else "pooled over the origins"
        terminal.print("", terminal.bold(f"{target}, {_years(longest)} {where}") + f": {count}")
        terminal.print(*_nothing_came(of, terminal) if of[0].events == 0 else _table(of, names, terminal))
    if not rows:
        terminal.print(
            "", "  Nothing came yet of what was asked: the data end before. --forecasts FILE.csv writes what is foreseen."
        )
        return
    terminal.print("")
    for name, meaning in MEANINGS.items():
        if name in used:
            terminal.print(terminal.dim(terminal.wrap(meaning, "  ", "    ")))
    if longest > 1:
        terminal.print(terminal.dim(f"  The years before are in --json: {longest} horizons, {len(rows)} rows."))


def _table(rows: Sequence[Row], names: Sequence[str], terminal: Terminal) -> list[str]:
    wide = 8 if len(names) < 5 else 7
    nats = rows[0].target.startswith("pacts")
    last = "nats an event, 90 %" if nats else "skill %, 90 %" if any(row.skill for row in rows) else ""
    lines = [terminal.dim(" " * LABEL + "".join(f"{HEADS[name][0]:>{wide}}" for name in names) + f"{last:>{LAST}}")]
    for row in rows:
        values = "".join(f"{number(row.scores.get(name), HEADS[name][1]):>{wide}}" for name in names)
        told = nats_of(row) if nats else band(row.skill, 1)
        lines.append(f"  {row.forecaster:<{LABEL - 2}}{values}{told:>{LAST}}")
    if not nats:
        lines += [
            f"  {row.forecaster} over gravity: {nats_of(row)} nats an event"
            for row in rows
            if "nats_per_event" in row.details and row.forecaster == "gravity+model"
        ]
    return lines


def _years(count: int) -> str:
    return f"{count} year{'s' if count != 1 else ''}"


def _listed(years: Sequence[int]) -> str:
    return ", ".join(map(str, years))


def _nothing_came(rows: Sequence[Row], terminal: Terminal) -> list[str]:
    expected = [f"{row.forecaster} {row.details['expected']:.1f}" for row in rows if "expected" in row.details]
    said = f"none came; expected by {', '.join(expected)}" if expected else "none came"
    return [terminal.wrap(said, "  ", "    ")]


def number(value: float | None, digits: int) -> str:
    """A number, or `-` where there is none."""
    return f"{value:.{digits}f}" if value is not None and value == value else "-"


def band(of: tuple[float, float, float] | None, digits: int) -> str:
    """`+1.0 [-2.0, +3.0]`; nothing where there is none."""
    if of is None or of[0] != of[0]:
        return ""
    value, low, high = of
    if low != low:
        return f"{value:+.{digits}f}"
    return f"{value:+.{digits}f} [{low:+.{digits}f}, {high:+.{digits}f}]"


def nats_of(row: Row) -> str:
    """By how many nats an event a row is better than its rival, with the interval; nothing where that is not told."""
    told = row.details
    return band((told["nats_per_event"], told["nats_low"], told["nats_high"]), 2) if "nats_per_event" in told else ""
