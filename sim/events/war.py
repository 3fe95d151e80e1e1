"""War: a crisis every month between two sides while it goes on, so that trust does not heal meanwhile; third states take
the part of the attacked, or of the attacker to whom they are bound.

Equations: ODD E63, ODD E72 (docs/odd.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.events.event_type import EventType, Field, states

if TYPE_CHECKING:
    from sim.events.event import Event
    from sim.world import World

TYPE = EventType(
    meaning="a war: a militarised crisis every month between its two sides, as long as it goes on",
    fields={
        "attacker": states("list of states"),
        "defender": states("list of states"),
        "severity": Field(
            "course",
            "0 or more; 1 ordinary, 2 grave; or a list by month of the war, [4, 3, 2], of which the last lasts",
            low=0,
            high=10,
            above=True,
            about="1 a stand-off, 2 with many dead",
        ),
        "supporters": states(
            "states that stand by the attacker, beside those with a defence pact (optional); see trust.solidarity",
            optional=True,
        ),
        "until": Field("month", "first month without it (optional: to the end of the run)", optional=True),
    },
    opposed=("attacker", "defender", "supporters"),
    sentence="A war of {attacker} against {defender}[, supported by {supporters},] goes on, of severity {severity}",
    endless=" to the end of the run",
    imposed=True,
    amount="severity",
    holds="imposed_crisis",
    gravest=True,
    account="crisis",
    moves_trust=True,
    rank=6,
)


def go_on(world: World, event: Event, begins: np.ndarray, running: np.ndarray, parameters: Mapping[str, Any]) -> World:
    """Solidarity: trust between third states and the two sides, after a month of the war.

    Args:
        world: before the month.
        event: the war.
        begins: where it begins in this month, shape (R,): the stance of the third states is that of the month before.
        running: where it goes on, shape (R,).
        parameters: of this month, by mechanism; ``solidarity`` of trust, and those of regard of blocs.
    """
    s = parameters["trust"].solidarity
    if not np.any(s):
        return world
    attackers, attacked, _ = (list(side) for side in event.sides)
    if begins.any():
        stance = np.repeat(world.stance, len(begins), axis=0) if len(world.stance) < len(begins) else world.stance.copy()
        stance[:, event.position] = np.where(begins[:, None], _stances(world, event, parameters), stance[:, event.position])
        world = world.replace(stance=stance)
    q = np.where(running[:, None], world.stance[:, event.position], 0.0)
    weight = s * q[:, :, None]
    pull = np.zeros_like(world.trust)
    pull[:, :, attacked] = weight
    pull[:, :, attackers] = -np.maximum(weight, 0)
    pull += pull.swapaxes(-1, -2)  # no state is both a third one and of a side
    room = np.where(pull > 0, 1 - world.trust, 1 + world.trust)
    return world.replace(trust=(world.trust + pull * room).astype(world.floating))


def _stances(world: World, event: Event, parameters: Mapping[str, Any]) -> np.ndarray:
    """By how much each state holds more to the attacked than to the attacker, shape (R, n); 0 of those who take no part."""
    from sim.mechanisms.blocs import regard_of
    from sim.world import DEFENCE

    attackers, attacked, supporters = (list(side) for side in event.sides)
    regard = regard_of(world, parameters["blocs"])
    q = regard[:, :, attacked].mean(-1) - regard[:, :, attackers].mean(-1)
    bound = (world.tie[:, :, attackers] == DEFENCE).any(-1)
    bound = np.broadcast_to(bound, q.shape).copy()
    bound[:, supporters] = True
    q = np.where((q > 0) | bound, q, 0.0)
    q[:, attackers + attacked] = 0.0
    return q
