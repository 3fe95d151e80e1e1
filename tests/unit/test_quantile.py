"""The normal quantile: near to the exact one wherever a draw may fall, odd, rising, and no call of a C library's log."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri

from sim.quantile import normal_quantile


def middles(exponent: int, count: int, rng: np.random.Generator) -> np.ndarray:
    """Some middles of cells of width 2^-52 between 2^-exponent and twice that, as uniforms are drawn."""
    low = 2.0 ** (52 - exponent)
    return (np.floor(low + low * rng.random(count)) + 0.5) * 2.0**-52


@pytest.mark.parametrize("exponent", [2, 3, 4, 8, 16, 30, 50])
def test_it_is_the_quantile(exponent):
    p = middles(exponent, 100_000, np.random.default_rng(exponent))
    assert np.abs(normal_quantile(p) - ndtri(p)).max() < 1e-12
    assert np.array_equal(normal_quantile(1 - p), -normal_quantile(1 - (1 - p)))  # odd, where 1 - p is exact


def test_ends_and_joints():
    ends = np.array([0.5, 1.5, 2.5]) * 2.0**-52
    joints = (np.ldexp(1 + np.arange(256) / 256, np.arange(-40, -1)[:, None]) * (1 + 2.0**-52)).ravel()
    for p in (ends, joints):
        assert np.abs(normal_quantile(p) - ndtri(p)).max() < 1e-12
    assert normal_quantile(1 - ends)[0] == -normal_quantile(ends)[0] > 8


def test_it_rises():
    p = np.sort(np.random.default_rng(1).random(1_000_000))
    assert (np.diff(normal_quantile(p[(p > 0) & (p != 0.5)])) >= -1e-12).all()


def test_in_place():
    u = np.random.default_rng(3).random((4, 5, 6))
    expected = normal_quantile(u)
    assert normal_quantile(u, out=u) is u and np.array_equal(u, expected)
