"""Moments: do simulated relations move as much as real ones? Persistence of ranks and the size of change.

Of the data: net shares of three years, of pairs with ten events or more in those up to the origin and in those up to the
end. Of the model the same of shares drawn from it: trust is mapped to a tone (log-odds of a cooperative event) by the mean
and spread of all pairs with ten events, and the pair's number of events drawn from it, within each replicate, then
averaged. Of trust itself, too.
"""

from __future__ import annotations

import numpy as np

from sim.data.features import net_share
from sim.data.grounds import LEAST_EVENTS, MEAN, SPREAD, YEARS, tone_of
from sim.hindcast import scores
from sim.hindcast.origin import Origin
from sim.hindcast.row import Row

NAME = "moments"
NEEDS = "cooperative"
METRICS = ("persistence", "change_over_level")
REPLICATES = 100
"""Replicates of which moments are taken, at most."""


def score(origin: Origin, years: int) -> list[Row]:
    """Of the data where they reach; of the model's trust at every origin, of shares where the origin has events."""
    trust = origin.model.trust[:REPLICATES]
    start, end = trust[:, 0].astype(float), trust[:, years].astype(float)
    n = start.shape[-1]
    all_pairs = ~np.eye(n, dtype=bool)
    found = {"model, trust": _mean([_moments(a[all_pairs], b[all_pairs]) for a, b in zip(start, end)])}
    pairs = int(all_pairs.sum())
    if origin.year >= origin.panel.first["cooperative"] and origin.panel.counted.any():
        places = np.ix_(origin.model.places, origin.model.places)
        record = [origin.panel.within(name, origin.year, YEARS) for name in ("cooperative", "conflictual")]
        now = [matrix[places].astype(float) for matrix in record]
        events = later_events = now[0] + now[1]
        both = all_pairs & (events >= LEAST_EVENTS)
        if years >= YEARS and origin.has_outcome("cooperative", origin.year + years):
            ends = range(origin.year + years - YEARS + 1, origin.year + years + 1)
            came = [
                sum(origin.outcome(name, year)[places].astype(float) for year in ends)
                for name in ("cooperative", "conflictual")
            ]
            later_events = came[0] + came[1]
            both &= later_events >= LEAST_EVENTS
            found["data"] = _moments(net_share(*now)[both], net_share(*came)[both])
        of_all = tone_of(*record)[record[0] + record[1] >= LEAST_EVENTS]
        luck = np.random.default_rng(1)

        def drawn(of: np.ndarray, count: np.ndarray) -> np.ndarray:
            chance = 1 / (1 + np.exp(-(of_all.mean() + of_all.std() * (of - MEAN) / SPREAD)))
            cooperative = luck.binomial(count.astype(int), chance)
            return net_share(cooperative, count - cooperative)

        pairs = int(both.sum())
        if pairs > 2:
            found["model"] = _mean(
                [_moments(drawn(a[both], events[both]), drawn(b[both], later_events[both])) for a, b in zip(start, end)]
            )
    return [Row(NAME, origin.year, years, name, pairs, None, dict(zip(METRICS, values))) for name, values in found.items()]


def _moments(before: np.ndarray, after: np.ndarray) -> tuple[float, float]:
    level = np.concatenate([before, after]).std()
    return scores.rank_correlation(before, after), float((after - before).std() / level) if level > 0 else float("nan")


def _mean(of: list[tuple[float, float]]) -> tuple[float, float]:
    persistence, change = np.nanmean(np.array(of), axis=0)
    return float(persistence), float(change)
