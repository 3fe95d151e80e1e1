"""Blocs: states choose the side on which they stand with those they trust, or none.

Rule: landscape theory. With probability rho a state gets a turn, in an order drawn per replicate, and picks side k with
probability proportional to exp(-(F(k) + sw [k is not its side]) / tau), where
    F(k) = sum_j c_j w_ij d(k, z_j),  w the symmetrised trust, c capability as a share of the world's,
d = 0 on the same side, 1 on opposite sides, 1/2 if either is non-aligned; F(0) = 1/2 sum_j c_j w_ij - u_0, u_0 being what
non-alignment saves. Taken as a third bloc, 0 would attract states hostile to both sides. At tau = 0 the best side wins.
With ``regard: commitment`` w is the regard less ``threshold``: symmetrised trust + ``pact`` [defence pact] +
``consultation`` [consultation, no pact] - ``opposed`` [committed to opposite cores]; a state is committed to a side if it is
of its core, else if it has a defence pact with one core only. States of a core then never change sides.

Reads: trust, capability, bloc, tie, core, regard. Writes: bloc, regard.
Source: Axelrod and Bennett (1993, British Journal of Political Science 23:211); numbers assumed.
Equations: ODD E47 to E49, ODD E70; assumptions: ODD A35 (docs/odd.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.draws import Draws
from sim.parameters import at_rows, parameter
from sim.world import CONSULTATION, DEFENCE, EAST, NON_ALIGNED, WEST, World, zero_diagonal

READS = ("trust", "capability", "bloc", "tie", "core", "regard")
WRITES = ("bloc", "regard")


MOST_ROUNDS = 50
"""Rounds in which starting sides are looked for, at most."""


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
    regard: str = parameter(
        "trust",
        choices=("trust", "commitment"),
        meaning="what sides are chosen by: trust alone, or trust with commitments",
        source="allies quarrel in the news and rivals smile: trust from events alone does not tell sides",
    )
    pact: float = parameter(
        0.6, unit="trust", bounds=(0, 2), axes=2, meaning="added to regard by a defence pact", source="assumed"
    )
    consultation: float = parameter(
        0.15, unit="trust", bounds=(0, 2), axes=2, meaning="added by a consultation tie without a pact", source="assumed"
    )
    opposed: float = parameter(
        0.6,
        unit="trust",
        bounds=(0, 2),
        axes=2,
        meaning="taken off between those committed to opposite cores",
        source="assumed",
    )
    threshold: float = parameter(
        0.1,
        unit="trust",
        bounds=(-2, 2),
        axes=2,
        meaning="theta: regard from which on two states would rather be on one side",
        source="assumed: about the mean regard of all pairs",
    )
    third_way: bool = parameter(
        True,
        meaning="non-alignment is open; false leaves two sides, as in Axelrod and Bennett",
        source="definition",
        basis="X",
    )


def update(world: World, p: Parameters, draws: Draws) -> dict[str, np.ndarray]:
    """The sides after this month's turns, shape (R, n), int8, and the regard that they follow, (R, n, n)."""
    bloc = world.bloc.copy()
    by_commitment = p.regard == "commitment"
    regard = regard_of(world, p) if by_commitment else world.regard
    weight = np.broadcast_to(world.capability / world.capability.sum(-1, keepdims=True), bloc.shape)
    core = np.broadcast_to(world.core, bloc.shape) if by_commitment else None
    luck = draws.uniform("blocs/choice", "state")
    for rows, states in draws.turns("blocs", p.rate):  # the first turns of all replicates, then the second ones, ...
        if core is not None:
            free = core[rows, states] == NON_ALIGNED
            rows, states = rows[free], states[free]
            toward = regard[rows, states] - _column(p.threshold, rows)
        else:
            toward = 0.5 * (world.trust[rows, states] + world.trust[rows, :, states])
        pull, sides, own = toward * weight[rows], bloc[rows], bloc[rows, states]
        pull[np.arange(len(rows)), states] = 0
        undecided, east, west = (np.vecdot(pull, (sides == side).astype(pull.dtype)) for side in (NON_ALIGNED, EAST, WEST))
        frustration = np.empty((len(rows), 3), pull.dtype)
        frustration[:, NON_ALIGNED] = 0.5 * (undecided + east + west) - np.ravel(at_rows(p.non_alignment, rows))
        frustration[:, EAST] = 0.5 * undecided + west
        frustration[:, WEST] = 0.5 * undecided + east
        frustration += at_rows(p.switching, rows) * (np.arange(3) != own[:, None])
        if not p.third_way:
            frustration[:, NON_ALIGNED] = np.inf
        bloc[rows, states] = _choose(frustration, at_rows(p.temperature, rows), luck[rows, states])
    return {"bloc": bloc, "regard": regard}


