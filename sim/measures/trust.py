"""Trust of watched dyads, and cohesion: mean trust among the members of a group (0 where fewer than two)."""

from __future__ import annotations

import numpy as np

from sim.measures import Frame, Measure
from sim.world import World

READS = ("trust", "membership")
MEASURES = {
    "trust": Measure("trust", "trust of the first in the second, -1 to 1", ("directed dyads",)),
    "cohesion": Measure("trust", "mean trust among members, -1 to 1", ("groups",)),
}


def read(world: World, frame: Frame) -> dict[str, np.ndarray]:
    """Both measures; values in [-1, 1]."""
    i, j = frame.dyads
    directed = np.stack([world.trust[:, i, j], world.trust[:, j, i]], axis=-1).reshape(world.replicates, 2 * len(i))
    members = frame.groups(world)
    size = members.sum(-2)
    total = np.vecdot(world.trust @ members, members, axis=-2)
    return {"trust": directed, "cohesion": total / np.maximum(size * (size - 1), 1)}
