"""Network: density of defence pacts, likeness of two states' ties, and militarised crises per year.

Likeness is S of Signorino and Ritter (1999, International Studies Quarterly 43:115): 1 - 2 d / d_max over the two states'
ties with all states, all weighing the same; a state's tie with itself counts as the closest.

Equations: ODD E54 (docs/odd.md).
"""

from __future__ import annotations

import numpy as np

from sim.measures import Frame, Measure
from sim.world import DEFENCE, World

READS = ("tie", "crisis_months")
MEASURES = {
    "ties": Measure("share of dyads", "density of defence pacts", ("world",)),
    "tie_similarity": Measure("1", "likeness S of two states' ties with all states, -1 to 1", ("dyads",), every=12),
    "crises": Measure("crises/year", "months of crisis in the last 12 months", ("world", "dyads")),
}


def similarity(one: np.ndarray, other: np.ndarray, largest: float) -> np.ndarray:
    """Signorino and Ritter's S of portfolios, over the last axis; ``largest`` is the closest tie there can be."""
    distance = np.abs(one.astype(float) - other.astype(float)).sum(-1)
    return 1 - 2 * distance / (one.shape[-1] * largest)


def read(world: World, frame: Frame) -> dict[str, np.ndarray]:
    """The three measures."""
    n = world.tie.shape[-1]
    density = np.count_nonzero(world.tie.reshape(len(world.tie), -1) == DEFENCE, axis=-1) / max(n * (n - 1), 1)
    year = np.bitwise_count(world.crisis_months & np.uint64(2**12 - 1)).astype(world.floating)
    i, j = frame.dyads
    everywhere = year.reshape(len(year), -1) @ np.full(n * n, 0.5, world.floating)  # sums of small integers are exact
    crises = np.concatenate([everywhere[:, None], year[:, i, j]], axis=-1)
    ties = world.tie + DEFENCE * np.eye(n, dtype=world.tie.dtype)
    alike = similarity(ties[:, i], ties[:, j], DEFENCE).astype(world.floating)
    return {"tie_similarity": alike, "ties": density[:, None].astype(world.floating), "crises": crises}
