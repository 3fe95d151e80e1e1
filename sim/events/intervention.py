"""Intervention: foreign counter-terror effort against an actor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.events.event_type import MONTH_UNTIL, EventType, Field

if TYPE_CHECKING:
    from sim.events.event import Event
    from sim.world import World

TYPE = EventType(
    meaning="foreign counter-terror effort; the latest one under way counts",
    fields={
        "actor": Field("actor", "against whom"),
        "effort": Field("effort", "number, or a coalition {USA: .8, GBR: .1} that adds up", low=0, high=10),
        "until": MONTH_UNTIL,
    },
    sentence="The foreign effort against {actor} becomes {effort}",
    amount="effort",
    rank=2,
)


def renew(world: World, running: Sequence[tuple[Event, np.ndarray]]) -> World:
    """Foreign effort against each actor, shape (R, a): the latest intervention under way, else the start's."""
    effort = np.repeat(world.effort_start, world.replicates // len(world.effort_start), axis=0)
    latest = np.full(effort.shape, -1)
    for event, mask in running:
        start = world.event_start[:, event.position]
        rows = mask & (start >= latest[:, event.where])
        effort[rows, event.where] = np.broadcast_to(event.amount, rows.shape)[rows]
        latest[rows, event.where] = start[rows]
    return world.replace(effort=effort)
