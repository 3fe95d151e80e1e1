"""`sim run -m`: plan a sweep, run what is missing, write its table and pictures."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.sweep_answer import answers_of, lines, next_command, pictures_line
from sim.cli.terminal import Terminal, duration, shown, size_of

if TYPE_CHECKING:
    from sim.cli.hydra.request import SweepRequest
    from sim.sweep import Finished, Plan
    from sim.sweep.answer import Answer
    from sim.sweep.folder import Result

FAILED = 3
"""Exit status when some runs failed, or the pictures."""
SHOWN = 5
"""Failures that are told one by one."""


def sweep(request: SweepRequest, command: str, done: dict[str, Any] | None) -> int:
    """Plan and run a composed sweep; what it gave is printed, or put into `done`."""
    from sim.sweep.engines import engine

    engine(request.options["pool"])  # what it needs is there, or nothing is written
    if request.sweep.dry_run:
        from sim.processes.short_lived import short_lived_folder
        from sim.sweep.plan import write_plan

        with short_lived_folder("plan") as elsewhere:
            return _dry(write_plan(request.points(), elsewhere, **_head(request, command)), request, done)
    options = {name: request.options[name] for name in ("pool", "workers", "force")}
    return carry_out(planned(request, command), options, plots=request.options["plots"], done=done)


def planned(request: SweepRequest, command: str) -> Plan:
    """Write the plan of a composed sweep."""
    from sim.sweep.plan import write_plan

    began = time.perf_counter()
    plan = write_plan(request.points(), request.results, **_head(request, command))
    _say(f"planned {_runs(plan)} in {time.perf_counter() - began:.1f} s: {shown(plan.folder)}")
    return plan


def carry_out(plan: Plan, options: dict[str, Any], *, plots: bool, done: dict[str, Any] | None) -> int:
    """Run what is left of a plan; what it gave is printed, or put into `done`. `options` are those of `run_plan`."""
    from sim.sweep.folder import run_plan

    began = time.perf_counter()
    with _Progress(f"sweep {plan.id}") as progress:
        result = run_plan(plan, progress=progress, **options)
    _say(f"{plan.id}: {_what_was_done(plan, result)} in {duration(time.perf_counter() - began)}")
    for job, error in result.failed[:SHOWN]:
        _say(f"failed: row {job.number}, {' '.join(f'{key}={value}' for key, value in job.values.items())}: {error}")
    if result.failed:
        more = f", {len(result.failed) - SHOWN} more of them" if len(result.failed) > SHOWN else ""
        _say(f"all in {shown(plan.folder)}/failures.txt{more}; the same command tries them again")
    some = bool(result.counts.get("done"))
    pictures = _pictures(plan.folder) if plots and some else []
    incomplete = bool(result.failed) or pictures is None
    answers = _answers(plan.folder) if some else []
    if done is not None:
        done |= {
            "folder": str(plan.folder.resolve()),
            "sweep": plan.id,
            "rows": plan.head["jobs"],
            "runs": plan.head["runs"],
            "reused": result.reused,
            "counts": result.counts,
            "table": str((plan.folder / "experiments.csv").resolve()),
            "pictures": [str(path.resolve()) for path in pictures or ()],
            "answers": [one.plain() for one in answers],
            "failed": [{"row": job.number, **job.values, "error": error} for job, error in result.failed],
        }
    else:
        _print(plan, pictures if plots else None, answers)
    return FAILED if incomplete else 0


def _head(request: SweepRequest, command: str) -> dict[str, Any]:
    return {
        "name": request.name,
        "command": command,
        "axes": list(request.axes),
        "design": request.design,
        "samples": request.samples,
        "sample_seed": request.seed,
        "outcomes": request.sweep.outcomes,
        "at": list(request.sweep.at),
    }


def _runs(plan: Plan) -> str:
    rows, runs = plan.head["jobs"], plan.head["runs"]
    return f"{rows:,} runs" if rows == runs else f"{rows:,} rows, {runs:,} runs"


def _what_was_done(plan: Plan, result: Result) -> str:
    new = plan.head["runs"] - result.reused - len(result.failed)
    parts = [f"{new:,} runs simulated"]
    parts += [f"{result.reused:,} were there already"] if result.reused else []
    parts += [f"{len(result.failed):,} failed"] if result.failed else []
    return ", ".join(parts)


def _dry(plan: Plan, request: SweepRequest, done: dict[str, Any] | None) -> int:
    """Say what would be run."""
    from sim.sweep.estimate import estimate

    cost = estimate(plan, request.results, request.options["workers"])
    first = [job for _, job in zip(range(SHOWN), plan.jobs())]
    about = {
        "rows": plan.head["jobs"],
        "runs": cost.runs,
        "there": cost.there,
        "seconds": round(cost.seconds, 1),
        "bytes": round(cost.bytes),
        "sweep": plan.id,
        "axes": plan.head["axes"],
    }
    if done is not None:
        done |= about
        return 0
    terminal = Terminal()
    terminal.print(f"A sweep of {_runs(plan)}, design {request.design}; {cost.there:,} are finished already.", "")
    for axis in plan.head["axes"]:
        terminal.print(terminal.wrap(f"{axis['key']}: {_axis(axis)}", "  "))
    terminal.print("", "The first rows:")
    terminal.print(*(terminal.wrap(f"{job.number}  {' '.join(job.overrides)}", "  ") for job in first), "")
    by = f"judged by {cost.judged_by} finished runs" if cost.judged_by else "a rough guess: nothing was run here yet"
    terminal.print(
        f"About {duration(cost.seconds)} with {request.options['workers']} processes, "
        f"{size_of(cost.bytes)} of disk ({by}). Nothing was run.",
        f"Next: {plan.head['command'].replace(' dry_run=true', '')}",
    )
    return 0


def _axis(axis: dict[str, Any]) -> str:
    if "values" in axis:
        values = [str(value) for value in axis["values"]]
        return ", ".join(values if len(values) <= 12 else [*values[:5], "...", *values[-2:]]) + f" ({len(values)})"
    ((kind, numbers),) = ((kind, numbers) for kind, numbers in axis.items() if kind != "key")
    return f"{kind} {', '.join(f'{x:g}' for x in numbers)}"


def _pictures(folder: Path) -> list[Path] | None:
    """Draw the pictures; a sweep stays one when a picture fails, so that is said. None then."""
    from sim import plots

    _say("drawing pictures")
    try:
        return plots.draw(folder)
    except (plots.PictureError, OSError) as error:
        reason = getattr(error, "strerror", None) or error
        _say(f"the sweep is finished, but its pictures failed: {reason}. The same command draws them")
        return None


def _answers(folder: Path) -> list[Answer]:
    """What the sweep says; it stays one when that cannot be told, so then this is said."""
    from sim.results import ResultsError

    try:
        return answers_of(folder)
    except ResultsError as error:
        _say(f"the sweep is finished, but what it says cannot be told: {error}")
        return []


def _print(plan: Plan, pictures: list[Path] | None, answers: list[Answer]) -> None:
    terminal = Terminal()
    terminal.print(*lines(answers, terminal))
    terminal.print(f"{_runs(plan)}; the table: {shown(plan.folder)}/experiments.csv")
    if pictures is not None:
        terminal.print(*(terminal.wrap(text) for text in pictures_line(plan.folder, pictures)))
    terminal.print(f"Next: {next_command(plan.id, answers, plan.head['jobs'])}", shown(plan.folder))


class _Progress:
    """Runs done and time left: a bar on a terminal, one line for every 10 % elsewhere."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.bar: Any = None
        self.shown = 0
        self.new = self.failed = 0
        self.began = time.monotonic()

    def __enter__(self) -> _Progress:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

            words = [TextColumn(f"{{task.{name}}}") for name in ("description", "fields[left]")]
            columns = (words[0], BarColumn(), MofNCompleteColumn(), words[1])
            self.bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self.bar.start()
            self.task = self.bar.add_task(self.what, total=None, left="")
        return self

    def __call__(self, done: int, total: int, finished: Finished) -> None:
        self.new += not finished.reused
        self.failed += finished.status != "done"
        left = self._left(total - done)
        if self.bar is not None:
            self.bar.update(self.task, completed=done, total=total, left=left)
        elif 10 * done // total > self.shown:
            self.shown = 10 * done // total
            failed = f", {self.failed} failed" if self.failed else ""
            print(
                f"{self.what}: {10 * self.shown} % ({done:,} of {total:,}{failed}{', ' + left if left else ''})",
                file=sys.stderr,
                flush=True,
            )

    def _left(self, runs: int) -> str:
        """By the pace of what was simulated; what was there already cost nothing."""
        if not self.new or not runs:
            return ""
        return f"{duration((time.monotonic() - self.began) / self.new * runs)} left"

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
