"""Landscape theory: every way in which actors can split into two sides, its energy, and where it leads.

    energy(X) = sum over ordered pairs (i, j) of s_i s_j p_ij [i and j stand on different sides in X]

with sizes s and symmetric propensities p to work together. Lower is better: friends apart raise the energy, enemies
apart lower it. Each actor, to lower its own frustration F_i = sum_j s_j p_ij [sides differ], changes sides alone, and
energy = sum_i s_i F_i falls with every such move; so actors end in a local minimum, and the set of local minima is what
the theory predicts.

Found exactly: all 2^(n-1) configurations are looked at, in blocks. The first actor stands on side 1; who is called
side 1 has no meaning. A **local minimum** is a configuration whose energy no single change of sides lowers. Changes
that leave it as it is do not count against it: an actor without any pull makes two minima of equal energy, and both are
marked `flat`. A **basin** is the set of configurations that roll down to a minimum by steepest descent: each time the
actor whose change lowers the energy most moves, the first in the given order where several lower it equally.
Differences below 1e-12 of the numbers that are added up are rounding, and count as none.

Source: Axelrod and Bennett (1993, British Journal of Political Science 23:211-233).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

MOST = 24
"""How many actors can be enumerated: 2^23 configurations."""
_BLOCK = 13
_ROUNDING = 1e-12


class LandscapeError(ValueError):
    """Actors, sizes or propensities that cannot be used; the message says what, where, what is allowed, what to do."""


@dataclass(frozen=True)
class Score:
    """How one configuration compares with the sides that actors took.

    share: share of all size that stands on the right side.
    wrong: the actors that do not.
    labels: what side 1 and side 2 are called in the actual alignment; None where a side has no counterpart.
    """

    share: float
    wrong: tuple[str, ...]
    labels: tuple[str | None, str | None]


@dataclass(frozen=True, eq=False)
class Landscape:
    """What :func:`landscape` finds; n actors, m local minima from the lowest energy to the highest.

    actors: names, in the given order.
    sizes: shape (n,).
    propensities: shape (n, n), symmetric, zero diagonal.
    minima: sides 1 and 2 in each local minimum, shape (m, n), int8; the first actor stands on side 1.
    energies: shape (m,).
    basins: how many of the 2^(n-1) configurations roll down to each minimum, shape (m,).
    flat: whether some actor could change sides there at no cost, shape (m,).
    basin_of: position in `minima` that each configuration rolls down to, shape (2^(n-1),), int32. Configurations count
        from all on side 1, as binary numbers whose last digit is the last actor's side (0 for side 1).
    """

    actors: tuple[str, ...]
    sizes: np.ndarray
    propensities: np.ndarray
    minima: np.ndarray
    energies: np.ndarray
    basins: np.ndarray
    flat: np.ndarray
    basin_of: np.ndarray = field(repr=False)

    @property
    def configurations(self) -> int:
        """How many there are, 2^(n-1)."""
        return len(self.basin_of)

    @property
    def frustration(self) -> np.ndarray:
        """F_i of each actor in each minimum, shape (m, n): what it would rather have otherwise, weighed by size."""
        other = self.minima == 2
        pull = (self.propensities * self.sizes).T
        return np.where(other, ~other @ pull, other @ pull)

    @property
    def settled(self) -> np.ndarray:
        """How much the energy would rise if an actor changed sides, in each minimum, shape (m, n); 0 is indifferent."""
        weights, other = _weights(self.sizes, self.propensities), (self.minima == 2).T.astype(float)
        return _changes(weights, other, weights @ other).T

    def score(self, actual: Mapping[str, str | None], minimum: int = 0) -> Score:
        """Compare one of the minima (0 is the lowest) with the sides that actors took; see :func:`score`."""
        return score(self.actors, self.sizes, self.minima[minimum], actual)

    def blocks(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Every configuration and its energy, some thousands at a time: sides (B, n), energies (B,), in order."""
        for _, other, pull in _blocks(_weights(self.sizes, self.propensities)):
            yield (1 + other.T).astype(np.int8), _energies(other, pull)

    def basin_energies(self, most: int) -> list[np.ndarray]:
        """For each of the `most` lowest minima, the energies of its basin from lowest to highest."""
        every = np.concatenate([energies for _, energies in self.blocks()])
        return [np.sort(every[self.basin_of == k]) for k in range(min(most, len(self.minima)))]


