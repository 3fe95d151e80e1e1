"""One row of the results: how one forecaster did on one target, and what of it can be pooled over origins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.hindcast import scores

REFERENCE = "gravity"
"""The rival against which skill is told."""
ADDS = {"gravity+model": "gravity, same rows"}
"""Forecasters that are told against the same rival fitted on the same rows."""
NAMED = {"nats_per_event": "nats"}
"""What the ends of an interval are called, where not by the statistic's own name."""


@dataclass(frozen=True)
class Losses:
    """What a forecaster lost pair by pair: ``i`` and ``j`` (codes), ``y``, and losses by name (brier, log, square, crps).

    ``clusters``: labels of the rows that belong together, where an interval draws those and not states.
    """

    i: np.ndarray
    j: np.ndarray
    y: np.ndarray
    of: dict[str, np.ndarray]
    clusters: np.ndarray | None = None


@dataclass(frozen=True)
class Row:
    """``scores`` by metric; ``skill`` in percent of the reference's score, positive where better, with its 90 % interval.

    ``origin`` None: pooled over origins, each with the same weight.
    """

    target: str
    origin: int | None
    horizon: int
    forecaster: str
    pairs: int
    events: int | None
    scores: dict[str, float]
    skill: tuple[float, float, float] | None = None
    details: dict[str, float] = field(default_factory=dict)
    losses: Losses | None = field(default=None, repr=False, compare=False)

    def plain(self) -> dict[str, Any]:
        """As plain data; what is not a number is null."""
        names = ("target", "origin", "horizon", "forecaster", "pairs", "events")
        numbers = {name: _or_none(value) for name, value in {**self.scores, **self.details}.items()}
        skill = dict(zip(("skill", "skill_low", "skill_high"), map(_or_none, self.skill))) if self.skill else {}
        return {name: getattr(self, name) for name in names} | numbers | skill


def _or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def pooled(rows: Sequence[Row], loss: str, *, root: bool = False) -> list[Row]:
    """The rows of one target and horizon, pooled over origins: skill against the reference, and nats an event.

    Args:
        rows: of several origins.
        loss: the loss that skill is told of.
        root: of its root, where it is a square error.
    """
    origins = sorted({row.origin for row in rows if row.origin is not None})
    by = {(row.forecaster, row.origin): row for row in rows}
    found = []
    for name in dict.fromkeys(row.forecaster for row in rows):
        against = ADDS.get(name, REFERENCE)
        if not any((against, origin) in by for origin in origins):
            against = REFERENCE  # fitted on the same rows anyway
        if any((name, origin) not in by or (against, origin) not in by for origin in origins) or name == against:
            continue
        mine, its = ([lost for origin in origins if (lost := by[one, origin].losses) is not None] for one in (name, against))
        if min(len(mine), len(its)) < len(origins):
            continue
        places = np.unique(np.concatenate([np.r_[one.i, one.j] for one in mine]), return_inverse=True)[1]
        i, j = _halves(places, [len(one.i) for one in mine])
        weights = np.concatenate([np.full(len(one.y), 1 / len(one.y)) for one in mine])
        labels = [one.clusters for one in mine if one.clusters is not None]
        clusters = np.concatenate(labels) if len(labels) == len(mine) else None
        told: dict[str, Callable[[np.ndarray], float]] = {}
        for each in (loss, *({"crps", "log"} & set(mine[0].of))):
            a, b = (np.concatenate([one.of[each] for one in side]) for side in (mine, its))
            if each == "log":
                y = np.concatenate([one.y for one in mine])
                told["nats_per_event"] = scores.nats_per_event(a, b, y)
            if each in (loss, "crps"):
                told[each] = scores.better(a, b, root=root and each == loss)
        values = {
            each: (
                of(np.ones(len(i)) if each == "nats_per_event" else weights),
                *_interval(i, j, clusters, of, weights, each),
            )
            for each, of in told.items()
        }
        details = {
            key: value
            for each, three in values.items()
            if each != loss
            for key, value in zip((each, f"{NAMED.get(each, each)}_low", f"{NAMED.get(each, each)}_high"), three)
        }
        events = round(sum(float(one.y.sum()) for one in mine)) if loss in ("brier", "log") else None
        first = rows[0]
        found.append(Row(first.target, None, first.horizon, name, len(i), events, {}, values[loss], details))
    return found


def _interval(
    i: np.ndarray, j: np.ndarray, clusters: np.ndarray | None, of: Callable, weights: np.ndarray, each: str
) -> tuple[float, float]:
    own = np.ones(len(i)) if each == "nats_per_event" else weights
    if clusters is not None:
        return scores.by_clusters(clusters, lambda drawn: of(drawn * own))
    return scores.by_states(i, j, lambda drawn: of(drawn * own))


def _halves(places: np.ndarray, lengths: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """Split positions that lie as i of the first, j of the first, i of the second, ..."""
    first, second, at = [], [], 0
    for length in lengths:
        first.append(places[at : at + length])
        second.append(places[at + length : at + 2 * length])
        at += 2 * length
    return np.concatenate(first), np.concatenate(second)
