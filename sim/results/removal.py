"""Taking away what nobody needs any more: only what we began, only inside the results, never what somebody works on."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from sim.results.atomic import is_new, is_ours, remove, remove_if_empty
from sim.results.finding import is_run_name
from sim.results.temporary import TEMPORARY, at_work_on, leftovers, temporary_folder

UNMARKED, LINKED = "it is not marked as ours", "it is reached through a symbolic link"
BUSY = "a process is at work on it"


def removable_leftovers(root: Path | str) -> list[Path]:
    """Temporary folders of ours whose process is gone."""
    return [path for path in leftovers(root) if is_ours(path) or is_new(path)]


def why_left_alone(root: Path | str, folder: Path) -> str:
    """Why a run or a sweep (`root/<scenario>/<run>`, `root/sweeps/<sweep>`) is not to be removed; empty where it may be."""
    if folder.is_symlink() or folder.parent.is_symlink():
        return LINKED
    if not folder.is_dir():
        return "it is no folder"
    if not is_run_name(folder.name) or not is_ours(folder):
        return UNMARKED
    return BUSY if _is_in_hand(root, folder) else ""


def take_away(root: Path | str, folder: Path) -> str:
    """Remove a run, a sweep or a leftover; what it lies in stays. Returns why it is there still, or nothing.

    It is moved away first and looked at again, so that nobody who begins to work on it meanwhile finds half of it, and so
    that what a kill leaves is a leftover.
    """
    root, folder = Path(root), Path(folder)
    if folder.parent == root / TEMPORARY:
        remove(folder)
        return "" if not folder.exists() else "not all of it can be removed"
    if reason := why_left_alone(root, folder):
        return reason
    aside = temporary_folder(root, "removed")
    made = not aside.parent.exists()
    try:
        aside.parent.mkdir(exist_ok=True)
        os.rename(folder, aside)
    except OSError:  # the disk is full, or a part of another one
        aside = folder
    if _is_in_hand(root, folder):
        if aside != folder:
            with contextlib.suppress(OSError):  # whoever is at work has begun it anew
                os.rename(aside, folder)
        return BUSY
    remove(aside)
    if made:
        remove_if_empty(aside.parent)
    return f"not all of it can be removed; the rest is in {aside}" if aside.exists() else ""


def _is_in_hand(root: Path | str, folder: Path) -> bool:
    """Whether a living process writes it, carries out that sweep, or plans a sweep, which may be that one."""
    names = (folder.name, f"sweep-{folder.name}", "sweep") if folder.parent.name == "sweeps" else (folder.name,)
    return any(at_work_on(root, name) for name in names)
