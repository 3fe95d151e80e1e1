"""What is known of each pair of states at the end of a year, as columns for a regression.

All of it comes from one :class:`sim.data.panel.Panel`, which holds nothing later than its own last year.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.data.panel import Panel

GRAVITY = ("larger", "smaller", "far", "land", "near", "rivalry")
"""Size, distance and contiguity: what a pair is without its record."""
DIRECTED = ("own", "other", "far", "land", "near", "rivalry")
"""The same toward the other, with the sizes of the first and the second."""
RECORD = ("dispute_5", "disputes_20")
"""The dispute record of five and twenty years."""
CONFLICT = (*GRAVITY, *RECORD, "apart", "regime_gap", "regime_low")
"""What disputes start from (the static structure)."""
STRUCTURE = (
    *GRAVITY,
    *RECORD,
    *("defence", "consultation", "shared_allies", "shared_foes", "apart", "regime_low", "regime_gap"),
    *("organisations", "agreements", "exercises", "wealth"),
)
"""What the tone of relations stands on (the static structure)."""
PACT = (*GRAVITY, "soft", "dispute_5", "shared_foes", "fit", "treaties", "apart", "regime_gap", "regime_low")
"""What new pacts stand on (the static structure)."""
EVENTS = ("net", "net_3", "volume", "volume_back", "volume_3", "conflictual")
"""The event record, from its second year on."""


def features(panel: Panel, year: int, places: np.ndarray, *, directed: bool = False) -> pd.DataFrame:
    """A row for each pair of the states at ``places``: unordered (i < j), or each toward each other.

    Columns ``i``, ``j`` (positions in the panel's codes), those of the lists of this module that the year has, and
    ``events`` (cooperative and conflictual of three years), ``counted`` (whether the event data know both).
    """
    m = len(places)
    first, second = np.where(~np.eye(m, dtype=bool)) if directed else np.triu_indices(m, 1)
    i, j = places[first], places[second]

    def of(matrix: np.ndarray) -> np.ndarray:
        return matrix[i, j].astype(float)

    def at(name: str) -> np.ndarray:
        return panel.at(name, year)

    size = np.log(np.clip(np.nan_to_num(at("power"), nan=1e-5), 1e-6, None))
    onsets = panel.within("onset", year, 5)
    pacts, foes = at("defence"), ((onsets > 0) | (at("rivalry") > 0)).astype(np.float32)
    allies, partners = pacts @ pacts, pacts.sum(axis=1)
    regime = np.nan_to_num(at("regime"), nan=np.nanmean(at("regime")))
    mean = panel.affinity(year)
    now, before = (panel.at("ideal", when) for when in (year, year - 1))
    apart = np.abs(mean[i] - mean[j])
    apart_now = _else(np.abs(now[i] - now[j]), apart)
    wealth = np.log(np.clip(np.nan_to_num(at("wealth"), nan=1e3), 1, None))
    defence = of(pacts)
    found = {
        "i": i,
        "j": j,
        "larger": np.maximum(size[i], size[j]),
        "smaller": np.minimum(size[i], size[j]),
        "own": size[i],
        "other": size[j],
        "far": np.log(np.clip(of(panel.distance), 50, None)),
        "land": of(at("land")),
        "near": of(at("near")),
        "rivalry": of(at("rivalry")),
        "dispute_5": (of(onsets) > 0).astype(float),
        "disputes_20": np.log1p(of(panel.within("onset", year, 20))),
        "defence": defence,
        "consultation": of(at("consultation")),
        "soft": ((of(at("treaty")) > 0) & (defence == 0)).astype(float),
        "shared_allies": np.log1p(of(allies)),
        "shared_foes": np.log1p(of(foes @ foes)),
        "fit": of(allies) * (1 / np.maximum(partners[i], 1) + 1 / np.maximum(partners[j], 1)) / 2,
        "treaties": np.log1p(np.maximum(partners[i], partners[j])),
        "regime_low": np.minimum(regime[i], regime[j]),
        "regime_gap": np.abs(regime[i] - regime[j]),
        "apart": apart,
        "apart_now": apart_now,
        "apart_before": _else(np.abs(before[i] - before[j]), apart_now),
        "organisations": np.log1p(of(at("shared"))),
        "agreements": np.log1p(of(at("agreements"))),
        "exercises": np.log1p(of(panel.within("exercises", year, 5))),
        "wealth": wealth[i] + wealth[j],
        "counted": panel.counted[i] & panel.counted[j],
    }
    if year >= panel.first["cooperative"] and panel.counted.any():
        found |= _events(panel, year, i, j)
    return pd.DataFrame(found)


def _else(values: np.ndarray, others: np.ndarray) -> np.ndarray:
    return np.where(np.isnan(values), others, values)


def _events(panel: Panel, year: int, i: np.ndarray, j: np.ndarray) -> dict[str, np.ndarray]:
    last = min(year, panel.last["cooperative"])
    years = [when for when in (last, last - 1, last - 2) if when >= panel.first["cooperative"]]
    cooperative, conflictual = (
        {when: panel.at(name, when)[i, j].astype(float) for when in years} for name in ("cooperative", "conflictual")
    )
    back = np.log1p(panel.at("cooperative", last)[j, i].astype(float))
    both, against = sum(cooperative.values()), sum(conflictual.values())
    return {
        "net": net_share(cooperative[last], conflictual[last]),
        "net_3": net_share(both, against),
        "volume": np.log1p(cooperative[last]),
        "volume_back": back,
        "volume_3": np.mean([np.log1p(count) for count in cooperative.values()], axis=0),
        "conflictual": np.log1p(conflictual[last]),
        "events": both + against,
    }


def net_share(cooperative: np.ndarray, conflictual: np.ndarray) -> np.ndarray:
    """Cooperative less conflictual events over all, -1..1; 0 where there are none."""
    return (cooperative - conflictual) / np.maximum(cooperative + conflictual, 1)
