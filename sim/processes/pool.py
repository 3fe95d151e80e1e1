"""Share jobs out to processes: each a function of one argument, which may report its progress.

Workers start by fork where that is safe and cheap (Linux), so that they inherit what is imported; one thread of linear
algebra each. Each has a pipe of its own, and nothing else is shared: no lock that a killed worker could hold, no thread
that could outlive its pipe. Answers come in the order of the jobs, so that nothing depends on who was first. When this
process goes, however it goes, its workers go.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any

from threadpoolctl import threadpool_limits

from sim.processes import worker
from sim.processes.memory import Limits

Report = Callable[[int], None]
OFTEN = 0.1
"""Seconds between two messages of progress from one worker."""
_DONE, _ANSWER, _ERROR = "done", "answer", "error"


class WorkerDied(RuntimeError):
    """A worker process ended in the middle of a job, most likely because memory ran out."""


class _InWorker(Exception):
    """Where in a worker an error was raised: its cause, here."""

    def __str__(self) -> str:
        return f"\n{self.args[0]}"


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

    Raises:
        WorkerDied: a worker was killed.
        Exception: what a job raised; the others are given up.
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
    answers: list[Any] = [None] * len(jobs)
    team: dict[Connection, Any] = {}
    try:
        for _ in range(workers):
            _start(work, start, team)
        waiting = iter(enumerate(jobs))
        at_work = {pipe: _give(pipe, waiting) for pipe in team}
        while busy := {pipe: number for pipe, number in at_work.items() if number is not None}:
            ready = wait(busy)
            for pipe, number in busy.items():
                if pipe not in ready:
                    continue
                kind, what = _hear(pipe)
                if kind == _DONE:
                    tell(what)
                elif kind == _ERROR:
                    error, where = what
                    raise error from _InWorker(where)
                else:
                    answers[number] = what
                    at_work[pipe] = _give(pipe, waiting)
        for process in team.values():
            process.join()
    finally:
        for pipe, process in team.items():
            process.kill()
            process.join()
            pipe.close()
    return answers


def inherit(workers: int | None, jobs: int, start: str = Limits.start) -> bool:
    """Whether whoever does the jobs sees this process's memory: it does them itself, or its workers are forked."""
    return min(workers or cores(), jobs) <= 1 or start == "fork"


def cores() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _start(work: Callable[[Any, Report], Any], start: str, team: dict[Connection, Any]) -> None:
    """One more worker."""
    context: Any = multiprocessing.get_context(start)
    ours, theirs = context.Pipe()
    process = context.Process(target=_carry_out, args=(theirs, work), daemon=True)
    with worker.signals_held():
        process.start()
        team[ours] = process
    theirs.close()


def _give(pipe: Connection, waiting: Iterator[tuple[int, Any]]) -> int | None:
    """Give a worker the next job and say its number; without one, tell it to end and say None."""
    number, *job = next(waiting, (None,))
    with suppress(OSError):  # it died just now, which is heard next
        pipe.send(job or None)
    return number


def _hear(pipe: Connection) -> tuple[str, Any]:
    try:
        return pipe.recv()
    except (EOFError, OSError) as error:
        raise WorkerDied("a worker process ended in the middle of a job") from error


def _carry_out(pipe: Connection, work: Callable[[Any, Report], Any]) -> None:
    """A worker's life: a job, an answer, and again."""
    worker.begin()
    progress = _Progress(pipe)
    with suppress(EOFError, OSError):
        while (job := pipe.recv()) is not None:
            try:
                with threadpool_limits(1):
                    answer = work(job[0], progress)
                progress.send()
                pipe.send((_ANSWER, answer))
            except Exception as error:
                pipe.send((_ERROR, (_sendable(error), traceback.format_exc())))


class _Progress:
    """Tells the parent of pieces done, a few times a second: each message wakes it."""

    def __init__(self, pipe: Connection) -> None:
        self.pipe, self.done, self.told = pipe, 0, time.monotonic()

    def __call__(self, done: int) -> None:
        self.done += done
        if time.monotonic() - self.told > OFTEN:
            self.send()

    def send(self) -> None:
        if self.done:
            self.pipe.send((_DONE, self.done))
        self.done, self.told = 0, time.monotonic()


def _sendable(error: Exception) -> Exception:
    """An error, or one that says the same where it cannot be pickled."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
