"""A folder of results as it may be found after a kill: whole files alone, each as an undisturbed command writes it."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

NOT_THE_SAME = ("manifest.json", "plan.json", "report.html", "ablation.json", "explain.json", "run.json")
"""Files that say when or how fast they were made; all others are equal to the byte."""


def files(root: Path) -> dict[str, str]:
    """Every file of results by its name, with its sha256; what is being written is left out."""
    return {
        path.relative_to(root).as_posix(): _sha256(path)
        for path in walk(root)
        if path.is_file() and ".tmp" not in path.parts and path.suffix != ".part"
    }


def walk(root: Path) -> list[Path]:
    """Every file below a folder, though others vanish meanwhile."""
    return sorted(Path(place) / name for place, _, names in os.walk(root) for name in names)


def manifests(root: Path) -> set[str]:
    """What is finished."""
    return {name for name in files(root) if name.endswith("manifest.json")}


def faults(root: Path, reference: dict[str, str], same: set[str]) -> list[str]:
    """What is wrong with results, finished or not.

    Args:
        root: the folder of results.
        reference: the files that the undisturbed command left.
        same: those of them that are equal each time.
    """
    from sim.results import runs

    found = [f"{info.path.name} is {info.problem}" for info in runs(root) if info.problem]
    for name, digest in files(root).items():
        if name not in reference:
            found.append(f"{name} should not be there")
        elif name in same and digest != reference[name]:
            found.append(f"{name} has other bytes")
        elif name.endswith(".json"):
            found += _unreadable(root / name)
        elif name.endswith(".html") and not (root / name).read_bytes().rstrip().endswith(b"</html>"):
            found.append(f"{name} has no end")
    for name in manifests(root):
        folder = (root / name).parent
        for file, about in json.loads((root / name).read_text(encoding="utf-8")).get("files", {}).items():
            path = folder / file
            if not path.is_file() or path.stat().st_size != about["bytes"] or _sha256(path) != about["sha256"]:
                found.append(f"{folder.name}/{file} is not what its manifest says")
    return found


def _unreadable(path: Path) -> list[str]:
    try:
        json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        return [f"{path.name} cannot be read: {error}"]
    return []


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
