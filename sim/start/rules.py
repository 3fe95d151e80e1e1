"""What carries a world through a month."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from sim import mechanisms
from sim.draws import Draws
from sim.events.event import Event
from sim.measures import Frame


@dataclass(frozen=True)
class Rules:
    """What carries a world through a month: mechanisms in order, their parameters, the events, and the luck."""

    schedule: tuple[tuple[str, ModuleType], ...]
    parameters: dict[str, Any]
    events: tuple[Event, ...]
    frame: Frame
    draws: Draws

    def has(self, mechanism: str) -> bool:
        """Whether a mechanism is in the schedule."""
        return any(name == mechanism for name, _ in self.schedule)

    def __reduce__(self) -> tuple:
        """For pickling and copying: modules cannot be, so mechanisms go by their names."""
        rest = {f.name: getattr(self, f.name) for f in dataclasses.fields(self) if f.name != "schedule"}
        return _rules, (tuple(name for name, _ in self.schedule), rest)


def _rules(schedule: tuple[str, ...], rest: dict[str, Any]) -> Rules:
    return Rules(tuple((name, mechanisms.get(name)) for name in schedule), **rest)
