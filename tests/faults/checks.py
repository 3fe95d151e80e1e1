"""What must be true after any fault: nothing that was finished is lost, nothing half-written is read, and it goes on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sim.results import ResultsError, open_run, runs
from sim.results.endings import ENDS, is_whole
from sim.results.removal import removable_leftovers, take_away
from sim.sweep.folder import open_sweep, sweeps
from tests.faults.library import Call

MOMENTS = {"finished", "began", "timings", "sha256"}
"""Keys of a manifest that differ from one time to the next."""


def finished(root: Path) -> tuple[set[Path], list[str]]:
    """The folders that are finished, each compared with its manifest; and what is wrong with what a reader would see."""
    from sim.questions.compare.writing import manifest_of
    from sim.results.files import check_files

    whole, wrong = set(), []
    for info in runs(root):
        if info.problem:
            wrong.append(f"a reader sees {info.path}, which is {info.problem}")
    for info in sweeps(root):
        if info.state == "damaged":
            wrong.append(f"a reader sees {info.path}, which is damaged: {info.problem}")
    openers = [(info.path, open_run) for info in runs(root) if not info.problem]
    openers += [(info.path, open_sweep) for info in sweeps(root) if info.state == "finished"]
    for folder, open_it in openers:
        try:
            check_files(folder, open_it(folder).manifest, contents=True)
            whole.add(folder)
        except ResultsError as error:
            wrong.append(f"{folder} looks finished: {error}")
    for folder in (root / "compare").glob("*"):
        try:
            check_files(folder, manifest_of(folder), contents=True)
            whole.add(folder)
        except ResultsError as error:
            wrong.append(f"{folder} looks finished: {error}")
    for path in root.rglob("*.*"):
        if path.suffix in ENDS and not is_whole(path):
            wrong.append(f"{path} is there and is not whole")
    return whole, wrong


def contents(root: Path) -> dict[str, Any]:
    """Everything in the results but temporary folders, manifests without what tells a moment."""
    found: dict[str, Any] = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if name.startswith(".tmp") or path.is_dir():
            continue
        found[name] = path.read_bytes()
        if path.name == "manifest.json":
            about = json.loads(found[name])
            found[name] = {key: value for key, value in about.items() if key not in MOMENTS}
    return found


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """The names of files that are not the same."""
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))


def cleaned(root: Path) -> list[str]:
    """What `clean` cannot take away of the temporary folders of processes that are gone."""
    for path in removable_leftovers(root):
        take_away(root, path)
    return sorted(str(path) for path in (root / ".tmp").glob("*")) if (root / ".tmp").is_dir() else []


def unflushed(calls: list[Call]) -> list[str]:
    """Files that were moved into place, alone or in a folder, before they were on the disk, and moves that were not
    followed by a flush of the folder: what a loss of power could take, though its name is there."""
    wrong = []
    for place, move in enumerate(calls):
        if move.kind != "rename" or not move.other or move.other.startswith("/.tmp"):
            continue
        before, after = calls[:place], calls[place + 1 :]
        written = {
            call.path
            for call in before
            if call.kind in ("write", "truncate") and (call.path + "/").startswith(move.path + "/")
        }
        for path in sorted(written):
            last = max(k for k, call in enumerate(before) if call.path == path and call.kind in ("write", "truncate"))
            if not any(call.kind == "fsync" and call.path == path for call in before[last:]):
                wrong.append(f"{path} was moved to {move.other} before it was flushed")
        parent = move.other.rpartition("/")[0]
        if not any(call.kind == "fsync" and call.path == parent for call in after):
            wrong.append(f"{parent} was not flushed after {move.other} was moved there")
    return wrong
