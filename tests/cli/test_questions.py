"""explain, ablate, fork, replay and replicates=auto, as their user sees them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from sim import results
from tests.cli.command import call, sim

SMALL = ("replicates=6", "end=2018-03", "workers=1")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("questions")


@pytest.fixture(scope="module")
def run(place):
    done = sim("run", "scenario=sco_expansion", *SMALL, "plots=false", "report=false", cwd=place)
    assert done.returncode == 0, done.stderr
    return place / done.stdout.splitlines()[-1]


def last(done) -> str:
    """The last line, after the next command; all lines fit a terminal but those that name a place."""
    lines = done.stdout.splitlines()
    assert lines[-2].startswith("Next: python -m sim "), lines[-2]
    assert all(len(line) <= 80 for line in lines if not line.startswith(("Next: ", "Picture", "results/")))
    return lines[-1]


def test_explain(run, place):
    done = sim("explain", "sco_expansion", "--dyad", "RUS", "CHN", "--from", "2016-01", "--to", "2017-12", cwd=place)
    assert done.returncode == 0, done.stderr
    folder = place / last(done)
    assert (folder / "ledger_waterfall.png").is_file() and folder.parent.parent == place / "results" / "explain"
    for words in ("RUS in CHN", "CHN in RUS", " mean 16 to 17", "cooperation", "institutions", "medians would not"):
        assert words in done.stdout
    curve = next(line for line in done.stdout.splitlines() if line.startswith("change")).split()[-1]
    assert len(curve) == 8 and len(set(curve)) > 1, curve  # how the change came about
    missed = re.search(r"miss it by at most (\S+)\.", done.stdout)[1]
    assert float(missed) <= 1e-12
    results.open_run(run).verify()


def test_explain_a_difference_as_json(run, place):
    call("run", "scenario=no_expansion", *SMALL, "plots=false", "report=false", cwd=place)
    done = call("explain", "sco_expansion", "no_expansion", "--dyad", "IND", "PAK", "--json", "--no-plot", cwd=place)
    about = json.loads(done.stdout)
    assert [run["scenario"] for run in about["runs"]] == ["sco_expansion", "no_expansion"]
    total = sum(row["mean of both"] for row in about["accounts"])
    assert total == pytest.approx(about["change"]["mean of both"], abs=1e-12)
    assert any("Pakistan joins the SCO" in event for event in about["events"])
    assert {path.name for path in Path(about["folder"]).iterdir()} == {
        ".entente",
        "manifest.json",
        "explain.json",
        "ledger.csv",
        "months.csv",
    }


def test_explain_from_elsewhere_and_into_a_place_of_choice(run, tmp_path):
    done = call("explain", str(run), "--dyad", "RUS", "CHN", "--out", "here", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "here" / "ledger_waterfall.svg").is_file()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep me")
    done = call("explain", str(run), "--dyad", "RUS", "CHN", "--out", "mine", cwd=tmp_path)
    assert done.returncode == 2 and "holds no explanation" in done.stderr
    assert (tmp_path / "mine" / "notes.txt").read_text() == "keep me"


@pytest.mark.slow
def test_ablate(place):
    words = ("ablate", "sco_expansion", "--measure", "cooperation:CHN-RUS", *SMALL)
    done = sim(*words, cwd=place)
    assert done.returncode == 0, done.stderr
    folder = place / last(done)
    wanted = {".entente", "manifest.json", "ablation.json", "effects.csv", "replicates.csv", "effects.png", "effects.svg"}
    assert {path.name for path in folder.iterdir()} == wanted
    assert "all events together" in done.stdout and "90 % of the mean" in done.stdout
    again = sim(*words, "--json", cwd=place)
    assert "already there" in again.stderr
    about = json.loads(again.stdout)
    assert Path(about["folder"]) == folder.resolve() and about["replicates"] == 6
    assert {row["event"] for row in about["events"]} >= {"road_map", "uri", "doklam"}
    assert not (place / "results" / ".tmp").exists()


@pytest.mark.slow
def test_fork(run, place):
    done = sim("fork", "sco_expansion", "--at", "2017-06", "--with", "no_roadmap", "--workers", "1", cwd=place)
    assert done.returncode == 0, done.stderr
    folder = place / last(done)
    assert "agrees with the run to the bit" in done.stdout.replace("\n", " ")
    assert results.open_run(folder).manifest["forked"]["at"] == "2017-06"
    quickly = (*SMALL, "plots=false", "report=false")
    whole = sim("run", "scenario=no_roadmap", *quickly, "force=true", "results=whole", cwd=place)
    other = place / whole.stdout.splitlines()[-1]
    assert other.name == folder.name
    for name in ("measures.parquet", "ledger.nc", "states.parquet", "summary.csv", "events.csv", "config/scenario.json"):
        assert (other / name).read_bytes() == (folder / name).read_bytes(), name
    again = call("fork", "sco_expansion", "--at", "2017-06", "--with", "no_roadmap", "--no-plot", "--json", cwd=place)
    about = json.loads(again.stdout)
    assert about["months_simulated"] == 0 and about["futures"][0]["reused"]


def test_replay(run, place):
    done = sim("replay", "sco_expansion", "--workers", "1", cwd=place)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Every byte agrees: ")
    assert place / last(done) == run
    about = json.loads(call("replay", str(run), "--json", cwd=place).stdout)
    assert about["same"] and set(about["files"].values()) == {"same"}


def test_replay_of_a_changed_run_is_1(run, place, tmp_path):
    import shutil

    copy = tmp_path / "results" / "sco_expansion" / run.name
    shutil.copytree(run, copy)
    text = (copy / "summary.csv").read_text()
    (copy / "summary.csv").write_text(text.replace("1", "2", 1))
    done = call("replay", "sco_expansion", cwd=tmp_path)
    assert done.returncode == 1
    assert "summary.csv was changed on disk" in " ".join(done.stdout.split())
    assert "--keep replayed" in done.stdout.splitlines()[-2]


def test_as_many_replicates_as_it_takes(place):
    words = ("run", "scenario=baseline", "replicates=auto", "precision=0.02", "measure=trust:RUS>CHN", "end=2015-03")
    done = sim(*words, "plots=false", "report=false", "workers=1", cwd=place)
    assert done.returncode == 0, done.stderr
    assert "100 replicates: trust:RUS>CHN is known to" in done.stderr
    assert "Stopped after 100 replicates" in " ".join(done.stdout.split())
    about = results.open_run(place / done.stdout.splitlines()[-1]).manifest
    assert about["stopped"]["half_width"] <= 0.02 and about["stopped"]["reached"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["explain", "sco_expansion"], "--dyad"),
        (["explain", "sco_expansio", "--dyad", "RUS", "CHN"], "did you mean 'sco_expansion'"),
        (["explain", "sco_expansion", "--dyad", "RUS", "CHM"], "did you mean CHN (China)"),
        (["explain", "sco_expansion", "--dyad", "RUS", "CHN", "--to", "2031-01"], "outside 2015-01 to 2018-03"),
        (["explain", *["sco_expansion"] * 3, "--dyad", "RUS", "CHN"], "one run, or two"),
        (["ablate", "sco_expansion", "--measure", "cooperation:eigth"], "did you mean 'eight'"),
        (["ablate", "sco_expanson", "--measure", "cooperation:eight"], "did you mean 'sco_expansion'"),
        (["ablate", "sco_expansion", "--measure", "cooperation", "replicates=auto"], "precision"),
        (["ablate", "sco_expansion", "--measure", "cooperation", "parameters.trust.gian=1"], "gain"),
        (["ablate", "sco_expansion", "--measure", "cooperation", "--at", "1999-01"], "outside"),
        (["fork", "sco_expansion", "--at", "2017-08", "--with", "no_roadmap"], "road_map"),
        (["fork", "sco_expansion", "--at", "2017-06", "--with", "no_roadmaps"], "did you mean 'no_roadmap'"),
        (["fork", "sco_expansion", "--at", "2030-06", "--with", "no_roadmap"], "outside the run"),
        (["replay", "nothing"], "no run of 'nothing'"),
        (["replay", "sco_expansion", "--workers", "0"], "give 1 or more"),
        (["run", "scenario=baseline", "replicates=auto", "precision=0.1", "measure=trust"], "trust of what"),
    ],
)
def test_mistakes_are_one_message_and_2(run, place, words, said):
    before = sorted(place.rglob("*"))
    done = call(*words, cwd=place)
    assert done.returncode == 2, done.stdout
    assert said in done.stderr
    assert done.stdout == "" and "Traceback" not in done.stderr
    assert sorted(place.rglob("*")) == before


@pytest.mark.parametrize("verb", ["explain", "ablate", "fork", "replay"])
def test_help(verb, place):
    done = call(verb, "--help", cwd=place)
    assert done.returncode == 0 and "examples:" in done.stdout
