"""Small drawings in a table's cell: a fan, an interval."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

WIDE, HIGH = 150, 34


def fan(rows: np.ndarray, least: float) -> Markup:
    """Bands and median of one series (K, T) from its lowest to its highest value, over a range of `least` or more."""
    known = np.isfinite(rows).all(axis=0)
    if not known.any():
        return Markup("")
    rows = rows[:, known]
    middle, span = (rows.max() + rows.min()) / 2, max(float(np.ptp(rows)), least, 1e-9)
    low, high = middle - span / 2, middle + span / 2
    x = np.linspace(1, WIDE - 1, rows.shape[1])
    y = HIGH - 2 - (rows - low) / (high - low) * (HIGH - 4)
    parts = []
    for depth in range(len(rows) // 2):
        outline = [*zip(x, y[depth]), *zip(x[::-1], y[-1 - depth][::-1])]
        parts.append(f'<path class="band" d="{_path(outline)}z"/>')
    parts.append(f'<path class="line" d="{_path(list(zip(x, y[len(rows) // 2])))}"/>')
    return Markup(f'<svg class="fan" viewBox="0 0 {WIDE} {HIGH}" aria-hidden="true">{"".join(parts)}</svg>')


def interval(values: Sequence[float], low: float, high: float) -> Markup:
    """Five quantiles as a line, a bar and a dot, with the zero, between two bounds."""
    span = max(high - low, 1e-12)
    a, b, middle, c, d = (4 + (value - low) / span * (WIDE - 8) for value in values)
    zero = 4 + (0 - low) / span * (WIDE - 8)
    half = HIGH / 2
    return Markup(
        f'<svg class="interval" viewBox="0 0 {WIDE} {HIGH}" aria-hidden="true">'
        f'<path class="zero" d="M{zero:.1f} 0V{HIGH}"/><path class="whisker" d="M{a:.1f} {half}H{d:.1f}"/>'
        f'<path class="box" d="M{b:.1f} {half}H{c:.1f}"/><circle class="dot" cx="{middle:.1f}" cy="{half}" r="4"/></svg>'
    )


def _path(points: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
