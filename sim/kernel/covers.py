"""What the kernel covers: a reason for every run that only the mechanisms' own numpy can carry out."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from sim import measures, mechanisms
from sim.events import types
from sim.kernel import layout
from sim.kernel.library import KernelError, library
from sim.scenario import Scenario
from sim.scenario.calibration import PARAMETERS

NOT_BUILT = "it is not compiled here: run `python -m sim.kernel build` (it needs a C compiler, or `pip install ziglang`)"


def reason_against(scenario: Scenario, *, behaviours: Mapping[str, Any] | None = None) -> str | None:
    """Why the kernel cannot carry out a run, as the second half of a sentence; None where it can."""
    return not_covered(scenario, behaviours) or not_there()


def not_there() -> str | None:
    """Why there is no kernel on this machine; None where there is one."""
    if sys.byteorder != "little":
        return "this machine keeps the bytes of numbers in another order"
    try:
        return None if library() is not None else NOT_BUILT
    except (KernelError, OSError) as error:
        return str(error)


def not_covered(scenario: Scenario, behaviours: Mapping[str, Any] | None) -> str | None:
    """Why no kernel can carry out a run; None where one can."""
    if behaviours:
        return f"behaviours of your own decide for {', '.join(sorted(behaviours))}"
    for name in scenario.schedule:
        if name not in layout.MECHANISMS or mechanisms.get(name).__name__ != f"sim.mechanisms.{name}":
            return f"it has no mechanism {name!r}"
    if getattr(scenario, "uncertainty", None) == PARAMETERS:
        return "with uncertainty=parameters all replicates have the same chance"
    if own := set(measures.names()) ^ {*layout.MONTHLY, *layout.YEARLY}:
        return f"it does not have the same measures: {', '.join(sorted(own))}"
    return _parameter(scenario) or next(filter(None, (_event(key, event) for key, event in scenario.events.items())), None)


def _parameter(scenario: Scenario) -> str | None:
    """What of the parameters is not the kernel's: a word that it does not have, or a number that it does not know and that
    is not at its default."""
    for mechanism in scenario.schedule:
        given = scenario.parameters.get(mechanism, {})
        for name, field in mechanisms.get(mechanism).Parameters.__dataclass_fields__.items():
            value = given.get(name, field.default)
            if name not in layout.PARAMETERS[mechanism]:
                if value != field.default:
                    return f"it does not know the parameter {mechanism}.{name}"
            elif isinstance(value, str) and value not in layout.WORDS.get((mechanism, name), ()):
                return f"it has no {mechanism}.{name}={value}"
    return None


def _event(key: str, event: Mapping[str, Any]) -> str | None:
    """What of an event is not the kernel's."""
    kind = types()[event["type"]]
    if event["type"] not in layout.EVENT_TYPES:
        return f"it has no event type {event['type']!r} (events.{key})"
    if more := set(event) - {*layout.EVENT_FIELDS, *_OF_ALL}:
        return f"it does not know the field {min(more)!r} of events.{key}"
    if event.get("parameter") is not None:
        mechanism, name = str(event["parameter"]).split(".")
        word = event["value"] if isinstance(event.get("value"), str) else None
        known = word is None or word in layout.WORDS.get((mechanism, name), ())
        if name not in layout.PARAMETERS.get(mechanism, ()) or not known:
            return f"it cannot set {event['parameter']} (events.{key})"
    quantity = kind.variables.get(event.get("variable", ""))
    if quantity is not None and (quantity.array or event["variable"]) not in layout.STATE:
        return f"it cannot change {event['variable']} (events.{key})"
    return _condition(key, event["when"]) if event.get("when") is not None else None


def _condition(key: str, condition: Mapping[str, Any]) -> str | None:
    if more := set(condition) - set(layout.CONDITION_FIELDS):
        return f"it does not know {min(more)!r} in the condition of events.{key}"
    parts = [part for name in ("all", "any") for part in condition.get(name) or ()]
    return next(filter(None, (_condition(key, part) for part in parts)), None)


_OF_ALL = ("type", "title", "on", "when", "hazard", "source", "basis", "note")
