"""The verbs of `world`, and `new --world`, as a person meets them: from nothing to a run with Finland."""

from __future__ import annotations

import json

import pytest

from sim.scenario import read
from tests.cli.command import sim


@pytest.fixture
def north(tmp_path):
    """A part of the atlas in a folder of its own."""
    done = sim("world", "new", "north", "--from", "atlas_2015", "--states", "region:nordic,RUS,USA", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    return tmp_path


def test_from_nothing_to_a_run_with_finland(north):
    added = sim("world", "add", "north", "EST", cwd=north)
    assert added.returncode == 0 and "7 pairs" in added.stdout, added.stderr
    assert "north is fine: 8 states" in sim("world", "check", "north", cwd=north).stdout
    assert sim("new", "mine", "--world", "north", cwd=north).returncode == 0
    words = ("run", "scenario=./mine.yaml", "replicates=2", "end=2015-03", "plots=false", "report=false")
    done = sim(*words, cwd=north)
    assert done.returncode == 0, done.stderr
    assert "8 states" in done.stdout


def test_what_is_taken_says_what_the_atlas_says(north):
    """Neither taking a part nor adding a state changes a number."""
    assert sim("world", "add", "north", "EST", cwd=north).returncode == 0
    words = ("--states", "region:nordic,EST,RUS,USA", "--json")
    found = json.loads(sim("world", "diff", "atlas_2015", "north", *words, cwd=north).stdout)
    assert found["differences"] == {}


def test_a_change_of_ones_own_shows(north):
    table = north / "worlds" / "north" / "dyads.csv"
    text = table.read_text(encoding="utf-8").replace("FIN,SWE,land,defence", "FIN,SWE,land,none")
    table.write_text(text, encoding="utf-8")
    done = sim("world", "diff", "atlas_2015", "north", "--states", "region:nordic,RUS,USA", cwd=north)
    assert "FIN-SWE" in done.stdout and "defence -> none" in done.stdout


def test_all_mistakes_are_told_at_once(north):
    folder = north / "worlds" / "north"
    (folder / "trust.csv").unlink()
    (folder / "reach.csv").unlink()
    states = (folder / "states.csv").read_text(encoding="utf-8").replace("Finland,0.", "Finland,7.")
    (folder / "states.csv").write_text(states, encoding="utf-8")
    done = sim("world", "check", "north", cwd=north)
    assert done.returncode == 2
    assert "trust.csv" in done.stderr and "reach.csv" in done.stderr and "is not a number from 0 to 1" in done.stderr


@pytest.mark.parametrize("luck", ["1", "2", "3", "4"])
def test_a_member_is_added_to_a_world_with_its_sources_beside_the_cells(tmp_path, luck):
    """Whatever the order of a set: once it decided which column's source a membership got."""
    assert sim("world", "new", "mine", "--from", "eurasia_2015", "--states", "RUS,USA,DEU", cwd=tmp_path).returncode == 0
    added = sim("world", "add", "mine", "POL", cwd=tmp_path, PYTHONHASHSEED=luck)
    assert added.returncode == 0, added.stderr
    assert "\nNATO,POL,1999,cow_igo\n" in (tmp_path / "worlds" / "mine" / "memberships.csv").read_text(encoding="utf-8")


def test_an_invented_world_is_filled_and_runs(tmp_path):
    assert sim("world", "new", "fable", "--invented", "Arcadia,Borduria,Syldavia", cwd=tmp_path).returncode == 0
    assert sim("new", "tale", "--world", "fable", cwd=tmp_path).returncode == 0
    done = sim("run", "scenario=./tale.yaml", "replicates=2", "end=2025-03", "plots=false", "report=false", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    added = sim("world", "add", "fable", "FIN", cwd=tmp_path)
    assert added.returncode == 0 and "atlas_2025 does not have ARC" in added.stdout


def test_a_world_is_shown(tmp_path):
    words = ("world", "show", "atlas_2025", "--states", "members:NATO", "--json", "--map", "nato.svg", "--outline", "EU")
    about = json.loads(sim(*words, cwd=tmp_path).stdout)
    assert len(about["states"]) == 32 and about["defence"][0]["organisation"] == "NATO"
    assert (tmp_path / "nato.svg").is_file()
    assert {guess["row"] for guess in about["guesses"] if guess["how"] == "imputed"} == set()
    text = sim("world", "show", "eurasia_2015", cwd=tmp_path).stdout
    assert "Afghanistan" in text and "IND-PAK" in text and "1,500 fighters" in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show", "atlas_2052"], "did you mean"),
        (["show", "atlas_2025", "--states", "region:nordik"], "did you mean 'nordic'"),
        (["show", "eurasia_2015", "--map", "x.gif"], ".png or .svg"),
        (["show", "eurasia_2015", "--map", "x.png", "--outline", "SOC"], "did you mean 'SCO'"),
        (["new", "north"], "give one of --from W"),
        (["new", "north", "--from", "atlas_2015", "--invented", "A,B"], "give one of --from W"),
        (["new", "../north", "--from", "atlas_2015"], "is not a name for a world"),
        (["new", "atlas_2015", "--from", "atlas_2025"], "there is a world atlas_2015 already"),
        (["new", "north", "--from", "atlas_2015", "--states", "FIN"], "needs two or more"),
        (["new", "fable", "--invented", "Arcadia"], "needs two or more"),
        (["new", "fable", "--invented", "Arcadia,Arcadia"], "is there twice"),
        (["add", "north", "FIN"], "make a world of your own"),
        (["add", "atlas_2015", "FIN"], "make a world of your own"),
        (["check", "nort"], "there is no world"),
    ],
)
def test_what_is_wrong_is_one_message_and_nothing_is_written(tmp_path, words, said):
    done = sim("world", *words, cwd=tmp_path)
    assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add", "north", "FIN"], "is a state of north already"),
        (["add", "north", "XYZ"], "no world of 2015-01 here has XYZ"),
        (["add", "north", "EST", "--from", "atlas_2025"], "a state of another month would not fit"),
    ],
)
def test_a_refused_addition_changes_nothing(north, monkeypatch, words, said):
    monkeypatch.delenv("SIM_DATA", raising=False)
    before = {path: path.read_bytes() for path in (north / "worlds").rglob("*") if path.is_file()}
    done = sim("world", *words, cwd=north)
    assert done.returncode == 2 and said in done.stderr
    assert {path: path.read_bytes() for path in (north / "worlds").rglob("*") if path.is_file()} == before


