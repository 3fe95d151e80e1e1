"""What regressions say of the numbers: each statistic with its influences, from which its error is found.

``structure``: by how much distance in votes and a rivalry lower trust (weighted least squares of the tone on the structure).
``votes``: how positions in the General Assembly go on: the slope of a year on the year before, and what five years add to
the usual size of changes beyond one year, so that the error of a single session drops out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.calibration.moments import Range
from sim.calibration.relations import Relations
from sim.data import features as f
from sim.data.grounds import SPREAD, WINDOW
from sim.data.panel import FIRST, Panel

LONG = 5
"""Years over which changes are compared with those of one year."""
USUAL = 0.6745
"""The median size of a change of a normal distribution, in standard deviations."""
NEAR = 0.25
"""How near the median, as a share of it, sizes lie whose number says how dense they are there."""
STRUCTURE = {"anchor.per_distance": ("apart", Range(0.0, 0.35)), "anchor.per_rivalry": ("rivalry", Range(0.0, 1.1))}
VOTES = {"affinity.rate": Range(0.0002, 0.02, by_size=True), "affinity.noise": Range(0.005, 0.15, by_size=True)}


def structure(of: Relations) -> tuple[np.ndarray, np.ndarray]:
    """Trust lost by a unit of distance in votes and by a rivalry, (2,), and influences (pairs, 2)."""
    weighted = of.rows * of.weights[:, None]
    inverse = np.linalg.pinv(weighted.T @ of.rows)
    places = [1 + f.STRUCTURE.index(column) for column, _ in STRUCTURE.values()]
    scale = -SPREAD / of.spread
    return scale * of.coefficients[places], scale * (weighted * of.left[:, None]) @ inverse[:, places]


@dataclass(frozen=True)
class Votes:
    """``moments``: slope of a year on the year before, median size of changes over one year and over five, with the
    influence of each state of the panel; ``level`` the variance of positions."""

    moments: np.ndarray
    influences: np.ndarray
    level: float

    def numbers(self, moments: np.ndarray) -> np.ndarray:
        """Rate and noise (monthly) for each row of moments, (rows, 2): ODD E46 toward the mean of all states."""
        rate = np.clip((1 - moments[:, 0]) / 12, VOTES["affinity.rate"].low, VOTES["affinity.rate"].high)
        kept = 1 - rate

        def chance(years: int) -> np.ndarray:
            return (1 - kept ** (24 * years)) / (1 - kept**2)

        def drift(years: int) -> np.ndarray:
            return self.level * (1 - kept ** (12 * years)) ** 2

        more = (moments[:, 2] ** 2 - moments[:, 1] ** 2) / USUAL**2 - (drift(LONG) - drift(1))
        return np.column_stack([rate, np.sqrt(np.maximum(more, 0) / (chance(LONG) - chance(1)))])


def votes(panel: Panel) -> Votes:
    """What the positions of the last years say.

    Sizes of changes are by their median: some states jump, and the spread that jumps make is not the usual one.
    """
    points = panel.states["ideal"]
    last = min(panel.until, panel.last["ideal"])
    first = max(FIRST, last - WINDOW)

    def changes(years: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        before, after, who = [], [], []
        for year in range(first, last - years + 1):
            a, b = points[year - FIRST], points[year + years - FIRST]
            at = np.flatnonzero(~np.isnan(a + b))
            if not len(at):
                continue
            before.append(a[at] - a[at].mean())
            after.append(b[at] - b[at].mean())
            who.append(at)
        return tuple(np.concatenate(part) for part in (before, after, who))  # type: ignore[return-value]

    def add(value: float, each: np.ndarray, at: np.ndarray) -> None:
        influence = np.zeros(len(panel.codes))
        np.add.at(influence, at, each / len(each))
        found.append(value)
        influences.append(influence)

    found: list[float] = []
    influences: list[np.ndarray] = []
    a, b, at = changes(1)
    level = float((a * a).mean())
    slope = float((a * b).mean()) / level
    add(slope, a * (b - slope * a) / level, at)
    for years in (1, LONG):
        a, b, at = changes(years)
        sizes = np.abs(b - a)
        middle = float(np.median(sizes))
        dense = (np.abs(sizes - middle) < NEAR * middle).mean() / (2 * NEAR * middle)
        add(middle, (0.5 - (sizes <= middle)) / dense, at)
    return Votes(np.array(found), np.column_stack(influences), level)
