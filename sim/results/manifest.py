"""The manifest of a folder of results: what it holds and which files, with a checksum of itself. Written last, so that it
marks a whole folder; written and read here alone, whatever the kind of folder.

Its last key, `sha256`, is the checksum of all the text before its value: a manifest of which a single bit was changed is
not read.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sim.options import DTYPES
from sim.results import fields
from sim.results.atomic import is_ours, kind_of_mark

NAME = "manifest.json"
LARGEST = 64 * 2**20
"""Bytes of a manifest, at most."""
_SEAL = b'"sha256": "'
_HEXADECIMAL = re.compile(r"[0-9a-f]{64}\Z")
_MEND = {
    "run": "run it again with force=true",
    "comparison": "compare again",
    "sweep": "give the sweep's command again",
    "explanation": "explain again",
    "ablation": "ablate again with force=true",
}
"""What to do about a folder that is damaged, by kind."""


class ResultsError(Exception):
    """A folder of results that cannot be found, read or written; the message says what to do."""


class EarlierVersion(ResultsError):
    """A manifest without a checksum of itself, as versions before this one wrote it."""


def write_manifest(folder: Path, kind: str, about: Mapping[str, Any], files: Mapping[str, Any]) -> dict[str, Any]:
    """Write the manifest of a folder whose other files are all there; what it says.

    Args:
        folder: being filled.
        kind: what it is, such as `run`.
        about: what the manifest says, as plain data or what becomes it.
        files: as `sim.results.files.listed` gives them.
    """
    from sim import __version__
    from sim.results.run_digest import plain

    told = plain({"kind": kind, "entente": __version__, **about, "files": files})
    text = json.dumps({**told, "sha256": ""}, indent=1, ensure_ascii=False)
    head = text.removesuffix('"\n}').encode()
    (folder / NAME).write_bytes(head + f'{hashlib.sha256(head).hexdigest()}"\n}}\n'.encode())
    return told


def read_manifest(folder: Path | str, kind: str = "run", form: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The manifest of a finished folder of results.

    Args:
        folder: the folder.
        kind: what it must be; empty for anything.
        form: the keys that readers of this kind use, as `sim.results.fields` describes them; None for those of a run.

    Raises:
        EarlierVersion: it has no checksum of itself.
        ResultsError: there is none (the folder is unfinished), or it is damaged, or of another kind.
    """
    folder = Path(folder)
    path, mend = folder / NAME, _MEND.get(kind, "make it again")
    about = _parsed(path, _content(folder, path, kind, mend), mend)
    form = RUN if form is None else form
    wrong = fields.problem(about, COMMON)
    if not wrong and kind and about["kind"] != kind:
        raise ResultsError(f"{folder} is a folder of another kind: it holds {_a(about['kind'])}, not {_a(kind)}")
    wrong = wrong or (fields.problem(about, form) if kind else None)
    if wrong:
        raise ResultsError(f"{path} is damaged: {NAME}: {wrong}; {mend}")
    return about


def kind_in(folder: Path | str) -> str:
    """What a folder holds, by its manifest, else by the mark that was set when it was begun; empty where neither says."""
    try:
        return read_manifest(folder, "", {})["kind"]
    except ResultsError:
        return kind_of_mark(Path(folder)) or ""


