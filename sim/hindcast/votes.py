"""Votes: the distance of two states' ideal points in the General Assembly. RMSE, CRPS, coverage of 50 and 90 % bands.

Rivals, each a normal distribution with the spread of its own errors: ``persistence``, the last session; ``smoothed``, the
mean of three sessions; ``gravity``, a line on size, distance, borders, rivalry, disputes and the last two sessions;
``boosting``, trees on all features. Fitted on all states in each year from fifteen before. The model says the distance in
each replicate; its point is the median.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.data import features as f
from sim.hindcast import regression, scores
from sim.hindcast.origin import Origin
from sim.hindcast.row import Losses, Row

NAME = "votes"
NEEDS = "ideal"
WINDOW = 15
METRICS = ("rmse", "crps", "held_50", "held_90", "rank_of_change")
GRAVITY = (*f.GRAVITY, "apart_now", "apart_before", "dispute_5")
HALF, WIDE = 0.674, 1.645
"""Standard deviations of a normal within which 50 and 90 % lie."""


def score(origin: Origin, years: int, boosting: bool = True) -> list[Row]:
    """How each forecaster did on the pairs of states that voted in both years."""
    asked = origin.pairs(years)
    came = origin.outcome("ideal", origin.year + years)
    y = np.abs(came[asked["i"]] - came[asked["j"]])
    now = origin.panel.at("ideal", origin.year)
    voted = ~np.isnan(y) & ~np.isnan(now[asked["i"]] + now[asked["j"]])
    asked, y = asked[voted].reset_index(drop=True), y[voted]
    normals = rivals(origin, years, asked, boosting)
    points, losses, counts = {}, {}, {}
    for name, (mean, sd) in normals.items():
        points[name], losses[name] = mean, scores.crps_of_normal(mean, sd, y)
        counts[name] = tuple(float((np.abs(mean - y) < width * sd).mean()) for width in (HALF, WIDE))
    draws = distances(origin, asked, years)
    points["model"], losses["model"] = np.median(draws, axis=0), scores.crps_of_draws(draws, y)
    low, q1, q3, high = np.quantile(draws, (0.05, 0.25, 0.75, 0.95), axis=0)
    counts["model"] = float(((y >= q1) & (y <= q3)).mean()), float(((y >= low) & (y <= high)).mean())
    i, j, start = asked["i"].to_numpy(), asked["j"].to_numpy(), asked["apart_now"].to_numpy()
    codes = np.array(origin.panel.codes)
    found = []
    for name, point in points.items():
        counted = {
            "rmse": scores.rmse(y, point),
            "crps": float(losses[name].mean()),
            "held_50": counts[name][0],
            "held_90": counts[name][1],
            "rank_of_change": scores.rank_correlation(point - start, y - start),
        }
        skill, details = None, {}
        if name in ("model", "boosting"):
            statistic = scores.better((point - y) ** 2, (points["gravity"] - y) ** 2, root=True)
            skill = (statistic(np.ones(len(y))), *scores.by_states(i, j, statistic))
            of_crps = scores.better(losses[name], losses["gravity"])
            low_, high_ = scores.by_states(i, j, of_crps)
            details = {"crps_skill": of_crps(np.ones(len(y))), "crps_low": low_, "crps_high": high_}
        lost = Losses(codes[i], codes[j], y, {"square": (point - y) ** 2, "crps": losses[name]})
        found.append(Row(NAME, origin.year, years, name, len(y), None, counted, skill, details, lost))
    return found


def rivals(origin: Origin, years: int, asked: pd.DataFrame, boosting: bool = True) -> dict[str, tuple[np.ndarray, float]]:
    """Mean and standard deviation of each rival's forecast of the pairs asked for."""
    train = _train(origin, years)
    known = train["y"].to_numpy()
    spread = float(np.sqrt(((known - train["apart_now"]) ** 2).mean()))
    line, own = regression.line(train, known, asked, GRAVITY)
    normals = {"persistence": (asked["apart_now"].to_numpy(), spread), "smoothed": (asked["apart"].to_numpy(), spread)}
    normals["gravity"] = line, own
    if boosting:
        normals["boosting"] = regression.boosted_value(train, known, asked, (*f.STRUCTURE, *GRAVITY)), own
    return normals


def distances(origin: Origin, asked: pd.DataFrame, years: int) -> np.ndarray:
    """The simulated distance of each pair after so many years, by replicate, (R, rows)."""
    position = origin.model.position[:, years].astype(float)
    return np.abs(position[:, asked["a"].to_numpy()] - position[:, asked["b"].to_numpy()])


def _train(origin: Origin, years: int) -> pd.DataFrame:
    parts = []
    for year in origin.window(years, WINDOW, origin.panel.last["ideal"]):
        rows, came = origin.of_all(year), origin.panel.at("ideal", year + years)
        rows = rows.assign(y=np.abs(came[rows["i"]] - came[rows["j"]]))
        parts.append(rows[rows["y"].notna()])
    return pd.concat(parts, ignore_index=True)
