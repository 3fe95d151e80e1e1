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

from sim.ensemble import simulate
from sim.results import write
from sim.scenario import read
from sim.sweep.engines import engine
from sim.sweep.folder import run_plan
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
    return {"axes": [{"key": "gain", "values": []}], "design": "grid", "samples": None, "at": [], "command": "",
            "outcomes": ["cooperation:world"], **more}  # fmt: skip


def planning() -> None:
    words = ["-m", "scenario=sco_expansion,no_expansion", "parameters.trust.gain=range(.002,.012,.00002)", "dry_run=true"]
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        done = subprocess.run([sys.executable, "-m", "sim", "run", *words], cwd=folder, capture_output=True, text=True,
                              env={"PYTHONPATH": str(Path(__file__).resolve().parents[1])}, check=True)  # fmt: skip
        print(f"planning through the command line, start of Python included: {time.perf_counter() - began:.2f} s")
        print("   ", done.stdout.splitlines()[0])


def overhead() -> None:
    """A run in the pool against the simulation and the writing of its files alone, one process each."""
    with tempfile.TemporaryDirectory() as folder:
        some = list(points(RUNS))
        simulate(some[0].scenario, workers=1, **OPTIONS)
        began = time.perf_counter()
        trajectories = [simulate(point.scenario, workers=1, **OPTIONS) for point in some[:50]]
        alone = (time.perf_counter() - began) / 50
        write(trajectories[0], {}, f"{folder}/a")
        began = time.perf_counter()
        for trajectory in trajectories[1:]:
            write(trajectory, {}, f"{folder}/a")
        writing = (time.perf_counter() - began) / 49
        began = time.perf_counter()
        plan = write_plan(some, f"{folder}/b", **head())
        planned = (time.perf_counter() - began) / RUNS
        began = time.perf_counter()
        for _ in engine("local")(plan, workers=1):
            pass
        pooled = (time.perf_counter() - began) / RUNS
        began = time.perf_counter()
        run_plan(plan, workers=1)
        again = (time.perf_counter() - began) / RUNS
    print(f"a run: simulation {1e3 * alone:.1f} ms, writing {1e3 * writing:.1f} ms, in the pool {1e3 * pooled:.1f} ms")
    print(f"  so the sweep adds {1e3 * (pooled - alone - writing):.1f} ms, and planning {1e3 * planned:.1f} ms")
    print(f"a run that is there already, with its row of the table: {1e3 * again:.1f} ms")


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
