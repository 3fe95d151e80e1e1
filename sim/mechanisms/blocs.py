"""Blocs: states choose the side on which they stand with those they trust, or none.

Rule: landscape theory. With probability rho a state gets a turn, in an order drawn per replicate, and picks side k with
probability proportional to exp(-(F(k) + sw [k is not its side]) / tau), where
    F(k) = sum_j c_j w_ij d(k, z_j),  w the symmetrised trust, c capability as a share of the world's,
d = 0 on the same side, 1 on opposite sides, 1/2 if either is non-aligned; F(0) = 1/2 sum_j c_j w_ij - u_0, u_0 being what
non-alignment saves. Taken as a third bloc, 0 would attract states hostile to both sides. At tau = 0 the best side wins.

Reads: trust, capability, bloc. Writes: bloc.
Source: Axelrod and Bennett (1993, British Journal of Political Science 23:211); numbers assumed.
Equations: ODD E47 to E49; assumptions: ODD A35 (docs/odd.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim import kernels
from sim.draws import Draws
from sim.parameters import at_rows, columns, parameter
from sim.world import EAST, NON_ALIGNED, WEST, World

READS = ("trust", "capability", "bloc")
WRITES = ("bloc",)


@dataclass(frozen=True)
class Parameters:
    """Numbers of the choice of side."""

    rate: float = parameter(
        0.1, unit="1/month", bounds=(0, 1), axes=1, meaning="rho: chance that a state reconsiders its side", source="assumed"
    )
    temperature: float = parameter(
        0.018,
        unit="frustration",
        bounds=(0, 10),
        axes=1,
        meaning="tau: noise of the choice; 0 takes the best side",
        source="assumed",
    )
    switching: float = parameter(
        0.01, unit="frustration", bounds=(0, 10), axes=1, meaning="sw: cost of changing sides", source="assumed"
    )
    non_alignment: float = parameter(
        0.036, unit="frustration", bounds=(-10, 10), axes=1, meaning="u_0: what staying out saves", source="assumed"
    )
    past: float = parameter(
        0.0,
        unit="months",
        bounds=(0, 600),
        axes=0,
        meaning="turns taken before the start, with trust held: 60 let states "
        "leave the side that a treaty gave them for the one where trust puts them",
        source="assumed",
    )
    third_way: bool = parameter(
        True,
        meaning="non-alignment is open; false leaves two sides, as in Axelrod and Bennett",
        source="definition",
        basis="X",
    )


def update(world: World, p: Parameters, draws: Draws) -> dict[str, np.ndarray]:
    """The sides after this month's turns, shape (R, n), int8."""
    bloc = world.bloc.copy()
    weight = np.broadcast_to(world.capability / world.capability.sum(-1, keepdims=True), bloc.shape)
    luck = draws.uniform("blocs/choice", "state")
    turns = draws.turns("blocs", p.rate)
    if kernels.in_use is not None and world.floating == np.float64:
        numbers = columns([p.non_alignment, p.switching, p.temperature], turns.rows)
        kernels.in_use.bloc_turns(
            bloc,
            world.trust,
            np.array(weight[: len(world.capability)]),
            turns.rows,
            turns.states,
            numbers,
            luck,
            p.third_way,
        )
        return {"bloc": bloc}
    pulls = 0.5 * (world.trust[turns.rows, turns.states] + world.trust[turns.rows, :, turns.states]) * weight[turns.rows]
    while turns:
        rows, states, pull = turns.rows, turns.states, pulls[turns.places]
        sides, own = bloc[rows], bloc[rows, states]
        undecided, east, west = (np.vecdot(pull, (sides == side).astype(pull.dtype)) for side in (NON_ALIGNED, EAST, WEST))
        frustration = np.empty((len(rows), 3), pull.dtype)
        frustration[:, NON_ALIGNED] = 0.5 * (undecided + east + west) - np.ravel(at_rows(p.non_alignment, rows))
        frustration[:, EAST] = 0.5 * undecided + west
        frustration[:, WEST] = 0.5 * undecided + east
        frustration += at_rows(p.switching, rows) * (np.arange(3) != own[:, None])
        if not p.third_way:
            frustration[:, NON_ALIGNED] = np.inf
        chosen = _choose(frustration, at_rows(p.temperature, rows), luck[rows, states])
        now = turns.settle(chosen != own)
        bloc[rows[now], states[now]] = chosen[now]
    return {"bloc": bloc}


def _choose(frustration: np.ndarray, temperature: float | np.ndarray, luck: np.ndarray) -> np.ndarray:
    """A side for each row of (m, 3): softmax of minus frustration over temperature, or the least at temperature 0."""
    least = frustration - frustration.min(-1, keepdims=True)
    tiny = np.finfo(frustration.dtype).tiny * 2**20  # dividing by it does not overflow
    weight = np.exp(-least / np.maximum(temperature, tiny))
    ladder = np.cumsum(weight, axis=-1)
    return (luck[:, None] * ladder[:, -1:] > ladder).sum(-1).astype(np.int8)
