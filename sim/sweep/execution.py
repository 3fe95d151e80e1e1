"""Carry out one job: simulate and write its run, unless it is there already, and read off what the table wants."""

from __future__ import annotations

import errno
import traceback
from functools import lru_cache
from pathlib import Path

from sim.agents.behaviours import BehaviourError
from sim.results import ResultsError, finished, write
from sim.sweep import SweepError
from sim.sweep.job import DONE, FAILED, STOPPED, Finished, Job
from sim.sweep.outcomes import outcomes_of
from sim.sweep.plan import Plan

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)
"""After one of these no other run can be written either."""


def perform(plan: Plan, job: Job, *, force: bool = False) -> Finished:
    """Carry out a job in this process; whatever goes wrong with this run is in the answer.

    Args:
        plan: the plan that it belongs to.
        job: one of its jobs.
        force: simulate though the finished run is there.
    """
    try:
        folder = None if force else finished(plan.root, job.scenario, job.key)
        reused = folder is not None
        if folder is None:
            folder = _simulate(plan, job, force)
        return Finished(job.key, DONE, reused, outcomes=outcomes_of(folder, plan.head["outcomes"], plan.head["at"]))
    except Exception as error:
        reason = _hopeless(error)
        status, said = (STOPPED, reason) if reason else (FAILED, _sentence(error))
        return Finished(job.key, status, error=said, trace=traceback.format_exc())
    except SystemExit as leaving:  # a class of the user's own may do that
        return Finished(job.key, FAILED, error=f"something called sys.exit({leaving.code!r})", trace=traceback.format_exc())


def perform_key(folder: Path | str, key: str, *, force: bool = False, allow_code: bool = False) -> Finished:
    """:func:`perform`, from the sweep's folder and the key of a job; `allow_code` as for :meth:`Plan.open`."""
    plan = _opened(str(folder), allow_code)
    return perform(plan, plan.job(key), force=force)


@lru_cache(maxsize=4)
def _opened(folder: str, allow_code: bool) -> Plan:
    return Plan.open(folder, allow_code=allow_code)


def _simulate(plan: Plan, job: Job, force: bool) -> Path:
    from sim.simulation.precision import carry_out

    behaviours = plan.behaviours_of(job)  # before anything else: what may not run is refused
    options = {**job.options, "behaviours": behaviours}
    options |= {"overrides": job.overrides, "command": f"python -m sim run {' '.join(job.overrides)}", "sweep": plan.id}
    trajectory = carry_out(plan.scenario(job), options | {"workers": 1}, folder=plan.root)
    folder = write(trajectory, options | {"force": force}, plan.root)
    if not job.key.startswith(folder.name):
        raise SweepError(
            "the code of the model (or of a behaviour) was changed since this sweep was planned; its run was "
            f"written to {folder} instead. Give the command of the sweep again to plan it anew"
        )
    return folder


def _hopeless(error: BaseException) -> str:
    """Why nothing more can be written, such as on a full disk; empty where this run alone is to blame."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno in FULL:
            return cause.strerror or str(cause)
        cause = cause.__cause__
    return ""


def _sentence(error: Exception) -> str:
    """The error in one line."""
    text = " ".join(str(error).split()) or "no message"
    return text if isinstance(error, (ResultsError, BehaviourError)) else f"{type(error).__name__}: {text}"
