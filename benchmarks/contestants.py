"""Who is timed: a name, what it is, and a function that simulates a size and gives the seconds that it took.

Each contestant runs in a process of its own, ``python -m benchmarks.contestants NAME SIZE``, which prints seconds,
dyad-steps and peak memory as JSON. Imports and a short warm-up come before the clock starts.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from benchmarks.worlds import Size, scenario_of


@dataclass(frozen=True)
class Contestant:
    """A way to simulate the model."""

    title: str
    run: Callable[[Size], float]
    """Simulates a size; returns seconds."""
    processes: int = 1


def _engine(size: Size, dtype: str, workers: int) -> float:
    from sim.ensemble import simulate

    scenario = scenario_of(size)
    warm_up = Size(size.states, min(size.replicates, 2), 2)
    simulate(scenario_of(warm_up), replicates=warm_up.replicates, dtype=dtype, workers=1)
    began = time.perf_counter()
    simulate(scenario, replicates=size.replicates, dtype=dtype, workers=workers)
    return time.perf_counter() - began


ENGINE = {
    f"engine-{short}-{workers}": Contestant(
        f"engine, {dtype}, {workers} worker{'s' * (workers > 1)}", partial(_engine, dtype=dtype, workers=workers), workers
    )
    for short, dtype in (("f8", "float64"), ("f4", "float32"))
    for workers in (1, 2)
}
CONTESTANTS = {**ENGINE}


def peak_memory(processes: int) -> float:
    """Peak resident memory of this process and its workers in MB; pages they share are counted in each."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss if processes > 1 else 0
    return (own + processes * child) / 1024


def main(name: str, size: Size) -> None:
    """Time one contestant once and print what it took."""
    contestant = CONTESTANTS[name]
    seconds = contestant.run(size)
    took = {"seconds": seconds, "dyad_steps": size.dyad_steps, "megabytes": peak_memory(contestant.processes)}
    print(json.dumps(took))


if __name__ == "__main__":
    main(sys.argv[1], Size.parse(sys.argv[2]))
