"""Anchor: the level that trust reverts to follows pacts and votes.

Rule: anchor = base + pact [defence pact] - distance |x_i - x_j|, within [-1, 1]. The base holds the rest: ``level``, a
consultation tie and a rivalry at the start, sourced overrides, and what events add (the end of a rivalry, the lasting
share of a shock). In the starting world this is level + pact [pact] + consultation [consultation] - distance |dx|
- rivalry [rivalry].
With ``start: record`` and a world that has grounds, trust starts at its record of events, shrunk toward what structure
lets expect, T(0) = (N f(n) + weight f(s)) / (N + weight), and the anchor at f(s) + lasting (T(0) - f(s)); afterwards a
pact, votes and a rivalry move it by ``per_pact``, ``per_distance`` and ``per_rivalry``.

Reads: anchor_base, tie, affinity. Writes: anchor.
Source: rule assumed; its inputs are ATOP, UNGA ideal points and the rivalries of Thompson, Sakuwa and Suhas (2021).
Equations: ODD E44, ODD E66; assumptions: ODD A34 (docs/odd.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.draws import Draws
from sim.parameters import parameter
from sim.world import DEFENCE, World, between, zero_diagonal

READS = ("anchor_base", "tie", "affinity")
WRITES = ("anchor",)


@dataclass(frozen=True)
class Parameters:
    """What makes two states trust each other in the long run."""

    start: str = parameter(
        "rule",
        choices=("rule", "record"),
        meaning="where trust starts and rests: by the rule, or by the record and the structure of the world's grounds",
        source="record: events of the three years before the start and a regression on structure",
    )
    weight: float = parameter(
        50.0,
        unit="events",
        bounds=(0, 1e6),
        meaning="k: events with which a record weighs as much as structure",
        source="split-half reliability of records",
    )
    lasting: float = parameter(
        0.45,
        unit="1",
        bounds=(0, 1),
        meaning="pi: share of a record's distance from structure that lasts",
        source="residuals of events after five and ten years (.52, .44)",
        basis="E",
    )
    per_pact: float = parameter(
        0.0, unit="trust", bounds=(0, 2), meaning="c: moved by a pact that is made or ends, from grounds", source="assumed"
    )
    per_distance: float = parameter(
        0.09,
        unit="trust/ideal point",
        bounds=(0, 2),
        meaning="taken off as positions move apart, from grounds",
        source="regression of the tone of events on structure, 2012-2014",
        basis="E",
    )
    per_rivalry: float = parameter(
        0.15,
        unit="trust",
        bounds=(0, 2),
        meaning="taken off by a rivalry that begins, from grounds",
        source="regression of the tone of events on structure, 2012-2014",
        basis="E",
    )
    level: float = parameter(
        0.15, unit="trust", bounds=(-1, 1), meaning="anchor of two states with nothing between them", source="assumed"
    )
    pact: float = parameter(0.45, unit="trust", bounds=(0, 2), meaning="added by a defence pact", source="assumed")
    consultation: float = parameter(
        0.15,
        unit="trust",
        bounds=(0, 2),
        meaning="added by a consultation or non-aggression tie at the start",
        source="assumed",
    )
    distance: float = parameter(
        0.17,
        unit="trust/ideal point",
        bounds=(0, 2),
        meaning="taken off per unit of distance in ideal points",
        source="assumed",
    )
    rivalry: float = parameter(
        0.55, unit="trust", bounds=(0, 2), meaning="taken off by a rivalry, given back at its end", source="assumed"
    )


def moved(p: Any, allied: Any, distance: Any) -> Any:
    """What pacts and votes add: of arrays here, of numbers in the kernel, which is translated from it."""
    return p.pact * allied - p.distance * distance


def movable(world: World, p: Parameters) -> np.ndarray:
    """The part of the anchor that pacts and votes move, shape (R, n, n)."""
    return moved(p, (world.tie == DEFENCE).astype(world.floating), between(world.affinity))


def update(world: World, p: Parameters, draws: Draws) -> dict[str, np.ndarray]:
    """The anchor after this month, shape (R, n, n)."""
    anchor = np.clip(world.anchor_base + movable(world, p), -1, 1)
    return {"anchor": zero_diagonal(anchor)}
