"""The outcome at points of the parameters' ranges: of one scenario, or the difference between two."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim import engine, measures
from sim.calendar import parse_month
from sim.processes.chunks import chunks
from sim.processes.pool import Report, share
from sim.questions.span import MEAN_UNIT, Span
from sim.scenario import Scenario
from sim.scenario.calibration import CHANCE
from sim.scenario.distributions import Distribution
from sim.scenario.subjects import watching
from sim.sensitivity.inputs import Input
from sim.start.world import Rules, begin
from sim.world import World


@dataclass(frozen=True)
class Question:
    """An outcome: the mean of a measure over some months, in one scenario or in the first of two less the second."""

    scenarios: tuple[Scenario, ...]
    measure: str
    subject: str
    span: Span
    replicates: int
    seed: int = 1

    def __post_init__(self) -> None:
        """Record what is asked about, also a dyad that nobody watches."""
        scenarios = tuple(watching(scenario, self.measure, self.subject) for scenario in self.scenarios)
        object.__setattr__(self, "scenarios", scenarios)

    def steps(self) -> int:
        """Months that are simulated for one replicate at one point."""
        return sum(self.span.last + 1 - scenario.start for scenario in self.scenarios)


def usual_span(scenarios: Sequence[Scenario], measure: str) -> Span:
    """The months of a question that names none: the last one; of a measure in twelfths the mean from the first event in
    which two scenarios differ, or of one scenario from its start, as `compare` and `ablate` take it."""
    last = min(scenario.end for scenario in scenarios) - 1
    if measures.all_measures()[measure][0].unit != MEAN_UNIT:
        return Span(last, last)
    first = max(scenario.start for scenario in scenarios)
    dates = []
    for key in {key for scenario in scenarios for key in scenario.events}:
        events = [scenario.events.get(key) for scenario in scenarios]
        if any(event != events[0] for event in events):
            dates += [parse_month(event["on"]) if event.get("on") else first for event in events if event]
    return Span(min(max([first, *([min(dates)] if dates else [])]), last), last)


@dataclass(frozen=True)
class _Given(Distribution):
    """A parameter that has a value of its own in each row: not drawn, but given."""

    values: np.ndarray = dataclasses.field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        """Nothing to check: the values lie within the bounds."""

    def quantile(self, u: np.ndarray) -> np.ndarray:
        """The values, whatever the luck."""
        return self.values.reshape(u.shape)


def values(
    question: Question,
    inputs: Sequence[Input],
    points: np.ndarray,
    *,
    workers: int | None = None,
    progress: Callable[[int, int], Any] | None = None,
) -> np.ndarray:
    """The outcome at each point and in each replicate, (point, R).

    Args:
        question: what.
        inputs: the parameters that are varied.
        points: (point, input) places in their ranges, from 0 to 1; of two scenarios both are moved by the same factor.
        workers: processes; None for one a core. They change no number.
        progress: called with replicate-months done and to do.
    """
    rows = len(points) * question.replicates
    parts = chunks(rows, len(question.scenarios[0].states))
    total = rows * question.steps()
    done = share(
        _work,
        [(question, tuple(inputs), points, part) for part in parts],
        workers=workers,
        progress=(lambda n: progress(n, total)) if progress is not None else None,
    )
    return np.concatenate(done).reshape(len(points), question.replicates)


def _work(job: tuple[Question, tuple[Input, ...], np.ndarray, range], report: Report) -> np.ndarray:
    question, inputs, points, part = job
    rows = np.arange(part.start, part.stop)
    rows = np.repeat(rows, 2) if len(rows) == 1 else rows  # alone, a given number could not be told from a certain one
    place, luck = points[rows // question.replicates], (rows % question.replicates).tolist()
    outcomes = []
    for scenario in question.scenarios:
        world, rules, _ = begin(_moved(scenario, inputs, place), luck, seed=question.seed)
        seen: list[np.ndarray] = []

        def see(_: int, here: World, __: object, rules: Rules = rules, seen: list[np.ndarray] = seen) -> None:
            seen.append(measures.value(here, rules.frame, question.measure, question.subject))

        world = engine.carry(world, rules, scenario.start, question.span.first)
        engine.carry(world, rules, question.span.first, question.span.last + 1, see)
        outcomes.append(sum(seen, np.zeros(len(rows))) / len(question.span.months))
        report((question.span.last + 1 - scenario.start) * len(rows))
    found = outcomes[0] if len(outcomes) == 1 else outcomes[0] - outcomes[1]
    return found[: len(part)]


def _moved(scenario: Scenario, inputs: Sequence[Input], place: np.ndarray) -> Scenario:
    """A scenario whose parameters have a value in each row: its own, times what the place in the range says. Those that are
    not varied stand at their estimates."""
    parameters: dict[str, dict[str, Any]] = {name: dict(given) for name, given in scenario.parameters.items()}
    for k, one in enumerate(inputs):
        own = parameters.setdefault(one.mechanism, {})
        standing = own.get(one.name, one.default)
        factor = one.at(place[:, k]) / one.value
        value = _Given("uniform", (0.0, 1.0), _middle(standing) * factor)
        own[one.name] = value
    return dataclasses.replace(scenario, parameters=parameters, uncertainty=CHANCE)


def _middle(value: Any) -> float:
    return float(value.quantile(np.array(0.5))) if isinstance(value, Distribution) else float(value)
