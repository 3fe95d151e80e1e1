"""The public series of sixteen states, so that a hindcast takes seconds; what was known at an origin, changed after it."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from sim.data.panel import DATED, SPELLS, read_series
from sim.hindcast import disputes, forecasts, pacts, relations, votes
from sim.hindcast.origin import Asked, Origin

ROOT = Path(__file__).resolve().parents[3]
DATA = Path(os.environ.get("SIM_DATA") or ROOT.parent / "shared" / "data")
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"the public data are not at {DATA}; they do not ship")
NUMBERS = {2, 20, 200, 220, 290, 365, 630, 640, 645, 651, 666, 670, 710, 740, 750, 770}
CODES = ["USA", "CAN", "GBR", "FRA", "POL", "RUS", "IRN", "TUR", "IRQ", "EGY", "ISR", "SAU", "CHN", "JPN", "IND", "PAK"]
ORIGIN, YEARS, REPLICATES = 2005, 2, 20


@cache
def whole():
    """All series, all states."""
    return read_series(DATA)


@cache
def series():
    """All series, of the sixteen states."""
    found = {}
    for name, table in whole().items():
        keep = np.ones(len(table), bool)
        for column in table:
            if (column.startswith(("ccode", "gwcode")) and name != "codes") or column == "ccode":
                keep &= table[column].isin(NUMBERS).to_numpy()
            elif column.endswith("iso3c"):
                keep &= table[column].isin(CODES).to_numpy()
        found[name] = table[keep].reset_index(drop=True)
    return found


def asked(of, workers=1, rules="0.1"):
    """A small study."""
    return Asked(of, tuple(CODES), (), YEARS, REPLICATES, workers, rules=rules)


def told(of, workers=1, rules="0.1"):
    """All that a hindcast says from the origin: the forecasts' table, and every rival's predictions as bytes."""
    origin = Origin(ORIGIN, asked(of, workers, rules))
    pairs, directed = origin.pairs(YEARS), origin.pairs(YEARS, directed=True)
    free = pairs[pairs["defence"] == 0].reset_index(drop=True)
    said = dict(disputes.probabilities(origin, YEARS, pairs)[0])
    said |= {f"pacts {name}": p for name, p in pacts.probabilities(origin, YEARS, free, True).items()}
    said |= {f"votes {name}": p for name, (p, _) in votes.rivals(origin, YEARS, pairs).items()}
    for quantity in relations.QUANTITIES:
        train = relations.training(origin, quantity, YEARS)
        values = relations.forecasts(origin, quantity, train, directed, True)
        said |= {f"{quantity.name} {name}": p for name, p in values.items()}
    return forecasts.text([origin]), {name: np.asarray(p).tobytes() for name, p in said.items()}


def beginning(name):
    """The column of a file that says from when on a row holds."""
    return SPELLS[name][0] if name in SPELLS else DATED.get(name, "year")


def removed(of, name, until=ORIGIN):
    """A file as it was at the end of a year: no later row, and no end that lies later."""
    table = of[name][of[name][beginning(name)] <= until].copy()
    if name in SPELLS:
        last = SPELLS[name][1]
        table[last] = table[last].astype(float).where(table[last] <= until)
    return {**of, name: table.reset_index(drop=True)}


def noise(of, name, until=ORIGIN, seed=1):
    """A file whose later rows, and ends that lie later, are anything at all."""
    luck = np.random.default_rng(seed)
    table = of[name].copy()
    later = (table[beginning(name)] > until).to_numpy()
    fixed = {"year", "signYear", "stdate", "start", "first_year", "igo", "status", "ISO3", *SPELLS.get(name, ())}
    for column in table:
        if column in fixed or not later.any():
            continue
        values = table[column].to_numpy(copy=True)
        if column.startswith(("ccode", "gwcode")) or column.endswith("iso3c"):
            values[later] = luck.permutation(values[later])
        elif column.startswith(("cowmid", "atop")) or column == "conttype":
            values[later] = luck.integers(0, 2, later.sum())
        elif np.issubdtype(values.dtype, np.integer):
            values[later] = luck.integers(0, 1000, later.sum())
        else:
            values[later] = luck.random(later.sum()) * 90
        table[column] = values
    if name in SPELLS:
        last = SPELLS[name][1]
        ends = table[last].to_numpy(copy=True).astype(float)
        after = ends > until
        ends[after] = luck.integers(until + 1, 2100, after.sum())
        table[last] = ends
    return {**of, name: table}


SOONER = {"capitals": 1962}
"""Files of the sixteen states without a row after the origin: the year they are cut at."""
