"""Branches by the kernel, one replicate after the other: a saved state is a world that can be carried on in many ways."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from sim.kernel import layout
from sim.kernel.library import Control, Library, library
from sim.kernel.plan import column_of
from sim.kernel.run import Threads
from sim.kernel.start import Start, start_of
from sim.questions.ablate.branches import Answer, Branch, Branches
from sim.questions.ablate.plan import Plan


def carry_out(plan: Plan, replicates: int, workers: int | None, progress: Callable[[int], Any] | None) -> list[Answer]:
    """What :func:`sim.questions.ablate.branches.work` gives, a replicate each, by threads."""
    kernel, control = library(), Control()
    assert kernel is not None
    with Threads(workers, control, progress) as team:
        start = start_of(kernel, plan.scenario, range(replicates), seed=plan.seed, control=control, share=team.share)
        assert start is not None
        return team.share(partial(_answer, plan, kernel, control, start), range(replicates))


def _answer(plan: Plan, kernel: Library, control: Control, start: Start, row: int) -> Answer:
    return ByKernel(plan, kernel, control, start, row).answer()


class ByKernel(Branches):
    """The branches of one replicate."""

    def __init__(self, plan: Plan, kernel: Library, control: Control, start: Start, row: int) -> None:
        self.plan, self.part, self.kernel, self.control = plan, range(row, row + 1), kernel, control
        self.block, self.row = start.plan, row
        self.column = column_of(start.plan, start.rules.frame, plan.measure, plan.subject)
        self.places = {event.key: event.position for event in start.rules.events}

    def root(self) -> Branch:
        """Where all branches begin."""
        return self.kernel.begin(self.block, self.row), np.zeros(1)

    def on(self, branch: Branch, gone: Sequence[str], month: int, stop: int) -> Branch:
        """A branch some months later without some events."""
        before, total = branch
        state = layout.aligned(before.size)
        state[...] = before
        started = layout.read(state, layout.SAVED)["event_start"][0]
        started[[self.places[key] for key in gone]] = layout.TAKEN_AWAY
        about: Any = {"column": self.column, "since": self.plan.first}
        return state, total + self.kernel.carry(self.block, self.row, month, stop, state, self.control, **about)

    def masked(self, gone: np.ndarray) -> np.ndarray:
        """The measure with some players taken away."""
        keys = [key for player, away in zip(self.plan.players, gone[0]) if away for key in player.keys]
        return self.mean(self.on(self.root(), keys, self.plan.scenario.start, self.plan.stop))