def now() -> str:
    """The moment, as a manifest says when its folder was finished."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def damaged(folder: Path | str, kind: str, what: str) -> ResultsError:
    """The error that says what is wrong with a folder of a kind, and what to do."""
    return ResultsError(f"{folder} is damaged: {what}; {_MEND.get(kind, 'make it again')}")


def _content(folder: Path, path: Path, kind: str, mend: str) -> bytes:
    """The bytes of a manifest.

    Raises:
        ResultsError: there are none, or too many.
    """
    try:
        if path.is_symlink():
            raise ResultsError(f"{path} is damaged: it is a symbolic link; {mend}")
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        if not folder.is_dir():
            raise ResultsError(f"{folder}: there is no such folder") from None
        raise ResultsError(_without_manifest(folder, kind, mend)) from None
    except OSError as error:
        raise ResultsError(f"{path} is damaged: it cannot be read ({error.strerror or error}); {mend}") from None
    if len(data) > LARGEST:
        raise ResultsError(f"{path} is damaged: it has more than {LARGEST // 2**20} MB; {mend}")
    return data


def _without_manifest(folder: Path, kind: str, mend: str) -> str:
    """What to say of a folder without a manifest: only one that we began is unfinished."""
    if is_ours(folder):
        what = f"an unfinished {kind}" if kind else "unfinished"
        return f"{folder} is {what}: it has no {NAME}, which is written last; {mend}, or take it away: python -m sim clean"
    return f"{folder} holds no {kind or 'results'}: it has no {NAME}. python -m sim list runs shows the runs that there are"


def _parsed(path: Path, data: bytes, mend: str) -> Any:
    """What a manifest says, once its checksum was compared."""
    head, seal, rest = data.rpartition(_SEAL)
    head += seal
    sealed = rest == f'{hashlib.sha256(head).hexdigest()}"\n}}\n'.encode()
    try:
        about = fields.parse(data)
    except ValueError as error:
        what = " ".join(str(error).split())[:200]
        raise ResultsError(f"{path} is damaged: it is no JSON text ({what}); {mend}") from None
    if sealed and isinstance(about, dict):
        return about
    if isinstance(about, dict) and "sha256" not in about and "files" in about:
        raise EarlierVersion(f"{path} has no checksum of itself: an earlier version wrote it, or it is damaged; {mend}")
    raise ResultsError(f"{path} is damaged: it was changed since it was written; {mend}")


def _a(kind: str) -> str:
    return f"an {kind}" if kind[:1] in "aeiou" else f"a {kind}"


def _file_name(name: str) -> str | None:
    """What is wrong with the name of a file: it must be a plain relative path inside the folder."""
    parts = name.split("/")
    bad = any(part in ("", ".", "..") or part != part.strip() for part in parts)
    if bad or len(name) > 255 or not name.isprintable() or any(letter in name for letter in '\\:*?"<>|'):
        return "is no plain name of a file inside the folder"
    return None


def _files(value: Any) -> str | None:
    """What is wrong with the list of files."""
    if not isinstance(value, dict):
        return "must be a mapping"
    for name, about in value.items():
        wrong = _file_name(name) or fields.problem(about, {"sha256": _sha256, "bytes": fields.count})
        if wrong:
            said = name if name.isprintable() else ascii(name)
            return f"{said[:80]}{'.' if ': ' in wrong and not wrong.startswith('is ') else ' '}{wrong}"
    return None


def _sha256(value: Any) -> str | None:
    good = isinstance(value, str) and _HEXADECIMAL.match(value)
    return None if good else "must be 64 hexadecimal digits"


_CODED = {"code": str, "name": str}
COMMON = {"kind": fields.one_of(*_MEND), "entente": str, "files": _files}
"""What every manifest has."""
RUN = {
    "finished": str,
    "code": str,
    "scenario": str,
    "title": (str, None),
    "question": (str, None),
    "description": (str, None),
    "world": (str, None),
    "parents": [str],
    "digest": _sha256,
    "seed": int,
    "replicates": fields.positive,
    "start": fields.month,
    "end": fields.month,
    "steps": fields.count,
    "dtype": fields.one_of(*DTYPES),
    "save": str,
    "states": [_CODED],
    "actors": [_CODED],
    "organisations": [{**_CODED, "members": [str]}],
    "cores": dict,
    "sets": {str: [str]},
    "watch": [[str]],
    "baseline": (str, None),
    "estimates": list,
    "sources": dict,
    "imposed": [str],
    "parameters_changed": dict,
    "behaviours": {str: {"class": str, "file": str, "sha256": str}},
    "stopped": dict,
    "forked": dict,
    "validity": [str],
    "limits": [str],
    "warnings": [str],
    "command": str,
    "overrides": [str],
    "packages": {str: str},
    "python": str,
    "machine": {str: str},
    "timings": {str: float},
}
"""What the manifest of a run has beside that."""
