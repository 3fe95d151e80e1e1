"""The picture beside the answer: one measure over time with its bands, drawn here so that it needs no script."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from markupsafe import Markup, escape

from sim.calendar import parse_month
from sim.plots.sheet.text import apart, number
from sim.report.views import Series

WIDE, HIGH = 560, 330
LEFT, RIGHT, TOP, BELOW = 46, 118, 14, 26
Scale = Callable[[float], float]
INKS = ("#7b3294", "#1b7837", "#b35806")
DASHES = ("", "6 3", "2 3")


def drawn(lines: Sequence[tuple[str, Series]], about: str, parting: int | None, *, signed: bool = False) -> Markup:
    """Up to three series of one measure on one scale.

    Args:
        lines: label and series of each.
        about: what is drawn, for those who cannot see it.
        parting: the month in which two runs part, to be marked.
        signed: whether values carry a plus.
    """
    lines = [(label, series) for label, series in lines if np.isfinite(series.rows).all(axis=0).sum() > 1][: len(INKS)]
    if not lines:
        return Markup("")
    every = np.concatenate([series.rows[np.isfinite(series.rows)] for _, series in lines])
    low, high = _room(float(every.min()), float(every.max()))
    months = [parse_month(time) for _, series in lines for time in (series.times[0], series.times[-1])]
    first, last = min(months), max(months)

    def x(month: float) -> float:
        return LEFT + (month - first) / max(last - first, 1) * (WIDE - LEFT - RIGHT)

    def y(value: float) -> float:
        return TOP + (high - value) / (high - low) * (HIGH - TOP - BELOW)

    parts = [_axes(low, high, first, last, x, y)]
    if parting is not None:
        parts.append(f'<path class="mark" d="M{x(parting):.1f} {TOP}V{HIGH - BELOW}"/>')
    ends = []
    for (_, series), ink, dash in zip(lines, INKS, DASHES):
        known = np.isfinite(series.rows).all(axis=0)
        across = [x(parse_month(time)) for time, there in zip(series.times, known) if there]
        rows = [[y(value) for value in row[known].tolist()] for row in series.rows]
        for k in range(len(rows) // 2):
            outline = [*zip(across, rows[k]), *zip(across[::-1], rows[-1 - k][::-1])]
            parts.append(f'<path fill="{ink}" opacity=".16" d="{_path(outline)}z"/>')
        middle = rows[len(rows) // 2]
        line = _path(list(zip(across, middle)))
        parts.append(f'<path class="median" stroke="{ink}" stroke-dasharray="{dash}" d="{line}"/>')
        ends.append((middle[-1], float(series.middle[known][-1])))
    digits = _digits((high - low) / 20)
    places = apart([end for end, _ in ends], 34.0, TOP + 12, HIGH - BELOW - 14)
    for (label, _), (_, value), place, ink in zip(lines, ends, places, INKS):
        said = f'<tspan x="{WIDE - RIGHT + 8}">{escape(_short(label))}</tspan>'
        said += f'<tspan x="{WIDE - RIGHT + 8}" dy="1.15em">{number(value, digits, signed)}</tspan>'
        parts.append(f'<text class="end" fill="{ink}" y="{place - 2:.1f}">{said}</text>')
    return Markup(
        f'<svg class="headline" viewBox="0 0 {WIDE} {HIGH}" role="img" aria-label="{escape(about)}">{"".join(parts)}</svg>'
    )


def _axes(low: float, high: float, first: int, last: int, x: Scale, y: Scale) -> str:
    """Rules at round values, ticks at years (months where there are few), and the zero where it is inside."""
    step = _step((high - low) / 5)
    parts = []
    for k in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1):
        at, kind = y(k * step), "zero" if k == 0 else "rule"
        parts.append(f'<path class="{kind}" d="M{LEFT} {at:.1f}H{WIDE - RIGHT}"/>')
        parts.append(
            f'<text class="tick" x="{LEFT - 6}" y="{at:.1f}" dy=".35em" text-anchor="end">'
            f"{number(k * step, _digits(step))}</text>"
        )
    years = last - first >= 30
    gap = next((n for n in ((12, 24, 60, 120, 240) if years else (1, 2, 3, 6, 12)) if (last - first) / n <= 11), 480)
    for month in range(math.ceil(first / gap) * gap, last + 1, gap):
        text = f"{month // 12}" if years else f"{month // 12}-{month % 12 + 1:02d}"
        if years or (month - first) // gap % 2 == 0:
            kind = "tick" if (month - first) // gap % 3 == 0 else "tick spare"  # a narrow screen has room for a third
            parts.append(f'<text class="{kind}" x="{x(month):.1f}" y="{HIGH - 8}" text-anchor="middle">{text}</text>')
    return "".join(parts)


def _room(low: float, high: float) -> tuple[float, float]:
    """Bounds with a little air; a flat series gets some."""
    air = 0.05 * (high - low) or max(abs(high) * 0.1, 0.05)
    return low - air, high + air


def _step(least: float) -> float:
    """1, 2 or 5 times a power of ten, not below `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(n * power for n in (1, 2, 5, 10) if n * power >= least * (1 - 1e-9))


def _digits(step: float) -> int:
    """Decimals that tell multiples of a step apart."""
    return max(0, -math.floor(math.log10(step) + 1e-9))


def _short(label: str) -> str:
    return label if len(label) <= 16 else label[:15].rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def _path(points: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in points)
