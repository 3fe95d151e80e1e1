"""Ablation: each counterfactual is the run without the event; Shapley values obey their axioms; intervals cover."""

from __future__ import annotations

import csv
import json
from itertools import permutations

import numpy as np
import pytest

from sim.kernel.covers import not_there
from sim.questions.ablate import CannotAblate, Effect, ablate, digest_of, shapley_of, write
from sim.questions.ablate.branches import ByNumpy
from sim.questions.ablate.plan import plan_of
from sim.scenario.stored import changed
from sim.simulation.ensemble import simulate
from tests.unit.told import EVENTS, story

MEASURE = "trust:RUS>CHN"
WITHOUT_MOVES = ("warm", "drill", "clash", "pact", "uneasy", "luck")


@pytest.fixture(scope="module")
def scenario():
    return story(*WITHOUT_MOVES, name="told")


@pytest.fixture(scope="module", params=["numpy", "kernel"])
def engine(request):
    if request.param == "kernel" and (why := not_there()):
        pytest.skip(f"no kernel: {why}")
    return request.param


@pytest.fixture(scope="module")
def found(scenario, engine):
    return ablate(scenario, measure=MEASURE, replicates=12, workers=1, shapley=True, engine=engine)


def end_of(scenario, replicates=12, engine="numpy"):
    trajectory = simulate(scenario, replicates=replicates, workers=1, engine=engine)
    series = trajectory.series["trust"]
    return series.values[:, -1, series.subjects.index("RUS>CHN")]


def less(scenario, *keys):
    return changed(scenario, events={k: e for k, e in scenario.spec["events"].items() if k not in keys} or None)


def test_each_is_to_the_bit_the_run_without_the_event(found, scenario, engine):
    assert found.engine == engine and np.array_equal(found.full, end_of(scenario, engine=engine))
    assert np.array_equal(found.none, end_of(less(scenario, *WITHOUT_MOVES), engine=engine))
    for k, player in enumerate(found.players):
        assert np.array_equal(found.without[k], end_of(less(scenario, *player.keys), engine=engine)), player.key


@pytest.mark.slow
def test_neither_chunks_nor_workers_change_a_number(found, scenario, engine):
    again = ablate(scenario, measure=MEASURE, replicates=12, workers=2, shapley=True, engine=engine)
    for name in ("full", "none", "without", "shapley"):
        assert np.array_equal(getattr(again, name), getattr(found, name)), name
    assert again.digest == found.digest
    assert found.digest == digest_of(scenario, measure=MEASURE, replicates=12, shapley=True, engine=engine)


def test_effects_are_ranked_and_have_signs(found):
    assert found.effect("warm").mean > 0 and found.effect("pact").mean > 0
    assert [row["rank"] for row in found.rows()] == [1, 2, 3, 4, 5, 6]
    sizes = [abs(row["mean"]) for row in found.rows()]
    assert sizes == sorted(sizes, reverse=True)
    assert {p.key: p.imposed for p in found.players} == {
        "warm": False,
        "drill": True,
        "clash": True,
        "pact": False,
        "uneasy": False,
        "luck": False,
    }
    assert list(found.table()["event"]) == [p.key for p in found.ranked]
    with pytest.raises(KeyError, match="no event 'warmth'"):
        found.effect("warmth")


def test_what_comes_after_the_month_has_no_effect_and_it_is_said(scenario):
    early = ablate(scenario, measure=MEASURE, replicates=4, at="2015-09", workers=1)
    assert early.effect("pact") == Effect(0, 0, 0, 0, 0, 0, 4, 3.0, 1)
    assert "After 2015-09" in early.notes[0]
    whole = ablate(scenario, measure=MEASURE, replicates=4, workers=1)
    series = simulate(less(scenario, "warm"), replicates=4, workers=1)
    at = series.times.index("2015-10")
    values = series.series["trust"].values[:, at, series.series["trust"].subjects.index("RUS>CHN")]
    assert np.array_equal(early.without[early._place("warm")], values)
    assert whole.span.plain()["to"] == "2016-12" and early.span.plain() == {"from": "2015-09", "to": "2015-09"}


def test_the_engines_agree(scenario, engine):
    """Sampled orders take other events away in each replicate."""
    if engine == "numpy":
        pytest.skip("with the kernel")
    asked = {
        "measure": "cooperation:CHN-RUS",
        "replicates": 3,
        "workers": 1,
        "shapley": True,
        "exact": 3,
        "over": "2016-2016",
    }
    one, other = (ablate(scenario, engine=name, **asked) for name in ("numpy", "kernel"))
    assert one.digest != other.digest
    for name in ("full", "none", "without", "shapley"):
        assert np.abs(getattr(one, name) - getattr(other, name)).max() < 1e-11, name


def test_interval_is_that_of_the_paired_difference():
    values = np.array([1.0, 2.0, 3.0, 4.0, np.nan])
    effect = Effect.of(values)
    assert effect.mean == 2.5 and effect.above == 1
    assert effect.high - effect.mean == pytest.approx(2.353363435 * values[:4].std(ddof=1) / 2)
    assert Effect.of(np.array([np.nan])).plain()["mean"] is None


# -- Shapley values --------------------------------------------------------------------------------------------------


