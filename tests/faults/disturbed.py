"""One disturbed process after another: each forked from a warm one, made to fail at one call, looked at, and tried again."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.faults import checks
from tests.faults.commands import Command
from tests.faults.library import Call, Library

TOLD = (2, 3, 74)
"""Exit statuses of what a person is told in a sentence: nothing was kept, a part was, the system refuses a file."""
PATIENCE = 120
"""Seconds until a process hangs."""


@dataclass(frozen=True)
class Point:
    """The call that fails, and how."""

    kind: str
    number: int
    error: str

    def __str__(self) -> str:
        return f"{self.error} at {self.kind} {self.number}"


def adopt_orphans() -> None:
    """Whoever loses its parent below this process becomes its child, so that it can be waited for."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


class Bench:
    """One command, its folder of results (always the same path, which is in some files) and what it gives undisturbed."""

    def __init__(self, command: Command, library: Library, place: Path) -> None:
        self.command, self.library = command, library
        self.root, self.before, self.said = place / "results", place / f"{command.name}-before", place / "said"
        shutil.rmtree(self.root, ignore_errors=True)
        self._must(lambda: command.prepare(self.root))
        shutil.copytree(self.root, self.before)
        self.library.arm()
        self._must(lambda: command.carry_out(self.root))
        self.library.disarm()
        self.calls: list[Call] = library.calls()
        self.reference = checks.contents(self.root)
        self.had = checks.finished(self.before)[0]

    def undisturbed(self) -> list[str]:
        """What is wrong without any fault: what a loss of power could take, and what another time gives otherwise."""
        self._reset()
        self._must(lambda: self.command.carry_out(self.root))
        other = checks.differences(self.reference, checks.contents(self.root))
        return [f"not the same bytes twice: {', '.join(other)}"] * bool(other) + checks.unflushed(self.calls)

    def disturb(self, point: Point) -> list[str]:
        """What is wrong after a fault."""
        self._reset()
        self.library.arm(point.kind, point.number, point.error)
        status = self._process(lambda: self.command.carry_out(self.root))
        if not self.library.disarm():
            return []  # threads took another way this time
        wrong = []
        if status < 0 and not (status == -signal.SIGKILL and point.error == "kill"):
            wrong.append(f"it ended by signal {-status}" + (" (it hung)" if status == -signal.SIGALRM else ""))
        if status > 0 and status not in TOLD:
            wrong.append(f"status {status}: {self._last_words()}")
        said = self.said.read_text(errors="replace").strip()
        if (status == 2 and said.count("\n") > 2) or (status in (0, 2, 3) and "Traceback" in said):
            wrong.append(f"more than a sentence: {said}")
        whole, problems = checks.finished(self.root)
        wrong += problems
        moved = {path.relative_to(self.root) for path in whole}
        wrong += [f"{path} was finished and is lost" for path in self.had if path.relative_to(self.before) not in moved]
        status = self._process(lambda: self.command.carry_out(self.root))
        if status:
            wrong.append(f"the next call ends with {status}: {self._last_words()}")
        elif other := checks.differences(self.reference, checks.contents(self.root)):
            wrong.append(f"the next call gives other bytes: {', '.join(other)}")
        wrong += [f"clean cannot take away {path}" for path in checks.cleaned(self.root)]
        return [line.replace(str(self.root), "results") for line in wrong]

    def _reset(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(self.before, self.root)

    def _must(self, work: Callable[[], Any]) -> None:
        if status := self._process(work):
            raise SystemExit(f"{self.command.name}, undisturbed, ends with {status}: {self._last_words()}")

    def _last_words(self) -> str:
        return " | ".join(self.said.read_text(errors="replace").strip().splitlines()[-3:])

    def _process(self, work: Callable[[], Any]) -> int:
        """The exit status of a process that does the work, once everything that it started has ended too."""
        process = os.fork()
        if not process:
            _work(work, self.said)
        _, status = os.waitpid(process, 0)
        began = time.monotonic()
        while True:
            try:
                if os.waitpid(-1, os.WNOHANG) == (0, 0):
                    if time.monotonic() - began > PATIENCE:
                        raise SystemExit("a process outlives its parent")
                    time.sleep(0.002)
            except ChildProcessError:
                return os.waitstatus_to_exitcode(status)


def _work(work: Callable[[], Any], said: Path) -> None:
    """The life of a forked process, which ends as a command does."""
    status = 1
    try:
        signal.alarm(PATIENCE)
        number = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for stream in (1, 2):
            os.dup2(number, stream)
        work()
        status = 0
    except BaseException as error:
        from sim.cli import ending

        status = ending.end(error)
        sys.stderr.flush()
    finally:
        os._exit(status)
