"""Triads: friendships and enmities flip one at a time until triads are balanced.

Rule: trust is read as a sign, the same both ways. Each update picks a triad at random. ``local``: if it has one enmity, that
turns to friendship with probability p, else one of the two friendships turns to enmity; if it has three, one turns to
friendship; a balanced triad stays. ``constrained``: a dyad at random flips if that lowers the number of unbalanced triads,
and with probability 1/2 if it leaves it. A flip changes the sign of trust in both directions, not its size.
In no built-in scenario's schedule: it is here to be compared with :mod:`sim.mechanisms.trust`'s balance term.

Reads: trust. Writes: trust.
Source: Antal, Krapivsky and Redner (2005), Physical Review E 72:036121, local and constrained triad dynamics.
Equations: ODD E60 (docs/odd.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.draws import Draws
from sim.parameters import parameter
from sim.world import World

READS = ("trust",)
WRITES = ("trust",)

_AKR = "Antal, Krapivsky and Redner (2005)"


@dataclass(frozen=True)
class Parameters:
    """Numbers of triad dynamics."""

    rule: str = parameter("local", choices=("local", "constrained"), meaning="which dynamics", source=_AKR, basis="P")
    friendliness: float = parameter(
        0.25, unit="1", bounds=(0, 1), axes=0, meaning="p: chance that a triad with one enmity ends it (local)", source=_AKR
    )
    updates: float = parameter(
        1.0,
        unit="1/(dyad month)",
        bounds=(0, 1000),
        axes=0,
        meaning="updates a month, per dyad",
        source="sets the clock only",
        basis="X",
    )


def update(world: World, p: Parameters, draws: Draws) -> dict[str, np.ndarray]:
    """A month of updates, shape (R, n, n). Needs three states; with fewer nothing happens."""
    trust = world.trust.copy()
    count, n = trust.shape[:2]
    sign = np.where(trust < 0, -1, 1).astype(np.int8)
    rows = np.arange(count)
    turns = np.broadcast_to(np.rint(np.asarray(p.updates) * (n * (n - 1) / 2)), count)
    for k in range(int(turns.max()) if n >= 3 else 0):
        u = draws.uniform(f"triads/{k}", "state")
        three = np.argpartition(u, 2, axis=1)[:, :3]
        i, j, third = np.take_along_axis(three, np.argsort(np.take_along_axis(u, three, 1), axis=1), 1).T
        luck = draws.uniform(f"triads/{k}/luck")
        if p.rule == "constrained":
            # unbalanced minus balanced triads through (i, j): flipping turns one into the other
            through = (sign[rows, i] * sign[rows, j]).sum(-1) - sign[rows, i, i] * sign[rows, j, i] - sign[rows, i, j]
            excess = -sign[rows, i, j] * through
            flips = (excess > 0) | ((excess == 0) & (luck < 0.5))
            a, b = i, j
        else:
            edges = np.stack([sign[rows, i, j], sign[rows, j, third], sign[rows, third, i]], axis=-1)
            enmities = (edges < 0).sum(-1)
            enmity = np.argmin(edges, axis=-1)
            ends = (enmities == 1) & (luck < p.friendliness)
            other = np.where(luck < p.friendliness + (1 - p.friendliness) / 2, 1, 2)
            edge = np.where(ends, enmity, np.where(enmities == 1, (enmity + other) % 3, (luck * 3).astype(int)))
            flips = enmities % 2 == 1
            a, b = np.choose(edge, [i, j, third]), np.choose(edge, [j, third, i])
        flips &= k < turns
        for x, y in ((a, b), (b, a)):
            sign[rows[flips], x[flips], y[flips]] *= -1
            trust[rows[flips], x[flips], y[flips]] *= -1
    return {"trust": trust}
