"""What a folder of results says, as text that somebody may have sent: JSON read strictly, numbers within the limits of the
command line, paths that stay inside, and commands that are only shown.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from sim.options import DTYPES, ENGINES, SAVES
from sim.results import fields
from sim.results.manifest import ResultsError

MOST_REPLICATES = 1_000_000
LARGEST_SEED = 2**63 - 1
WORDS = {"dtype": DTYPES, "save": SAVES, "engine": ENGINES}
_ALLOWED = {
    "seed": f"a whole number, up to {LARGEST_SEED}",
    "replicates": f"a whole number from 1 to {MOST_REPLICATES:,}, or auto",
    "dtype": " or ".join(WORDS["dtype"]),
    "save": ", ".join(WORDS["save"]),
    "engine": ", ".join(WORDS["engine"]),
    "precision": "a number above 0",
    "measure": "a measure, such as cooperation:SCO",
}
_OVERRIDE = re.compile(
    r"(?:~|\+{0,2})(?:(?:scenario|parameters)(?:\.[\w>-]+)+(?:=.*)?|(?:start|end|uncertainty)=[\w-]+)\Z", re.S
)


def read_json(path: Path) -> Any:
    """The JSON in a file.

    Raises:
        ResultsError: it cannot be read, is not JSON or is nested too deeply; the message says where.
    """
    try:
        return parse_json(path.read_bytes(), str(path))
    except OSError as error:
        raise ResultsError(f"{path} cannot be read: {error.strerror or error}") from None


def parse_json(data: bytes, where: str) -> Any:
    """JSON as `fields.parse` reads it.

    Raises:
        ResultsError: it is none, or is nested too deeply; the message begins with `where`.
    """
    try:
        return fields.parse(data)
    except json.JSONDecodeError as error:
        raise ResultsError(f"{where}:{error.lineno}:{error.colno}: is not JSON: {error.msg}") from None
    except ValueError as error:
        raise ResultsError(f"{where}: is not JSON: {error}") from None


def check_options(options: Mapping[str, Any], where: str) -> None:
    """See that the options of a run that decide its numbers are what the command line would take.

    Args:
        options: as they are stored; other keys are not looked at.
        where: file and key that they stand in, for messages.

    Raises:
        ResultsError: naming the first that is not.
    """
    auto = options.get("replicates") == "auto"
    for name, allowed in _ALLOWED.items():
        value = options.get(name)
        if not (_fits(name, value) or (value is None and not (auto and name in ("precision", "measure")))):
            raise ResultsError(f"{where}{name}: {_short(value)} is not allowed; it is {allowed}")


def _fits(name: str, value: Any) -> bool:
    if name in WORDS:
        return isinstance(value, str) and value in WORDS[name]
    if name == "measure":
        return isinstance(value, str) and value != ""
    if isinstance(value, bool):
        return False
    if name == "seed":
        return isinstance(value, int) and abs(value) <= LARGEST_SEED
    if name == "replicates":
        return value == "auto" or (isinstance(value, int) and 1 <= value <= MOST_REPLICATES)
    return isinstance(value, (int, float)) and 0 < value < 1e300


def check_override(word: Any, where: str) -> None:
    """See that a stored word of a command line can do no more than change a story: no code, no variable of the
    environment, no setting of Hydra's own.

    Raises:
        ResultsError: it could.
    """
    if not isinstance(word, str) or not _OVERRIDE.match(word) or "${" in word:
        raise ResultsError(
            f"{where}: {_short(word)} is not a plain change of a story, and is not taken over from a folder; "
            "give the options on the command line"
        )


def inside(root: Path, name: Any, where: str) -> Path:
    """A path below a folder, from a name that a file says; nothing outside is ever looked at.

    Raises:
        ResultsError: it leads elsewhere.
    """
    fits = isinstance(name, str) and name and "\0" not in name
    if fits:
        parts = {*PurePosixPath(name).parts, *PureWindowsPath(name).parts}
        fits = ".." not in parts and not PurePosixPath(name).is_absolute() and not PureWindowsPath(name).anchor
    if not fits:
        raise ResultsError(f"{where}: {_short(name)} is not a folder inside {root}; nothing outside it is read")
    return root / name


def shown_command(text: Any) -> str:
    """A stored command of ours as it can be shown and copied: its words and nothing that a shell would act on. Empty where
    it is no such command, or where it names code."""
    try:
        words = shlex.split(text) if isinstance(text, str) and text.isprintable() else []
    except ValueError:
        return ""
    words = words[1:] if words[:1] == ["sim"] else words[3:] if words[:3] == ["python", "-m", "sim"] else []
    if not words or words[0] not in ("run", "submit") or any("behaviour." in word for word in words):
        return ""
    return f"python -m sim {shlex.join(words)}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
