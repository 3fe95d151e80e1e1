"""The digest of a run: one sha256 over everything that determines its numbers.

Two runs with the same digest have the same numbers, so the digest is the run's name on disk and a finished run is never
computed twice. Whatever cannot change a number (workers, pictures, folders) stays out of it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sim.options import DEFAULTS, KERNEL, NUMPY, basics

# Sources, relative to the package, whose text decides the numbers. Where a file is missing the pattern matches nothing.
DETERMINING = (
    "calendar.py",
    "kernel/*.py",
    "kernel/src/*.[ch]",
    "draws.py",
    "hazards.py",
    "quantile.py",
    "parameters.py",
    "world.py",
    "events/*.py",
    "engine.py",
    "agents/*.py",
    "processes/chunks.py",
    "processes/memory.py",
    "simulation/*.py",
    "mechanisms/*.py",
    "measures/*.py",
    "scenario/calibrated/*.csv",
    "scenario/calibration.py",
    "scenario/distributions.py",
    "scenario/positions.py",
    "start/*.py",
)

# The spec is the whole story as text; the rest is what it was resolved to, starting world included.
DETERMINING_FIELDS = (
    "spec",
    "world",
    "start",
    "end",
    "schedule",
    "cores",
    "sets",
    "watch",
    "events",
    "parameters",
    "tables",
)
DETERMINING_OPTIONS = ("seed", "replicates", "precision", "measure", "dtype", "save")


def plain(value: Any) -> Any:
    """Any value of a scenario as what JSON knows: mappings with text keys, lists, numbers, text, truth values, null."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if hasattr(value, "plain"):
        return plain(value.plain())
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(plain(item) for item in value)
    if dataclasses.is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, SimpleNamespace):
        return plain(vars(value))
    if isinstance(value, Path):
        return value.as_posix()
    if hasattr(value, "tolist"):  # numpy arrays and scalars
        return plain(value.tolist())
    raise TypeError(f"cannot write {type(value).__name__} {value!r} as JSON")


def canonical(value: Any) -> bytes:
    """The one JSON text of a value: keys sorted, no spaces, floats at full precision."""
    return json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def code_digest(extra: tuple[str, ...] = ()) -> str:
    """sha256 over the sources that determine results, with the same value for LF and CRLF checkouts.

    Args:
        extra: paths of further source files, such as a mechanism registered from outside the package.
    """
    texts = _sources() | {f"outside/{Path(path).name}": _text(Path(path)) for path in extra}
    total = hashlib.sha256()
    for name in sorted(texts):
        total.update(name.encode() + b"\0" + texts[name] + b"\0")
    return total.hexdigest()


@cache
def _sources() -> dict[str, bytes]:
    """The package's own sources, read once: a file edited while a process runs is not what that process runs."""
    package = Path(__file__).resolve().parent.parent
    paths = {path for pattern in DETERMINING for path in package.glob(pattern)}
    return {path.relative_to(package).as_posix(): _text(path) for path in paths}


def _text(path: Path) -> bytes:
    return path.read_bytes().replace(b"\r\n", b"\n")


def _outside(schedule: tuple[str, ...]) -> tuple[str, ...]:
    """Source files of scheduled mechanisms that live outside the package."""
    mechanisms = sys.modules.get("sim.mechanisms")
    if mechanisms is None or not hasattr(mechanisms, "get"):
        return ()
    files = (getattr(mechanisms.get(name), "__file__", None) for name in schedule if name in mechanisms.names())
    return tuple(file for file in files if file and not _within(file))


@cache
def _within(file: str) -> bool:
    """Whether a source file belongs to the package."""
    return Path(__file__).resolve().parent.parent in Path(file).resolve().parents


def digest(scenario: Any, options: Mapping[str, Any], known: Mapping[int, tuple[Any, bytes]] | None = None) -> str:
    """The digest of a run, 64 hexadecimal digits; the first 12 name its folder.

    Args:
        scenario: a resolved `Scenario`, with the run's own start and end.
        options: run options; `seed`, `replicates`, `dtype` and `save` count, and with `replicates=auto` also
            `precision` and `measure`; so do `behaviours`, by class and file, and `engine`, where that is the kernel in the
            end. The rest changes no number.
        known: what :func:`remember` gave of a scenario that this one shares parts with.

    Raises:
        BehaviourError: a behaviour is in no file, so that this run could not be told from others.
        ScenarioError: the kernel was asked for and cannot carry out this run.
    """
    chosen = basics(options) | {key: options[key] for key in DETERMINING_OPTIONS if options.get(key) is not None}
    if chosen["replicates"] != "auto":
        chosen = {key: value for key, value in chosen.items() if key not in ("precision", "measure")}
    if options.get("engine", DEFAULTS.engine) != NUMPY:
        from sim.simulation.engines import engine_asked

        if engine_asked(scenario, options).name == KERNEL:
            chosen["engine"] = KERNEL  # where numpy carries it out, it is the run that it always was
    if options.get("behaviours"):
        from sim.agents.behaviours import fingerprint

        chosen["behaviours"] = {code: fingerprint(given) for code, given in options["behaviours"].items()}
    story = {field: getattr(scenario, field) for field in DETERMINING_FIELDS}
    if set(story["cores"]) != {"east", "west"}:  # their order says which is drawn in the East's place
        story["cores"] = [[side, codes] for side, codes in story["cores"].items()]
    story["spec"] = {key: value for key, value in story["spec"].items() if value not in (None, {}, [])}  # empty is absent
    texts = {"spec": _joined({key: _canonical(value, known) for key, value in story.pop("spec").items()})}
    texts |= {field: _canonical(value, known) for field, value in story.items()}
    parts = {"code": canonical(code_digest(_outside(scenario.schedule))), "options": canonical(chosen)}
    return hashlib.sha256(_joined(parts | {"scenario": _joined(texts)})).hexdigest()


def _joined(texts: Mapping[str, bytes]) -> bytes:
    """The canonical text of a mapping from those of its values."""
    return b"{" + b",".join(canonical(key) + b":" + texts[key] for key in sorted(texts)) + b"}"


def remember(scenario: Any) -> dict[int, tuple[Any, bytes]]:
    """The texts of a scenario's parts, for the digests of many that share them."""
    parts = [*scenario.spec.values(), *(getattr(scenario, field) for field in DETERMINING_FIELDS if field != "spec")]
    return {id(part): (part, canonical(part)) for part in parts}  # with the part, so that its address stays its own


def _canonical(value: Any, known: Mapping[int, tuple[Any, bytes]] | None) -> bytes:
    return known[id(value)][1] if known and id(value) in known else canonical(value)
