"""V14 to V17: one mechanism at a time, in a case with a closed form."""

from __future__ import annotations

import numpy as np

from sim.verification.row import Claim, Effort, Row
from sim.verification.worlds import after, bare_world
from sim.world import CONFRONT, COOPERATE, NEUTRAL, off_diagonal

_BOUNDLESS = {"attention_base": 1000.0}
"""Attention for everybody, whatever the number of states."""


def insurgency(effort: Effort) -> list[float]:
    """An insurgency follows the logistic curve, and under attrition settles at K (e^{r-mu} - 1) / (e^r - 1).

    Source: Verhulst's logistic; its exact step in Beverton and Holt (1957), On the Dynamics of Exploited Fish Populations.
    The level under attrition is derived: the fixed point of one month of growth and one of attrition.
    Setting: schedule [insurgency], r .1, K 6000, noise and spillover 0, from 1500; without attrition against
    K / (1 + (K / S0 - 1) e^{-rt}) over 240 months; then with foreign effort 1 and neighbours who do not cooperate
    (mu .03 + .05 / 2 = .055) after 1200 months.
    Tolerance: 1e-12 relative for the curve (240 roundings of 1.1e-16, each damped later); the level is printed to .1.
    """
    r, k, start = 0.1, 6000.0, 1500.0
    still = {"noise": 0.0, "spillover": 0.0, "growth": r, "capacity": k}
    world = bare_world(1, actors=("A",), strength=[[start]])
    error = 0.0
    for month in range(240):
        world = after(world, {"insurgency": {**still, "foreign_attrition": 0.0, "local_attrition": 0.0}}, 1, start=month)
        curve = k / (1 + (k / start - 1) * np.exp(-r * (month + 1)))
        error = max(error, abs(world.strength.item() / curve - 1))
    fought = bare_world(1, actors=("A",), strength=[[start]], effort=[1.0])
    fought = after(fought, {"insurgency": {**still, "foreign_attrition": 0.03, "local_attrition": 0.05}}, 1200)
    return [error, fought.strength.item()]


def trust_level(effort: Effort) -> list[float]:
    """Trust in a partner who cooperates with probability q settles where gains and losses cancel.

    Source: derived. dT = a+ [C] (1 - T) - a- [D] (1 + T) is linear in T, so that its mean has the fixed point
    T* = (q a+ - (1-q) a-) / (q a+ + (1-q) a-), whatever share of months is neutral.
    Setting: schedule [decision, trust]; reward, neutral, sucker, grievance and pact_cost 0, precision 1 and
    confrontation_cost ln(q / (1-q)), so that P(C) : P(D) = q : 1-q; attention for all; gain .04, loss .1,
    centring=false, all other terms of trust 0, limit 1 (never reached); 20 states, 40 replicates, 500 months.
    Tolerance: at rate P(C) a+ + P(D) a- of at least .022 a month the start is forgotten to e^-11. One dyad's trust has
    standard deviation .16, .19 and .18; dyads are independent, 15200 of them: .0013, .0016 and .0014, times 3.5.
    """
    others, found = off_diagonal(20, bool), []
    for q in (0.5, 0.75, 0.9):
        choice = {
            "reward": 0.0,
            "neutral": 0.0,
            "sucker": 0.0,
            "grievance": 0.0,
            "pact_cost": 0.0,
            "precision": 1.0,
            "confrontation_cost": float(np.log(q / (1 - q))),
            **_BOUNDLESS,
        }
        trust = {
            "gain": 0.04,
            "loss": 0.1,
            "crisis": 0.0,
            "balance": 0.0,
            "contact": 0.0,
            "reversion": 0.0,
            "noise": 0.0,
            "centring": False,
            "limit": 1.0,
        }
        world = after(bare_world(20, effort.draws(40)), {"decision": choice, "trust": trust}, 500)
        found.append(float(world.trust[:, others].mean()))
    return found


