"""Numbers of the model that its defaults estimate from data of up to 2013, estimated again from what an origin knows.

Crisis: the share of dyad-years with an onset among rivals, other land neighbours and the rest. Affinity: the yearly
first-order regression of ideal points; its spread moves the default noise in proportion. Ties: the log-odds of a new pact on
a land border, distance in votes and shared foes; ``constant`` and ``keep``, which were fitted to the yearly rates of
formation (.0022) and dissolution (.0026), are moved by the log of the rates up to the origin over those. All over the last
24 years. The numbers that are assumed stay: they were chosen by hand in 2026, and nothing here can undo that.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from sim.data.features import features
from sim.data.panel import FIRST, Panel
from sim.mechanisms import affinity, ties

WINDOW = 24
FORMATION, DISSOLUTION = 0.0022, 0.0026
"""Yearly rates to which the defaults of the ties were fitted."""
SPREAD = 0.0565
"""Spread around the yearly regression of ideal points of 1990-2013, over the root of 12: that of the default noise."""
PACT_TERMS = ("land", "apart", "shared_foes", "shared_allies", "dispute_5", "soft", "rivalry", "larger", "smaller")


def estimated(panel: Panel) -> dict[str, dict[str, float]]:
    """Parameters by mechanism, from the years up to the panel's last."""
    return {"crisis": _crisis(panel), "affinity": _affinity(panel), "ties": _ties(panel)}


def _years(panel: Panel, last: int) -> range:
    return range(max(FIRST + 1, last - WINDOW + 1), last + 1)


def _pairs(panel: Panel, year: int) -> tuple[np.ndarray, np.ndarray]:
    there = panel.there(year)
    first, second = np.triu_indices(len(there), 1)
    return there[first], there[second]


def monthly(yearly: float) -> float:
    """The chance a month that gives a chance a year."""
    return 1 - (1 - yearly) ** (1 / 12)


def _crisis(panel: Panel) -> dict[str, float]:
    came, all_of = np.zeros(3), np.zeros(3)
    for year in _years(panel, panel.last["onset"]):
        i, j = _pairs(panel, year - 1)
        rival, land = panel.at("rivalry", year)[i, j] > 0, panel.at("land", year)[i, j] > 0
        kind = np.where(rival, 0, np.where(land, 1, 2))
        all_of += np.bincount(kind, minlength=3)
        came += np.bincount(kind, weights=panel.at("onset", year)[i, j] > 0, minlength=3)
    return {name: monthly(float(rate)) for name, rate in zip(("rival", "land", "other"), came / np.maximum(all_of, 1))}


def _affinity(panel: Panel) -> dict[str, float]:
    points = panel.states["ideal"]
    before, after = (
        np.concatenate([points[year - back - FIRST] for year in _years(panel, panel.last["ideal"])]) for back in (1, 0)
    )
    known = ~np.isnan(before + after)
    before, after = before[known], after[known]
    slope = float(np.cov(before, after)[0, 1] / before.var(ddof=1))
    rest = after - after.mean() - slope * (before - before.mean())
    return {
        "rate": min(max((1 - slope) / 12, 0.0), 1.0),
        "noise": float(affinity.Parameters().noise * rest.std() / math.sqrt(12) / SPREAD),
    }


def _ties(panel: Panel) -> dict[str, float]:
    from sklearn.linear_model import LogisticRegression

    rows, made, could, ended, had = [], 0.0, 0.0, 0.0, 0.0
    for year in _years(panel, panel.last["defence"]):
        table = features(panel, year - 1, panel.there(year - 1))
        pact, now = table["defence"] > 0, panel.at("defence", year)[table["i"], table["j"]] > 0
        made, could = made + float((now & ~pact).sum()), could + float((~pact).sum())
        ended, had = ended + float((~now & pact).sum()), had + float(pact.sum())
        rows.append(table.loc[~pact, list(PACT_TERMS)].assign(y=now[~pact]))
    table = pd.concat(rows)
    if table["y"].sum() < 20:
        return {}
    x = table[list(PACT_TERMS)].to_numpy(float)
    spread = x.std(axis=0) + 1e-9
    fitted = LogisticRegression(C=100, solver="newton-cholesky", max_iter=80).fit((x - x.mean(0)) / spread, table["y"])
    coefficient = dict(zip(PACT_TERMS, fitted.coef_[0] / spread))
    forming, ending = math.log(made / could / FORMATION), math.log(max(ended, 1) / had / DISSOLUTION)
    usual = ties.Parameters()
    return {
        "land": float(coefficient["land"]),
        "distance": float(coefficient["apart"]),
        "enemies": float(coefficient["shared_foes"]),
        "constant": usual.constant + forming,
        "keep": usual.keep - forming - ending,
    }
