"""A scenario that has been checked: what a run takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.scenario.worlds import Tables


@dataclass(frozen=True)
class Scenario:
    """A story that can be run. Months are integers (``sim.calendar``); ``end`` is the first month after the run.

    ``events`` are plain mappings whose numbers may be distributions; ``parameters`` has only those that differ from the
    defaults; rows of ``tables`` carry the scenario's own numbers of states, organisations and actors; ``limits`` are known
    failures, a sentence each; ``spec`` is the whole of it as plain data, with the digest of the tables, for the digest
    of a run.
    """

    name: str
    title: str
    question: str
    description: str
    world: str
    start: int
    end: int
    schedule: tuple[str, ...]
    cores: dict[str, tuple[str, ...]]
    sets: dict[str, tuple[str, ...]]
    watch: tuple[tuple[str, str], ...]
    events: dict[str, dict[str, Any]]
    parameters: dict[str, dict[str, Any]]
    tables: Tables
    sources: dict[str, str]
    estimates: list[dict[str, Any]]
    parents: tuple[str, ...]
    spec: dict[str, Any] = field(repr=False)
    baseline: str | None = None
    limits: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    file: Path | None = None

    @property
    def steps(self) -> int:
        """How many months are simulated."""
        return self.end - self.start

    @property
    def states(self) -> tuple[str, ...]:
        """Codes of the states present."""
        return tuple(row["code"] for row in self.tables.states)
