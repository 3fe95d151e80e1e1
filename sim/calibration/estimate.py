"""All numbers together: statistics of one panel, how sure they are, and the numbers that would bring about each draw of them.

The statistics of a panel lie around the true ones by Student's t with as much freedom as there are states, with the
covariance of pairs that share states (:mod:`sim.calibration.covariance`). Each of the draws is made into numbers as the observed statistics are, all numbers from
one draw, so that what goes together stays together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.calibration import moments, regressions
from sim.calibration.covariance import active_in, of_pairs
from sim.calibration.moments import CLUSTERING, Range, learnt
from sim.calibration.relations import Relations, relations
from sim.data.panel import Panel

DRAWS = 400
SIMULATIONS = ((256, 3), (128, 2), (128, 2), (384, 2))
"""Simulations and the degree of polynomials: over the whole of the ranges, and then where the numbers are, ever nearer."""
LEAST_YEARS = 5
"""Years after the first record, without which the course of trust is not estimated."""
WIDE, EDGE = 0.8, 0.01
"""A number whose 90 % interval is so much of the one before the data is not told by them; nor is one that lies at an end of
its range."""
RANGES = {
    **moments.RANGES,
    **{key: one for key, (_, one) in regressions.STRUCTURE.items()},
    **regressions.VOTES,
}
"""What is thought possible of each number before the data are seen."""


@dataclass(frozen=True)
class Estimate:
    """A number with the 5 and 95 % of its draws; ``told`` says whether the data tell it."""

    key: str
    value: float
    low: float
    high: float
    told: bool


@dataclass(frozen=True)
class Calibration:
    """Estimates by key, and draws of all of them, (draws, keys), in the same order."""

    estimates: dict[str, Estimate]
    draws: np.ndarray

    @property
    def told(self) -> tuple[str, ...]:
        """The numbers of the model that the data tell."""
        return tuple(key for key, one in self.estimates.items() if one.told and key != CLUSTERING)

    def columns(self, keys: tuple[str, ...]) -> np.ndarray:
        """The draws of some numbers, (draws, keys)."""
        return self.draws[:, [list(self.estimates).index(key) for key in keys]]


def calibrate(
    panel: Panel,
    *,
    draws: int = DRAWS,
    seed: int = 1,
    simulations: Sequence[tuple[int, int]] = SIMULATIONS,
    structure_of: int | None = None,
) -> Calibration:
    """The numbers of the model that a panel tells, with draws of what it leaves uncertain.

    Args:
        panel: cut at the last year that may be known.
        draws: how many.
        seed: of draws and simulations.
        simulations: how many, and the degree of the polynomials, from far to near.
        structure_of: the last year of the record that is regressed on the structure; None for the last that there is.
    """
    luck = np.random.default_rng(seed)
    positions = regressions.votes(panel)
    first = relations(panel)
    last = relations(panel, structure_of or min(panel.until, panel.last["cooperative"]))
    parts, pairs = [], [np.zeros((0, 2), int)]
    course = first is not None and len(first.came) >= LEAST_YEARS
    if first is not None and course:
        parts.append(moments.moments(first, first.came))
        pairs.append(np.column_stack([first.i, first.j]))
    if last is not None:
        parts.append(regressions.structure(last))
        pairs.append(np.column_stack([last.i, last.j]))
    ends = np.cumsum([0, *(len(part[0]) for part in parts)])
    influences = np.zeros((sum(map(len, pairs)), ends[-1]))
    row = 0
    for part, begin, end in zip(parts, ends, ends[1:]):
        influences[row : row + len(part[1]), begin:end] = part[1]
        row += len(part[1])
    values = np.concatenate([*(part[0] for part in parts), positions.moments])
    i, j = np.concatenate(pairs).T
    covariance = of_pairs(i, j, influences, positions.influences, len(panel.codes))
    around = _drawn(luck, values, covariance, draws, active_in(i, j, positions.influences) - 1)
    found: dict[str, np.ndarray] = {}
    if first is not None and course:
        m = ends[1]
        found |= _dynamics(first, around[:, :m], covariance[:m, :m], seed, simulations)
    if last is not None:
        found |= {key: around[:, ends[-1] - 2 + k] for k, key in enumerate(regressions.STRUCTURE)}
    numbers = positions.numbers(around[:, ends[-1] :])
    return _gathered(found | {key: numbers[:, k] for k, key in enumerate(regressions.VOTES)})


def _drawn(
    luck: np.random.Generator, values: np.ndarray, covariance: np.ndarray, draws: int, freedom: float = np.inf
) -> np.ndarray:
    """The observed statistics and then draws around them, (1 + draws, statistics): Student's with so much freedom."""
    spread, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(spread, 0))
    size = np.sqrt(freedom / luck.chisquare(freedom, (draws, 1))) if np.isfinite(freedom) else 1.0
    return np.vstack([values, values + size * luck.standard_normal((draws, len(values))) @ root.T])


def _dynamics(
    of: Relations, around: np.ndarray, covariance: np.ndarray, seed: int, simulations: Sequence[tuple[int, int]]
) -> dict[str, np.ndarray]:
    """Numbers of trust's own course for each row of moments."""
    ranges = moments.RANGES
    size = len(ranges)
    low, high = np.zeros(size), np.ones(size)
    start = np.full(size, 0.5)
    luck = np.random.default_rng((seed, 1))
    for step, (points, degree) in enumerate(simulations):
        curve = learnt(of, low, high, points, degree, seed + step)
        rows = around.copy()
        rows[1:] = _drawn(luck, np.zeros(len(curve.error)), curve.error, len(around) - 1)[1:] + around[1:]
        start = curve.nearest(rows[:1], np.sqrt(np.diag(covariance + curve.error)), start)[0]
        found = curve.nearest(rows, np.sqrt(np.diag(covariance + curve.error)), start)
        ends = np.quantile(found, (0.02, 0.98), axis=0)
        reach = 0.5 * (ends[1] - ends[0]) + 0.05
        low, high = np.clip(ends[0] - reach, 0, 1), np.clip(ends[1] + reach, 0, 1)
    return {key: one.value(found[:, k]) for k, (key, one) in enumerate(ranges.items())}


def _gathered(found: dict[str, np.ndarray]) -> Calibration:
    estimates, columns = {}, []
    for key, values in found.items():
        one = RANGES[key]
        values = np.clip(values, one.low, one.high)
        low, high = np.quantile(values[1:], (0.05, 0.95))
        ends = one.coordinate(low), one.coordinate(high)
        told = ends[1] - ends[0] < WIDE * 0.9 and EDGE < one.coordinate(values[0]) < 1 - EDGE
        estimates[key] = Estimate(key, float(values[0]), float(low), float(high), bool(told))
        columns.append(values[1:])
    return Calibration(estimates, np.column_stack(columns))
