"""Simulated moments of trust: how much of a record lasts, how soon the rest goes, and how much chance adds.

Given the record of the first years, the equation of trust (ODD E33) without its behavioural terms says what records come
later: T(0) and the anchor by ODD E66, months of reversion and chance, as many events as there were, drawn from trust. For
pairs with few, more and many events the moments are, of each later year, the slope of its residual on the first one, and of
all later years the standard deviation around these lines and how alike what is left is after one, two and four years; and
how much lower the year after a dispute is. As functions of the numbers, moments are polynomials fitted to simulations, and
the numbers are those whose moments are nearest to the observed ones.

What is left out (cooperation, confrontation, balance, contact) moves these moments by less than their own error:
tests/unit/calibration holds it against the whole model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations_with_replacement, pairwise

import numpy as np
from scipy.stats import qmc

from sim.calibration.relations import Relations
from sim.data.grounds import LEAST_EVENTS, WEIGHT, YEARS, tone_of
from sim.start.world import MOST

CLASSES = (LEAST_EVENTS, 30, 100, np.inf)
"""Bounds of few, more and many events a year, in the first years and in the later one."""
LAGS = (1, 2, 4)
"""Years between two residuals that are compared."""
LEAST_PAIRS, LEAST_ONSETS = 30, 20
"""Pairs of a class and year, and pairs with a dispute, at least."""
LIMIT = 0.99
STEPS = 60
"""Of the search for the numbers that go with some moments."""
CLUSTERING = "clustering"


@dataclass(frozen=True)
class Range:
    """What is thought possible of a number before the data are seen; evenly, in the logarithm where ``by_size``."""

    low: float
    high: float
    by_size: bool = False

    def coordinate(self, value: np.ndarray | float) -> np.ndarray:
        """0 at the lower end, 1 at the upper."""
        low, high, value = (np.log(x) if self.by_size else np.asarray(x) for x in (self.low, self.high, value))
        return (value - low) / (high - low)

    def value(self, coordinate: np.ndarray | float) -> np.ndarray:
        """The value at a coordinate."""
        coordinate = np.asarray(coordinate)
        if self.by_size:
            return self.low * (self.high / self.low) ** coordinate
        return self.low + (self.high - self.low) * coordinate


RANGES = {
    "trust.noise": Range(0.005, 0.15, by_size=True),
    "trust.reversion": Range(0.003, 0.15, by_size=True),
    "anchor.lasting": Range(0.0, 1.0),
    "anchor.weight": Range(5.0, 500.0, by_size=True),
    "trust.crisis": Range(0.0, 0.4),
    CLUSTERING: Range(0.0, 1.5),
}
"""The numbers; the last one is of the data and not of the model: by how much the tone of a year's events strays from trust
(log-odds), since events come in clusters."""


def moments(of: Relations, came: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slopes, log standard deviations and autocorrelations by class, (moments,), and the influence of each pair on them,
    (pairs, moments).

    Args:
        of: the pairs.
        came: residuals of each later year, (years, pairs).
    """
    found: list[float] = []
    influences: list[np.ndarray] = []

    def add(value: float, years: Sequence[np.ndarray], count: int) -> None:
        found.append(value)
        influences.append(np.sum(years, axis=0) / count)

    usual = np.minimum(of.events / YEARS, of.later)
    for low, high in pairwise(CLASSES):
        chosen = (usual >= low) & (usual < high)
        rest, known = np.zeros_like(came), np.zeros(came.shape, bool)
        for year, mask in enumerate(chosen):
            if mask.sum() < LEAST_PAIRS:
                continue
            a, b = of.residual[mask] - of.residual[mask].mean(), came[year, mask] - came[year, mask].mean()
            variance = float((a * a).mean())
            slope = float((a * b).mean()) / variance
            rest[year, mask], known[year] = b - slope * a, mask
            influence = np.zeros(len(of.i))
            influence[mask] = a * rest[year, mask] / variance
            add(slope, [influence], int(mask.sum()))
        count = int(known.sum())
        if not count:
            continue
        square = rest * rest
        variance = float(square[known].mean())
        add(0.5 * np.log(variance), [(known * (square / variance - 1) / 2).sum(axis=0)], count)
        for lag in LAGS:
            both = known[lag:] & known[:-lag]
            if both.sum() < LEAST_PAIRS * len(both) or not len(both):
                continue
            product = rest[lag:] * rest[:-lag]
            level = (square[lag:] + square[:-lag]) / 2
            alike = float(product[both].mean() / level[both].mean())
            each = (both * (product - alike * level) / level[both].mean()).sum(axis=0)
            add(alike, [each], int(both.sum()))
    after = _after_disputes(of, came)
    if after is not None:
        add(after[0], [after[1]], 1)
    return np.array(found), np.column_stack(influences) if influences else np.zeros((len(of.i), 0))


