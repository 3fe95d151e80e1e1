"""Structural balance of trust, and how well the chosen sides part friends from enemies.

Balanced triads: share of the triads with three ties of clear sign whose product is positive, without the all-positive
ones (Cartwright and Harary 1956): what remains when friendship all round is no evidence. Frustration: share of signed dyads
that no division into two sides can satisfy, with the best division: exact by enumeration up to 20 states, from the leading
eigenvector and then greedy above (Aref and Wilson 2019, Journal of Complex Networks 7:163). Spectral agreement: share of
the aligned states whose side is that of the leading eigenvector. Signed modularity (Gomez, Jensen and Arenas 2009,
Physical Review E 80:016114) of the sides: how much more trust lies within them, and distrust between them, than each
state's strength alone would give.

Equations: ODD E55 to E57 and ODD E59 (docs/odd.md).
"""

from __future__ import annotations

import numpy as np

from sim.measures import Frame, Measure
from sim.world import EAST, NON_ALIGNED, World

READS = ("trust", "bloc")
MEASURES = {
    "balanced_triads": Measure("share", "balanced triads, without the all-positive ones", ("world",), every=12),
    "frustration": Measure("share of dyads", "signed dyads that the best division leaves frustrated", ("world",), every=12),
    "modularity": Measure("1", "signed modularity of the sides on symmetrised trust", ("world",), every=12),
    "spectral_agreement": Measure("share", "aligned states on the leading eigenvector's side", ("world",), every=12),
}

CLEAR = 0.05
"""Trust nearer to zero than this has no sign."""

EXACT = 20
"""Largest number of states whose divisions are all tried."""

RECORDED_EXACT = 16
"""The same for what every run records each year, where a thousandth of a second a replicate adds up."""


def signs(world: World) -> np.ndarray:
    """Signs of symmetrised trust, shape (R, n, n): -1, 0 or 1."""
    symmetric = 0.5 * (world.trust + world.trust.swapaxes(-1, -2))
    return np.where(np.abs(symmetric) < CLEAR, 0, np.sign(symmetric)).astype(world.floating)


def balanced_triads(sign: np.ndarray) -> np.ndarray:
    """Share of clear triads with a positive product, all-positive ones left out, shape (R,); 1 where there is none."""

    whole: type[np.floating] = np.float32 if sign.shape[-1] <= 256 else np.float64  # numbers up to 256^3 are exact
    friends, enemies = (sign > 0).astype(whole), (sign < 0).astype(whole)

    def closed(two: np.ndarray, third: np.ndarray) -> np.ndarray:
        return np.vecdot(two.reshape(len(two), -1), third.reshape(len(third), -1)).astype(float)

    of_friends, of_enemies = friends @ friends, enemies @ enemies
    balanced = 3 * closed(of_enemies, friends)  # my enemy's enemy; each triad is met six times
    relevant = balanced + 3 * closed(of_friends, enemies) + closed(of_enemies, enemies)
    return np.where(relevant > 0, balanced / np.where(relevant > 0, relevant, 1), 1.0)


def leading_sides(weights: np.ndarray) -> np.ndarray:
    """Sides by the sign of the leading eigenvector of symmetric weights, shape (R, n), -1 or 1."""
    n = weights.shape[-1]
    largest = np.linalg.eigvalsh(weights.astype(float))[:, -1:, None]
    # inverse iteration: what lies nearest to the largest eigenvalue grows by ten digits and more in each step
    shifted = weights - (largest + 1e-11 * (1 + np.abs(largest))) * np.eye(n)
    vector = np.broadcast_to(np.cos(np.arange(n))[:, None], (len(weights), n, 1))
    for _ in range(2):
        vector = np.linalg.solve(shifted, vector)
        vector = vector / np.abs(vector).max(-2, keepdims=True)
    return np.where(vector[..., 0] < 0, -1.0, 1.0).astype(weights.dtype)


