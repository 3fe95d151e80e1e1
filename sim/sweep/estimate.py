"""How long a sweep will take and how much disk, judged by finished runs where there are some."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from statistics import median

from sim.results import ResultsError, finished, runs
from sim.results.manifest import read_manifest
from sim.sweep.plan import Plan

START = 1.5
"""Seconds until the first run begins: workers, imports."""
WRITING = 0.35
"""Seconds of a run beside what its manifest calls simulating."""
EACH = 3e-7
"""Seconds of simulating for a month of a replicate of one state with another."""
LOOKED_AT = 9


@dataclass(frozen=True)
class Estimate:
    """Runs in all and finished already; seconds and bytes for the rest, and what they were judged by."""

    runs: int
    there: int
    seconds: float
    bytes: float
    judged_by: int


def estimate(plan: Plan, root: Path, workers: int) -> Estimate:
    """The cost of what is left of a plan on this machine; `root` is the folder of all results."""
    pace, size, known = _judged(root)
    there, time, disk = 0, 0.0, 0.0
    shapes: dict[str, tuple[int, int]] = {}
    for job in plan.distinct():
        if finished(root, job.scenario, job.key, contents=False):
            there += 1
            continue
        if job.story not in shapes:
            scenario = plan.scenario(job)
            shapes[job.story] = len(scenario.tables.states), scenario.steps
        replicates = job.options["replicates"] if isinstance(job.options.get("replicates", 200), int) else 200
        seconds, bytes = _cost(*shapes[job.story], replicates)
        time += pace * (seconds + WRITING)
        disk += size * bytes
    left = plan.head["runs"] - there
    return Estimate(plan.head["runs"], there, START + time / max(1, min(workers, left)) if left else 0.0, disk, known)


def pace(root: Path) -> float:
    """Seconds for a month of a replicate of a state with another, by the newest finished runs under ``root``."""
    return _judged(root)[0] * EACH


def _cost(states: int, months: int, replicates: int) -> tuple[float, float]:
    """Seconds of simulating and bytes of a run, on the machine on which these numbers were read off finished runs."""
    return 0.4 + EACH * states**2 * months * replicates, 40.0 * states**2 * months + 34.0 * states * months * replicates


def _judged(root: Path) -> tuple[float, float, int]:
    """How many times slower and larger than that the newest finished runs were, and how many were looked at."""
    pace, size = [], []
    for info in runs(root)[:LOOKED_AT]:
        try:
            manifest = read_manifest(info.path)
        except ResultsError:
            continue
        if manifest.get("steps") and "simulate" in manifest.get("timings", {}):
            seconds, bytes = _cost(len(manifest["states"]), manifest["steps"], manifest["replicates"])
            pace.append(manifest["timings"]["simulate"] / seconds)
            size.append(sum(about["bytes"] for about in manifest["files"].values()) / bytes)
    return (median(pace), median(size), len(pace)) if pace else (1.0, 1.0, 0)
