"""A landscape of alignments: a valley for each local minimum, and who stands where at its bottom.

It is drawn from numbers that `sim landscape` works out anew from its two input files, not from the folder of a run;
hence it is a part, and not one of the pictures that `sim plot` finds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.plots.sheet import palette, text
from sim.plots.sheet.sheet import MARGIN, Sheet
from sim.plots.time import fan

WIDE, LEFT, HIGH = 10.0, 1.0, 3.1
NAME, ROW, CELL = 8.0, 0.26, 0.3
POINTS = 400
GREY = 0.12
"""Share of the width, at most, for the minima that are not drawn one by one."""


@dataclass(frozen=True)
class Valley:
    """One local minimum: sorted energies of the configurations that lead to it, their share, the sides there."""

    energies: np.ndarray
    share: float
    sides: np.ndarray


def figure(actors: Sequence[str], sizes: np.ndarray, valleys: Sequence[Valley], *, minima: int, inputs: str) -> Sheet:
    """The picture.

    valleys: from the lowest energy to the highest; those that there is room for.
    minima: how many local minima there are.
    inputs: what the landscape was made from, for the footer.
    """
    order = np.lexsort((-np.asarray(sizes), valleys[0].sides))
    names = [text.shorten(text.clean(actors[k]), 1.25, NAME) for k in order]
    tall = max(text.width(name, NAME) for name in names)
    table = HIGH + 0.55 + tall
    count = f"{2 ** (len(actors) - 1):,}"
    title = f"Landscape of {len(actors)} actors: " + ("1 local minimum" if minima == 1 else f"{minima:,} local minima")
    explain = (
        f"Each valley holds the configurations, of {count}, that roll down to one local minimum: its width is their "
        "share, its slope their energies, lowest in the middle. Lower is more stable. Where valleys meet is no pass."
    )
    notes = [
        "Sides 1 and 2 are names only: side 1 is the first actor's. "
        "Actors in the order of the lowest minimum's sides, then of size."
    ]
    if minima > len(valleys):
        rest = text.percent(1.0 - sum(valley.share for valley in valleys))
        notes.append(f"Grey: {minima - len(valleys):,} more, none with a lower energy; {rest} of configurations lead there.")
    footer = f"{inputs} · Landscape theory, Axelrod and Bennett 1993."
    body = table + ROW * len(valleys) + 0.05
    sheet = Sheet(WIDE, body, title=title, explain=explain, notes=notes, footer=footer)
    _valleys(sheet, valleys)
    _sides(sheet, valleys, names, order, table)
    return sheet


def _valleys(sheet: Sheet, valleys: Sequence[Valley]) -> None:
    """The valleys side by side, numbered at their bottoms."""
    wide = WIDE - LEFT - MARGIN
    low, high = float(valleys[0].energies[0]), float(max(valley.energies[-1] for valley in valleys))
    most = max(abs(low), abs(high))
    power = 0 if most == 0 or 0.01 <= most < 1e7 else math.floor(math.log10(most))
    low, high = low / 10.0**power, high / 10.0**power
    air = 0.1 * (high - low) or 1.0
    axes = sheet.panel(LEFT, 0.05, wide, HIGH)
    fan.rules(axes, (low - air, high + 0.3 * air))
    axes.set_xlim(0, 1)
    axes.set_xticks([])
    sheet.write(MARGIN, -0.04, f"Energy, in 1e{power}" if power else "Energy", size=8, color=palette.QUIET)
    drawn = sum(valley.share for valley in valleys)
    scale = max(1.0, (1.0 - GREY) / drawn)
    edge, middles = 0.0, []
    for valley in valleys:
        share = scale * valley.share
        middle = edge + share / 2
        # From the lowest in the middle to the highest at both ends; steps where there are few configurations.
        reach, count = np.linspace(0, 1, POINTS), len(valley.energies)
        height = valley.energies[np.minimum((reach * count).astype(int), count - 1)] / 10.0**power
        reach = reach * share / 2
        xs, ys = np.concatenate([middle - reach[::-1], middle + reach]), np.concatenate([height[::-1], height])
        axes.fill_between(xs, ys, low - air, color=palette.tint(palette.RUN, 0.22), linewidth=0)
        axes.plot(xs, ys, color=palette.RUN, linewidth=1.3, solid_joinstyle="round")
        middles.append(LEFT + wide * middle)
        edge += share
        if edge < 1 - 1e-9:
            axes.axvline(edge, color=palette.PAPER, linewidth=1.6)
    if edge < 1 - 1e-9:
        axes.axvspan(edge, 1, color=palette.EMPTY, linewidth=0)
    places = text.apart(middles, 0.2, LEFT + 0.1, WIDE - MARGIN - 0.1)
    for k, (middle, place) in enumerate(zip(middles, places, strict=True)):
        foot = 0.05 + HIGH
        sheet.line([middle, place], [foot + 0.02, foot + 0.1], color=palette.QUIET, linewidth=0.7)
        sheet.write(place, foot + 0.19, str(k + 1), size=8.5, weight="bold", ha="center")


def _sides(sheet: Sheet, valleys: Sequence[Valley], names: Sequence[str], order: np.ndarray, top: float) -> None:
    """A row for each minimum: energy, share, and the side of every actor."""
    start = MARGIN + 2.3
    step = min(CELL + 0.12, (WIDE - MARGIN - start) / len(names))
    for column, name in enumerate(names):
        sheet.write(start + step * (column + 0.5), top - 0.06, name, size=NAME, rotation=90, ha="center", va="bottom")
    for words, right in (("Minimum", MARGIN + 0.55), ("energy", MARGIN + 1.4), ("lead here", MARGIN + 2.15)):
        sheet.write(right, top - 0.1, words, size=8, color=palette.QUIET, ha="right")
    for k, valley in enumerate(valleys):
        y = top + ROW * (k + 0.5)
        sheet.write(MARGIN + 0.55, y, str(k + 1), size=8.5, weight="bold", ha="right")
        sheet.write(MARGIN + 1.4, y, energy(valley.energies[0]), size=8.5, ha="right")
        sheet.write(MARGIN + 2.15, y, text.percent(valley.share), size=8.5, ha="right")
        for column, actor in enumerate(order):
            first = valley.sides[actor] == 1
            left, x = start + step * column, start + step * (column + 0.5)
            xs, ys = (left + 0.015, left + step - 0.015), (y - ROW / 2 + 0.015, y + ROW / 2 - 0.015)
            fill = palette.tint(palette.RUN, 0.85) if first else palette.EMPTY
            sheet.over.fill([*xs, *xs[::-1]], [ys[0]] * 2 + [ys[1]] * 2, color=fill, linewidth=0)
            sheet.write(x, y, "1" if first else "2", size=8, ha="center", color=palette.PAPER if first else palette.INK)


def energy(value: float) -> str:
    """Six digits, a true minus sign, none on zero."""
    words = f"{value + 0.0:.6g}"
    words = f"{value:.3e}" if "e" in words else words
    return words.replace("-", text.MINUS)
