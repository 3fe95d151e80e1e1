"""`world build` and `data`, as a person meets them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from sim.cli import world
from tests.cli.command import ROOT, sim

DATA = Path(os.environ.get("SIM_DATA") or ROOT.parent / "shared" / "data")
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"the public data are not at {DATA}; they do not ship")
MINE = 'title: Cold War\nquestion: Who sides with whom?\nworld: mine\nstart: "1985-01"\nend: "1986-12"\nstates: [-MNG]\n'


def test_sub_verbs_are_files_whose_first_lines_say_what_they_do():
    assert "build" in world.verbs()
    assert all(len(about) > 10 for about in world.verbs().values())


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["world", "biuld"], "did you mean 'build'?"),
        (["world", "build", "mine", "--start", "1985-01"], "no data folder: give --data DIR or set SIM_DATA"),
        (["world", "build", "mine", "--start", "1985-01", "--data", "nowhere"], "there is no folder nowhere"),
        (["world", "build", "../mine", "--start", "1985-01", "--data", "."], "is not a name for a world"),
        (["world", "build", "atlas_2015", "--start", "2015-01", "--data", "."], "comes with the program"),
        (["world", "build", "mine", "--start", "1985-01", "--data", "."], "nmc.csv.gz: there is no such file"),
        (["data", "nowhere"], "there is no folder nowhere"),
        (["data"], "no data folder"),
    ],
)
def test_what_is_wrong_is_one_message_and_nothing_is_written(tmp_path, monkeypatch, words, what):
    monkeypatch.delenv("SIM_DATA", raising=False)
    done = sim(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert what in done.stderr and "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_series_says_what_is_missing(tmp_path):
    done = sim("data", ".", cwd=tmp_path)
    assert done.returncode == 2
    assert "nmc/nmc.csv.gz" in done.stdout and "missing" in done.stdout


@needs_data
def test_a_world_is_built_checked_and_run(tmp_path):
    build = ["world", "build", "mine", "--start", "1985-01", "--states", "majors,neighbours:RUS"]
    done = sim(*build, cwd=tmp_path, SIM_DATA=str(DATA))
    assert done.returncode == 0, done.stderr
    again = sim(*build, cwd=tmp_path, SIM_DATA=str(DATA))
    assert again.returncode == 2 and "is there already" in again.stderr
    schedule = (
        (ROOT / "scenarios" / "baseline.yaml").read_text(encoding="utf-8").partition("\nschedule:")[2].partition("\n\n")[0]
    )
    cores = "cores: {east: [RUS], west: [USA, GBR, FRA]}\n"
    (tmp_path / "cold.yaml").write_text(f"{MINE}{cores}schedule:{schedule}\n", encoding="utf-8")
    assert sim("check", "./cold.yaml", cwd=tmp_path).returncode == 0
    run = sim("run", "scenario=./cold.yaml", "replicates=4", "plots=false", "report=false", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert "Soviet Union" in run.stdout


@needs_data
def test_data_says_what_is_there(tmp_path):
    done = sim("data", str(DATA), "--json", cwd=tmp_path)
    assert done.returncode == 0
    told = json.loads(done.stdout)
    assert told["missing"] == []
    series = {row["file"]: row for row in told["series"]}
    assert all(row["terms"] for row in series.values())
    assert "Singer" in series["nmc/nmc.csv.gz"]["citation"]
    assert series["nmc/nmc.csv.gz"]["last"] >= "2014"