def test_a_story_with_states_more_has_its_counterfactual_beside_it(tmp_path):
    """Three commands from the docs; the comparison is of the same states, so that what differs is the accession."""
    done = sim("new", "mine", "--from", "nordic_nato", "--states", "MDA,GEO", cwd=tmp_path)
    assert done.returncode == 0 and "compare ./mine.yaml ./mine_no_nordic_nato.yaml" in done.stdout, done.stderr
    ours, theirs = (read(tmp_path / f"{name}.yaml") for name in ("mine", "mine_no_nordic_nato"))
    assert [row["code"] for row in ours.tables.states] == [row["code"] for row in theirs.tables.states]
    assert {*ours.events} - {*theirs.events} == {"finland_joins_nato", "sweden_joins_nato"}
    assert (ours.baseline, theirs.baseline) == ("mine_no_nordic_nato", "mine")
    assert {("GEO", "RUS"), ("MDA", "USA")} <= {tuple(pair) for pair in ours.watch}
    again = sim("new", "mine", "--from", "nordic_nato", "--states", "MDA", cwd=tmp_path)
    assert again.returncode == 2 and "exists already" in again.stderr
    none = sim("new", "other", "--from", "nordic_nato", "--states", "FIN", cwd=tmp_path)
    assert none.returncode == 2 and "has all of them already" in none.stderr and not (tmp_path / "other.yaml").exists()


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("north.yaml", "title: ", "a: &a [1, 1]\nb: [*a, *a]\ntitle: ", "is not a key of a world"),
        ("north/dyads.csv", "FIN,NOR,", "FIN,NOR,,", "has 8 cells, the header has 7"),
        ("north/record.csv", "FIN,", "FIN,,", "cells, the header has"),
        ("north/states.csv", "Finland,0.", "Finland,7.", "is not a number from 0 to 1"),
    ],
)
def test_nothing_is_taken_from_a_world_that_a_run_would_refuse(north, file, old, new, said):
    """A world that somebody sent is read strictly before a part of it is copied."""
    text = (north / "worlds" / file).read_text(encoding="utf-8")
    assert old in text
    (north / "worlds" / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    done = sim("world", "new", "other", "--from", "north", "--states", "all", cwd=north)
    assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr
    assert "internal error" not in done.stderr and not (north / "worlds" / "other").exists()


def test_states_are_added_to_a_scenario(tmp_path):
    done = sim("new", "more", "--from", "baseline", "--states", "XXX", cwd=tmp_path)
    assert done.returncode == 2 and "is neither a state of this world" in done.stderr
    assert list(tmp_path.iterdir()) == []
