"""Crisis: militarised crises break out more often between rivals and neighbours who are ready to confront.

Rule: Z_ij = Z_ji ~ Bernoulli(min(.3, h (conf + .05) / (conf_ref + .05))); conf is the mean of the two probabilities of
confrontation before the budget. An imposed crisis (an event) sets Z to 1. Hazards h:
``classes``  one number for rivals, other land neighbours and the rest; conf_ref is the mean of the class in the starting
             world;
``dyads``    1 - (1 - P)^(1/12), where P is the dyad's own chance within a year by a logit of size, distance, borders,
             rivalry, votes, regimes and its record of disputes (``onset``); conf_ref is the dyad's own where trust rests.

Reads: p_confront, rivalry, land, crisis_reference, imposed_crisis, onset. Writes: crisis.
Source: hazards estimated from COW MID dyad-years 1990-2013 with an onset, by 1 - (1 - P)^(1/12).
Equations: ODD E30 to E31, ODD E67 (docs/odd.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.draws import Draws
from sim.hazards import monthly
from sim.parameters import parameter
from sim.world import World, zero_diagonal

READS = ("p_confront", "rivalry", "land", "crisis_reference", "imposed_crisis", "onset")
WRITES = ("crisis",)

_MID = "COW MID 5.0, dyad-years with an onset 1990-2013 (Palmer et al. 2021)"
_LOGIT = "a logit of yearly onsets, COW MID 5.0, over the 24 years before the start"


@dataclass(frozen=True)
class Parameters:
    """Monthly hazards of a crisis, by class of dyad or by dyad."""

    hazards: str = parameter(
        "classes",
        choices=("classes", "dyads"),
        meaning="one hazard a class, or one a dyad from the logit of the world's table `grounds`",
        source=f"classes: {_MID}; dyads: {_LOGIT}",
    )
    rival: float = parameter(
        0.0158,
        unit="1/month",
        bounds=(0, 1),
        meaning="hazard of rivals: .174 dyad-years with an onset",
        source=_MID,
        basis="E",
    )
    land: float = parameter(
        0.0041,
        unit="1/month",
        bounds=(0, 1),
        meaning="hazard of other land neighbours: .048 dyad-years",
        source=_MID,
        basis="E",
    )
    other: float = parameter(
        0.000075, unit="1/month", bounds=(0, 1), meaning="hazard of all others: .0009 dyad-years", source=_MID, basis="E"
    )
    ceiling: float = parameter(0.3, unit="1/month", bounds=(0, 1), meaning="no hazard exceeds this", source="assumed")
    offset: float = parameter(
        0.05, unit="1", bounds=(1e-6, 1), meaning="keeps hazards alive where nobody would confront", source="assumed"
    )


def by_class(world: World, rival: float, land: float, other: float) -> np.ndarray:
    """A number by the class of each dyad: rival before land neighbour before other."""
    return np.where(world.rivalry == 1, rival, np.where(world.land == 1, land, other))


def hazard(world: World, p: Parameters) -> np.ndarray:
    """Monthly probability of a crisis, shape (R, n, n), symmetric."""
    base, confront = _base(world, p), world.p_confront
    return zero_diagonal(hazard_of(p, base, confront, confront.swapaxes(-1, -2), world.crisis_reference))


def _base(world: World, p: Parameters) -> np.ndarray:
    if p.hazards == "dyads":
        return monthly(world.onset)
    return by_class(world, p.rival, p.land, p.other).astype(world.floating)


def hazard_of(p: Any, base: Any, confront: Any, confronted: Any, reference: Any) -> Any:
    """Monthly probability of a crisis: of arrays here, of a dyad in the kernel."""
    return np.minimum(p.ceiling, base * (0.5 * (confront + confronted) + p.offset) / (reference + p.offset))


def update(world: World, p: Parameters, draws: Draws) -> dict[str, np.ndarray]:
    """This month's crises, shape (R, n, n), int8, symmetric."""
    breaks_out = draws.uniform("crisis", "pair") < hazard(world, p)
    return {"crisis": (breaks_out | (world.imposed_crisis > 0)).astype(np.int8)}
