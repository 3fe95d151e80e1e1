"""The rivals, and version 0.1, as they were measured first: a table of five-year forecasts that the hindcast reproduces.

    python -m tests.hindcast_table            rivals and the model beside the table; half an hour for all of it
    python -m tests.hindcast_table --rivals   the rivals alone, without a simulation
    python -m tests.hindcast_table --leaks    every file changed after the origin by itself: forecasts and rivals to the byte

The table's states lack Vietnam, Czechia and Yemen, which a join had lost, and its model ran with its default numbers, which
rest on data of up to 2013; so it does here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache

import numpy as np

from sim.data.panel import FILES, panel
from sim.hindcast.forecast import Forecast
from sim.hindcast.origin import Asked, Origin, chosen
from sim.hindcast.study import TARGETS
from tests.unit.hindcast import few

LOST = "-VNM,-CZE,-YEM,-DDR,-YMD"
YEARS = 5
WITHIN = 0.02
TABLE = """
disputes  all brier 1995,2000,2005,2009      persistence .0055 .0059 .0026 .0060
disputes  all brier 1995,2000,2005,2009      smoothed    .0053 .0055 .0025 .0055
disputes  all brier 1995,2000,2005,2009      gravity     .0050 .0051 .0023 .0052
disputes  all brier 1995,2000,2005,2009      model       .0063 .0058 .0028 .0064
disputes  k37 brier 2009                     persistence .0541
disputes  k37 brier 2009                     smoothed    .0429
disputes  k37 brier 2009                     gravity     .0379
disputes  k37 brier 2009                     model       .0520
volume    all rmse  2005,2009                persistence .942 .945
volume    all rmse  2005,2009                smoothed    .815 .799
volume    all rmse  2005,2009                gravity     .815 .787
volume    all rmse  2005,2009                model       1.370 1.346
net_share all rmse  2005,2009                persistence .295 .335
net_share all rmse  2005,2009                smoothed    .257 .288
net_share all rmse  2005,2009                gravity     .257 .287
net_share all rmse  2005,2009                model       .278 .318
net_share k37 rmse  2005,2009                persistence .276 .313
net_share k37 rmse  2005,2009                smoothed    .253 .281
net_share k37 rmse  2005,2009                gravity     .248 .277
net_share k37 rmse  2005,2009                model       .262 .297
votes     all rmse  1995,2000,2005,2009,2014 persistence .473 .397 .340 .333 .347
votes     all rmse  1995,2000,2005,2009,2014 smoothed    .425 .403 .363 .300 .352
votes     all rmse  1995,2000,2005,2009,2014 gravity     .431 .379 .345 .321 .325
votes     all rmse  1995,2000,2005,2009,2014 model       .427 .397 .364 .298 .341
votes     all crps  1995,2000,2005,2009,2014 persistence .262 .218 .196 .180 .181
votes     all crps  1995,2000,2005,2009,2014 smoothed    .238 .222 .203 .171 .182
votes     all crps  1995,2000,2005,2009,2014 gravity     .237 .210 .195 .179 .173
votes     all crps  1995,2000,2005,2009,2014 model       .234 .211 .195 .164 .174
pacts     all log   1995,2000,2005,2009      gravity     .032 .063 .082 .018
pacts     all log   1995,2000,2005,2009      model       .033 .085 .119 .011
"""


class Nothing(Asked):
    """A study whose model says nothing: rivals do not depend on it, and need no simulation."""

    def forecast(self, year, replicates):
        """The panel of a year, and zeros."""
        if (year, 0) not in self.made:
            known = panel(self.series, year, self.without)
            places = known.there(year, self.states)
            n, years = len(places), self.years
            nothing = Forecast(
                places,
                np.zeros((2, years + 1, n, n), np.float32),
                np.zeros((2, years + 1, n), np.float32),
                *(np.zeros((size, n, n)) for size in (years + 1, years, years + 1)),
            )
            self.made[year, 0] = known, nothing
        return self.made[year, 0]


def wanted() -> Iterator[tuple[str, str, str, int, str, float]]:
    """Target, states, metric, origin, forecaster and value of each number of the table."""
    for line in TABLE.strip().splitlines():
        target, who, metric, origins, name, *values = line.split()
        for origin, value in zip(origins.split(","), values):
            yield target.replace("_", " "), who, metric, int(origin), name, float(value)


@cache
def study(who: str, simulated: bool) -> Asked:
    """The states of the table."""
    states, without = chosen(f"{who},{LOST}")
    if not simulated:
        return Nothing(few.whole(), states, without, YEARS, 20)
    return Asked(few.whole(), states, without, YEARS, 500 if states else 200, estimate=False)


@cache
def scored(target: str, who: str, origin: int, simulated: bool) -> dict[str, dict[str, float]]:
    """The scores by forecaster."""
    rows = TARGETS[target].score(Origin(origin, study(who, simulated)), YEARS, False)
    return {row.forecaster: row.scores for row in rows if row.target == target}


def main(words: list[str]) -> int:
    """Print the table with what comes out here; 1 where a rival is more than two percent worse."""
    if "--leaks" in words:
        return _leaks()
    simulated, worse = "--rivals" not in words, 0
    print(f"{'target':<10} {'states':<6} {'metric':<6} {'origin':<6} {'forecaster':<12} {'table':>7} {'here':>7}")
    for target, who, metric, origin, name, value in wanted():
        if name == "model" and not simulated:
            continue
        here = scored(target, who, origin, simulated)[name][metric]
        off = here / value - 1
        worse += name != "model" and off > WITHIN
        print(
            f"{target:<10} {who:<6} {metric:<6} {origin:<6} {name:<12} {value:7.4f} {here:7.4f} {100 * off:+6.1f} %",
            flush=True,
        )
    print(f"rivals more than {WITHIN:.0%} worse: {worse}")
    return int(worse > 0)


def _leaks() -> int:
    plain, wrong = few.told(few.series()), 0
    for name in sorted(FILES):
        for change in (few.removed, few.noise):
            same = few.told(change(few.series(), name)) == plain
            wrong += not same
            print(f"{name:<14} {change.__name__:<8} {'the same to the byte' if same else 'DIFFERS'}", flush=True)
    return int(wrong > 0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
