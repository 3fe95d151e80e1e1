"""One job of a sweep, as a line of text, and what came of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from sim.agents.behaviours import Behaviour, BehaviourError
from sim.results.manifest import ResultsError
from sim.results.run_digest import DETERMINING_OPTIONS
from sim.results.stored import check_options, parse_json
from sim.results.writing import check_name
from sim.sweep import SweepError

DONE, FAILED, STOPPED = "done", "failed", "stopped"
KEPT = (*DETERMINING_OPTIONS, "engine", "scenario_dir")
"""Options of a run that a job keeps: what changes its numbers, and where its scenario was found."""
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True)
class Job:
    """A row of the table: one run, and the labels under which it was asked for.

    ``number`` counts rows from 1; ``key`` is the digest of the run; ``story`` names the scenario in the plan's `stories/`,
    and ``changes`` what this job has otherwise; ``options`` are those of the run that change its numbers or its folder;
    ``values`` holds each axis and its value here; ``overrides`` the command line of this run alone; ``first`` the number
    of the first job with the same key: itself, unless this one resolves to the same run.
    """

    number: int
    key: str
    scenario: str
    story: str
    changes: list[list[Any]]
    options: dict[str, Any]
    values: dict[str, Any]
    overrides: list[str]
    first: int

    @property
    def repeats(self) -> bool:
        """Whether an earlier job is the same run under another label."""
        return self.first != self.number

    @property
    def behaviours(self) -> dict[str, Behaviour]:
        """The behaviours that its run has, by state; no file is opened."""
        named = self.options.get("behaviours") or {}
        return {code: Behaviour.stored(about, f"options.behaviours.{code}") for code, about in named.items()}

    def line(self) -> str:
        """The job as a line of `jobs.jsonl`."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")) + "\n"

    @classmethod
    def read(cls, line: bytes, where: str = "jobs.jsonl") -> Job:
        """What :meth:`line` wrote.

        Args:
            line: of the file.
            where: file and line, for messages.

        Raises:
            SweepError: it is no job; the message says where and which key.
        """
        try:
            given = parse_json(line, where)
            if not isinstance(given, dict) or set(given) != _NAMES:
                have = set(given) if isinstance(given, dict) else set()
                wrong = ", ".join(sorted(map(repr, have ^ _NAMES)))[:200]
                raise SweepError(f"{where}: is no job, which has the keys {', '.join(_FORM)}; missing or unknown: {wrong}")
            job = cls(**given)
            for name, (fits, form) in _FORM.items():
                if not fits(given[name]):
                    raise SweepError(f"{where}: {name}: {given[name]!r:.80} is not {form}")
            if not 1 <= job.first <= job.number:
                raise SweepError(f"{where}: first: {job.first} is not a row from 1 to {job.number}")
            check_name(job.scenario)
            check_options(job.options, f"{where}: options.")
            _ = job.behaviours
        except (BehaviourError, ResultsError) as error:
            text = str(error)
            raise SweepError(text if text.startswith(where) else f"{where}: {text}") from None
        return job


def _whole(value: Any) -> bool:
    return type(value) is int and value >= 1


def _sha256(value: Any) -> bool:
    return isinstance(value, str) and _SHA256.match(value) is not None


def _step(value: Any) -> bool:
    """A change of a story: a path of keys, and what to set there; nothing more to remove it."""
    return (
        isinstance(value, list)
        and len(value) in (1, 2)
        and isinstance(value[0], list)
        and all(isinstance(key, str) for key in value[0])
        and (len(value) == 2 or bool(value[0]))
    )


def _options(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) <= {*KEPT, "behaviours"}
        and isinstance(value.get("scenario_dir", ""), str)
        and isinstance(value.get("behaviours", {}), dict)
    )


def _cells(value: Any) -> bool:
    return isinstance(value, dict) and all(x is None or isinstance(x, (bool, int, float, str)) for x in value.values())


def _words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


_FORM: dict[str, tuple[Callable[[Any], bool], str]] = {
    "number": (_whole, "a whole number from 1"),
    "key": (_sha256, "the digest of a run, 64 hexadecimal digits"),
    "scenario": (lambda value: isinstance(value, str), "a scenario's name"),
    "story": (_sha256, "the digest of a story, 64 hexadecimal digits"),
    "changes": (lambda value: isinstance(value, list) and all(map(_step, value)), "a list of [path, value] or [path]"),
    "options": (_options, f"a mapping with {', '.join(KEPT)} or behaviours"),
    "values": (_cells, "a mapping of axes to single values"),
    "overrides": (_words, "a list of words"),
    "first": (_whole, "a whole number from 1"),
}
"""What each key of a job holds."""


@dataclass(frozen=True)
class Finished:
    """What came of a job: ``done`` (a whole run is in its folder), ``failed`` (this run cannot be had) or ``stopped``
    (nothing more can be, such as on a full disk). ``outcomes`` are columns of the table; ``trace`` is for a programmer."""

    key: str
    status: str
    reused: bool = False
    error: str = ""
    trace: str = ""
    outcomes: dict[str, float | None] = field(default_factory=dict)


_NAMES = {one.name for one in fields(Job)}
