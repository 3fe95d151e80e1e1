"""Scores of known answers; blocks of pacts; what is pooled; moments."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sim.hindcast import moments, pacts, record, scores
from sim.hindcast.origin import K37, chosen
from sim.hindcast.page import bins
from sim.hindcast.row import Losses, Row, pooled


def test_brier_and_log_of_known_answers():
    y, p = np.array([1, 0, 0, 0]), np.array([0.5, 0.5, 0.0, 0.1])
    assert scores.brier(y, p) == pytest.approx((0.25 + 0.25 + 0 + 0.01) / 4)
    assert scores.log_loss(y, p)[:2] == pytest.approx([np.log(2), np.log(2)])
    assert np.isfinite(scores.log_loss(np.array([1]), np.array([0.0]))).all()


def test_areas_of_a_perfect_order_are_one_and_nothing_without_events():
    y = np.array([0, 0, 1, 1])
    assert scores.areas(y, np.array([0.1, 0.2, 0.3, 0.4])) == {"pr": 1.0, "roc": 1.0}
    assert np.isnan(list(scores.areas(np.zeros(4), np.arange(4.0)).values())).all()


def test_crps_of_draws_is_that_of_their_normal():
    draws = np.random.default_rng(1).normal(size=(4000, 2))
    y = np.array([0.3, -1.2])
    assert scores.crps_of_draws(draws, y) == pytest.approx(scores.crps_of_normal(np.zeros(2), 1.0, y), abs=0.02)


def test_skill_is_in_percent_and_of_the_root_where_asked():
    mine, its = np.full(10, 0.25), np.full(10, 1.0)
    assert scores.better(mine, its)(np.ones(10)) == pytest.approx(75)
    assert scores.better(mine, its, root=True)(np.ones(10)) == pytest.approx(50)


def test_intervals_by_states_hold_the_value_and_are_wider_than_by_pairs():
    luck = np.random.default_rng(2)
    i, j = np.triu_indices(20, 1)
    by_state = luck.normal(size=20)
    loss = by_state[i] + by_state[j] + luck.normal(size=len(i)) * 0.1
    mean = lambda weights: float((weights * loss).sum() / weights.sum())  # noqa: E731
    low, high = scores.by_states(i, j, mean)
    near, far = scores.by_clusters(np.arange(len(i)), mean)
    assert low < loss.mean() < high
    assert high - low > 2 * (far - near)


def test_a_state_that_makes_five_pacts_in_a_year_is_one_block():
    n = 8
    before, after = np.zeros((n, n)), np.zeros((n, n))
    after[0, 1:6] = after[1:6, 0] = 1  # state 0 joins an alliance of five
    after[6, 7] = after[7, 6] = 1
    i, j = np.triu_indices(n, 1)
    origin = SimpleNamespace(
        year=2003,
        panel=SimpleNamespace(codes=tuple("ABCDEFGH"), at=lambda name, year: before),
        outcome=lambda name, year: after,
    )
    asked, y = pd.DataFrame({"i": i, "j": j}), (after[i, j] > 0).astype(int)
    labels = pacts.blocks(origin, 1, asked, y)
    assert set(labels[y > 0]) == {"2004:A", "2004:G-H"}
    weights = pacts._one_a_block(labels, y)
    assert weights[y > 0].sum() == pytest.approx(2)
    assert (weights[y == 0] == 1).all()


def _rows(loss, than):
    i, j = np.triu_indices(6, 1)
    codes = np.array(list("ABCDEF"))
    y = (np.arange(len(i)) % 3 == 0).astype(int)
    return [
        Row(
            "disputes",
            year,
            5,
            name,
            len(i),
            5,
            {},
            None,
            {},
            Losses(codes[i], codes[j], y, {"brier": np.full(len(i), value)}),
        )
        for year in (1995, 2000)
        for name, value in (("gravity", than), ("model", loss))
    ]


def test_pooled_skill_is_told_against_gravity():
    (row,) = pooled(_rows(0.02, 0.01), "brier")
    assert (row.forecaster, row.origin, row.events) == ("model", None, 10)
    assert row.skill == pytest.approx((-100, -100, -100))


def test_bins_find_the_probability_again_from_its_loss():
    p = np.array([0.2] * 30 + [0.02] * 30)
    y = np.array([1] * 6 + [0] * 24 + [1] + [0] * 29)
    codes = np.array(["A"] * 60)
    row = Row("disputes", 1995, 5, "model", 60, 7, {}, None, {}, Losses(codes, codes, y, {"brier": (p - y) ** 2}))
    low, high = bins([row], "disputes", "model")
    assert (low.said, low.came, low.pairs) == (pytest.approx(0.02), pytest.approx(1 / 30), 30)
    assert (high.said, high.came, high.pairs) == (pytest.approx(0.2), pytest.approx(0.2), 30)
    assert high.low < 0.2 < high.high


def test_moments_of_what_stays_and_of_what_is_drawn_anew():
    luck = np.random.default_rng(3)
    one, other = luck.normal(size=2000), luck.normal(size=2000)
    assert moments._moments(one, one) == (pytest.approx(1), 0)
    kept, change = moments._moments(one, other)
    assert abs(kept) < 0.1
    assert change == pytest.approx(np.sqrt(2), abs=0.1)


def test_states_are_chosen_by_word():
    assert chosen("k37") == (K37, ())
    assert chosen("all,-VNM") == (None, ("VNM",))
    assert chosen("CHN,RUS") == (("CHN", "RUS"), ())
    assert len(set(K37)) == 38


def test_the_sentence_says_better_worse_and_as_good():
    figures = {
        "disputes: model, recalibrated": [-33.4, -60, -1],
        "votes: model": [0.2, -4, 4],
        "net share: model": [2.6, 0, 5],
    }
    said = record.sentence([{"rules": "0.1", "origins": [1995, 2009], "years": 5, "figures": {"k37": figures}}])
    assert "disputes 33 % worse, the tone of events 3 % better, votes as good." in said
    assert record.sentence([]) == ""


def test_a_version_of_the_same_rules_is_replaced_and_another_added(tmp_path):
    file = tmp_path / "record.json"
    for rules, date in (("0.1", "a"), ("0.1", "b"), ("0.2", "c")):
        kept = record.add({"rules": rules, "date": date}, file)
    assert [(one["rules"], one["date"]) for one in kept] == [("0.1", "b"), ("0.2", "c")]
