"""Of what was forecast with 10 %, did 10 % come? Reliability of probabilities: one panel for each group of forecasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from sim.plots import FORMATS
from sim.plots.sheet import palette
from sim.plots.sheet.sheet import MARGIN, Sheet

WIDE, PANEL, HEAD, GAP = 9.0, 3.55, 0.3, 0.75
COLOURS = (palette.RUN, palette.EAST, palette.WEST)
MARKS = ("o", "s", "D")
TICKS = (1e-4, 1e-3, 1e-2, 1e-1, 1)
FLOOR = 3e-5
"""Where a share of none is drawn, since the axis is logarithmic."""


@dataclass(frozen=True)
class Curve:
    """One forecaster: what it said on average in each bin, the share that came, its 90 % interval, and how many pairs."""

    name: str
    said: Sequence[float]
    came: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    pairs: Sequence[int]


def draw(
    panels: Sequence[tuple[str, Sequence[Curve]]], out: Path, *, title: str, explain: str, footer: str, format: str = "png"
) -> list[Path]:
    """Draw panels side by side into ``out`` (without ending); the files written."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with palette.drawing():
        return figure(panels, title=title, explain=explain, footer=footer).save(out, FORMATS[format])


def figure(panels: Sequence[tuple[str, Sequence[Curve]]], *, title: str, explain: str, footer: str) -> Sheet:
    """The picture."""
    wide = (WIDE - 2 * MARGIN - GAP * len(panels)) / max(len(panels), 1)
    sheet = Sheet(WIDE, HEAD + PANEL + 0.5, title=title, explain=explain, footer=footer)
    for k, (name, curves) in enumerate(panels):
        left = MARGIN + GAP + k * (wide + GAP) - 0.15
        sheet.write(left, HEAD - 0.14, name, size=9, weight="bold")
        axes = sheet.panel(left, HEAD, wide, PANEL)
        axes.set(xscale="log", yscale="log", xlim=(FLOOR, 1.3), ylim=(FLOOR * 0.7, 1.3))
        axes.plot([FLOOR, 1], [FLOOR, 1], color=palette.QUIET, linewidth=0.8, linestyle=(0, (4, 3)))
        axes.grid(color=palette.RULE, linewidth=0.5)
        axes.set_axisbelow(True)
        for curve, colour, mark in zip(curves, COLOURS, MARKS):
            some = [k for k, share in enumerate(curve.came) if share > 0]
            none = [said for said, share in zip(curve.said, curve.came) if share <= 0]
            low = [curve.came[k] - max(curve.low[k], FLOOR * 0.7) for k in some]
            high = [curve.high[k] - curve.came[k] for k in some]
            look = {"color": colour, "marker": mark, "markersize": 4.5}
            axes.errorbar(
                [curve.said[k] for k in some],
                [curve.came[k] for k in some],
                yerr=[low, high],
                linewidth=1.2,
                elinewidth=0.8,
                label=curve.name,
                **look,
            )
            axes.plot(none, [FLOOR] * len(none), linestyle="none", markerfacecolor="white", clip_on=False, **look)
        axes.set_xlabel("forecast probability", fontsize=8, labelpad=2)
        if k == 0:
            axes.set_ylabel("share that came", fontsize=8, labelpad=2)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(FixedLocator(TICKS))
            axis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:g} %"))
            axis.set_minor_locator(NullLocator())
        axes.tick_params(labelsize=7.5)
        axes.legend(loc="upper left", fontsize=7.5, frameon=False)
    return sheet
