"""Keyed draws one after the other, the same bits as :mod:`sim.draws` gives; and what all kernels share."""

from __future__ import annotations

from math import copysign

import numpy as np
from numba import float64, int64, njit, uint64, void

from sim.quantile import PIECES

_M1, _M2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_S1, _S2, _S3, _DROP = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(12)
REAL = float64[:, :, ::1]
"""Real numbers of dyads, (R, n, n)."""

within = njit(inline="always", error_model="numpy")
"""Compiles an equation of a mechanism into the loop that uses it."""


@njit(inline="always")
def of(array: np.ndarray, r: int) -> np.ndarray:
    """A replicate's part; what is the same for all has one."""
    return array[min(r, len(array) - 1)]


@njit(uint64(uint64), inline="always")
def mixed(z: int) -> int:
    """:func:`sim.draws.mix` of one word."""
    z = (z ^ (z >> _S1)) * _M1
    z = (z ^ (z >> _S2)) * _M2
    return z ^ (z >> _S3)


@njit(float64(uint64), inline="always")
def open_interval(bits: int) -> float:
    """A uniform in (0, 1) of 64 random bits."""
    return (float64(int64(bits >> _DROP)) + 0.5) * 2.0**-52


@njit(float64(float64, float64[:, ::1]), inline="always")
def quantile(u: float, cubic: np.ndarray) -> float:
    """:func:`sim.quantile.normal_quantile` of one number; ``cubic`` from there."""
    bits = np.float64(min(1 - u, u)).view(np.int64)
    k = (bits >> (52 - PIECES)) - (970 << PIECES)
    m = np.int64((bits & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000).view(np.float64)
    z = ((cubic[3, k] * m + cubic[2, k]) * m + cubic[1, k]) * m + cubic[0, k]
    return copysign(z, u - 0.5)


@njit(void(uint64[::1], uint64[::1], float64[:, ::1]), cache=True, error_model="numpy")
def uniform(now: np.ndarray, cells: np.ndarray, out: np.ndarray) -> None:
    """Uniforms in (0, 1) of every key and cell, into ``out`` of shape (keys, cells)."""
    for r in range(len(now)):
        for k in range(len(cells)):
            out[r, k] = open_interval(mixed(now[r] + cells[k]))


@njit(void(uint64[::1], uint64[::1], float64[:, ::1], float64[:, ::1]), cache=True, error_model="numpy")
def normal(now: np.ndarray, cells: np.ndarray, cubic: np.ndarray, out: np.ndarray) -> None:
    """Normals of every key and cell, into ``out`` of shape (keys, cells); ``cubic`` from :mod:`sim.quantile`."""
    for r in range(len(now)):
        for k in range(len(cells)):
            out[r, k] = quantile(open_interval(mixed(now[r] + cells[k])), cubic)
