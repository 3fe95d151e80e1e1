"""The record of events between states in the three years before the start, as derived numbers, and exposure.

The record holds, for each pair, the log ratio of cooperative to conflictual events and how many there were, to two
digits: of each toward the other where the source has a direction (ICEWS), once for both where it has none (GDELT, whose
scores stand in the ratio and whose days with events are the number). Exposure is how many events a regression expects of
a pair.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.data.builder.of_pairs import distance, pair_of
from sim.data.builder.presence import Presence
from sim.data.public import Pair, Row, read_table

YEARS = 3
SMOOTH = 2.0
"""What is added to the events of either kind before their ratio is taken."""
FEWEST = 200
"""Pairs with events that a regression needs."""


@dataclass(frozen=True)
class Record:
    """Log ratio and weight by directed pair; ``directed`` is false where both directions are one number."""

    cells: dict[Pair, tuple[float, float]]
    source: str
    years: str
    directed: bool
    states: frozenset[str]

    def volumes(self) -> dict[Pair, float]:
        """Events of both directions, by pair."""
        total: dict[Pair, float] = {}
        for (a, b), (_, weight) in self.cells.items():
            pair = (min(a, b), max(a, b))
            total[pair] = total.get(pair, 0.0) + weight
        return total

    def rows(self) -> list[Row]:
        """A row for each pair with events: of the first toward the second, and back where that is another number."""
        rows = []
        for a, b in sorted({(min(pair), max(pair)) for pair in self.cells}):
            row = {"a": a, "b": b, "ratio": "", "weight": "", "ratio_back": "", "weight_back": ""}
            for pair, back in (((a, b), ""), ((b, a), "_back")):
                if pair in self.cells and (self.directed or not back):
                    ratio, weight = self.cells[pair]
                    row |= {f"ratio{back}": f"{ratio:.3g}", f"weight{back}": f"{float(f'{weight:.2g}'):g}"}
            rows.append(row)
        return rows


def record(data: Path, there: Presence, start: str) -> Record | None:
    """The record before a start: ICEWS where it has any of the three years, else GDELT, else none."""
    return _icews(data, there, int(start[:4])) or _gdelt(data, there, start)


def _icews(data: Path, there: Presence, year: int) -> Record | None:
    path = data / "icews" / "dyadyear.csv.gz"
    if not path.is_file():
        return None
    sums: dict[Pair, list[float]] = {}
    years: set[int] = set()
    columns = ("i_iso3c", "j_iso3c", "year", "verbCoop", "matlCoop", "verbConf", "matlConf")
    for row in read_table(path, columns):
        when, a, b = int(row["year"]), row["i_iso3c"], row["j_iso3c"]
        if year - YEARS <= when < year and a != b and a in there.names and b in there.names:
            years.add(when)
            cell = sums.setdefault((a, b), [0.0, 0.0])
            cell[0] += float(row["verbCoop"]) + float(row["matlCoop"])
            cell[1] += float(row["verbConf"]) + float(row["matlConf"])
    if not sums:
        return None
    cells = {pair: (math.log((c + SMOOTH) / (f + SMOOTH)), c + f) for pair, (c, f) in sums.items()}
    span = f"{min(years)}-{max(years)}"
    return Record(cells, "icews", span, True, frozenset(code for pair in cells for code in pair))


def _gdelt(data: Path, there: Presence, start: str) -> Record | None:
    path = data / "gdelt" / "monthly.csv.gz"
    if not path.is_file():
        return None
    first, end = f"{int(start[:4]) - YEARS:04d}{start[5:7]}", start.replace("-", "")
    sums: dict[Pair, list[float]] = {}
    months: set[str] = set()
    for row in read_table(path, ("ym", "src", "tgt", "pos", "neg", "active_days", "days_observed")):
        pair = pair_of(row["src"], row["tgt"])
        if first <= row["ym"] < end and pair == (row["src"], row["tgt"]) and all(c in there.names for c in pair):
            months.add(row["ym"])
            whole = 30.0 / max(1.0, float(row["days_observed"]))
            cell = sums.setdefault(pair, [0.0, 0.0, 0.0])
            cell[0] += float(row["pos"]) * whole
            cell[1] += float(row["neg"]) * whole
            cell[2] += float(row["active_days"])
    if not sums:
        return None
    cells = {pair: (math.log((c + SMOOTH) / (f + SMOOTH)), days) for pair, (c, f, days) in sums.items()}
    span = f"{min(months)[:4]}-{min(months)[4:]} to {max(months)[:4]}-{max(months)[4:]}"
    return Record(cells, "gdelt", span, False, frozenset(code for pair in cells for code in pair))


def exposure(
    events: Record,
    capability: Mapping[str, float],
    gdp: Mapping[str, float],
    capitals: Mapping[str, tuple[float, float]],
    borders: Mapping[Pair, str],
) -> dict[Pair, float]:
    """Events that a regression expects, as a logarithm in standard deviations from the mean of all pairs.

    log(1 + events of both directions) on the logarithms of both capabilities and of both GDPs (as sums), on the logarithm
    of the distance of the capitals, and on a border on land and by sea, over the pairs of states that the record knows.
    """
    codes = sorted(code for code in capability if code in capitals and gdp.get(code))
    pairs = [(a, b) for i, a in enumerate(codes) for b in codes[i + 1 :]]
    if not pairs:
        return {}
    total = events.volumes()
    power = {code: math.log(max(capability[code], 1e-6)) for code in codes}
    wealth = {code: math.log(gdp[code]) for code in codes}
    x = np.array(
        [
            [
                1.0,
                power[a] + power[b],
                wealth[a] + wealth[b],
                math.log(100.0 + distance(capitals[a], capitals[b])),
                float(borders.get((a, b)) == "land"),
                float(borders.get((a, b)) == "sea"),
            ]
            for a, b in pairs
        ]
    )
    known = np.array([a in events.states and b in events.states for a, b in pairs])
    y = np.array([math.log1p(total.get(pair, 0.0)) for pair in pairs])
    if known.sum() < FEWEST:
        return {}
    fitted = x @ np.linalg.lstsq(x[known], y[known], rcond=None)[0]
    spread = fitted.std()
    standard = (fitted - fitted.mean()) / (spread if spread else 1.0)
    return {pair: float(value) for pair, value in zip(pairs, standard, strict=True)}
