"""What every worker process does first: it leaves signals to its parent, and ends when its parent ends, however that
happens.

A parent that is killed cannot tell its workers. Each of them therefore waits, in a thread of its own, for the end of its
parent, so that it goes within a moment whatever it is doing, and with it the last hold on the parent's output.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import Any

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""The signals that ask a command to stop: Ctrl-C, `kill`, and a terminal that is closed."""


def begin(tidy: Callable[[], Any] | None = None, interrupted: Callable[..., Any] | None = None) -> None:
    """Called by a worker process before anything else.

    Args:
        tidy: called before it ends, when its parent is gone or tells it to by SIGTERM.
        interrupted: handles SIGINT and SIGTERM, where there is more to tidy up than one call can do.
    """

    def leave(*_: Any) -> None:  # not by an exception, which may be raised where Python ignores it
        if tidy is not None:
            tidy()
        os._exit(1)

    def wait_for_parent() -> None:
        if parent := multiprocessing.parent_process():
            wait([parent.sentinel])
            leave()

    threading.Thread(target=wait_for_parent, daemon=True).start()
    handlers: dict[Any, Any] = dict.fromkeys(SIGNALS, signal.SIG_IGN)  # the parent decides what it means
    handlers[signal.SIGTERM] = signal.SIG_DFL if tidy is None else leave
    if interrupted is not None:
        handlers |= {signal.SIGINT: interrupted, signal.SIGTERM: interrupted}
    for number, handler in handlers.items():  # never ignored before: that would drop one that has come already
        signal.signal(number, handler)
    _change_mask("SIG_UNBLOCK")


@contextmanager
def signals_held() -> Iterator[None]:
    """Start workers within: a signal reaches them only after :func:`begin`, which says what they do then."""
    before = _change_mask("SIG_BLOCK")
    try:
        yield
    finally:
        if before is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _change_mask(how: str) -> set[int | signal.Signals] | None:
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        return None
    return signal.pthread_sigmask(getattr(signal, how), SIGNALS)
