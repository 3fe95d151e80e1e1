"""No engine of its own: what the tasks of an array left is gathered for the table, and nothing is simulated."""

from __future__ import annotations

from collections.abc import Iterator

from sim.results import finished
from sim.sweep.array import remembered
from sim.sweep.engines import local
from sim.sweep.job import Finished, Job
from sim.sweep.plan import Plan


class _There(Plan):
    """The finished runs of a plan."""

    def distinct(self) -> Iterator[Job]:
        """Those alone, each once."""
        return (job for job in super().distinct() if finished(self.root, job.scenario, job.key))


def carry_out(plan: Plan, *, workers: int, force: bool = False) -> Iterator[Finished]:
    """Yield what is there: finished runs, and failures as a task remembered them. A run that nobody tried is not yielded.

    Args:
        plan: the sweep.
        workers: how many processes read.
        force: of no meaning here.
    """
    there = set()
    for answer in local.carry_out(_There(plan.folder, plan.head), workers=workers):
        there.add(answer.key)
        yield answer
    for job in plan.distinct():
        if job.key not in there and (failed := remembered(plan, job.key)) is not None:
            yield failed
