"""Goodness of fit of a simulated network: features of undirected networks, and how far one lies from many.

After Lospinoso and Snijders (2019), "Goodness of fit for stochastic actor-oriented models", Methodological Innovations
12(3), doi:10.1177/2059799119884282, and ``sienaGOF`` of RSiena: features of the network that the model does not fit by
construction, the Mahalanobis distance of the observed features from the simulated ones, and its Monte Carlo p.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

DEGREES = (0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200)
"""Cuts of the cumulative degree distribution: those of RSiena, 0 to 8, and wider steps beyond."""
STEPS = 5
"""Geodesic distances told apart; the rest are longer, or there is no path."""
_NOTHING = 1e-9


@dataclass(frozen=True)
class Fit:
    """How far the observed values lie from the simulated ones.

    ``distance`` is the Mahalanobis distance (not squared) from the simulated mean in the simulated covariance, infinite
    where the observed differs in a direction in which the simulations never vary. ``p`` is the Monte Carlo p: the share
    of all, the observed among them, that lie as far out as the observed or farther. Each is measured against the others
    together, so that p is uniform if the observed is one more simulation, however few there are.
    """

    distance: float
    p: float


def degree_levels(states: int) -> tuple[int, ...]:
    """The cuts that can tell networks of so many states apart."""
    return tuple(level for level in DEGREES if level < states - 1)


def degree_counts(networks: np.ndarray) -> np.ndarray:
    """States with at most so many ties, for each cut of :func:`degree_levels`, shape (R, levels).

    Args:
        networks: symmetric, truth values, with an empty diagonal, shape (R, n, n).
    """
    degrees = networks.sum(-1)
    return np.stack([(degrees <= level).sum(-1) for level in degree_levels(networks.shape[-1])], axis=-1).astype(float)


def triad_census(networks: np.ndarray) -> np.ndarray:
    """Triples of states with 0, 1, 2 and 3 ties among them, shape (R, 4)."""
    n = networks.shape[-1]
    degrees = networks.sum(-1, dtype=np.int64)
    ties = degrees.sum(-1) / 2
    paths = (degrees * (degrees - 1)).sum(-1) / 2
    real = networks.astype(np.float32)  # counts up to n are exact
    three = ((real @ real) * real).sum((-1, -2), dtype=np.float64) / 6
    two = paths - 3 * three
    one = ties * (n - 2) - 2 * two - 3 * three
    return np.stack([math.comb(n, 3) - one - two - three, one, two, three], axis=-1)


def geodesics(networks: np.ndarray) -> np.ndarray:
    """Pairs at distance 1, 2, .. :data:`STEPS`, and all others, shape (R, STEPS + 1)."""
    n = networks.shape[-1]
    real = networks.astype(np.float32)
    reached = networks | np.eye(n, dtype=bool)
    counts = [reached.sum((-1, -2)) - n]
    for _ in range(STEPS - 1):
        reached = (reached.astype(np.float32) @ real > 0) | reached
        counts.append(reached.sum((-1, -2)) - n)
    upto = np.stack([np.zeros_like(counts[0]), *counts, np.full_like(counts[0], n * (n - 1))], axis=-1) / 2
    return np.diff(upto, axis=-1)


def mahalanobis(simulated: np.ndarray, observed: Sequence[float] | np.ndarray) -> Fit:
    """How far the observed lies from the simulated values.

    Args:
        simulated: shape (R, k), R at least 2.
        observed: shape (k,).
    """
    simulated, observed = np.asarray(simulated, float), np.asarray(observed, float)
    together = np.concatenate([observed[None], simulated])
    # for each value, the distance from the others is an increasing function of that from all together
    squares = _squares(together, together)[0]
    farther = squares[1:] >= squares[0] * (1 - _NOTHING) - _NOTHING
    distance, outside = _squares(simulated, observed[None])
    return Fit(math.inf if outside[0] else math.sqrt(distance[0]), float((1 + farther.sum()) / len(together)))


def _squares(sample: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Squared Mahalanobis distances of points from a sample by a generalised inverse, and which points differ from its
    mean in a direction in which the sample does not vary.
    """
    centre = sample.mean(axis=0)
    scale = sample.std(axis=0)
    unit = np.maximum(np.abs(sample).max(axis=0), 1.0)
    scale = np.where(scale > _NOTHING * unit, scale, unit)
    spread = (sample - centre) / scale
    _, singular, axes = np.linalg.svd(spread, full_matrices=False)
    varies = singular > 1e-7 * max(singular.max(initial=0.0), _NOTHING)
    there = (points - centre) / scale
    along = there @ axes[varies].T
    left = there - along @ axes[varies]
    outside = np.abs(left).max(axis=1, initial=0.0) > 1e-6 * np.maximum(np.abs(there).max(axis=1, initial=0.0), 1e-3)
    squares = (along / singular[varies]) ** 2
    return squares.sum(axis=1) * (len(sample) - 1), outside
