"""A plan against its own name: the id of a sweep is computed from all that determines its results, when it is written and
again whenever it is opened. What does not fit is refused, with the part that differs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sim.agents.behaviours import Behaviour
from sim.results.finding import DIGITS
from sim.results.manifest import ResultsError
from sim.results.run_digest import canonical
from sim.results.stored import read_json
from sim.sweep import SweepError
from sim.sweep.job import Job

HEAD, JOBS, STORIES = "plan.json", "jobs.jsonl", "stories"
WORDS = "words"
"""Among the digests of a head: that of what it only tells."""
DETERMINING = ("axes", "design", "samples", "sample_seed", "outcomes", "at", "jobs", "runs")
"""Keys of the head that are in the id; the others only tell: `name`, `command`."""


def digests(head: Mapping[str, Any], lines: str) -> dict[str, str]:
    """Of the two files of a plan; `lines` is the sha256 of all lines of its jobs, which name the stories by theirs."""
    told = {name: head.get(name) for name in DETERMINING}
    return {HEAD: hashlib.sha256(canonical(told)).hexdigest(), JOBS: lines}


def digest_of_words(head: Mapping[str, Any]) -> str:
    """Of what a head only tells: no part of the id, since the same sweep may be told otherwise, but no less damaged."""
    told = {name: head.get(name) for name in sorted({*head} - {*DETERMINING, "id", "digests"})}
    return hashlib.sha256(canonical(told)).hexdigest()


def id_of(parts: Mapping[str, str]) -> str:
    """The whole id of a plan; its first digits name the folder."""
    return hashlib.sha256(canonical(dict(parts))).hexdigest()


def read_head(folder: Path) -> dict[str, Any]:
    """The head of a plan, each key of its kind. Whether the plan fits its id is not looked at.

    Raises:
        SweepError: there is none, or it is damaged; the message says which key.
    """
    path = folder / HEAD
    if not path.is_file():
        raise SweepError(f"{folder} holds no sweep: it has no {HEAD}")
    try:
        head = read_json(path)
    except ResultsError as error:
        raise SweepError(f"{folder} is damaged: {error}. {_advice(folder)}") from None
    if not isinstance(head, dict):
        raise SweepError(f"{folder} is damaged: {path}: is not a mapping. {_advice(folder)}")
    for name in [*_FORM, *(name for name in head if name not in _FORM)]:
        if name not in _FORM:
            raise SweepError(f"{folder} is damaged: {path}: {name!r:.80} is not a key of a plan. {_advice(folder)}")
        fits, form = _FORM[name]
        if not fits(head.get(name)):
            raise SweepError(f"{folder} is damaged: {path}: {name}: {head.get(name)!r:.80} is not {form}. {_advice(folder)}")
    return head


def check_plan(folder: Path) -> tuple[dict[str, Any], dict[Behaviour, str]]:
    """The head of a plan whose every part is what its id says, and the behaviours that its jobs name, each with a
    state that has it.

    Raises:
        SweepError: a part differs; the message says which, and what to do.
    """
    head = read_head(folder)
    total = hashlib.sha256()
    first: dict[str, int] = {}
    stories: set[str] = set()
    named: dict[Behaviour, str] = {}
    row = 0
    try:
        with (folder / JOBS).open("rb") as file:
            for row, line in enumerate(file, 1):
                total.update(line)
                job = Job.read(line, f"{folder / JOBS}:{row}")
                before = first.setdefault(job.key, row)
                if (job.number, job.first) != (row, before):
                    raise SweepError(
                        f"{folder / JOBS}:{row}: number and first are {job.number} and {job.first}, "
                        f"and this is row {row} with the run of row {before}"
                    )
                stories.add(job.story)
                for code, given in job.behaviours.items():
                    named.setdefault(given, code)
    except OSError as error:
        raise _differs(folder, f"{JOBS} cannot be read: {error.strerror or error}") from None
    except SweepError as error:
        raise SweepError(f"{error}. {_advice(folder)}") from None
    if row != head["jobs"]:
        raise _differs(folder, f"{JOBS} has {row:,} of the {head['jobs']:,} rows that {HEAD} speaks of")
    if len(first) != head["runs"]:
        raise _differs(folder, f"{JOBS} has {len(first):,} of the {head['runs']:,} runs that {HEAD} speaks of")
    now = digests(head, total.hexdigest())
    changed = [name for name, digest in now.items() if head["digests"][name] != digest]
    if changed:
        raise _differs(folder, f"{' and '.join(changed)} {'was' if len(changed) == 1 else 'were'} changed")
    if head["digests"].get(WORDS, words := digest_of_words(head)) != words:
        raise _differs(folder, f"{HEAD} was changed")
    own = id_of(now)[:DIGITS]
    if (own, own) != (head["id"], folder.resolve().name):
        raise _differs(folder, f"by its content its id is {own}")
    for story in sorted(stories):
        read_story(folder, story)
    return head, named


def read_story(folder: Path, name: str) -> bytes:
    """A file of the stories, which is named by its sha256.

    Raises:
        SweepError: it is missing or was changed.
    """
    file = f"{STORIES}/{name}.json"
    try:
        data = (folder / file).read_bytes()
    except OSError as error:
        raise _differs(folder, f"{file} cannot be read: {error.strerror or error}") from None
    if hashlib.sha256(data).hexdigest() != name:
        raise _differs(folder, f"{file} was changed")
    return data


def _differs(folder: Path, what: str) -> SweepError:
    return SweepError(f"{folder} is not the plan that its id names: {what}. {_advice(folder)}")


def _advice(folder: Path) -> str:
    root = folder.parent.parent
    where = "" if root == Path("results") else f" --results {root}"
    return f"Remove it with `python -m sim clean --sweep {folder.name}{where}` and give the command of the sweep again"


def _count(value: Any) -> bool:
    return type(value) is int and value >= 1


def _text(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _axes(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(axis, dict) and isinstance(axis.get("key"), str) for axis in value)


_FORM: dict[str, tuple[Callable[[Any], bool], str]] = {
    "id": (lambda value: isinstance(value, str), "the id of the sweep"),
    "digests": (
        lambda value: isinstance(value, dict) and {HEAD, JOBS} <= {*value} <= {HEAD, JOBS, WORDS},
        f"the sha256 of {HEAD} and {JOBS}",
    ),
    "jobs": (_count, "how many rows there are"),
    "runs": (_count, "how many runs there are"),
    "axes": (_axes, "a list of axes, each with its key"),
    "design": (_text, "the name of a design"),
    "samples": (lambda value: value is None or _count(value), "a number of samples"),
    "sample_seed": (lambda value: value is None or type(value) is int, "a whole number"),
    "outcomes": (lambda value: value in (None, "all") or _list(value), "a list of series, or all"),
    "at": (lambda value: value is None or _list(value), "a list of months"),
    "name": (_text, "a name"),
    "command": (_text, "a command"),
}
"""What each key of the head holds."""
