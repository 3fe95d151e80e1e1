"""`check` on folders of results: file by file what is whole."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.cli.command import call
from tests.manifests import rewrite

SMALL = ("scenario=baseline", "replicates=2", "end=2015-02", "workers=1", "plots=false", "report=false")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Results with two runs of a sweep, and a comparison of them."""
    place = tmp_path_factory.mktemp("made")
    done = call("run", "-m", *SMALL, "parameters.trust.gain=.005,.007", cwd=place)
    assert done.returncode == 0, done.stderr
    sweep = done.stdout.split()[-1].rpartition("/")[2]
    done = call("compare", f"{sweep}#1", f"{sweep}#2", "plots=false", "report=false", cwd=place)
    assert done.returncode == 0, done.stderr
    return place


@pytest.fixture
def place(made, tmp_path):
    return shutil.copytree(made, tmp_path / "place")


def looked(place, *words: str) -> tuple[int, dict]:
    """Exit status and what `check --json` says."""
    done = call("check", *words, "--json", cwd=place)
    return done.returncode, json.loads(done.stdout)


def test_everything_below_a_folder(place):
    status, about = looked(place, "results")
    assert status == 0 and about["whole"]
    assert sorted(one["kind"] for one in about["folders"]) == ["comparison", "run", "run", "sweep"]
    assert {state for one in about["folders"] for state in one["files"].values()} == {"ok"}
    done = call("check", "results", cwd=place)
    assert done.returncode == 0 and "4 folders, all whole." in done.stdout


def test_a_run_file_by_file(place):
    run = min(place.glob("results/baseline/*"))
    (run / "summary.csv").write_text((run / "summary.csv").read_text().replace("0.", "1.", 1))
    (run / "events.csv").unlink()
    (run / "notes.txt").write_text("mine")
    (run / "plots").mkdir()
    (run / "plots" / "a.png").touch()
    status, about = looked(place, str(run))
    (one,) = about["folders"]
    assert status == 1 and not about["whole"] and one["kind"] == "run"
    assert {name: state for name, state in one["files"].items() if state != "ok"} == {
        "summary.csv": "changed",
        "events.csv": "missing",
        "notes.txt": "extra",
    }
    done = call("check", str(run), cwd=place)
    assert done.returncode == 1 and "NOT WHOLE" in done.stdout and "changed  summary.csv" in done.stdout
    assert all(len(line) <= 80 for line in done.stdout.splitlines())


def test_what_is_extra_harms_nothing(place):
    run = min(place.glob("results/baseline/*"))
    (run / "notes.txt").write_text("mine")
    assert looked(place, str(run))[0] == 0


def test_a_sweep_with_its_plan_and_its_runs(place):
    (sweep,) = place.glob("results/sweeps/*")
    assert looked(place, str(sweep))[0] == 0
    gone, changed = sorted(place.glob("results/baseline/*"))
    shutil.rmtree(gone)
    (changed / "measures.parquet").write_bytes(b"")
    status, about = looked(place, str(sweep))
    (one,) = about["folders"]
    assert status == 1 and set(one["files"].values()) == {"ok"}
    assert f"1 of its runs are not there: baseline/{gone.name}" in one["problems"]
    assert any("measures.parquet has 0 bytes" in problem for problem in one["problems"])
    jobs = sweep / "jobs.jsonl"
    jobs.write_bytes(jobs.read_bytes().splitlines(keepends=True)[0])
    status, about = looked(place, str(sweep))
    assert status == 1 and any("jobs" in problem for problem in about["folders"][0]["problems"])


def test_a_sweep_that_lost_its_plan_or_a_bit_of_it(place):
    (sweep,) = place.glob("results/sweeps/*")
    plan = sweep / "plan.json"
    text = plan.read_bytes()
    at = text.index(b'"command"') + 20
    plan.write_bytes(text[:at] + bytes([text[at] ^ 1]) + text[at + 1 :])
    assert looked(place, str(sweep))[0] == 1
    plan.unlink()
    status, about = looked(place, str(sweep))
    assert status == 1 and about["folders"][0]["kind"] == "sweep" and "no plan.json" in about["folders"][0]["problems"][0]


def test_a_comparison_whose_run_is_gone(place):
    (comparison,) = place.glob("results/compare/*")
    runs = json.loads((comparison / "manifest.json").read_text())["runs"]
    rewrite(comparison, runs=[entry | {"absolute": "/nowhere"} for entry in runs])
    assert looked(place, str(comparison))[0] == 0
    shutil.rmtree(max(place.glob("results/baseline/*")))
    status, about = looked(place, str(comparison))
    assert status == 1 and "cannot be read" in about["folders"][0]["problems"][0]


def test_damaged_and_missing_manifests(place):
    one, two = sorted(place.glob("results/baseline/*"))
    rewrite(one, finished=5)
    (two / "manifest.json").unlink()
    status, about = looked(place, "results")
    said = {entry["folder"].rpartition("/")[2]: entry for entry in about["folders"]}
    assert status == 1
    assert said[one.name]["files"] == {"manifest.json": "changed"} and "finished" in said[one.name]["problems"][0]
    assert said[two.name]["files"] == {"manifest.json": "missing"} and "unfinished" in said[two.name]["problems"][0]


def test_a_folder_without_results(place):
    (place / "letters").mkdir()
    done = call("check", "./letters", cwd=place)
    assert done.returncode == 2 and "is a folder" in done.stderr
    (place / "baseline").mkdir()  # a folder that happens to have a scenario's name
    assert "baseline is fine" in call("check", "baseline", cwd=place).stdout
