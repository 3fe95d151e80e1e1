"""Decision: each state chooses toward each other whether to cooperate, stay neutral or confront.

Rule: quantal response, P(a) proportional to exp(lambda U_a), with p = (1 + T) / 2 the belief that the other reciprocates:
    U_C = p (R + m M + kappa I) - (1 - p) c_s - psi |x_i - x_j|
    U_N = p g
    U_D = beta D (1 - p) - k_D - k_G [defence pact]
One uniform u a directed dyad: confront iff u > 1 - P(D); the score for cooperation is logit P(C) - logit u, and positive
scores are offers. Where a world says how much two states have to do with each other, exposure E adds ``exposure`` E to U_C
and to U_D alike (who meets often does both), and a defence pact adds ``commitment`` to U_C. Attention is scarce: a state
keeps its ``budget`` best offers, the rest become neutral. The budget is (base + span sqrt(c / max c)) (n - 1) / 19, rounded:
the numbers are for twenty states.
As lambda grows a state cooperates iff p >= (c_s + psi |dx|) / (R + m M + kappa I - g + c_s): common threat and shared
institutions lower the trust that cooperation requires.

Reads: trust, common_threat, institutions, affinity, conflict, tie, capability, exposure. Writes: action, p_confront.
Source: McKelvey and Palfrey (1995, Games and Economic Behavior 10:6); Kydd (2005), Trust and Mistrust in International
Relations; the numbers are assumptions found by fitting the whole model by hand.
Equations: ODD E23 to E29, ODD E68; assumptions: ODD A26 to A27 (docs/odd.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.draws import Draws
from sim.parameters import parameter
from sim.world import DEFENCE, World, between, zero_diagonal

READS = ("trust", "common_threat", "institutions", "affinity", "conflict", "tie", "capability", "exposure")
WRITES = ("action", "p_confront")

LEVELS, TAIL = 16, 4.0
"""Levels of scores in :func:`expected`, from 1 to the highest odds times the exponential of the tail."""


@dataclass(frozen=True)
class Parameters:
    """Numbers of the decision; payoffs are in one arbitrary unit of utility."""

    precision: float = parameter(
        4.0,
        unit="1/utility",
        bounds=(0, 1e4),
        meaning="lambda: how sharply choices follow utility; 0 is blind chance",
        source="form McKelvey and Palfrey (1995); value assumed, sweep 1 to 10",
    )
    reward: float = parameter(0.9, unit="utility", bounds=(0, 10), meaning="R: gain of mutual cooperation", source="assumed")
    neutral: float = parameter(
        0.45,
        unit="utility",
        bounds=(0, 10),
        meaning="g: gain of staying neutral toward one who cooperates",
        source="assumed",
    )
    sucker: float = parameter(
        1.0, unit="utility", bounds=(0, 10), meaning="c_s: cost of cooperating unrequited", source="assumed"
    )
    common_threat: float = parameter(
        0.9,
        unit="utility",
        bounds=(0, 5),
        meaning="m: gain of cooperation under a fully common threat",
        source="assumed; sweep 0 to 1.5",
    )
    institution: float = parameter(
        0.25,
        unit="utility",
        bounds=(0, 5),
        meaning="kappa: gain of cooperation per unit of shared institutions",
        source="assumed; sweep 0 to .6",
    )
    distance: float = parameter(
        0.12,
        unit="utility/ideal point",
        bounds=(0, 5),
        meaning="psi: cost of cooperation across ideal points",
        source="assumed",
    )
    grievance: float = parameter(
        1.76, unit="utility", bounds=(0, 20), meaning="beta: gain of confronting a distrusted rival", source="assumed"
    )
    confrontation_cost: float = parameter(
        1.125, unit="utility", bounds=(0, 20), meaning="k_D: cost of confrontation", source="assumed"
    )
    pact_cost: float = parameter(
        0.5, unit="utility", bounds=(0, 20), meaning="k_G: further cost of confronting an ally", source="assumed"
    )
    exposure: float = parameter(
        0.0,
        unit="utility/standard deviation",
        bounds=(0, 5),
        meaning="omega: gain of cooperation and of confrontation with whom one has much to do",
        source="Most and Starr (1989): opportunity; value assumed",
    )
    commitment: float = parameter(
        0.0, unit="utility", bounds=(0, 5), meaning="phi: gain of cooperation with an ally", source="assumed"
    )
    conflict_base: float = parameter(
        0.15, unit="1", bounds=(0, 1), meaning="conflict of interest of any two states at the start", source="assumed"
    )
    conflict_rivalry: float = parameter(
        0.7,
        unit="1",
        bounds=(0, 1),
        meaning="added by a rivalry, at the start and when one begins; taken off at its end",
        source="assumed; rivalries of Thompson, Sakuwa and Suhas (2021)",
    )
    conflict_border: float = parameter(
        0.1, unit="1", bounds=(0, 1), meaning="added at the start by a land border without a defence pact", source="assumed"
    )
    expected: str = parameter(
        "drawn",
        choices=("drawn", "computed"),
        meaning="how often a state acts in the starting world: counted in many months, or worked out from its chances",
        source="computed: the number of keener offers is taken as normal (Lyapunov's limit of a sum of unlike chances)",
        basis="X",
    )
    attention_base: float = parameter(
        3.0,
        unit="partners",
        bounds=(0, 1000),
        axes=1,
        meaning="partners that the smallest state can work with a month",
        source="assumed",
    )
    attention_span: float = parameter(
        12.0,
        unit="partners",
        bounds=(0, 1000),
        axes=1,
        meaning="further partners of the most capable state",
        source="assumed",
    )


# The equations below hold element by element: of arrays here, of numbers in the kernel, which is translated from them.


def exponents(
    p: Any, trust: Any, common_threat: Any, institutions: Any, distance: Any, conflict: Any, allied: Any
) -> tuple[Any, Any]:
    """Precision times the utilities of cooperation and confrontation, both against that of neutrality."""
    belief = 0.5 + 0.5 * trust
    doubt = 1 - belief
    neutral = belief * p.neutral
    cooperate = belief * (p.reward + p.common_threat * common_threat + p.institution * institutions)
    cooperate = cooperate - (doubt * p.sucker + p.distance * distance + neutral)
    confront = p.grievance * conflict * doubt - p.confrontation_cost - p.pact_cost * allied
    return p.precision * cooperate, p.precision * (confront - neutral)


def drawn_together(p: Any, cooperate: Any, confront: Any, exposure: Any, allied: Any) -> tuple[Any, Any]:
    """What :func:`exponents` gives, with how much two states have to do with each other, and what an ally promised."""
    met = p.precision * p.exposure * exposure
    return cooperate + met + p.precision * p.commitment * allied, confront + met


def weighed(cooperate: Any, confront: Any) -> tuple[Any, Any]:
    """Odds of cooperation and probability of confrontation by their weights; that of neutrality is 1."""
    others = 1 + confront
    return cooperate / others, confront / (others + cooperate)


def has_attention(budget: Any, keener: Any, spread: Any) -> Any:
    """The chance that fewer offers are keener than a budget has places: their number as normal.

    By the logistic of Bowling and others (2009, Journal of Industrial Engineering and Management 2:114).
    """
    z = np.minimum(np.maximum((budget - 0.5 - keener) / np.sqrt(spread + 0.01), -6.0), 6.0)
    return np.minimum(budget, 1.0) / (1 + np.exp(-z * (1.5976 + 0.07056 * z * z)))


def probabilities(world: World, p: Parameters) -> tuple[np.ndarray, np.ndarray]:
    """Weights of choice before the budget.

    Returns:
        odds of cooperation P(C) / (1 - P(C)) and probability of confrontation P(D), each of shape (R, n, n).
    """
    allied = (world.tie == DEFENCE).astype(world.floating)
    cooperate, confront = exponents(
        p, world.trust, world.common_threat, world.institutions, between(world.affinity), world.conflict, allied
    )
    cooperate, confront = drawn_together(p, cooperate, confront, world.exposure, allied)
    # where a weight would overflow, both are scaled down; that of neutrality is then nothing beside them
    largest = np.log(np.finfo(cooperate.dtype).max) / 2
    if max(cooperate.max(initial=0), confront.max(initial=0)) > largest:
        excess = np.maximum(np.maximum(cooperate, confront) - largest, 0)
        cooperate, confront = cooperate - excess, confront - excess
    return weighed(np.exp(cooperate, out=cooperate), np.exp(confront, out=confront))


def budget(capability: np.ndarray, p: Parameters) -> np.ndarray:
    """How many partners each state can work with in a month, shape (R, n), integers."""
    n = capability.shape[-1]
    rank = np.sqrt(capability / capability.max(-1, keepdims=True))
    return np.rint((p.attention_base + p.attention_span * rank) * ((n - 1) / 19)).astype(np.intp)


def _least(score: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """The ``kept``-th largest of each row of scores, shape (R, n): the least that gets attention."""
    n = score.shape[-1]
    ranked = np.sort(score, axis=-1)
    least = ranked[np.arange(len(ranked))[:, None], np.arange(n), np.clip(n - kept, 0, n - 1)]
    return np.where(kept > 0, least, np.inf)


def expected(world: World, p: Parameters) -> tuple[np.ndarray, np.ndarray]:
    """The chances of cooperating and of confronting in a month, after the budget, each (R, n, n): what :func:`update` draws.

    An offer of score s is kept if fewer others are keener than the budget has places (ODD E6, E28, E29). Scores are cut into
    levels of equal ratio; at each, how many others are keener is a sum of unlike chances.
    """
    odds, confront = probabilities(world, p)
    odds, places = zero_diagonal(odds), budget(world.capability, p)[..., None]
    step = (np.log(np.maximum(odds.max(-1, keepdims=True), 1.0)) + TAIL) / LEVELS
    cooperate, above = np.zeros_like(odds), odds / (odds + 1)
    for level in range(LEVELS):
        keener = odds / (odds + np.exp((level + 0.5) * step))
        spread = keener * (1 - keener)
        total, whole = keener.sum(-1, keepdims=True), spread.sum(-1, keepdims=True)
        after = odds / (odds + np.exp((level + 1) * step)) if level + 1 < LEVELS else np.zeros_like(odds)
        cooperate += (above - after) * has_attention(places, total - keener, whole - spread)
        above = after
    return cooperate, zero_diagonal(confront)


def update(world: World, p: Parameters, draws: Draws) -> dict[str, np.ndarray]:
    """This month's choices: action (R, n, n) int8, and p_confront (R, n, n)."""
    odds, p_confront = probabilities(world, p)
    u = draws.uniform("decision", "state", "other")
    confronts = zero_diagonal(u > 1 - p_confront)
    score = odds * (1 / u - 1)  # exp(logit P(C) - logit u): above 1 is an offer, and more is keener
    offers = zero_diagonal((score > 1) & ~confronts)
    cooperates = offers & (score >= _least(score * offers, budget(world.capability, p))[..., None])
    action = cooperates.astype(np.int8) - confronts.astype(np.int8)
    return {"action": action, "p_confront": zero_diagonal(p_confront)}
