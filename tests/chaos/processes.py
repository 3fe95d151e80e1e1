"""Processes of one command, its workers among them: found by a mark in their environment, counted, waited for."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MARK = "ENTENTE_TEST_MARK"


class Command:
    """`python -m sim WORDS` in a session of its own, with a temporary folder of its own."""

    def __init__(self, words: Sequence[str], place: Path) -> None:
        self.mark = secrets.token_hex(8)
        self.temporary = place / "tmp"
        self.temporary.mkdir(exist_ok=True)
        environment = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(self.temporary), MARK: self.mark}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sim", *words],
            cwd=place,
            env=environment,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
        )

    def wait_for(self, text: str) -> None:
        """Read stderr up to a line that holds a text."""
        for line in self.process.stderr:
            if text in line.decode():
                return
        raise AssertionError(f"it ended with status {self.process.wait()} and never said {text!r}")

    def signal(self, number: int, *, group: bool = False) -> None:
        """Send a signal to the process alone, or to it and its workers, as a terminal does."""
        (os.killpg if group else os.kill)(self.process.pid, number)

    def end(self, timeout: float = 30) -> tuple[int, str, str]:
        """Exit status, stdout and stderr, once nobody holds these any more.

        Raises:
            subprocess.TimeoutExpired: the process or a worker of it still does.
        """
        out, err = self.process.communicate(timeout=timeout)
        return self.process.returncode, out.decode(), err.decode()

    def left(self, seconds: float = 5) -> list[int]:
        """Processes of this command that are there still after some seconds; those that end meanwhile are waited for."""
        until = time.monotonic() + seconds
        while (found := marked(self.mark)) and time.monotonic() < until:
            time.sleep(0.05)
        return found


def marked(mark: str) -> list[int]:
    """Living processes with a mark in their environment."""
    found, text = [], f"{MARK}={mark}".encode()
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if text in (place / "environ").read_bytes().split(b"\0"):
                found.append(int(place.name))
        except OSError:  # it ended, or is somebody else's
            continue
    return found
