"""Which states trust each other more or less because of the change?

Mean trust at the end in both runs, and the difference: a row trusts a column. With several comparisons, the difference
of each. A triangle marks dyads where 90 % of the paired replicates agree on the sign, for as many dyads as the runs kept
their replicates: all with `save=dyads`, else those that the scenario watches.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.plots import PictureError
from sim.plots.sheet import matrix, palette, text
from sim.plots.sheet.pairs import ENOUGH, footer, states_of_all
from sim.plots.sheet.scale import end_of_scale
from sim.plots.sheet.sheet import MARGIN, Sheet
from sim.questions.compare.answer import ends
from sim.wording import capital, listing

if TYPE_CHECKING:
    from sim.questions.compare import Comparison
    from sim.results import Run

GAP, MOST, ACROSS, LEAST = 0.35, 6, 3, 0.01
SMALLEST = 0.0005


def missing(comparisons: list[Comparison]) -> str | None:
    """Why there is no such picture, or None."""
    if all(c.same for c in comparisons):
        return "the runs are the same: every difference is exactly 0"
    if len(states_of_all(comparisons)) < 2:
        return "trust needs at least two states that all runs have"
    return None


def figure(comparisons: list[Comparison], subjects: Sequence[str] | None = None) -> Sheet:
    """The picture, of all states or of `subjects`."""
    known = states_of_all(comparisons)
    unknown = [code for code in subjects or () if code not in known]
    if unknown:
        raise PictureError(f"no state {', '.join(unknown)} in these runs; there is: {', '.join(known)}")
    comparisons, one = comparisons[:MOST], comparisons[0]
    order, sides = matrix.ordered(one.a, [code for code in known if not subjects or code in subjects])
    count = len(order)
    level = _trust(one.a, order, one.months[-1])
    levels = [_trust(c.b, order, one.months[-1]) for c in comparisons]
    changes = [level - other for other in levels]
    most = end_of_scale(np.concatenate([change.ravel() for change in changes]), LEAST)
    panels = [(f"{one.name_a} minus {c.name_b}", change, c) for c, change in zip(comparisons, changes)]
    if len(comparisons) == 1:
        panels = [(one.name_a, level, None), (one.name_b, levels[0], None), ("Difference", changes[0], one)]
    side = min(6.0, max(2.1, 0.165 * count))
    size = min(8.0, side / count * 72 * 0.84)
    label = max(text.width(code, size) for code in order) + 0.1
    across, down = min(len(panels), ACROSS), -(-len(panels) // ACROSS)
    high = 0.3 + side + label + 0.16
    wide = max(2 * MARGIN + across * (label + side) + (across - 1) * GAP, 6.5)
    signs = [_agreement(c, order) if c else None for _, _, c in panels]
    kept = next((shares for shares in signs if shares is not None), None)
    title = f"Trust at the end of {ends(one)}: {one.name_a} minus {listing([c.name_b for c in comparisons])}"
    sheet = Sheet(
        wide, down * high + 0.36, title=title, explain=_explain(one, order, changes, kept), footer=footer(comparisons)
    )
    for k, (name, values, c) in enumerate(panels):
        left = MARGIN + label + k % ACROSS * (label + side + GAP)
        top = k // ACROSS * high + 0.3
        colours, reach = (palette.change_map(), most) if c else (palette.level_map(), 1.0)
        axes = matrix.panel(sheet, left, top, side, values, order, sides, colours, reach, name, size)
        if signs[k] is not None:
            matrix.signs(axes, values, signs[k], side / count)
    y = down * high
    clipped = any(bool((np.abs(change) > most).any()) for change in changes)
    if len(comparisons) == 1:
        matrix.scale(sheet, MARGIN + label, y, min(side, 2.3), palette.level_map(), 1.0, False, False)
    left = MARGIN + label + (2 * (label + side + GAP) if len(comparisons) == 1 else 0)
    matrix.scale(sheet, left, y, min(side, 2.3), palette.change_map(), most, True, clipped)
    matrix.groups(sheet, MARGIN + label, y + 0.28, sides, one.a)
    if kept is not None:
        matrix.sign_legend(sheet, max(left, wide - MARGIN - 2.1), y + 0.28, "of pairs", "higher", "lower")
    return sheet


def _trust(run: Run, order: list[str], month: str) -> np.ndarray:
    """Mean trust at the start of a month, rows and columns in order; nothing on the diagonal."""
    ledger = run.ledger()
    codes = [str(code) for code in ledger.states]
    pick = np.array([codes.index(code) for code in order])
    bounds = run.times("cooperation") if "cooperation" in run.measures() else []
    at = bounds.index(month) if month in bounds else -1
    return np.where(np.eye(len(pick), dtype=bool), np.nan, np.asarray(ledger.trust[at], float)[np.ix_(pick, pick)])


def _agreement(c: Comparison, order: list[str]) -> np.ndarray | None:
    """Share of pairs in which trust is higher in the first run, one half where nobody knows; None without pairs."""
    if not c.paired or c.replicates < ENOUGH:
        return None
    every = [run.trust_at(c.months[-1], order) for run in (c.a, c.b)]
    if all(trust is not None for trust in every):
        return _rising(every[0][: c.replicates] - every[1][: c.replicates])
    shares = np.full((len(order), len(order)), 0.5)
    for d in c.differences:
        if d.measure == "trust" and ">" in d.subject:
            i, j = d.subject.split(">")
            if i in order and j in order:
                shares[order.index(i), order.index(j)] = _side(float(d.above[-1]), float(d.below[-1]))
    return shares


def _rising(d: np.ndarray) -> np.ndarray:
    above, below = (d > 0).mean(axis=0), (d < 0).mean(axis=0)
    return np.where(above >= matrix.AGREE, above, np.where(below >= matrix.AGREE, 1 - below, 0.5))


def _side(above: float, below: float) -> float:
    """A share that says both: pairs that are exactly the same agree with neither sign."""
    return above if above >= matrix.AGREE else 1 - below if below >= matrix.AGREE else 0.5


def _explain(c: Comparison, order: list[str], changes: list[np.ndarray], kept: np.ndarray | None) -> str:
    """How to read it, the largest differences, and what the triangles cover."""
    words = "Mean over replicates; the row trusts the column; ordered by bloc at the end. "
    if len(changes) == 1:
        parts = []
        for name, at in (("higher", np.nanargmax(changes[0])), ("lower", np.nanargmin(changes[0]))):
            i, j = np.unravel_index(at, changes[0].shape)
            value = changes[0][i, j]
            if (value > 0) == (name == "higher") and abs(value) > SMALLEST:
                parts.append(f"most {name}: {order[i]} in {order[j]} {text.number(value, 3, signed=True)}")
        said = "; ".join(parts)
        words += f"{capital(said)}. " if parts else "No dyad differs by more than 0.0005. "
    if kept is None:
        return words
    saved = all(run.has("trajectory.nc") for run in (c.a, c.b))
    watched = sum(d.measure == "trust" for d in c.differences)
    return words + (
        ""
        if saved
        else f"Triangles for the {watched} watched dyads only: of the others the runs kept means (save=dyads keeps all)."
    )
