"""How often `compare` names a direction where there is none, and how often it finds one that is there.

    python -m benchmarks.directions [--pairs 1000] [--replicates 200] [--pool 4000]

One scenario is simulated once with many replicates, each with luck of its own. Two disjoint samples of them are two runs of
the same scenario under other seeds, compared as independent samples: no effect is true. Then an effect of some standard
errors is planted in one series. Prints the share of pairs in which a direction is named, with its 95 % interval (Wilson).
"""

from __future__ import annotations

import argparse
import math
import time
from typing import Any

import numpy as np

import sim
from sim.questions.compare.pairing import Comparison
from sim.questions.compare.selection import OUTCOMES, headline

LAST = 25
"""Bounds of months that are compared: the last two years."""


class Sample:
    """Some replicates of a run, as a comparison reads a run."""

    def __init__(self, whole: Any, rows: np.ndarray, planted: tuple[str, str, float] | None = None) -> None:
        self.whole, self.rows, self.planted = whole, rows, planted
        self.manifest: dict[str, Any] = {"scenario": "sample", "states": []}

    def measures(self) -> list[str]:
        return [name for name in self.whole.series if name in OUTCOMES]

    def subjects(self, measure: str) -> list[str]:
        return list(self.whole.series[measure].subjects)

    def series(self, measure: str, subject: str) -> tuple[list[str], np.ndarray]:
        found = self.whole.series[measure]
        values = found.values[self.rows, -LAST:, found.subjects.index(subject)].astype(float)
        if self.planted is not None and self.planted[:2] == (measure, subject):
            values = values + self.planted[2]
        return self.whole.times[-values.shape[1] :], values

    def story(self) -> dict[str, Any]:
        return {"events": {}}


def main() -> None:
    to = argparse.ArgumentParser(prog="python -m benchmarks.directions", description=__doc__.splitlines()[0])
    to.add_argument("--pairs", type=int, default=1000)
    to.add_argument("--replicates", type=int, default=200)
    to.add_argument("--pool", type=int, default=4000)
    to.add_argument("--scenario", default="sco_expansion")
    args = to.parse_args()
    began = time.monotonic()
    whole = sim.simulate(sim.load(args.scenario), replicates=args.pool, seed=1)
    print(f"{args.scenario}: {args.pool:,} replicates in {time.monotonic() - began:.0f} s", flush=True)
    luck = np.random.default_rng(1)
    asked = ("cooperation:CHN-RUS", "trust:IND>PAK", "strength:ISK")
    print(f"{args.pairs:,} pairs of {args.replicates} and {args.replicates} replicates; a direction is named in", flush=True)
    counts = dict.fromkeys((*asked, "automatic headline"), 0)
    series = 0
    for _ in range(args.pairs):
        c = compared(whole, luck, args.replicates)
        for name in asked:
            counts[name] += bool(headline(c, name).direction)
        found = headline(c)
        counts["automatic headline"] += bool(found.direction)
        series = found.looks
    for name, count in counts.items():
        looks = f" over {series} series" if name.startswith("auto") else ""
        print(f"  no effect, {name}{looks}: {share(count, args.pairs)}", flush=True)
    for name, size in [(name, 3.0) for name in asked] + [(name, 5.0) for name in asked]:
        measure, subject = name.split(":")
        error = standard_error(whole, measure, subject, args.replicates)
        hits = 0
        for _ in range(args.pairs):
            c = compared(whole, luck, args.replicates, (measure, subject, size * error))
            found = headline(c, name if size == 3 else None)
            d = found.difference
            hits += found.direction == "higher" and (d.measure, d.subject) == (measure, subject)
        how = "asked for" if size == 3 else f"automatic headline over {series} series"
        print(f"  an effect of {size:g} standard errors in {name}, {how}: {share(hits, args.pairs)}", flush=True)
    print(f"{time.monotonic() - began:.0f} s")


def compared(whole: Any, luck: np.random.Generator, size: int, planted: tuple[str, str, float] | None = None) -> Comparison:
    """Two disjoint samples of the replicates."""
    rows = luck.permutation(len(next(iter(whole.series.values())).values))[: 2 * size]
    a, b = Sample(whole, rows[:size], planted), Sample(whole, rows[size:])
    made: Any = Comparison(a, b, "a", "b", False, size, tuple(whole.times[-LAST:]))  # type: ignore[arg-type]
    made.__dict__["changes"] = []
    return made


def standard_error(whole: Any, measure: str, subject: str, size: int) -> float:
    """Of the difference of two samples, of what the answer is taken over."""
    _, values = Sample(whole, np.arange(len(next(iter(whole.series.values())).values))).series(measure, subject)
    taken = values.mean(axis=1) if measure == "cooperation" else values[:, -1]
    return float(taken.std(ddof=1)) * math.sqrt(2 / size)


def share(count: int, of: int) -> str:
    """A share with its 95 % interval by Wilson."""
    z, p = 1.96, count / of
    middle, reach = (p + z * z / (2 * of)) / (1 + z * z / of), z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    reach /= 1 + z * z / of
    return f"{100 * p:.1f} % ({100 * max(0, middle - reach):.1f} to {100 * min(1, middle + reach):.1f})"


if __name__ == "__main__":
    main()
