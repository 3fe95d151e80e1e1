"""Trust: slow to build, quick to lose; every term is booked in the ledger.

Rule: dT = sum_k (term_k - e_k) - delta (T - anchor) + sigma eps (1 - T^2), with |T| <= .99 and, for i's trust in j after
j's action toward i:
    cooperation    a+ [j cooperates] (1 - T)            confrontation  -a- [j confronts] (1 + T)
    crisis         -a_c Z severity (1 + T)              balance        eta (T T' / n) (1 - T^2)
    institutions   nu I (1 - D) (1 - T) (1 - Z)         exercise       size a+ (1 - T)
For checks against published limits the balance term has two further settings: T T in place of T T' (``balance_product``),
and an exact step of dX/dt = X X (``balance_step``), X(t + h) = X(t) (I - h X(t))^-1 with h = eta / n, under which the
diagonal evolves too, as in the published model; ``saturation`` and ``limit`` can be lifted.
Centring: e_k is the term's expectation in the starting world, so that the starting world is at rest and what moves
afterwards is what changed. T T' (not T T) because directed trust then moves toward balance (Traag et al. 2013).

Reads: trust, anchor, action, crisis, imposed_crisis, institutions, conflict, exercise, expected_terms.
Writes: trust, trust_terms.
Source: asymmetry of gain and loss Slovic (1993, Risk Analysis 13:675); balance Marvel, Kleinberg, Kleinberg and Strogatz
(2011, PNAS 108:1771) and Traag, Van Dooren and De Leenheer (2013, PLoS ONE 8:e60063); numbers assumed.
Equations: ODD E32 to E35; assumptions: ODD A28 to A29 (docs/odd.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.draws import Draws
from sim.parameters import parameter
from sim.world import CONFRONT, COOPERATE, World, zero_diagonal

READS = ("trust", "anchor", "action", "crisis", "imposed_crisis", "institutions", "conflict", "exercise", "expected_terms")
WRITES = ("trust", "trust_terms")

ACCOUNTS = ("cooperation", "confrontation", "crisis", "balance", "institutions", "exercise", "reversion", "chance", "limit")
"""Accounts of the ledger, in the order of ``trust_terms``; ``limit`` is what the bound |T| <= .99 cut off."""

LIMIT = 0.99
"""Default bound on |T|."""


@dataclass(frozen=True)
class Parameters:
    """Numbers of trust."""

    gain: float = parameter(
        0.006,
        unit="1/month",
        bounds=(0, 1),
        meaning="a+: step up after the other cooperated",
        source="direction Slovic (1993), value assumed",
    )
    loss: float = parameter(
        0.015,
        unit="1/month",
        bounds=(0, 1),
        meaning="a-: step down after the other confronted",
        source="direction Slovic (1993), ratio assumed",
    )
    crisis: float = parameter(
        0.15,
        unit="1",
        bounds=(0, 1),
        meaning="a_c: step down in a militarised crisis of severity 1",
        source="assumed, sweep .05 to .4; Russians naming Turkey an enemy 1, 29, 8 % in 2015-17 (Levada)",
    )
    balance: float = parameter(
        0.01,
        unit="1/month",
        bounds=(0, 1),
        meaning="eta: pull toward agreeing with friends about third states",
        source="assumed, sweep 0 to .03; evidence for balance is weak (Doreian and Mrvar 2015)",
    )
    contact: float = parameter(
        0.004,
        unit="1/month",
        bounds=(0, 1),
        meaning="nu: step up per unit of shared institutions",
        source="assumed, sweep 0 to .01",
    )
    reversion: float = parameter(
        0.015,
        unit="1/month",
        bounds=(0, 1),
        meaning="delta: pull of the anchor",
        source="assumed for stability; votes decay by .0024 a month (UNGA)",
    )
    noise: float = parameter(
        0.01,
        unit="1/sqrt(month)",
        bounds=(0, 1),
        meaning="sigma: standard deviation of unexplained change",
        source="assumed",
    )
    solidarity: float = parameter(
        0.0,
        unit="1/month",
        bounds=(0, 1),
        meaning="s: pull on the trust of third states in the two sides of a war that began after the start, per unit of how "
        "much more they held to the attacked",
        source="assumed, sweep 0 to .1",
    )
    balance_product: str = parameter(
        "transpose",
        choices=("transpose", "square"),
        meaning="agreement about third states as T T' or as T T",
        source="Traag et al. (2013): directed trust reaches balance with the transpose, not with the square",
        basis="P",
    )
    balance_step: str = parameter(
        "euler",
        choices=("euler", "exact"),
        meaning="a month's step of balance: first order, or exact without saturation",
        source="Marvel et al. (2011); exact solution X (I - h X)^-1",
        basis="X",
    )
    saturation: bool = parameter(
        True,
        meaning="balance and chance fade as trust nears its bounds, by 1 - T^2",
        source="keeps trust inside (-1, 1)",
        basis="X",
    )
    limit: float = parameter(
        LIMIT,
        unit="trust",
        bounds=(0.01, 1e12),
        meaning="|T| stays within this; above 1 only for exact tests",
        source="definition",
        basis="X",
    )
    centring: bool = parameter(
        True,
        meaning="book each term against its expectation in the starting world; false for exact tests",
        source="derived: keeps the starting world at rest",
        basis="X",
    )


def terms(
    world: World, p: Parameters, cooperates: np.ndarray, confronts: np.ndarray, crisis: np.ndarray, severity: np.ndarray
) -> tuple[np.ndarray, ...]:
    """The behavioural terms, each of shape (R, n, n): linear in the three indicators, so that frequencies in their
    place give the expectation. ``cooperates`` and ``confronts`` are the other's toward me."""
    pull = balance(world.trust, p)
    return behavioural(
        p, world.trust, pull, cooperates, confronts, crisis, severity, world.institutions, world.conflict, world.exercise
    )


