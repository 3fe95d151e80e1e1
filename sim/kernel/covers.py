"""What the kernel covers: a reason for every run that only the mechanisms' own numpy can carry out."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from sim import measures, mechanisms
from sim.kernel import layout
from sim.kernel.library import KernelError, library
from sim.scenario import Scenario

NOT_BUILT = "it is not compiled here: run `python -m sim.kernel build` (it needs a C compiler, or `pip install ziglang`)"


def reason_against(scenario: Scenario, *, dtype: str = "float64", behaviours: Mapping[str, Any] | None = None) -> str | None:
    """Why the kernel cannot carry out a run, as the second half of a sentence; None where it can."""
    return not_covered(scenario, dtype, behaviours) or not_there()


def not_there() -> str | None:
    """Why there is no kernel on this machine; None where there is one."""
    if sys.byteorder != "little":
        return "this machine keeps the bytes of numbers in another order"
    try:
        return None if library() is not None else NOT_BUILT
    except (KernelError, OSError) as error:
        return str(error)


def not_covered(scenario: Scenario, dtype: str, behaviours: Mapping[str, Any] | None) -> str | None:
    """Why no kernel can carry out a run; None where one can."""
    if dtype != "float64":
        return f"it has float64 only, and dtype={dtype} was asked for"
    if behaviours:
        return f"behaviours of your own decide for {', '.join(sorted(behaviours))}"
    for name in scenario.schedule:
        if name not in layout.MECHANISMS or mechanisms.get(name).__name__ != f"sim.mechanisms.{name}":
            return f"it has no mechanism {name!r}"
    known = {event["type"] for event in scenario.events.values()}
    for name in sorted(known - set(layout.EVENT_TYPES)):
        return f"it has no event type {name!r}"
    own = set(measures.names()) ^ {*layout.MONTHLY, *layout.YEARLY}
    if own:
        return f"it does not have the same measures: {', '.join(sorted(own))}"
    step = scenario.parameters.get("trust", {}).get("balance_step", "euler")
    if step != "euler" or _sets(scenario, "trust.balance_step"):
        return "trust.balance_step=exact, a check against published results, is not of the kernel"
    return None


def _sets(scenario: Scenario, parameter: str) -> bool:
    return any(event.get("parameter") == parameter for event in scenario.events.values())
