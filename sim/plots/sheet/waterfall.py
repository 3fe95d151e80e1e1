"""Waterfalls side by side: bars that lead, account by account, from nothing to a change, with one list of labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.plots.sheet import palette, text
from sim.plots.sheet.sheet import MARGIN, Sheet

ROW, HEAD, SIZE = 0.25, 0.5, 8.0
GAP, NUMBER, MOST = 0.3, 0.46, 4
RISE, FALL = "#35978f", "#a6611a"


@dataclass(frozen=True)
class Column:
    """One waterfall: what it is of, what is said beside, and its terms in the order of the rows."""

    name: str
    said: str
    terms: np.ndarray


def wide(columns: int) -> float:
    """Inches of the sheet for so many waterfalls."""
    return 10.0 if columns < 3 else 9.0 + columns


def height(rows: int) -> float:
    """Inches of the body that so many accounts need."""
    return HEAD + (rows + 1) * ROW + 0.42


def draw(
    sheet: Sheet, labels: Sequence[str], strong: Sequence[bool], columns: Sequence[Column], total: str, unit: str
) -> None:
    """Draw them over the whole body.

    labels: of the accounts, a row each; `strong` ones are set in bold.
    total: the label of the last row, to which the bars lead.
    unit: what the axis counts.
    """
    room = 2.3 if len(columns) > 2 else 2.8
    for k, (label, bold) in enumerate(zip([*labels, total], [*strong, True], strict=True)):
        y = HEAD + (k + 0.5) * ROW
        words = text.shorten(label, room - 0.1, SIZE, bold)
        sheet.write(MARGIN, y, words, size=SIZE, weight="bold" if bold else "normal")
    top = HEAD + len(labels) * ROW
    sheet.line([MARGIN, sheet.wide - MARGIN], [top, top], color=palette.QUIET, linewidth=0.7)
    step = (sheet.wide - 2 * MARGIN - room) / len(columns)
    ends = [np.concatenate([[0.0], np.cumsum(column.terms)]) for column in columns]
    low, high = min(float(e.min()) for e in ends), max(float(e.max()) for e in ends)
    if high - low < 1e-9:  # nothing moved: an axis that reads as one
        low, high = -0.1, 0.1
    air = 0.04 * (high - low)
    for k, (column, at) in enumerate(zip(columns, ends, strict=True)):
        place = MARGIN + room + k * step + GAP / 2, step - GAP
        _one(sheet, column, at, place, (low - air, high + air), unit)


def _one(
    sheet: Sheet, column: Column, at: np.ndarray, place: tuple[float, float], bounds: tuple[float, float], unit: str
) -> None:
    (left, whole), (low, high), rows = place, bounds, len(column.terms)
    sheet.write(left, 0.08, text.shorten(column.name, whole, 9, True), size=9, weight="bold")
    sheet.write(left, 0.26, text.shorten(column.said, whole, SIZE), size=SIZE, color=palette.QUIET)
    room = whole - NUMBER
    axes = sheet.panel(left, HEAD, room, (rows + 1) * ROW)
    axes.set_xlim(low, high)
    axes.set_ylim(rows + 1, 0)
    axes.set_yticks([])
    axes.locator_params(axis="x", nbins=max(3, int(room / 0.45)))
    axes.set_xlabel(unit, fontsize=7.5, labelpad=2)
    axes.tick_params(axis="x", labelsize=7.5)
    axes.grid(axis="x", color=palette.RULE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.axvline(0, color=palette.INK, linewidth=0.8)
    digits = 3 if high - low > 0.02 else 4
    for k, value in enumerate(column.terms):
        begin, end = at[k], at[k + 1]
        colour = RISE if value >= 0 else FALL
        axes.barh(k + 0.5, end - begin, left=begin, height=0.62, color=colour, linewidth=0, zorder=2)
        axes.plot([end, end], [k + 0.5, k + 1.5], color=palette.QUIET, linewidth=0.6, zorder=1.5)
        _number(sheet, float(value), left + whole, k, digits)
    change = float(at[-1])
    axes.barh(rows + 0.5, change, height=0.62, color=palette.INK, linewidth=0, zorder=2)
    _number(sheet, change, left + whole, rows, digits, bold=True)


def _number(sheet: Sheet, value: float, right: float, row: int, digits: int, bold: bool = False) -> None:
    """The value at the right of its row; `0` only where it is exactly that."""
    words = text.number(value, digits, signed=True) if value else "0"
    weight = "bold" if bold else "normal"
    sheet.write(right, HEAD + (row + 0.5) * ROW, words, size=7.5, weight=weight, ha="right")
