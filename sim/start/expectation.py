"""The starting world at rest, and its past.

Trust starts at its anchor, and every behavioural term of trust is later booked against its expectation here, taken with
trust held and actions drawn from a stream of their own. Twelve months of such a past fill the memory from which
cooperation is read, so that the first month's value means what every other month's does.

Equations: ODD E6 to E9; assumptions: ODD A13 to A15 (docs/odd.md).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from sim import mechanisms
from sim.draws import Draws
from sim.mechanisms import trust
from sim.processes.chunks import chunks
from sim.processes.memory import USUAL, Limits
from sim.processes.pool import Report, share
from sim.start.rules import Rules
from sim.world import CONFRONT, COOPERATE, World, off_diagonal

PAST_MONTHS = 12
EXPECTATION = (16, 256)
"""Months and replicates over which the starting world's action frequencies are averaged."""
UNCERTAIN_MONTHS = 256
"""The same where replicates differ and each has its own."""
JOBS = 16
"""In how many jobs they are shared out to processes."""


def settle(world: World, rules: Rules, workers: int | None = 1, limits: Limits = USUAL) -> tuple[World, list[str]]:
    """Fill what the starting world expects: perceptions, references of crises, expected terms of trust.

    Args:
        world: from the tables.
        rules: with its parameters and draws.
        workers: processes that share the work where it is long; None for one a core.
        limits: how it is cut up, and what is long.
    """
    start, world = world, at_anchor(world)
    for name in ("threat", "institutions"):
        if rules.has(name):
            world = world.replace(**mechanisms.get(name).update(world, rules.parameters[name], rules.draws))
    cooperates = confronts = np.zeros_like(world.trust)
    if rules.has("decision"):
        cooperates, confronts, p_confront = _frequencies(world, rules, workers, limits)
        world = world.replace(p_confront=p_confront)
        land = world.land.swapaxes(-1, -2)
        joint = (cooperates * land).sum(-2) / np.maximum(land.sum(-2), 1)
        world = world.replace(joint_effort=joint.astype(world.floating))
    crisis = np.zeros_like(world.trust)
    if rules.has("crisis"):
        by_dyad = rules.parameters["crisis"].hazards == "dyads"
        world = world.replace(crisis_reference=_own_propensity(world) if by_dyad else _crisis_reference(world))
        crisis = mechanisms.get("crisis").hazard(world, rules.parameters["crisis"])
    p = rules.parameters["trust"]
    if p.centring and rules.has("trust"):
        toward_me = cooperates.swapaxes(-1, -2), confronts.swapaxes(-1, -2)
        terms = np.stack(np.broadcast_arrays(*trust.terms(world, p, *toward_me, crisis, crisis)), axis=1)
        expected = np.zeros((len(terms), *world.shape("expected_terms")), world.floating)
        expected[:, : terms.shape[1]] = terms
        world = world.replace(expected_terms=expected)
    warnings = _unstable(world, rules, cooperates, confronts) if rules.has("trust") and rules.has("decision") else []
    return world.replace(trust=start.trust), warnings


def at_anchor(world: World) -> World:
    """The world with trust where it rests."""
    return world.replace(trust=np.clip(world.anchor, -trust.LIMIT, trust.LIMIT).astype(world.floating))


def alike(world: World, p: Any) -> bool:
    """Whether all replicates decide alike in the starting world: neither parameters ``p`` nor arrays differ."""
    alone = all(np.ndim(getattr(p, f.name)) == 0 for f in dataclasses.fields(p))
    return alone and all(len(getattr(world, name)) == 1 for name in mechanisms.get("decision").READS)


def warnings_of(world: World, rules: Rules, cooperates: np.ndarray, confronts: np.ndarray) -> list[str]:
    """What a reader should be warned of, of a world at rest and the shares of months in which each state cooperates with
    and confronts each other, (1 or R, n, n)."""
    return _unstable(world, rules, cooperates, confronts) if rules.has("trust") and rules.has("decision") else []


