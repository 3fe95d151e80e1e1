"""The files of a folder of results, compared with the sha256 that its manifest has for them before they are read.

A file is compared once in a process: what was found is remembered by the file's device, inode, size and times, unless it
was written in the very moment before.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.results import fields
from sim.results.atomic import MARK
from sim.results.manifest import NAME, ResultsError, damaged

OK, CHANGED, MISSING = "ok", "changed", "missing"
_SETTLED = 50_000_000
"""Nanoseconds after which a change of a file is sure to show in its times."""
_known: dict[tuple[int, ...], str] = {}
"""The sha256 of files that were looked at: by device, inode, size and times."""


def listed(folder: Path) -> dict[str, dict[str, Any]]:
    """Every file of a folder being filled, but its mark and its manifest: name -> sha256 and bytes."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name not in (MARK, NAME) and path.is_file():
            found[name] = {"sha256": _sha256(path, path.stat()), "bytes": path.stat().st_size}
    return found


def check_files(folder: Path | str, manifest: Mapping[str, Any], *, contents: bool = False) -> None:
    """Every file of the manifest is there with its size and, with `contents`, its sha256.

    Raises:
        ResultsError: naming the first file that is not.
    """
    for name, about in manifest["files"].items():
        there = _entry(Path(folder), name)
        if there is None:
            raise damaged(folder, manifest["kind"], f"{name} is missing")
        if there.st_size != about["bytes"]:
            what = f"{name} has {there.st_size} bytes, the manifest says {about['bytes']}"
            raise damaged(folder, manifest["kind"], what)
        if contents:
            path_of(folder, manifest, name)


def state(folder: Path | str, manifest: Mapping[str, Any], name: str) -> str:
    """Whether a file of the manifest is `ok`, `changed` or `missing`."""
    if _entry(Path(folder), name) is None:
        return MISSING
    try:
        path_of(folder, manifest, name)
    except ResultsError:
        return CHANGED
    return OK


def path_of(folder: Path | str, manifest: Mapping[str, Any], name: str) -> Path:
    """The path of a file that is what the manifest says.

    Raises:
        ResultsError: it is not, or not there, or the manifest has no such file.
    """
    about, there = _expected(folder, manifest, name)
    path = Path(folder) / name
    try:
        if there.st_size == about["bytes"] and _sha256(path, there) == about["sha256"]:
            return path
    except OSError as error:
        raise damaged(folder, manifest["kind"], f"{name} cannot be read ({error.strerror or error})") from None
    raise damaged(folder, manifest["kind"], f"{name} was changed since it was written")


def bytes_of(folder: Path | str, manifest: Mapping[str, Any], name: str) -> bytes:
    """The content of a small file, which is what the manifest says.

    Raises:
        ResultsError: it is not, or not there, or the manifest has no such file.
    """
    about, _ = _expected(folder, manifest, name)
    try:
        with (Path(folder) / name).open("rb") as file:
            data = file.read(about["bytes"] + 1)
    except OSError as error:
        raise damaged(folder, manifest["kind"], f"{name} cannot be read ({error.strerror or error})") from None
    if hashlib.sha256(data).hexdigest() != about["sha256"]:
        raise damaged(folder, manifest["kind"], f"{name} was changed since it was written")
    return data


def text_of(folder: Path | str, manifest: Mapping[str, Any], name: str) -> str:
    """The same as text, with line ends as they are."""
    with reading(Path(folder) / name):
        return bytes_of(folder, manifest, name).decode("utf-8")


def mapping_of(folder: Path | str, manifest: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The mapping in a JSON file."""
    with reading(Path(folder) / name):
        found = fields.parse(bytes_of(folder, manifest, name))
        if not isinstance(found, dict):
            raise ValueError("it is no mapping")
        return found


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Whatever a library says of a file that it cannot read, as one sentence that names the file.

    Raises:
        ResultsError: there was an error.
    """
    try:
        yield
    except ResultsError:
        raise
    except Exception as error:  # the libraries for HDF5, Parquet and CSV have no error in common
        what = " ".join(str(error).split())[:160] or type(error).__name__
        raise ResultsError(
            f"{path} cannot be read, it is damaged or not what its name says ({what}); make its folder again"
        ) from error


def _expected(folder: Path | str, manifest: Mapping[str, Any], name: str) -> tuple[Mapping[str, Any], os.stat_result]:
    """What the manifest says of a file, and what is there."""
    about = manifest["files"].get(name)
    if about is None:
        raise damaged(folder, manifest["kind"], f"its {NAME} does not list {name}")
    there = _entry(Path(folder), name)
    if there is None:
        raise damaged(folder, manifest["kind"], f"{name} is missing")
    return about, there


def _entry(folder: Path, name: str) -> os.stat_result | None:
    """A plain file inside the folder, reached through plain folders; None where there is none, or a symbolic link."""
    place, parts = folder, name.split("/")
    try:
        for part in parts[:-1]:
            place = place / part
            if not stat.S_ISDIR(place.lstat().st_mode):
                return None
        there = (place / parts[-1]).lstat()
    except (OSError, ValueError):
        return None
    return there if stat.S_ISREG(there.st_mode) else None


def _sha256(path: Path, there: os.stat_result) -> str:
    key = (there.st_dev, there.st_ino, there.st_size, there.st_mtime_ns, there.st_ctime_ns)
    if key not in _known:
        now = time.time_ns()
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if now - max(there.st_mtime_ns, there.st_ctime_ns) < _SETTLED:
            return found
        _known[key] = found
    return _known[key]
