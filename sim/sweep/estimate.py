"""How long a sweep will take and how much disk, judged by finished runs where there are some."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.results import ResultsError, finished, runs
from sim.results.manifest import read_manifest
from sim.sweep.plan import Plan

SECONDS = 7e-4
"""Of one replicate-month of 21 states on one core, where nothing has been run yet."""
BYTES = 55.0
OVERHEAD = 0.1, 120_000
"""Seconds and bytes of a run beside its replicates and months."""
LOOKED_AT = 5


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
    seconds, size, known = SECONDS, BYTES, 0
    seen = []
    for info in runs(root)[:LOOKED_AT]:
        try:
            manifest = read_manifest(info.path)
        except ResultsError:
            continue
        months = manifest["replicates"] * manifest.get("steps", 0)
        if months and "simulate" in manifest.get("timings", {}):
            seen.append(
                (
                    manifest["timings"]["simulate"] / months,
                    sum(about["bytes"] for about in manifest["files"].values()) / months,
                )
            )
    if seen:
        known = len(seen)
        seconds, size = (sum(column) / known for column in zip(*seen))
    there, time, disk = 0, 0.0, 0.0
    story = None
    for job in plan.distinct():
        if finished(root, job.scenario, job.key, contents=False):
            there += 1
            continue
        if story is None or story[0] != job.story:
            story = job.story, plan.scenario(job).steps
        replicates = job.options["replicates"] if isinstance(job.options.get("replicates", 200), int) else 200
        months = replicates * story[1]
        time += OVERHEAD[0] + seconds * months
        disk += OVERHEAD[1] + size * months
    return Estimate(plan.head["runs"], there, time / workers, disk, known)
