"""What an answer hangs on: known functions give their known indices, and an outcome is a function of the parameters."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from sim.cli.hanging import sentences
from sim.questions.effect import Effect
from sim.questions.span import Span
from sim.scenario import read
from sim.sensitivity import CannotVary, Question, inputs_of, rank, robustness, tip
from sim.sensitivity.outcome import values
from sim.sensitivity.ranking import points_of, ranked
from sim.sensitivity.robust import Mover, Robustness, _crossing, share_interval
from sim.sensitivity.tip import MOST
from sim.simulation.ensemble import simulate


def ishigami(unit):
    """Ishigami and Homma (1990): S1 .314 .442 0, ST .558 .442 .244 with a = 7, b = .1."""
    x = math.pi * (2 * unit - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


@pytest.fixture(scope="module")
def scenario():
    return read("baseline", changes={"end": "2015-06"})


@pytest.fixture(scope="module")
def question(scenario):
    return Question((scenario,), "cooperation", "world", Span(scenario.end - 1, scenario.end - 1), 4)


def test_ishigami_through_our_own_plan_and_indices():
    found = ranked(ishigami, ["x1", "x2", "x3"], "sobol", None)
    rows = {row["parameter"]: row for row in found.rows}
    for name, first, total in (("x1", 0.314, 0.558), ("x2", 0.442, 0.442), ("x3", 0.0, 0.244)):
        assert rows[name]["S1"] == pytest.approx(first, abs=0.05)
        assert rows[name]["ST"] == pytest.approx(total, abs=0.05)
        assert rows[name]["ST_conf"] < 0.1
    assert [row["parameter"] for row in found.rows] == ["x1", "x2", "x3"] and not found.warnings


@pytest.mark.parametrize("method", ["morris", "delta"])
def test_what_does_nothing_is_last(method):
    found = ranked(lambda unit: 3 * unit[:, 0] + unit[:, 1], ["much", "some", "nothing"], method, None)
    assert [row["parameter"] for row in found.rows] == ["much", "some", "nothing"]


def test_too_small_a_design_is_said():
    found = ranked(ishigami, ["x1", "x2", "x3"], "sobol", 8)
    assert "too small" in found.warnings[0]


def test_an_outcome_that_never_differs_has_no_indices():
    for method in ("sobol", "morris"):
        for row in ranked(lambda unit: unit[:, 0] * 0, ["a", "b"], method, 8).rows:
            assert not any(value for key, value in row.items() if key != "parameter")


def test_inputs_stay_within_their_bounds_and_stand_in_the_middle(scenario):
    inputs = inputs_of(scenario)
    assert len(inputs) > 40
    for one in inputs:
        assert one.low <= one.value <= one.high and one.at(0.5) == pytest.approx(one.value)
        assert one.low <= one.at(0.0) <= one.high and one.low <= one.at(1.0) <= one.high
        assert one.at(one.place(one.value)) == pytest.approx(one.value)
    assert [one.key for one in inputs_of(scenario, ["trust.gain"])] == ["trust.gain"]
    with pytest.raises(CannotVary, match=r"did you mean 'trust.gain'"):
        inputs_of(scenario, ["trust.gian"])


def test_a_parameter_given_to_a_replicate_is_that_parameter(scenario, question):
    """The outcome at a point is that of a run with these parameters, but for how its starting world is brought to rest."""
    (one,) = inputs_of(scenario, ["trust.noise"])
    moved = values(question, [one], np.array([[0.0], [0.5], [1.0]]), workers=1)
    assert moved.shape == (3, 4)
    run = simulate(scenario, replicates=4, workers=1)
    kept = run.series["cooperation"].values[:, -1, run.series["cooperation"].subjects.index("world")]
    assert moved[1] == pytest.approx(kept, abs=0.02) and not np.array_equal(moved[0], moved[2])


def test_the_outcome_is_a_function_of_the_parameters_whatever_the_chunks_and_workers(scenario, question):
    inputs = inputs_of(scenario)[:3]
    points = np.random.default_rng(1).random((5, 3))
    whole = values(question, inputs, points, workers=1)
    assert np.array_equal(whole, values(question, inputs, points, workers=2))
    assert np.array_equal(whole[3:], values(question, inputs, points[3:], workers=1))
    alone = values(replace(question, replicates=2), inputs, points[:1], workers=1)
    assert np.array_equal(alone[0], whole[0, :2])


def test_a_scenario_less_itself_is_zero_everywhere(scenario, question):
    both = replace(question, scenarios=(scenario, scenario))
    assert not values(both, inputs_of(scenario)[:2], np.array([[0.1, 0.9]]), workers=1).any()
    found = robustness(both, draws=4, workers=1)
    assert not found.effects.any() and not found.movers


def test_robustness_is_of_the_difference(scenario):
    other = read("baseline", changes={"end": "2015-06", "parameters.insurgency.growth": 0.2})
    question = Question((other, scenario), "strength", "ISK", Span(scenario.end - 1, scenario.end - 1), 2)
    found = robustness(question, draws=6, workers=1)
    assert found.standing.mean > 0 and found.same_sign == 1
    assert found.interval[0] <= np.median(found.effects) <= found.interval[1]
    about = found.plain()
    assert about["draws"] == 6 and about["parameters"] == found.varied > 40


def test_a_share_of_few_draws_is_not_sure():
    """Half of a 90 % interval, from 128 draws; it shrinks with draws, and covers what simulated draws give."""
    low, high = share_interval(0.4, 128)
    assert low < 0.4 < high and share_interval(0.4, 512)[1] < high and share_interval(0.0, 128)[0] == 0
    luck = np.random.default_rng(1)
    x = luck.normal(size=(400, 128))
    y = math.sqrt(0.4) * x + math.sqrt(0.6) * luck.normal(size=x.shape)
    shares = np.array([np.corrcoef(one, other)[0, 1] ** 2 for one, other in zip(x, y)])
    inside = np.mean([low <= 0.4 <= high for low, high in (share_interval(share, 128) for share in shares)])
    assert 0.85 <= inside <= 0.95


@pytest.mark.parametrize(("second", "unsure"), [(0.35, True), (0.05, False)])
def test_first_places_that_overlap_are_told(scenario, question, second, unsure):
    growth, gain = inputs_of(scenario, ["insurgency.growth", "trust.gain"])
    movers = tuple(Mover(one, share, *share_interval(share, 128), 0.3) for one, share in ((growth, 0.4), (gain, second)))
    found = Robustness(question, Effect.of(np.ones(8)), np.linspace(0.5, 2, 128), movers, 40)
    said = " ".join(sentences(found))
    assert found.order_unsure is unsure is ("comes first is not sure" in said)
    assert f"40 +- {100 * movers[0].half:.0f} % of the variance; moved alone, the mean turns at 0.3" in said
    assert found.plain()["movers"][0]["share_low"] == movers[0].low


@pytest.mark.parametrize(("method", "points"), [("morris", 8), ("sobol", 10), ("delta", 2)])
def test_the_points_are_told_before(question, method, points):
    assert points_of(question, method, ["trust.gain", "trust.loss", "insurgency.growth"], 2) == points
    assert points_of(question, "sobol") > points_of(question, "morris") > 40 * 20


def test_where_effects_go_through_zero():
    places = np.linspace(0, 1, 5)
    assert _crossing(places, np.array([-1.0, -1.0, -1.0, 1.0, 1.0])) == pytest.approx(0.625)
    assert math.isnan(_crossing(places, np.ones(5)))


def test_tip_finds_where_the_odds_are_even(scenario):
    question = Question((scenario,), "strength", "ISK", Span(scenario.end - 1, scenario.end - 1), 20)
    (growth,) = inputs_of(scenario, ["insurgency.growth"])
    ends = values(question, [growth], np.array([[0.0], [1.0]]), workers=1).mean(axis=1)
    level = float(ends.mean())
    seen: list[tuple[int, int]] = []
    found = tip(question, "insurgency.growth", level, workers=1, progress=lambda *values: seen.append(values))
    assert [done for done, _ in seen] == list(range(1, len(seen) + 1)) and {most for _, most in seen} == {MOST}
    assert len(seen) <= MOST
    there = values(question, [growth], np.array([[growth.place(found.value)]]), workers=1)[0]
    assert 0.3 <= (there >= level).mean() <= 0.7 and growth.low < found.value < growth.high
    with pytest.raises(CannotVary, match="the odds do not turn: 0 % of the replicates reach 1e"):
        tip(question, "insurgency.growth", 1e9, workers=1)


def test_ranking_of_the_model(scenario, question):
    found = rank(question, only=["trust.gain", "trust.loss", "insurgency.growth"], samples=2, workers=1)
    assert len(found.rows) == 3 and found.points == 8 and found.gain > 0
    assert {row["basis"] for row in found.rows} <= set("RPCDXAM")
    with pytest.raises(CannotVary, match="is no method"):
        rank(question, method="guess")
