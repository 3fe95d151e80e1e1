"""Insurgency: a non-state actor grows like a population, and is worn down by effort.

Rule: S <- S e^r / (1 + S (e^r - 1) / K), the logistic's exact step; then S <- S exp(-(mu_f F + mu_l h) + s eps), where F is
the foreign effort and h = (1 + c) / 2 the host's, c being the slow mean of what land neighbours' cooperation with the
host was: the choices of the states feed back here. Then a share d of each territory's fighters moves over land borders.

Reads: strength, effort, joint_effort, action, land. Writes: strength, joint_effort.
Source: Beverton and Holt (1957) for the exact step; the numbers are assumptions that straddle published estimates of
IS-K's strength (the estimates of the scenario `baseline`).
Equations: ODD E16 to E18; assumptions: ODD A22 to A23 (docs/odd.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.draws import Draws
from sim.parameters import parameter
from sim.world import COOPERATE, World

READS = ("strength", "effort", "joint_effort", "action", "land")
WRITES = ("strength", "joint_effort")


@dataclass(frozen=True)
class Parameters:
    """Numbers of the insurgency."""

    growth: float = parameter(
        0.10,
        unit="1/month",
        bounds=(0, 2),
        meaning="growth rate r of an actor left alone",
        source="assumed; IS-K estimates of the UN and others",
    )
    capacity: float = parameter(
        6000.0,
        unit="fighters",
        bounds=(1, 1e6),
        meaning="carrying capacity K of a territory",
        source="assumed; highest published estimate of IS-K is 6,000 with families (UN, August 2023)",
    )
    foreign_attrition: float = parameter(
        0.03, unit="1/month", bounds=(0, 1), meaning="loss mu_f per unit of foreign effort", source="assumed"
    )
    local_attrition: float = parameter(
        0.05,
        unit="1/month",
        bounds=(0, 1),
        meaning="loss mu_l when all land neighbours cooperate with the host",
        source="assumed",
    )
    noise: float = parameter(
        0.07, unit="1/sqrt(month)", bounds=(0, 1), meaning="standard deviation s of the monthly log change", source="assumed"
    )
    spillover: float = parameter(
        0.0,
        unit="1/month",
        bounds=(0, 1),
        meaning="share d of a territory's fighters that moves over land borders",
        source="assumed",
    )
    memory: float = parameter(
        0.9,
        unit="1",
        bounds=(0, 1),
        axes=1,
        meaning="weight of the past in the mean of neighbours' cooperation",
        source="assumed",
    )


# The equations below hold element by element: of arrays here, of numbers in the kernel, which is translated from them.


def remembered(p: Any, joint: Any, toward_host: Any) -> Any:
    """The slow mean of neighbours' cooperation with the host."""
    return p.memory * joint + (1 - p.memory) * toward_host


def grown(p: Any, strength: Any, growth: Any) -> Any:
    """Strength after a month without loss; ``growth`` is e^r."""
    return strength * growth / (1 + strength * (growth - 1) / p.capacity)


def attrition_of(p: Any, effort: Any, joint: Any) -> Any:
    """What foreign and joint effort take off the logarithm of strength."""
    return p.foreign_attrition * effort + p.local_attrition * (1 + joint) / 2


def update(world: World, p: Parameters, draws: Draws) -> dict[str, np.ndarray]:
    """One month of growth, attrition and spillover. strength has shape (R, actor, state)."""
    land = world.land.astype(world.floating)
    neighbours = land.sum(-1)
    cooperates = (world.action == COOPERATE).astype(world.floating)
    toward_host = np.vecdot(cooperates, land.swapaxes(-1, -2), axis=-2) / np.maximum(neighbours, 1)
    joint = remembered(p, world.joint_effort, toward_host)

    held = np.flatnonzero(world.strength.any((0, 1)))  # territories with fighters; elsewhere none can grow
    s = world.strength[..., held]
    growth = np.exp(np.asarray(p.growth, world.floating))
    s = grown(p, s, growth)
    attrition = attrition_of(p, world.effort[..., None], joint[:, None, held])
    here = s * np.exp(p.noise * draws.normal("insurgency", "actor", "state", only=held) - attrition)
    s = np.zeros((len(here), *world.strength.shape[1:]), here.dtype)
    s[..., held] = here
    if np.any(p.spillover):
        share = land / np.maximum(neighbours, 1)[..., None]  # row: where fighters of a territory may go
        moving = s * p.spillover * (neighbours > 0)[:, None, :]
        s = s - moving + moving @ share
    return {"strength": s, "joint_effort": joint}
