"""What is looked at first after a run or a comparison: a few pictures and the report, made at once by several processes.

All other pictures are drawn when they are asked for, by `sim plot`. A run stays a run when a picture or the report fails:
that is said, the exit status tells it, and the next time what is missing is made. What takes longest to load here can be
loaded beforehand, by a process that stands by.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim.cli.main import program
from sim.results.endings import is_whole

if TYPE_CHECKING:
    from sim.cli.background import Background

INCOMPLETE = 3
"""Exit status when numbers are there and a picture or the report is not."""
Task = tuple[str, Callable[[], list[Path]]]
"""What is made, in a word, and how: it gives the files that it wrote."""


def in_background() -> Background:
    """:func:`illustrate`, in a process that begins at once to load what a run's pictures and report need."""
    from sim.cli.background import Background

    return Background(_prepare, illustrate)


def _prepare() -> None:
    from sim import plots, report

    plots.prepare()
    report.prepare()


class Illustrated(NamedTuple):
    """The pictures and the report that are there and whole, and whether one that should be is not."""

    pictures: list[Path]
    report: Path | None
    incomplete: bool


def illustrate(folder: Path, what: str, pictures: bool, report: bool, reused: bool = False) -> Illustrated:
    """Draw the pictures of the first look and write the report.

    Args:
        folder: of a finished run or comparison.
        what: what it is called in messages: a `run` or a `comparison`.
        pictures: whether to draw.
        report: whether to write the report.
        reused: whether the folder was there before; what is there whole is kept then.
    """
    page = folder / "report.html"
    tasks: list[Task] = []
    failed: list[str] = []
    if report and not (reused and is_whole(page)):
        from sim.report import write

        tasks.append(("report", partial(_written, write, folder)))
        _say("writing the report")
    if pictures:
        drawing, error = _pictures_to_draw(folder, what, reused)
        tasks += drawing
        failed += [error] if error else []
        if drawing:
            _say("drawing pictures")
    try:
        answers = _shared(tasks) if tasks else []
    except KeyboardInterrupt:
        _say(f"\nthe {what} is finished, its pictures and report are not: {program()} plot {folder}")
        raise
    failed += [error for _, error in answers if error]
    for error in dict.fromkeys(failed):
        _say(f"the {what} is finished, but {error}. The same command makes what is missing")
    there = [path for path in sorted((folder / "plots").glob("*.*")) if is_whole(path)] if pictures else []
    return Illustrated(there, page if report and is_whole(page) else None, bool(failed))


def _pictures_to_draw(folder: Path, what: str, reused: bool) -> tuple[list[Task], str]:
    """A task for each picture of the first look that is missing, or in words why there is none."""
    from sim import plots
    from sim.results import ResultsError

    if reused and plots.first_look_is_drawn(folder, what):
        return [], ""
    try:
        return [("pictures", task) for task in plots.tasks(folder, first_look=True, missing_only=reused)], ""
    except (plots.PictureError, ResultsError, OSError) as error:
        return [], _failure("pictures", error)


def _shared(tasks: list[Task]) -> list[tuple[list[Path], str]]:
    from sim.processes.pool import share

    return share(_attempt, tasks)


def _written(write: Callable[[Path], Path], folder: Path) -> list[Path]:
    return [write(folder)]


def _attempt(task: Task, report: Callable[[int], None]) -> tuple[list[Path], str]:
    """What a task made, or in words what went wrong."""
    from sim.plots import PictureError
    from sim.results import ResultsError

    what, make = task
    try:
        return make(), ""
    except (PictureError, ResultsError, OSError) as error:
        return [], _failure(what, error)


def _failure(what: str, error: Exception) -> str:
    return f"its {what} failed: {getattr(error, 'strerror', None) or error}"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
