"""What a report shows of its runs: a view for each run, and one for each difference between two.

A view holds the quantiles of every series over replicates, and the ledger of trust; pictures and script read nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.questions.compare import Comparison
from sim.questions.compare.difference import quantiles
from sim.questions.compare.pairing import SIDES
from sim.results import Run
from sim.results.netcdf import LedgerTable

FEW = 20
"""Below this many replicates a band is their whole range, since quantiles say nothing."""


@dataclass(frozen=True)
class Series:
    """One series over time: months (T) and rows (K, T) from low to high, the median in the middle.

    K is 5 for 5, 25, 50, 75 and 95 % of the replicates; 3 for lowest, median and highest of a few; 1 for a single line.
    """

    times: list[str]
    rows: np.ndarray

    @property
    def middle(self) -> np.ndarray:
        """The median, (T,)."""
        return self.rows[len(self.rows) // 2]


@dataclass(frozen=True)
class View:
    """A run, or the first of two runs minus the second."""

    name: str
    difference: bool
    replicates: int
    series: dict[tuple[str, str], Series]
    ledger: LedgerTable


def of_run(run: Run, name: str | None = None, also: Sequence[tuple[str, str]] = ()) -> View:
    """The view of a run; a bloc, which is a name, becomes the share of replicates on each side. ``also`` names a dyad that
    was asked about and is perhaps not recorded."""
    count = int(run.manifest["replicates"])
    found = {}
    for measure in run.measures():
        for subject in run.subjects(measure):
            times, values = run.series(measure, subject)
            if measure == "bloc":
                shares = {side: (values == code).mean(axis=0)[None] for side, code in SIDES.items()}
                found |= {(side, subject): Series(times, share) for side, share in shares.items()}
            else:
                found[measure, subject] = Series(times, _rows(quantiles(values), values))
    for measure, subject in also:
        if (measure, subject) not in found:
            times, values = run.series(measure, subject)
            found[measure, subject] = Series(times, _rows(quantiles(values), values))
    return View(name or run.manifest["scenario"], False, count, found, run.ledger())


def of_comparison(c: Comparison) -> View:
    """The view of a difference; paired where the runs are."""
    few = c.paired and c.replicates < FEW
    found = {}
    for d in [*c.differences, *c.asked]:
        rows = d.mean[None] if d.measure in SIDES else d.quantiles[1:4] if few else d.quantiles
        found[d.measure, d.subject] = Series(d.times, rows)
    return View(f"{c.name_a} minus {c.name_b}", True, c.replicates, found, _minus(c.a.ledger(), c.b.ledger()))


def _rows(five: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The rows to show, from five quantiles and the values (R, T) that they are of."""
    if len(values) == 1:
        return five[2:3]
    if len(values) < FEW:
        with np.errstate(invalid="ignore"):
            known = np.isfinite(values).any(axis=0)
            low, high = (
                np.where(known, f(np.where(np.isfinite(values), values, fill), axis=0), np.nan)
                for f, fill in ((np.min, np.inf), (np.max, -np.inf))
            )
        return np.stack([low, five[2], high])
    return five


def _minus(a: LedgerTable, b: LedgerTable) -> LedgerTable:
    """The ledger of one run minus those of another, over the states, months and accounts of both."""
    states = [code for code in a.states if code in b.states]
    months = [month for month in a.months if month in b.months]
    accounts = list(dict.fromkeys([*a.accounts, *b.accounts]))
    n = len(states)
    mean, trust = np.zeros((len(accounts), len(months), n, n)), np.zeros((len(months) + 1, n, n))
    for table, sign in ((a, 1.0), (b, -1.0)):
        pick = np.array([table.states.index(code) for code in states], dtype=int)
        begin = table.months.index(months[0]) if months else 0
        own = slice(begin, begin + len(months))
        for k, account in enumerate(table.accounts):
            mean[accounts.index(account)] += sign * table.mean[k, own][:, pick][:, :, pick]
        trust += sign * table.trust[begin : begin + len(months) + 1][:, pick][:, :, pick]
    return LedgerTable(accounts, months, states, mean, trust, np.full((n, n), 0.5))


def ordered(view: View, codes: Sequence[str]) -> tuple[list[str], list[int]]:
    """States by their most frequent side at the end (1 East, 0 none, 2 West), then by alignment; and those sides."""
    if ("alignment", codes[0]) not in view.series if codes else True:
        return list(codes), [0] * len(codes)
    rows = []
    for code in codes:
        shares = [view.series[side, code].rows[0, -1] for side in SIDES]
        lean = float(np.nan_to_num(view.series["alignment", code].middle[-1]))
        side = int(np.argmax(shares))
        rows.append(({1: 0, 0: 1, 2: 2}[side], -lean, code, side))
    rows.sort()
    return [row[2] for row in rows], [row[3] for row in rows]