def choice(effort: Effort) -> list[float]:
    """Without precision a state chooses blindly; with unbounded precision it cooperates from a threshold of trust.

    Source: McKelvey and Palfrey (1995), "Quantal response equilibria for normal form games", Games and Economic Behavior
    10:6-38 (lambda 0 and infinity); Kydd (2005), Trust and Mistrust in International Relations (threshold of trust).
    Threshold derived: p (R - g + c_s) = c_s.
    Setting: schedule [decision], attention for all. Precision 0: 20 states, 200 replicates, shares of the three choices
    over all dyads. Precision 10000 (the largest allowed), R = c_s = 1, g = .5, no conflict: 64 states whose 4032 beliefs
    cover 0 to 1; the mean of the highest belief that does not cooperate and the lowest that does.
    Tolerance: 76000 choices, binomial standard deviation .0017, times three and a half. Beliefs are .00025 apart, and at
    this precision the choice turns within some .0003 of the threshold: .0005.
    """
    off, count = off_diagonal(20, bool), effort.draws(200)
    blind = after(bare_world(20, count), {"decision": {"precision": 0.0, **_BOUNDLESS}}, 1).action[:, off]
    shares = [(blind == action).mean() for action in (COOPERATE, NEUTRAL, CONFRONT)]
    others = off_diagonal(64, bool)
    belief = np.linspace(0, 1, others.sum())
    trust = np.zeros((64, 64))
    trust[others] = 2 * belief - 1
    sharp = {"precision": 10000.0, "reward": 1.0, "neutral": 0.5, "sucker": 1.0, **_BOUNDLESS}
    action = after(bare_world(64, trust=trust), {"decision": sharp}, 1).action[0][others]
    return [*shares, (belief[action != COOPERATE].max() + belief[action == COOPERATE].min()) / 2]


def opinion(effort: Effort) -> list[float]:
    """With trust held, positions settle where Friedkin and Johnsen say: (I - AW)^-1 (I - A) x0.

    Source: Friedkin and Johnsen (1990), "Social influence and opinions", Journal of Mathematical Sociology 15:193-206,
    equilibrium of the model; A = diag(1 - alpha), W trust above 0 times capability, rows summing to 1.
    Setting: schedule [affinity], rate 1, noise 0, stubbornness .3, random trust and capability of 20 states, 200 months.
    Tolerance: 1e-10; the map contracts by .7 a month, .7^200 is 1e-31, and what is left is rounding.
    """
    rng = np.random.default_rng(5)
    n, alpha = 20, 0.3
    trust = rng.uniform(-1, 1, (n, n)) * off_diagonal(n)
    capability, start = rng.dirichlet(np.ones(n)), rng.normal(size=n)
    world = bare_world(n, trust=trust, capability=capability, affinity=start, affinity_start=start)
    world = after(world, {"affinity": {"rate": 1.0, "noise": 0.0, "stubbornness": alpha}}, 200)
    weight = np.maximum(trust, 0) * capability
    weight /= weight.sum(-1, keepdims=True)
    rest = np.linalg.solve(np.eye(n) - (1 - alpha) * weight, alpha * start)
    return [np.abs(world.affinity[0] - rest).max()]


ROWS = (
    Row(
        "V14",
        insurgency,
        (Claim("relative error of the curve", 0, 1e-12, "X"), Claim("level under attrition", 2625.9, 0.05, "X")),
    ),
    Row(
        "V15",
        trust_level,
        (
            Claim("trust, q = .5", -0.4286, 0.0045, "X", sampled=True),
            Claim("trust, q = .75", 0.0909, 0.0055, "X", sampled=True),
            Claim("trust, q = .9", 0.5652, 0.0050, "X", sampled=True),
        ),
        long=True,
    ),
    Row(
        "V16",
        choice,
        (
            Claim("precision 0: cooperate", 1 / 3, 0.006, "X", sampled=True),
            Claim("precision 0: neutral", 1 / 3, 0.006, "X", sampled=True),
            Claim("precision 0: confront", 1 / 3, 0.006, "X", sampled=True),
            Claim("threshold at high precision", 2 / 3, 0.0005, "X"),
        ),
    ),
    Row("V17", opinion, (Claim("largest error", 0, 1e-10, "X"),)),
)