def _frequencies(
    world: World, rules: Rules, workers: int | None, limits: Limits
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How often each state cooperates with and confronts each other in the starting world, after the budget.

    Computed; or averaged over many months of one and the same world, its luck in chunks like any other. Where replicates
    differ (uncertain numbers) each has its own.
    """
    p = rules.parameters["decision"]
    if p.expected == "computed":
        cooperates, confronts = mechanisms.get("decision").expected(world, p)
        return cooperates.astype(world.floating), confronts.astype(world.floating), confronts
    months, width = EXPECTATION
    luck = rules.draws.under("expectation")
    if alike(world, p):
        n, count = len(world.names.states), months * width
        cut = chunks(width, n, limits)
        parts = [Draws(luck.seed, part, luck._codes, prefix=luck.prefix) for part in cut]
        jobs = [parts[k::JOBS] for k in range(min(JOBS, len(parts)))]
        workers = workers if count * n * n > limits.alone else 1
        tallies = share(partial(_tally, world, p, months, True), jobs, workers=workers, start=limits.start)
    else:
        count = UNCERTAIN_MONTHS
        tallies = [_tally(world, p, count, False, [luck])]
    cooperates, confronts = (sum(tally[k] for tally in tallies) / count for k in (0, 1))
    return cooperates.astype(world.floating), confronts.astype(world.floating), tallies[0][2]


def _tally(
    world: World, p: Any, months: int, together: bool, parts: Sequence[Draws], report: Report | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """In how many months of the parts each state cooperates with and confronts each other, and the probability of the
    latter, shape (1 or R, n, n); ``together`` counts all replicates as one."""
    decision = mechanisms.get("decision")
    cooperates = confronts = np.zeros(1, int)
    for part in parts:
        for month in range(months):
            drawn = decision.update(world, p, part.at(month))
            counted = [drawn["action"] == choice for choice in (COOPERATE, CONFRONT)]
            if together:
                counted = [chosen.sum(axis=0, keepdims=True, dtype=float) for chosen in counted]
            cooperates, confronts = cooperates + counted[0], confronts + counted[1]
    return cooperates, confronts, np.ascontiguousarray(drawn["p_confront"])


def _own_propensity(world: World) -> np.ndarray:
    """Each dyad's own mean propensity to confront, shape (1 or R, n, n)."""
    return (0.5 * (world.p_confront + world.p_confront.swapaxes(-1, -2))).astype(world.floating)


def _crisis_reference(world: World) -> np.ndarray:
    """Mean propensity to confront of each dyad's class, shape (1 or R, n, n)."""
    conf = 0.5 * (world.p_confront + world.p_confront.swapaxes(-1, -2))
    others = off_diagonal(conf.shape[-1], bool)
    rival, land = world.rivalry == 1, (world.land == 1) & (world.rivalry == 0)
    result = np.zeros_like(conf)
    for kind in (rival & others, land & others, ~rival & ~land & others):
        count = kind.sum((-1, -2))[:, None, None]
        mean = (conf * kind).sum((-1, -2))[:, None, None] / np.maximum(count, 1)
        result = np.where(kind, mean, result)
    return result.astype(conf.dtype)


def _unstable(world: World, rules: Rules, cooperates: np.ndarray, confronts: np.ndarray) -> list[str]:
    """Dyads whose behavioural terms push trust away from the start faster than reversion pulls it back.

    The slope of the expected terms where the trust of all is shifted alike; that of balance, which has no such slope of
    its own, is left out.
    """
    decision, crisis = mechanisms.get("decision"), mechanisms.get("crisis")
    p = dataclasses.replace(rules.parameters["trust"], balance=0.0)
    step = 1e-4

    def chances(shift: float) -> tuple[World, list[np.ndarray]]:
        shifted = world.replace(trust=world.trust + np.asarray(shift, world.floating))
        odds, confront = decision.probabilities(shifted, rules.parameters["decision"])
        return shifted.replace(p_confront=confront), [odds / (1 + odds), confront]

    before = chances(0.0)[1]

    def drift(shift: float) -> np.ndarray:
        shifted, now = chances(shift)
        # the budget keeps the same share of offers
        cooperate, confront = (
            (share * b / np.maximum(a, 1e-12)).swapaxes(-1, -2) for share, a, b in zip((cooperates, confronts), before, now)
        )
        hazard = crisis.hazard(shifted, rules.parameters["crisis"]) if rules.has("crisis") else np.zeros_like(world.trust)
        return sum(trust.terms(shifted, p, cooperate, confront, hazard, hazard), np.zeros_like(world.trust))

    slope = (drift(step) - drift(-step)) / (2 * step)
    unstable = np.mean((slope > p.reversion) & off_diagonal(slope.shape[-1], bool), axis=0) > 0.5  # of the replicates
    pairs = [f"{world.names.states[i]}>{world.names.states[j]}" for i, j in np.argwhere(unstable)]
    if not pairs:
        return []
    listed = ", ".join(pairs[:6]) + (f" and {len(pairs) - 6} more" if len(pairs) > 6 else "")
    return [f"trust starts on an unstable point in {listed}: raise trust.reversion, or lower trust.gain or trust.loss"]


def remember(world: World, rules: Rules, start: int) -> World:
    """A past of twelve months in the starting world, drawn for each replicate, and arrays for all replicates."""
    shared = {
        "land",
        "proximity",
        "core",
        "reach",
        "bias",
        "depth",
        "capability",
        "affinity_start",
        "effort_start",
        "expected_terms",
        "crisis_reference",
        "agreement",
        "imposed_crisis",
        "exercise",
        "membership",
        "rivalry",
        "conflict",
        "anchor_base",
        "exposure",
        "onset",
        "pact_odds",
    }
    if rules.has("blocs") and rules.parameters["blocs"].regard == "trust":
        shared.add("regard")
    count = len(rules.draws.replicates)
    full = {
        name: array if name in shared or len(array) == count else np.repeat(array, count, axis=0)
        for name, array in world.arrays.items()
    }
    past = World(world.names, full)
    if rules.has("blocs"):
        months = int(np.max(rules.parameters["blocs"].past))
        for month in range(start - months, start):
            draws = rules.draws.under("past").at(month)
            past = past.replace(**mechanisms.get("blocs").update(past, rules.parameters["blocs"], draws))
    for month in range(start - PAST_MONTHS, start):
        draws = rules.draws.under("past").at(month)
        for name in ("decision", "crisis", "record"):
            if rules.has(name):
                past = past.replace(**mechanisms.get(name).update(past, rules.parameters[name], draws))
    return past
