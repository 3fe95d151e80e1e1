"""Runs in turns: each contestant once, then all again, so that a slow minute of the machine meets all of them."""

from __future__ import annotations

import json
import math
import statistics
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks.contestants import Contestant
from benchmarks.machine import ROOT
from benchmarks.worlds import Size


@dataclass
class Timings:
    """What a contestant took, a number a turn."""

    size: Size
    nanoseconds: list[float] = field(default_factory=list)
    """Per dyad-step."""
    processor: list[float] = field(default_factory=list)
    """The same in processor time, which a busy machine disturbs less."""
    megabytes: float = 0.0

    @property
    def median(self) -> float:
        """Median of the turns, ns per dyad-step."""
        return statistics.median(self.nanoseconds)


def in_turns(contestants: Mapping[str, Contestant], size: Size, turns: int) -> dict[str, Timings]:
    """Time each contestant ``turns`` times at a size, or the part of it that it is given, all in each turn.

    Raises:
        RuntimeError: a contestant failed; the message ends with what it said.
    """
    timings = {name: Timings(contestant.given(size)) for name, contestant in contestants.items()}
    for turn in range(turns):
        for name in contestants:
            print(f"turn {turn + 1} of {turns}: {name} {timings[name].size}", file=sys.stderr, flush=True)
            took = _once(name, timings[name].size)
            timings[name].nanoseconds.append(took["seconds"] * 1e9 / took["dyad_steps"])
            timings[name].processor.append(took["processor"] * 1e9 / took["dyad_steps"])
            timings[name].megabytes = max(timings[name].megabytes, took["megabytes"])
    return timings


def _once(name: str, size: Size) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.contestants", name, str(size)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{name} at {size} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def spread(values: list[float], form: str = "{:,.1f}") -> str:
    """Median, and the least and largest in brackets."""
    middle, least, most = (form.format(f(values)) for f in (statistics.median, min, max))
    return middle if len(values) == 1 else f"{middle} ({least} to {most})"


def ratios(one: Timings, other: Timings, of: str = "nanoseconds") -> list[float]:
    """How many times as long ``one`` took per dyad-step as ``other``, turn by turn; ``of`` may be ``processor``."""
    return [a / b for a, b in zip(getattr(one, of), getattr(other, of))]


def growth(few: Timings, many: Timings) -> float:
    """The power of the number of states with which the cost of a month of a replicate grows."""
    return 2 + math.log(many.median / few.median) / math.log(many.size.states / few.size.states)


def goal(one: str, other: str, size: Size) -> str:
    """What a ratio is meant to be."""
    if one == "mesa-book" and other.startswith("kernel"):
        least = {21: 450, 190: 1700}.get(size.states)
        return f"{least:,} or more" if least else ""
    if one.startswith("kernel") and other.startswith("kernel"):
        return "1.8 or more"
    return "1.3 or less" if one.startswith("kernel") else ""
