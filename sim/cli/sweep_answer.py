"""What a finished sweep says, in the terminal: the ranking, the highest and lowest rows, where it tips, and its pictures."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.main import program
from sim.cli.terminal import Terminal, shown
from sim.wording import number

if TYPE_CHECKING:
    from sim.sweep.answer import Answer, Mattered

RANKED = 8
OTHERS = 8


def answers_of(folder: Path) -> list[Answer]:
    """What the sweep in a folder says of each of its outcomes that can be told, the first first."""
    from sim.sweep.answer import answers
    from sim.sweep.folder import open_sweep

    sweep = open_sweep(folder)
    return answers(sweep, sweep.outcomes()[: 1 + OTHERS])


def lines(answers: list[Answer], terminal: Terminal) -> list[str]:
    """The first outcome at length, the others in a line each."""
    from sim.sweep.answer import extremes, line
    from sim.wording import capital

    if not answers:
        return []
    first, *others = answers
    told = [terminal.bold(terminal.wrap(first.title))]
    if not first.differs:
        told.append("No difference at any point.")
    else:
        told += [terminal.wrap(f"{capital(one)}.", "  ", "    ") for one in extremes(first)]
        told += _ranking(first, terminal)
    for text in (first.odds, *first.notes):
        told += ["", terminal.wrap(text)] if text else []
    if others:
        told += ["", terminal.wrap("The other outcomes, at the end:")]
        told += [terminal.wrap(line(one), "  ", "    ") for one in others]
    return [*told, ""]


def _ranking(a: Answer, terminal: Terminal) -> list[str]:
    from sim.sweep.answer import short

    if not a.ranking:
        return []
    told = ["", terminal.wrap(f"What mattered ({a.what}):")]
    rows = [(short(one.axis), _size(one, a), one.said) for one in a.ranking[:RANKED]]
    told += terminal.columns(rows)
    rest = len(a.ranking) - RANKED
    return [*told, *([terminal.dim(f"  {rest} others matter less")] if rest > 0 else [])]


def _size(one: Mattered, a: Answer) -> str:
    digits = a.digits if a.what.startswith("change") else 2 if one.size >= 0.01 else 4
    interval = ""
    if math.isfinite(one.low) and math.isfinite(one.high):
        interval = f" ({number(one.low, digits)} to {number(one.high, digits)})"
    return f"{number(one.size, digits)}{interval}"


def why_none(folder: Path) -> list[str]:
    """The pictures that this sweep cannot have, each with the reason."""
    from sim import plots

    return [f"{name}: {reason}" for name, reason in plots.missing(folder).items()]


def next_command(sweep: str, answers: list[Answer], rows: int) -> str:
    """The command that looks closer: two scenarios at the point where they differ most, else the two ends."""
    one, other = 1, min(2, rows)
    first = answers[0] if answers else None
    if first and first.lowest and first.highest:
        most = max((first.lowest, first.highest), key=lambda point: abs(point.mean))
        one, other = most.rows if len(most.rows) == 2 else (first.highest.rows[0], first.lowest.rows[0])
    measure = f" --measure '{first.outcome}'" if first else ""
    return f"{program()} compare {sweep}#{one} {sweep}#{other}{measure}"


def pictures_line(folder: Path, pictures: list[Path]) -> list[str]:
    """Where the pictures are; of a sweep without one, why."""
    if pictures:
        return [f"Pictures: {shown(folder)}/plots"]
    reasons = why_none(folder)
    return [f"No picture: {'; '.join(reasons)}."] if reasons else []
