"""Measures against answers worked out by hand or by brute force, before any snapshot."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from sim import measures
from sim.measures import balance, polarisation
from sim.world import DEFENCE, EAST, NON_ALIGNED, WEST
from tests.contract import worlds


def read(name, case, **arrays):
    """A measure of a case with some arrays exchanged, (R, subjects)."""
    case = case.with_arrays(**arrays)
    return measures.all_measures()[name][1].read(case.world, case.frame)[name]


def pairs(n, *dyads, value=1.0):
    """A symmetric array (1, n, n) with a value at some dyads."""
    array = np.zeros((1, n, n))
    for i, j in dyads:
        array[0, i, j] = array[0, j, i] = value
    return array


@pytest.fixture
def four():
    """Four states S00 to S03: organisation O0, the sets `half` (S00, S01) and `alone` (S00), watched S00-S03."""
    return worlds.random(0, 1, 4, 1, 1)


def cliques(n):
    """Two equal groups, friends within and enemies across: symmetric weights (1, n, n) and sides (1, n)."""
    side = np.repeat([1.0, -1.0], n // 2)
    return (np.outer(side, side) * ~np.eye(n, dtype=bool))[None], np.where(side > 0, EAST, WEST)[None]


# -- cooperation and the network -------------------------------------------------------------------------------------


def test_cooperation_is_the_mean_share_of_the_last_twelve_months(four):
    months = np.zeros((1, 4, 4), np.uint16)
    months[0, 0, 1] = months[0, 1, 0] = 0b111111  # six months of twelve
    months[0, 0, 3] = months[0, 3, 0] = 2**12 - 1  # all twelve
    members = np.zeros((1, 4, 1), np.int8)
    members[0, [0, 1, 3], 0] = 1
    found = read("cooperation", four, cooperation_months=months, membership=members)[0]
    labels = measures.subjects("cooperation", four.frame)
    assert dict(zip(labels, found)) == pytest.approx(
        {
            "world": 1.5 / 6,
            "O0": 1.5 / 3,
            "half": 0.5,
            "alone": 0.0,
            "S00-S03": 1.0,
            "S00": 0.5,
            "S01": 0.5 / 3,
            "S02": 0.0,
            "S03": 1 / 3,
        }
    )


def test_weighted_cooperation_weighs_a_dyad_by_the_product_of_capabilities(four):
    months = np.zeros((1, 4, 4), np.uint16)
    months[0, 0, 1] = months[0, 1, 0] = 2**12 - 1
    capability = np.array([[0.4, 0.3, 0.2, 0.1]])
    found = read("cooperation_weighted", four, cooperation_months=months, capability=capability)[0]
    every = sum(capability[0, i] * capability[0, j] for i, j in itertools.combinations(range(4), 2))
    assert found[0] == pytest.approx(0.4 * 0.3 / every)


def test_tie_density_and_crises_a_year_count_each_dyad_once(four):
    tie = (DEFENCE * pairs(4, (0, 1), (2, 3), (0, 2)) + pairs(4, (1, 3))).astype(np.int8)
    assert read("ties", four, tie=tie)[0, 0] == pytest.approx(3 / 6)
    crises = np.zeros((1, 4, 4), np.uint64)
    crises[0, 0, 3] = crises[0, 3, 0] = 0b101 | 1 << 11 | 1 << 12  # three in the last year, one before it
    crises[0, 1, 2] = crises[0, 2, 1] = 1
    assert read("crises", four, crisis_months=crises)[0].tolist() == [4.0, 3.0]


# -- trust, threat, alignment, sides ---------------------------------------------------------------------------------


def test_trust_is_directed_and_cohesion_the_mean_within(four):
    trust = np.zeros((1, 4, 4))
    trust[0, 0, 3], trust[0, 3, 0], trust[0, 0, 1], trust[0, 1, 0] = 0.7, -0.2, 0.4, 0.2
    found = dict(zip(measures.subjects("trust", four.frame), read("trust", four, trust=trust)[0]))
    assert found == {"S00>S03": 0.7, "S03>S00": -0.2}
    cohesion = dict(zip(measures.subjects("cohesion", four.frame), read("cohesion", four, trust=trust)[0]))
    assert cohesion["half"] == pytest.approx(0.3) and cohesion["alone"] == 0


def test_threat_adds_over_others_and_strength_over_territories():
    case = worlds.random(0, 1, 3, 2, 1)
    assert read("threat", case, threat=np.array([[[0, 0.1, 0.2], [0.3, 0, 0], [0, 0, 0]]]))[0] == pytest.approx(
        [0.3, 0.3, 0]
    )
    assert read("strength", case, strength=np.array([[[1.0, 2, 3], [0, 0, 5]]]))[0].tolist() == [6.0, 5.0]


def test_alignment_is_trust_in_the_east_core_less_the_west_core_halved():
    case = worlds.random(0, 1, 4, 0, 0)
    trust = np.zeros((1, 4, 4))
    trust[0, 3] = [1.0, -1.0, 0.5, 0]
    arrays = {"trust": trust, "capability": np.array([[0.3, 0.1, 0.2, 0.4]]), "core": np.array([[1, 2, 2, 0]], np.int8)}
    arrays["regard"] = np.zeros((1, 4, 4))
    found = read("alignment", case, **arrays)[0]
    # the West core weighs 1/3 and 2/3; a core state counts as trusting itself fully
    assert found[3] == pytest.approx((1.0 - (-1 / 3 + 0.5 * 2 / 3)) / 2)
    assert found[0] == pytest.approx(0.5) and found[1] == pytest.approx(-1 / 6)


def test_sides_are_labelled_by_where_the_cores_stand():
    case = worlds.random(0, 1, 4, 0, 0)
    arrays = {"capability": np.array([[0.3, 0.2, 0.1, 0.4]]), "core": np.array([[1, 2, 0, 0]], np.int8)}
    swapped = np.array([[WEST, EAST, WEST, NON_ALIGNED]], np.int8)
    assert read("bloc", case, bloc=swapped, **arrays)[0].tolist() == [EAST, WEST, EAST, NON_ALIGNED]
    assert read("bloc_size", case, bloc=swapped, **arrays)[0].tolist() == [1, 2, 1]
    straight = np.array([[EAST, WEST, WEST, NON_ALIGNED]], np.int8)
    assert read("bloc", case, bloc=straight, **arrays)[0].tolist() == straight[0].tolist()


# -- balance ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [4, 10, 20, 24])
def test_two_equal_antagonistic_cliques(n):
    """MODEL V18: modularity 1/2, frustration 0; every triad balanced. 24 is above what is enumerated."""
    weights, sides = cliques(n)
    # positive: (1 - share of expected within) over cliques of n/2 tends to 1/2 + 1/(2n) corrections; exact by the formula
    k, m = n / 2 - 1, n / 2
    strength_positive, strength_negative = k, m
    within = n * (n / 2)  # ordered pairs on the same side, diagonal included
    positive = n * k - within * strength_positive**2 / (n * strength_positive) if k else 0
    negative = -(0 - within * strength_negative**2 / (n * strength_negative))
    expected = (positive + negative) / (n * (k + m))
    assert balance.modularity(weights, sides)[0] == pytest.approx(expected)
    assert expected == pytest.approx(0.5)
    assert balance.frustration(np.sign(weights))[0] == 0
    assert balance.balanced_triads(np.sign(weights))[0] == 1


def test_modularity_is_zero_when_all_are_on_one_side():
    rng = np.random.default_rng(0)
    weights = rng.normal(size=(5, 9, 9))
    weights = (weights + weights.swapaxes(1, 2)) * ~np.eye(9, dtype=bool)
    assert balance.modularity(weights, np.ones((5, 9))) == pytest.approx(0, abs=1e-12)


def test_a_single_enmity_in_a_triangle_is_frustrated_and_two_are_not():
    one, two = pairs(3, (0, 1), (1, 2)) - pairs(3, (0, 2)), pairs(3, (0, 1)) - pairs(3, (0, 2), (1, 2))
    assert balance.frustration(one)[0] == pytest.approx(1 / 3) and balance.balanced_triads(one)[0] == 0
    assert balance.frustration(two)[0] == 0 and balance.balanced_triads(two)[0] == 1


def test_four_mutual_enemies_leave_two_of_six_dyads_frustrated():
    enemies = -(1.0 - np.eye(4))[None]
    assert balance.frustration(enemies)[0] == pytest.approx(2 / 6)
    assert balance.balanced_triads(enemies)[0] == 0


def test_friendship_all_round_is_no_evidence_of_balance():
    """All-positive triads are left out: none is left, which counts as 1; one balanced triad with enemies among them."""
    friends = (1.0 - np.eye(5))[None]
    assert balance.balanced_triads(friends)[0] == 1
    one_unbalanced = friends.copy()
    one_unbalanced[0, 0, 1] = one_unbalanced[0, 1, 0] = -1
    assert balance.balanced_triads(one_unbalanced)[0] == 0


def random_signs(seed, n, count=6):
    rng = np.random.default_rng(seed)
    upper = np.triu(rng.integers(-1, 2, (count, n, n)), 1)
    return (upper + upper.swapaxes(1, 2)).astype(float)


def test_frustration_by_enumeration_equals_brute_force():
    sign = random_signs(1, 7)
    for r, s in enumerate(sign):
        least = min(
            sum(s[i, j] * side[i] * side[j] < 0 for i, j in itertools.combinations(range(7), 2))
            for side in itertools.product((-1, 1), repeat=7)
        )
        assert balance.frustration(sign)[r] == pytest.approx(least / np.count_nonzero(np.triu(s)))


def test_frustration_by_the_greedy_way_is_an_upper_bound_and_no_move_helps():
    sign = random_signs(2, 12, 20)
    exact, greedy = balance.frustration(sign), balance.frustration(sign, exact=0)
    assert (greedy >= exact - 1e-12).all()
    assert greedy.mean() < 1.25 * exact.mean()
    weights, _ = cliques(30)
    assert balance.frustration(np.sign(weights), exact=0)[0] == 0


def test_balanced_triads_equal_a_count_by_hand():
    for s, found in zip(sign := random_signs(3, 8), balance.balanced_triads(sign)):
        products = [
            (s[i, j] * s[j, k] * s[i, k], min(s[i, j], s[j, k], s[i, k])) for i, j, k in itertools.combinations(range(8), 3)
        ]
        relevant = [product for product, least in products if product != 0 and least < 0]
        assert found == pytest.approx(sum(product > 0 for product in relevant) / len(relevant))


@pytest.mark.parametrize("n", [1, 2, 5, 21])
def test_leading_sides_are_those_of_the_leading_eigenvector(n):
    weights = np.random.default_rng(n).uniform(-1, 1, (50, n, n))
    weights = weights + weights.swapaxes(1, 2)
    vector = np.linalg.eigh(weights)[1][..., -1]
    clear = np.abs(vector) > 1e-6
    agreed = np.where(clear, balance.leading_sides(weights) * np.sign(vector), 0).sum(-1)
    assert np.array_equal(np.abs(agreed), clear.sum(-1))  # one way or the other


def test_leading_sides_of_two_cliques_and_of_nothing():
    side = np.array([1, -1, 1, 1, -1, -1])
    assert np.abs(balance.leading_sides(np.outer(side, side)[None] * 1.0) @ side) == 6
    assert balance.leading_sides(np.zeros((1, 4, 4))).shape == (1, 4)


def test_trust_near_zero_has_no_sign():
    case = worlds.random(0, 1, 3, 0, 0)
    trust = np.array([[[0, 0.04, 0.5], [0.04, 0, -0.5], [0.5, -0.5, 0]]])
    assert balance.signs(case.with_arrays(trust=trust).world)[0].tolist() == [[0, 0, 1], [0, 0, -1], [1, -1, 0]]


# -- polarisation ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("alpha", [0.5, 1.3, 1.6])
@pytest.mark.parametrize("split", [1, 3])
def test_two_equal_camps_at_distance_one(alpha, split):
    """MODEL V18: 2^-(1 + alpha), into however many equal states a camp is split."""
    position = np.repeat([[0.0, 1.0]], split, axis=1)
    weight = np.full((1, 2 * split), 0.5 / split)
    assert polarisation.esteban_ray(position, weight, alpha)[0] == pytest.approx(2 ** -(1 + alpha))


def test_nobody_is_polarised_where_all_stand_together_or_one_has_all_the_weight():
    assert polarisation.esteban_ray(np.full((1, 5), 0.3), np.full((1, 5), 0.2))[0] == 0
    assert polarisation.esteban_ray(np.array([[0.0, 1.0]]), np.array([[1.0, 0.0]]))[0] == 0


def test_polarisation_grows_with_distance_in_proportion_and_two_camps_beat_a_spread():
    weight = np.full((1, 4), 0.25)
    camps, spread = np.array([[-1.0, -1, 1, 1]]), np.array([[-1.0, -1 / 3, 1 / 3, 1]])
    one = polarisation.esteban_ray(camps, weight)[0]
    assert polarisation.esteban_ray(0.5 * camps, weight)[0] == pytest.approx(0.5 * one)
    assert one > polarisation.esteban_ray(spread, weight)[0] > 0
