"""A run can be had again from its folder alone, byte by byte; where not, it is said what changed."""

from __future__ import annotations

import json
import shutil

import pytest

from sim import results
from sim.questions.replay import replay
from sim.results import ResultsError, open_run, recovery
from tests.cli.command import ROOT
from tests.manifests import list_again, rewrite
from tests.unit.told import EVENTS, finished, story


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return finished(tmp_path_factory.mktemp("replay"), story(*EVENTS), save="all", engine="numpy")


@pytest.fixture
def copy(whole, tmp_path):
    target = tmp_path / "results" / "told" / whole.name
    shutil.copytree(whole, target)
    return target


def test_the_story_comes_back_whole(whole):
    run = open_run(whole)
    again = recovery.scenario(run)
    assert again.spec == run.story()
    assert list(again.spec["events"]) == list(run.story()["events"])
    assert results.digest(again, recovery.options(run)) == run.manifest["digest"]


@pytest.mark.parametrize("workers", [1, 2])
def test_every_byte_agrees(whole, workers):
    found = replay(whole, workers=workers)
    assert found.same and not found.changed
    assert set(found.files) == set(open_run(whole).manifest["files"])
    assert {"trajectory.nc", "ledger.nc", "measures.parquet", "config/run.json"} <= set(found.files)


def test_nothing_is_left_behind(whole, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", None)
    replay(whole)
    assert not list(tmp_path.iterdir())


def test_a_changed_file_is_named(copy):
    path = copy / "measures.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    found = replay(copy)
    assert not found.same and found.damaged == ("measures.parquet",)


def test_changed_code_and_packages_are_named(copy):
    about = open_run(copy).manifest
    packages, machine = about["packages"] | {"numpy": "1.0"}, about["machine"] | {"processor": "abacus"}
    rewrite(copy, code="0" * 64, packages=packages, machine=machine)
    found = replay(copy)
    assert found.same  # the bytes agree all the same, and what changed is said
    said = " ".join(found.changed)
    assert "code that determines" in said and "numpy: 1.0" in said and "processor: abacus" in said


def test_other_numbers_are_said_with_their_size(copy, monkeypatch):
    from sim.mechanisms import trust

    update = trust.update

    def other(world, p, draws):
        new = update(world, p, draws)
        return new | {"trust": new["trust"] + 1e-9}

    monkeypatch.setattr(trust, "update", other)
    found = replay(copy, workers=1)
    assert not found.same and found.files["measures.parquet"] == "differs"
    assert found.files["config/scenario.json"] == "same"
    assert "first at the start of 2015-02" in found.numbers["measures.parquet"]
    assert found.plain()["same"] is False


def test_the_new_run_can_be_kept_but_not_over_the_old(whole, tmp_path):
    found = replay(whole, keep=tmp_path / "again")
    assert found.same and open_run(found.kept).manifest["digest"] == open_run(whole).manifest["digest"]
    with pytest.raises(ResultsError, match="holds the run itself"):
        replay(whole, keep=whole.parent.parent)


def test_a_run_with_a_behaviour(tmp_path):
    file = tmp_path / "mine.py"
    shutil.copy(ROOT / "examples" / "hedging_india.py", file)
    import sim

    folder = sim.run(
        "baseline",
        replicates=2,
        workers=1,
        changes={"end": "2015-04"},
        results=tmp_path / "results",
        behaviours={"IND": f"{file}:HedgingIndia"},
    ).path
    assert replay(folder, allow_code=True).same


def test_a_story_that_makes_no_sense_any_more(copy):
    path = copy / "config" / "scenario.json"
    story = json.loads(path.read_text()) | {"world": "atlantis"}
    path.write_text(json.dumps(story))
    list_again(copy)
    with pytest.raises(ResultsError, match=r"can no longer be read.*atlantis"):
        replay(copy)


def test_a_world_of_your_own_is_looked_for_where_you_say(tmp_path):
    import sim

    own = tmp_path / "own"
    shutil.copytree(ROOT / "scenarios" / "worlds" / "eurasia_2015", own / "worlds" / "mine")
    shutil.copy(ROOT / "scenarios" / "worlds" / "eurasia_2015.yaml", own / "worlds" / "mine.yaml")
    told = "defaults: [baseline, _self_]\ntitle: Other\nquestion: What?\nworld: mine\nend: 2015-03\n"
    (own / "other.yaml").write_text(told)
    folder = sim.run("other", scenario_dir=own, replicates=2, workers=1, results=tmp_path / "results").path
    with pytest.raises(ResultsError, match=r"there is no world 'mine'.*\n.*--scenario-dir"):
        replay(folder)
    assert replay(folder, scenario_dir=own).same
