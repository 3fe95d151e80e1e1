"""Anchor: the level that trust reverts to follows pacts and votes.

Rule: anchor = base + pact [defence pact] - distance |x_i - x_j|, within [-1, 1]. The base holds the rest: ``level``, a
consultation tie and a rivalry at the start, sourced overrides, and what events add (the end of a rivalry, the lasting
share of a shock). In the starting world this is level + pact [pact] + consultation [consultation] - distance |dx|
- rivalry [rivalry].

Reads: anchor_base, tie, affinity. Writes: anchor.
Source: rule assumed; its inputs are ATOP, UNGA ideal points and the rivalries of Thompson, Sakuwa and Suhas (2021).
Equations: ODD E44; assumptions: ODD A34 (docs/odd.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim import kernels
from sim.draws import Draws
from sim.parameters import parameter
from sim.world import DEFENCE, World, between, zero_diagonal

READS = ("anchor_base", "tie", "affinity")
WRITES = ("anchor",)


@dataclass(frozen=True)
class Parameters:
    """What makes two states trust each other in the long run."""

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
    """What pacts and votes add: of arrays or, where sim/compiled compiles it, of numbers."""
    return p.pact * allied - p.distance * distance


def movable(world: World, p: Parameters) -> np.ndarray:
    """The part of the anchor that pacts and votes move, shape (R, n, n)."""
    return moved(p, (world.tie == DEFENCE).astype(world.floating), between(world.affinity))


def update(world: World, p: Parameters, draws: Draws) -> dict[str, np.ndarray]:
    """The anchor after this month, shape (R, n, n)."""
    numbers = kernels.numbers(p, world.floating)
    if numbers is not None:
        return kernels.in_use.anchor(world, numbers)
    anchor = np.clip(world.anchor_base + movable(world, p), -1, 1)
    return {"anchor": zero_diagonal(anchor)}
