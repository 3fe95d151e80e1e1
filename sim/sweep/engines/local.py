"""The local pool: worker processes that outlive their jobs, and a sweep that outlives its workers.

A worker is forked once (Linux; elsewhere it starts afresh), with everything imported, and carries out one job after the
other, each in this one process. A worker that is killed costs the job it had in hand, which is given to another, twice;
a job that took three workers with it is reported and left. When the parent goes, however it goes, its workers go.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from sim.processes.worker import begin, signals_held
from sim.results.atomic import remove
from sim.results.temporary import HOUR, of_process, still_here, temporary_folder
from sim.sweep.execution import perform
from sim.sweep.job import FAILED, STOPPED, Finished, Job
from sim.sweep.plan import Plan

ATTEMPTS = 3
"""How many workers one job may take with it."""
GRACE = 5.0
"""Seconds that a worker has to tidy up when it is asked to stop."""


@dataclass
class _Worker:
    process: Any
    pipe: Connection
    job: Job | None = None


def carry_out(plan: Plan, *, workers: int, force: bool = False) -> Iterator[Finished]:
    """Carry out a plan with processes of this machine; see `sim.sweep` for what is yielded.

    Args:
        plan: the sweep.
        workers: how many processes.
        force: simulate runs that are finished already.
    """
    import sim.agents
    import sim.results.tables  # noqa: F401  (once, and not again in each worker)

    waiting = plan.distinct()
    again: list[Job] = []
    lost: dict[str, int] = {}
    pool: list[_Worker] = []
    try:
        for _ in range(max(1, min(workers, plan.head["runs"]))):
            _start(plan, force, pool)
        for worker in pool:
            _give(worker, again, waiting)
        while busy := [(worker, worker.job) for worker in pool if worker.job is not None]:
            ready = wait([end for worker, _ in busy for end in (worker.pipe, worker.process.sentinel)], HOUR)
            still_here(plan.root)
            for worker, job in busy:
                if worker.pipe not in ready and worker.process.sentinel not in ready:
                    continue
                answer = _answer(worker)
                if answer is None:
                    how = _bury(worker, plan)
                    lost[job.key] = lost.get(job.key, 0) + 1
                    pool.remove(worker)
                    worker = _start(plan, force, pool)
                    if lost[job.key] < ATTEMPTS:
                        again.append(job)
                    else:
                        yield Finished(job.key, FAILED, error=f"its process {how}, {ATTEMPTS} times")
                else:
                    yield answer
                    if answer.status == STOPPED:
                        return
                _give(worker, again, waiting)
    finally:
        _stop(pool, plan)


def _give(worker: _Worker, again: list[Job], waiting: Iterator[Job]) -> None:
    """The next job, if there is one."""
    worker.job = again.pop() if again else next(waiting, None)
    if worker.job is not None:
        with contextlib.suppress(OSError):  # it died just now, which the next look finds
            worker.pipe.send(worker.job)


def _answer(worker: _Worker) -> Finished | None:
    """What a worker says; None when it is dead."""
    try:
        return worker.pipe.recv()
    except (EOFError, OSError):
        return None


def _start(plan: Plan, force: bool, pool: list[_Worker]) -> _Worker:
    """One more worker in the pool. It is there before a signal can be heard."""
    context = multiprocessing.get_context("fork") if sys.platform == "linux" else multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs, plan, force), daemon=True)
    with signals_held():
        process.start()
        pool.append(_Worker(process, ours))
    theirs.close()
    return pool[-1]


def _bury(worker: _Worker, plan: Plan) -> str:
    """Take away a dead worker and what it was writing; say how it ended."""
    worker.pipe.close()
    worker.process.join()
    _clear(plan.root, worker.process.pid)
    code = worker.process.exitcode
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"was killed by {signal.Signals(-code).name}"
    return f"ended with status {code}"


def _clear(root: Path, process: int) -> None:
    """Remove what a process of this machine was writing.

    It is moved aside first, so that no other thread of that process can move what is half removed into place.
    """
    for left in of_process(root, process):
        aside = temporary_folder(root, "removed")
        with contextlib.suppress(OSError):  # it was moved into place just now
            os.rename(left, aside)
        remove(aside)


def _stop(pool: list[_Worker], plan: Plan) -> None:
    for worker in pool:
        if worker.job is not None:
            worker.process.terminate()
        else:
            with contextlib.suppress(OSError):
                worker.pipe.send(None)
    for worker in pool:
        worker.process.join(GRACE)
        worker.process.kill()
        _bury(worker, plan)


def _work(pipe: Connection, plan: Plan, force: bool) -> None:
    """A worker's life: a job, an answer, and again."""
    begin(lambda: _clear(plan.root, os.getpid()))
    with contextlib.suppress(EOFError, OSError), threadpool_limits(1):
        while (job := pipe.recv()) is not None:
            pipe.send(perform(plan, job, force=force))
