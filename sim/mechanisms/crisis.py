"""Crisis: militarised crises break out more often between rivals and neighbours who are ready to confront.

Rule: Z_ij = Z_ji ~ Bernoulli(min(.3, h_class (conf + .05) / (conf_ref + .05))); conf is the mean of the two probabilities of
confrontation before the budget, conf_ref its mean over the dyad's class in the starting world; class: rival before land
neighbour before other. An imposed crisis (an event) sets Z to 1.

Reads: p_confront, rivalry, land, crisis_reference, imposed_crisis. Writes: crisis.
Source: hazards estimated from COW MID dyad-years 1990-2013 with an onset, by 1 - (1 - P)^(1/12).
Equations: ODD E30 to E31 (docs/odd.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.draws import Draws
from sim.parameters import parameter
from sim.world import World, off_diagonal

READS = ("p_confront", "rivalry", "land", "crisis_reference", "imposed_crisis")
WRITES = ("crisis",)

_MID = "COW MID 5.0, dyad-years with an onset 1990-2013 (Palmer et al. 2021)"


@dataclass(frozen=True)
class Parameters:
    """Monthly hazards of a crisis by class of dyad."""

    rival: float = parameter(
        0.0158, unit="1/month", bounds=(0, 1), meaning="hazard of rivals: .174 dyad-years with an onset",
        source=_MID, basis="D",
    )
    land: float = parameter(
        0.0041, unit="1/month", bounds=(0, 1), meaning="hazard of other land neighbours: .048 dyad-years",
        source=_MID, basis="D",
    )
    other: float = parameter(
        0.000075, unit="1/month", bounds=(0, 1), meaning="hazard of all others: .0009 dyad-years",
        source=_MID, basis="D",
    )
    ceiling: float = parameter(
        0.3, unit="1/month", bounds=(0, 1), meaning="no hazard exceeds this", source="assumed",
    )
    offset: float = parameter(
        0.05, unit="1", bounds=(1e-6, 1), meaning="keeps hazards alive where nobody would confront", source="assumed",
    )


def by_class(world: World, rival: float, land: float, other: float) -> np.ndarray:
    """A number by the class of each dyad: rival before land neighbour before other."""
    return np.where(world.rivalry == 1, rival, np.where(world.land == 1, land, other))


def hazard(world: World, p: Parameters) -> np.ndarray:
    """Monthly probability of a crisis, shape (R, n, n), symmetric."""
    conf = 0.5 * (world.p_confront + world.p_confront.swapaxes(-1, -2))
    base = by_class(world, p.rival, p.land, p.other).astype(conf.dtype)
    h = np.minimum(p.ceiling, base * (conf + p.offset) / (world.crisis_reference + p.offset))
    return h * off_diagonal(h.shape[-1], h.dtype)


def update(world: World, p: Parameters, draws: Draws) -> dict[str, np.ndarray]:
    """This month's crises, shape (R, n, n), int8, symmetric."""
    breaks_out = draws.uniform("crisis", "pair") < hazard(world, p)
    return {"crisis": (breaks_out | (world.imposed_crisis > 0)).astype(np.int8)}
