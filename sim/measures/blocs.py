"""Blocs: the side each state stands on, and how many stand on each.

A side is called East where more of the East core's capability stands on it than of the West core's: labels follow the
cores, also if a run has swapped the sides.

Equations: ODD E52 (docs/odd.md).
"""

from __future__ import annotations

import numpy as np

from sim.measures import Frame, Measure
from sim.world import EAST, NON_ALIGNED, WEST, World

READS = ("bloc", "core", "capability")
MEASURES = {
    "bloc": Measure("side", "0 non-aligned, 1 East, 2 West", ("states",)),
    "bloc_size": Measure("states", "states on each side", ("sides",)),
}


def labelled(world: World) -> np.ndarray:
    """Sides with labels that follow the cores, shape (R, n): 0 non-aligned, 1 East, 2 West."""
    bloc = world.bloc
    real = world.floating
    lean = world.capability * ((world.core == EAST).astype(real) - (world.core == WEST))
    # how far the East core, and not the West core, stands on the side numbered EAST rather than on the other
    agreement = np.vecdot(lean, (bloc == EAST).astype(real) - (bloc == WEST))
    swapped = np.where(bloc == NON_ALIGNED, NON_ALIGNED, EAST + WEST - bloc)
    return np.where(agreement[:, None] < 0, swapped, bloc)


def read(world: World, frame: Frame) -> dict[str, np.ndarray]:
    """Both measures."""
    sides = labelled(world)
    everyone = np.ones(sides.shape[-1], world.floating)
    sizes = [(sides == side).astype(world.floating) @ everyone for side in (NON_ALIGNED, EAST, WEST)]
    return {"bloc": sides.astype(world.floating), "bloc_size": np.stack(sizes, axis=-1)}
