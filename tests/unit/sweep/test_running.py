"""Running a plan: nothing lost, nothing computed twice, nothing half-written taken for whole."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from sim.results import ResultsError, runs
from sim.sweep import Plan, SweepError, execution, perform_key
from sim.sweep.engines import local
from sim.sweep.folder import find_sweep, is_sweep, open_sweep, run_plan, sweeps
from tests.unit.sweep.plans import gains, plan, point

ROOT = Path(__file__).resolve().parents[3]
forked = pytest.mark.skipif(sys.platform != "linux", reason="workers inherit what a test patches by fork alone")


def table(folder):
    return (folder / "experiments.csv").read_bytes(), (folder / "experiments.parquet").read_bytes()


@pytest.fixture(scope="module")
def six(tmp_path_factory):
    """A finished sweep of six runs in seven rows."""
    root = tmp_path_factory.mktemp("six")
    return run_plan(plan(root, [point(gain) for gain in (*gains(6), gains(1)[0])]), workers=2)


def test_a_finished_sweep_is_read_back(six):
    assert six.counts == {"done": 7}
    assert six.reused == 0
    sweep = open_sweep(six.folder)
    found = sweep.table()
    assert list(found["parameters.trust.gain"]) == [*gains(6), gains(1)[0]]
    assert found["digest"][0] == found["digest"][6]
    assert found["same_as"].tolist()[6] == 1
    assert sweep.outcomes() == ["cooperation:world", "trust:CHN>RUS"]
    assert (found["cooperation:world.end.p05"] <= found["cooperation:world.end.p95"]).all()
    assert sweep.run_folder(7) == sweep.run_folder(1)
    assert len(runs(sweep.root)) == 6
    assert is_sweep(six.folder) and find_sweep(six.folder.name[:6], sweep.root) == six.folder
    with pytest.raises(SweepError, match="no row 8; rows: 1 to 7"):
        sweep.run_folder(8)


def test_the_same_sweep_again_runs_nothing_and_writes_the_same_table(six):
    before = table(six.folder)
    root = six.folder.parent.parent
    again = run_plan(plan(root, [point(gain) for gain in (*gains(6), gains(1)[0])]), workers=1)
    assert again.folder == six.folder
    assert again.reused == 6
    assert table(six.folder) == before
    assert not (root / ".tmp").exists()


def test_another_sweep_shares_its_runs(six):
    root = six.folder.parent.parent
    more = run_plan(plan(root, [point(gain) for gain in gains(7)]), workers=1)
    assert more.folder != six.folder
    assert more.reused == 6


def test_what_a_job_says_is_what_a_single_run_would_be(six):
    """A job performed from its key alone gives the same run; its scenario is the one that was planned."""
    opened = Plan.open(six.folder)
    job = opened.job(next(opened.jobs()).key[:8])
    assert opened.scenario(job) == replace(point(gains(1)[0]).scenario, file=None)  # a plan knows no places
    run = opened.root / job.scenario / job.key[:12]
    before = {path.name: path.read_bytes() for path in run.glob("*.*") if path.name != "manifest.json"}
    shutil.rmtree(run)
    assert perform_key(six.folder, job.key).status == "done"
    assert {path.name: path.read_bytes() for path in run.glob("*.*") if path.name != "manifest.json"} == before


def test_a_plan_does_not_open_a_scenario_file_again(tmp_path, monkeypatch):
    planned = plan(tmp_path, [point(gains(1)[0])])
    monkeypatch.setattr("sim.scenario.inherit.read_file", None)
    monkeypatch.setattr("sim.scenario.worlds.read_file", None)
    assert run_plan(planned, workers=1).counts == {"done": 1}


@forked
def test_a_failing_run_is_left_and_told(tmp_path, monkeypatch):
    real = execution._simulate

    def simulate(opened, job, force):
        if job.number == 2:
            raise ZeroDivisionError("no such luck")
        if job.number == 3:
            raise SystemExit(7)
        return real(opened, job, force)

    monkeypatch.setattr(execution, "_simulate", simulate)
    done = run_plan(plan(tmp_path, [point(gain) for gain in gains(4)]), workers=2)
    assert done.counts == {"done": 2, "failed": 2}
    assert {job.number: error for job, error in done.failed} == {
        2: "ZeroDivisionError: no such luck",
        3: "something called sys.exit(7)",
    }
    assert "Traceback" in (done.folder / "failures.txt").read_text()
    assert list(open_sweep(done.folder).table()["status"]) == ["done", "failed", "failed", "done"]
    monkeypatch.setattr(execution, "_simulate", real)
    again = run_plan(Plan.open(done.folder), workers=1)
    assert again.counts == {"done": 4} and again.reused == 2
    assert not (done.folder / "failures.txt").exists()


@forked
def test_a_killed_worker_costs_nothing_and_a_deadly_run_three_workers(tmp_path, monkeypatch):
    real, mark = execution._simulate, tmp_path / "mark"

    def simulate(opened, job, force):
        if job.number == 1 or (job.number == 2 and not mark.exists()):
            if job.number == 2:
                mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return real(opened, job, force)

    monkeypatch.setattr(execution, "_simulate", simulate)
    done = run_plan(plan(tmp_path / "r", [point(gain) for gain in gains(4)]), workers=2)
    assert done.counts == {"failed": 1, "done": 3}
    assert done.failed[0][1] == f"its process was killed by SIGKILL, {local.ATTEMPTS} times"


@forked
def test_a_full_disk_stops_the_sweep_and_leaves_what_is_whole(tmp_path, monkeypatch):
    from sim.results import writing

    real = writing._fill

    def fill(place, trajectory, options):
        if len(runs(tmp_path)) >= 2:
            (place / "half").write_text("half")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(place, trajectory, options)

    monkeypatch.setattr(writing, "_fill", fill)
    planned = plan(tmp_path, [point(gain) for gain in gains(6)])
    with pytest.raises(ResultsError, match=r"stopped: No space left on device. . of 6 runs are finished and stay. .*again"):
        run_plan(planned, workers=2)
    assert all(not info.problem for info in runs(tmp_path))
    assert [about.state for about in sweeps(tmp_path)] == ["unfinished"]
    assert not (tmp_path / ".tmp").exists()
    monkeypatch.setattr(writing, "_fill", real)
    assert run_plan(planned, workers=2).counts == {"done": 6}


def _alive(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


@forked
@pytest.mark.slow
def test_killed_at_half_the_second_call_runs_only_the_rest(tmp_path):
    count = 60
    points = [point(gain) for gain in gains(count)]
    undisturbed = run_plan(plan(tmp_path / "a", points), workers=2)
    command = [sys.executable, "-m", "tests.unit.sweep.plans", str(tmp_path / "b"), str(count)]
    process = subprocess.Popen(command, cwd=ROOT)
    while len(list((tmp_path / "b").glob("baseline/*/manifest.json"))) < count // 2:
        assert process.poll() is None
        time.sleep(0.02)
    workers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    assert len(workers) == 2
    process.kill()
    process.wait()
    while any(_alive(worker) for worker in workers):  # they leave by themselves; a test that hangs has failed
        time.sleep(0.02)
    there = len(runs(tmp_path / "b"))
    assert count // 2 <= there < count
    with pytest.raises(SweepError, match="unfinished sweep; give its command again"):
        open_sweep(sweeps(tmp_path / "b")[0].path)
    rest = run_plan(plan(tmp_path / "b", points), workers=2)
    assert rest.reused == there
    assert table(rest.folder) == table(undisturbed.folder)


@forked
def test_two_identical_sweeps_at_once(tmp_path):
    command = [sys.executable, "-m", "tests.unit.sweep.plans", str(tmp_path), "8"]
    both = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert len(runs(tmp_path)) == 8 and len(sweeps(tmp_path)) == 1
    assert open_sweep(sweeps(tmp_path)[0].path).manifest["counts"] == {"done": 8}


def test_damaged_sweeps_are_named(six, tmp_path):
    copy = tmp_path / "sweeps" / six.folder.name
    shutil.copytree(six.folder, copy)
    (copy / "experiments.csv").write_text("number\n")
    assert sweeps(tmp_path)[0].state == "damaged"
    with pytest.raises(ResultsError, match="is damaged"):
        open_sweep(copy)
    (copy / "plan.json").write_text("{")
    with pytest.raises(SweepError, match="is damaged"):
        Plan.open(copy)
