"""Join: states become members of an organisation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.events.event_type import ORGANISATION, EventType, states

if TYPE_CHECKING:
    from sim.events.event import Event
    from sim.world import World

TYPE = EventType(
    meaning="states become members of an organisation",
    fields={"organisation": ORGANISATION, "states": states("list of states")},
    sentence="{states} {states:joins|join} {organisation}",
    committed={
        "consultation": "which makes a promise to consult with every other member",
        "defence": "which makes a defence pact with every other member",
    },
    momentary=True,
    puts="membership",
    level=1.0,
    rank=0,
)


def act(world: World, event: Event, mask: np.ndarray, parameters: Mapping[str, Any]) -> World:
    """States become members, and their ties with the others are made where the organisation carries a commitment."""
    from sim.events.commitment import bind
    from sim.events.event import put, put_where  # here, since who reads the data needs no engine

    world = world.replace(membership=put_where(world, event, mask, put))
    return bind(world, event, mask) if event.commitments[event.where[1]] else world
