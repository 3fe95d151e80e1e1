"""Which engine carries out a run: the mechanisms' own numpy, or the kernel.

Both do the same months. Where replicates come out of the same choices their numbers agree to 1e-11, not to the last digit,
so the engine is part of a run's digest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sim.options import DEFAULTS, ENGINES, KERNEL, NOT_BY_THE_KERNEL, NUMPY, check_dtype
from sim.scenario import Scenario, ScenarioError
from sim.scenario.problems import COMMAND_LINE, Problem


class Engine(NamedTuple):
    """The engine of a run, and where the kernel was asked for and is not used, why."""

    name: str = NUMPY
    reason: str = ""

    @property
    def notes(self) -> list[str]:
        """What a reader should know: that numpy carried it out where the kernel was asked for, and why."""
        return [NOT_BY_THE_KERNEL.format(self.reason)] if self.reason else []


def engine_of(
    scenario: Scenario,
    asked: str = DEFAULTS.engine,
    *,
    dtype: str = DEFAULTS.dtype,
    behaviours: Mapping[str, Any] | None = None,
) -> Engine:
    """The engine that carries out a run.

    Args:
        scenario: the story.
        asked: `auto`, `kernel` or `numpy`.
        dtype: of the run.
        behaviours: classes of the user's own, by state.

    Raises:
        ScenarioError: the kernel was asked for, and cannot carry out this run; the message says why.
        ValueError: no such engine.
    """
    check_dtype(dtype)
    if asked not in ENGINES:
        raise ValueError(f"engine {asked!r}; it is one of {', '.join(ENGINES)}")
    if asked == NUMPY:
        return Engine()
    from sim.kernel.covers import reason_against

    reason = reason_against(scenario, behaviours=behaviours)
    if reason is None:
        return Engine(KERNEL)
    if asked == KERNEL:
        said = f"the kernel cannot carry out {scenario.name}: {reason}; write engine=auto or engine=numpy"
        raise ScenarioError([Problem(COMMAND_LINE, ("engine",), said)])
    return Engine(NUMPY, reason)


def engine_for(scenarios: Sequence[Scenario], asked: str = DEFAULTS.engine) -> Engine:
    """The one engine that carries out several stories: the kernel only where it can carry out each.

    Raises:
        ScenarioError: the kernel was asked for, and cannot.
    """
    found = [engine_of(scenario, asked) for scenario in scenarios]
    return next((engine for engine in found if engine.name == NUMPY), Engine(KERNEL))


def engine_asked(scenario: Scenario, options: Mapping[str, Any]) -> Engine:
    """:func:`engine_of` for the options of a run."""
    asked = {name: options.get(name) or getattr(DEFAULTS, name) for name in ("engine", "dtype")}
    return engine_of(scenario, asked["engine"], dtype=asked["dtype"], behaviours=options.get("behaviours"))
