"""Who is timed: a name, what it is, and a function that simulates a size and gives the seconds that it took.

Each contestant runs in a process of its own, ``python -m benchmarks.contestants NAME SIZE``, which prints seconds,
dyad-steps and peak memory as JSON. Imports and a short warm-up come before the clock starts. The engine's seconds are those
of a whole :func:`sim.simulation.ensemble.simulate`, its starting world included; those of the C reference include the past
but not the expectations of the starting world, which it takes from the engine; those of the Mesa models are their months
alone.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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
    environment: Mapping[str, str] = field(default_factory=dict)
    """Set for its process."""

    def given(self, size: Size) -> Size:
        """The part of a size that it is timed at: fewer months, or else fewer replicates."""
        if self.most is None or size.dyad_steps <= self.most:
            return size
        months = min(size.months, max(self.most // size.states**2, 1))
        return Size(size.states, max(self.most // (size.states**2 * months), 1), months)


def _engine(size: Size, dtype: str, workers: int, engine: str = "numpy") -> Stopwatch:
    from sim.simulation.ensemble import simulate

    scenario = scenario_of(size)
    warm_up = Size(size.states, min(size.replicates, 2), 2)
    simulate(scenario_of(warm_up), replicates=warm_up.replicates, dtype=dtype, workers=1, engine=engine)
    with Stopwatch() as took:
        simulate(scenario, replicates=size.replicates, dtype=dtype, workers=workers, engine=engine)
    return took


ENGINE = {
    f"engine-{short}-{workers}": Contestant(
        f"engine, {dtype}, {workers} worker{'s' * (workers > 1)}",
        partial(_engine, dtype=dtype, workers=workers),
        workers,
        environment={"ENTENTE_FAST": "0"},
    )
    for short, dtype in (("f8", "float64"), ("f4", "float32"))
    for workers in (1, 2)
}

ENGINE |= {
    f"engine-fast-{workers}": Contestant(
        f"engine, float64, compiled kernels, {workers} worker{'s' * (workers > 1)}",
        partial(_engine, dtype="float64", workers=workers),
        workers,
        environment={"ENTENTE_FAST": "1"},
    )
    for workers in (1, 2)
}
"""The last two need ``python -m sim.fast`` first, or are the same as the others."""

KERNEL = {
    f"kernel-{threads}": Contestant(
        f"kernel, {threads} thread{'s' * (threads > 1)}", partial(_engine, dtype="float64", workers=threads, engine="kernel")
    )
    for threads in (1, 2)
}


def _reference(size: Size, dtype: str, threads: int) -> Stopwatch:
    from benchmarks.compiled import Prepared

    prepared = Prepared(scenario_of(size), size.replicates, dtype=dtype, threads=threads)
    with Stopwatch() as took:
        prepared.run()
    return took


REFERENCE = {
    f"c-{short}-{threads}": Contestant(
        f"C reference, {dtype}, {threads} thread{'s' * (threads > 1)}", partial(_reference, dtype=dtype, threads=threads)
    )
    for short, dtype in (("f8", "float64"), ("f4", "float32"))
    for threads in (1, 2)
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
        "Mesa with arrays inside, 1 process", partial(_mesa, module="mesa_with_arrays", kind="ArraysModel"), most=1_000_000
    ),
    "mesa-book": Contestant(
        "Mesa by the book, 1 process", partial(_mesa, module="mesa_by_the_book", kind="StatesModel"), most=120_000
    ),
}
CONTESTANTS = {**ENGINE, **KERNEL, **REFERENCE, **MESA}


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
