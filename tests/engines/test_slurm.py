"""A sweep as an array of a real Slurm: cancelled midway, submitted again, and the table of the local pool.

`.ci/slurm` starts a Slurm of one node and runs this; without one it is skipped.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.sweep.folder import run_plan
from sim.sweep.plan import Plan
from tests.cli.command import call
from tests.engines.sweeps import leftovers, planned, written

pytestmark = pytest.mark.slow

RUNS = 40
PATIENCE = 300.0
"""Seconds after which something has gone wrong."""


def slurm_says(*command: str) -> str:
    """What a command of Slurm answers; nothing where there is no Slurm."""
    if shutil.which(command[0]) is None:
        return ""
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False).stdout.strip()


@pytest.fixture(autouse=True, scope="module")
def slurm() -> None:
    if slurm_says("sinfo", "--noheader", "--format=%t") not in ("idle", "mix", "alloc"):
        pytest.skip("there is no Slurm here; .ci/slurm starts one of one node and runs this")


def until(true: Callable[[], bool], what: str) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"{what} did not happen within {PATIENCE:.0f} s"
        time.sleep(0.05)


def submitted(plan: Plan, cwd: Path) -> list[str]:
    """Submit a sweep; the numbers of the array and of the job of the table."""
    answer = call("submit", str(plan.folder), "--slurm", "--chunk", "4", "--no-plot", "--submit", "--json", cwd=cwd)
    assert answer.returncode == 0, answer.stderr
    said = json.loads(answer.stdout)
    assert said["tasks"] == RUNS // 4
    return said["submitted"]


def ended(*jobs: str) -> bool:
    """Whether none of these jobs waits or runs."""
    waiting = "PENDING,RUNNING,COMPLETING,CONFIGURING"
    return slurm_says("squeue", "--noheader", f"--jobs={','.join(jobs)}", f"--states={waiting}") == ""


def manifests(plan: Plan) -> dict[Path, bytes]:
    """The manifest of every finished run, which says when it was made."""
    return {path: path.read_bytes() for path in plan.root.glob("baseline/*/manifest.json")}


def counts(plan: Plan) -> dict[str, int]:
    """Rows of the table by status."""
    return json.loads((plan.folder / "manifest.json").read_text(encoding="utf-8"))["counts"]


def processes_of(folder: Path) -> list[str]:
    """Processes that have the folder on their command line."""
    table = subprocess.run(["ps", "-eo", "pid=,args="], capture_output=True, text=True, check=True).stdout
    return [line for line in table.splitlines() if str(folder) in line and "sim.sweep.array" in line]


def test_an_array_is_cancelled_and_resumed_and_writes_what_the_local_pool_writes(tmp_path):
    plan = planned(tmp_path / "slurm", RUNS)

    array, table = submitted(plan, tmp_path)
    until(lambda: len(manifests(plan)) >= 8, "a fifth of the sweep")
    subprocess.run(["scancel", array], check=True)
    until(lambda: ended(array, table), "the end of a cancelled array")
    before = manifests(plan)
    assert 8 <= len(before) < RUNS
    assert counts(plan) == {"done": len(before), "missing": RUNS - len(before)}
    assert leftovers(plan.root) == []
    assert processes_of(plan.folder) == []

    again = submitted(plan, tmp_path)
    until(lambda: ended(*again), "the end of the second array")
    assert counts(plan) == {"done": RUNS}
    after = manifests(plan)
    assert len(after) == RUNS
    assert {path: after[path] for path in before} == before, "a finished run was run again"

    local = planned(tmp_path / "local", RUNS)
    run_plan(local, workers=2)
    for name in ("experiments.csv", "experiments.parquet"):
        assert (plan.folder / name).read_bytes() == (local.folder / name).read_bytes(), name
    assert written(plan.root) == written(local.root)
    assert processes_of(plan.folder) == []