def behavioural(
    p: Any,
    t: Any,
    pull: Any,
    cooperates: Any,
    confronts: Any,
    crisis: Any,
    severity: Any,
    institutions: Any,
    conflict: Any,
    exercise: Any,
) -> tuple[Any, Any, Any, Any, Any, Any]:
    """The same of arrays here, of numbers in the kernel; ``pull`` is :func:`balance`."""
    room_up, room_down = 1 - t, 1 + t
    return (
        p.gain * cooperates * room_up,
        -p.loss * confronts * room_down,
        -p.crisis * severity * room_down,
        pull * (room_up * room_down if p.saturation else 1.0),
        p.contact * institutions * (1 - conflict) * room_up * (1 - crisis),
        p.gain * exercise * room_up,
    )


def balance(t: np.ndarray, p: Parameters) -> np.ndarray:
    """A month's pull toward agreeing with friends about third states, shape (R, n, n)."""
    step = p.balance / t.shape[-1]
    if p.balance_step == "exact":
        # X (I - h X)^-1 - X, as the solution of a linear system
        left = np.eye(t.shape[-1]) - step * t
        return np.linalg.solve(left.swapaxes(-1, -2), t.swapaxes(-1, -2)).swapaxes(-1, -2) - t
    product = t @ (t.swapaxes(-1, -2) if p.balance_product == "transpose" else t)
    return zero_diagonal(step * product)


def update(world: World, p: Parameters, draws: Draws) -> dict[str, np.ndarray]:
    """One month of trust: trust (R, n, n) and its booked terms (R, account, n, n)."""
    t, toward_me = world.trust, world.action.swapaxes(-1, -2)
    cooperates, confronts, crisis = (
        which.astype(t.dtype) for which in (toward_me == COOPERATE, toward_me == CONFRONT, world.crisis)
    )
    severity = np.where(world.imposed_crisis > 0, world.imposed_crisis, crisis)
    behaved = terms(world, p, cooperates, confronts, crisis, severity)
    booked = [term - world.expected_terms[:, k] for k, term in enumerate(behaved)]
    booked.append(p.reversion * (world.anchor - t))
    chance = p.noise * zero_diagonal(draws.normal("trust", "state", "other"))
    booked.append(chance * (1 - t * t) if p.saturation else chance)
    free = t + sum(booked)
    new = np.clip(free, -p.limit, p.limit)
    return {"trust": new, "trust_terms": np.stack([*booked, new - free]).swapaxes(0, 1)}
