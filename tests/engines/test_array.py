"""Shares of a sweep, what their tasks leave, and the table that is gathered from it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.sweep import array
from sim.sweep.folder import run_plan
from sim.sweep.job import DONE, FAILED, Finished
from sim.sweep.plan import Plan
from tests.cli.command import environment
from tests.engines.sweeps import leftovers, planned, written


@pytest.fixture(scope="module")
def plan(tmp_path_factory) -> Plan:
    return planned(tmp_path_factory.mktemp("shares"), 23)


@settings(deadline=None)
@given(of=st.integers(1, 40))
def test_every_run_is_in_exactly_one_share_and_shares_know_their_size(plan, of):
    shares = [array.share(plan, task, of) for task in range(of)]
    keys = [[job.key for job in share.distinct()] for share in shares]
    assert sorted(key for own in keys for key in own) == sorted(job.key for job in plan.distinct())
    assert [len(own) for own in keys] == [share.head["runs"] for share in shares]


def test_why_a_run_failed_is_remembered_until_it_is_done(plan):
    key = next(plan.distinct()).key
    assert array.remembered(plan, key) is None
    failed = Finished(key, FAILED, error="the reason", trace="and where")
    array.remember(plan, failed)
    assert array.remembered(plan, key) == failed
    array.remember(plan, Finished(key, DONE))
    assert array.remembered(plan, key) is None


def test_tasks_and_a_gathered_table_are_what_the_local_pool_writes(tmp_path, capsys):
    shared, local = planned(tmp_path / "tasks", 5), planned(tmp_path / "local", 5)
    for task in range(2):
        assert array.main([str(shared.folder), "--task", str(task), "--of", "2", "--workers", "1"]) == 0
    assert "3 of 3: 3 done (0 were there), 0 failed" in capsys.readouterr().out
    assert run_plan(shared, pool="gathered").reused == 5
    assert run_plan(local).reused == 0
    for name in ("experiments.csv", "experiments.parquet"):
        assert (shared.folder / name).read_bytes() == (local.folder / name).read_bytes()
    assert written(shared.root) == written(local.root)

    assert array.main([str(shared.folder), "--task", "0", "--of", "2", "--workers", "1"]) == 0
    assert "3 of 3: 3 done (3 were there), 0 failed" in capsys.readouterr().out


def test_gathering_simulates_nothing_and_says_what_failed_and_what_nobody_tried(tmp_path, capsys):
    broken = tmp_path / "broken.py"
    broken.write_text(
        "from sim import StateAgent\nclass Broken(StateAgent):\n"
        "    def decide(self):\n        raise RuntimeError('no idea')\n"
    )
    plan = planned(tmp_path / "results", 4, behaviours={3: f"{broken}:Broken"})
    assert array.main([str(plan.folder), "--task", "0", "--of", "2", "--workers", "1", "--allow-code"]) == 3
    assert "no idea" in capsys.readouterr().err
    result = run_plan(plan, pool="gathered")
    assert result.counts == {"done": 1, "failed": 1, "missing": 2}
    errors = {job.number: error for job, error in result.failed}
    assert sorted(errors) == [2, 3, 4]
    assert "no idea" in errors[3]
    assert "no idea" in (plan.folder / "failures.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("words", [["--task", "2", "--of", "2"], ["--task", "-1", "--of", "2"]])
def test_a_share_that_there_is_not_is_refused(plan, words, capsys):
    with pytest.raises(SystemExit, match="2"):
        array.main([str(plan.folder), *words])
    assert "is not one of the shares 0 to 1" in capsys.readouterr().err


def test_processors_are_those_that_slurm_gave(monkeypatch):
    monkeypatch.setenv("SLURM_CPUS_ON_NODE", "16")
    assert array.processors() == 16
    monkeypatch.setenv("SLURM_CPUS_PER_TASK", "3")
    assert array.processors() == 3


@pytest.mark.slow
def test_a_task_that_is_stopped_tidies_up_and_takes_its_workers_along(tmp_path):
    plan = planned(tmp_path / "results", 40)
    plan.let_go()  # as whoever planned it and is gone
    command = [sys.executable, "-m", "sim.sweep.array", str(plan.folder), "--task", "0", "--of", "1", "--workers", "2"]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True) as task:
        list(islice(task.stdout, 3))
        children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(task.pid)], capture_output=True, text=True, check=True)
        os.kill(task.pid, signal.SIGTERM)
        task.stdout.read()
    assert task.returncode == array.STOPPED
    workers = [int(number) for number in children.stdout.split()]
    assert len(workers) == 2
    assert not any(os.path.exists(f"/proc/{number}") for number in workers)
    assert leftovers(plan.root) == []
    assert 3 <= len(list(plan.root.glob("baseline/*/manifest.json"))) < 40
