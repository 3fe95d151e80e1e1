"""Folders that last as long as a piece of work, in the system's temporary folder.

Each is locked by its process. The system lets go of the lock when that ends, however it ends, so that what a killed one
left is known for certain, and removed by whoever makes such a folder next.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX, _LOCK = "entente-", ".lock"


@contextmanager
def short_lived_folder(what: str) -> Iterator[Path]:
    """A new empty folder, removed at the end.

    Raises:
        OSError: there is no temporary folder that can be written.
    """
    around = Path(tempfile.gettempdir())
    for left in around.glob(f"{_PREFIX}*"):
        _remove_if_left(left)
    outer = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{what}-", dir=around))
    try:
        with (outer / _LOCK).open("w") as lock:
            _lock(lock.fileno())
            (outer / what).mkdir()
            yield outer / what
    finally:
        shutil.rmtree(outer, ignore_errors=True)


def _remove_if_left(folder: Path) -> None:
    """Remove a folder of ours whose process is gone."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):
        if folder.is_symlink() or folder.stat().st_uid != os.getuid():
            return
        with (folder / _LOCK).open("r+") as lock:
            if _lock(lock.fileno()):
                shutil.rmtree(folder, ignore_errors=True)


def _lock(number: int) -> bool:
    """Whether a file could be locked; nobody can know that where the system has no such locks."""
    try:
        import fcntl

        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (ImportError, OSError):
        return False
    return True
