"""Cooperation: the share of the last twelve months in which two states both chose to cooperate.

Of a group, the mean over its dyads; weighted, by the product of the two capabilities. A group of fewer than two states
has none: 0.

Equations: ODD E51 (docs/odd.md).
"""

from __future__ import annotations

import numpy as np

from sim.measures import Frame, Measure
from sim.world import World

READS = ("cooperation_months", "membership", "capability")
MEASURES = {
    "cooperation": Measure("share of months", "mutual cooperation, last 12 months", ("world", "groups", "dyads", "states")),
    "cooperation_weighted": Measure(
        "share of months", "mutual cooperation weighted by capability, last 12 months", ("world", "groups")
    ),
}


def read(world: World, frame: Frame) -> dict[str, np.ndarray]:
    """Both measures; values in [0, 1]."""
    months = np.bitwise_count(world.cooperation_months).astype(world.floating)  # whole numbers: their sums are exact
    members = frame.groups(world)
    n = months.shape[-1]
    groups = np.concatenate([np.ones((len(members), n, 1), world.floating), members], axis=-1)
    weights = groups * world.capability[:, :, None]
    both = np.concatenate(np.broadcast_arrays(groups, weights), axis=-1)
    with_group = months @ both  # (R, n, 2 (1 + groups)): i's months with all of a group, plain and weighted
    by_group = np.vecdot(with_group, both, axis=-2) / (12 * _dyads(both))
    plain, weighted = by_group[:, : groups.shape[-1]], by_group[:, groups.shape[-1] :]
    i, j = frame.dyads
    by_state = with_group[..., 0] / (12 * max(n - 1, 1))
    return {
        "cooperation": np.concatenate([plain, months[:, i, j] / 12, by_state], axis=-1),
        "cooperation_weighted": weighted,
    }


def _dyads(weights: np.ndarray) -> np.ndarray:
    """Sum of w_i w_j over the dyads of a group, 1 where there is none."""
    total = weights.sum(-2) ** 2 - (weights**2).sum(-2)
    return np.where(total > 0, total, 1)
