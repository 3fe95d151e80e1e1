"""Whether a sweep is whole: its table, its plan, and the runs that the table was made of."""

from __future__ import annotations

from pathlib import Path

from sim.results import ResultsError, finished
from sim.results.files import reading
from sim.results.manifest import NAME
from sim.results.wholeness import Look, look
from sim.sweep.array import FAILURES
from sim.sweep.folder import open_sweep
from sim.sweep.job import DONE
from sim.sweep.plan import HEAD, JOBS, STORIES, Plan

SLURM = "slurm"
_SHOWN = 3


def look_at_sweep(folder: Path) -> Look:
    """Compare a sweep's files with its manifest, open its plan, and look for its runs."""
    found = look(folder, apart=(HEAD, JOBS, STORIES, FAILURES, SLURM))
    for part in (_plan, _runs):
        try:
            found.problems.extend(part(folder))
        except ResultsError as error:
            found.problems.append(str(error))
    return Look(folder, "sweep", found.files, list(dict.fromkeys(found.problems)))


def _plan(folder: Path) -> list[str]:
    """What is wrong with the plan: every job and every scenario of it can be read."""
    plan = Plan.open(folder)
    with reading(folder / JOBS):
        jobs = list(plan.jobs())
    stories = set()
    for job in jobs:
        if job.story not in stories:
            stories.add(job.story)
            with reading(folder / STORIES / f"{job.story}.json"):
                plan.scenario(job)
    rows = plan.head["jobs"]
    return [] if len(jobs) == rows else [f"{folder / JOBS} has {len(jobs):,} jobs, {HEAD} says {rows:,}"]


def _runs(folder: Path) -> list[str]:
    """Which of the runs in the table are missing or damaged."""
    if not (folder / NAME).exists():
        return []  # unfinished, which is said already
    sweep = open_sweep(folder)
    gone, damaged = {}, []
    for row in sweep.rows():
        if row["status"] == DONE and row["folder"] not in gone:
            why: list[str] = []
            if finished(sweep.root, row["scenario"], row["digest"], told=why.append) is None:
                gone[row["folder"]] = why
                damaged += why
    missing = [name for name, why in gone.items() if not why]
    more = f" and {len(missing) - _SHOWN:,} more" if len(missing) > _SHOWN else ""
    said = [f"{len(missing):,} of its runs are not there: {', '.join(missing[:_SHOWN])}{more}"] if missing else []
    return said + damaged
