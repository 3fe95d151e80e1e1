"""What does the change do to trust in the watched dyads?

One panel a dyad, mean of both directions: the shared past once and in grey; then the first run's median with 50 and 90 %
bands, and the second's median dashed with its 90 % limits dotted. Beside each name the median paired difference at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.plots.sheet import captions, palette, text
from sim.plots.sheet.pairs import footer, unmoved
from sim.plots.sheet.sheet import MARGIN, Sheet
from sim.plots.time import fan, spread
from sim.plots.time.panel import Panel
from sim.plots.time.timeline import months_of, timeline
from sim.questions.effect import FEW

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.questions.compare import Comparison

WIDE, LEFT, HIGH, HEAD, GAP = 10.0, 0.42, 1.7, 0.3, 0.25
MOST = 12
Dyad = tuple[str, str]


def missing(comparisons: list[Comparison]) -> str | None:
    """Why there is no such picture, or None."""
    if all(c.same for c in comparisons):
        return "the runs are the same: every difference is exactly 0"
    if not all(map(_dyads, comparisons)):
        return "there are no dyads that both scenarios watch"
    return unmoved(comparisons, "trust")


def _dyads(c: Comparison) -> list[Dyad]:
    """Watched dyads that both runs have, in the first scenario's order."""
    have = {d.subject for d in c.differences if d.measure == "trust"}
    watched = [tuple(p.split("-") if isinstance(p, str) else p) for p in c.a.manifest.get("watch") or ()]
    return [(a, b) for a, b in watched if {f"{a}>{b}", f"{b}>{a}"} <= have]


def figure(comparisons: list[Comparison], subjects: Sequence[str] | None = None) -> Sheet:
    """The picture of the first comparison, of `subjects` ("CHN-RUS") or of the first twelve watched dyads."""
    c = next(c for c in comparisons if _dyads(c) and not unmoved([c], "trust"))
    pairs = captions.chosen_dyads(_dyads(c), subjects, "both runs", MOST)
    series = {pair: _both_ways(c, pair) for pair in pairs}
    columns = min(3, len(pairs))
    step = (WIDE - 2 * MARGIN - LEFT + GAP) / columns
    high = HIGH if len(pairs) > columns else 2.6
    bounds = fan.limits([v for a_b in series.values() for v in a_b], least=0.2, low=-1.0, high=1.0)
    rows = -(-len(pairs) // columns)
    sheet = Sheet(
        WIDE,
        rows * (high + HEAD + 0.28),
        title=f"Trust in the watched dyads: {c.name_a} and {c.name_b}",
        explain=_explain(c),
        footer=footer([c]),
    )
    times = c.values("trust", f"{pairs[0][0]}>{pairs[0][1]}")[0]
    names = captions.names(c.a, "states")
    for k, pair in enumerate(pairs):
        row, column = divmod(k, columns)
        axis = timeline(times, MARGIN + LEFT + column * step, step - GAP)
        top = row * (high + HEAD + 0.28) + HEAD
        panel = Panel(axis, top - 0.14, top, high, bounds, k + columns >= len(pairs))
        axes = panel.open(sheet)
        if column:
            axes.set_yticklabels([])
        said = _draw(axes, months_of(times), c, *series[pair])
        room = axis.wide - text.width(said, 8, True) - 0.1
        name = text.shorten(" and ".join(names.get(code, code) for code in pair), room, 9, True)
        sheet.write(axis.left, panel.head, name, size=9, weight="bold")
        same = said == SAME
        sheet.write(
            axis.left + axis.wide,
            panel.head,
            said,
            size=8,
            ha="right",
            weight="normal" if same else "bold",
            color=palette.QUIET if same else palette.RUN,
        )
    return sheet


SAME = "no difference"


def _both_ways(c: Comparison, pair: Dyad) -> tuple[np.ndarray, np.ndarray]:
    """Trust in both runs (R, T), mean of both directions."""
    (_, a, b), (_, c_, d) = (c.values("trust", f"{i}>{j}") for i, j in (pair, pair[::-1]))
    return (a + c_) / 2, (b + d) / 2


def _draw(axes: Axes, months: np.ndarray, c: Comparison, a: np.ndarray, b: np.ndarray) -> str:
    """One dyad; returns what is said beside its name."""
    differs = (a != b).any(axis=0) if c.paired else np.ones(len(months), bool)
    part = int(differs.argmax()) if differs.any() else len(months)
    if part > 0:
        fan.draw(axes, months[: part + 1], a[:, : part + 1], palette.PAST)
    if part == len(months):
        return SAME
    rest = slice(max(part - 1, 0), None)
    fan.draw(axes, months[rest], a[:, rest])
    if len(b) >= FEW:
        limits = spread.quantiles(b[:, rest], [0.05, 0.95])
        axes.plot(months[rest], limits.T, color=palette.SECOND, linewidth=0.9, linestyle=(0, (1, 1.5)))
    middle = spread.quantiles(b[:, rest], [0.5])[0]
    axes.plot(months[rest], middle, color=palette.SECOND, linewidth=1.6, linestyle=(0, (4, 1.8)))
    if not c.paired:
        return f"medians {text.number(float(np.median(a[:, -1]) - np.median(b[:, -1])), 3, signed=True)}"
    apart = float(np.median(a[:, -1] - b[:, -1]))
    return f"pairs {text.number(apart, 3, signed=True)}" if abs(apart) >= 0.0005 else "pairs <0.001"


def _explain(c: Comparison) -> str:
    """Which run is which."""
    many = c.replicates >= FEW
    words = f"Trust from {text.MINUS}1 to 1, mean of both directions. Purple: {c.name_a}, median"
    words += " with 50 and 90 % of replicates" if many else " and replicates"
    words += f"; dashed: {c.name_b}, median" + (" with dotted 90 % limits" if many else "")
    words += "; grey: what both share. " if c.paired else ". "
    return words + ("Beside each name: median paired difference at the end." if c.paired else "")
