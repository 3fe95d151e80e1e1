"""What the pictures of comparisons share: which series are meant, footers, headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.plots import PictureError
from sim.plots.sheet import text
from sim.results import ResultsError

if TYPE_CHECKING:
    from sim.questions.compare import Comparison, Difference

ENOUGH = 10
"""Agreement between pairs of replicates needs at least so many."""


def series_of(c: Comparison, subject: str) -> Difference:
    """A series named as `trust:RUS>CHN`; without a measure, cooperation.

    Raises:
        PictureError: there is no such series.
    """
    measure, colon, whom = subject.partition(":")
    if not colon:
        measure, whom = ("cooperation", subject) if ">" not in subject else ("trust", subject)
    try:
        return c.of(measure, whom)
    except ResultsError as error:
        raise PictureError(f"{subject}: {error}") from None


def states_of_all(comparisons: Sequence[Comparison]) -> list[str]:
    """The states that all runs have, in the first one's order."""
    runs = [comparisons[0].a, *(c.b for c in comparisons)]
    codes = [[row["code"] for row in run.manifest.get("states") or ()] for run in runs]
    return [code for code in codes[0] if all(code in other for other in codes)]


def unmoved(comparisons: Sequence[Comparison], measure: str) -> str | None:
    """Why there is nothing to show of a measure: it is exactly the same in every pair; else None."""
    moved = any(d.differs.any() for c in comparisons for d in c.differences if d.measure == measure)
    return None if moved else f"{measure} is exactly the same in every pair"


def footer(comparisons: list[Comparison]) -> str:
    """Runs, replicates, seeds, short digests, and what the shading is."""
    runs = {comparisons[0].name_a: comparisons[0].a} | {c.name_b: c.b for c in comparisons}
    named = " · ".join(f"{name} {str(run.manifest['digest'])[:12]}" for name, run in runs.items())
    one = comparisons[0]
    how = f"{one.replicates:,} pairs of replicates" if one.paired else "not paired"
    seed = f" · seed {one.a.manifest['seed']}" if one.paired else ""
    return f"{named} · {how}{seed} · Shading and lines are model output."


def signed(words: str) -> str:
    """With true minus signs before numbers."""
    return re.sub(r"(?<![\w-])-(?=\d)", text.MINUS, words)
