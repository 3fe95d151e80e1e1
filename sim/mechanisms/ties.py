"""Ties: states reconsider their defence pacts, one at a time.

Rule: with probability rho a state gets a turn, in an order drawn per replicate. A pact of i with j is worth
    u_ij = b0 + b1 log1p(shared pacts) + b2 T_ij + b3 M_ij + b4 |x_i - x_j| + b5 land_ij + b6 log1p(shared enemies);
making it has utility u_ij, dropping it -(u_ij + b_keep). An enemy is a state trusted less than ``hostile`` (-.4). Modes:
``actor_oriented``  multinomial logit over toggling any one tie, or none (Snijders 2017); a new pact needs the other's
                    consent, with probability logistic(u_ji), dropping does not;
``one_alter``       one partner met by chance, the tie set by a logit (Gibbs);
``logit``           every dyad without a pact forms one at the hazard of a logit of new pacts that the world's grounds give;
                    none ends but by an event;
``hazard``          every dyad forms or dissolves at the monthly hazard of a pooled dyad logit, no turns;
``off``             pacts stay as they are (events may still change them).
A dropped pact leaves no tie; a tie of consultation plays no part here but in the hazards, as the soft tie.

Reads: tie, trust, common_threat, affinity, land, capability, rivalry, crisis_months, pact_odds. Writes: tie.
Source: Snijders (2017, Annual Review of Statistics 4:343); coefficients b4 to b6 and the hazards from ATOP 5.1, 1990-2013.
Equations: ODD E36 to E43, ODD E69; assumptions: ODD A30 to A33 (docs/odd.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.draws import Draws
from sim.hazards import monthly
from sim.parameters import at_rows, parameter
from sim.world import CONSULTATION, DEFENCE, NO_TIE, World, off_diagonal

READS = ("tie", "trust", "common_threat", "affinity", "land", "capability", "rivalry", "crisis_months", "pact_odds")
WRITES = ("tie",)

_COEFFICIENTS = ("constant", "shared", "trust", "threat", "distance", "land", "enemies")
_LOGIT = "pooled dyad logit on ATOP 5.1, 1990-2013"


@dataclass(frozen=True)
class Parameters:
    """Numbers of the ties; coefficients are log-odds."""

    mode: str = parameter(
        "actor_oriented",
        choices=("actor_oriented", "one_alter", "logit", "hazard", "off"),
        meaning="how pacts change",
        source="Snijders (2017); hazard: " + _LOGIT,
    )
    rate: float = parameter(
        0.02,
        unit="1/month",
        bounds=(0, 1),
        axes=1,
        meaning="rho: chance that a state reconsiders its pacts",
        source="fitted with b0 and b_keep to the yearly rates of formation .0022 and dissolution .0026",
    )
    constant: float = parameter(
        -2.6, unit="log-odds", bounds=(-20, 20), axes=1, meaning="b0", source="fitted to the yearly rates"
    )
    keep: float = parameter(
        8.5,
        unit="log-odds",
        bounds=(-50, 50),
        axes=1,
        meaning="b_keep: endowment of a pact that exists",
        source="fitted to the yearly rates",
    )
    shared: float = parameter(
        0.3,
        unit="log-odds",
        bounds=(-20, 20),
        axes=1,
        meaning="b1: per log of one plus the pacts shared",
        source="fitted to the yearly rates",
    )
    trust: float = parameter(2.0, unit="log-odds/trust", bounds=(-20, 20), axes=1, meaning="b2: trust", source="assumed")
    threat: float = parameter(1.0, unit="log-odds", bounds=(-20, 20), axes=1, meaning="b3: threat", source="assumed")
    distance: float = parameter(
        -1.56,
        unit="log-odds/ideal point",
        bounds=(-20, 20),
        axes=1,
        meaning="b4: distance of ideal points",
        source=_LOGIT,
        basis="E",
    )
    land: float = parameter(
        1.16, unit="log-odds", bounds=(-20, 20), axes=1, meaning="b5: a land border", source=_LOGIT, basis="E"
    )
    enemies: float = parameter(
        1.0,
        unit="log-odds",
        bounds=(-20, 20),
        axes=1,
        meaning="b6: per log of one plus the enemies shared",
        source=_LOGIT,
        basis="E",
    )
    hostile: float = parameter(
        -0.4, unit="trust", bounds=(-1, 1), meaning="trust below which a state is an enemy", source="assumed"
    )
    consent: bool = parameter(True, meaning="a new pact needs the other's consent", source="definition", basis="X")
    directed: bool = parameter(
        False, meaning="ties point one way (for checks against closed forms)", source="Snijders (2017)", basis="X"
    )


def update(world: World, p: Parameters, draws: Draws) -> dict[str, np.ndarray]:
    """The pacts after this month's turns, shape (R, n, n), int8."""
    if p.mode == "off":
        return {"tie": world.tie}
    if p.mode == "logit":
        forms = (draws.uniform("ties/logit", "pair") < monthly(world.pact_odds)) & (world.tie != DEFENCE)
        return {"tie": np.where(forms & off_diagonal(forms.shape[-1], bool), DEFENCE, world.tie).astype(np.int8)}
    if p.mode == "hazard":
        return {"tie": _by_hazard(world, draws)}
    tie = world.tie.copy()
    others = off_diagonal(tie.shape[-1], bool)
    for rows, states in draws.turns("ties", p.rate):  # the first turns of all replicates, then the second ones, ...
        has = tie[rows, states] == DEFENCE
        worth = _worth(world, p, tie, rows, states)
        keep = np.ravel(at_rows(p.keep, rows))
        luck = draws.uniform_of("ties/choice", rows, states)
        take = np.arange(len(rows))
        if p.mode == "actor_oriented":
            # Gumbel-max: each option has luck of its own, the cell (i, i) that of changing nothing
            value = np.where(has, -(worth + at_rows(p.keep, rows)), worth)
            value[take, states] = 0
            partner = np.argmax(value - np.log(-np.log(luck)), axis=1)
            wants = partner != states
        else:
            partner = np.argmax(np.where(others[states], luck, -1), axis=1)
            would = worth[take, partner] + np.where(has[take, partner], keep, 0)
            holds = draws.uniform_of("ties/hold", rows, states, states) < _logistic(would)
            wants = holds != has[take, partner]
        making = wants & ~has[take, partner]
        if p.consent and not p.directed:
            # all of the worth is common to both but the trust
            gap = world.trust[rows, partner, states] - world.trust[rows, states, partner]
            theirs = worth[take, partner] + np.ravel(at_rows(p.trust, rows)) * gap
            agrees = draws.uniform_of("ties/consent", rows, states, partner) < _logistic(theirs)
            wants &= agrees | ~making
        rows, states, partner = rows[wants], states[wants], partner[wants]
        new = np.where(making[wants], DEFENCE, NO_TIE).astype(np.int8)
        tie[rows, states, partner] = new
        if not p.directed:
            tie[rows, partner, states] = new
    return {"tie": tie}


