"""Gathering: what is recorded of all replicates, filled chunk by chunk by whichever process simulated it.

Arrays with a replicate axis are there once for the whole run, on disk where they are large. Sums over replicates (the
ledger, mean trust) are taken in stretches of consecutive chunks; each stretch has sums of its own, added up in their
order at the end, so that the last digit does not depend on who was first.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim import engine
from sim.engine import Recording, Sums
from sim.events import moves_trust
from sim.measures import Frame
from sim.processes import memory
from sim.processes.chunks import chunks
from sim.processes.memory import USUAL, Limits
from sim.scenario import Scenario
from sim.scenario.positions import names_of


class Gathering:
    """The recording of all replicates of a run.

    Args:
        scenario: the story.
        replicates: how many there may be; those that are never simulated take no space.
        dtype: ``float64``.
        save: ``measures``, ``dyads`` or ``all``.
        folder: what does not fit in memory is kept on its disk; None for that of the system's temporary folder.
        limits: what fits, and how many stretches there are.
    """

    def __init__(
        self,
        scenario: Scenario,
        replicates: int,
        *,
        dtype: str,
        save: str,
        folder: Path | None = None,
        limits: Limits = USUAL,
    ) -> None:
        names = names_of(scenario)
        self._frame = Frame(names, scenario.cores, scenario.sets, tuple(scenario.watch))
        self._booking = [key for key, event in scenario.events.items() if moves_trust(event["type"], event.get("variable"))]
        self._sizes = (len(names.accounts) + len(self._booking), scenario.steps, len(names.states))
        accounts, steps, n = self._sizes
        self._bytes = 8 * accounts * steps * n * n
        self._most = max(limits.stretches, limits.sums // max(1, self._bytes))
        self._folder: Path | None = None

        def whole(allocate: engine.Allocate) -> Recording:
            return engine.blank(
                self._frame,
                self._booking,
                replicates,
                scenario.start,
                scenario.steps,
                dtype,
                save,
                sums=self._total,
                allocate=allocate,
            )

        self._total = Sums.blank(*self._sizes, allocate=lambda shape, kind: np.broadcast_to(kind.type(), shape))
        empty = whole(lambda shape, kind: np.broadcast_to(kind.type(), shape))
        size = sum(array.nbytes for array in empty.by_replicate().values())
        size += self._bytes * (1 + min(self._most, len(chunks(replicates, len(names.states), limits))))
        if size > limits.in_memory:
            self._folder = _there(folder or tempfile.gettempdir())
        self._total = Sums.blank(*self._sizes, allocate=self._shared)
        self.recording = whole(self._shared)
        self._stretches: list[Sums] = []

    def _shared(self, shape: tuple[int, ...], dtype: Any) -> np.ndarray:
        return memory.shared(shape, dtype, self._folder)

    def stretches(self, parts: Sequence[range]) -> list[list[range]]:
        """Chunks in stretches of consecutive ones; makes room for their sums.

        Their number depends on the world and on how many chunks there are, never on the number of workers.
        """
        each = -(-len(parts) // self._most)
        found = [list(parts[first : first + each]) for first in range(0, len(parts), each)]
        self._stretches = [Sums.blank(*self._sizes, allocate=self._shared) for _ in found]
        return found

    def sums(self, stretch: int) -> Sums:
        """Where a stretch adds up."""
        return self._stretches[stretch]

    def put(self, part: range, recording: Recording) -> None:
        """Keep what was recorded of a chunk; its sums are those of its stretch already, and see :meth:`large`."""
        whole = self.recording.by_replicate()
        for name, values in recording.by_replicate().items():
            mine = whole[name][part.start : part.stop]
            if not np.may_share_memory(mine, values):
                mine[...] = values
            self._give_back(whole[name])

    def large(self, part: range) -> dict[str, np.ndarray]:
        """Where a chunk's largest arrays are kept, to be written straight away."""
        return {name: array[part.start : part.stop] for name, array in self.recording.large().items()}

    def release(self, stretch: int) -> None:
        """Give back the memory of a stretch's sums, and of the largest arrays, for now."""
        for array in (*vars(self._stretches[stretch]).values(), *self.recording.large().values()):
            self._give_back(array)

    def _give_back(self, array: np.ndarray) -> None:
        if self._folder is not None:
            memory.release(array)

    def add_up(self) -> None:
        """Add up the sums of the stretches, in their order."""
        for stretch, sums in enumerate(self._stretches):
            for name, total in vars(self._total).items():
                for mine, its in zip(total, getattr(sums, name)):
                    np.add(mine, its, out=mine)
                    self._give_back(total)
                    self._give_back(its)
            self.release(stretch)
        self._stretches = []

    def means(self, replicates: int) -> Sums:
        """The sums as means over replicates; no more can be gathered afterwards."""
        for total in vars(self._total).values():
            for mine in total:
                np.divide(mine, replicates, out=mine)
                self._give_back(total)
        return self._total


def _there(folder: Path | str) -> Path:
    """The folder, or what there is of it yet."""
    path = Path(folder).absolute()
    return next(place for place in (path, *path.parents) if place.is_dir())
