"""Leave: states leave an organisation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.events.event_type import ORGANISATION, EventType, states

if TYPE_CHECKING:
    from sim.events.event import Event
    from sim.world import World

TYPE = EventType(
    meaning="states leave an organisation",
    fields={"organisation": ORGANISATION, "states": states("list of states")},
    sentence="{states} {states:leaves|leave} {organisation}",
    committed={
        "consultation": "which ends the promise to consult with its members",
        "defence": "which ends the defence pact with its members, where no other organisation keeps it",
    },
    momentary=True,
    puts="membership",
    level=0.0,
    rank=1,
)


def act(world: World, event: Event, mask: np.ndarray, parameters: Mapping[str, Any]) -> World:
    """States are no members any more, and the ties that the organisation alone kept end."""
    from sim.events.commitment import release
    from sim.events.event import put, put_where  # here, since who reads the data needs no engine

    world = world.replace(membership=put_where(world, event, mask, put))
    return release(world, event, mask) if event.commitments[event.where[1]] else world
