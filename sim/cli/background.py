"""A process that gets ready while this one is busy with something else, and then does one piece of work.

A run spends its first second reading and composing, on one core: another can meanwhile load what is needed at the end.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import FrameType, TracebackType
from typing import Any, NoReturn

from sim.processes.pool import cores
from sim.processes.worker import begin, signals_held

GRACE = 5.0
"""Seconds that the process has to tidy up when it is asked to stop."""


class Background:
    """One process for one piece of work; use it as a context manager, which sees to it that the process ends.

    There is one where it can be forked and has a core to itself. Elsewhere, and should it die, the work is done here.
    """

    def __init__(self, prepare: Callable[[], Any], work: Callable[..., Any]) -> None:
        """Start getting ready.

        Args:
            prepare: loads what the work needs. The earlier it starts, the less it copies of this process.
            work: what to do; its arguments and its answer are pickled.
        """
        self._work, self._busy, self._done = work, False, False
        self._process: Any = None
        if sys.platform == "linux" and cores() > 1:
            context = multiprocessing.get_context("fork")
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(target=_wait_for_work, args=(prepare, work, theirs, self._pipe))
            try:
                with signals_held():
                    self._process.start()
            except BaseException:  # a stop in this very moment: nobody else knows of the process
                self.__exit__(None, None, None)
                raise
            theirs.close()

    def __call__(self, *arguments: Any) -> Any:
        """What the work gives for these arguments; to be called once."""
        if self._process is not None:
            with contextlib.suppress(EOFError, OSError):
                self._busy = True
                self._pipe.send(arguments)
                answer = self._pipe.recv()
                self._done = True
                return answer
        return self._work(*arguments)

    def __enter__(self) -> Background:
        """It has started already."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Wait until the process has ended; unless its work is done, tell it to."""
        if self._process is None or self._process.pid is None:
            return
        self._pipe.close()
        if not self._done and self._process.is_alive():
            os.kill(self._process.pid, signal.SIGINT)
            self._process.join(GRACE)
            self._process.kill()
        self._process.join()


def _wait_for_work(prepare: Callable[[], Any], work: Callable[..., Any], pipe: Connection, theirs: Connection) -> None:
    """What the process does. Whatever goes wrong ends it, and then shows where the work is done instead."""
    theirs.close()  # else it would not see the end of the pipe when the other process is gone
    with contextlib.suppress(Exception, KeyboardInterrupt):
        begin(interrupted=_interrupted)
        try:
            prepare()
            pipe.send(work(*pipe.recv()))
        finally:
            _ignore()  # nothing is left to interrupt


def _interrupted(number: int, frame: FrameType | None) -> NoReturn:
    """Stop, once: an interrupt from a terminal comes twice, from there and from the other process."""
    _ignore()
    raise KeyboardInterrupt


def _ignore() -> None:
    """By a function, since Python complains of a signal that comes while it is told to ignore it (SIG_IGN)."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
