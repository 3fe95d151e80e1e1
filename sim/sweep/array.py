"""One task of an array of jobs: its share of a sweep, with the processors that it was given.

    python -m sim.sweep.array FOLDER --task N --of M [--workers W] [--allow-code]

Task N of M takes runs N, N + M, N + 2M, ..., so that neighbours, which take about as long, are spread over the tasks.
What is finished costs a look, so a task may be stopped and given again. Behaviours that the sweep names run only with
--allow-code, which the scripts of `sim submit` have where whoever submitted it named them, and if their files are unchanged.
Exit status: 0 all done, 2 refused, 3 some failed, 143 stopped.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sim.agents.behaviours import BehaviourError
from sim.results import ResultsError
from sim.results.atomic import temporary, write_file
from sim.results.finding import DIGITS
from sim.results.stored import read_json
from sim.sweep.engines import engine
from sim.sweep.job import DONE, Finished, Job
from sim.sweep.job import FAILED as NOT_DONE
from sim.sweep.plan import Plan

FAILURES = "failures"
"""The folder, inside that of a sweep, with a file for each run that failed in a task."""
REFUSED, FAILED, STOPPED = 2, 3, 143


@dataclass(frozen=True)
class Share(Plan):
    """Every ``of``-th run of a plan from the one with number ``task``, counted from 0."""

    task: int = 0
    of: int = 1

    def distinct(self) -> Iterator[Job]:
        """The runs of this share, each once."""
        return islice(super().distinct(), self.task, None, self.of)


def share(plan: Plan, task: int, of: int) -> Share:
    """The runs of a task; its head counts those alone."""
    head = {**plan.head, "runs": len(range(task, plan.head["runs"], of))}
    return Share(plan.folder, head, plan.behaviours, plan.trusted, task, of)


def remember(plan: Plan, finished: Finished) -> None:
    """Keep why a run failed, for whoever writes the table; forget it when the run is done after all."""
    place = plan.folder / FAILURES / f"{finished.key[:DIGITS]}.json"
    if finished.status == DONE:
        place.unlink(missing_ok=True)
        return
    place.parent.mkdir(exist_ok=True)
    write_file(place, json.dumps(asdict(finished), ensure_ascii=False))


def remembered(plan: Plan, key: str) -> Finished | None:
    """Why a run failed the last time that a task tried it; None when none did."""
    try:
        about = read_json(plan.folder / FAILURES / f"{key[:DIGITS]}.json")
    except ResultsError:
        return None
    match about:
        case {"key": of, "error": str(error), "trace": str(trace)} if of == key:
            return Finished(key, NOT_DONE, error=error, trace=trace)
    return None


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out one task and return its exit status."""
    to = argparse.ArgumentParser(prog="python -m sim.sweep.array", description="one task of an array: its share of a sweep")
    to.add_argument("folder", type=Path, help="of the sweep")
    to.add_argument("--task", type=int, required=True, help="which share, counted from 0")
    to.add_argument("--of", type=int, required=True, help="how many shares there are")
    to.add_argument("--workers", type=int, default=processors(), help="processes; default: the processors of the task")
    to.add_argument("--allow-code", action="store_true", help="let behaviours run that the sweep names")
    args = to.parse_args(argv)
    if not 0 <= args.task < args.of:
        to.error(f"--task {args.task} is not one of the shares 0 to {args.of - 1}")
    signal.signal(signal.SIGTERM, _leave)
    try:
        plan = Plan.open(args.folder, allow_code=args.allow_code)
        plan.check_code()
    except (BehaviourError, ResultsError) as error:
        print(error, file=sys.stderr)
        return REFUSED
    mine = share(plan, args.task, args.of)
    done = there = failed = 0
    with temporary(plan.root, f"sweep-{plan.id}"):  # so that nobody takes the sweep for left
        for finished in engine("local")(mine, workers=args.workers, force=False):
            remember(plan, finished)
            done += finished.status == DONE
            there += finished.reused
            if finished.status != DONE:
                failed += 1
                print(f"{finished.key[:DIGITS]}: {finished.error}", file=sys.stderr)
            print(f"{done + failed} of {mine.head['runs']}: {done} done ({there} were there), {failed} failed", flush=True)
    return FAILED if failed else 0


def processors() -> int:
    """How many processors this task was given."""
    for name in ("SLURM_CPUS_PER_TASK", "SLURM_CPUS_ON_NODE"):
        if (text := os.environ.get(name, "")).isascii() and text.isdigit():
            return int(os.environ[name])
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _leave(*_: Any) -> None:
    """Stopped from outside: the workers are stopped too, and tidy up."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(STOPPED)


if __name__ == "__main__":
    sys.exit(main())
