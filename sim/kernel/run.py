"""All replicates of a scenario by the kernel: threads take stretches of them, and this one watches.

What is simulated together and the order of sums are those of :mod:`sim.simulation.ensemble`; threads change no bit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from sim.calendar import months
from sim.engine import Recording, Sums, booking
from sim.kernel import plan as blocks
from sim.kernel.library import Control, Library, library
from sim.kernel.start import Start, start_of
from sim.processes.pool import cores
from sim.scenario import Scenario

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

    def release(self, stretch: int) -> None:
        """Give back the memory of a stretch's sums for now."""


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
    with Threads(workers, control, progress) as team:
        last = max((part.stop for stretch in stretches for part in stretch), default=0)
        whole = start_of(kernel, scenario, range(last), seed=seed, control=control, share=team.share, only_certain=True)
        work = _Work(kernel, control, scenario, gathering, seed, save, whole)
        said = team.share(work.stretch, list(enumerate(stretches)))
    return [warning for warnings in said for warning in warnings]


@dataclass(frozen=True)
class _Work:
    """What a thread does with a stretch. ``whole`` is the start of all replicates, or None where each has its own."""

    kernel: Library
    control: Control
    scenario: Scenario
    gathering: Gathers
    seed: int
    save: str
    whole: Start | None

    def stretch(self, job: tuple[int, Sequence[range]]) -> list[str]:
        """Simulate the chunks of a stretch, one after the other, and keep what is recorded."""
        number, parts = job
        steps, n = self.scenario.steps, len(self.scenario.tables.states)
        times = months(self.scenario.start, self.scenario.end + 1)
        warnings: list[str] = []
        room: np.ndarray | None = None
        for part in parts:
            start = self.whole or start_of(self.kernel, self.scenario, part, seed=self.seed, control=self.control)
            assert start is not None
            warnings += start.warnings
            frame, booked = start.rules.frame, booking(start.rules.events)
            if room is None:
                one = blocks.results_of(frame, len(booked), 1, steps, self.save).size
                fit = max(1, min(max(map(len, parts)), ROOM // one))
                room = blocks.results_of(frame, len(booked), fit, steps, self.save)
            for first in range(part.start, part.stop, fit):
                few = range(first, min(first + fit, part.stop))
                if not self.kernel.run(start.plan, few.start - start.first, len(few), room, self.control):
                    return warnings
                accounts = [*frame.names.accounts, *booked]
                self.gathering.put(few, blocks.recording_of(room, frame, accounts, times, len(few)))
        if room is not None:
            mine, its = self.gathering.sums(number), blocks.sums_of(room, n, steps)
            for name, total in vars(mine).items():
                for into, summed in zip(total, getattr(its, name)):  # piece by piece, since they may be large
                    np.copyto(into, summed)
                    self.gathering.release(number)
        return warnings


class Threads:
    """Threads that share jobs, while this one looks after progress and is there for Ctrl-C.

    Args:
        count: how many; None for one a core.
        control: what the kernel's calls watch.
        progress: called with replicate-months done.
    """

    def __init__(self, count: int | None, control: Control, progress: Callable[[int], Any] | None) -> None:
        self.count, self.control, self.progress, self.told = count or cores(), control, progress, 0

    def __enter__(self) -> Threads:
        """Start them."""
        self.pool = ThreadPoolExecutor(self.count, thread_name_prefix="kernel")
        return self

    def __exit__(self, *_: object) -> None:
        """End them, and what they do."""
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
