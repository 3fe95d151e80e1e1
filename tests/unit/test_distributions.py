"""Uncertain numbers: quantiles against known answers, and refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.scenario.distributions import KINDS, Distribution, parse_distribution

EXAMPLES = {
    "uniform": ([2, 6], stats.uniform(2, 4)),
    "triangular": ([0, 1, 4], stats.triang(0.25, 0, 4)),
    "normal": ([1, 0.5], stats.norm(1, 0.5)),
    "lognormal": ([3, 0.4], stats.lognorm(0.4, scale=3)),
    "beta": ([2, 5], stats.beta(2, 5)),
    "choice": ([1, 2, 4], None),
}


def test_every_kind_has_an_example_here():
    assert set(EXAMPLES) == set(KINDS)


@pytest.mark.parametrize("kind", [k for k in EXAMPLES if k != "choice"])
def test_quantiles_equal_those_of_scipy(kind):
    args, reference = EXAMPLES[kind]
    u = np.linspace(0.001, 0.999, 199)
    assert parse_distribution({kind: args}).quantile(u) == pytest.approx(reference.ppf(u), rel=1e-9, abs=1e-12)


def test_scaled_beta_runs_from_low_to_high():
    d = parse_distribution({"beta": [2, 5, -1, 3]})
    u = np.array([0.1, 0.5, 0.9])
    assert d.quantile(u) == pytest.approx(-1 + 4 * stats.beta(2, 5).ppf(u))
    assert d.bounds() == (-1, 3)


def test_choice_takes_each_value_equally_often():
    d = parse_distribution({"choice": [1, 2, 4]})
    assert d.quantile(np.array([1e-9, 0.333, 0.334, 0.666, 0.667, 1 - 1e-16])).tolist() == [1, 1, 2, 2, 4, 4]
    assert d.bounds() == (1, 4)


@pytest.mark.parametrize("mode", [0, 4])
def test_a_triangle_may_stand_on_its_edge(mode):
    u = np.linspace(0.01, 0.99, 50)
    expected = stats.triang(mode / 4, 0, 4).ppf(u)
    assert parse_distribution({"triangular": [0, mode, 4]}).quantile(u) == pytest.approx(expected)


@pytest.mark.parametrize(
    "mapping",
    [
        {"lognormal": [1, 1000]},
        {"lognormal": [1e300, 2]},
        {"normal": [0, 1e308]},
        {"uniform": [-1.7e308, 1.7e308]},
        {"triangular": [-1e300, 0, 1e300]},
        {"beta": [2, 3, -1.5e308, 1.5e308]},
        {"choice": [-1.7e308, 1.7e308]},
    ],
)
def test_a_distribution_whose_draws_are_no_numbers_is_refused(mapping):
    with pytest.raises(ValueError, match="draws some that are too large; take numbers nearer to 0"):
        parse_distribution(mapping)


@pytest.mark.parametrize("mapping", [{"lognormal": [1, 70]}, {"normal": [0, 1e300]}, {"beta": [1e-300, 1e300]}])
def test_one_that_is_only_wide_is_taken(mapping):
    assert np.isfinite(parse_distribution(mapping).quantile(np.array([2.0**-54, 0.5, 1 - 2.0**-53]))).all()


@pytest.mark.parametrize("kind", EXAMPLES)
@given(u=st.floats(2**-53, 1 - 2**-53), v=st.floats(2**-53, 1 - 2**-53))
def test_quantiles_rise_with_luck_and_stay_within_the_bounds(kind, u, v):
    d = Distribution(kind, tuple(EXAMPLES[kind][0]))
    low, high = d.quantile(np.sort([u, v]))
    least, most = d.bounds()
    assert least <= low <= high <= most


@pytest.mark.parametrize("kind", EXAMPLES)
def test_a_distribution_is_written_as_it_was_read(kind):
    written = {kind: EXAMPLES[kind][0]}
    assert parse_distribution(written).plain() == written


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"gauss": [0, 1]}, "'gauss' is not a distribution; one of uniform"),
        ({"uniform": [0]}, r"uniform takes \[low, high\], not 1 number$"),
        ({"uniform": [0, 1, 2]}, "not 3 numbers"),
        ({"uniform": [1, 0]}, "in rising order"),
        ({"uniform": [1, 1]}, "in rising order"),
        ({"uniform": [True, 2]}, "finite numbers"),
        ({"uniform": ["a", 2]}, "finite numbers"),
        ({"uniform": [0, float("inf")]}, "finite numbers"),
        ({"triangular": [0, 5, 4]}, "in rising order"),
        ({"normal": [0, 0]}, "spread above 0"),
        ({"lognormal": [0, 1]}, "median above 0"),
        ({"lognormal": [1, -1]}, "spread above 0"),
        ({"beta": [0, 1]}, "above 0"),
        ({"beta": [1, 1, 3, 2]}, "low below high"),
        ({"beta": [1, 1, 3]}, "not 3 numbers"),
        ({"choice": []}, "not 0 numbers"),
        ({"uniform": 3}, "list of numbers"),
        ({"uniform": [0, 1], "normal": [0, 1]}, "a distribution is one of"),
        ({}, "a distribution is one of"),
    ],
)
def test_what_makes_no_distribution_is_refused_in_words(written, said):
    with pytest.raises(ValueError, match=said):
        parse_distribution(written)
