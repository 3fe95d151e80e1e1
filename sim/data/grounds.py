"""What relations stand on: structure, exposure and the hazard of disputes of every pair, by regressions up to a year.

Each is fitted on all states over the years that a panel knows and predicted for every pair of the last year. The numbers
go into the table ``grounds`` of a world; the rules read them there.

Equations: ODD E65 (docs/odd.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.data import features as f
from sim.data.panel import FIRST, Panel
from sim.mechanisms import anchor

YEARS = 3
"""Years of events that make a record."""
LEAST_EVENTS = 10
WEIGHT = 50.0
"""k: events with which the record of a pair weighs as much as its structure."""
MEAN, SPREAD = 0.05, 0.35
"""Mean and standard deviation of trust over all pairs of all states with ten events or more: a definition."""
WINDOW = 24
"""Years over which the yearly logits are fitted."""
BLOCK = 5
"""Pacts that a state makes in a year, from which on they count as an accession."""
EXPOSED = (*f.DIRECTED, "wealth", "defence", "organisations")


@dataclass(frozen=True)
class Grounds:
    """Matrices (n, n) over the states at ``places``: ``tone`` f(s) and ``record`` f(n) as trust, ``events`` N,
    ``exposure`` (standard deviations), ``onset`` and ``pact`` (log-odds of a dispute and of a new pact within a year); and
    what goes with them:

    ``per_distance`` and ``per_rivalry`` trust per unit of distance in votes and by a rivalry; ``level`` and ``spread`` the
    mean and standard deviation of the tone that trust stands for (nan without events).
    """

    places: np.ndarray
    tone: np.ndarray
    record: np.ndarray
    events: np.ndarray
    exposure: np.ndarray
    onset: np.ndarray
    pact: np.ndarray
    per_distance: float
    per_rivalry: float
    level: float
    spread: float

    @property
    def scale(self) -> tuple[float, float] | None:
        """Mean and standard deviation of the tone that trust stands for; None where there are no events."""
        return None if np.isnan(self.level) else (self.level, self.spread)

    def table(self, codes: tuple[str, ...]) -> list[dict[str, Any]]:
        """The rows of a world's table ``grounds``: a pair of codes each, what differs by direction with ``_back``."""
        exposure = (self.exposure + self.exposure.T) / 2
        both = {"tone": self.tone, "exposure": exposure, "onset": self.onset, "pact_odds": self.pact}
        found = []
        for i, j in zip(*np.triu_indices(len(codes), 1)):
            row: dict[str, Any] = {"a": codes[i], "b": codes[j]}
            row |= {name: float(values[i, j]) for name, values in both.items()}
            for name in ("record", "events"):
                values = getattr(self, name)
                row |= {name: float(values[i, j]), f"{name}_back": float(values[j, i])}
            found.append(row)
        return found


def tone_of(cooperative: np.ndarray, conflictual: np.ndarray) -> np.ndarray:
    """l: log of cooperative over conflictual events, each with two added."""
    return np.log((cooperative + 2) / (conflictual + 2))


def as_trust(tone: np.ndarray, level: float, spread: float) -> np.ndarray:
    """f(l) of ODD E65: tone as trust, ``level`` and ``spread`` being mean and standard deviation of the tone of all."""
    return MEAN + SPREAD * (tone - level) / spread