def landscape(
    sizes: Sequence[float] | np.ndarray,
    propensities: Sequence[Sequence[float]] | np.ndarray,
    actors: Sequence[str] | None = None,
) -> Landscape:
    """Enumerate every configuration of 2 to 24 actors; find local minima, energies and basins.

    sizes: shape (n,), none negative.
    propensities: shape (n, n), symmetric; positive to work together, negative to oppose. The diagonal is not read.
    actors: their names; default "1", "2", ...

    24 actors take some seconds and a few hundred megabytes.

    Raises:
        LandscapeError: the input cannot be used; the message says why.
    """
    sizes, propensities, actors = _checked(sizes, propensities, actors)
    weights = _weights(sizes, propensities)
    downhill = _steepest(weights)
    lowest = np.flatnonzero(downhill == np.arange(len(downhill), dtype=np.int32))
    while True:  # follow the pointers, twice as far each time
        further = downhill[downhill]
        if np.array_equal(further, downhill):
            break
        downhill = further
    rank = np.zeros(len(downhill), np.int32)
    rank[lowest] = np.arange(len(lowest), dtype=np.int32)
    basins = np.bincount(rank[downhill], minlength=len(lowest))
    minima, energies, flat = _at(lowest, weights)
    order = _ascending(energies, basins, _ROUNDING * np.abs(weights).sum())
    rank[lowest[order]] = np.arange(len(lowest), dtype=np.int32)
    return Landscape(actors, sizes, propensities, minima[order], energies[order], basins[order], flat[order], rank[downhill])


def score(
    actors: Sequence[str],
    sizes: Sequence[float] | np.ndarray,
    sides: Sequence[int] | np.ndarray,
    actual: Mapping[str, str | None],
) -> Score:
    """Which actors stand on the wrong side of a configuration, and the share of size that stands right.

    sides: 1 or 2 for each actor.
    actual: actor -> what its side is called. Names are matched to the two sides so that the most size is right (the
        earlier name where equal); who is under any other name, or None, took neither side and counts as wrong.

    Raises:
        LandscapeError: `actual` leaves out an actor, or names an unknown one.
    """
    unknown = [str(actor) for actor in actual if actor not in actors]
    if unknown:
        raise LandscapeError(f"an actual side for {', '.join(unknown)}, but the actors are {', '.join(actors)}")
    missing = [actor for actor in actors if actor not in actual]
    if missing:
        raise LandscapeError(f"no actual side for {', '.join(missing)}; give every actor one, or None for neither")
    sizes, sides = np.asarray(sizes, float), np.asarray(sides)
    names = list(dict.fromkeys(actual[actor] for actor in actors if actual[actor]))
    took = np.array([actual[actor] for actor in actors], object)
    labels: tuple[str | None, str | None] = (None, None)
    best, right = -1.0, np.zeros(len(sizes), bool)
    for first, second in itertools.permutations([*names, None], 2):
        hits = np.zeros(len(sizes), bool)
        for side, name in ((1, first), (2, second)):
            if name is not None:
                hits |= (sides == side) & (took == name)
        if sizes @ hits > best * (1 + _ROUNDING):
            best, right, labels = float(sizes @ hits), hits, (first, second)
    total = sizes.sum()
    wrong = tuple(actor for actor, good in zip(actors, right, strict=True) if not good)
    return Score(float(sizes @ right / total) if total else 1.0, wrong, labels)


# -- the enumeration ------------------------------------------------------------------------------------------------


def _weights(sizes: np.ndarray, propensities: np.ndarray) -> np.ndarray:
    """s_i s_j p_ij."""
    return sizes[:, None] * propensities * sizes


def _sides(numbers: np.ndarray, n: int) -> np.ndarray:
    """Who stands on side 2 in the numbered configurations, shape (n, len(numbers)), ones and zeros."""
    return (numbers >> np.arange(n - 1, -1, -1)[:, None] & 1).astype(float)


def _blocks(weights: np.ndarray) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """Every configuration as (number of the first, who stands on side 2, pull of side 2 on each actor).

    The pull is `weights @ other`; that of the actors who vary within a block is summed once for all blocks (no product
    of large matrices: those are slow where others use the processor too). Both arrays are used again for the next.
    """
    n = len(weights)
    low = min(n - 1, _BLOCK)
    fixed = n - low
    other = _sides(np.arange(1 << low), n)
    varying = weights[:, fixed:] @ other[fixed:]
    pull = np.empty_like(varying)
    for high in range(1 << (fixed - 1)):
        ahead = (high >> np.arange(fixed - 1, -1, -1) & 1).astype(float)
        other[:fixed] = ahead[:, None]
        np.add(varying, (weights[:, :fixed] * ahead).sum(1, keepdims=True), out=pull)
        yield high << low, other, pull


def _energies(other: np.ndarray, pull: np.ndarray) -> np.ndarray:
    """Sum over ordered pairs on different sides; exactly 0 with all on one side."""
    return 2.0 * ((1.0 - other) * pull).sum(0)


def _changes(weights: np.ndarray, other: np.ndarray, pull: np.ndarray) -> np.ndarray:
    """What the energy gains when an actor changes sides, 0 where that is rounding, shape (n, B)."""
    change = (2.0 - 4.0 * other) * (weights.sum(1, keepdims=True) - 2.0 * pull)
    change[np.abs(change) <= _ROUNDING * 2.0 * np.abs(weights).sum(1, keepdims=True)] = 0.0
    return change


