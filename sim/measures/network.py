"""Network: density of defence pacts, and militarised crises per year.

Equations: ODD E54 (docs/odd.md).
"""

from __future__ import annotations

import numpy as np

from sim.measures import Frame, Measure
from sim.world import World

READS = ("tie", "crisis_months")
MEASURES = {
    "ties": Measure("share of dyads", "density of defence pacts", ("world",)),
    "crises": Measure("crises/year", "months of crisis in the last 12 months", ("world", "dyads")),
}


def read(world: World, frame: Frame) -> dict[str, np.ndarray]:
    """Both measures."""
    count, n = world.tie.shape[:2]
    year = np.bitwise_count(world.crisis_months.astype(np.uint16) & np.uint16(2**12 - 1)).astype(world.floating)
    everyone = np.ones(n * n, world.floating)  # sums of small integers are exact
    everywhere = 0.5 * (year.reshape(count, -1) @ everyone)
    i, j = frame.dyads
    return {
        "ties": world.pacts.sum(-1, keepdims=True, dtype=world.floating) / max(n * (n - 1), 1),
        "crises": np.concatenate([everywhere[:, None], year[:, i, j]], axis=-1),
    }
