"""The record and what came after it: pairs of states with events in the first years and in later ones.

Residuals are trust by the record less trust by the structure, both on the scale of :mod:`sim.data.grounds`, with the
structure fitted on the first years.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.data import features as f
from sim.data.grounds import LEAST_EVENTS, MEAN, SPREAD, WEIGHT, YEARS, as_trust, tone_of, weighted_line
from sim.data.panel import Panel


@dataclass(frozen=True)
class Relations:
    """Directed pairs ``i``, ``j`` (places in the panel) with ten events or more in the first years.

    ``structure`` is trust by the regression, ``residual`` that of the record above it, ``events`` their number, (pairs,);
    ``level`` and ``spread`` the mean and standard deviation of the tone that trust stands for; ``rows`` the columns of the
    regression with a constant first, ``weights`` and ``left`` its weights and residuals (tone). Of each later year ``later``
    has the number of events, ``came`` the residual and ``onsets`` whether a dispute began, (years, pairs).
    """

    i: np.ndarray
    j: np.ndarray
    structure: np.ndarray
    residual: np.ndarray
    events: np.ndarray
    level: float
    spread: float
    rows: np.ndarray
    weights: np.ndarray
    left: np.ndarray
    coefficients: np.ndarray
    later: np.ndarray
    came: np.ndarray
    onsets: np.ndarray
    first: int
    """The last of the first years."""

    def trust(self, tone: np.ndarray) -> np.ndarray:
        """Tone as trust."""
        return as_trust(tone, self.level, self.spread)

    def chance(self, trust: np.ndarray, more: np.ndarray | float = 0.0) -> np.ndarray:
        """The chance that an event is cooperative, by trust, with more added to the tone."""
        return 1 / (1 + np.exp(-(self.level + self.spread * (trust - MEAN) / SPREAD + more)))


def relations(panel: Panel, start: int | None = None) -> Relations | None:
    """The relations of a panel, or None where it has too few events.

    Args:
        panel: cut at the last year that may be known.
        start: the last of the years that make the record; None for the third year of the events.
    """
    last = min(panel.until, panel.last["cooperative"])
    start = panel.first["cooperative"] + YEARS - 1 if start is None else start
    if not panel.counted.any() or last < start:
        return None
    table = f.features(panel, start, panel.there(start), directed=True)
    i, j = table["i"].to_numpy(), table["j"].to_numpy()

    def events(first: int, end: int) -> tuple[np.ndarray, np.ndarray]:
        both = [
            sum(panel.at(name, year)[i, j].astype(float) for year in range(first, end + 1))
            for name in ("cooperative", "conflictual")
        ]
        return tone_of(*both), both[0] + both[1]

    tone, count = events(start - YEARS + 1, start)
    known = (count >= LEAST_EVENTS) & table["counted"].to_numpy()
    if known.sum() <= len(f.STRUCTURE) + 1:
        return None
    y, weights = tone[known], (count / (count + WEIGHT))[known]
    x = table.loc[known, list(f.STRUCTURE)].to_numpy(float)
    coefficients = weighted_line(x, y, weights)
    rows = np.column_stack([np.ones(len(x)), x])
    expected = rows @ coefficients
    level, spread = float(y.mean()), float(y.std())

    def trust(tone: np.ndarray) -> np.ndarray:
        return as_trust(tone, level, spread)

    years = [events(year, year) for year in range(start + 1, last + 1)]
    return Relations(
        i[known],
        j[known],
        trust(expected),
        trust(y) - trust(expected),
        count[known],
        level,
        spread,
        rows,
        weights,
        y - expected,
        coefficients,
        _rows([number[known] for _, number in years], y),
        _rows([trust(tone[known]) - trust(expected) for tone, _ in years], y),
        _rows([_began(panel, year)[i[known], j[known]] for year in range(start + 1, last + 1)], y),
        start,
    )


def _rows(years: list[np.ndarray], like: np.ndarray) -> np.ndarray:
    return np.array(years).reshape(len(years), len(like))


def _began(panel: Panel, year: int) -> np.ndarray:
    """Whether a dispute began in a year, (n, n); nowhere after the data on disputes end."""
    onsets = panel.at("onset", year) > 0
    return onsets if year <= panel.last["onset"] else np.zeros_like(onsets)
