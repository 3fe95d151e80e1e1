"""Record: the memory of the last months, from which cooperation and crises a year are read.

Rule: a bit a month. Two states cooperated this month if both chose so after the attention budget. Cooperation keeps the
last 12 months, crises the last 60 (the own-dispute record of the tie hazards looks back five years).

Reads: action, crisis, cooperation_months, crisis_months. Writes: cooperation_months, crisis_months.
Source: definition.
Equations: ODD E50 (docs/odd.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.draws import Draws
from sim.world import COOPERATE, World

READS = ("action", "crisis", "cooperation_months", "crisis_months")
WRITES = ("cooperation_months", "crisis_months")


@dataclass(frozen=True)
class Parameters:
    """Memory has no parameters."""


def update(world: World, p: Parameters, draws: Draws) -> dict[str, np.ndarray]:
    """Both memories, shape (R, n, n), a month older."""
    cooperates = world.action == COOPERATE
    mutual = (cooperates & cooperates.swapaxes(-1, -2)).astype(np.uint16)
    months = ((world.cooperation_months << np.uint16(1)) | mutual) & np.uint16(2**12 - 1)
    crises = world.crisis_months << np.uint64(1)
    crises |= world.crisis.view(np.uint8)
    crises &= np.uint64(2**60 - 1)
    return {"cooperation_months": months, "crisis_months": crises}
