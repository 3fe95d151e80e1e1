"""The worlds that are timed: the baseline's twenty-one states without events, and made-up ones of any number."""

from __future__ import annotations

import dataclasses
import itertools
from dataclasses import dataclass

import numpy as np

from sim.scenario import Scenario, read
from sim.scenario.rules import FIRST

BUILT_IN = 21
"""States of the scenario `baseline`."""


@dataclass(frozen=True)
class Size:
    """States, replicates and months of a run, written 21x200x132."""

    states: int
    replicates: int
    months: int

    @classmethod
    def parse(cls, text: str) -> Size:
        """From its name.

        Raises:
            ValueError: the text is not three whole numbers joined by x.
        """
        try:
            size = cls(*(int(part) for part in text.split("x")))
        except (TypeError, ValueError):
            raise ValueError(f"{text!r} is no size; write states x replicates x months, such as 21x200x132") from None
        if min(size.states, size.replicates, size.months) < 1:
            raise ValueError(f"{text!r}: states, replicates and months are 1 or more")
        return size

    def __str__(self) -> str:
        """Its name."""
        return f"{self.states}x{self.replicates}x{self.months}"

    @property
    def dyad_steps(self) -> int:
        """Replicates x months x states x states: the unit of all timings."""
        return self.replicates * self.months * self.states**2


def scenario_of(size: Size) -> Scenario:
    """The story that is timed: all mechanisms under rules 0.1, no events, as many months as the size says."""
    last = 2015 * 12 + size.months - 1
    events = {f"~scenario.events.{key}": None for key in read("baseline").events}
    first = {"scenario.rules": FIRST}  # those of the Mesa models
    base = read("baseline", changes={**events, **first, "end": f"{last // 12}-{last % 12 + 1:02d}"})
    return base if size.states == BUILT_IN else _made_up(base, size.states)


def _made_up(base: Scenario, n: int) -> Scenario:
    """A world of n states on a ring: neighbours share borders and quarrels, one dyad in ten has a pact."""
    rng = np.random.default_rng(n)
    codes = [f"X{k:03d}" for k in range(n)]
    power = rng.lognormal(0, 1.5, n)
    power /= power.sum()
    states = [
        {"code": c, "name": c, "capability": float(power[k]), "affinity": float(rng.normal()), "world_reach": int(k < 2)}
        for k, c in enumerate(codes)
    ]
    dyads = []
    for (i, a), (j, b) in itertools.combinations(enumerate(codes), 2):
        near = min(j - i, n - j + i) <= 2
        tie = "defence" if rng.random() < 0.1 else "none"
        rival = int(near and tie == "none" and rng.random() < 0.2)
        dyads.append({"a": a, "b": b, "border": "land" if near else "none", "tie": tie, "rivalry": rival})
    tables = dataclasses.replace(
        base.tables,
        states=states,
        dyads=dyads,
        trust=[],
        organisations=[{"code": code, "name": code, "depth": 0.4} for code in ("ONE", "TWO")],
        memberships=[{"organisation": "ONE" if k % 2 else "TWO", "state": c} for k, c in enumerate(codes) if k % 3],
        actors=[{"code": "ACT", "name": "ACT", "host": codes[n // 2], "strength": 1000.0, "effort": 0.5}],
        reach=[{"actor": "ACT", "state": c, "reach": 0.2, "bias": 1.0} for c in codes],
    )
    watch = tuple((codes[k], codes[(k + 1) % n]) for k in range(min(5, n // 2)))
    cores = {"east": (codes[0],), "west": (codes[1],)}
    return dataclasses.replace(base, tables=tables, cores=cores, sets={"few": tuple(codes[:5])}, watch=watch, estimates=[])
