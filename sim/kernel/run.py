"""All replicates of a scenario by the kernel: threads take stretches of them, and this one watches.

What is simulated together and the order of sums are those of :mod:`sim.simulation.ensemble`; threads change no bit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from functools import partial
from typing import Any, Protocol

import numpy as np

from sim.calendar import months
from sim.engine import Recording, Sums, booking
from sim.kernel import plan as blocks
from sim.kernel.library import Control, Library, library
from sim.processes.pool import cores
from sim.scenario import Scenario
from sim.start.expectation import EXPECTATION, UNCERTAIN_MONTHS, alike
from sim.start.rules import Rules
from sim.start.world import Settled, at_rest, settled_once
from sim.world import World

OFTEN = 0.1
"""Seconds between two looks at what is done."""
ROOM = 32 * 2**20
"""Bytes of results that a thread fills before they are put where they belong."""


class Gathers(Protocol):
    """What takes the recordings; see :class:`sim.simulation.recording.Gathering`."""

    def put(self, part: range, recording: Recording) -> None:
        """Keep what was recorded of some replicates."""

    def sums(self, stretch: int) -> Sums:
        """Where a stretch adds up."""


def carry_out(
    scenario: Scenario,
    stretches: Sequence[Sequence[range]],
    gathering: Gathers,
    *,
    seed: int,
    save: str,
    workers: int | None = None,
    progress: Callable[[int], Any] | None = None,
) -> list[str]:
    """Simulate stretches of chunks of replicates; gives their warnings.

    Raises:
        KernelError: the kernel could not carry out a plan.
        RuntimeError: it is not compiled; see :func:`sim.kernel.covers.reason_against`.
    """
    kernel = library()
    if kernel is None:
        from sim.kernel.covers import NOT_BUILT

        raise RuntimeError(NOT_BUILT)
    control = Control()
    parts = [part for stretch in stretches for part in stretch]
    threads = workers or cores()
    with _Threads(threads, control, progress) as team:
        count = partial(_frequencies, kernel, control, team)
        settled = settled_once(scenario, seed=seed, count=count)
        last = parts[-1].stop if parts else 0
        whole = _Work(kernel, control, scenario, gathering, seed, save, settled, last)
        said = team.share(whole.stretch, list(enumerate(stretches)))
    return [warning for warnings in said for warning in warnings]


class _Work:
    """What a thread does with a stretch."""

    def __init__(
        self,
        kernel: Library,
        control: Control,
        scenario: Scenario,
        gathering: Gathers,
        seed: int,
        save: str,
        settled: Settled | None,
        last: int,
    ) -> None:
        self.kernel, self.control, self.scenario, self.gathering = kernel, control, scenario, gathering
        self.seed, self.save, self.settled = seed, save, settled
        self.warnings: list[str] = []
        self.plan: np.ndarray | None = None
        if settled is not None:
            _, rules, self.warnings = at_rest(scenario, range(1), seed=seed, settled=settled)
            self.rules = rules
            self.plan = blocks.plan_of(settled[0], rules, scenario.start, scenario.steps, range(last))

    def stretch(self, job: tuple[int, Sequence[range]]) -> list[str]:
        """Simulate the chunks of a stretch, one after the other, and keep what is recorded."""
        number, parts = job
        warnings = list(self.warnings)
        room: np.ndarray | None = None
        for part in parts:
            if self.plan is not None:
                plan, rules, before = self.plan, self.rules, 0
            else:
                own = partial(_frequencies, self.kernel, self.control, None)
                world, rules, said = at_rest(self.scenario, part, seed=self.seed, count=own)
                warnings += said
                plan = blocks.plan_of(world, rules, self.scenario.start, self.scenario.steps, part)
                before = part.start
            booked = booking(rules.events)
            times = months(self.scenario.start, self.scenario.end + 1)
            if room is None:
                one = blocks.results_of(rules.frame, len(booked), 1, self.scenario.steps, self.save).size
                fit = max(1, min(max(map(len, parts)), ROOM // one))
                room = blocks.results_of(rules.frame, len(booked), fit, self.scenario.steps, self.save)
            for first in range(part.start, part.stop, fit):
                few = range(first, min(first + fit, part.stop))
                if not self.kernel.run(plan, few.start - before, len(few), room, self.control):
                    return warnings
                accounts = [*rules.frame.names.accounts, *booked]
                self.gathering.put(few, blocks.recording_of(room, rules.frame, accounts, times, len(few)))
        if room is not None:
            mine, its = (
                self.gathering.sums(number),
                blocks.sums_of(room, len(self.scenario.tables.states), self.scenario.steps),
            )
            for name, total in vars(mine).items():
                np.copyto(total, getattr(its, name))
        return warnings


def _frequencies(
    kernel: Library, control: Control, team: _Threads | None, world: World, rules: Rules
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What :func:`sim.start.expectation.frequencies` counts, by the kernel."""
    p = rules.parameters["decision"]
    share = team.share if team is not None else _one_by_one
    width = len(rules.draws.replicates)
    plan = blocks.plan_of(world, rules, 0, 0, range(int(rules.draws.replicates[0]), int(rules.draws.replicates[0]) + width))
    if alike(world, p):
        span, replicates = EXPECTATION
        each = -(-replicates // 16)
        firsts = list(range(0, replicates, each))
        done = share(lambda first: kernel.frequencies(plan, 0, first, min(each, replicates - first), span, control), firsts)
        counted = [sum(found[k] for found in done)[None] for k in (0, 1)]
        total, chance = span * replicates, done[0][2][None]
    else:
        numbers = [int(number) for number in rules.draws.replicates]
        done = share(lambda k: kernel.frequencies(plan, k, numbers[k], 1, UNCERTAIN_MONTHS, control), list(range(width)))
        counted = [np.stack([found[k] for found in done]) for k in (0, 1)]
        total, chance = UNCERTAIN_MONTHS, np.stack([found[2] for found in done])
    return counted[0] / total, counted[1] / total, chance


def _one_by_one(work: Callable[[Any], Any], jobs: Sequence[Any]) -> list[Any]:
    return [work(job) for job in jobs]


class _Threads:
    """Threads that share jobs, while this one looks after progress and is there for Ctrl-C."""

    def __init__(self, count: int, control: Control, progress: Callable[[int], Any] | None) -> None:
        self.count, self.control, self.progress, self.told = count, control, progress, 0

    def __enter__(self) -> _Threads:
        self.pool = ThreadPoolExecutor(self.count, thread_name_prefix="kernel")
        return self

    def __exit__(self, *_: object) -> None:
        self.control.stop = 1  # nothing is under way unless something went wrong
        self.pool.shutdown(wait=True, cancel_futures=True)

    def share(self, work: Callable[[Any], Any], jobs: Sequence[Any]) -> list[Any]:
        """``[work(job) for job in jobs]``, by the threads; the first error ends all."""
        waiting: list[Future[Any]] = [self.pool.submit(work, job) for job in jobs]
        left: Any = waiting
        while left:
            done, left = wait(left, timeout=OFTEN, return_when=FIRST_EXCEPTION)
            for one in done:
                one.result()
            self._tell()
        return [one.result() for one in waiting]

    def _tell(self) -> None:
        done = int(self.control.done)
        if self.progress is not None and done != self.told:
            self.told = done
            self.progress(done)
