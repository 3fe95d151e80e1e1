"""How replicates spread: quantiles, densities, and whether a distribution has two peaks. Plain numpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FEW = 20
"""Below this many replicates single lines are drawn instead of bands."""


def quantiles(values: np.ndarray, shares: list[float]) -> np.ndarray:
    """Quantiles over replicates: (R, T) -> (len(shares), T); NaN only where every replicate is NaN."""
    if np.isfinite(values).all():
        return np.quantile(values, shares, axis=0)
    result = np.full((len(shares), values.shape[1]), np.nan)
    some = np.isfinite(values).any(axis=0)
    if some.any():
        result[:, some] = np.nanquantile(values[:, some], shares, axis=0)
    return result


def bandwidth(values: np.ndarray) -> float:
    """Silverman's rule (1986, eq. 3.31), never finer than the steps that the values come in."""
    spread = values.std()
    middle = np.subtract(*np.quantile(values, [0.75, 0.25])) / 1.34
    narrow = min(spread, middle) if middle > 0 else spread
    width = 0.9 * narrow * len(values) ** -0.2
    levels = np.unique(np.round(values, 9))
    if 1 < len(levels) < len(values) / 3:
        width = max(width, 0.8 * float(np.diff(levels).max() if len(levels) < 4 else np.median(np.diff(levels))))
    return float(width)


def density(values: np.ndarray, grid: np.ndarray, width: float) -> np.ndarray:
    """Gaussian kernel density of each column, scaled to a peak of 1: (R, T) -> (len(grid), T)."""
    step = grid[1] - grid[0]
    edges = np.concatenate([grid - step / 2, [grid[-1] + step / 2]])
    counts = np.empty((len(grid), values.shape[1]))
    for t in range(values.shape[1]):
        counts[:, t] = np.histogram(values[np.isfinite(values[:, t]), t], edges)[0]
    kernel = np.exp(-0.5 * ((grid[:, None] - grid[None, :]) / max(width, step)) ** 2)
    smooth = kernel @ counts
    peak = smooth.max(axis=0)
    return smooth / np.where(peak > 0, peak, 1)


@dataclass(frozen=True)
class TwoPeaks:
    """Places of two separate peaks and the share of replicates on each one's side of the valley."""

    low: float
    high: float
    valley: float
    share_low: float


def two_peaks(values: np.ndarray) -> TwoPeaks | None:
    """Two peaks if the valley is under 60 % of the lower peak and 15 % or more of the replicates stand on either side.

    values: (R,), 40 or more. A wide bandwidth (Silverman's over-smooths two peaks) keeps chance bumps from counting.
    """
    values = values[np.isfinite(values)]
    if len(values) < 40 or np.ptp(values) <= 1e-9:
        return None
    width = bandwidth(values)
    if width <= 0:
        return None
    grid = np.linspace(values.min() - 2 * width, values.max() + 2 * width, 160)
    curve = density(values[:, None], grid, width)[:, 0]
    tops = np.flatnonzero((curve[1:-1] > curve[:-2]) & (curve[1:-1] >= curve[2:])) + 1
    best, found = 0.0, None
    for a in range(len(tops)):
        for b in range(a + 1, len(tops)):
            left, right = tops[a], tops[b]
            valley = left + int(np.argmin(curve[left : right + 1]))
            smaller = min(curve[left], curve[right])
            share = float((values <= grid[valley]).mean())
            if curve[valley] < 0.6 * smaller and 0.15 <= share <= 0.85 and smaller > best:
                best = smaller
                found = TwoPeaks(float(grid[left]), float(grid[right]), float(grid[valley]), share)
    return found