def test_shapley_of_a_game_with_a_known_answer():
    """The glove game: one left glove (player 0), two right ones; Shapley value 2/3, 1/6, 1/6 (Shapley 1953)."""
    worth = np.array([float(not gone & 1 and gone & 6 != 6) for gone in range(8)])
    assert shapley_of(worth) == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_shapley_obeys_its_axioms():
    rng = np.random.default_rng(3)
    values = rng.normal(size=(16, 5))
    found = shapley_of(values)
    assert found.sum(axis=0) == pytest.approx(values[0] - values[15])  # efficiency
    other = rng.normal(size=(16, 5))
    assert shapley_of(values + other) == pytest.approx(found + shapley_of(other))  # additivity
    twin = np.array([values[gone & 0b0111] for gone in range(16)])  # player 3 never matters
    assert shapley_of(twin)[3] == pytest.approx(np.zeros(5))  # null player
    orders = np.zeros((4, 5))
    for order in permutations(range(4)):
        gone = 0
        for k in order:
            orders[k] += values[gone] - values[gone | 1 << k]
            gone |= 1 << k
    assert found == pytest.approx(orders / 24)  # the mean over all orders


def test_exact_values_add_up_to_all_events(found):
    assert found.method == "exact"
    assert found.shapley.sum(axis=0) == pytest.approx(found.full - found.none)
    assert found.shapley.shape == (6, 12)


def test_every_subset_is_the_run_without_it(scenario):
    plan, _ = plan_of(scenario, MEASURE, None, None, 3, 1, "float64", True, 2, "numpy")
    values = ByNumpy(plan, range(3), lambda n: None).subsets()
    for gone in (0, 0b101001, 0b010110, 0b111111):
        keys = [key for k, player in enumerate(plan.players) if gone >> k & 1 for key in player.keys]
        assert np.array_equal(values[gone], end_of(less(scenario, *keys), 3)), keys


def test_taken_away_in_some_replicates_is_taken_away(scenario):
    """What sampled orders rest on: a world whose replicates lack different events."""
    plan, _ = plan_of(scenario, MEASURE, None, None, 12, 1, "float64", True, 2, "numpy")
    branches = ByNumpy(plan, range(12), lambda n: None)
    gone = np.random.default_rng(1).random((12, 6)) < 0.5
    found = branches.masked(gone)
    for pattern in {tuple(row) for row in gone.tolist()}:
        rows = [r for r in range(12) if tuple(gone[r].tolist()) == pattern]
        keys = [key for k, player in enumerate(plan.players) if pattern[k] for key in player.keys]
        assert np.array_equal(found[rows], end_of(less(scenario, *keys))[rows])


@pytest.mark.slow
def test_sampled_values_agree_with_the_exact_ones(found, scenario, engine):
    asked = {"measure": MEASURE, "shapley": True, "passes": 8, "exact": 3, "engine": engine}
    sampled = ablate(scenario, replicates=12, workers=1, **asked)
    assert sampled.method == "sampled" and sampled.digest != found.digest
    assert sampled.shapley.sum(axis=0) == pytest.approx(found.full - found.none)
    for k in range(6):
        gap = Effect.of(sampled.shapley[k] - found.shapley[k])
        assert abs(gap.mean) <= 4 * gap.error + 1e-9
    again = ablate(scenario, replicates=5, workers=2, **asked)
    assert np.array_equal(again.shapley, sampled.shapley[:, :5])


# -- dependent events, questions, folders ----------------------------------------------------------------------------


def test_an_event_that_another_needs_takes_it_along_and_this_is_said():
    scenario = story("leaves", "returns", "warm", name="moves")
    found = ablate(scenario, measure=MEASURE, replicates=2, workers=1)
    assert [player.keys for player in found.players] == [("warm",), ("leaves", "returns")]
    assert found.notes == ("leaves is taken away together with returns, which cannot be without it.",)
    assert found.effect("returns") == found.effect("leaves")


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"at": "2014-01"}, "outside the months that there are, 2015-01 to"),
        ({"at": "never"}, "not a date"),
        ({"replicates": 1}, "take 2 or more"),
        ({"passes": 3}, "even"),
    ],
)
def test_questions_without_an_answer(scenario, question, said):
    with pytest.raises(CannotAblate, match=said):
        ablate(scenario, **{"measure": MEASURE, "workers": 1, **question})


def test_without_events_there_is_nothing_to_take_away():
    with pytest.raises(CannotAblate, match="nothing to take away"):
        ablate(story(), measure=MEASURE)


def test_the_folder_holds_everything_and_pictures_repeat(found, tmp_path):
    from sim.plots.answers import effects

    folder = write(found, tmp_path, draw=effects.draw)
    assert folder.parent == tmp_path / "ablate"
    about = json.loads((folder / "ablation.json").read_text())
    assert about["together"]["mean"] == pytest.approx((found.full - found.none).mean())
    assert about["interval"].startswith("90%")
    with (folder / "replicates.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [float(row["without warm"]) for row in rows] == found.without[found._place("warm")].tolist()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert {path.name: path.read_bytes() for path in write(found, tmp_path, draw=effects.draw).iterdir()} == before
    assert not (tmp_path / ".tmp").exists()


def test_events_are_all_there(scenario):
    assert set(EVENTS) >= set(scenario.events)
