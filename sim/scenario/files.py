"""The one way to the text of a scenario or a world table: an ordinary, small file of UTF-8 that lies in its own folder.

A folder of scenarios may come from somebody else. A link in it that leads elsewhere is not followed, since an error
would show lines of the file it leads to; a pipe or a device is not opened, since reading it would never end.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from sim import resources
from sim.scenario.problems import Position, fail, quote, shown

MAX_BYTES = 1_000_000
SPECIAL = "is not an ordinary file, but a pipe, a device or a link that leads nowhere"


def read_text(path: Path, folder: Path) -> str:
    """The text of a file.

    Args:
        path: the file.
        folder: where it has to lie, wherever links lead.

    Raises:
        ScenarioError: it cannot be read; the place is where reading ended.
    """
    start = Position(shown(path), 1, 1)
    if leaves(path, folder):
        said = "is a link to a file outside its folder, which is not read; put a copy in its place"
        raise fail(start, said)
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise fail(start, "cannot be read: it is a folder" if path.is_dir() else SPECIAL)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise fail(start, f"cannot be read: {error.strerror or error}") from None
    if len(data) > MAX_BYTES:
        raise fail(start, f"is larger than {MAX_BYTES:,} bytes; a scenario is a short text, a world some 250 states")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        raise fail(Position(start.file, line, column), "is not UTF-8 text; save the file as UTF-8") from None


def leaves(path: Path, folder: Path) -> bool:
    """Whether links lead from a file out of the folder it should lie in. Those that come with the package may: some
    installers put links in its place."""
    real, inside = os.path.realpath(path), os.path.realpath(folder)
    return os.path.commonpath([real, inside]) != inside and inside != os.path.realpath(resources.scenarios())


def is_file(path: Path) -> bool:
    """Whether there is such a file; also no for a name that no file can have, such as one of 300 letters."""
    return os.path.isfile(path)


def home_expanded(text: str | Path, option: str) -> Path:
    """A path of the user's, ``~`` as the home.

    Raises:
        ScenarioError: there is no such user.
    """
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise fail(Position(option), f"{quote(str(text))} begins with the home of a user that is not here") from None
