"""Polarisation of alignment: many alike, facing many others who are far.

Esteban and Ray (1994, Econometrica 62:819): sum over pairs of w_i^(1 + alpha) w_j |A_i - A_j| with alpha 1.3, w capability
as a share of the world's. States of the same position count together only when equal, as their axioms have it; positions
nearer than ``SAME`` are equal, since rounding would tell apart what is the same.

Equations: ODD E58 (docs/odd.md).
"""

from __future__ import annotations

import numpy as np

from sim.measures import Frame, Measure
from sim.measures.alignment import alignment
from sim.world import World

READS = ("trust", "capability", "core", "regard")
MEASURES = {"polarisation": Measure("1", "Esteban-Ray polarisation of alignment (alpha 1.3)", ("world",), every=12)}

ALPHA = 1.3
SAME = 1e-9


def esteban_ray(position: np.ndarray, weight: np.ndarray, alpha: float = ALPHA) -> np.ndarray:
    """Polarisation of weighted positions, shape (R,).

    Args:
        position: shape (R, n).
        weight: shape (R or 1, n), each row summing to 1.
        alpha: sensitivity to group size, above 0 and at most 1.6.
    """
    distance = np.abs(position[:, :, None] - position[:, None, :])
    # mass of all who share a position, so that splitting one group into equal parts changes nothing
    mass = ((distance <= SAME) * weight[:, None, :]).sum(-1)
    return ((weight * mass**alpha)[:, :, None] * weight[:, None, :] * distance).sum((-1, -2))


def read(world: World, frame: Frame) -> dict[str, np.ndarray]:
    """Values of 0 and more."""
    weight = world.capability / world.capability.sum(-1, keepdims=True)
    return {"polarisation": esteban_ray(alignment(world), weight)[:, None]}
