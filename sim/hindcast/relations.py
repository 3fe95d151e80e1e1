"""Relations between states as the news had them: the net share and the volume of events, directed. RMSE and ranks.

``net share``: cooperative less conflictual events over all, of pairs with ten events or more at the origin and at the end.
``volume``: log of one plus cooperative events, of all pairs whose states the event data know. Rivals: ``persistence``, the
origin's own year; ``smoothed``, a line on the mean of the last three years; ``gravity``, both sizes, distance, borders,
rivalry and those lags; ``structure``, the record shrunk toward a regression on structure; ``boosting``, trees on all
features. Fitted on earlier years whose outcomes the origin knows (2002 and 2004). The model says a line on its cooperation
and trust, fitted likewise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.data import features as f
from sim.data.grounds import EXPOSED, LEAST_EVENTS, WEIGHT
from sim.hindcast import regression, scores
from sim.hindcast.origin import Origin
from sim.hindcast.row import Losses, Row

NEEDS = "cooperative"
FIRST_ORIGIN = 2004
"""The data begin in 2002: an earlier origin has nothing to fit on."""
METRICS = ("rmse", "rank", "rank_of_change")
TRAINED = (2002, 2004)
SAID = ("m_cooperation", "m_share")
ALL = tuple(dict.fromkeys((*f.STRUCTURE, *f.DIRECTED)))


@dataclass(frozen=True)
class Quantity:
    """One of the two: its name, its lags, the lag of ``smoothed``."""

    name: str
    lags: tuple[str, ...]
    mean: str

    @property
    def now(self) -> str:
        """The column of the origin's own year."""
        return self.lags[0]


NET_SHARE = Quantity("net share", ("net", "net_3"), "net_3")
VOLUME = Quantity("volume", ("volume", "volume_back", "volume_3"), "volume_3")
QUANTITIES = (NET_SHARE, VOLUME)


def outcome(
    quantity: Quantity, rows: pd.DataFrame, came: tuple[np.ndarray, np.ndarray], now: tuple[np.ndarray, np.ndarray]
) -> pd.DataFrame:
    """The rows that are scored, with ``y``; ``came`` and ``now`` are matrices of cooperative and conflictual events."""
    i, j = rows["i"].to_numpy(), rows["j"].to_numpy()
    cooperative, conflictual = (matrix[i, j].astype(float) for matrix in came)
    if quantity is VOLUME:
        return rows.assign(y=np.log1p(cooperative))[rows["counted"]]
    enough = (cooperative + conflictual >= LEAST_EVENTS) & (now[0][i, j] + now[1][i, j] >= LEAST_EVENTS)
    return rows.assign(y=f.net_share(cooperative, conflictual))[rows["counted"] & enough]


def training(origin: Origin, quantity: Quantity, years: int) -> pd.DataFrame | None:
    """Forecasts and features of earlier years with what came of them up to the origin; None where there is none."""
    newest = min(origin.year, origin.panel.last["cooperative"])
    windows = [(year, years) for year in TRAINED if year + years <= newest]
    if not windows and newest > TRAINED[0]:
        windows = [(TRAINED[0], newest - TRAINED[0])]
    parts = []
    for year, ahead in windows:
        rows = origin.earlier(year, ahead, directed=True)
        came, now = (_known(origin, when) for when in (year + ahead, year))
        parts.append(outcome(quantity, rows, came, now).assign(from_year=year))
    return pd.concat(parts, ignore_index=True) if parts else None


def _known(origin: Origin, year: int) -> tuple[np.ndarray, np.ndarray]:
    return origin.panel.at("cooperative", year), origin.panel.at("conflictual", year)


