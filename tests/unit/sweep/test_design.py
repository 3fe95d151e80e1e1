"""Designs: every combination, in step, one at a time, and samples from SALib and scipy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.distributions import Distribution
from sim.sweep import SweepError
from sim.sweep.design import SAMPLED, UNMOVED, Axis, Range, points, size, unit_sample

A, B = Axis("a", values=("1", "2", "3")), Axis("b", values=("x", "y"))
R, L = Axis("r", range=Range(0.0, 10.0)), Axis("l", range=Range(0.01, 1.0, log=True))


def test_a_grid_is_every_combination_the_last_axis_fastest():
    assert list(points("grid", [A, B])) == [("1", "x"), ("1", "y"), ("2", "x"), ("2", "y"), ("3", "x"), ("3", "y")]
    assert list(points("grid", [])) == [()]


def test_zip_takes_axes_in_step():
    assert list(points("zip", [B, Axis("c", values=("p", "q"))])) == [("x", "p"), ("y", "q")]


def test_one_at_a_time_starts_from_the_run_as_it_stands():
    found = list(points("one", [B, R]))
    assert found == [(UNMOVED, UNMOVED), ("x", UNMOVED), ("y", UNMOVED), (UNMOVED, 0.0), (UNMOVED, 10.0)]
    tails = list(points("one", [Axis("n", range=Distribution("normal", (0.0, 1.0)))]))
    assert [row[0] for row in tails[1:]] == pytest.approx([-1.6449, 1.6449], abs=1e-4)


@pytest.mark.parametrize("design", SAMPLED)
def test_samples_stay_in_their_ranges_and_repeat(design):
    found = np.array(list(points(design, [R, L], 8, seed=3)))
    assert len(found) == size(design, [R, L], 8)
    assert found[:, 0].min() >= 0 and found[:, 0].max() <= 10
    assert found[:, 1].min() >= 0.01 * (1 - 1e-12) and found[:, 1].max() <= 1 + 1e-12
    assert list(points(design, [R, L], 8, seed=3)) == [tuple(row) for row in found]
    assert list(points(design, [R, L], 8, seed=4)) != [tuple(row) for row in found]


def test_each_listed_combination_gets_the_same_sample():
    found = list(points("lhs", [B, R], 4))
    assert [row[0] for row in found] == ["x"] * 4 + ["y"] * 4
    assert [row[1] for row in found[:4]] == [row[1] for row in found[4:]]


def test_a_latin_hypercube_has_one_point_in_each_slice():
    u = unit_sample("lhs", 3, 16, seed=1)
    assert (np.sort((u * 16).astype(int), axis=0) == np.arange(16)[:, None]).all()


@given(low=st.floats(1e-6, 1e3), factor=st.floats(1.001, 1e3), u=st.floats(0, 1))
def test_quantiles_of_a_range_rise_from_end_to_end(low, factor, u):
    for log in (False, True):
        one = Range(low, low * factor, log)
        low_end, value, high_end = one.quantile(np.array([0.0, u, 1.0]))
        assert low_end == pytest.approx(low) and high_end == pytest.approx(low * factor)
        assert low * (1 - 1e-9) <= value <= low * factor * (1 + 1e-9)


def test_distributions_without_ends_are_not_asked_for_infinity():
    found = np.array(list(points("morris", [Axis("n", range=Distribution("normal", (0.0, 1.0))), R], 4)))
    assert np.isfinite(found).all()


@pytest.mark.parametrize(
    ("design", "axes", "samples", "said"),
    [
        ("grid", [R], None, "sample it with design=lhs"),
        ("lhs", [A], None, "there is none; write KEY=interval"),
        ("zip", [A, B], None, "a has 3, b has 2"),
        ("sobol", [R], 60, "take samples=64"),
        ("grid", [A], 5, "samples=5 goes with lhs"),
        ("morris", [R], 1, "two trajectories"),
        ("latin", [R], None, "designs: grid, zip"),
        ("lhs", [R], 2_000_000, "at most 1,000,000"),
    ],
)
def test_what_makes_no_design_is_said(design, axes, samples, said):
    with pytest.raises(SweepError, match=said.replace("(", r"\(")):
        size(design, axes, samples)


@pytest.mark.parametrize(("low", "high", "log"), [(1, 1, False), (2, 1, False), (0, 1, True), (0, float("inf"), False)])
def test_what_is_no_range_is_said(low, high, log):
    with pytest.raises(SweepError):
        Range(low, high, log)