def frustration(sign: np.ndarray, exact: int = EXACT, start: np.ndarray | None = None) -> np.ndarray:
    """Share of signed dyads that the best division into two sides leaves frustrated, shape (R,).

    Args:
        sign: symmetric signs, shape (R, n, n), zero diagonal.
        exact: up to this many states (at most 24) every division is tried; above it the answer is an upper bound.
        start: division to start from above ``exact``, shape (R, n), -1 or 1; by default the leading eigenvector's.
    """
    dyads = np.abs(sign).sum((-1, -2)) / 2
    if sign.shape[-1] <= exact:
        content = _best_exact(sign)
    else:
        content = _best_greedy(sign, leading_sides(sign) if start is None else start)
    return (dyads - content) / 2 / np.where(dyads > 0, dyads, 1)


def _best_exact(sign: np.ndarray) -> np.ndarray:
    """Largest sum over dyads of s_i s_j sign_ij over all divisions, shape (R,): every division of the first half of
    the states with every one of the second, the last state's side fixed."""
    n = sign.shape[-1]
    half = n // 2
    first, second = _divisions(half), _divisions(n - half)
    second = second[: max(len(second) // 2, 1)]
    best = np.empty(len(sign))
    for r, s in enumerate(sign):
        within_first = 0.5 * ((first @ s[:half, :half]) * first).sum(-1)
        within_second = 0.5 * ((second @ s[half:, half:]) * second).sum(-1)
        between = first @ s[:half, half:] @ second.T
        best[r] = (between + within_first[:, None] + within_second).max()
    return best


def _divisions(n: int) -> np.ndarray:
    """All divisions of n states into two sides, shape (2^n, n), of -1 and 1."""
    return 1.0 - 2.0 * ((np.arange(2**n)[:, None] >> np.arange(n)) & 1)


def _best_greedy(sign: np.ndarray, sides: np.ndarray) -> np.ndarray:
    """The same from a division to start with, moving the most frustrated state while that helps, shape (R,)."""
    sides = sides.copy()
    rows = np.arange(len(sign))
    for _ in range(4 * sign.shape[-1]):
        content = sides * (sign @ sides[:, :, None])[..., 0]
        worst = content.argmin(-1)
        helps = content[rows, worst] < 0
        if not helps.any():
            break
        sides[rows[helps], worst[helps]] *= -1
    return 0.5 * (sides * (sign @ sides[:, :, None])[..., 0]).sum(-1)


def modularity(weights: np.ndarray, sides: np.ndarray) -> np.ndarray:
    """Signed modularity of partitions, shape (R,).

    Args:
        weights: symmetric signed weights, shape (R, n, n), zero diagonal.
        sides: labels, shape (R, n).
    """
    positive, negative = np.maximum(weights, 0), np.maximum(-weights, 0)
    same = sides[:, :, None] == sides[:, None, :]
    result = np.zeros(len(weights), weights.dtype)
    total = positive.sum((-1, -2)) + negative.sum((-1, -2))
    for part, sign in ((positive, 1), (negative, -1)):
        strength = part.sum(-1)
        mass = strength.sum(-1)
        expected = strength[:, :, None] * strength[:, None, :] / np.where(mass > 0, mass, 1)[:, None, None]
        result += sign * ((part - expected) * same).sum((-1, -2))
    return result / np.where(total > 0, total, 1)


def agreement(chosen: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Share of the aligned states whose chosen side is the found one, shape (R,); 1 where nobody is aligned.

    Args:
        chosen: sides, shape (R, n): 0 non-aligned, 1 East, 2 West.
        found: a division, shape (R, n), -1 or 1; which of the two is East does not matter.
    """
    aligned = chosen != NON_ALIGNED
    same = (((chosen == EAST) == (found > 0)) & aligned).sum(-1)
    count = aligned.sum(-1)
    return np.where(count > 0, np.maximum(same, count - same) / np.maximum(count, 1), 1.0)


def read(world: World, frame: Frame) -> dict[str, np.ndarray]:
    """The four measures; all but modularity in [0, 1]."""
    sign, sides = signs(world), world.bloc  # labels do not matter here
    symmetric = 0.5 * (world.trust + world.trust.swapaxes(-1, -2))
    found = leading_sides(symmetric)
    columns = {
        "balanced_triads": balanced_triads(sign),
        "frustration": frustration(sign, RECORDED_EXACT, found),
        "modularity": modularity(symmetric, sides),
        "spectral_agreement": agreement(sides, found),
    }
    return {name: column[:, None].astype(world.floating) for name, column in columns.items()}
