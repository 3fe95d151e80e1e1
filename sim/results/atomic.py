"""Written whole or not at all: the one way in which files and folders of results come onto the disk.

A folder is filled under another name inside `.tmp` of the results, flushed to the disk, and moved into place; a file is
written beside its place and moved over it. So whatever goes wrong (a full disk, a kill, a power loss) leaves what was
there before, or the whole of what is new. A folder that we begin carries a mark, `.entente`, before anything else is in
it: what has no mark was made by somebody else and is never moved or removed.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.results.temporary import old_leftovers, process_lives, temporary_folder

MARK = ".entente"
"""The file that says that a folder is ours."""
_SIGNATURE = "made by entente: "
_PART = ".part"


class Foreign(OSError):
    """A folder of somebody else's stands where ours should go; it is left alone."""


def is_ours(folder: Path | str) -> bool:
    """Whether a folder carries the mark that we write when we begin one; never true of a symbolic link."""
    folder = Path(folder)
    return kind_of_mark(folder) is not None


def kind_of_mark(folder: Path) -> str | None:
    """What the mark of a folder says that it is (`run`, `sweep`, `comparison`, ...); None where there is no mark."""
    mark = folder / MARK
    try:
        if folder.is_symlink() or mark.is_symlink() or not mark.is_file():
            return None
        with mark.open("rb") as file:
            text = file.read(200).decode("ascii")
    except (OSError, ValueError):
        return None
    return text.removeprefix(_SIGNATURE).strip() if text.startswith(_SIGNATURE) else None


def begin(folder: Path, kind: str) -> Path:
    """Make a new folder with its mark, though another process may take away an empty parent meanwhile.

    Raises:
        OSError: it cannot be made, or is there already.
    """
    for attempt in range(100):
        try:
            folder.mkdir(parents=True)
            break
        except FileNotFoundError:
            if attempt == 99:
                raise
    (folder / MARK).write_text(f"{_SIGNATURE}{kind}\n", encoding="ascii", newline="\n")
    return folder


@contextmanager
def whole_folder(
    root: Path | str, target: Path | str, kind: str, *, keep: Callable[[Path], bool] | None = None
) -> Iterator[Path]:
    """A temporary folder to fill; when the block ends without an error, it takes the place of `target`.

    Args:
        root: the folder of all results; the temporary folder lies in its `.tmp`.
        target: where the folder goes, on the same disk.
        kind: what the mark says.
        keep: whether a folder that stands at `target` is to stay; ours is thrown away then. None: it never stays.

    Raises:
        OSError: it cannot be written; what was there before is there still.
        Foreign: what stands at `target` has no mark of ours.
    """
    root, target = Path(root), Path(target)
    place, made_root = root / temporary_folder(root, "x").parent.name, not root.exists()
    temporary = temporary_folder(root, target.name[:60])
    try:
        for left in old_leftovers(root):
            remove(left)
        begin(temporary, kind)
        yield temporary
        _flush_all(temporary)
        _move(temporary, target, keep)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        remove_if_empty(place, *((root,) if made_root else ()))


def write_file(path: Path | str, data: bytes | str) -> Path:
    """Write one file whole or not at all; text as UTF-8 with line ends as they are. Returns its path.

    Raises:
        OSError: it cannot be written; what was there before is there still.
    """
    path = Path(path)
    for stale in path.parent.glob(f".{_escaped(path.name)}.*{_PART}"):
        owner = stale.name.rsplit(".", 2)[-2].partition("-")[0]
        if owner.isdigit() and not process_lives(int(owner)):
            stale.unlink(missing_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}{_PART}")
    try:
        with part.open("xb") as file:
            file.write(data.encode() if isinstance(data, str) else data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
        flush_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)
    return path


def remove(folder: Path) -> None:
    """Remove a folder of ours with all that is in it; one without a mark is left alone. Its parents stay."""
    if is_ours(folder):
        shutil.rmtree(folder, ignore_errors=True)


def remove_if_empty(*folders: Path) -> None:
    """Remove folders that are empty: nobody else is writing there."""
    for empty in folders:
        with contextlib.suppress(OSError):
            empty.rmdir()


def flush_folder(folder: Path) -> None:
    """Make the names in a folder last through a loss of power, where the system can."""
    if os.name != "posix":
        return
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _flush_all(folder: Path) -> None:
    """Every file below a folder, and the folders themselves, on the disk."""
    for place, _, names in os.walk(folder):
        for name in names:
            number = os.open(Path(place) / name, os.O_RDWR)
            try:
                os.fsync(number)
            finally:
                os.close(number)
        flush_folder(Path(place))


def _move(temporary: Path, target: Path, keep: Callable[[Path], bool] | None) -> None:
    """Move a whole folder into place; what stood there makes way, and comes back if the move fails."""
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = temporary.with_name(f"{temporary.name}-old")
    try:
        for _ in range(10):
            try:
                if not os.path.lexists(target):
                    os.rename(temporary, target)
                    flush_folder(target.parent)
                    return
            except OSError:
                if not os.path.lexists(target):
                    raise
            if keep is not None and keep(target):
                return  # somebody else finished the same folder first: theirs is as good
            if not is_ours(target):
                raise Foreign(f"{target} is there already and was not made by entente; move it away")
            with contextlib.suppress(FileNotFoundError):
                os.rename(target, aside)
    except BaseException:
        if aside.exists() and not os.path.lexists(target):
            os.rename(aside, target)
        raise
    finally:
        remove(aside)
    raise OSError(f"{target} changes under our hands")


def _escaped(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
