"""Disputes: whether two states have a militarised dispute, any onset, within so many years. Brier and log score, areas.

Rivals: ``persistence``, the rate given any or no onset in the last five years; ``smoothed``, a logit on onsets in five
and twenty years; ``gravity``, a logit on size, distance, borders, rivalry and those two; ``structure``, with distance in
votes and regimes; ``boosting``, trees on all features. Fitted on all states in each year from 24 years before the origin.
The model says its own probability, and recalibrated: a logit on its own log-odds, fitted on earlier origins.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.data import features as f
from sim.hindcast import regression, scores
from sim.hindcast.origin import Origin
from sim.hindcast.row import REFERENCE, Losses, Row

NAME = "disputes"
NEEDS = "onset"
WINDOW = 20
METRICS = ("brier", "log", "pr", "roc")
FIRST_OWN = 1985
"""The first of the earlier origins, five years apart, from which the model is recalibrated."""
EVERYTHING = tuple(dict.fromkeys((*f.STRUCTURE, *f.PACT, "fit")))
LEAST_EVENTS = 10


def _came(origin: Origin, year: int, years: int, rows: pd.DataFrame) -> np.ndarray:
    """Whether a dispute began within the years, from what the origin knows."""
    return (origin.panel.within("onset", year + years, years)[rows["i"], rows["j"]] > 0).astype(int)


def score(origin: Origin, years: int, boosting: bool = True) -> list[Row]:
    """How each forecaster did, on all pairs and on the politically relevant ones (neighbours, or with a major power)."""
    asked = origin.pairs(years)
    y = np.zeros(len(asked), int)
    for year in range(origin.year + 1, origin.year + years + 1):
        y |= origin.outcome("onset", year)[asked["i"], asked["j"]] > 0
    said, gain = probabilities(origin, years, asked, boosting)
    rows = _rows(NAME, origin, years, asked, y, said, gain)
    relevant = ((asked["near"] > 0) | (asked["larger"] >= np.log(0.05))).to_numpy()
    only = {name: p[relevant] for name, p in said.items()}
    return rows + _rows(f"{NAME}, relevant", origin, years, asked[relevant], y[relevant], only, ())


def probabilities(
    origin: Origin, years: int, asked: pd.DataFrame, boosting: bool = True
) -> tuple[dict[str, np.ndarray], tuple[str, str] | tuple]:
    """Each forecaster's probabilities, and the two whose difference is what the model adds to gravity."""
    known = []
    for year in origin.window(years, WINDOW, origin.panel.last["onset"]):
        rows = origin.of_all(year)
        known.append(rows.assign(y=_came(origin, year, years, rows)))
    train = pd.concat(known, ignore_index=True)
    came = train["y"].to_numpy()
    gravity = (*f.GRAVITY, *f.RECORD)
    record = train["dispute_5"] > 0
    said = {
        "persistence": np.where(asked["dispute_5"] > 0, came[record].mean(), came[~record].mean()),
        "smoothed": regression.odds(train, came, asked, f.RECORD),
        "gravity": regression.odds(train, came, asked, gravity),
        "structure": regression.odds(train, came, asked, f.CONFLICT),
    }
    if boosting:
        said["boosting"] = regression.boosted_odds(train, came, asked, EVERYTHING)
    said["model"] = asked["m_crisis"].to_numpy()
    own = own_rows(origin, years)
    if own is None:
        return said, ()
    came = own["y"].to_numpy()
    said["model, recalibrated"] = regression.odds(own, came, asked, ("m_logit",))
    said["gravity, same rows"] = regression.odds(own, came, asked, gravity, 10)
    said["gravity+model"] = regression.odds(own, came, asked, (*gravity, "m_logit", "m_trust"), 10)
    return said, ("gravity, same rows", "gravity+model")


def own_rows(origin: Origin, years: int) -> pd.DataFrame | None:
    """The model's forecasts from earlier origins with what came of them; None where there are too few events."""
    last = min(origin.year, origin.panel.last["onset"]) - years
    parts = []
    for year in range(FIRST_OWN, last + 1, 5):
        rows = origin.earlier(year, years)
        parts.append(rows.assign(y=_came(origin, year, years, rows)))
    if not parts or sum(part["y"].sum() for part in parts) < LEAST_EVENTS:
        return None
    return pd.concat(parts, ignore_index=True)


def _rows(
    target: str,
    origin: Origin,
    years: int,
    asked: pd.DataFrame,
    y: np.ndarray,
    said: dict[str, np.ndarray],
    gain: tuple[str, str] | tuple,
) -> list[Row]:
    i, j = asked["i"].to_numpy(), asked["j"].to_numpy()
    reference = (said[REFERENCE] - y) ** 2
    codes = np.array(origin.panel.codes)
    found = []
    for name, p in said.items():
        counted = {"brier": scores.brier(y, p), "log": float(scores.log_loss(y, p).mean()), **scores.areas(y, p)}
        skill, details = None, {}
        if name.startswith("model") or name in ("structure", "boosting"):
            statistic = scores.better((p - y) ** 2, reference)
            skill = (statistic(np.ones(len(y))), *scores.by_states(i, j, statistic))
        if gain and name == gain[1]:
            nats = scores.nats_per_event(scores.log_loss(y, p), scores.log_loss(y, said[gain[0]]), y)
            low, high = scores.by_states(i, j, nats)
            details = {"nats_per_event": nats(np.ones(len(y))), "nats_low": low, "nats_high": high}
        lost = Losses(codes[i], codes[j], y, {"brier": (p - y) ** 2, "log": scores.log_loss(y, p)})
        found.append(Row(target, origin.year, years, name, len(y), int(y.sum()), counted, skill, details, lost))
    return found
