"""The enumeration against the definitions, written out for few actors; ties, plateaus, scores, what is refused."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.landscape.model import LandscapeError, landscape, score


def symmetric(values, n):
    matrix = np.zeros((n, n))
    matrix[np.triu_indices(n, 1)] = values
    return matrix + matrix.T


def energy(sizes, propensities, sides):
    """The definition, in a double loop."""
    pairs = itertools.permutations(range(len(sizes)), 2)
    return sum(sizes[i] * sizes[j] * propensities[i][j] for i, j in pairs if sides[i] != sides[j])


def flipped(sides, actor):
    other = tuple(3 - side if k == actor else side for k, side in enumerate(sides))
    return other if other[0] == 1 else tuple(3 - side for side in other)


def by_hand(sizes, propensities):
    """Minimum -> energy and basin, from the definitions; whole numbers, so that equal is equal."""
    n = len(sizes)
    every = [(1, *rest) for rest in itertools.product((1, 2), repeat=n - 1)]
    height = {sides: energy(sizes, propensities, sides) for sides in every}

    def down(sides):
        gains = [height[flipped(sides, actor)] - height[sides] for actor in range(n)]
        return sides if min(gains) >= 0 else down(flipped(sides, gains.index(min(gains))))

    ends = [down(sides) for sides in every]
    return {end: (height[end], ends.count(end)) for end in ends}


@st.composite
def whole(draw):
    n = draw(st.integers(2, 7))
    sizes = draw(st.lists(st.integers(0, 4), min_size=n, max_size=n))
    values = draw(st.lists(st.integers(-2, 2), min_size=n * (n - 1) // 2, max_size=n * (n - 1) // 2))
    return sizes, symmetric(values, n)


@settings(deadline=None)
@given(whole())
def test_equals_the_definitions(case):
    sizes, propensities = case
    found = landscape(sizes, propensities)
    got = {tuple(m): (e, b) for m, e, b in zip(found.minima.tolist(), found.energies, found.basins, strict=True)}
    assert got == by_hand(sizes, propensities.tolist())
    assert (np.diff(found.energies) >= 0).all()
    for k, sides in enumerate(found.minima.tolist()):
        rise = [energy(sizes, propensities, flipped(sides, i)) - found.energies[k] for i in range(len(sizes))]
        np.testing.assert_allclose(found.settled[k], rise, atol=1e-12)
        assert found.flat[k] == (0 in rise)
        np.testing.assert_allclose(found.frustration[k] @ sizes, found.energies[k], atol=1e-12)


@settings(deadline=None)
@given(whole())
def test_a_scale_of_the_numbers_changes_nothing_but_the_energy(case):
    sizes, propensities = case
    one, two = landscape(sizes, propensities), landscape(np.multiply(sizes, 0.1), propensities * 0.3)
    np.testing.assert_array_equal(one.minima, two.minima)
    np.testing.assert_array_equal(one.basin_of, two.basin_of)
    np.testing.assert_allclose(one.energies * 0.003, two.energies, atol=1e-12)


def test_blocks_hold_every_configuration_in_order_and_basins_add_up():
    rng = np.random.default_rng(3)
    sizes, propensities = rng.lognormal(size=16), symmetric(rng.normal(size=120), 16)  # more than one block
    found = landscape(sizes, propensities)
    sides = np.concatenate([sides for sides, _ in found.blocks()])
    energies = np.concatenate([energies for _, energies in found.blocks()])
    number = (sides - 1) @ (1 << np.arange(15, -1, -1))
    assert (sides[:, 0] == 1).all()
    np.testing.assert_array_equal(number, np.arange(2**15))
    assert energies[0] == 0
    for k in rng.integers(2**15, size=20):
        assert energies[k] == pytest.approx(energy(sizes, propensities, sides[k]), abs=1e-10)
    assert found.basins.sum() == found.configurations == 2**15
    assert found.energies[0] == pytest.approx(energies.min(), abs=1e-10)
    np.testing.assert_array_equal(np.bincount(found.basin_of), found.basins)
    valleys = found.basin_energies(3)
    assert [len(v) for v in valleys] == found.basins[:3].tolist()
    np.testing.assert_allclose([v[0] for v in valleys], found.energies[:3], atol=1e-10)


def test_relabelling_actors_keeps_minima_and_basins():
    rng = np.random.default_rng(4)
    sizes, propensities = rng.lognormal(size=10), symmetric(rng.normal(size=45), 10)
    order = rng.permutation(10)
    one, two = landscape(sizes, propensities), landscape(sizes[order], propensities[np.ix_(order, order)])
    np.testing.assert_array_equal(one.basins, two.basins)
    np.testing.assert_allclose(one.energies, two.energies)
    moved = one.minima[:, order]
    np.testing.assert_array_equal(np.where(moved[:, :1] == 2, 3 - moved, moved), two.minima)


def test_ties_go_to_the_first_actor():
    # Three equal enemies together: whoever leaves lowers the energy by the same, so the first does.
    found = landscape([1, 1, 1], symmetric([-1, -1, -1], 3))
    assert found.minima[found.basin_of[0]].tolist() == [1, 2, 2]


def test_an_actor_without_pull_makes_two_flat_minima():
    found = landscape([1, 1, 1], symmetric([1, 0, 0], 3))
    assert found.minima.tolist() == [[1, 1, 1], [1, 1, 2]]
    assert found.flat.all()
    assert found.energies.tolist() == [0, 0]
    none = landscape([1.0] * 5, np.zeros((5, 5)))
    assert len(none.minima) == none.configurations == 16


def test_the_input_is_left_alone_and_the_diagonal_is_not_read():
    propensities = np.array([[np.nan, -1.0], [-1.0, 7.0]])
    before = propensities.copy()
    assert landscape([2, 3], propensities).energies.tolist() == [-12]
    np.testing.assert_array_equal(before, propensities)


@pytest.mark.parametrize(
    ("sizes", "propensities", "actors", "said"),
    [
        ([1, 2], [[0, 1], [2, 0]], None, "1 to 2 is 1 and back 2"),
        ([1, 2], [[0, np.nan], [np.nan, 0]], None, "it must be a number"),
        ([1, -2], [[0, 1], [1, 0]], ["a", "b"], "the size of b is -2"),
        ([1, np.inf], [[0, 1], [1, 0]], ["a", "b"], "the size of b is inf"),
        ([1, 2, 3], [[0, 1], [1, 0]], None, r"shape \(3, 3\)"),
        ([1, 2], [[0, 1], [1, 0]], ["a", "a"], "2 different names"),
        ([1], [[0]], None, "at least 2"),
        ([], np.zeros((0, 0)), None, "at least 2"),
        ([1] * 30, np.zeros((30, 30)), None, "30 actors .* at most 24"),
        ([1e200, 1e200], [[0, 1], [1, 0]], None, "too large"),
        (["x", 2], [[0, 1], [1, 0]], None, "must be numbers"),
    ],
)
def test_refused_with_a_reason(sizes, propensities, actors, said):
    with pytest.raises(LandscapeError, match=said):
        landscape(sizes, propensities, actors)


def test_a_score_finds_the_best_names_for_the_sides():
    actors, sizes = ["a", "b", "c", "d"], [5, 1, 3, 1]
    got = score(actors, sizes, [1, 1, 2, 2], {"a": "north", "b": "south", "c": "south", "d": None})
    assert got.labels == ("north", "south")
    assert got.wrong == ("b", "d")
    assert got.share == pytest.approx(0.8)
    assert score(actors, sizes, [1, 1, 2, 2], dict.fromkeys(actors, "all")).wrong == ("c", "d")
    nobody = score(actors, sizes, [1, 1, 2, 2], dict.fromkeys(actors))
    assert (nobody.share, nobody.labels) == (0, (None, None))


def test_a_score_needs_every_actor_and_no_other():
    with pytest.raises(LandscapeError, match="no actual side for b"):
        score(["a", "b"], [1, 1], [1, 2], {"a": "x"})
    with pytest.raises(LandscapeError, match="an actual side for z"):
        score(["a", "b"], [1, 1], [1, 2], {"a": "x", "b": "y", "z": "x"})
