"""Replicates over time: median with 50 and 90 % bands, single lines where there are few, density where two-peaked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from sim.plots.sheet import palette, text
from sim.plots.time import spread

BANDS = [0.05, 0.25, 0.5, 0.75, 0.95]


def limits(
    parts: Sequence[np.ndarray], *, least: float, low: float | None = None, high: float | None = None
) -> tuple[float, float]:
    """A common value range of several (R, T) arrays: 1st to 99th percentiles with some air, at least `least` wide."""
    bounds = [spread.quantiles(p, [0.01, 0.99]) for p in parts]
    stacked = np.concatenate([b[:, np.isfinite(b[0])] for b in bounds], axis=1)
    if not stacked.size:
        return (0.0 if low is None else low), (1.0 if high is None else high)
    bottom, top = float(stacked[0].min()), float(stacked[1].max())
    lack = max(0.0, least - (top - bottom))
    air = 0.06 * max(top - bottom, least)
    bottom, top = bottom - lack / 2 - air, top + lack / 2 + air
    if low is not None and bottom < low:
        bottom, top = low, max(top, low + least)
    if high is not None and top > high:
        bottom, top = min(bottom, high - least), high
    return (bottom if low is None else max(bottom, low)), top


def round_numbers(low: float, high: float, steps: float = 6.5) -> tuple[np.ndarray, int]:
    """Round numbers from low to high, about so many steps apart, and the decimals that they take."""
    raw = (high - low) / steps
    power = 10.0 ** np.floor(np.log10(raw))
    step = power * next(m for m in (1, 2, 2.5, 5, 10) if m * power >= raw * 0.999)
    places = np.arange(np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9) + 1) * step
    return places, next(d for d in range(7) if abs(step * 10**d - round(step * 10**d)) < 1e-6 * step * 10**d or d == 6)


def rules(axes: Axes, bounds: tuple[float, float]) -> None:
    """Horizontal grid and value labels at four to seven round numbers."""
    low, high = bounds
    places, digits = round_numbers(low, high)
    axes.set_ylim(low, high)
    axes.set_yticks(places, labels=[text.number(p, digits) for p in places])
    axes.grid(axis="y", color=palette.RULE, linewidth=0.6)
    axes.set_axisbelow(True)


def draw(axes: Axes, months: np.ndarray, values: np.ndarray, colour: str = palette.RUN) -> None:
    """Bands and median of values (R, T) at months (T,); fewer than 20 replicates are drawn one by one."""
    if len(values) < spread.FEW:
        if len(values) > 1:
            axes.plot(months, values.T, color=palette.tint(colour, 0.45), linewidth=0.6)
        middle = spread.quantiles(values, [0.5])[0]
    else:
        p05, p25, middle, p75, p95 = spread.quantiles(values, BANDS)
        axes.fill_between(months, p05, p95, color=palette.tint(colour, 0.18), linewidth=0)
        axes.fill_between(months, p25, p75, color=palette.tint(colour, 0.42), linewidth=0)
    dots = {"marker": "o", "markersize": 3} if len(months) == 1 else {}
    axes.plot(months, middle, color=colour, linewidth=1.9, solid_capstyle="round", **dots)


def draw_density(axes: Axes, months: np.ndarray, values: np.ndarray, bounds: tuple[float, float]) -> None:
    """Share of replicates by value, each month scaled to its own peak; no median, which would lie between two peaks."""
    grid = np.linspace(*bounds, 121)
    last = values[:, -1]
    curve = spread.density(values, grid, 0.6 * spread.bandwidth(last[np.isfinite(last)]))
    column = np.clip(np.searchsorted(months, np.linspace(months[0], months[-1], 4 * len(months)), "right") - 1, 0, None)
    axes.imshow(
        curve[:, column],
        origin="lower",
        aspect="auto",
        extent=(months[0], months[-1], *bounds),
        cmap=palette.density_map(),
        vmin=0,
        vmax=1,
        interpolation="none",
    )


def draw_end(axes: Axes, values: np.ndarray, bounds: tuple[float, float], colour: str = palette.RUN) -> None:
    """Histogram of the end values (R,) along the panel's value axis, bins never finer than the steps of the values."""
    values = values[np.isfinite(values)]
    low, high = bounds
    axes.set_ylim(low, high)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines["bottom"].set_visible(False)
    axes.spines["left"].set_visible(True)
    if len(values) < 2:
        axes.set_xlim(0, 1)
        return
    levels = np.unique(np.round(values, 9))
    bins = 34 if len(values) >= 100 else 20
    wide = (high - low) / bins
    if 1 < len(levels) < len(values) / 3:
        step = float(np.median(np.diff(levels)))
        edges = np.arange(levels[0] - step / 2, levels[-1] + step, step) if step > wide else np.linspace(low, high, bins + 1)
    else:
        edges = np.linspace(low, high, bins + 1)
    counts = np.histogram(values, edges)[0]
    axes.barh(edges[:-1], counts, height=np.diff(edges) * 0.92, align="edge", color=palette.tint(colour, 0.55), linewidth=0)
    axes.set_xlim(0, max(counts.max(), 1) * 1.05)
