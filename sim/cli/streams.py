"""Standard input, output and error as a command finds them: closed, full, or of another character set."""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO


def mend() -> None:
    """Make the streams of this process fit to be used.

    What is closed reads and writes nothing, and its number is taken, so that no file of results gets what is meant for
    the terminal. Messages that cannot be shown (a full disk, a reader that is gone) are lost and stop nothing.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            try:
                os.fstat(number)
            except OSError:
                os.dup2(os.open(os.devnull, os.O_RDWR), number)
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115
    if os.name != "posix":
        return  # a console of Windows is no file
    sys.stdout.flush()
    sys.stderr.flush()
    sys.stdout, sys.stderr = (
        _text(kind(number, "w", closefd=False), old)
        for kind, number, old in ((_Output, 1, sys.stdout), (_Messages, 2, sys.stderr))
    )


def show_all() -> None:
    """Characters that a stream does not have become question marks, and not errors."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def give_up() -> None:
    """Nothing more comes out on standard output, and no later flush complains."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class CannotPrint(OSError):
    """Standard output cannot be written; its reader is there, though."""


class _Output(io.FileIO):
    """Standard output, whose errors can be told from those of files."""

    def write(self, data: bytes) -> int | None:
        try:
            return super().write(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise CannotPrint(error.errno, error.strerror) from None


class _Messages(io.FileIO):
    """Standard error, which drops what cannot be written."""

    def write(self, data: bytes) -> int | None:
        try:
            return super().write(data)
        except OSError:
            return len(data)


def _text(raw: io.FileIO, old: TextIO) -> TextIO:
    """A text stream in place of an old one."""
    at_once = old.line_buffering or old.write_through or old is sys.stderr
    return io.TextIOWrapper(io.BufferedWriter(raw), old.encoding, "replace", line_buffering=at_once)
