"""Folders of results beside the runs: written whole or not at all, like a run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from sim.results.manifest import ResultsError
from sim.results.temporary import TEMPORARY, temporary_folder


def write_whole(root: Path | str, target: Path, fill: Callable[[Path], None]) -> Path:
    """Fill a temporary folder and move it to `target`, in the place of what was there.

    Args:
        root: the folder of all results.
        target: where the folder goes, inside `root` or elsewhere on the same disk.
        fill: writes the files into the folder that it is given.

    Raises:
        ResultsError: it cannot be written; what was there before stays.
    """
    root, target = Path(root), Path(target)
    place = root / TEMPORARY
    ours = not root.exists()
    temporary = temporary_folder(root, target.name[:60])
    aside = temporary.with_name(temporary.name + "-old")
    try:
        temporary.mkdir(parents=True)
        fill(temporary)
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            os.rename(target, aside)
        os.rename(temporary, target)
    except OSError as error:
        if aside.exists() and not target.exists():
            os.rename(aside, target)
        reason = error.strerror or str(error)
        raise ResultsError(f"cannot write {target}: {reason}. Nothing was kept") from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        shutil.rmtree(aside, ignore_errors=True)
        for empty in (place, root) if ours else (place,):
            if empty.is_dir() and not any(empty.iterdir()):
                empty.rmdir()
    return target
