"""What is looked at first after a run or a comparison: a few pictures and the report, made at once by several processes.

All other pictures are drawn when they are asked for, by `sim plot`. A run stays a run when a picture or the report fails,
so that is said and no more. What takes longest to load here can be loaded beforehand, by a process that stands by.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sim.cli.main import program
from sim.standby import Standby

Task = tuple[str, Callable[[], list[Path]]]
"""What is made, in a word, and how: it gives the files that it wrote."""


def standing_by() -> Standby:
    """:func:`illustrate`, in a process that begins at once to load what a run's pictures and report need."""
    return Standby(_prepare, illustrate)


def _prepare() -> None:
    from sim import plots, report

    plots.prepare()
    report.prepare()


def illustrate(
    folder: Path, what: str, pictures: bool, report: bool, reused: bool = False
) -> tuple[list[Path], Path | None]:
    """Draw the pictures of the first look and write the report.

    Args:
        folder: of a finished run or comparison.
        what: what it is called in messages.
        pictures: whether to draw.
        report: whether to write the report.
        reused: whether the folder was there before; then so is what was made of it.

    Returns:
        the pictures, and the report.
    """
    drawn = sorted((folder / "plots").glob("*.*")) if pictures and reused else []
    page = folder / "report.html"
    tasks: list[Task] = []
    if report and not (reused and page.is_file()):
        from sim.report import write

        _say("writing the report")
        tasks.append(("report", partial(_written, write, folder)))
    if pictures and not drawn:
        from sim import plots

        _say("drawing pictures")
        try:
            tasks += [("pictures", task) for task in plots.tasks(folder, first_look=True)]
        except OSError as error:
            _say(f"the {what} is finished, but its pictures failed: {error}")
    if not tasks:
        return drawn, page if report else None
    from sim.sharing import share

    try:
        answers = share(_attempt, tasks)
    except KeyboardInterrupt:
        _say(f"\nthe {what} is finished, its pictures and report are not: {program()} plot {folder}")
        raise
    for error in dict.fromkeys(error for _, error in answers if error):
        _say(f"the {what} is finished, but {error}")
    made = [path for paths, _ in answers for path in paths]
    return drawn + [path for path in made if path != page], page if report and page.is_file() else None


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
        return [], f"its {what} failed: {error}"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
