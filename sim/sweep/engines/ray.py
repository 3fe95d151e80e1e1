"""Ray: the same jobs on the nodes of a cluster that all see the folder of results.

With an address (`RAY_ADDRESS`, such as `auto` or `head:6379`) the sweep goes to that cluster; without one, a local one is
started and stopped again. A task is given the sweep's folder and its line of `jobs.jsonl`, writes its run into the shared
folder and sends back one row. A worker or a node that is lost costs the jobs it had in hand, which are given out again;
a job that was lost three times is reported and left.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from typing import Any

from threadpoolctl import threadpool_limits

from sim.agents.behaviours import Behaviour
from sim.results.temporary import HOUR, still_here
from sim.sweep import SweepError
from sim.sweep.execution import perform
from sim.sweep.job import FAILED, STOPPED, Finished, Job
from sim.sweep.plan import Plan

ADDRESS = "RAY_ADDRESS"
ATTEMPTS = 3
"""How many workers one job may take with it."""
IN_FLIGHT = 256
"""How many jobs a cluster is given ahead, unless `workers` says how many it may carry out at once."""
GRACE = 5.0
"""Seconds that workers have to tidy up when they are asked to stop."""
OBJECTS = 100 * 2**20
"""Bytes of shared memory of a local cluster: a row of the table is all that is ever sent."""
UNFIT = (
    "a node of the cluster cannot carry out this sweep ({}); "
    "every node needs this version of entente-sim and the same results folder"
)


def carry_out(plan: Plan, *, workers: int | None, force: bool = False) -> Iterator[Finished]:
    """Carry out a plan on a Ray cluster; see `sim.sweep` for what is yielded.

    Args:
        plan: the sweep; its folder has to be the same for every node.
        workers: how many jobs at once; None for as many as there are processors.
        force: simulate runs that are finished already.

    Raises:
        SweepError: there is no cluster at the address that `RAY_ADDRESS` gives.
    """
    with _cluster(workers) as ray:
        at_once = workers if workers and not os.environ.get(ADDRESS) else IN_FLIGHT
        yield from _all(ray, plan, at_once, force)


def _all(ray: Any, plan: Plan, limit: int, force: bool) -> Iterator[Finished]:
    # max_retries=0: Ray itself would repeat without end a job that needs more memory than there is
    task = ray.remote(num_cpus=1, max_retries=0)(_perform)
    folder = str(plan.folder.resolve())
    waiting = plan.distinct()
    again: list[Job] = []
    lost: dict[str, int] = {}
    running: dict[Any, Job] = {}
    try:
        while True:
            while len(running) < limit and (job := again.pop() if again else next(waiting, None)) is not None:
                running[task.remote(folder, plan.trusted, job, force)] = job
            if not running:
                return
            done, _ = ray.wait(list(running), timeout=HOUR)
            still_here(plan.root)
            if not done:
                continue
            ready = done[0]
            job = running.pop(ready)
            try:
                answer = ray.get(ready)
            except ray.exceptions.RayTaskError as error:  # not of this run, whose errors are in its answer
                answer = Finished(job.key, STOPPED, error=UNFIT.format(_last(error)), trace=str(error))
            except ray.exceptions.RayError as error:
                lost[job.key] = lost.get(job.key, 0) + 1
                if lost[job.key] < ATTEMPTS:
                    again.append(job)
                    continue
                how = type(error).__name__
                answer = Finished(job.key, FAILED, error=f"its process was lost {ATTEMPTS} times ({how})", trace=str(error))
            yield answer
            if answer.status == STOPPED:
                return
    finally:
        _cancel(ray, list(running))


def _cancel(ray: Any, running: list[Any]) -> None:
    """Ask what still runs to stop, as Ctrl-C would, so that nothing half-written stays."""
    for ref in running:
        ray.cancel(ref)
    if running:
        ray.wait(running, num_returns=len(running), timeout=GRACE)


@contextmanager
def _cluster(workers: int | None) -> Iterator[Any]:
    """Ray, connected; what was started or connected here is left again."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    import ray

    if ray.is_initialized():
        yield ray
        return
    address = os.environ.get(ADDRESS)
    quiet = {"log_to_driver": False, "logging_level": "error"}
    try:
        if address:
            ray.init(address=address, **quiet)
        else:
            ray.init(address="local", num_cpus=workers, include_dashboard=False, object_store_memory=OBJECTS, **quiet)
    except (ConnectionError, RuntimeError, ValueError) as error:
        where = f"no Ray cluster can be used at {ADDRESS}={address}" if address else "Ray cannot be started here"
        raise SweepError(f"{where}: {' '.join(str(error).split())}") from error
    try:
        yield ray
    finally:
        ray.shutdown()


def _last(error: Exception) -> str:
    """The last line of an error, which is where Ray says what happened."""
    return str(error).strip().splitlines()[-1]


def _perform(folder: str, trusted: tuple[Behaviour, ...], job: Job, force: bool) -> Finished:
    """One job, in a worker; the behaviours that may run are those that the command named."""
    plan = _opened(folder, trusted)
    with threadpool_limits(1):
        return perform(plan, job, force=force)


@lru_cache(maxsize=4)
def _opened(folder: str, trusted: tuple[Behaviour, ...]) -> Plan:
    import sim.agents  # noqa: F401  (with every library whose threads are then limited)

    return replace(Plan.open(folder), trusted=trusted)