def _column(values: float | np.ndarray, rows: np.ndarray) -> float | np.ndarray:
    """A number of some replicates as a column, or the one number of all."""
    return np.reshape(values, (-1, 1))[rows] if np.ndim(values) and len(np.reshape(values, -1)) > 1 else values


def regarded(p: Any, trust: Any, trusted: Any, pact: Any, consultation: Any, apart: Any) -> Any:
    """Trust of both with what they are committed to: of arrays here, of numbers in the kernel."""
    return 0.5 * (trust + trusted) + (p.pact * pact + p.consultation * consultation) - p.opposed * apart


def committed(world: World) -> np.ndarray:
    """The side that each state is bound to, shape (R, n): of its core, else of the one core with which it has a pact."""
    pact = world.tie == DEFENCE
    with_east, with_west = ((pact & (world.core == side)[:, None, :]).any(-1) for side in (EAST, WEST))
    bound = np.where(with_east & ~with_west, EAST, np.where(with_west & ~with_east, WEST, NON_ALIGNED))
    return np.where(world.core > 0, world.core, bound)


def regard_of(world: World, p: Parameters) -> np.ndarray:
    """Symmetrised trust with commitments, shape (R, n, n)."""
    side = committed(world)
    apart = (side[:, :, None] * side[:, None, :]) == EAST * WEST
    pact, consultation = world.tie == DEFENCE, world.tie == CONSULTATION
    found = regarded(p, world.trust, world.trust.swapaxes(-1, -2), pact, consultation, apart)
    return zero_diagonal(found.astype(world.floating))


def settled_sides(world: World, p: Parameters, order: np.ndarray) -> np.ndarray:
    """The sides from which no state would move at temperature 0, reached one state after the other, shape (1 or R, n)."""
    world = world.replace(regard=regard_of(world, p))
    weight = world.capability / world.capability.sum(-1, keepdims=True)
    pull = (world.regard - p.threshold) * weight[:, None, :]
    n = pull.shape[-1]
    pull = pull * (1 - np.eye(n))
    saved, switching = (np.reshape(x, (-1, 1)) for x in (p.non_alignment, p.switching))
    bloc = np.broadcast_to(world.bloc, (max(map(len, (pull, world.bloc, saved, switching))), n)).copy()
    core = np.broadcast_to(world.core, bloc.shape)
    for _ in range(MOST_ROUNDS):
        before = bloc.copy()
        for k in order:
            undecided, east, west = (np.vecdot(pull[:, k], (bloc == side).astype(pull.dtype)) for side in range(3))
            frustration = np.stack(
                [0.5 * (undecided + east + west) - saved[:, 0], 0.5 * undecided + west, 0.5 * undecided + east], axis=-1
            )
            frustration += switching * (np.arange(3) != bloc[:, k, None])
            bloc[:, k] = np.where(core[:, k] > 0, core[:, k], frustration.argmin(-1))
        if (bloc == before).all():
            break
    return bloc.astype(np.int8)


def _choose(frustration: np.ndarray, temperature: float | np.ndarray, luck: np.ndarray) -> np.ndarray:
    """A side for each row of (m, 3): softmax of minus frustration over temperature, or the least at temperature 0."""
    least = frustration - frustration.min(-1, keepdims=True)
    tiny = np.finfo(frustration.dtype).tiny * 2**20  # dividing by it does not overflow
    weight = np.exp(-least / np.maximum(temperature, tiny))
    ladder = np.cumsum(weight, axis=-1)
    return (luck[:, None] * ladder[:, -1:] > ladder).sum(-1).astype(np.int8)
