"""What a sweep costs beyond its simulations: planning, overhead a run, memory of the parent.

    python benchmarks/sweeps.py [--runs 10000]

The runs are of a world of four states, one month and one replicate, so that almost everything is overhead.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sim.results import write
from sim.scenario import read
from sim.simulation.ensemble import simulate
from sim.sweep.folder import run_plan
from sim.sweep.outcomes import outcomes_of
from sim.sweep.plan import Point, write_plan
from tests.unit.tiny import changes

RUNS, OPTIONS = 400, {"replicates": 1, "seed": 1}


def points(count: int):
    base = read("baseline", changes={**changes(), "scenario.end": "2015-01"})
    for number in range(count):
        given = {"trust": {"gain": 0.002 + 1e-6 * number}}
        scenario = replace(base, parameters=given, spec={**base.spec, "parameters": given})
        yield Point(scenario, base, OPTIONS, {"gain": given["trust"]["gain"]}, ("scenario=baseline",))


def head(**more):
    return {
        "axes": [{"key": "gain", "values": []}],
        "design": "grid",
        "samples": None,
        "at": [],
        "command": "",
        "outcomes": ["cooperation:world"],
        **more,
    }


def planning() -> None:
    words = ["-m", "scenario=sco_expansion,no_expansion", "parameters.trust.gain=range(.002,.012,.00002)", "dry_run=true"]
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "sim", "run", *words],
            cwd=folder,
            capture_output=True,
            text=True,
            env={"PYTHONPATH": str(Path(__file__).resolve().parents[1])},
            check=True,
        )
        print(f"planning through the command line, start of Python included: {time.perf_counter() - began:.2f} s")
        print("   ", done.stdout.splitlines()[0])


def spent() -> float:
    """Processor seconds of this process and of those that it has waited for: other users of the machine do not count."""
    both = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in both)


def overhead() -> None:
    """A run in the pool against the simulation, the writing of its files and the reading of its outcomes alone."""
    with tempfile.TemporaryDirectory() as folder:
        some = list(points(RUNS))
        options = {**OPTIONS, "overrides": [], "command": ""}
        folders = [write(simulate(some[0].scenario, workers=1, **OPTIONS), options, f"{folder}/a")]
        began = spent()
        trajectories = [simulate(point.scenario, workers=1, **OPTIONS) for point in some[1:101]]
        alone = (spent() - began) / 100
        began = spent()
        folders = [write(trajectory, options, f"{folder}/a") for trajectory in trajectories]
        writing = (spent() - began) / 100
        outcomes_of(folders[0], ["cooperation:world"])
        began = spent()
        for run in folders:
            outcomes_of(run, ["cooperation:world"])
        reading = (spent() - began) / 100
        began = spent()
        plan = write_plan(some, f"{folder}/b", **head())
        planned = (spent() - began) / RUNS
        began = spent()
        run_plan(plan, workers=1)
        pooled = (spent() - began) / RUNS
        began = spent()
        run_plan(plan, workers=1)
        again = (spent() - began) / RUNS
    print("processor time of a run, ms:")
    print(f"  simulation {1e3 * alone:.1f}, writing its files {1e3 * writing:.1f}, reading outcomes {1e3 * reading:.1f}")
    print(
        f"  as a row of a sweep {1e3 * pooled:.1f}: the sweep adds {1e3 * (pooled - alone - writing - reading):.1f}, "
        f"its plan {1e3 * planned:.1f}"
    )
    print(f"  a row whose run is there already {1e3 * again:.1f}")


def memory(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for runs in (count // 10, count):
            plan = write_plan(points(runs), folder, **head(samples=runs))
            began = time.perf_counter()
            run_plan(plan, workers=2)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"{runs:,} runs: peak memory of the parent {peak:.0f} MB, {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=10_000, help="how many for the memory; 0 leaves it out")
    chosen = parser.parse_args()
    planning()
    overhead()
    if chosen.runs:
        memory(chosen.runs)
