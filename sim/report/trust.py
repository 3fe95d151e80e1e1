"""Trust as square tables of colour, drawn as one path for each colour, so that forty states stay small."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup, escape

from sim.plots.sheet.scale import end_of_scale
from sim.plots.sheet.text import number
from sim.report import colours
from sim.report.compact import whole
from sim.report.views import View, ordered

AGREE = 0.9
DIGITS = 4
_INKS = ("ink-none", "ink-east", "ink-west")


@dataclass(frozen=True)
class Panel:
    """One table: values (n, n), the end of its scale, whether it shows a change, signs (n, n) of agreed directions."""

    title: str
    values: np.ndarray
    most: float
    change: bool
    signs: np.ndarray


def of_run(view: View, start: str, end: str) -> list[Panel]:
    """Before, after, and the change with its signs."""
    before, after = view.ledger.trust[0], view.ledger.trust[-1]
    signs = np.zeros_like(before, dtype=int)
    if view.replicates >= 10:
        signs = np.where(view.ledger.rising >= AGREE, 1, np.where(view.ledger.rising <= 1 - AGREE, -1, 0))
    none = np.zeros_like(signs)
    return [
        Panel(f"Before: start of {start}", before, 1.0, False, none),
        Panel(f"After: end of {end}", after, 1.0, False, none),
        Panel("Change", after - before, end_of_scale(after - before), True, signs),
    ]


def of_comparison(views: Sequence[View], differences: Sequence[View], end: str) -> list[Panel]:
    """The first run at its end, the second where there is but one, and every difference; means say nothing of pairs."""
    none = np.zeros(views[0].ledger.trust.shape[1:], dtype=int)
    shown = views if len(views) == 2 else views[:1]
    levels = [
        Panel(f"{view.name}, end of {end}", view.ledger.trust[-1], 1.0, False, none)
        for view in shown
        if view.ledger.states == views[0].ledger.states
    ]
    changes = [d for d in differences if d.ledger.states == views[0].ledger.states]
    return levels + [Panel(d.name, d.ledger.trust[-1], end_of_scale(d.ledger.trust[-1]), True, none) for d in changes]


def drawn(panels: Sequence[Panel], view: View, only: Collection[str]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The panels as SVG with their scales, and the numbers that the script shows when one is pointed at; of ``only``."""
    states = view.ledger.states
    order, sides = ordered(view, [code for code in states if code in only])
    pick = np.array([states.index(code) for code in order], dtype=int)
    shown, numbers = [], []
    for panel in panels:
        values = panel.values[np.ix_(pick, pick)]
        shown.append(
            {
                "title": panel.title,
                "svg": _svg(panel, values, panel.signs[np.ix_(pick, pick)], order, sides),
                "scale": _scale(panel),
            }
        )
        numbers.append(whole(values, DIGITS))
    return shown, {"order": order, "panels": numbers}


def _svg(panel: Panel, values: np.ndarray, signs: np.ndarray, order: Sequence[str], sides: Sequence[int]) -> Markup:
    count, edge = len(order), 3.4
    stops = colours.CHANGE if panel.change else colours.LEVEL
    cells: dict[str, list[str]] = defaultdict(list)
    for i, j in np.ndindex(count, count):
        if i != j:
            cells[colours.colour(float(values[i, j]), panel.most, stops)].append(f"M{j} {i}h1v1h-1z")
    parts = [f'<path fill="{fill}" d="{"".join(paths)}"/>' for fill, paths in sorted(cells.items())]
    gaps = "".join(f"M{k} 0V{count}M0 {k}H{count}" for k in range(1, count))
    parts.append(f'<path class="grid" d="{gaps}"/>')
    breaks = "".join(f"M{k} 0V{count}M0 {k}H{count}" for k in range(1, count) if sides[k] != sides[k - 1])
    parts.append(f'<path class="breaks" d="{breaks}"/>')
    marks = "".join(
        f"M{j + 0.28} {i + 0.68}h.44l-.22 -.38z" if signs[i, j] > 0 else f"M{j + 0.28} {i + 0.32}h.44l-.22 .38z"
        for i, j in zip(*np.nonzero(signs), strict=True)
        if i != j and abs(values[i, j]) > 1e-9
    )
    parts.append(f'<path class="signs" d="{marks}"/>')
    for k, code in enumerate(order):
        ink = _INKS[sides[k]]
        parts.append(f'<text class="{ink}" x="-.25" y="{k + 0.5}" text-anchor="end" dy=".35em">{escape(code)}</text>')
        turned = f'transform="translate({k + 0.5} -.25) rotate(-90)" dy=".35em"'
        parts.append(f'<text class="{ink}" {turned}>{escape(code)}</text>')
    box = f"{-edge} {-edge} {count + edge + 0.2:.1f} {count + edge + 0.2:.1f}"
    label = escape(f"{panel.title}: trust of the row's state in the column's")
    return Markup(f'<svg class="heat" viewBox="{box}" role="img" aria-label="{label}">{"".join(parts)}</svg>')


def _scale(panel: Panel) -> dict[str, Any]:
    """Ends and swatches of a panel's scale."""
    digits = 0 if not panel.change and panel.most == 1 else 2 if panel.most >= 0.05 else 3
    stops = colours.CHANGE if panel.change else colours.LEVEL
    fills = [colours.colour(-1 + k / 16, 1.0, stops) for k in range(33)]
    parts = "".join(f'<path fill="{fill}" d="M{k} 0h1.05v1h-1.05z"/>' for k, fill in enumerate(fills))
    bar = Markup(f'<svg class="scale" viewBox="0 0 33 1" preserveAspectRatio="none" aria-hidden="true">{parts}</svg>')
    over = panel.change and bool((np.abs(panel.values) > panel.most).any())
    low, high = number(-panel.most, digits), number(panel.most, digits, signed=True)
    return {"low": f"≤ {low}" if over else low, "high": f"≥ {high}" if over else high, "bar": bar}
