"""Similarity: likeness of two states' ties.

Likeness is S of Signorino and Ritter (1999, International Studies Quarterly 43:115): 1 - 2 d / d_max over the two states'
ties with all states, all weighing the same; a state's tie with itself counts as the closest.

Equations: ODD E54 (docs/odd.md).
"""

from __future__ import annotations

import numpy as np

from sim.measures import Frame, Measure
from sim.world import DEFENCE, World

READS = ("tie",)
MEASURES = {"tie_similarity": Measure("1", "likeness S of two states' ties with all states, -1 to 1", ("dyads",), every=12)}


def similarity(one: np.ndarray, other: np.ndarray, largest: float) -> np.ndarray:
    """Signorino and Ritter's S of portfolios, over the last axis; ``largest`` is the closest tie there can be."""
    distance = np.abs(one.astype(float) - other.astype(float)).sum(-1)
    return 1 - 2 * distance / (one.shape[-1] * largest)


def read(world: World, frame: Frame) -> dict[str, np.ndarray]:
    """Values in [-1, 1]."""
    i, j = frame.dyads
    ties = world.tie + DEFENCE * np.eye(world.tie.shape[-1], dtype=world.tie.dtype)
    return {"tie_similarity": similarity(ties[:, i], ties[:, j], DEFENCE).astype(world.floating)}
