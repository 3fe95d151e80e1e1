"""Set: a quantity takes a value, from which the mechanisms go on; or a parameter does, while the event holds."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.events.event_type import UNTIL, EventType, Field, Quantity
from sim.events.target import DIRECTED, DYADS

if TYPE_CHECKING:
    from sim.events.event import Event
    from sim.world import World

TYPE = EventType(
    meaning="a quantity or a parameter takes a value",
    fields={
        "value": Field("amount", "number"),
        "variable": Field("variable", "what", optional=True),
        "parameter": Field("parameter", "in place of variable: one of the model, such as trust.gain", optional=True),
        "until": Field("month", UNTIL, optional=True, beside="parameter"),
    },
    exactly_one=("variable", "parameter"),
    variables={
        "capability": Quantity(0, 1, ("states",), above=True),
        "affinity": Quantity(-5, 5, ("states",)),
        "depth": Quantity(0, 1, ("organisation",)),
        "effort": Quantity(0, 10, ("actor",), array="effort_start", renews="intervention"),
        "conflict": Quantity(0, 1, DYADS),
        "strength": Quantity(0, 1e6, ("actor",)),
        "anchor": Quantity(-1, 1, DIRECTED),
    },
    sentence={"parameter": "The parameter {parameter} becomes {value}", "variable": "{Variable} {who} becomes {value}"},
    amount="value",
    rank=10,
)


def act(world: World, event: Event, mask: np.ndarray, parameters: Mapping[str, Any]) -> World:
    """Put the value; an anchor takes its base along, so that it stays."""
    from sim.events.event import put, put_where  # here, since who reads the data needs no engine
    from sim.mechanisms.anchor import movable

    if event.variable != "anchor":
        return world.replace(**{event.variable: put_where(world, event, mask, put)})
    base = (np.reshape(event.amount, (-1, 1, 1)) - movable(world, parameters["anchor"])).astype(world.floating)
    rows = mask[:, None, None] & np.asarray(event.where)
    return world.replace(anchor=put_where(world, event, mask, put), anchor_base=np.where(rows, base, world.anchor_base))


def exchange(parameters: Mapping[str, Any], event: Event, running: np.ndarray, floating: np.dtype) -> Mapping[str, Any]:
    """The parameters with one exchanged where the event holds."""
    if event.parameter is None or not running.any():
        return parameters
    mechanism, name = event.parameter
    old = getattr(parameters[mechanism], name)
    if running.all() and np.ndim(event.amount) == 0:
        new = event.amount
    else:
        field = next(f for f in dataclasses.fields(parameters[mechanism]) if f.name == name)
        shape = (-1,) + (1,) * field.metadata["axes"]
        new = np.where(running.reshape(shape), np.reshape(event.amount, shape), old).astype(floating)
    return {**parameters, mechanism: dataclasses.replace(parameters[mechanism], **{name: new})}
