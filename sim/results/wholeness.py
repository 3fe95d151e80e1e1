"""Whether folders of results are whole, file by file."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sim.results.atomic import MARK, kind_of_mark
from sim.results.files import CHANGED, MISSING, OK, state
from sim.results.folders import LATER
from sim.results.manifest import NAME, ResultsError, kind_in, read_manifest
from sim.results.temporary import TEMPORARY

EXTRA = "extra"
"""A file that the manifest does not list; it harms nothing."""


@dataclass(frozen=True)
class Look:
    """What a look at a folder found: its kind, each file (`ok`, `changed`, `missing`, `extra`), and what else is wrong."""

    folder: Path
    kind: str
    files: dict[str, str]
    problems: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether everything is there and as it was written."""
        return not self.problems and set(self.files.values()) <= {OK, EXTRA}


def look(folder: Path, apart: Collection[str] = ()) -> Look:
    """Compare every file of a folder with its manifest.

    Args:
        folder: of a run, a comparison, a sweep or an answer.
        apart: names in it that are looked at elsewhere.
    """
    kind = kind_in(folder)
    try:
        manifest = read_manifest(folder, "run") if kind == "run" else read_manifest(folder, "", {})
    except ResultsError as error:
        there = CHANGED if (folder / NAME).exists() else MISSING
        return Look(folder, kind, {NAME: there}, [str(error)])
    files = {MARK: OK if kind_of_mark(folder) == kind else CHANGED if (folder / MARK).exists() else MISSING, NAME: OK}
    files |= {name: state(folder, manifest, name) for name in manifest["files"]}
    known = {*files, *apart, *LATER}
    for place, _, names in os.walk(folder):
        for name in names:
            path = (Path(place) / name).relative_to(folder)
            if path.as_posix() not in known and path.parts[0] not in known:
                files[path.as_posix()] = EXTRA
    return Look(folder, kind, files)


def folders_below(root: Path, also: Collection[str] = ()) -> Iterator[Path]:
    """The folders of results in a folder: itself if it is one, else those below it; without temporary ones.

    Args:
        root: where to look.
        also: names of files by which a folder of results is known, beside its mark and its manifest.
    """
    known = {MARK, NAME, *also}
    for place, folders, names in os.walk(root):
        if known & set(names):
            folders.clear()
            yield Path(place)
        folders[:] = sorted(name for name in folders if name != TEMPORARY)
