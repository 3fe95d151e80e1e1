"""Ctrl-C, SIGTERM and SIGHUP stop a command in one way: by an exception, so that what was begun is tidied up.

Only for a process that is ours alone, the command line: a library does not touch its caller's signals.
"""

from __future__ import annotations

import _thread
import atexit
import os
import signal
import sys
import threading
import time
from types import FrameType
from typing import Any

AGAIN = 0.5
"""Seconds within which more signals are the same wish: a terminal, a shell and `timeout` may each send one."""

_signal: int | None = None
_dropped: int | None = None
"""A signal whose exception was dropped and is raised again in a moment."""
_since = 0.0
_tidy = False
"""Nothing is left to tidy up."""


class Stopped(KeyboardInterrupt):
    """A signal asked the command to stop."""


def listen() -> None:
    """From now on a signal raises :class:`Stopped`, and a second one, while things are tidied up, ends the process at
    once. A signal that was ignored from the start (`nohup`) stays so."""
    if threading.current_thread() is not threading.main_thread():
        return
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, _stop)
    sys.unraisablehook, sys.excepthook = _raise_again, _show
    atexit.register(_let_go)


def status() -> int | None:
    """The exit status of a command that was stopped, 130, 143 or 129; None when it was not."""
    asked = _signal or _dropped
    return None if asked is None else 128 + asked


def nothing_left() -> None:
    """What was begun is finished or tidied up: a signal may end the process at once."""
    global _tidy
    _tidy = True


def _let_go() -> None:
    """The last thing before the interpreter is taken down. A signal that met it half taken down would crash it: from now on
    one ends the process as it would any other. Once stopped, it ends here: libraries in C that were stopped in the middle
    (HDF5) may crash when they tidy up. A folder begun in the moment of the stop, which nobody tidied up, goes now."""
    if (stopped := status()) is not None:
        if (atomic := sys.modules.get("sim.results.atomic")) is not None:
            atomic.remove_own()
        os._exit(stopped)
    for number in signal.valid_signals():
        if signal.getsignal(number) is _stop:
            signal.signal(number, signal.SIG_DFL)


def _stop(number: int, frame: FrameType | None) -> None:
    global _signal, _since
    if _signal is None and not _tidy:
        _signal, _since = number, time.monotonic()
        raise Stopped
    if _tidy or time.monotonic() - _since > AGAIN:
        os._exit(128 + number)  # workers see that and leave


def _raise_again(unraisable: Any) -> None:
    """Python drops an exception that is raised while it destroys an object; ours is raised again after that."""
    global _signal, _dropped
    if isinstance(unraisable.exc_value, Stopped):
        _dropped, _signal = _signal or signal.SIGINT, None
        threading.Thread(target=_send_again, args=(_dropped,), daemon=True).start()
    else:
        sys.__unraisablehook__(unraisable)


def _send_again(number: int) -> None:
    time.sleep(0.05)  # until the object is gone
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident, number)
    else:
        _thread.interrupt_main(number)


def _show(kind: type[BaseException], error: BaseException, trace: Any) -> None:
    """Libraries in C print what they then call a failed import; being stopped is no error."""
    if not issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
