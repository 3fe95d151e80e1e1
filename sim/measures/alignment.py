"""Alignment: how much more a state trusts the East core than the West core, weighted by the cores' capability.

A_i = (trust in East - trust in West) / 2, in [-1, 1]; a core state's trust in itself counts as full trust.

Equations: ODD E53 (docs/odd.md).
"""

from __future__ import annotations

import numpy as np

from sim.measures import Frame, Measure
from sim.world import EAST, WEST, World

READS = ("trust", "capability", "core")
MEASURES = {"alignment": Measure("1", "capability-weighted trust in the East core minus the West core, halved", ("states",))}


def alignment(world: World) -> np.ndarray:
    """Alignment of each state, shape (R, n); positive is East."""
    lean = np.zeros_like(world.capability)
    for side, sign in ((EAST, 0.5), (WEST, -0.5)):
        weight = world.capability * (world.core == side)
        total = weight.sum(-1, keepdims=True)
        lean = lean + sign * weight / np.where(total > 0, total, 1)
    return np.matvec(world.trust, lean) + lean


def read(world: World, frame: Frame) -> dict[str, np.ndarray]:
    """Values in [-1, 1]."""
    return {"alignment": alignment(world)}
