"""A scenario's start as a plan: tables by :mod:`sim.start.world`, put to rest by the kernel.

What :mod:`sim.start.expectation` does with a world the kernel does with a plan, so that a run has the same bits everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.kernel import layout
from sim.kernel.library import Control, Library
from sim.kernel.plan import plan_of
from sim.scenario import Scenario
from sim.start.expectation import EXPECTATION, JOBS, UNCERTAIN_MONTHS, alike, at_anchor, warnings_of
from sim.start.rules import Rules
from sim.start.world import before_rest
from sim.world import World

Share = Callable[[Callable[[Any], Any], Sequence[Any]], list[Any]]
"""Carries out a function of each of some jobs; gives the answers in their order."""


@dataclass(frozen=True)
class Start:
    """The plan of some replicates, its world at rest: row 0 is replicate ``first``, or the first of those given."""

    plan: np.ndarray
    rules: Rules
    warnings: list[str]
    first: int


def _one_by_one(work: Callable[[Any], Any], jobs: Sequence[Any]) -> list[Any]:
    return [work(job) for job in jobs]


def start_of(
    kernel: Library,
    scenario: Scenario,
    replicates: Sequence[int],
    *,
    seed: int,
    control: Control | None = None,
    share: Share = _one_by_one,
    only_certain: bool = False,
) -> Start | None:
    """The plan of some replicates, ready to be run.

    Args:
        kernel: that puts its world to rest.
        scenario: the story.
        replicates: their numbers, a range or, where numbers are uncertain, any.
        seed: which luck.
        control: asks it to stop.
        share: carries out the parts of the work.
        only_certain: None where numbers are uncertain, so that each replicate has a world of its own.
    """
    # alone, an uncertain number could not be told from a certain one: then there are two
    tried = range(1) if only_certain else replicates if len(replicates) > 1 else range(replicates[0], replicates[0] + 2)
    world, rules, uncertain = before_rest(scenario, tried, seed)
    if uncertain and only_certain:
        return None
    replicates = tried if uncertain else replicates
    rows = len(replicates) if uncertain else 1
    plan = plan_of(world, rules, scenario.start, scenario.steps, replicates, rows)
    cooperates, confronts = _frequencies(kernel, plan, rules, world, replicates, control or Control(), share)
    for row in range(rows):
        kernel.rest(plan, row, cooperates[row % len(cooperates)], confronts[row % len(confronts)])
    warnings = warnings_of(_at_rest(world, plan), rules, cooperates, confronts)
    return Start(plan, rules, warnings, replicates[0])


def _frequencies(
    kernel: Library, plan: np.ndarray, rules: Rules, world: World, replicates: Sequence[int], control: Control, share: Share
) -> tuple[np.ndarray, np.ndarray]:
    """The shares of months in which each state cooperates with and confronts each other, each (1 or R, n, n)."""
    n = len(world.names.states)
    if not rules.has("decision"):
        return np.zeros((1, n, n)), np.zeros((1, n, n))
    if alike(at_anchor(world), rules.parameters["decision"]) and not _perceive_apart(world, rules):
        months, width = EXPECTATION
        each = -(-width // JOBS)

        def part(begin: int) -> tuple[np.ndarray, np.ndarray]:
            return kernel.frequencies(plan, 0, begin, min(each, width - begin), months, control)

        found = share(part, list(range(0, width, each)))
        return tuple(sum(counts[k] for counts in found)[None] / (months * width) for k in (0, 1))  # type: ignore[return-value]

    def own(row: int) -> tuple[np.ndarray, np.ndarray]:
        return kernel.frequencies(plan, row, int(replicates[row]), 1, UNCERTAIN_MONTHS, control)

    found = share(own, list(range(len(replicates))))
    return tuple(np.stack([counts[k] for counts in found]) / UNCERTAIN_MONTHS for k in (0, 1))  # type: ignore[return-value]


def _perceive_apart(world: World, rules: Rules) -> bool:
    """Whether replicates perceive different threats or institutions at the start, so that they decide differently."""
    for name, mechanism in rules.schedule:
        if name in ("threat", "institutions"):
            numbers = vars(rules.parameters[name]).values()
            if any(np.ndim(x) for x in numbers) or any(len(getattr(at_anchor(world), read)) > 1 for read in mechanism.READS):
                return True
    return False


def _at_rest(world: World, plan: np.ndarray) -> World:
    """The world with what the kernel wrote into the plan, trust where it rests."""
    filled = layout.read(plan, layout.PLAN)
    shapes = {name: (len(filled[name]), *world.shape(name)) for name in layout.RESTED}
    return at_anchor(world).replace(**{name: filled[name].reshape(shape) for name, shape in shapes.items()})
