"""Any dyad can be asked for: what a run did not record is simulated again, exactly, and nothing is added to the run."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from sim import results
from sim.questions.compare import compare
from sim.results import ResultsError, unwatched
from sim.results.obtain import obtain
from sim.scenario.subjects import NotMeasured, series_of, watching
from sim.simulation.ensemble import simulate
from tests.unit.tiny import tiny


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """A run of the tiny world, and one in which a year is shorter by an agreement; both watch China and Russia."""
    root = tmp_path_factory.mktemp("results")
    options = {"replicates": 6, "seed": 3, "workers": 1}
    one = obtain(tiny(), options, root, lambda: None)[0]
    other = obtain(dataclasses.replace(tiny(**{"parameters.trust.gain": 0.009}), name="other"), options, root, lambda: None)[
        0
    ]
    return results.open_run(one), results.open_run(other)


@pytest.fixture(autouse=True)
def forget():
    unwatched._KEPT.clear()


def test_it_is_what_would_have_been_recorded(pair, capsys):
    run, _ = pair
    before = sorted(path.name for path in run.path.iterdir())
    scenario = dataclasses.replace(tiny(), watch=(("AFG", "USA"), ("CHN", "RUS")))
    recorded = simulate(scenario, replicates=6, seed=3, workers=1).series
    for measure, subject in (("trust", "USA>AFG"), ("trust", "AFG>USA"), ("cooperation", "AFG-USA"), ("crises", "AFG-USA")):
        assert subject not in run.subjects(measure)
        times, values = run.series(measure, subject)
        series = recorded[measure]
        np.testing.assert_array_equal(values, series.values[:, :, series.subjects.index(subject)])
        assert len(times) == len(series.steps)
    assert capsys.readouterr().err.count("simulated again") == 1
    assert sorted(path.name for path in run.path.iterdir()) == before


def test_watched_ones_are_read_and_not_simulated(pair, monkeypatch):
    monkeypatch.setattr(unwatched, "_simulated", lambda *_: pytest.fail("simulated"))
    assert pair[0].series("trust", "Russia>China")[1].shape == (6, 13)


@pytest.mark.parametrize("written", ["United States>Afghanistan", "usa > afg", "United States in Afghanistan"])
def test_names_are_taken_as_well_as_codes(pair, written):
    np.testing.assert_array_equal(pair[0].series("trust", written)[1], pair[0].series("trust", "USA>AFG")[1])


@pytest.mark.parametrize(
    ("measure", "subject", "said"),
    [
        ("trust", "China-Russia", "trust goes one way: write 'trust:CHN>RUS' (China in Russia) or 'trust:RUS>CHN'"),
        ("trust", "USA-AFG", "trust goes one way: write 'trust:AFG>USA' (Afghanistan in United States) or 'trust:USA>AFG'"),
        ("cooperation", "USA>AFG", "cooperation has no direction: write cooperation:AFG-USA"),
        ("trust", "USA>USA", "there is no subject of trust 'USA>USA'"),
        ("trust", "USA>NOR", "there is no subject of trust 'USA>NOR'"),
        ("alignment", "USA>AFG", "there is no subject of alignment 'USA>AFG'"),
    ],
)
def test_what_is_no_dyad_of_it_is_refused_with_a_hint(pair, measure, subject, said):
    with pytest.raises(ResultsError) as error:
        pair[0].series(measure, subject)
    assert said in str(error.value)


def test_a_run_of_another_model_is_not_passed_off_as_this_one(pair):
    run = results.open_run(pair[0].path)
    run.manifest["seed"] = 4  # as if the same seed now gave another story
    with pytest.raises(ResultsError, match=r"has changed since; run it again with 'scenario.watch=\[CHN-RUS,AFG-USA\]'"):
        run.series("trust", "USA>AFG")


def test_code_of_others_is_not_run_to_answer_a_question(pair):
    run = results.open_run(pair[0].path)
    run.manifest["behaviours"] = {"USA": {"class": "X", "file": "x.py", "sha256": None}}
    with pytest.raises(ResultsError, match="has behaviours: code, which is not run to answer a question"):
        run.series("trust", "USA>AFG")


def test_a_comparison_can_be_about_it(pair):
    c = compare(*pair)
    d = c.of("trust", "United States in Afghanistan")
    a, b = (run.series("trust", "USA>AFG")[1][:, -1] for run in pair)
    assert (d.measure, d.subject) == ("trust", "USA>AFG")
    assert d.effect.mean == pytest.approx((a - b).mean(), abs=1e-12)
    assert d not in c.differences
    assert c.asked == [d]
    whole = compare(*pair).of("cooperation", "USA-AFG")
    assert whole.span is not None, "a measure in twelfths is a mean since the two part"
    assert "United States" in c.answer("trust:USA>AFG")


def test_before_a_simulation_it_is_watched():
    scenario = tiny()
    assert series_of(scenario, "trust:Afghanistan>USA", any_dyad=True) == ("trust", "AFG>USA")
    watched = watching(scenario, "trust", "AFG>USA")
    assert watched.watch == (*scenario.watch, ("AFG", "USA"))
    assert watched.spec == scenario.spec
    assert watching(scenario, "trust", "CHN>RUS") is scenario
    with pytest.raises(NotMeasured, match=r"nobody watches that dyad; add 'scenario.watch=\[CHN-RUS,AFG-USA\]'"):
        series_of(scenario, "trust:AFG>USA")
    with pytest.raises(NotMeasured, match="trust goes one way: write 'trust:CHN>RUS'"):
        series_of(scenario, "trust:China-Russia", any_dyad=True)


def test_it_is_plain_data_after_all(pair):
    """A comparison about such a dyad can be written and read again."""
    from sim.questions.compare import compare_all, write

    folder = write(
        compare_all([run.path for run in pair]), pair[0].path.parent.parent, answers=["x"], measure="trust:USA>AFG"
    )
    assert json.loads((folder / "manifest.json").read_text())["measure"] == "trust:USA>AFG"


def test_explain_takes_names(pair):
    from sim.questions.explain import explain

    assert explain(pair[0], dyad=["usa", "Afghanistan"]).dyad == ("USA", "AFG")
    assert len(explain(*pair, dyad=["USA", "AFG"]).effects) == 2
