"""Institutions: forums and programmes that two states share, diluted by hostile members.

Rule: I_ij = sum over organisations of depth B_i B_j max(0, 1 - v share), share being the part of the organisation's member
dyads with trust below ``hostile`` (-.4), plus the depth L_ij of bilateral agreements, which nobody dilutes; I may exceed
1. Hostile members dilute the forum for all: the enlargement trade-off, an assumption made visible in v.

Reads: membership, depth, trust, agreement. Writes: institutions.
Source: form and v assumed; Downs, Rocke and Barsoom (1998, International Organization 52:397) on breadth and depth.
Equations: ODD E22; assumptions: ODD A24 to A25 (docs/odd.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.draws import Draws
from sim.parameters import parameter
from sim.world import World, zero_diagonal

READS = ("membership", "depth", "trust", "agreement")
WRITES = ("institutions",)


@dataclass(frozen=True)
class Parameters:
    """Numbers of the institutions."""

    hostile: float = parameter(
        -0.4, unit="trust", bounds=(-1, 1), meaning="trust below which a member dyad is hostile", source="assumed"
    )
    dilution: float = parameter(
        4.0,
        unit="1",
        bounds=(0, 50),
        axes=1,
        meaning="v: how fast hostile dyads among the members hollow out a forum",
        source="assumed; the effect of accession depends on it: show it",
    )


# What is below holds element by element: of arrays here, of numbers in the kernel, which is translated from it.


def working_of(p: Any, depth: Any, hostile: Any, dyads: Any) -> Any:
    """The depth that a forum has left, by how many of its members' dyads are hostile."""
    return depth * np.maximum(0, 1 - p.dilution * hostile / np.maximum(dyads, 1))


def update(world: World, p: Parameters, draws: Draws) -> dict[str, np.ndarray]:
    """Depth of what two states share, shape (R, n, n)."""
    members = world.membership.astype(world.floating)  # (R, n, o)
    by_organisation = members.swapaxes(-1, -2)
    hostile = zero_diagonal(world.trust < p.hostile)
    dyads = members.sum(-2) * (members.sum(-2) - 1)
    hostile_dyads = np.vecdot(by_organisation @ hostile.astype(world.floating), by_organisation)
    working = working_of(p, world.depth, hostile_dyads, dyads)  # (R, o)
    shared = (members * working[:, None, :]) @ by_organisation if members.shape[-1] else np.zeros_like(world.trust)
    shared += world.agreement
    return {"institutions": zero_diagonal(shared)}
