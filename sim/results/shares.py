"""How much of the spread between replicates goes with the parameters that differ between them, and how much with chance.

By the law of total variance, with a linear regression of a series on the drawn parameters: its adjusted R2 is the share of
the parameters, the rest that of chance and of what is not linear. The interval is approximate: normal, with the standard
error of R2 by Olkin and Finn (1995) and, where R2 is near 0, that of no relation.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from sim.draws import Draws
from sim.scenario.calibration import BOTH, Table, table_of

SIDE = 1.645
"""Standard errors on each side of a 90 % interval."""
ENOUGH = 5
"""Replicates for each parameter, at least: with fewer nothing is said."""


class Share(NamedTuple):
    """The share of the variance that goes with the parameters, with its 90 % interval; 0 to 1."""

    share: float
    low: float
    high: float

    def said(self) -> str:
        """`12 % [4, 20]`."""
        return f"{100 * self.share:.0f} % [{100 * self.low:.0f}, {100 * self.high:.0f}]"


def drawn(table: Table, seed: int, replicates: int) -> np.ndarray:
    """The estimated parameters of each replicate, shape (R, keys)."""
    own = table.without(set(table.keys) - set(table.estimated))
    return own.draws[table.rows_of(Draws(seed, range(replicates), {}))]


def share_of(values: np.ndarray, parameters: np.ndarray) -> Share | None:
    """The share of the variance of some values (R,) that goes with parameters (R, keys); None where nothing can be said.

    Args:
        values: one a replicate; those that are not finite are left out.
        parameters: of the same replicates.
    """
    known = np.isfinite(values)
    y, x = values[known], parameters[known]
    x = x[:, np.ptp(x, axis=0) > 0] if len(x) else x
    n, p = x.shape
    if p == 0 or n < ENOUGH * (p + 1) or np.ptp(y) == 0:
        return None
    design = np.column_stack([np.ones(n), (x - x.mean(0)) / x.std(0)])
    left = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    raw = 1 - float(left @ left) / float(((y - y.mean()) ** 2).sum())
    share = min(max(1 - (1 - raw) * (n - 1) / (n - p - 1), 0.0), 1.0)
    error = math.sqrt(4 * share * (1 - share) ** 2 * (n - p - 1) ** 2 / ((n * n - 1) * (n + 3)) + 2 * p / n**2)
    return Share(share, max(share - SIDE * error, 0.0), min(share + SIDE * error, 1.0))


def table_behind(manifest: Mapping[str, Any]) -> Table | None:
    """The table that a run took its parameters from, if they differ between its replicates beside chance and if that table
    is the one that ships now; else None."""
    about = manifest.get("uncertainty")
    if not isinstance(about, Mapping) or about.get("kind") != BOTH:
        return None
    rules, keys = about.get("rules"), about.get("parameters")
    table = table_of(rules) if isinstance(rules, str) else None
    if table is None or not isinstance(keys, list) or not set(map(str, keys)) <= set(table.keys):
        return None
    table = table.without(set(table.keys) - set(keys))
    return table if table.digest == about.get("digest") else None
