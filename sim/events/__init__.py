"""Events: what a scenario says will happen, on a date, on a condition or by chance. One file a type, found by its name.

A file has ``TYPE``, an :class:`EventType`: fields with their checks, the sentence, whom it concerns and what it does, as
data. Where data cannot say what it does, it also has one of

- ``act(world, event, mask, parameters)``: the world after the event took effect where ``mask`` (R,) is true;
- ``renew(world, running)``: the world with the level of all events of the type, of which ``running`` are under way,
  each with its mask;
- ``go_on(world, event, begins, running, parameters)``: the world after a month of an event that holds a level, too;
- ``exchange(parameters, event, running, floating)``: the parameters of this month.

``Event`` and what happens to a world are in :mod:`sim.events.event`; who is meant by an event in :mod:`sim.events.target`.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from types import ModuleType

from sim.events.event_type import EventType

_OTHERS = ("commitment", "condition", "event", "event_type", "target")


@cache
def modules() -> dict[str, ModuleType]:
    """The types of events by name, in the order of their rank."""
    found = sorted(info.name for info in pkgutil.iter_modules(__path__) if info.name not in _OTHERS)
    loaded = {name: importlib.import_module(f"{__name__}.{name}") for name in found}
    return dict(sorted(loaded.items(), key=lambda item: item[1].TYPE.rank))


@cache
def types() -> dict[str, EventType]:
    """What every type of event is."""
    return {name: module.TYPE for name, module in modules().items()}


def moves_trust(kind: str, variable: str | None) -> bool:
    """Whether events of a type, about a variable, move trust themselves, and so have accounts of their own in the ledger."""
    return variable == "trust" or types()[kind].moves_trust


def fields_of_any() -> set[str]:
    """Every field that some type of event takes, beside those that all have."""
    return {name for kind in types().values() for name in (*kind.fields, *kind.ways())}
