"""Finding runs: by folder, or by a scenario's name (its newest finished run)."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.resources import NOT_SCENARIOS
from sim.results.atomic import is_ours
from sim.results.files import check_files
from sim.results.manifest import NAME, EarlierVersion, ResultsError, read_manifest

DIGITS = 12  # of the digest in a folder's name
EARLIER = "of an earlier version"


@dataclass(frozen=True)
class RunInfo:
    """One folder of results as `list runs` shows it; `problem` says why it cannot be read, when it cannot.

    ``changed`` are the words that make it another story, or other months, than its scenario's file has; ``sweep`` is the id
    of the sweep that made it.
    """

    path: Path
    scenario: str
    run: str
    finished: str = ""
    replicates: int = 0
    seed: int = 0
    start: str = ""
    end: str = ""
    title: str = ""
    problem: str = ""
    changed: tuple[str, ...] = ()
    sweep: str = ""


def folder(root: Path | str, scenario: str, run_digest: str) -> Path:
    """Where the run with a digest lives."""
    return Path(root) / scenario / run_digest[:DIGITS]


def is_run_name(name: str) -> bool:
    """Whether a folder's name is that of a run or of a sweep: 12 hexadecimal digits."""
    return len(name) == DIGITS and set(name) <= set("0123456789abcdef")


def finished(
    root: Path | str, scenario: str, run_digest: str, *, contents: bool = True, told: Callable[[str], Any] | None = None
) -> Path | None:
    """The folder of a whole run with this digest (or its first 12 digits), or None.

    Args:
        root: the folder of all results.
        scenario: its name.
        run_digest: of the run.
        contents: compare every file with its sha256, and not only its size.
        told: called with a sentence when there is such a run and it cannot be used.
    """
    path = folder(root, scenario, run_digest)
    try:
        manifest = read_manifest(path)
        check_files(path, manifest, contents=contents)
    except ResultsError as error:
        if told is not None and (path / NAME).exists():
            told(str(error))
        return None
    return path if manifest["digest"].startswith(run_digest) else None


def runs(root: Path | str = "results") -> list[RunInfo]:
    """Every run under `root`, newest first; unfinished and damaged ones at the end, with their problem."""
    root = Path(root)
    if not root.is_dir():
        return []
    from sim.results.changed import changes_of  # here, because a run that is carried out needs none of it

    found = []
    for place in sorted(root.glob("*/*")):
        scenario = place.parent.name
        if not place.is_dir() or scenario in NOT_SCENARIOS or scenario.startswith("."):
            continue
        try:
            about = read_manifest(place)
        except EarlierVersion:
            found.append(RunInfo(place, scenario, place.name, problem=EARLIER))
            continue
        except ResultsError:
            damaged = (place / NAME).exists()
            # a folder that we did not begin, such as a person's notes, is none of our business
            if is_ours(place) or (damaged and is_run_name(place.name)):
                found.append(RunInfo(place, scenario, place.name, problem="damaged" if damaged else "unfinished"))
            continue
        fields = {key: about[key] for key in ("finished", "replicates", "seed", "start", "end")}
        fields |= {"title": about["title"] or "", "changed": tuple(changes_of(about)), "sweep": _text(about.get("sweep"))}
        found.append(RunInfo(place, about["scenario"], place.name, **fields))
    return sorted(found, key=lambda info: info.finished, reverse=True)


def find(name_or_folder: Path | str, root: Path | str = "results", *, quiet: bool = False) -> Path:
    """The folder of a run.

    A scenario's name means the scenario as its file says: a run whose story or months a command changed is taken for it only
    where there is no other, and that is said on stderr; one that a sweep made, only where there is none made by itself.

    Args:
        name_or_folder: a folder; a scenario's name (its newest finished run); or the first digits of a run's name.
        root: the folder of all results.
        quiet: say nothing on stderr.

    Raises:
        ResultsError: nothing fits; the message says what there is.
    """
    name, path = str(name_or_folder), Path(name_or_folder)
    if (path / NAME).is_file():
        return path
    everything = runs(root)
    whole = [info for info in everything if not info.problem]
    if named := [info for info in whole if info.scenario == name]:
        return _plainest(named, name, quiet).path
    for info in whole:
        if len(name) >= 4 and info.run.startswith(name):
            return info.path
    if path.is_dir():
        inside = [info for info in whole if info.path.parent.resolve() == path.resolve()]
        if inside:
            return _plainest(inside, inside[0].scenario, quiet).path
        read_manifest(path)  # says that it is unfinished
    unfinished = [info for info in everything if info.scenario == name]
    if unfinished:
        raise ResultsError(
            f"no finished run of {name!r} in {root} ({unfinished[0].path} is {unfinished[0].problem}); "
            f"run it again: python -m sim run scenario={name}"
        )
    if not whole:
        raise ResultsError(
            f"no run of {name!r}: {root} holds no finished run; start with: python -m sim run scenario={name}"
        )
    known = sorted({info.scenario for info in whole})
    close = difflib.get_close_matches(name, known, 1)
    hint = f"did you mean {close[0]!r}? " if close else ""
    raise ResultsError(f"no run of {name!r} in {root}; {hint}there are runs of {', '.join(known)}")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _plainest(named: list[RunInfo], name: str, quiet: bool) -> RunInfo:
    """Of the runs of a scenario, newest first, the one that its bare name means."""
    chosen = min(named, key=lambda info: (bool(info.changed), bool(info.sweep)))
    if chosen.changed and not quiet:
        from sim.results.changed import short

        words = ", ".join(map(short, chosen.changed))
        said = f"no finished run of {name} as its file says; taken is {chosen.path}, with {words}"
        print(said, file=sys.stderr, flush=True)
    return chosen