def grounds(panel: Panel, places: np.ndarray, *, accessions: bool = True) -> Grounds:
    """The grounds of the pairs of some states at the end of the panel's last year.

    Args:
        panel: what is known.
        places: of the states, among the panel's codes.
        accessions: whether pacts that came with an accession count as each a choice of its own. False for worlds of
            scenarios, where accessions are events: then all pacts that one brought are one in total.
    """
    rows = f.features(panel, panel.until, places, directed=True)
    at = {place: k for k, place in enumerate(places)}
    a, b = (rows[name].map(at).to_numpy() for name in ("i", "j"))

    def matrix(values: np.ndarray) -> np.ndarray:
        found = np.zeros((len(places), len(places)))
        found[a, b] = values
        return found

    if "events" in rows:
        fitted = min(panel.until, panel.last["cooperative"])
        everybody = f.features(panel, fitted, panel.there(fitted), directed=True)
        tone, record, events, per_distance, per_rivalry, level, spread = _tone(panel, rows, everybody, fitted)
        exposure = _exposure(rows, everybody)
    else:
        tone, per_distance, per_rivalry = _by_hand(panel, rows)
        record, events, exposure = tone, np.zeros(len(rows)), np.zeros(len(rows))
        level = spread = float("nan")
    onset, pact = yearly_odds(panel, rows, f.CONFLICT, "onset"), yearly_odds(panel, rows, f.PACT, "defence", accessions)
    return Grounds(
        places,
        tone=matrix(tone),
        record=matrix(record),
        events=matrix(events),
        exposure=matrix(exposure),
        onset=matrix(onset),
        pact=matrix(pact),
        per_distance=per_distance,
        per_rivalry=per_rivalry,
        level=level,
        spread=spread,
    )


