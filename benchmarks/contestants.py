"""Who is timed: a name, what it is, and a function that simulates a size and gives the seconds that it took.

Each contestant runs in a process of its own, ``python -m benchmarks.contestants NAME SIZE``, which prints seconds,
dyad-steps and peak memory as JSON. Imports and a short warm-up come before the clock starts. The seconds of the kernel, of
its limit and of numpy are those of a whole :func:`sim.simulation.ensemble.simulate`, its starting world included; those of
the Mesa models are their months alone.
"""

from __future__ import annotations

import importlib.util
import json
import os
import resource
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module

from benchmarks.worlds import Size, scenario_of


class Stopwatch:
    """A context that adds up seconds, and processor seconds of this process, its threads and its finished workers."""

    def __init__(self) -> None:
        self.seconds = self.processor = 0.0

    def __enter__(self) -> Stopwatch:
        """Start, or go on."""
        self._began, self._spent = time.perf_counter(), _processor_seconds()
        return self

    def __exit__(self, *error: object) -> None:
        """Stop."""
        self.seconds += time.perf_counter() - self._began
        self.processor += _processor_seconds() - self._spent


def _processor_seconds() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


@dataclass(frozen=True)
class Contestant:
    """A way to simulate the model."""

    title: str
    run: Callable[[Size], Stopwatch]
    """Simulates a size; returns what it took."""
    processes: int = 1
    most: int | None = None
    """Dyad-steps that it is given at most; None for all."""
    states: int | None = None
    """States up to which it is timed; None for any number."""

    def given(self, size: Size) -> Size:
        """The part of a size that it is timed at: fewer months, or else fewer replicates."""
        if self.most is None or size.dyad_steps <= self.most:
            return size
        months = min(size.months, max(self.most // size.states**2, 1))
        return Size(size.states, max(self.most // (size.states**2 * months), 1), months)


def _engine(size: Size, workers: int, engine: str) -> Stopwatch:
    from sim.simulation.ensemble import simulate

    scenario = scenario_of(size)
    warm_up = Size(size.states, min(size.replicates, 2), 2)
    simulate(scenario_of(warm_up), replicates=warm_up.replicates, workers=1, engine=engine)
    with Stopwatch() as took:
        simulate(scenario, replicates=size.replicates, workers=workers, engine=engine)
    return took


def _limit(size: Size, workers: int) -> Stopwatch:
    from benchmarks.limit import library

    os.environ["ENTENTE_KERNEL"] = str(library())
    return _engine(size, workers, "kernel")


KERNEL = {
    f"kernel-{threads}": Contestant(
        f"kernel, {threads} thread{'s' * (threads > 1)}", partial(_engine, workers=threads, engine="kernel")
    )
    for threads in (1, 2)
}
LIMIT = {
    f"limit-{threads}": Contestant(f"limit, {threads} thread{'s' * (threads > 1)}", partial(_limit, workers=threads))
    for threads in (1, 2)
}
NUMPY = {
    f"numpy-{workers}": Contestant(
        f"numpy, {workers} process{'es' * (workers > 1)}",
        partial(_engine, workers=workers, engine="numpy"),
        workers,
        most=20_000_000,
        states=500,
    )
    for workers in (1, 2)
}


def _mesa(size: Size, module: str, kind: str) -> Stopwatch:
    from sim.start.world import begin

    scenario = scenario_of(size)
    world, rules, _ = begin(scenario, range(size.replicates))
    make = getattr(import_module(f"benchmarks.{module}"), kind)
    took = Stopwatch()
    for k in range(size.replicates):
        model = make(scenario, world.select(slice(k, k + 1)), rules, seed=k)
        with took:
            for _ in range(size.months):
                model.step()
        model.remove_all_agents()
    return took


MESA = {
    "mesa-arrays": Contestant(
        "Mesa with arrays inside, 1 process",
        partial(_mesa, module="mesa_with_arrays", kind="ArraysModel"),
        most=1_000_000,
        states=500,
    ),
    "mesa-book": Contestant(
        "Mesa by the book, 1 process",
        partial(_mesa, module="mesa_by_the_book", kind="StatesModel"),
        most=120_000,
        states=500,
    ),
}
CONTESTANTS = {**KERNEL, **LIMIT, **NUMPY, **MESA}
NEEDS = {"kernel": "a compiled kernel", "limit": "gcc", "mesa": "mesa"}


def missing() -> dict[str, str]:
    """What is not there, by the first word of the contestants that are left out for it."""
    from sim.kernel.covers import not_there

    there = {
        "kernel": not_there() is None,
        "limit": shutil.which("gcc") is not None,
        "mesa": importlib.util.find_spec("mesa") is not None,
    }
    return {name: NEEDS[name] for name, found in there.items() if not found}


def peak_memory(processes: int) -> float:
    """Peak resident memory of this process and its workers in MB; pages they share are counted in each."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss if processes > 1 else 0
    return (own + processes * child) / 1024


def main(name: str, size: Size) -> None:
    """Time one contestant once and print what it took."""
    contestant = CONTESTANTS[name]
    took = contestant.run(size)
    memory = peak_memory(contestant.processes)
    each = {"seconds": took.seconds, "processor": took.processor, "dyad_steps": size.dyad_steps, "megabytes": memory}
    print(json.dumps(each))


if __name__ == "__main__":
    main(sys.argv[1], Size.parse(sys.argv[2]))
