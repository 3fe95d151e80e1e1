"""How likely a sweep's outcome goes one way: paired shares of replicates, point by point, read from the runs' folders.

Where the sweep runs two scenarios, the share of replicates in which the outcome is higher in the one than in the other,
replicate by replicate with the same luck; else the share in which it ends higher than it began. A tie counts half.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from sim.results import Run, open_run
from sim.sweep.folder import Sweep
from sim.sweep.table import in_order

Z = 1.959964
"""Of a 95 % interval."""


@dataclass(frozen=True)
class Odds:
    """One point: values of the axes beside the compared scenarios, the share that is higher, its 95 % interval, replicates,
    the outcome at the end by replicate, (R,), of each scenario compared, and the rows of the table."""

    point: dict[str, Any]
    share: float
    low: float
    high: float
    replicates: int
    ends: dict[str, np.ndarray]
    differing: float = 1.0
    """The share of replicates that are no tie: without any, even odds mean that nothing differs."""
    rows: tuple[int, ...] = ()

    @property
    def value(self) -> np.ndarray:
        """By replicate (R,): the first scenario less the second, or the outcome of the only one."""
        first, *others = self.ends.values()
        return first - others[0] if others else first


def contrast(sweep: Sweep) -> tuple[str, str] | None:
    """The two scenarios that are compared, the changed one first; None where there are not exactly two, or one by one."""
    if sweep.manifest["design"] == "one":
        return None
    axis = next((axis for axis in sweep.manifest["axes"] if axis["key"] == "scenario"), None)
    if axis is None or len(axis.get("values", ())) != 2:
        return None
    table = sweep.table()
    names = list(dict.fromkeys(table["scenario"]))
    if len(names) != 2:
        return None
    first = table[table["status"] == "done"].groupby("scenario")["folder"].first()
    baselines = {name: open_run(sweep.folder_of(first[name])).manifest.get("baseline") for name in names if name in first}
    return in_order(names, baselines)


def odds(sweep: Sweep, outcome: str) -> list[Odds]:
    """The odds at every point of the sweep whose runs are there, in the order of the table."""
    return odds_of(sweep, [outcome])[outcome]


def odds_of(sweep: Sweep, outcomes: Sequence[str]) -> dict[str, list[Odds]]:
    """The odds of several outcomes, each run opened once."""
    pair = contrast(sweep)
    axes = [key for key in sweep.axes if not (pair and key == "scenario")]
    table = sweep.table()
    table = table.loc[table["status"] == "done", list(dict.fromkeys([*axes, "scenario", "number", "folder"]))]
    found: dict[str, list[Odds]] = {outcome: [] for outcome in outcomes}
    for values, group in table.groupby(axes, sort=False, dropna=False) if axes else [((), table)]:
        rows = {row.scenario: row for row in group.itertuples()}
        if pair is not None and not set(pair) <= set(rows):
            continue
        names = pair or tuple(rows)[:1]
        runs = {name: open_run(sweep.folder_of(rows[name].folder)) for name in names}
        numbers = tuple(int(rows[name].number) for name in names)
        for outcome, there in found.items():
            there += _at(dict(zip(axes, values)), {name: _series(run, outcome) for name, run in runs.items()}, numbers)
    return found


def _at(point: dict[str, Any], series: dict[str, np.ndarray], numbers: tuple[int, ...]) -> list[Odds]:
    """The odds at one point, from the outcome of one scenario or of two, (R, time); none where there is no value."""
    first, *others = series.values()
    difference = first[:, -1] - (others[0][:, -1] if others else _first(first))
    known = difference[np.isfinite(difference)]
    if not len(known):
        return []
    share = float((known > 0).mean() + (known == 0).mean() / 2)
    ends = {name: values[:, -1] for name, values in series.items()}
    return [Odds(point, share, *wilson(share, len(known)), len(known), ends, float((known != 0).mean()), numbers)]


def _series(run: Run, outcome: str) -> np.ndarray:
    measure, _, subject = outcome.partition(":")
    return run.series(measure, subject)[1].astype(float)


def _first(series: np.ndarray) -> np.ndarray:
    """The first value of each replicate that there is."""
    known = np.isfinite(series)
    return np.where(known.any(axis=1), series[np.arange(len(series)), known.argmax(axis=1)], np.nan)


def wilson(share: float, count: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share of a count."""
    middle = (share + Z**2 / (2 * count)) / (1 + Z**2 / count)
    half = Z / (1 + Z**2 / count) * np.sqrt(share * (1 - share) / count + Z**2 / (4 * count**2))
    return min(share, max(0.0, float(middle - half))), max(share, min(1.0, float(middle + half)))


def crossings(x: np.ndarray, shares: np.ndarray) -> Iterator[float]:
    """Where the line through the shares crosses even odds; `x` is rising."""
    for k in range(len(x) - 1):
        a, b = shares[k] - 0.5, shares[k + 1] - 0.5
        if a == 0 and (k == 0 or shares[k - 1] != 0.5):
            yield float(x[k])
        elif a * b < 0:
            yield float(x[k] + (x[k + 1] - x[k]) * a / (a - b))


@lru_cache(maxsize=1)
def _titles() -> dict[str, str]:
    from sim import mechanisms

    return {f"parameters.{m}.{info.name}": info.unit for m, infos in mechanisms.all_parameters().items() for info in infos}


def unit(key: str) -> str:
    """The unit of a parameter; empty for another axis."""
    found = _titles().get(key, "")
    return "" if found == "1" else found
