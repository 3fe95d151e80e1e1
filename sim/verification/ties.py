"""V12 and V13: ties whose worth is one constant."""

from __future__ import annotations

from math import comb

import numpy as np

from sim.verification.row import Claim, Effort, Row
from sim.verification.worlds import after, bare_world
from sim.world import DEFENCE

_PLAIN = {"keep": 0.0, "shared": 0.0, "trust": 0.0, "threat": 0.0, "distance": 0.0, "land": 0.0, "enemies": 0.0, "rate": 1.0}


def _densities(
    n: int, constants: tuple[float, ...], count: int, settings: dict, burn: int, every: int, times: int
) -> list[np.ndarray]:
    """Share of partners of each state at some months, by constant: shape (times, count, states)."""
    world = bare_world(n, count * len(constants))
    schedule = {"ties": {**_PLAIN, **settings, "constant": np.repeat(constants, count)[:, None]}}
    world, month, found = after(world, schedule, burn), burn, []
    for _ in range(times):
        world = after(world, schedule, every, start=month)
        month += every
        found.append((world.tie == DEFENCE).sum(-1) / (n - 1))
    return list(np.stack(found).reshape(times, len(constants), count, n).swapaxes(0, 1))


def outdegree(effort: Effort) -> list[float]:
    """Actor-oriented ties with only an outdegree effect have the closed-form distribution of degrees.

    Source: Snijders (2001), "The statistical evaluation of social network dynamics", Sociological Methodology 31:361-395,
    and (2017), Annual Review of Statistics 4:343-363 (ministeps of the actor-oriented model). Derived: a state's degree d
    is a birth-death chain; detailed balance gives pi(d) proportional to C(n,d) e^{2bd} (1 + (n-d) e^b + d e^{-b}), n = N-1.
    Setting: schedule [ties], mode actor_oriented, directed, no consent, every effect but the constant 0, a turn a month;
    20 states, 40 networks a constant, 10 looks 24 months apart, the first after 84. Mean density, and the largest
    distance between the cumulative distributions of degrees.
    Tolerance: states are independent chains. One look at one has standard deviation .077, .102 and .110; looks 24 months
    apart correlate by at most .065 (second eigenvalue of the chain .89), so 8000 looks count as 7000 or more: .0009, .0012
    and .0013, times three and a half. Kolmogorov's bound at 7000 looks, 1.95 / sqrt(7000) = .023, is passed by chance
    once in a thousand (fewer as degrees are discrete).
    """
    constants, n = (-1.0, -0.5, 0.3), 19
    settings = {"mode": "actor_oriented", "directed": True, "consent": False}
    density = _densities(n + 1, constants, effort.draws(40), settings, 60, 24, 10)
    distances = []
    for b, found in zip(constants, density):
        degrees = np.arange(n + 1)
        weight = [comb(n, d) * np.exp(2 * b * d) * (1 + (n - d) * np.exp(b) + d * np.exp(-b)) for d in degrees]
        seen = np.bincount(np.rint(found.ravel() * n).astype(int), minlength=n + 1)
        distances.append(np.abs(np.cumsum(weight) / np.sum(weight) - np.cumsum(seen) / seen.sum()).max())
    return [*(found.mean() for found in density), max(distances)]


def one_alter(effort: Effort) -> list[float]:
    """Ties with one partner met by chance have density logistic(b), or with mutual consent s^2 / (s^2 + 1 - s).

    Source: derived. A dyad that meets is set by a logit, so that directed ties have density s = logistic(b) (Gibbs
    sampling; Snijders 2017, Annual Review of Statistics 4:343-363); with consent a symmetric tie forms at s^2 and
    dissolves at 1 - s.
    Setting: schedule [ties], mode one_alter, every effect but the constant 0, a turn a month; directed, then symmetric
    with consent; 10 states, 120 networks a constant, 6 looks 18 months apart, the first after 68 months.
    Tolerance: dyads are independent. A directed one is drawn anew with chance 1/9 a month, so that looks correlate by .12,
    and 10800 ties looked at six times count as 51000: standard deviations .0014, .0021 and .0020. A symmetric one meets
    with chance 2/9, forgets at rate (s^2 + 1 - s) 2/9, and its looks correlate by .04 at most; 5400 dyads six times
    count as 30000: .0007, .0022 and .0027. Three and a half of each.
    """
    constants, found = (-2.0, -0.5, 1.0), []
    for settings in ({"directed": True, "consent": False}, {"directed": False, "consent": True}):
        density = _densities(10, constants, effort.draws(120), {"mode": "one_alter", **settings}, 50, 18, 6)
        found += [float(each.mean()) for each in density]
    return found


ROWS = (
    Row(
        "V12",
        outdegree,
        (
            Claim("density, b = -1", 0.1377, 0.0032, "X", sampled=True),
            Claim("density, b = -.5", 0.2804, 0.0042, "X", sampled=True),
            Claim("density, b = .3", 0.6384, 0.0046, "X", sampled=True),
            Claim("distance of degree distributions", 0, 0.023, "X", sampled=True),
        ),
    ),
    Row(
        "V13",
        one_alter,
        (
            Claim("directed, b = -2", 0.1192, 0.0050, "X", sampled=True),
            Claim("directed, b = -.5", 0.3775, 0.0075, "X", sampled=True),
            Claim("directed, b = 1", 0.7311, 0.0069, "X", sampled=True),
            Claim("symmetric with consent, b = -2", 0.0159, 0.0025, "X", sampled=True),
            Claim("symmetric with consent, b = -.5", 0.1863, 0.0077, "X", sampled=True),
            Claim("symmetric with consent, b = 1", 0.6652, 0.0094, "X", sampled=True),
        ),
    ),
)
