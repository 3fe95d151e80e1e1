"""`pool=ray` on a real cluster of two nodes: the bytes of the local pool, whoever is killed."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.sweep import SweepError
from sim.sweep.engines import engine
from sim.sweep.job import DONE, FAILED, STOPPED, Finished, Job
from sim.sweep.plan import Plan
from tests.engines.sweeps import leftovers, planned, written

ray = pytest.importorskip("ray", reason="Ray is not installed: pip install 'entente-sim[ray]'")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]  # those of Ray are Ray's

RUNS = 24


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A head that carries out nothing and two nodes of one processor each; `RAY_ADDRESS` says where."""
    from ray.cluster_utils import Cluster

    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    started = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    try:
        for _ in range(2):
            started.add_node(num_cpus=1)
        monkeypatch.setenv("RAY_ADDRESS", started.address)
        yield started
    finally:
        ray.shutdown()
        started.shutdown()


def carried_out(plan: Plan, midway: Callable[[], object] = lambda: None) -> dict[str, Finished]:
    """Every answer by key; `midway` is called when a quarter of them is there."""
    answers: dict[str, Finished] = {}
    for answer in engine("ray")(plan, workers=None):
        assert answer.key not in answers, "answered twice"
        answers[answer.key] = answer
        if len(answers) == plan.head["runs"] // 4:
            midway()
    return answers


def same_as_local(plan: Plan, answers: dict[str, Finished], root: Path) -> None:
    """The answers are whole, and so are the runs, to the byte."""
    local = {answer.key: answer for answer in engine("local")(planned(root, plan.head["runs"]), workers=1)}
    assert [answer for answer in answers.values() if answer.status != DONE] == []
    assert {key: answer.outcomes for key, answer in answers.items()} == {k: a.outcomes for k, a in local.items()}
    assert written(plan.root) == written(root)


def in_order(plan: Plan, answers: dict[str, Finished]) -> list[tuple[Job, Finished]]:
    """Each job with its answer."""
    return [(job, answers[job.key]) for job in plan.distinct()]


def busy_workers(cluster: Any) -> list[int]:
    """Process numbers of the workers of the two nodes that have a job in hand."""
    raylets = [node.all_processes["raylet"][0].process.pid for node in cluster.worker_nodes]
    table = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", ",".join(map(str, raylets))], capture_output=True, text=True, check=True
    ).stdout
    return [int(line.split()[0]) for line in table.splitlines() if "ray::_perform" in line]


def test_a_killed_worker_loses_nothing(cluster, tmp_path):
    plan = planned(tmp_path / "ray", RUNS)
    killed: list[int] = []

    def kill() -> None:
        killed.extend(busy_workers(cluster))
        os.kill(killed[0], signal.SIGKILL)

    answers = carried_out(plan, kill)
    assert killed
    same_as_local(plan, answers, tmp_path / "local")


def test_a_killed_node_loses_nothing(cluster, tmp_path):
    plan = planned(tmp_path / "ray", RUNS)
    answers = carried_out(plan, lambda: cluster.remove_node(next(iter(cluster.worker_nodes)), allow_graceful=False))
    assert len(cluster.worker_nodes) == 1
    same_as_local(plan, answers, tmp_path / "local")


def test_a_run_that_kills_its_worker_is_reported_and_the_others_are_done(cluster, tmp_path):
    deadly = tmp_path / "deadly.py"
    deadly.write_text(
        "import os\nfrom sim import StateAgent\nclass Deadly(StateAgent):\n"
        "    def decide(self):\n        os.kill(os.getpid(), 9)\n"
    )
    plan = planned(tmp_path / "ray", 5, behaviours={3: f"{deadly}:Deadly"})
    answers = {job.values["seed"]: answer for job, answer in in_order(plan, carried_out(plan))}
    assert [answers[seed].status for seed in sorted(answers)] == [DONE, DONE, FAILED, DONE, DONE]
    assert answers[3].error == "its process was lost 3 times (WorkerCrashedError)"


def test_a_node_that_does_not_see_the_folder_stops_the_sweep_with_one_error(cluster, tmp_path):
    plan = planned(tmp_path / "ray", RUNS)
    (plan.folder / "plan.json").rename(tmp_path / "elsewhere.json")
    (answer,) = engine("ray")(plan, workers=2)
    assert answer.status == STOPPED
    assert f"{plan.folder} holds no sweep" in answer.error
    assert "every node needs this version of entente-sim and the same results folder" in answer.error


def test_a_sweep_that_is_given_up_leaves_nothing_half_written(cluster, tmp_path):
    plan = planned(tmp_path / "ray", RUNS)
    answers = engine("ray")(plan, workers=2)
    next(answers)
    answers.close()
    assert not ray.is_initialized()
    assert leftovers(plan.root) == []


def test_without_an_address_a_local_cluster_is_started_and_stopped(monkeypatch, tmp_path):
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    plan = planned(tmp_path / "ray", 6)
    answers = {answer.key: answer for answer in engine("ray")(plan, workers=2)}
    assert not ray.is_initialized()
    same_as_local(plan, answers, tmp_path / "local")


def test_an_address_without_a_cluster_is_one_error(monkeypatch, tmp_path):
    monkeypatch.setenv("RAY_ADDRESS", "auto")
    monkeypatch.setenv("RAY_TMPDIR", str(tmp_path))  # where `auto` looks
    with pytest.raises(SweepError, match="no Ray cluster can be used at RAY_ADDRESS=auto"):
        next(engine("ray")(planned(tmp_path / "ray", 2), workers=2))
