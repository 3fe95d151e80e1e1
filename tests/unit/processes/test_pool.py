"""Jobs shared out to processes: order, progress, errors, and workers that die."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time

import pytest

from sim.processes import worker
from sim.processes.pool import WorkerDied, share


def squared(job, report):
    time.sleep(0.01 * (5 - job))  # the first ends last
    report(2)
    return job * job, os.getpid()


def failing(job, report):
    if job == 1:
        raise LookupError(f"job {job}")
    time.sleep(60)


def dying(job, report):
    os.kill(os.getpid(), signal.SIGKILL)


def unpicklable(job, report):
    return lambda: job


def raising_what_cannot_be_pickled(job, report):
    class Local(Exception):
        pass

    raise Local("here")


class Odd(Exception):
    def __init__(self, a, b):
        super().__init__(a + b)


def raising_what_cannot_be_read_back(job, report):
    raise Odd(1, 1)


def nobody_left():
    return not multiprocessing.active_children()


@pytest.mark.parametrize("start", ["fork", "spawn"])
@pytest.mark.parametrize("workers", [1, 2, 9])
def test_answers_come_in_the_order_of_the_jobs(workers, start):
    seen = []
    answers = share(squared, range(5), workers=workers, progress=seen.append, start=start)
    assert [answer for answer, _ in answers] == [0, 1, 4, 9, 16]
    assert seen == [2, 4, 6, 8, 10]
    processes = {process for _, process in answers}
    assert len(processes) <= workers
    assert (processes == {os.getpid()}) == (workers == 1)
    assert nobody_left()


def test_no_jobs_no_answers():
    assert share(squared, []) == []


def test_an_error_ends_the_other_workers_and_says_where_it_was():
    with pytest.raises(LookupError, match="job 1") as caught:
        share(failing, range(3), workers=3)
    assert "in failing" in str(caught.value.__cause__)
    assert nobody_left()


@pytest.mark.parametrize(
    ("work", "said"),
    [(unpicklable, "pickle"), (raising_what_cannot_be_read_back, "Odd: 2"), (raising_what_cannot_be_pickled, "Local: here")],
)
def test_what_cannot_be_sent_is_told(work, said):
    with pytest.raises((RuntimeError, AttributeError), match=said):
        share(work, range(2), workers=2)


def test_a_worker_that_is_killed_is_noticed():
    with pytest.raises(WorkerDied, match="in the middle of a job"):
        share(dying, range(2), workers=2)
    assert nobody_left()


def test_an_interrupt_ends_the_workers():
    def interrupt(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        share(squared, range(5), workers=2, progress=interrupt)
    assert nobody_left()


def test_a_worker_that_is_told_to_end_before_it_has_begun_ends():
    """Its parent was stopped in the moment it was forked: the signal waits until the worker says what it does then."""

    def late(pipe):
        pipe.recv()
        worker.begin(lambda: None)
        time.sleep(60)

    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=late, args=(theirs,), daemon=True)
    with worker.signals_held():
        process.start()
    process.terminate()
    ours.send("go on")
    process.join(20)
    assert process.exitcode == 1
