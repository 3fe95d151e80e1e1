"""How much memory a whole ``run`` takes as replicates grow: it should be flat, since what is recorded goes to disk."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.contestants import peak_memory
from benchmarks.machine import ROOT
from benchmarks.worlds import Size, scenario_of

RUNS = {"measures": (200, 1000, 5000), "dyads": (200, 1000)}
"""Replicates of `baseline` by what is saved."""


LARGE = "190x200x240"
"""Simulated with every month of every dyad kept, but not written as results."""


def simulated(size: str) -> tuple[float, float]:
    """Seconds, and the peak in MB, of a simulation with ``save=dyads`` by two threads.

    Raises:
        RuntimeError: it failed.
    """
    command = [sys.executable, "-m", "benchmarks.memory", size]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    seconds, megabytes = map(float, done.stdout.split())
    return seconds, megabytes


def measure(replicates: int, save: str, end: str | None = None) -> tuple[float, float]:
    """Seconds, and the peak in MB of the largest process, of one ``run`` without pictures and report.

    Raises:
        RuntimeError: the run failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        words = ["scenario=baseline", f"replicates={replicates}", f"save={save}", f"results={folder}"]
        words += ["plots=false", "report=false", *([f"end={end}"] if end else [])]
        command = [sys.executable, "-m", "sim", "run", *words]
        began = time.perf_counter()
        with tempfile.TemporaryFile("w+") as said:
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said)
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                said.seek(0)
                raise RuntimeError(f"{' '.join(command)} failed:\n{said.read()[-2000:]}")
        return time.perf_counter() - began, used.ru_maxrss / 1024


if __name__ == "__main__":
    from sim.simulation.ensemble import simulate

    asked = Size.parse(sys.argv[1])
    with tempfile.TemporaryDirectory() as disk:
        start = time.perf_counter()
        simulate(scenario_of(asked), replicates=asked.replicates, workers=2, save="dyads", folder=Path(disk))
        print(time.perf_counter() - start, peak_memory(1))
