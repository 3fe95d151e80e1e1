"""Threat: what a state fears of states and of non-state actors, and what two states fear together.

Rule: P_ij = proximity_ij c_j / (c_i + c_j) (1 - p_ij) with p = (1 + T) / 2: power, nearness and perceived intention.
Q_ia = reach_ia b_i S_a / (b_i S_a + S_half): nearness and the actor's strength as the observer counts it.
Common threat M = s / (1 + s), s = P P' + Q Q'.

Reads: trust, proximity, capability, strength, reach, bias. Writes: threat, actor_threat, common_threat.
Source: Walt (1987), The Origins of Alliances: aggregate power, proximity, offensive power, intentions.
Equations: ODD E19 to E21 (docs/odd.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.draws import Draws
from sim.parameters import parameter
from sim.world import World, zero_diagonal

READS = ("trust", "proximity", "capability", "strength", "reach", "bias")
WRITES = ("threat", "actor_threat", "common_threat")


@dataclass(frozen=True)
class Parameters:
    """Numbers of threat perception."""

    half_strength: float = parameter(
        3000.0,
        unit="fighters",
        bounds=(1, 1e6),
        meaning="strength S_half at which an actor at the door is half as threatening as it can be",
        source="assumed",
    )


# The two equations below hold element by element: of arrays here, of numbers in the kernel, which is translated from them.


def perceived_threat(proximity: Any, mine: Any, its: Any, trust: Any) -> Any:
    """What one state fears of another: nearness, relative power, perceived intention."""
    return proximity * (its / (mine + its)) * (0.5 - 0.5 * trust)


def overlap(shared: Any) -> Any:
    """Common threat of a sum of products of fears."""
    return shared / (1 + shared)


def update(world: World, p: Parameters, draws: Draws) -> dict[str, np.ndarray]:
    """Perceived threats: threat (R, n, n), actor_threat (R, n, a), common_threat (R, n, n)."""
    c = world.capability
    threat = perceived_threat(world.proximity, c[:, :, None], c[:, None, :], world.trust)

    perceived = world.bias * world.strength.sum(-1)[:, None, :]
    actor_threat = world.reach * perceived / (perceived + p.half_strength)

    rows = max(len(threat), len(actor_threat))
    feared = np.concatenate([np.broadcast_to(of, (rows, *of.shape[1:])) for of in (threat, actor_threat)], axis=-1)
    shared = feared @ feared.swapaxes(-1, -2)
    return {"threat": threat, "actor_threat": actor_threat, "common_threat": zero_diagonal(overlap(shared))}
