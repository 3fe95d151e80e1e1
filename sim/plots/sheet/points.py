"""What the pictures of sweeps share: axes with their values, outcomes in words, marks of even odds, footers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.plots import PictureError
from sim.plots.sheet import palette, text
from sim.plots.time import fan
from sim.questions.compare.answer import phrase
from sim.sweep.answer import a_run
from sim.sweep.odds import contrast, unit
from sim.wording import capital

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.results import Run
    from sim.sweep.folder import Sweep

ALTERNATIVE, REFERENCE = palette.RUN, palette.SECOND


@dataclass(frozen=True)
class Scale:
    """An axis of a sweep as a picture shows it: its values in their order, where they stand, and their words.

    ``places`` are the values themselves where they are numbers, else 0, 1, 2 ...; ``standing`` is the place of the
    scenario's own value, None where the sweep does not tell."""

    key: str
    values: list[Any]
    places: np.ndarray
    words: list[str]
    numeric: bool
    standing: float | None

    @property
    def title(self) -> str:
        """What it is, with its unit."""
        name = self.key.removeprefix("parameters.").removeprefix("scenario.")
        return f"{name} ({unit(self.key)})" if unit(self.key) else name

    def place(self, value: Any) -> float:
        """Where a value stands."""
        return float(value) if self.numeric else float(self.values.index(value))


def varied(sweep: Sweep) -> list[str]:
    """The axes that a picture has to show: all but the scenario where two are compared."""
    compared = contrast(sweep) is not None
    return [key for key in sweep.axes if not (compared and key == "scenario")]


def scale(sweep: Sweep, key: str) -> Scale:
    """An axis, from the table."""
    column = sweep.table()[key]
    values = [None if value is None or value != value else value for value in dict.fromkeys(column.tolist())]
    numeric = all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values)
    if numeric:
        values = sorted(values)
    places = np.array(values, float) if numeric else np.arange(len(values), dtype=float)
    words = [f"{value:g}" if numeric else "none" if value is None else str(value) for value in values]
    own = next((axis.get("standing") for axis in sweep.manifest["axes"] if axis["key"] == key), None)
    standing = None
    if own is not None:
        standing = float(own) if numeric and isinstance(own, (int, float)) else None
        standing = float(values.index(own)) if not numeric and own in values else standing
    return Scale(key, values, places, words, numeric, standing)


def listed(sweep: Sweep) -> bool:
    """Whether the sweep is a grid, whose points a picture can lay out."""
    return sweep.manifest["design"] in ("grid", "zip") and all("values" in axis for axis in sweep.manifest["axes"])


def chosen(sweep: Sweep, subjects: Sequence[str] | None, most: int) -> list[str]:
    """The outcomes to show.

    Raises:
        PictureError: the sweep has no such outcome.
    """
    known = sweep.outcomes()
    unknown = [name for name in subjects or () if name not in known]
    if unknown:
        raise PictureError(f"no outcome {', '.join(unknown)} in this sweep; there are: {', '.join(known)}")
    return list(subjects or known)[:most]


def outcome_words(run: Run, outcome: str) -> str:
    """An outcome inside a sentence: `cooperation of the eight`."""
    return phrase(run, *outcome.split(":", 1))


def title_of(run: Run, outcome: str) -> str:
    """An outcome as a heading; an actor by its code, since its name may be a line long."""
    words = outcome_words(run, outcome)
    subject = outcome.partition(":")[2]
    return capital(words.replace(run.name.one(subject), subject) if len(words) > 40 else words)


def ticks(axes: Axes, one: Scale, inches: float, size: float = 7.5) -> None:
    """Values below an axis, as many as there is room for."""
    wide = max(text.width(word, size) for word in one.words) + 0.12
    low, high = axes.get_xlim()
    kept, last = [], -np.inf
    for k, place in enumerate(one.places):
        at = (place - low) / (high - low) * inches
        if at - last >= wide:
            kept.append(k)
            last = at
    axes.set_xticks(one.places[kept], labels=[one.words[k] for k in kept])
    axes.tick_params(axis="x", labelsize=size)


def reach(one: Scale) -> tuple[float, float]:
    """Limits around the places of an axis."""
    low, high = float(one.places.min()), float(one.places.max())
    air = 0.04 * (high - low) if high > low else 0.5
    return low - air, high + air


def value_rules(axes: Axes, low: float, high: float, steps: float = 4.5) -> None:
    """Horizontal rules at round numbers over a range with some air."""
    air = 0.08 * (high - low) if high > low else 0.05 * abs(high) or 0.05
    low, high = low - air, high + air
    places, digits = fan.round_numbers(low, high, steps)
    axes.set_ylim(low, high)
    axes.set_yticks(places, labels=[text.number(place, digits) for place in places])
    axes.tick_params(axis="y", labelsize=7.5)
    axes.grid(axis="y", color=palette.RULE, linewidth=0.6)
    axes.set_axisbelow(True)


def footer(sweep: Sweep) -> str:
    """Sweep, rows, replicates, and what the marks are."""
    run = a_run(sweep)
    about = sweep.manifest
    many = f" · {run.manifest['replicates']:,} replicates a run, seed {run.manifest['seed']}" if run else ""
    rows = f"{about['counts'].get('done', 0):,} of {about['jobs']:,} rows finished"
    return f"Sweep {sweep.path.name} · design {about['design']} · {rows}{many} · Everything shown is model output."


def odds_words(sweep: Sweep, run: Run, outcome: str) -> str:
    """What the share is of."""
    pair, what = contrast(sweep), outcome_words(run, outcome)
    if pair:
        return f"Share of replicates in which {what} is higher in {pair[0]} than in {pair[1]}, with the same luck"
    return f"Share of replicates in which {what} ends higher than it began"
