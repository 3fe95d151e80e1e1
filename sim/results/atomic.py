"""Written whole or not at all: the one way in which files and folders of results come onto the disk.

A folder is filled under another name inside `.tmp` of the results, flushed to the disk, and moved into place; a file is
written beside its place and moved over it. So whatever goes wrong (a full disk, a kill, a power loss) leaves what was
there before, or the whole of what is new. A folder that we begin carries a mark, `.entente`, before anything else is in
it: what has no mark was made by somebody else and is never moved or removed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sim.results.temporary import is_left, old_leftovers, own, temporary_folder, temporary_name

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
    try:
        (folder / MARK).write_text(f"{_SIGNATURE}{kind}\n", encoding="ascii", newline="\n")
    except OSError:
        remove(folder)
        raise
    return folder


def own_names(folder: Path) -> Collection[str] | None:
    """Of a folder that stands where ours should go, the names in it that are ours; None where it is somebody else's."""
    return [] if is_ours(folder) else None


@contextmanager
def whole_folder(
    root: Path | str,
    target: Path | str | Callable[[], Path],
    kind: str,
    *,
    keep: Callable[[Path], bool] | None = None,
    own: Callable[[Path], Collection[str] | None] = own_names,
) -> Iterator[Path]:
    """A temporary folder to fill; when the block ends without an error, it takes the place of `target`.

    What somebody else put into the folder that is replaced is taken over.

    Args:
        root: the folder of all results; the temporary folder lies in its `.tmp`.
        target: where the folder goes, on the same disk; a function where that shows only once it is filled.
        kind: what the mark says.
        keep: whether a folder that stands at `target` is to stay; ours is thrown away then. None: it never stays.
        own: like :func:`own_names`: which names in a folder that is replaced go with it, besides those in the new one.

    Raises:
        OSError: it cannot be written; what was there before is there still.
        Foreign: what stands at `target` is not ours.
    """
    with temporary(root, kind if callable(target) else Path(target).name[:60], kind) as filled:
        yield filled
        _flush_all(filled)
        _move(filled, target() if callable(target) else Path(target), keep, own)


@contextmanager
def temporary(root: Path | str, name: str, kind: str = "temporary") -> Iterator[Path]:
    """A folder in the `.tmp` of the results that is gone when the block ends."""
    root = Path(root)
    made_root = not root.exists()
    folder = temporary_folder(root, name)
    try:
        for left in old_leftovers(root):
            remove(left)
        yield begin(folder, kind)
    finally:
        parents = (folder.parent, *((root,) if made_root else ()))
        try:
            _take_away(folder, *parents)
        except KeyboardInterrupt:  # it comes once, and this is finished first
            _take_away(folder, *parents)
            raise


def _take_away(folder: Path, *parents: Path) -> None:
    remove(folder)
    remove_if_empty(*parents)


def write_file(path: Path | str, data: bytes | str) -> Path:
    """Write one file whole or not at all; text as UTF-8 with line ends as they are. Returns its path.

    Raises:
        OSError: it cannot be written; what was there before is there still.
    """
    path = Path(path)
    if path.exists() and not path.is_file():  # a pipe or a terminal, which cannot be replaced
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path
    start = f".{path.name[:60]}"
    for stale in path.parent.glob(f"{_escaped(start)}-*{_PART}"):
        if is_left(stale):
            stale.unlink(missing_ok=True)
    part = path.with_name(temporary_name(start) + _PART)
    try:
        with part.open("xb") as file:
            file.write(data.encode() if isinstance(data, str) else data)
        place_file(part, path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
    return path


def place_file(ready: Path, path: Path) -> None:
    """Move a file that is written, on the same disk, to its place or over what is there.

    Raises:
        OSError: it cannot be; what was there before is there still.
    """
    _flush(ready)
    os.replace(ready, path)
    flush_folder(path.parent)


def remove(folder: Path) -> None:
    """Remove a folder of ours with all that is in it; one without a mark is left alone. Its parents stay.

    The mark goes last, so that what a kill leaves of it is still ours. So is a new folder that was not filled: its process
    was killed before it could write its mark.
    """
    if not (is_ours(folder) or is_new(folder)):
        return
    with contextlib.suppress(OSError):
        for entry in list(os.scandir(folder)):
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path, ignore_errors=True)
            elif entry.name != MARK:
                with contextlib.suppress(OSError):
                    os.unlink(entry.path)
        if os.listdir(folder) == [MARK]:
            os.unlink(folder / MARK)
        folder.rmdir()


