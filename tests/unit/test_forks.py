"""One past, many futures: to the bit what each would have been from the start, or a refusal that names the event."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from sim import results
from sim.kernel import layout
from sim.kernel.covers import not_there
from sim.kernel.library import Library
from sim.questions.fork import CannotFork, fork
from sim.results import ResultsError, open_run
from tests.manifests import rewrite
from tests.unit.told import EVENTS, finished, story

PAST = ("warm", "leaves", "drill", "returns", "pact", "luck")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("fork")


@pytest.fixture(scope="module", params=["numpy", "kernel"])
def engine(request):
    if request.param == "kernel" and (why := not_there()):
        pytest.skip(f"no kernel: {why}")
    return request.param


@pytest.fixture(scope="module")
def past(place, engine):
    return finished(place / "results", story(*PAST, name="past"), save="all", engine=engine)


def futures():
    """Fewer events, more events, a changed end, another order of what comes later."""
    longer = {**EVENTS["pact"], "until": "2016-10"}
    return {
        "fewer": story("warm", "leaves", "drill", "luck", name="fewer"),
        "more": story("warm", "leaves", "drill", "clash", "returns", "pact", "uneasy", "luck", name="more"),
        "later": story("warm", "leaves", "drill", "luck", name="later", **{"events.pact": longer}),
    }


@pytest.mark.parametrize("workers", [1, 2])
def test_futures_are_to_the_bit_the_runs_from_the_start(past, place, workers, tmp_path, engine):
    copy = tmp_path / "results" / "past" / past.name
    shutil.copytree(past, copy)
    told = futures()
    found = fork(copy, list(told.values()), at="2015-08", workers=workers)
    assert list(found.folders) == list(told) and not found.reused
    assert found.months == (7 + 3 * 17 if engine == "numpy" else 3 * 24)
    for name, scenario in told.items():
        whole = finished(place / "whole", scenario, save="all", engine=engine)
        assert found.folders[name].name == whole.name
        files = set(open_run(whole).manifest["files"])
        assert files == set(open_run(found.folders[name]).manifest["files"])
        for file in files - {"config/run.json", "config/overrides.txt"}:
            assert (found.folders[name] / file).read_bytes() == (whole / file).read_bytes(), (name, file)
        about = open_run(found.folders[name]).manifest["forked"]
        assert about == {"scenario": "past", "digest": open_run(past).manifest["digest"], "at": "2015-08"}


@pytest.mark.parametrize("at", ["2015-01", "2015-05", "2016-12"])
def test_any_month_will_do(past, place, tmp_path, at, engine):
    copy = tmp_path / "results" / "past" / past.name
    shutil.copytree(past, copy)
    keys = [key for key in PAST if key == "luck" or EVENTS[key]["on"] < at]
    scenario = story(*keys, name="cut")
    folder = fork(copy, [scenario], at=at, workers=1).folders["cut"]
    whole = finished(place / "whole", scenario, save="all", engine=engine)
    for file in ("measures.parquet", "ledger.nc", "trajectory.nc", "states.parquet", "events.csv", "summary.csv"):
        assert (folder / file).read_bytes() == (whole / file).read_bytes(), file


def test_what_the_run_itself_changed_is_shared_by_the_futures(tmp_path, engine):
    """A run with an override of its own: the future has it too, as if it had been run with it."""
    import sim

    changes = {"end": "2016-06", "parameters.trust.gain": 0.01}
    options = {"replicates": 3, "workers": 1, "engine": engine}
    past = sim.run("sco_expansion", changes=changes, results=tmp_path / "results", **options)
    folder = fork(past, ["no_expansion"], at="2016-01", workers=1).folders["no_expansion"]
    whole = sim.run("no_expansion", changes=changes, results=tmp_path / "whole", **options).path
    assert folder.name == whole.name
    assert (folder / "measures.parquet").read_bytes() == (whole / "measures.parquet").read_bytes()
    assert (folder / "config" / "scenario.json").read_bytes() == (whole / "config" / "scenario.json").read_bytes()


def test_a_finished_future_is_not_simulated_again(past, monkeypatch):
    scenario = story("warm", "leaves", "drill", "luck", name="again")
    first = fork(past, [scenario], at="2015-08", workers=1)
    monkeypatch.setattr("sim.questions.fork.continue_under", None)
    second = fork(past, [scenario], at="2015-08", workers=1)
    assert second.folders == first.folders and second.reused == ("again",) and second.months == 0


def later(key: str, **fields):
    return {**EVENTS[key], **fields}


@pytest.mark.parametrize(
    ("keys", "more", "said"),
    [
        (("leaves", "drill", "luck"), {}, r"warm \(from 2015-03\) is in past and not in other; fork at 2015-03 or before"),
        (("warm", "leaves", "drill"), {}, r"luck \(without a date, so at any time\) is in past and not in other"),
        (
            ("warm", "leaves", "luck"),
            {"events.drill": later("drill", size=1)},
            "drill .* has size 2.* in past and 1.* in other",
        ),
        (
            ("warm", "leaves", "luck"),
            {"events.drill": later("drill", on="2016-01")},
            "drill is on 2015-07 in past and on 2016-01 in other",
        ),
        (("leaves", "warm", "drill", "luck"), {}, "another order"),
        (("warm", "leaves", "drill", "luck"), {"parameters.trust.gain": 0.02}, None),
    ],
)
def test_stories_that_do_not_share_the_past(past, keys, more, said):
    if said is None:
        from sim.scenario.stored import changed

        scenario = changed(story(*keys, name="other"), parameters={"trust": {"gain": 0.02}})
        said = r"differ in more than events \(parameters.trust"
    else:
        scenario = story(*keys, name="other", **more)
    with pytest.raises(CannotFork, match=said):
        fork(past, [scenario], at="2015-08", workers=1)


@pytest.mark.parametrize(("at", "said"), [("2014-12", "outside the run"), ("2017-01", "outside"), ("soon", "not a date")])
def test_months_that_cannot_be(past, at, said):
    with pytest.raises(CannotFork, match=said):
        fork(past, [story("warm", name="x")], at=at)


def test_two_futures_of_one_name(past):
    one = story("warm", "leaves", "drill", "luck", name="same")
    with pytest.raises(CannotFork, match="two futures are called 'same'"):
        fork(past, [one, replace(one)], at="2015-08")


def test_a_past_that_cannot_be_had_again_is_refused(past, monkeypatch, engine):
    from sim.mechanisms import trust

    update, rest = trust.update, Library.rest

    def other(world, p, draws):
        new = update(world, p, draws)
        return new | {"trust": new["trust"] + 1e-12}

    def otherwise(self, plan, *shares):
        rest(self, plan, *shares)
        layout.read(plan, layout.PLAN)["anchor"][...] += 1e-12

    if engine == "numpy":
        monkeypatch.setattr(trust, "update", other)
    else:
        monkeypatch.setattr(Library, "rest", otherwise)
    with pytest.raises(ResultsError, match=r"its past is another.*replay"):
        fork(past, [story("warm", "leaves", "drill", "luck", name="changed")], at="2015-08", workers=1)
    assert not (past.parent.parent / "changed").exists()


def test_a_run_with_a_behaviour_is_refused(past, tmp_path):
    copy = tmp_path / "results" / "past" / past.name
    shutil.copytree(past, copy)
    rewrite(copy, behaviours={"CHN": {"class": "Mine", "file": "mine.py", "sha256": "0"}})
    with pytest.raises(CannotFork, match="what they remember"):
        fork(copy, [story("warm", name="x")], at="2015-08")


def test_a_fork_can_be_replayed(past):
    from sim.questions.replay import replay

    folder = fork(past, [story("warm", "leaves", "drill", "luck", name="twice")], at="2015-08", workers=1).folders["twice"]
    found = replay(folder)
    assert found.same, found.files
    assert results.find("twice", folder.parent.parent) == folder
