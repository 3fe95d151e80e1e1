"""The normal quantile, by additions, multiplications and tables alone: the same bits on every machine.

z(p) is odd about p = 1/2 and smooth in log p. Each octave of p below 1/2 is cut into 256 equal pieces; in each, a cubic
meets z at four points, both ends among them. The points are those of :class:`statistics.NormalDist` (Wichura 1988, Applied
Statistics 37:477, algorithm AS 241). The error is below 1e-12 for every p that a draw can take
(``tests/unit/test_quantile.py``).
"""

from __future__ import annotations

from functools import cache
from statistics import NormalDist

import numpy as np

PIECES = 8
"""Octaves have 2 to the power of this many pieces."""

_MANTISSA, _BIAS = 52, 1023
"""Bits of the mantissa of a real number, and the bias of its exponent."""


@cache
def cubics() -> np.ndarray:
    """Coefficients by power of the mantissa in [1, 2) and by piece, from the smallest p that can be drawn to 1/2."""
    knots = 1 + np.arange(2**PIECES)[:, None] / 2**PIECES  # mantissa where each piece begins
    points = np.array([0, 0.25, 0.75, 1]) / 2**PIECES
    least = 2.0 ** np.arange(-_MANTISSA - 1, -1)[:, None, None]
    quantile = NormalDist().inv_cdf
    z = np.array([quantile(p) for p in (least * (knots + points)).ravel()]).reshape(-1, len(points))
    around = np.linalg.solve(np.vander(points, increasing=True), z.T).reshape(4, _MANTISSA, -1)  # powers of m - knot
    a, b, c, d = around
    k = knots[:, 0]
    powers = [a - k * (b - k * (c - k * d)), b - k * (2 * c - 3 * k * d), c - 3 * k * d, d]
    return np.ascontiguousarray(np.reshape(powers, (4, -1)))


def prepare() -> None:
    """Make the table now, so that processes forked later have it."""
    cubics()


def normal_quantile(u: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """The standard normal quantile of numbers in (0, 1).

    Args:
        u: middles of equal cells, as :meth:`sim.draws.Draws.uniform` draws them; any shape.
        out: where to put the answer; it may be ``u``.
    """
    cubic = cubics()
    p = np.subtract(1, u)
    bits = np.minimum(p, u, out=p).view(np.uint64)
    piece = np.right_shift(bits, np.uint64(_MANTISSA - PIECES))
    piece -= np.uint64((_BIAS - _MANTISSA - 1) << PIECES)
    bits &= np.uint64(2**_MANTISSA - 1)
    bits |= np.uint64(_BIAS << _MANTISSA)  # p is now its mantissa
    where = piece.astype(np.intp, copy=False)
    z = cubic[3].take(where, mode="clip")
    for coefficients in cubic[2::-1]:
        z *= p
        z += coefficients.take(where, mode="clip")
    return np.copysign(z, np.subtract(u, 0.5, out=p), out=out)
