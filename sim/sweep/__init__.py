"""Sweeps: many runs of one plan, on one machine or many, with nothing lost.

A sweep is planned once, into `results/sweeps/<id>/`: `plan.json` (what is varied and what is read off each run),
`jobs.jsonl` (a line a job, named by the digest of its run) and `stories/` (the scenarios, whole, so that no scenario file
is opened again). An *engine* carries the jobs out; the table and the manifest are written from what it yields.

An engine is a function in a module of its own in `sim.sweep.engines`, found by its name (`pool=local`, `pool=ray`; an array
of Slurm jobs runs the local one on shares, `sim.sweep.array`, and gathers what they left):

    def carry_out(plan: Plan, *, workers: int, force: bool) -> Iterator[Finished]

It calls `perform(plan, job, force=force)` for every job of `plan.distinct()`, wherever it likes, and yields what comes
back, in any order, once for each key. Far away, `perform_key(folder, key)` is the same from nothing but the sweep's
folder and a key. Whoever performs a job, the run lands in `results/<scenario>/<digest>`, moved into place when it is whole,
with the same bytes in every table; a job that is done already costs a look. So an engine may repeat a job, lose it and
be given it again, or race with another: nothing is computed into the wrong place and nothing is counted twice.
"""

from __future__ import annotations

from sim.lazy import on_first_use
from sim.results.manifest import ResultsError

_HOME = {"Finished": "job", "Job": "job", "Plan": "plan", "perform": "execution", "perform_key": "execution"}

__all__ = [*_HOME, "SweepError"]

__getattr__ = on_first_use(__name__, _HOME)  # a command line can name a sweep and need none of this


class SweepError(ResultsError):
    """A sweep that cannot be planned, found or read; the message says what to do."""
