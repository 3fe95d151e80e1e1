"""Rivalry: a rivalry begins or ends, and with it what rivals disagree about and the level that trust reverts to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.events.event_type import EventType, Field
from sim.events.target import DYADS

if TYPE_CHECKING:
    from sim.events.event import Event
    from sim.world import World

TYPE = EventType(
    meaning="a rivalry begins or ends",
    fields={"change": Field("word", "begin or end", words={"begin": 1.0, "end": 0.0})},
    who=DYADS,
    sentence="A rivalry {who} {change}",
    said={"change": {"begin": "begins", "end": "ends"}},
    momentary=True,
    amount="change",
    puts="rivalry",
    rank=5,
)


def act(world: World, event: Event, mask: np.ndarray, parameters: Mapping[str, Any]) -> World:
    """Set the rivalry, and move conflict and anchors by what a rivalry is worth."""
    from sim.events.event import add, put, put_where  # here, since who reads the data needs no engine

    begins = 1 if event.amount else -1
    conflict = _scalar(parameters["decision"].conflict_rivalry) * begins
    anchor = -_scalar(parameters["anchor"].rivalry) * begins
    return world.replace(
        rivalry=put_where(world, event, mask, put, "rivalry", float(event.amount)),
        conflict=put_where(world, event, mask, add, "conflict", conflict),
        anchor_base=put_where(world, event, mask, add, "anchor_base", anchor),
        anchor=put_where(world, event, mask, add, "anchor", anchor),
    )


def _scalar(value: Any) -> Any:
    """A parameter as a number or as values per replicate, shape (R,)."""
    return value if np.ndim(value) == 0 else np.ravel(value)
