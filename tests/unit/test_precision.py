"""replicates=auto: enough, no more than asked for, the same each time, and said."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from sim.results import open_run
from sim.scenario.subjects import NotMeasured, series_of
from sim.simulation import precision
from sim.simulation.ensemble import simulate
from sim.simulation.precision import half_width, simulate_until
from tests.unit.told import finished, story

ASK = {"measure": "trust:RUS>CHN", "workers": 1}


@pytest.fixture(scope="module")
def scenario():
    return story("uneasy")


def ends(trajectory, measure="trust", subject="RUS>CHN"):
    series = trajectory.series[measure]
    return series.values[:, -1, series.subjects.index(subject)]


def test_half_width_is_that_of_students_t():
    values = np.array([1.0, 2.0, 3.0, 4.0])
    assert half_width(values) == pytest.approx(3.182446305 * values.std(ddof=1) / 2)
    assert half_width(np.array([1.0, np.nan, 1.0])) == 0
    assert half_width(np.array([1.0])) == math.inf


def test_it_covers_what_it_says():
    """Closed form: of means of 30 normal draws, 95 % lie within the half-width of 0."""
    rng = np.random.default_rng(1)
    draws = rng.normal(size=(4000, 30))
    share = np.mean([abs(row.mean()) <= half_width(row) for row in draws])
    assert share == pytest.approx(0.95, abs=0.012)


def test_one_block_is_the_plain_run(scenario):
    found, plain = simulate_until(scenario, precision=10, **ASK), simulate(scenario, replicates=100, workers=1)
    assert found.replicates == 100 and found.stopped["blocks"] == [100]
    for name in plain.series:
        assert np.array_equal(found.series[name].values, plain.series[name].values, equal_nan=True)
    assert np.array_equal(found.ledger.mean, plain.ledger.mean)


def test_it_goes_on_until_it_is_sure(scenario):
    first = half_width(ends(simulate_until(scenario, precision=10, **ASK)))
    told = []
    found = simulate_until(scenario, precision=first / 1.6, told=told.append, **ASK)
    assert found.stopped["reached"] and half_width(ends(found)) <= first / 1.6
    assert found.replicates == found.stopped["replicates"] == len(ends(found)) == found.stopped["blocks"][-1]
    assert 100 < found.replicates <= 500 and found.replicates % 100 == 0
    assert all(b <= 2 * a for a, b in zip(found.stopped["blocks"], found.stopped["blocks"][1:], strict=False))
    assert len(told) == len(found.stopped["blocks"])
    assert np.array_equal(ends(found)[:100], ends(simulate(scenario, replicates=100, workers=1)))
    again = simulate_until(scenario, precision=first / 1.6, **{**ASK, "workers": 2})
    assert again.stopped == found.stopped and np.array_equal(again.trust, found.trust)


def test_the_most_is_the_most(scenario):
    found = simulate_until(scenario, precision=1e-9, most=150, **ASK)
    assert found.replicates == 150 and not found.stopped["reached"]
    assert "still above" in found.stopped["reason"] and "150 replicates are the most" in found.stopped["reason"]


def test_the_reason_stands_in_the_manifest_and_is_said(tmp_path, scenario):
    folder = finished(tmp_path, scenario, replicates="auto", precision=0.5, measure="trust:RUS>CHN")
    run = open_run(folder)
    assert run.manifest["replicates"] == 100
    assert run.manifest["stopped"]["measure"] == "trust:RUS>CHN"
    assert run.manifest["stopped"]["reason"] in run.manifest["validity"]
    assert json.loads((folder / "config" / "run.json").read_text())["replicates"] == "auto"
    assert finished(tmp_path, scenario, replicates="auto", precision=0.5, measure="trust:RUS>CHN") == folder
    assert finished(tmp_path, scenario, replicates=100) != folder


def test_it_can_be_replayed(tmp_path, scenario):
    from sim.questions.replay import replay

    assert replay(finished(tmp_path, scenario, replicates="auto", precision=0.5, measure="trust:RUS>CHN")).same


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cooperatio:SCO", "did you mean 'cooperation'"),
        ("cooperation:SC0", "did you mean 'SCO'"),
        ("bloc:CHN", "no mean"),
        ("trust", "trust of what"),
    ],
)
def test_what_cannot_be_measured(scenario, text, said):
    with pytest.raises(NotMeasured, match=said):
        series_of(scenario, text)


def test_measures_are_found(scenario):
    assert series_of(scenario, "cooperation") == ("cooperation", "world")
    assert series_of(scenario, "cooperation:RUS-CHN") == ("cooperation", "CHN-RUS")
    assert series_of(scenario, "strength") == ("strength", "ISK")
    with pytest.raises(ValueError, match="above 0"):
        simulate_until(scenario, precision=0, measure="cooperation")


def test_the_code_of_a_run_includes_the_rule():
    from sim.results.run_digest import DETERMINING

    assert "simulation/*.py" in DETERMINING and precision.FIRST == 100
