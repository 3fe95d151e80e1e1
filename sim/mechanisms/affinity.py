"""Affinity: positions in the General Assembly drift toward those of others, and back to the start.

Rule: x_i <- x_i + rho [(1 - alpha) sum_j w_ij x_j + alpha x_i(0) - x_i] + sigma eps; w is positive trust times capability,
each row summing to 1, and a state that trusts nobody listens to itself. Or 0, where the ideal points of all members of the
Assembly have their mean, stands in place of the sum, whatever states a scenario has.

Reads: affinity, affinity_start, trust, capability. Writes: affinity.
Source: Friedkin and Johnsen (1990, Journal of Mathematical Sociology 15:193); rate and noise from the AR(1) of UNGA ideal
points, .972 a year (Bailey, Strezhnev and Voeten 2017).
Equations: ODD E45 to E46 (docs/odd.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.draws import Draws
from sim.parameters import parameter
from sim.world import World

READS = ("affinity", "affinity_start", "trust", "capability")
WRITES = ("affinity",)


@dataclass(frozen=True)
class Parameters:
    """Numbers of affinity."""

    influence: str = parameter(
        "trusted",
        choices=("trusted", "assembly"),
        meaning="whose positions draw a state: of those whom it trusts, by capability, or of all members of the Assembly",
        source="trusted: Friedkin and Johnsen 1990; assembly: changes of UNGA ideal points (docs/calibration.md)",
    )
    rate: float = parameter(
        0.0024,
        unit="1/month",
        bounds=(0, 1),
        axes=1,
        meaning="rho: speed of adjustment",
        source="UNGA ideal points, AR(1) .972 a year",
        basis="E",
    )
    stubbornness: float = parameter(
        0.7,
        unit="1",
        bounds=(0, 1),
        axes=1,
        meaning="alpha: weight of a state's own starting position",
        source="assumed: keeps the spread of positions within 5 % over ten years",
    )
    noise: float = parameter(
        0.0375,
        unit="ideal point/sqrt(month)",
        bounds=(0, 5),
        axes=1,
        meaning="sigma: .13 a year over the root of 12",
        source="UNGA ideal points",
        basis="E",
    )


# The equations below hold element by element: of arrays here, of numbers in the kernel, which is translated from them.


def pull_of(p: Any, x: Any, social: Any, start: Any) -> Any:
    """Where a state is drawn, from its position: to those whom it hears and to where it started."""
    return (1 - p.stubbornness) * social + p.stubbornness * start - x


def drifted(p: Any, x: Any, pull: Any, luck: Any) -> Any:
    """A position after a month."""
    return x + p.rate * pull + p.noise * luck


def update(world: World, p: Parameters, draws: Draws) -> dict[str, np.ndarray]:
    """One month of drift, shape (R, n)."""
    x = world.affinity
    social = _trusted(world, x) if p.influence == "trusted" else 0.0
    pull = pull_of(p, x, social, world.affinity_start)
    return {"affinity": drifted(p, x, pull, draws.normal("affinity", "state"))}


def _trusted(world: World, x: np.ndarray) -> np.ndarray:
    """The mean position of those whom each state trusts, shape (R, n)."""
    friendly = np.maximum(world.trust, 0)
    c = np.broadcast_to(world.capability, x.shape)
    total, heard = np.matvec(friendly, c), np.matvec(friendly, c * x)
    return np.where(total > 0, heard / np.where(total > 0, total, 1), x)
