"""The outcome at points of the parameters' ranges: of one scenario, or the difference between two."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim import engine, measures
from sim.calendar import parse_month
from sim.options import DEFAULTS, KERNEL
from sim.processes.chunks import chunks
from sim.processes.pool import Report, share
from sim.questions.span import MEAN_UNIT, Span
from sim.scenario import Scenario
from sim.scenario.calibration import CHANCE
from sim.scenario.distributions import Distribution
from sim.scenario.subjects import watching
from sim.sensitivity.inputs import Input
from sim.simulation.engines import Engine, engine_for
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
    engine: str = DEFAULTS.engine
    """What carries it out: `numpy`, `kernel`, or `auto` for the kernel where it can."""

    def __post_init__(self) -> None:
        """Record what is asked about, also a dyad that nobody watches."""
        scenarios = tuple(watching(scenario, self.measure, self.subject) for scenario in self.scenarios)
        object.__setattr__(self, "scenarios", scenarios)

    @cached_property
    def carried_out(self) -> Engine:
        """The engine that carries it out, and where the kernel was asked for and is not used, why."""
        return engine_for(self.scenarios, self.engine)

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
        workers: processes, or threads of the kernel; None for one a core. They change no number.
        progress: called with replicate-months done and to do.
    """
    rows = len(points) * question.replicates
    parts = chunks(rows, len(question.scenarios[0].states))
    jobs: list[Job] = [(question, tuple(inputs), points, part) for part in parts]
    total = rows * question.steps()
    report = (lambda n: progress(n, total)) if progress is not None else None
    if question.carried_out.name == KERNEL:
        done = _by_kernel(jobs, workers, report)
    else:
        done = share(_work, jobs, workers=workers, progress=report)
    return np.concatenate(done).reshape(len(points), question.replicates)


Job = tuple[Question, tuple[Input, ...], np.ndarray, range]
"""A question, what is varied, the points, and some of the rows: a row is a replicate at a point."""


def _of_rows(job: Job) -> tuple[np.ndarray, list[int]]:
    """The place of each row in the ranges, (row, input), and the number of its replicate."""
    question, _, points, part = job
    rows = np.arange(part.start, part.stop)
    rows = np.repeat(rows, 2) if len(rows) == 1 else rows  # alone, a given number could not be told from a certain one
    return points[rows // question.replicates], (rows % question.replicates).tolist()


def _by_kernel(jobs: Sequence[Job], workers: int | None, report: Callable[[int], Any] | None) -> list[np.ndarray]:
    """The same by threads of the kernel."""
    from sim.kernel.library import Control, library
    from sim.kernel.plan import column_of
    from sim.kernel.run import Threads
    from sim.kernel.start import start_of

    kernel, control = library(), Control()
    assert kernel is not None

    def work(job: Job) -> np.ndarray:
        question, inputs, _, part = job
        place, luck = _of_rows(job)
        outcomes = []
        for scenario in question.scenarios:
            start = start_of(kernel, _moved(scenario, inputs, place), luck, seed=question.seed, control=control)
            assert start is not None
            column = column_of(start.plan, start.rules.frame, question.measure, question.subject)
            span = (scenario.start, question.span.last + 1)
            about: Any = {"column": column, "since": question.span.first}
            states = (kernel.begin(start.plan, row) for row in range(len(part)))
            sums = [kernel.carry(start.plan, row, *span, state, control, **about) for row, state in enumerate(states)]
            outcomes.append(np.array(sums) / len(question.span.months))
        return outcomes[0] if len(outcomes) == 1 else outcomes[0] - outcomes[1]

    with Threads(workers, control, report) as team:
        return team.share(work, jobs)


def _work(job: Job, report: Report) -> np.ndarray:
    question, inputs, _, part = job
    place, luck = _of_rows(job)
    outcomes = []
    for scenario in question.scenarios:
        world, rules, _ = begin(_moved(scenario, inputs, place), luck, seed=question.seed)
        seen: list[np.ndarray] = []

        def see(_: int, here: World, __: object, rules: Rules = rules, seen: list[np.ndarray] = seen) -> None:
            seen.append(measures.value(here, rules.frame, question.measure, question.subject))

        world = engine.carry(world, rules, scenario.start, question.span.first)
        engine.carry(world, rules, question.span.first, question.span.last + 1, see)
        outcomes.append(sum(seen, np.zeros(len(luck))) / len(question.span.months))
        report((question.span.last + 1 - scenario.start) * len(luck))
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
