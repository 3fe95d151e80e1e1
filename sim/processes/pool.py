"""Share jobs out to processes: each a function of one argument, which may report its progress.

Workers start by fork where that is safe and cheap (Linux), so that they inherit what is imported; one thread of linear
algebra each. Answers come in the order of the jobs, so that nothing depends on who was first. When this process goes,
however it goes, its workers go.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from typing import Any

from threadpoolctl import threadpool_limits

from sim.processes import worker
from sim.processes.memory import Limits

Report = Callable[[int], None]


def share(
    work: Callable[[Any, Report], Any],
    jobs: Sequence[Any],
    *,
    workers: int | None = None,
    progress: Callable[[int], Any] | None = None,
    start: str = Limits.start,
) -> list[Any]:
    """``[work(job, report) for job in jobs]``, by several processes.

    Args:
        work: calls ``report(n)`` when n pieces of the work are done. A forked worker inherits it, with whatever it
            holds; where workers start afresh it is pickled.
        jobs: its arguments; they and the answers are pickled.
        workers: processes; None for one a core. With one, everything happens here.
        progress: called with all pieces done so far.
        start: how processes start, `fork` or `spawn`.
    """
    workers = min(workers or cores(), len(jobs))
    told = 0

    def tell(done: int) -> None:
        nonlocal told
        told += done
        if progress is not None and done:
            progress(told)

    if workers <= 1:
        with threadpool_limits(1):
            return [work(job, tell) for job in jobs]
    context = multiprocessing.get_context(start)
    counter = context.Value("q", 0)
    answers: list[Any] = [None] * len(jobs)
    others = set(multiprocessing.active_children())
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(counter, work)) as pool:
        try:
            with worker.signals_held():
                waiting = {pool.submit(_carry_out, job): k for k, job in enumerate(jobs)}
            while waiting:
                ready, _ = wait(waiting, timeout=0.1, return_when=FIRST_COMPLETED)
                tell(counter.get_obj().value - told)  # without its lock, which a worker that was killed may hold
                for future in ready:
                    answers[waiting.pop(future)] = future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in set(multiprocessing.active_children()) - others:
                process.kill()
            raise
    return answers


def inherit(workers: int | None, jobs: int, start: str = Limits.start) -> bool:
    """Whether whoever does the jobs sees this process's memory: it does them itself, or its workers are forked."""
    return min(workers or cores(), jobs) <= 1 or start == "fork"


def cores() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_counter: Any = None
"""In a worker: the pieces done by all workers."""
_work: Any = None
"""In a worker: what to do with a job."""


def _begin(counter: Any, work: Callable[[Any, Report], Any]) -> None:
    global _counter, _work
    worker.begin()
    _counter, _work = counter, work


def _carry_out(job: Any) -> Any:
    def report(done: int) -> None:
        with _counter.get_lock():
            _counter.value += done

    with threadpool_limits(1):
        return _work(job, report)