def _steepest(weights: np.ndarray) -> np.ndarray:
    """The configuration that each one moves to, itself at a local minimum; shape (2^(n-1),), int32."""
    n = len(weights)
    # When the first actor changes sides, it stays on side 1 by name, and everyone else changes.
    flips = [(1 << (n - 1)) - 1, *(1 << (n - 1 - i) for i in range(1, n))]
    slack = _ROUNDING * 2.0 * np.abs(weights).sum(1).max()
    downhill = np.arange(1 << (n - 1), dtype=np.int32)
    for start, other, pull in _blocks(weights):
        change = _changes(weights, other, pull)
        best = change.min(0)
        equal = np.minimum(best + slack, best / 2)
        flip = np.zeros(len(best), np.int32)
        for actor in reversed(range(n)):
            np.copyto(flip, np.int32(flips[actor]), where=change[actor] <= equal)
        flip[best >= 0.0] = 0
        downhill[start : start + len(flip)] ^= flip
    return downhill


def _at(numbers: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sides, energies, and whether some change of sides is free, in the numbered configurations."""
    n = len(weights)
    minima = np.empty((len(numbers), n), np.int8)
    energies, flat = np.empty(len(numbers)), np.empty(len(numbers), bool)
    for start in range(0, len(numbers), 1 << _BLOCK):
        part = slice(start, start + (1 << _BLOCK))
        other = _sides(numbers[part], n)
        pull = weights @ other
        minima[part] = 1 + other.T
        energies[part] = _energies(other, pull)
        flat[part] = (_changes(weights, other, pull) == 0.0).any(0)
    return minima, energies, flat


def _ascending(energies: np.ndarray, basins: np.ndarray, slack: float) -> np.ndarray:
    """Order by energy; where equal, the larger basin first, then as they come."""
    order = np.argsort(energies, kind="stable")
    level = np.empty(len(order), int)
    level[order] = np.cumsum(np.diff(energies[order], prepend=energies[order[0]]) > slack)
    return np.lexsort((-basins, level))


# -- what is allowed ------------------------------------------------------------------------------------------------


def _checked(
    sizes: Sequence[float] | np.ndarray, propensities: Sequence[Sequence[float]] | np.ndarray, actors: Sequence[str] | None
) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Arrays of the right shape with numbers that can be used, and names."""
    try:
        sizes, propensities = np.array(sizes, float), np.array(propensities, float)
    except (TypeError, ValueError):
        raise LandscapeError("sizes and propensities must be numbers, shapes (n,) and (n, n)") from None
    n = sizes.size
    if sizes.ndim != 1 or propensities.shape != (n, n):
        raise LandscapeError(f"{n} sizes need propensities of shape ({n}, {n}), not {propensities.shape}")
    check_count(n)
    actors = tuple(str(k + 1) for k in range(n)) if actors is None else tuple(str(actor) for actor in actors)
    if len(actors) != n or len(set(actors)) != n:
        raise LandscapeError(f"{n} sizes need {n} different names of actors, not {len(set(actors))}")
    for actor, size in zip(actors, sizes, strict=True):
        if not 0 <= size < math.inf:
            raise LandscapeError(f"the size of {actor} is {size:g}; a size is a number, 0 or more")
    np.fill_diagonal(propensities, 0.0)
    for i, j in itertools.combinations(range(n), 2):
        one, two = propensities[i, j], propensities[j, i]
        if not (math.isfinite(one) and math.isfinite(two)):
            raise LandscapeError(f"the propensity of {actors[i]} and {actors[j]} is {one:g}; it must be a number")
        if not same(one, two):
            raise LandscapeError(
                f"propensities must be symmetric, but {actors[i]} to {actors[j]} is {one:g} and back {two:g}"
            )
    symmetric = (propensities + propensities.T) / 2
    with np.errstate(over="ignore", invalid="ignore"):
        total = np.abs(_weights(sizes, symmetric)).sum()
    if not math.isfinite(8 * n * total):
        raise LandscapeError("sizes or propensities are too large to add up; give them in a larger unit")
    return sizes, symmetric, actors


def check_count(n: int) -> None:
    """Whether so many actors can be enumerated.

    Raises:
        LandscapeError: they cannot.
    """
    if n < 2:
        raise LandscapeError(f"a landscape needs at least 2 actors, and there {'is 1' if n else 'are none'}")
    if n > MOST:
        raise LandscapeError(
            f"{n} actors have 2^{n - 1} configurations; at most {MOST} actors can be enumerated. "
            "Leave out the smallest, or count as one those who always stand together"
        )


def same(one: float, two: float) -> bool:
    """Whether two propensities of a pair are one number, but for rounding."""
    return math.isclose(one, two, rel_tol=1e-9, abs_tol=0.0)
