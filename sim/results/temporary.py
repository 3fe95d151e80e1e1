"""Temporary folders under the results. The name says whose each is: process and machine, since machines may share them."""

from __future__ import annotations

import os
import platform
import re
import secrets
import time
from functools import cache
from pathlib import Path

TEMPORARY = ".tmp"
HOUR, DAY = 3600.0, 86400.0
_NAME = re.compile(r".*-(\d+)-[0-9a-f]{8}(?:-([A-Za-z0-9]+))?")


@cache
def machine() -> str:
    """The name of this machine, letters and digits."""
    return re.sub(r"[^A-Za-z0-9]", "", platform.node()) or "unnamed"


def temporary_folder(root: Path | str, what: str) -> Path:
    """A new path for a temporary folder of this process; it is not made."""
    return Path(root) / TEMPORARY / f"{what}-{os.getpid()}-{secrets.token_hex(4)}-{machine()}"


def of_process(root: Path | str, process: int) -> list[Path]:
    """The temporary folders of a process of this machine."""
    return [path for path, number, where in _all(root) if (number, where) == (process, machine())]


def leftovers(root: Path | str) -> list[Path]:
    """Temporary folders of processes that are gone: those of this machine that have ended, and those of another where
    nothing was touched for a day, since nobody here can see whether they have."""
    return [path for path, number, where in _all(root)
            if (not process_lives(number) if where == machine() else _untouched(path, DAY))]  # fmt: skip


def old_leftovers(root: Path | str) -> list[Path]:
    """Those that were not touched for an hour."""
    return [path for path in leftovers(root) if _untouched(path, HOUR)]


def _all(root: Path | str) -> list[tuple[Path, int, str]]:
    """Every temporary folder, with process and machine."""
    try:
        there = sorted((Path(root) / TEMPORARY).iterdir())
    except OSError:
        return []
    return [(path, int(found[1]), found[2] or machine()) for path in there if (found := _NAME.match(path.name))]


def process_lives(process: int) -> bool:
    """Whether a process of this machine is there."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _untouched(path: Path, seconds: float) -> bool:
    """Neither the folder nor what lies in it."""
    try:
        return time.time() - max(place.stat().st_mtime for place in (path, *path.iterdir())) > seconds
    except OSError:
        return False
