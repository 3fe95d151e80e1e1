"""Temporary folders under the results. The name says whose each is: process and machine, since machines may share them."""

from __future__ import annotations

import contextlib
import os
import platform
import re
import secrets
import time
from functools import cache
from pathlib import Path

TEMPORARY = ".tmp"
HOUR, DAY = 3600.0, 86400.0
_NAME = re.compile(r"(.*)-(\d{1,15})-[0-9a-f]{8}(?:-([A-Za-z0-9]+))?")


@cache
def machine() -> str:
    """The name of this machine, letters and digits."""
    return re.sub(r"[^A-Za-z0-9]", "", platform.node()) or "unnamed"


def temporary_name(what: str) -> str:
    """A new name of something temporary of this process."""
    return f"{what}-{os.getpid()}-{secrets.token_hex(4)}-{machine()}"


_roots: set[Path] = set()
"""Where this process has temporary folders, or had."""


def temporary_folder(root: Path | str, what: str) -> Path:
    """A new path for a temporary folder of this process; it is not made."""
    _roots.add(Path(root).absolute())
    return Path(root) / TEMPORARY / temporary_name(what)


def of_process(root: Path | str, process: int) -> list[Path]:
    """The temporary folders of a process of this machine."""
    return [path for path in _all(root) if _owner(path) == (process, machine())]


def own() -> list[Path]:
    """The temporary folders of this process, wherever."""
    return [path for root in sorted(_roots) for path in of_process(root, os.getpid())]


def still_here(root: Path | str) -> None:
    """Touch the temporary folders of this process, so that other machines see that it is alive."""
    for path in of_process(root, os.getpid()):
        with contextlib.suppress(OSError):
            os.utime(path)


def at_work_on(root: Path | str, what: str) -> list[Path]:
    """The temporary folders of living processes that write this, such as a run's name or `sweep-` and its id."""
    return [path for path in _all(root) if _NAME.match(path.name)[1] == what and not is_left(path)]


def leftovers(root: Path | str) -> list[Path]:
    """Temporary folders of processes that are gone."""
    return [path for path in _all(root) if is_left(path)]


def old_leftovers(root: Path | str) -> list[Path]:
    """Those that were not touched for an hour."""
    return [path for path in leftovers(root) if _untouched(path, HOUR)]


def is_left(path: Path) -> bool:
    """Whether the process that the name of something temporary tells is gone: one of this machine has ended; of another
    machine nobody here can see that, so nothing of it was touched for a day. A number that the system gave to another
    process meanwhile counts as alive; so does what has no such name."""
    if not _NAME.match(path.name):
        return False
    process, where = _owner(path)
    return not process_lives(process) if where == machine() else _untouched(path, DAY)


def _owner(path: Path) -> tuple[int, str]:
    """Process and machine."""
    found = _NAME.match(path.name)
    return int(found[2]), found[3] or machine()


def _all(root: Path | str) -> list[Path]:
    """Every temporary folder; what only points to one is none of ours."""
    place = Path(root) / TEMPORARY
    try:
        there = [] if place.is_symlink() else sorted(place.iterdir())
    except OSError:
        return []
    return [path for path in there if _NAME.match(path.name) and path.is_dir() and not path.is_symlink()]


def process_lives(process: int) -> bool:
    """Whether a process of this machine is there."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _untouched(path: Path, seconds: float) -> bool:
    """Neither the folder (or file) nor what lies in it."""
    try:
        inside = path.iterdir() if path.is_dir() else ()
        return time.time() - max(place.lstat().st_mtime for place in (path, *inside)) > seconds
    except OSError:
        return False
