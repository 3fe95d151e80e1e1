"""Progress on stderr: a bar on a terminal, one line for every 10 % elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType


class Progress:
    """Call it with (done, total); use it as a context manager so that the bar goes away again."""

    def __init__(self, what: str, *, quiet: bool = False) -> None:
        """`what` names the work; `quiet` shows nothing."""
        self.what, self.quiet = what, quiet
        self.bar = None
        self.task = None
        self.shown = 0
        self.started = time.monotonic()

    def __enter__(self) -> Progress:
        """Start the bar on a terminal."""
        if not self.quiet and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
            self.bar = Bar(*columns, console=Console(stderr=True), transient=True)
            self.bar.start()
            self.task = self.bar.add_task(self.what, total=None)
        return self

    def __call__(self, done: int, total: int) -> None:
        """Report that `done` of `total` pieces are finished."""
        if self.bar is not None:
            self.bar.update(self.task, completed=done, total=total)
        elif not self.quiet and total:
            tenth = 10 * done // total
            if tenth > self.shown:
                self.shown = tenth
                print(f"{self.what}: {10 * tenth} %", file=sys.stderr, flush=True)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Take the bar away."""
        if self.bar is not None:
            self.bar.stop()