def _logistic(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def _in_common(related: np.ndarray, rows: np.ndarray, states: np.ndarray) -> np.ndarray:
    """How many states are related both to some states and to each other one, shape (len(rows), n)."""
    of = related.astype(np.float32)  # sums of small whole numbers are exact
    return np.matvec(of[rows], of[rows, states])


def _worth(world: World, p: Parameters, tie: np.ndarray, rows: np.ndarray, states: np.ndarray) -> np.ndarray:
    """u_ij of some states toward all others, with the pacts as they are by now, (len(rows), n)."""
    real = world.floating
    enemies = _in_common(world.trust < p.hostile, rows, states).astype(real)
    shared = _in_common(tie == DEFENCE, rows, states).astype(real)
    distance = np.abs(world.affinity[rows] - world.affinity[rows, states][:, None])
    b = {name: at_rows(getattr(p, name), rows) for name in _COEFFICIENTS}
    worth = (
        b["constant"]
        + b["trust"] * world.trust[rows, states]
        + b["threat"] * world.common_threat[rows, states]
        + b["distance"] * distance
        + b["land"] * (world.land[0, states] if len(world.land) == 1 else world.land[rows, states])
        + b["enemies"] * np.log1p(enemies)
    )
    return worth + b["shared"] * np.log1p(shared)


# log-odds a year of making and of dropping a pact, by what is known of the dyad
FORMATION = {
    "constant": -6.98,
    "any shared ally": -0.45,
    "log1p shared allies": 0.27,
    "log1p shared enemies": 1.01,
    "log1p ally of enemy": 0.44,
    "own dispute in 5 years": -0.92,
    "land": 1.16,
    "ideal distance": -1.56,
    "log capability sum": -0.15,
    "soft tie": 2.37,
    "rivalry": 0.34,
}
DISSOLUTION = {
    "constant": -5.54,
    "any shared ally": 2.44,
    "log1p shared allies": -2.13,
    "log1p ally of enemy": 0.80,
    "ideal distance": 0.47,
    "rivalry": 0.77,
    "soft tie": 1.32,
}


def _by_hazard(world: World, draws: Draws) -> np.ndarray:
    """Formation and dissolution at the monthly hazards 1 - (1 - P)^(1/12) of the pooled yearly dyad logits."""
    real = world.floating
    pact = (world.tie == DEFENCE).astype(real)
    rivals = world.rivalry.astype(real)
    allies, enemies, ally_of_enemy = pact @ pact, rivals @ rivals, pact @ rivals
    known = {
        "constant": 1.0,
        "any shared ally": allies > 0,
        "log1p shared allies": np.log1p(allies),
        "log1p shared enemies": np.log1p(enemies),
        "log1p ally of enemy": np.log1p(np.maximum(ally_of_enemy, ally_of_enemy.swapaxes(-1, -2))),
        "own dispute in 5 years": world.crisis_months > 0,
        "land": world.land,
        "ideal distance": np.abs(world.affinity[:, :, None] - world.affinity[:, None, :]),
        "log capability sum": np.log(world.capability[:, :, None] + world.capability[:, None, :]),
        "soft tie": world.tie == CONSULTATION,
        "rivalry": world.rivalry,
    }
    forming, dissolving = (sum(b * known[name] for name, b in logit.items()) for logit in (FORMATION, DISSOLUTION))
    yearly = _logistic(np.where(pact > 0, dissolving, forming))
    others = off_diagonal(pact.shape[-1], bool)
    changes = (draws.uniform("ties/hazard", "pair") < 1 - (1 - yearly) ** (1 / 12)) & others
    return np.where(changes, np.where(pact > 0, NO_TIE, DEFENCE), world.tie).astype(np.int8)