def remove_own() -> None:
    """Remove every temporary folder of this process: it ends, and whoever should have was stopped."""
    for folder in own():
        remove(folder)
        remove_if_empty(folder.parent)


def is_new(folder: Path) -> bool:
    """Whether nothing is in a folder, or only the beginning of a mark; never true of a symbolic link."""
    mark = folder / MARK
    try:
        if folder.is_symlink() or os.listdir(folder) not in ([], [MARK]):
            return False
        return not os.path.lexists(mark) or (not mark.is_symlink() and _SIGNATURE.encode().startswith(mark.read_bytes()))
    except OSError:
        return False


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
            _flush(Path(place) / name)
        flush_folder(Path(place))


def _make_lasting(folder: Path) -> None:
    """Make a folder and what it lies in, so that it lasts through a loss of power."""
    new = [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for place in new:
        flush_folder(place.parent)


def _flush(file: Path) -> None:
    if file.is_symlink():
        return
    number = os.open(file, os.O_RDWR if os.name != "posix" else os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _move(
    filled: Path, target: Path, keep: Callable[[Path], bool] | None, own: Callable[[Path], Collection[str] | None]
) -> None:
    """Move a whole folder into place; what stood there makes way, and comes back if the move fails."""
    _make_lasting(target.parent)
    for _ in range(10):
        try:
            if not os.path.lexists(target):
                os.rename(filled, target)
                flush_folder(target.parent)
                return
        except OSError:
            if not os.path.lexists(target):
                raise
        if keep is not None and keep(target):
            return  # somebody else finished the same folder first: theirs is as good
        with contextlib.suppress(FileNotFoundError):  # another process took it away
            names = own(target)
            if names is None:
                raise Foreign(f"{target} is there already and was not made by entente; move it away")
            _take_over(target, filled, names)
            flush_folder(filled)
            _swap(filled, target)
            flush_folder(target.parent)
            return
    raise OSError(f"{target} changes under our hands")


def _take_over(old: Path, new: Path, names: Collection[str]) -> None:
    """Put into a new folder what somebody else put into the old one, before that makes way."""
    for theirs in sorted(old.iterdir()):
        goes_with_it = theirs.name == MARK or theirs.name in names or os.path.lexists(new / theirs.name)
        if goes_with_it:
            continue
        if theirs.is_dir() and not theirs.is_symlink():
            shutil.copytree(theirs, new / theirs.name, symlinks=True, copy_function=_link)
        else:
            _link(theirs, new / theirs.name)


def _link(source: Path | str, target: Path | str) -> None:
    """The same file under a second name; a copy where the disk cannot."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


def _swap(filled: Path, target: Path) -> None:
    """Put a folder in the place of another, which is removed: in one step where the system can, so that a kill or a loss
    of power finds one of the two there; else in two."""
    if _exchange(filled, target):
        return  # what was there lies in the temporary place now, which is cleared
    aside = filled.with_name(f"{filled.name}-old")
    os.rename(target, aside)
    try:
        os.rename(filled, target)
    except BaseException:
        os.rename(aside, target)
        raise
    remove(aside)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change their names in one step; False where the system cannot."""
    call = _renameat2()
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    return bool(call) and call(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0


@cache
def _renameat2() -> Callable[..., int] | None:
    """Linux's own call, which Python has no name for."""
    import ctypes  # here, since it takes time and only a folder that is replaced needs it

    try:
        return ctypes.CDLL(None).renameat2 if sys.platform == "linux" else None
    except (OSError, AttributeError):
        return None


def _escaped(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
