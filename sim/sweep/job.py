"""One job of a sweep, as a line of text, and what came of it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

DONE, FAILED, STOPPED = "done", "failed", "stopped"


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
    def again(self) -> bool:
        """Whether an earlier job is the same run under another label."""
        return self.first != self.number

    def line(self) -> str:
        """The job as a line of `jobs.jsonl`."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")) + "\n"

    @classmethod
    def read(cls, line: str | bytes) -> Job:
        """What :meth:`line` wrote."""
        return cls(**json.loads(line))


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
