"""What is counted: proper scores, areas, errors, correlations; and intervals by resampling whole states."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

RESAMPLES = 200
LEAST, MOST = 1e-6, 1 - 1e-6
"""Probabilities are kept within, so that a log score is finite."""

Weighted = Callable[[np.ndarray], float]
"""A statistic of rows with these weights."""


def brier(y: np.ndarray, p: np.ndarray, weights: np.ndarray | None = None) -> float:
    """Mean square of probability less outcome."""
    return float(np.average((p - y) ** 2, weights=weights))


def log_loss(y: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Minus the log probability of what came, by row, nats."""
    p = np.clip(p, LEAST, MOST)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


def areas(y: np.ndarray, p: np.ndarray) -> dict[str, float]:
    """Areas under the precision-recall and the ROC curve; nan where all or none came."""
    from sklearn.metrics import average_precision_score, roc_auc_score

    if not 0 < y.sum() < len(y):
        return {"pr": float("nan"), "roc": float("nan")}
    return {"pr": float(average_precision_score(y, p)), "roc": float(roc_auc_score(y, p))}


def rmse(y: np.ndarray, forecast: np.ndarray) -> float:
    """Root mean square error."""
    return float(np.sqrt(((forecast - y) ** 2).mean()))


def crps_of_draws(draws: np.ndarray, y: np.ndarray) -> np.ndarray:
    """CRPS of an ensemble (R, m) at outcomes (m,), by row."""
    import scoringrules

    return scoringrules.crps_ensemble(y, draws, m_axis=0, estimator="qd")


def crps_of_normal(mean: np.ndarray, spread: float, y: np.ndarray) -> np.ndarray:
    """CRPS of normal forecasts, by row."""
    import scoringrules

    return scoringrules.crps_normal(y, mean, spread)


def rank_correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Spearman's; nan where one does not vary."""
    from scipy.stats import spearmanr

    if len(one) < 3 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return float("nan")
    return float(spearmanr(one, other)[0])


def by_states(i: np.ndarray, j: np.ndarray, statistic: Weighted, resamples: int = RESAMPLES) -> tuple[float, float]:
    """A 90 % interval of a statistic of pairs: states drawn with replacement, a pair as often as both together."""
    luck = np.random.default_rng(1)
    states = np.unique(np.r_[i, j])
    found = []
    for _ in range(resamples):
        drawn = np.bincount(luck.choice(states, len(states)), minlength=states.max() + 1)
        weights = (drawn[i] * drawn[j]).astype(float)
        if weights.sum() > 0 and np.isfinite(value := statistic(weights)):
            found.append(value)
    return _interval(found)


def by_clusters(clusters: np.ndarray, statistic: Weighted, resamples: int = RESAMPLES) -> tuple[float, float]:
    """The same with whole clusters of rows drawn with replacement."""
    luck = np.random.default_rng(1)
    names, of = np.unique(clusters, return_inverse=True)
    found = []
    for _ in range(resamples):
        drawn = np.bincount(luck.integers(0, len(names), len(names)), minlength=len(names))
        if np.isfinite(value := statistic(drawn[of].astype(float))):
            found.append(value)
    return _interval(found)


def _interval(values: list[float]) -> tuple[float, float]:
    if not values:
        return float("nan"), float("nan")
    low, high = np.percentile(values, (5, 95))
    return float(low), float(high)


def better(loss: np.ndarray, than: np.ndarray, *, root: bool = False) -> Weighted:
    """Skill in percent: by how much one's mean loss is below another's; of its root where the loss is a square error."""

    def skill(weights: np.ndarray) -> float:
        ratio = (weights * loss).sum() / max((weights * than).sum(), 1e-300)
        return 100 * (1 - (np.sqrt(ratio) if root else ratio))

    return skill


def nats_per_event(loss: np.ndarray, than: np.ndarray, y: np.ndarray) -> Weighted:
    """By how many nats an event one's log loss is below another's; nan where nothing came."""

    def gain(weights: np.ndarray) -> float:
        events = float((weights * y).sum())
        return float((weights * (than - loss)).sum() / events) if events > 0 else float("nan")

    return gain
