"""What regressions say of the numbers: each statistic with its influences, from which its error is found.

``structure``: by how much distance in votes and a rivalry lower trust (weighted least squares of the tone on the structure).
``votes``: how positions in the General Assembly go on, from the mean of three sessions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from sim.calibration.moments import Range
from sim.calibration.relations import Relations
from sim.data import features as f
from sim.data.grounds import SPREAD, grounds
from sim.data.panel import FIRST, Panel

HORIZONS = (1, 2, 3, 5, 7, 10)
"""Years over which positions are followed, from the last of them before the end on."""
SESSIONS = 3
ALONE = 0.05
"""Added to the variances, as a share of them, so that near copies of a moment do not rule."""
VOTES = {
    "affinity.rate": Range(0.0005, 0.05, by_size=True),
    "affinity.stubbornness": Range(0.0, 1.0),
    "affinity.noise": Range(0.005, 0.15, by_size=True),
}


def structure(of: Relations) -> tuple[np.ndarray, np.ndarray]:
    """Trust lost by a unit of distance in votes and by a rivalry, (2,), and influences (pairs, 2)."""
    weighted = of.rows * of.weights[:, None]
    inverse = np.linalg.pinv(weighted.T @ of.rows)
    places = [1 + f.STRUCTURE.index(name) for name in ("apart", "rivalry")]
    scale = -SPREAD / of.spread
    return scale * of.coefficients[places], scale * (weighted * of.left[:, None]) @ inverse[:, places]


@dataclass(frozen=True)
class Votes:
    """Slope and log standard deviation of later positions on the mean of three sessions by horizon, (2 horizons,), with the
    influence of each state of the panel; ``social`` the slope on its own position of what a state hears, ``heard`` the
    standard deviation of the rest of it."""

    moments: np.ndarray
    influences: np.ndarray
    horizons: tuple[int, ...]
    social: float
    heard: float

    def expected(self, numbers: Sequence[float]) -> np.ndarray:
        """The moments by the equation of affinity (ODD E46), from a position that is known."""
        rate, stubbornness, noise = numbers
        months = 12 * np.array(self.horizons)
        gone = 1 - (1 - rate) ** months
        chance = noise**2 * (1 - (1 - rate) ** (2 * months)) / (1 - (1 - rate) ** 2)
        pull = (1 - stubbornness) * gone
        spread = np.sqrt(chance + (pull * self.heard) ** 2)
        return np.column_stack([1 - pull * (1 - self.social), np.log(spread)]).ravel()

    def nearest(self, observed: np.ndarray, covariance: np.ndarray) -> np.ndarray:
        """The numbers whose moments are nearest to observed ones, by their covariance."""
        whiten = np.linalg.inv(np.linalg.cholesky(covariance + ALONE * np.diag(np.diag(covariance))))
        ranges = tuple(VOTES.values())

        def apart(x: np.ndarray) -> np.ndarray:
            return whiten @ (self.expected([one.value(c) for one, c in zip(ranges, x)]) - observed)

        best = least_squares(apart, np.full(3, 0.5), bounds=(0, 1)).x
        return np.array([one.value(c) for one, c in zip(ranges, best)])


def votes(panel: Panel) -> Votes:
    """What the positions of the last years say."""
    points = panel.states["ideal"]
    last = min(panel.until, panel.last["ideal"])
    first = last - HORIZONS[-1]
    start = panel.affinity(first, SESSIONS)
    found, influences = [], []
    for h in HORIZONS:
        end = points[first + h - FIRST]
        at = np.flatnonzero(~np.isnan(start + end))
        a, b = start[at] - start[at].mean(), end[at] - end[at].mean()
        variance = (a * a).mean()
        slope = (a * b).mean() / variance
        rest = b - slope * a
        spread = (rest * rest).sum() / (len(at) - 2)
        found += [slope, 0.5 * np.log(spread)]
        for each in (a * rest / variance, (rest * rest / spread - 1) / 2):
            influence = np.zeros(len(panel.codes))
            np.add.at(influence, at, each / len(a))
            influences.append(influence)
    social, heard = _heard(panel)
    return Votes(np.array(found), np.column_stack(influences), HORIZONS, social, heard)


def _heard(panel: Panel) -> tuple[float, float]:
    """What states hear by structure, on their own position: slope and standard deviation around it."""
    places = panel.there(panel.until)
    x, size = panel.affinity(panel.until)[places], panel.at("power", panel.until)[places]
    friendly = np.maximum(grounds(panel, places).tone, 0) * size
    total = friendly.sum(axis=1)
    heard = np.where(total > 0, friendly @ x / np.where(total > 0, total, 1), x)
    slope = np.cov(x, heard)[0, 1] / x.var(ddof=1)
    return float(slope), float((heard - heard.mean() - slope * (x - x.mean())).std())
