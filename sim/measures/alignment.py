"""Alignment: how much more a state trusts the East core than the West core, weighted by the cores' capability.

A_i = (trust in East - trust in West) / 2, in [-1, 1]; a core state's trust in itself counts as full trust. Where sides go by
regard (trust with commitments), A_i = (E - W) / (|E| + |W| + .2): E and W are the capability-weighted regard for each
core, a core state itself left out; 0 where both vanish.

Equations: ODD E53, ODD E71 (docs/odd.md).
"""

from __future__ import annotations

import numpy as np

from sim.measures import Frame, Measure
from sim.world import EAST, WEST, World

READS = ("trust", "capability", "core", "regard")
MEASURES = {"alignment": Measure("1", "capability-weighted trust in the East core minus the West core, halved", ("states",))}

UNDECIDED = 0.2
"""a0: how much regard for either side leaves a state half undecided; assumed."""


def alignment(world: World) -> np.ndarray:
    """Alignment of each state, shape (R, n); positive is East."""
    if world.regard.any():
        return _by_regard(world)
    lean = np.zeros_like(world.capability)
    for side, sign in ((EAST, 0.5), (WEST, -0.5)):
        weight = world.capability * (world.core == side)
        total = weight.sum(-1, keepdims=True)
        lean = lean + sign * weight / np.where(total > 0, total, 1)
    return np.matvec(world.trust, lean) + lean


def _by_regard(world: World) -> np.ndarray:
    east, west = (_mean_regard(world, world.capability * (world.core == side)) for side in (EAST, WEST))
    return (east - west) / (np.abs(east) + np.abs(west) + UNDECIDED)


def _mean_regard(world: World, weight: np.ndarray) -> np.ndarray:
    """Mean regard for the states with weight, oneself left out, shape (R, n); its diagonal is zero."""
    weight = np.broadcast_to(weight, world.regard.shape[:2])
    rest = weight.sum(-1, keepdims=True) - weight
    return np.matvec(world.regard, weight) / np.where(rest > 0, rest, 1)


def read(world: World, frame: Frame) -> dict[str, np.ndarray]:
    """Values in [-1, 1]."""
    return {"alignment": alignment(world)}