def _tone(
    panel: Panel, rows: pd.DataFrame, everybody: pd.DataFrame, fitted: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, float, float, float, float]:
    """Tone, record and events of rows, what distance and rivalry move, level and spread; fitted on everybody's year."""
    counts = [panel.within(name, fitted, YEARS) for name in ("cooperative", "conflictual")]

    def record(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        cooperative, conflictual = (count[table["i"], table["j"]].astype(float) for count in counts)
        return tone_of(cooperative, conflictual), cooperative + conflictual

    observed, events = record(everybody)
    known = (events >= LEAST_EVENTS) & everybody["counted"].to_numpy()
    y, weights = observed[known], (events / (events + WEIGHT))[known]
    columns = list(f.STRUCTURE)
    x = everybody.loc[known, columns].to_numpy(float)
    coefficients = weighted_line(x, y, weights)
    predicted = coefficients[0] + rows[columns].to_numpy(float) @ coefficients[1:]
    left = [_of_last_years(panel, name)[rows["i"], rows["j"]].astype(float) for name in ("cooperative", "conflictual")]
    own, count = tone_of(*left), np.where(rows["counted"], sum(left), 0)

    def trust(tone: np.ndarray) -> np.ndarray:
        return as_trust(tone, y.mean(), y.std())

    per = dict(zip(columns, SPREAD * coefficients[1:] / y.std()))
    moved = float(-per["apart"]), float(-per["rivalry"])
    own = np.where(count > 0, own, predicted)
    return trust(predicted), trust(own), count, *moved, float(y.mean()), float(y.std())


def _of_last_years(panel: Panel, name: str) -> np.ndarray:
    """Events of the last years before the start, of which the data may have ended before some or all."""
    years = [year for year in range(panel.until - YEARS + 1, panel.until + 1) if year <= panel.last[name]]
    years = [year for year in years if year >= panel.first[name]]
    return sum((panel.at(name, year) for year in years), np.zeros_like(panel.of[name][0]))


def weighted_line(x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Coefficients of weighted least squares, the constant first."""
    root = np.sqrt(weights)[:, None]
    design = np.column_stack([np.ones(len(x)), x])
    return np.linalg.lstsq(design * root, y * root[:, 0], rcond=None)[0]


def _exposure(rows: pd.DataFrame, everybody: pd.DataFrame) -> np.ndarray:
    counted = everybody["counted"].to_numpy()
    y = everybody["volume_3"].to_numpy()
    coefficients = weighted_line(everybody.loc[counted, list(EXPOSED)].to_numpy(float), y[counted], np.ones(counted.sum()))

    def volume(table: pd.DataFrame) -> np.ndarray:
        expected = coefficients[0] + table[list(EXPOSED)].to_numpy(float) @ coefficients[1:]
        return np.where(table["counted"], table["volume_3"], expected)

    of_all = volume(everybody)
    return (volume(rows) - of_all.mean()) / of_all.std()


def _by_hand(panel: Panel, rows: pd.DataFrame) -> tuple[np.ndarray, float, float]:
    """The hand rule of the anchor, rescaled to the same mean and spread over all states."""
    p = anchor.Parameters()

    def rule(table: pd.DataFrame) -> np.ndarray:
        consultation = table["consultation"] * (table["defence"] == 0)
        return (
            p.pact * table["defence"]
            + p.consultation * consultation
            - p.distance * table["apart"]
            - p.rivalry * table["rivalry"]
        ).to_numpy()

    of_all = rule(f.features(panel, panel.until, panel.there(panel.until), directed=True))
    scale = SPREAD / of_all.std()
    tone = MEAN + scale * (rule(rows) - of_all.mean())
    return tone, p.distance * scale, p.rivalry * scale


def yearly_odds(
    panel: Panel, rows: pd.DataFrame, columns: tuple[str, ...], what: str, accessions: bool = True
) -> np.ndarray:
    """Log-odds within a year by a logit over the last years of all states: of a dispute's onset, or of a new pact; without
    ``accessions``, pacts of a block weigh one in total."""
    parts, came, weights = [], [], []
    last = panel.last[what]
    for year in range(max(FIRST + 20, last - WINDOW), last):
        table = f.features(panel, year, panel.there(year))
        y = panel.at(what, year + 1)[table["i"], table["j"]] > 0
        if what == "defence":
            free = (table["defence"] == 0).to_numpy()
            y, table = y[free], table[free]
        parts.append(table[list(columns)].to_numpy(float))
        came.append(y)
        weights.append(np.ones(len(y)) if accessions else _in_blocks(table, y))
    x, y = np.concatenate(parts), np.concatenate(came).astype(float)
    coefficients = logit(x, y, np.concatenate(weights))
    return coefficients[0] + rows[list(columns)].to_numpy(float) @ coefficients[1:]


def _in_blocks(table: pd.DataFrame, came: np.ndarray) -> np.ndarray:
    """The weight of each pair in a year: one; of pacts of a state that made :data:`BLOCK` or more, one over their number."""
    new = table.loc[came, ["i", "j"]].to_numpy()
    made = np.bincount(new.ravel(), minlength=int(table[["i", "j"]].to_numpy().max()) + 1)
    block = made[new].max(axis=1) if len(new) else np.ones(0)
    weights = np.ones(len(came))
    weights[came] = np.where(block >= BLOCK, 1 / np.maximum(block, 1), 1.0)
    return weights


def logit(x: np.ndarray, y: np.ndarray, weights: np.ndarray | None = None, ridge: float = 0.01) -> np.ndarray:
    """Coefficients of a logit, the constant first, by Newton's steps on standardised columns with a slight ridge."""
    w = np.ones(len(y)) if weights is None else weights
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    design = np.column_stack([np.ones(len(x)), (x - mean) / spread])
    penalty = np.r_[0.0, np.full(x.shape[1], ridge)]
    b = np.zeros(design.shape[1])
    share = np.average(y, weights=w)
    b[0] = np.log(max(share, 1e-9) / max(1 - share, 1e-9))

    def loss(b: np.ndarray) -> float:
        index = design @ b
        return float((w * (np.logaddexp(0, index) - y * index)).sum() + 0.5 * penalty @ b**2)

    now = loss(b)
    for _ in range(60):
        p = 1 / (1 + np.exp(-np.clip(design @ b, -40, 40)))
        gradient = design.T @ (w * (y - p)) - penalty * b
        step = np.linalg.solve((design * (w * p * (1 - p))[:, None]).T @ design + np.diag(penalty + 1e-9), gradient)
        share = 1.0
        while (then := loss(b + share * step)) > now and share > 1e-6:
            share /= 2
        b, gained, now = b + share * step, now - then, then
        if gained < 1e-9 * max(abs(now), 1):
            break
    slopes = b[1:] / spread
    return np.r_[b[0] - slopes @ mean, slopes]
