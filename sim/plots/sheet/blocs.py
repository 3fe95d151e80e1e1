"""What the pictures of bloc alignment share: who leans where, which side replicates have chosen, colours and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.plots.sheet import palette, text

if TYPE_CHECKING:
    from sim.results import Run

AGREE = 0.7
"""Below this share of replicates that agree on the bloc, a state is hatched."""
COLOURS = {1: palette.EAST, 0: palette.SECOND, 2: palette.WEST}
"""Of lines, by bloc number; the pale yellow of the non-aligned would be lost on paper."""
INKS = {1: "#a84a00", 0: palette.INK, 2: "#00598b"}
"""Of words, darker than the blocs' own colours."""


def missing(run: Run) -> str | None:
    """Why a run has no picture of alignment, or None."""
    if {"alignment", "bloc"} - set(run.measures()):
        return "it has no alignment or bloc series"
    if not any(np.isfinite(run.series("alignment", s)[1]).any() for s in run.subjects("alignment")[:3]):
        return "alignment is undefined: the scenario names no core on one side"
    return None


def read(run: Run, states: list[str]) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Bounds (T,), median alignment (n, T), share of replicates in each bloc (n, T, 3)."""
    chosen, times = [], []
    for state in states:  # one measure after the other: a reader holds one in memory
        times, sides = run.series("bloc", state)
        chosen.append(np.stack([(sides == k).mean(axis=0) for k in range(3)], axis=1))
    lean = [np.median(run.series("alignment", state)[1], axis=0) for state in states]
    return times, np.array(lean), np.array(chosen)


def most_frequent(sides: np.ndarray) -> tuple[int, float]:
    """The number of the bloc that most of the replicates (R,) have chosen, and their share."""
    shares = [(sides == k).mean() for k in range(3)]
    side = int(np.argmax(shares))
    return side, float(shares[side])


def liveliest(values: Mapping[str, np.ndarray], most: int) -> list[str]:
    """At most so many states, those whose alignment (R, T) moves or spreads most, in the order given."""
    if len(values) <= most:
        return list(values)
    extent = {state: float(np.ptp(np.nan_to_num(np.quantile(v, [0.05, 0.95], axis=0)))) for state, v in values.items()}
    kept = set(sorted(values, key=lambda state: -extent[state])[:most])
    return [state for state in values if state in kept]


def reach(lean: np.ndarray) -> float:
    """The round end of a scale of alignment that holds all of it."""
    most = np.nanmax(np.abs(lean), initial=0)
    return next((r for r in (0.25, 0.5, 0.75) if most <= r), 1.0)


def scale_ends(reach: float, run: Run) -> list[tuple[float, str]]:
    """The ends of the scale and its middle, in words."""
    return [(reach, run.sides.east), (0.0, "0"), (-reach, run.sides.west)]


def ends(run: Run, reach: float) -> tuple[str, str]:
    """What stands beside a colour scale of alignment, at its low and at its high end."""
    return f"{run.sides.west} {text.number(-reach, 2)}", f"{run.sides.east} {text.number(reach, 2, signed=True)}"


def letters(codes: Sequence[str], sides: np.ndarray, run: Run) -> dict[str, str]:
    """The label of each state on a map: its code and the letter of its bloc (n,)."""
    return {code: f"{code} {run.sides.letters[int(side)]}" for code, side in zip(codes, sides, strict=True)}


def sides(run: Run) -> str:
    """Whose sides the two are: a sentence."""
    cores, sides = run.manifest.get("cores") or {}, run.sides
    first, second = (", ".join(cores.get(name) or ()) or "none" for name in (sides.first, sides.second))
    return f"{sides.east} and {sides.west} are the sides of {first} and of {second}. "