def _after_disputes(of: Relations, came: np.ndarray) -> tuple[float, np.ndarray] | None:
    """How the year after the onset of a dispute differs from what the year before it lets expect, beside the structure, the
    first residual and disputes in these two years; and the influence of each pair. None where there are too few."""
    tables, weights, places = [], [], []
    for year in range(1, len(came) - 1):
        fewer = np.minimum(of.later[year - 1], of.later[year + 1])
        ok = fewer >= LEAST_EVENTS
        weight = (fewer / (fewer + WEIGHT))[ok]
        before = (of.structure + came[year - 1])[ok]
        onsets = of.onsets[year - 1 : year + 2][:, ok] * (1 + np.clip(before, -1, 1))
        columns = (onsets[1], before, before**2, of.structure[ok], of.structure[ok] ** 2, of.residual[ok])
        table = np.column_stack([(of.structure + came[year + 1])[ok], *columns, onsets[0], onsets[2]])
        if len(table):
            tables.append(table - (table * weight[:, None]).sum(axis=0) / weight.sum())
            weights.append(weight)
            places.append(np.flatnonzero(ok))
    if not tables:
        return None
    whole, w = np.concatenate(tables), np.concatenate(weights)
    if (np.concatenate([of.onsets[year][ok] for year, ok in enumerate(places, 1)]) > 0).sum() < LEAST_ONSETS:
        return None
    y, x = whole[:, 0], whole[:, 1:]
    weighted = x * w[:, None]
    inverse = np.linalg.pinv(weighted.T @ x)
    slopes = inverse @ (weighted.T @ y)
    influence = np.zeros(len(of.i))
    np.add.at(influence, np.concatenate(places), (weighted * (y - x @ slopes)[:, None]) @ inverse[:, 0])
    return float(slopes[0]), influence


def simulated(of: Relations, numbers: Sequence[float], seed: tuple[int, int]) -> np.ndarray:
    """Residuals of each later year as the equation of trust gives them, (years, pairs).

    Args:
        of: the pairs, with their record.
        numbers: in the order of :data:`RANGES`.
        seed: of the luck.
    """
    noise, reversion, lasting, weight, crisis, clustering = numbers
    share = of.events / (of.events + weight)
    trust = np.clip(of.structure + share * of.residual, -MOST, MOST)
    anchor = of.structure + lasting * (trust - of.structure)
    draws = np.random.default_rng(seed)
    found = np.empty(of.came.shape)
    for year, events in enumerate(of.later):
        tone = clustering * draws.standard_normal(len(trust))
        chance = np.zeros(len(trust))
        struck = np.where(of.onsets[year], draws.integers(0, 12, len(trust)), -1)
        for month in range(12):
            luck = noise * draws.standard_normal(len(trust), np.float32) * (1 - trust * trust)
            trust = trust + reversion * (anchor - trust) - crisis * (struck == month) * (1 + trust) + luck
            trust = np.clip(trust, -LIMIT, LIMIT)
            chance += of.chance(trust, tone)
        count = events.astype(int)
        cooperative = draws.binomial(count, chance / 12)
        found[year] = of.trust(tone_of(cooperative, count - cooperative)) - of.structure
    return found


