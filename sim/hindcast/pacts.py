"""Pacts: whether two states without a defence pact have one so many years later. Log score by pair and by block.

Nearly all new pacts come in blocks: a state that makes five or more in a year joins an alliance. By pair each counts; by
block all pacts of one together weigh as one event. Intervals draw whole blocks. Rivals: ``persistence``, none forms;
``climatology``, the rate of the past; ``gravity``, a logit on size, distance, borders, rivalry, other treaties and disputes;
``structure``, with shared foes, the fit of the partner's allies, votes and regimes; ``boosting``. Dissolution is too rare to
be scored: it is counted beside what the model expects.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from sim.data import features as f
from sim.hindcast import regression, scores
from sim.hindcast.origin import Origin
from sim.hindcast.row import REFERENCE, Losses, Row

NAME = "pacts"
NEEDS = "defence"
WINDOW = 20
METRICS = ("log", "brier", "pr", "roc")
GRAVITY = (*f.GRAVITY, "soft", "dispute_5")
BLOCK = 5
"""Pacts that a state makes in a year for them to be a block."""


def score(origin: Origin, years: int, boosting: bool = True) -> list[Row]:
    """How each forecaster did, by pair and by block."""
    asked = origin.pairs(years)
    i, j = asked["i"].to_numpy(), asked["j"].to_numpy()
    later = origin.outcome("defence", origin.year + years)[i, j] > 0
    free = (asked["defence"] == 0).to_numpy()
    ended = {
        "pacts": float((~free).sum()),
        "ended": float((~free & ~later).sum()),
        "model_expects_ended": float((1 - asked["m_pact"][~free]).sum()),
    }
    asked, y = asked[free].reset_index(drop=True), later[free].astype(int)
    said = probabilities(origin, years, asked, boosting)
    block = blocks(origin, years, asked, y)
    return [
        *_rows(NAME, origin, years, asked, said, y, np.ones(len(y)), block, ended),
        *_rows(f"{NAME}, by block", origin, years, asked, said, y, _one_a_block(block, y), block, {}),
    ]


def probabilities(origin: Origin, years: int, asked: pd.DataFrame, boosting: bool) -> dict[str, np.ndarray]:
    """Each forecaster's probabilities of a pact."""
    parts = []
    for year in origin.window(years, WINDOW, origin.panel.last["defence"]):
        rows = origin.of_all(year)
        rows = rows[rows["defence"] == 0]
        parts.append(rows.assign(y=(origin.panel.at("defence", year + years)[rows["i"], rows["j"]] > 0).astype(int)))
    train = pd.concat(parts, ignore_index=True)
    y = train["y"].to_numpy()
    said = {
        "persistence": np.zeros(len(asked)),
        "climatology": np.full(len(asked), y.mean()),
        "gravity": regression.odds(train, y, asked, GRAVITY),
        "structure": regression.odds(train, y, asked, f.PACT),
    }
    if boosting:
        said["boosting"] = regression.boosted_odds(train, y, asked, tuple(dict.fromkeys((*f.STRUCTURE, *f.PACT))))
    least = 0.5 / origin.model.replicates
    said["model"] = np.clip(asked["m_pact"].to_numpy(), least, 1 - least)
    return said


def blocks(origin: Origin, years: int, asked: pd.DataFrame, y: np.ndarray) -> np.ndarray:
    """A label for each pair: ``year:state`` of the block that its new pact belongs to, else its first state's code."""
    codes = origin.panel.codes
    label = np.array([f"state:{codes[k]}" for k in asked["i"]], dtype=object)
    i, j = asked["i"].to_numpy(), asked["j"].to_numpy()
    before = origin.panel.at("defence", origin.year) > 0
    for year in range(origin.year + 1, origin.year + years + 1):
        now = origin.outcome("defence", year) > 0
        made = now & ~before
        many = made.sum(axis=1)
        for k in np.flatnonzero(y):
            a, b = i[k], j[k]
            if made[a, b] and label[k].startswith("state:"):
                state = a if many[a] >= many[b] else b
                label[k] = f"{year}:{codes[state]}" if many[state] >= BLOCK else f"{year}:{codes[a]}-{codes[b]}"
        before = now
    return label


def _one_a_block(block: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Weights with which the events of a block together count as one."""
    _, of, counts = np.unique(np.where(y > 0, block, ""), return_inverse=True, return_counts=True)
    return np.where(y > 0, 1 / counts[of], 1.0)


def _weighted(statistic: scores.Weighted, weights: np.ndarray, drawn: np.ndarray) -> float:
    return statistic(drawn * weights)


def _rows(
    target: str,
    origin: Origin,
    years: int,
    asked: pd.DataFrame,
    said: dict[str, np.ndarray],
    y: np.ndarray,
    weights: np.ndarray,
    block: np.ndarray,
    more: dict[str, float],
) -> list[Row]:
    codes = np.array(origin.panel.codes)
    first, second = codes[asked["i"]], codes[asked["j"]]
    reference = scores.log_loss(y, said[REFERENCE])
    events = len(set(block[y > 0])) if weights.min() < 1 else int(y.sum())
    found = []
    for name, p in said.items():
        loss = scores.log_loss(y, p)
        counted = {
            "log": float(np.average(loss, weights=weights)),
            "brier": scores.brier(y, p, weights),
            **scores.areas(y, p),
        }
        skill, details = None, {"expected": float(p.sum())}
        if name in ("model", "structure", "boosting"):
            nats = scores.nats_per_event(loss, reference, y)
            low, high = scores.by_clusters(block, partial(_weighted, nats, weights))
            details |= {"nats_per_event": nats(weights), "nats_low": low, "nats_high": high}
            details |= more if name == "model" else {}
        lost = Losses(first, second, y * weights, {"log": loss * weights}, block)
        found.append(Row(target, origin.year, years, name, len(y), events, counted, skill, details, lost))
    return found
