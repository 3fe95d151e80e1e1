"""What the members of an organisation promise each other: a tie made by joining, and ended by leaving.

An organisation without a commitment makes no ties. The promise is read when a state joins or leaves; pacts at the start are
those of the world's tables.

Equations: ODD E64 (docs/odd.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.world import off_diagonal

if TYPE_CHECKING:
    from sim.events.event import Event
    from sim.world import World


def bind(world: World, event: Event, mask: np.ndarray) -> World:
    """After an accession: a tie of at least the organisation's level between each new member and all others, in the
    replicates of the mask (R,)."""
    states, organisation = event.where
    level = event.commitments[organisation]
    pairs = _with_members(world, states, organisation) & mask[:, None, None]
    return world.replace(tie=np.where(pairs, np.maximum(world.tie, level), world.tie).astype(world.tie.dtype))


def release(world: World, event: Event, mask: np.ndarray) -> World:
    """After a departure: ties of at most the organisation's level with those who stay fall to what another organisation
    of both still promises, in the replicates of the mask (R,). A higher tie was never the organisation's, and stays."""
    states, organisation = event.where
    level = event.commitments[organisation]
    pairs = _with_members(world, states, organisation) & mask[:, None, None] & (world.tie <= level)
    kept = np.zeros((1, 1, 1), world.tie.dtype)
    for other, promise in enumerate(event.commitments):
        if promise and other != organisation:
            inside = world.membership[:, :, other] == 1
            kept = np.maximum(kept, (inside[:, :, None] & inside[:, None, :]) * np.int8(promise))
    return world.replace(tie=np.where(pairs, np.minimum(world.tie, kept), world.tie).astype(world.tie.dtype))


def _with_members(world: World, states: Sequence[int], organisation: int) -> np.ndarray:
    """The dyads between some states and the members of an organisation, in both directions, shape (R or 1, n, n)."""
    n = len(world.names.states)
    named = np.zeros(n, bool)
    named[states] = True
    inside = world.membership[:, :, organisation] == 1
    return ((named[:, None] & inside[:, None, :]) | (inside[:, :, None] & named)) & off_diagonal(n, bool)