def score(origin: Origin, quantity: Quantity, years: int, boosting: bool = True) -> list[Row]:
    """How each forecaster did; nothing where the origin has too few years of events."""
    train = training(origin, quantity, years)
    if train is None:
        return []
    end = origin.year + years
    came = origin.outcome("cooperative", end), origin.outcome("conflictual", end)
    asked = outcome(quantity, origin.pairs(years, directed=True), came, _known(origin, origin.year))
    y, said = asked["y"].to_numpy(), forecasts(origin, quantity, train, asked, boosting)
    now = asked[quantity.now].to_numpy()
    errors = {name: (p - y) ** 2 for name, p in said.items()}
    i, j, codes = asked["i"].to_numpy(), asked["j"].to_numpy(), np.array(origin.panel.codes)
    found = []
    for name, p in said.items():
        counted = {
            "rmse": scores.rmse(y, p),
            "rank": scores.rank_correlation(p, y),
            "rank_of_change": scores.rank_correlation(p - now, y - now),
        }
        skill = None
        if name not in ("persistence", "smoothed", "gravity"):
            statistic = scores.better(errors[name], errors["gravity"], root=True)
            skill = (statistic(np.ones(len(y))), *scores.by_states(i, j, statistic))
        details = _order(asked, y, now) if name == "model" else {}
        lost = Losses(codes[i], codes[j], y, {"square": errors[name]})
        found.append(Row(quantity.name, origin.year, years, name, len(y), None, counted, skill, details, lost))
    return found


def forecasts(
    origin: Origin, quantity: Quantity, train: pd.DataFrame, asked: pd.DataFrame, boosting: bool
) -> dict[str, np.ndarray]:
    """Each forecaster's values for the pairs asked for."""
    y = train["y"].to_numpy()
    gravity = (*f.DIRECTED, *quantity.lags)

    def fitted(columns: tuple[str, ...], known: pd.DataFrame = train, rows: pd.DataFrame = asked) -> np.ndarray:
        return regression.line(known, known["y"].to_numpy(), rows, columns)[0]

    said = {"persistence": asked[quantity.now].to_numpy(), "smoothed": fitted((quantity.mean,)), "gravity": fitted(gravity)}
    static = structure(origin, quantity, asked)
    before = [structure(origin, quantity, rows, until=int(year)) for year, rows in train.groupby("from_year", sort=False)]
    both = train.assign(static=np.concatenate(before)), asked.assign(static=static)
    said["structure"] = fitted(("static",), *both)
    if boosting:
        said["boosting"] = regression.boosted_value(train, y, asked, (*ALL, *quantity.lags, "conflictual"))
    said["model"] = fitted(SAID)
    said["gravity+model"] = fitted((*gravity, *SAID))
    said["gravity+structure"] = fitted((*gravity, "static"), *both)
    return said


def structure(origin: Origin, quantity: Quantity, rows: pd.DataFrame, until: int | None = None) -> np.ndarray:
    """The record of three years, shrunk toward a regression on structure that is fitted up to a year."""
    newest = origin.year if until is None else until
    years = range(max(origin.panel.first["cooperative"], newest - 2), min(newest, origin.panel.last["cooperative"]) + 1)
    parts = []
    for year in years:
        table = origin.of_all(year, directed=True)
        cooperative, conflictual = (matrix[table["i"], table["j"]].astype(float) for matrix in _known(origin, year))
        if quantity is VOLUME:
            parts.append(table.assign(y=np.log1p(cooperative))[table["counted"]])
        else:
            enough = cooperative + conflictual >= LEAST_EVENTS
            parts.append(table.assign(y=f.net_share(cooperative, conflictual))[table["counted"] & enough])
    known = pd.concat(parts, ignore_index=True)
    columns = EXPOSED if quantity is VOLUME else f.STRUCTURE
    expected = regression.line(known, known["y"].to_numpy(), rows, columns)[0]
    if quantity is VOLUME:
        return np.where(rows["counted"], rows["volume_3"], expected)
    events = np.where(rows["counted"], rows["events"], 0)
    return (events * rows["net_3"].to_numpy() + WEIGHT * expected) / (events + WEIGHT)


def _order(asked: pd.DataFrame, y: np.ndarray, now: np.ndarray) -> dict[str, float]:
    """Rank correlations of what the model simulates with what is observed, at the start, at the end, and of change."""
    rank = scores.rank_correlation
    found: dict[str, float] = {}
    for name in ("share", "trust", "cooperation"):
        start, end = asked[f"m_{name}_start"].to_numpy(), asked[f"m_{name}"].to_numpy()
        found |= {
            f"{name}_start": rank(start, now),
            f"{name}_start_with_end": rank(start, y),
            f"{name}_end": rank(end, y),
            f"{name}_change": rank(end - start, y - now),
        }
    return found