@dataclass(frozen=True)
class Moments:
    """Moments as functions of the numbers' coordinates, within a box: ``coefficients`` (terms, moments)."""

    low: np.ndarray
    high: np.ndarray
    coefficients: np.ndarray
    degree: int
    error: np.ndarray
    """Covariance of the polynomials' own error, (moments, moments)."""

    def at(self, coordinates: np.ndarray) -> np.ndarray:
        """The moments at coordinates (points, numbers)."""
        return terms((coordinates - self.low) / (self.high - self.low) * 2 - 1, self.degree) @ self.coefficients

    def nearest(self, observed: np.ndarray, errors: np.ndarray, start: np.ndarray) -> np.ndarray:
        """The coordinates whose moments are nearest to each row of observed ones, in standard errors, within the box.

        Args:
            observed: (rows, moments).
            errors: of each moment.
            start: where it is looked from, (numbers,).
        """
        wide = (self.high - self.low) / 2
        x = np.broadcast_to(np.clip((start - self.low) / wide - 1, -0.98, 0.98), (len(observed), len(start))).copy()
        damping = np.full(len(x), 1.0)

        def apart(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            left = (terms(x, self.degree) @ self.coefficients - observed) / errors
            return left, (left * left).sum(axis=1)

        left, loss = apart(x)
        for _ in range(STEPS):
            slopes = np.einsum("rnt,tm->rnm", slopes_of(x, self.degree), self.coefficients) / errors
            gradient = np.einsum("rnm,rm->rn", slopes, left)
            free = ~(((x <= -1) & (gradient > 0)) | ((x >= 1) & (gradient < 0)))  # others stay on their end
            square = np.einsum("rnm,rkm->rnk", slopes, slopes) * free[:, :, None] * free[:, None, :]
            place = np.arange(x.shape[1])
            square[:, place, place] += damping[:, None] * (square[:, place, place] + 1e-6) + ~free
            step = np.linalg.solve(square, (gradient * free)[:, :, None])[:, :, 0]
            tried = np.clip(x - step, -1, 1)
            then, less = apart(tried)
            better = less < loss
            x[better], left[better], loss[better] = tried[better], then[better], less[better]
            damping = np.clip(np.where(better, damping / 4, damping * 4), 1e-6, 1e9)
        return self.low + (x + 1) * wide


def terms(x: np.ndarray, degree: int) -> np.ndarray:
    """All products of up to so many of the columns of (points, numbers), the constant first."""
    return np.column_stack([np.ones(len(x)), *(np.prod(x[:, of], axis=1) for of in _products(x.shape[1], degree))])


def slopes_of(x: np.ndarray, degree: int) -> np.ndarray:
    """The derivatives of :func:`terms` by each column, (points, numbers, terms)."""
    products = _products(x.shape[1], degree)
    found = np.zeros((len(x), x.shape[1], 1 + len(products)))
    for k, of in enumerate(products, 1):
        for place, column in enumerate(of):
            found[:, column, k] += np.prod(x[:, of[:place] + of[place + 1 :]], axis=1)
    return found


@cache
def _products(numbers: int, degree: int) -> list[list[int]]:
    return [list(of) for size in range(1, degree + 1) for of in combinations_with_replacement(range(numbers), size)]


def learnt(of: Relations, low: np.ndarray, high: np.ndarray, points: int, degree: int, seed: int) -> Moments:
    """The moments within a box of coordinates, from simulations at points that fill it evenly, each with luck of its own."""
    cube = qmc.Sobol(len(low), seed=seed).random_base2(int(np.ceil(np.log2(points))))[:points]
    coordinates = low + cube * (high - low)
    values = np.column_stack([one.value(coordinates[:, k]) for k, one in enumerate(RANGES.values())])
    rows = np.array([moments(of, simulated(of, numbers, (seed, k)))[0] for k, numbers in enumerate(values)])
    design = terms(cube * 2 - 1, degree)
    coefficients = np.linalg.lstsq(design, rows, rcond=None)[0]
    left = rows - design @ coefficients
    spare = max(points - design.shape[1], 1)
    return Moments(low, high, coefficients, degree, left.T @ left / spare * design.shape[1] / points)
