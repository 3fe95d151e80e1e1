"""Threat and strength: what each state fears of states and of non-state actors, and how strong the actors are."""

from __future__ import annotations

import numpy as np

from sim.measures import Frame, Measure
from sim.world import World

READS = ("threat", "actor_threat", "strength")
MEASURES = {
    "threat": Measure("1", "threat perceived from all other states, summed", ("states",)),
    "actor_threat": Measure("1", "threat perceived from a non-state actor, 0 to 1", ("states and actors",)),
    "strength": Measure("fighters", "strength of a non-state actor in all territories", ("actors",)),
}


def read(world: World, frame: Frame) -> dict[str, np.ndarray]:
    """The three measures."""
    everyone = np.ones(world.threat.shape[-1], world.floating)
    by_state = world.actor_threat.reshape(len(world.actor_threat), -1)
    return {"threat": world.threat @ everyone, "actor_threat": by_state, "strength": world.strength.sum(-1)}
