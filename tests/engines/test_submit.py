"""`sim submit`: its scripts, what it says, and what it refuses; and an engine whose library is missing."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from sim.sweep import engines, slurm
from sim.sweep.folder import run_plan
from sim.sweep.plan import Plan
from tests.cli.command import call, environment
from tests.engines.sweeps import planned

TINY = ("scenario=baseline", "end=2015-06", "replicates=2")


@pytest.fixture
def plan(tmp_path) -> Plan:
    return planned(tmp_path / "results", 7)


def options(script) -> list[str]:
    """What a script asks of sbatch."""
    lines = script.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#!/bin/bash"
    return [line.removeprefix("#SBATCH ") for line in lines if line.startswith("#SBATCH ")]


def fake_sbatch(place, monkeypatch, answer: str) -> None:
    """A sbatch that writes down how it was called."""
    place.mkdir()
    (place / "sbatch").write_text(f'#!/bin/sh\necho "$@" >>{place}/calls\n{answer}\n')
    (place / "sbatch").chmod(0o755)
    monkeypatch.setenv("PATH", f"{place}:{os.environ['PATH']}")


@pytest.mark.parametrize(("chunk", "tasks"), [(None, 7), (1, 7), (2, 4), (3, 3), (7, 1), (100, 1)])
def test_every_run_has_a_task(plan, chunk, tasks):
    scripts = slurm.write_scripts(plan, chunk=chunk)
    assert scripts.tasks == tasks
    assert f"--array=0-{tasks - 1}" in options(scripts.array)
    assert scripts.array.read_text().rstrip().endswith(f'--task "$SLURM_ARRAY_TASK_ID" --of {tasks}')


def test_a_large_sweep_makes_a_hundred_tasks(plan):
    many = Plan(plan.folder, plan.head | {"runs": 10_001})
    assert slurm.write_scripts(many).tasks <= slurm.TASKS


def test_both_scripts_take_the_options_of_the_site(plan, tmp_path):
    answer = call(
        "submit",
        str(plan.folder),
        "--slurm",
        "--cpus",
        "3",
        "--time",
        "00:30:00",
        "--partition",
        "long",
        "--",
        "--account=ir",
        cwd=tmp_path,
    )
    assert answer.returncode == 0, answer.stderr
    for name in ("array", "table"):
        asked = options(plan.folder / "slurm" / f"{name}.sh")
        assert {"--time=00:30:00", "--partition=long", "--account=ir"} <= set(asked)
    assert "--cpus-per-task=3" in options(plan.folder / "slurm" / "array.sh")
    *_, following, last = answer.stdout.splitlines()
    array, table = (plan.folder.resolve() / "slurm" / f"{name}.sh" for name in ("array", "table"))
    assert following == f"Next: sbatch --dependency=afterany:$(sbatch --parsable {array}) {table}"
    assert last == f"results/sweeps/{plan.id}"


@pytest.mark.slow
def test_the_scripts_do_what_they_say_in_a_folder_with_blanks(tmp_path):
    odd = tmp_path / "50% of a study"
    plan, local = planned(odd, 4), planned(tmp_path / "local", 4)
    scripts = slurm.write_scripts(plan, chunk=2, table=["--no-plot"])
    for task in range(scripts.tasks):
        subprocess.run(["bash", scripts.array], env=environment(SLURM_ARRAY_TASK_ID=str(task)), check=True)
    said = subprocess.run(["bash", scripts.table], env=environment(), capture_output=True, text=True, check=True)
    assert "4 were there already" in said.stderr
    run_plan(local)
    assert (plan.folder / "experiments.csv").read_bytes() == (local.folder / "experiments.csv").read_bytes()


def test_the_words_of_run_m_are_planned_as_run_m_plans_them(tmp_path):
    answer = call("submit", "-m", *TINY, "--slurm", "seed=1,2,3", "--chunk", "2", "--json", cwd=tmp_path)
    assert answer.returncode == 0, answer.stderr
    said = json.loads(answer.stdout)
    assert (said["runs"], said["tasks"]) == (3, 2)
    plan = Plan.open(said["folder"])
    assert plan.head["command"].endswith(f"run -m {' '.join(TINY)} seed=1,2,3")
    assert not list(plan.root.glob("baseline/*"))
    swept = call("run", "-m", *TINY, "seed=1,2,3", "plots=false", "workers=1", "--json", cwd=tmp_path)
    assert json.loads(swept.stdout)["folder"] == said["folder"]


def test_submit_calls_sbatch_twice_the_table_after_the_array(plan, tmp_path, monkeypatch):
    fake_sbatch(tmp_path / "bin", monkeypatch, 'echo "17;far"')
    answer = call("submit", str(plan.folder), "--slurm", "--submit", cwd=tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert "scancel 17 17" in answer.stdout
    place = plan.folder.resolve() / "slurm"
    assert (tmp_path / "bin" / "calls").read_text().splitlines() == [
        f"--parsable {place}/array.sh",
        f"--parsable --dependency=afterany:17 {place}/table.sh",
    ]


def test_what_sbatch_refuses_is_told(plan, tmp_path, monkeypatch):
    fake_sbatch(tmp_path / "bin", monkeypatch, 'echo "sbatch: error: invalid partition" >&2; exit 1')
    answer = call("submit", str(plan.folder), "--slurm", "--submit", cwd=tmp_path)
    assert answer.returncode == 2
    assert "invalid partition" in answer.stderr


def test_without_sbatch_nothing_is_submitted_or_written(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    answer = call("submit", *TINY, "seed=1,2", "--slurm", "--submit", cwd=tmp_path)
    assert answer.returncode == 2
    assert answer.stderr.startswith("sbatch is not on this machine; without --submit the command is printed")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--slurm"], "say what to submit"),
        (["3f2a", "seed=1,2", "--slurm"], "say what to submit"),
        (["seed=1,2"], "one of the arguments --slurm --table is required"),
        (["seed=1,2", "--slurm", "--chunk", "0"], "--chunk 0 is not allowed; give 1 or more"),
        (["seed=1,2", "--slurm", "--cpus", "-1"], "--cpus -1 is not allowed; give 1 or more"),
        (["seed=1,2", "force=true", "--slurm"], "force=true cannot be submitted"),
        (["sede=1,2", "--slurm"], "sede"),
        (["3f2a", "--slurm"], "3f2a"),
    ],
)
def test_what_cannot_be_submitted_is_refused_and_nothing_written(tmp_path, words, said):
    answer = call("submit", *words, cwd=tmp_path)
    assert answer.returncode == 2
    assert said in answer.stderr
    assert not list(tmp_path.iterdir())


def test_a_sweep_without_ray_is_refused_before_anything_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    answer = call("run", "-m", *TINY, "seed=1,2", "pool=ray", cwd=tmp_path)
    assert answer.returncode == 2
    assert answer.stderr.count("\n") == 1
    assert "pip install 'entente-sim[ray]'" in answer.stderr
    assert not list(tmp_path.iterdir())
