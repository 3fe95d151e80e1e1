"""A new folder of results, whole or not at all: what `sim.results.atomic` does, with the manifest's idea of what is ours."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.results import atomic
from sim.results.manifest import LARGEST, NAME, ResultsError

LATER = ("plots", "report.html")
"""What is added to a finished folder, and is in no manifest."""
_BEFORE_MARKS = ("explain.json", "ablation.json")
"""By these the answers of earlier versions are known, which set no mark and wrote no manifest."""


@contextmanager
def new_folder(
    root: Path | str, target: Path | str | Callable[[], Path], kind: str, *, keep: Callable[[Path], bool] | None = None
) -> Iterator[Path]:
    """A folder to fill, which takes the place of `target` when the block ends; see :func:`sim.results.atomic.whole_folder`.

    Raises:
        ResultsError: it cannot be written; what was there before is there still.
    """
    with plainly(root), atomic.whole_folder(root, target, kind, keep=keep, own=own_names) as folder:
        yield folder


@contextmanager
def plainly(root: Path | str) -> Iterator[None]:
    """What the system says when it cannot write, as an error of ours.

    Raises:
        ResultsError: there was one.
    """
    try:
        yield
    except OSError as error:
        raise cannot_write(root, error) from error


def cannot_write(root: Path | str, error: OSError) -> ResultsError:
    """The error that says so; its cause is the system's."""
    reason = error.strerror or str(error).splitlines()[0]
    return ResultsError(
        f"cannot write results in {root}: {reason}. Nothing was kept; choose another folder with results=DIR"
    )


def check_writable(root: Path | str) -> None:
    """Make sure, before an hour of simulation, that results can be written under `root`.

    Raises:
        ResultsError: they cannot.
    """
    with plainly(root), atomic.temporary(root, "probe"):
        pass


def own_names(folder: Path) -> Collection[str] | None:
    """The names in a folder of results that go when it is replaced; None where it is none of ours.

    Ours is what carries our mark, what an earlier version wrote, and what is empty.
    """
    if folder.is_symlink() or not folder.is_dir():
        return None
    about = _manifest_of(folder)
    files = about.get("files")
    names = {name.partition("/")[0] for name in files} if isinstance(files, dict) else set()
    earlier = "entente" in about or any((folder / name).is_file() for name in _BEFORE_MARKS)
    if atomic.is_ours(folder) or earlier or not any(folder.iterdir()):
        return {NAME, *LATER, *_BEFORE_MARKS, *names}
    return None


def _manifest_of(folder: Path) -> dict:
    """What a manifest says, checked by nobody; empty where it says nothing."""
    try:
        with (folder / NAME).open("rb") as file:
            about = json.loads(file.read(LARGEST))
    except (OSError, ValueError, RecursionError):
        return {}
    return about if isinstance(about, dict) else {}
