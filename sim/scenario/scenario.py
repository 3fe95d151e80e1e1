"""A scenario that has been checked: what a run takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.calendar import format_month
from sim.scenario.calibration import CHANCE, Table
from sim.scenario.worlds import Tables


@dataclass(frozen=True, repr=False)
class Scenario:
    """A story that can be run. Months are integers (``sim.calendar``); ``end`` is the first month after the run.

    ``events`` are plain mappings whose numbers may be distributions; ``parameters`` has only those that differ from the
    defaults; ``calibration`` has the draws of those that the rules estimate and the scenario does not set, ``uncertainty``
    says what differs between replicates (:data:`sim.scenario.calibration.KINDS`); rows of ``tables`` carry the scenario's
    own numbers of states, organisations and actors; ``limits`` are known failures, a sentence each; ``spec`` is the whole
    of it as plain data, with the digest of the tables, for the digest of a run.
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
    uncertainty: str = CHANCE
    calibration: Table | None = field(default=None, repr=False)

    @property
    def steps(self) -> int:
        """How many months are simulated."""
        return self.end - self.start

    @property
    def states(self) -> tuple[str, ...]:
        """Codes of the states present."""
        return tuple(row["code"] for row in self.tables.states)

    def __repr__(self) -> str:
        """One line."""
        months = f"{format_month(self.start)}..{format_month(self.end - 1)}"
        return f"<Scenario {self.name}: {len(self.states)} states, {len(self.events)} events, {months}>"

    def _repr_html_(self) -> str:
        from sim.notebook import card

        rows = [
            (event.get("on", "not dated"), event["type"], event.get("title") or key, event.get("source", ""))
            for key, event in self.events.items()
        ]
        heading = f"{self.name}: {self.title}"
        return card(heading, [self.question, repr(self)[1:-1]], ("when", "type", "event", "source"), sorted(rows))
