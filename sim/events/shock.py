"""Shock: something is added to a quantity once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.events.event_type import EventType, Field, Quantity
from sim.events.target import DIRECTED, DYADS

if TYPE_CHECKING:
    from sim.events.event import Event
    from sim.world import World

TYPE = EventType(
    meaning="something is added to trust, conflict, affinity, capability or strength",
    fields={
        "variable": Field("variable", "what"),
        "add": Field("amount", "how much"),
        "lasting": Field(
            "number",
            "of a shock to trust: the share that also moves its anchor, and so stays, 0 to 1 (optional: 0)",
            optional=True,
            about="the share that stays",
            goes_with=("variable", "trust"),
        ),
    },
    variables={
        "trust": Quantity(-2, 2, DIRECTED),
        "conflict": Quantity(-1, 1, DYADS),
        "affinity": Quantity(-10, 10, ("states",)),
        "capability": Quantity(-1, 1, ("states",)),
        "strength": Quantity(-1e6, 1e6, ("actor",)),
    },
    sentence="{Variable} {who} {add:change}[, {lasting:share} of it lasting]",
    momentary=True,
    amount="add",
    rank=3,
)


def act(world: World, event: Event, mask: np.ndarray, parameters: Mapping[str, Any]) -> World:
    """Add the amount; of trust, move the anchor by the share that lasts."""
    from sim.events.event import add, put_where  # here, since who reads the data needs no engine

    new = {event.variable: put_where(world, event, mask, add)}
    if event.variable == "trust" and np.any(event.lasting):
        for name in ("anchor_base", "anchor"):
            new[name] = put_where(world, event, mask, add, name, np.asarray(event.amount) * event.lasting)
    return world.replace(**new)
