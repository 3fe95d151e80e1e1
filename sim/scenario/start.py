"""From a scenario to the starting world of some replicates, and the rules that carry it forward.

The starting world is at rest: trust starts at its anchor, and every behavioural term of trust is later booked against
its expectation here, taken with trust held and actions drawn from a stream of their own. Twelve months of such a past
fill the memory from which cooperation is read, so that the first month's value means what every other month's does.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from sim import mechanisms
from sim.draws import Draws, codes_of
from sim.events import Event
from sim.measures import Frame
from sim.mechanisms import trust as trust_rule
from sim.scenario.compile import TIE_LEVELS, Numbers, events_of, names_of, parameters_of
from sim.scenario.resolve import Scenario
from sim.world import (
    CONFRONT,
    CONSULTATION,
    COOPERATE,
    DEFENCE,
    EAST,
    NON_ALIGNED,
    VARIABLES,
    WEST,
    Names,
    World,
    off_diagonal,
)  # fmt: skip

NEARNESS = {"land": 1.0, "sea": 0.6, "none": 0.25}
"""Proximity by border; at least ``WORLD_REACH`` toward states whose power reaches everywhere."""
WORLD_REACH = 0.5
PAST_MONTHS = 12
EXPECTATION = (16, 256)
"""Months and replicates over which the starting world's action frequencies are averaged."""


@dataclass(frozen=True)
class Rules:
    """What carries a world through a month: mechanisms in order, their parameters, the events, and the luck."""

    schedule: tuple[tuple[str, ModuleType], ...]
    parameters: dict[str, Any]
    events: tuple[Event, ...]
    frame: Frame
    draws: Draws

    def has(self, mechanism: str) -> bool:
        """Whether a mechanism is in the schedule."""
        return any(name == mechanism for name, _ in self.schedule)

    def __reduce__(self) -> tuple:
        """For pickling and copying: modules cannot be, so mechanisms go by their names."""
        rest = {f.name: getattr(self, f.name) for f in dataclasses.fields(self) if f.name != "schedule"}
        return _rules, (tuple(name for name, _ in self.schedule), rest)


def _rules(schedule: tuple[str, ...], rest: dict[str, Any]) -> Rules:
    return Rules(tuple((name, mechanisms.get(name)) for name in schedule), **rest)


def begin(
    scenario: Scenario, replicates: Sequence[int], *, seed: int = 1, dtype: str = "float64"
) -> tuple[World, Rules, list[str]]:
    """The starting world of some replicates, its rules, and what a reader should be warned of.

    Args:
        scenario: from :func:`sim.scenario.read`.
        replicates: the replicates' numbers, such as ``range(50, 100)``.
        seed: any integer; the same seed gives the same luck to every scenario.
        dtype: ``float64`` or ``float32``.
    """
    names = names_of(scenario)
    codes = {"state": codes_of(names.states), "actor": codes_of(names.actors)}
    draws = Draws(seed, replicates, codes, month=scenario.start, dtype=dtype)
    once = Numbers(draws.at(0))
    schedule = tuple((name, mechanisms.get(name)) for name in scenario.schedule)
    frame = Frame(names, scenario.cores, scenario.sets, tuple(scenario.watch))
    rules = Rules(schedule, parameters_of(scenario, once), (), frame, draws)
    rules = dataclasses.replace(rules, events=tuple(events_of(scenario, names, once)))
    world = _tables(scenario, names, rules, once)
    world, warnings = _settle(world, rules)
    return _remember(world, rules, scenario.start), rules, warnings


def _tables(scenario: Scenario, names: Names, rules: Rules, once: Numbers) -> World:
    """The arrays that the world's tables give; replicate axis 1 where all replicates agree."""
    tables, p, n = scenario.tables, rules.parameters, len(names.states)
    real = rules.draws.dtype
    states = {row["code"]: row for row in tables.states}
    rows = [states[code] for code in names.states]
    a: dict[str, np.ndarray] = {}
    a["capability"] = once.row([r["capability"] for r in rows], "capability", names.states)
    a["affinity_start"] = once.row([r["affinity"] for r in rows], "affinity", names.states)
    a["core"] = np.zeros((1, n), np.int8)
    for side, label in (("east", EAST), ("west", WEST)):
        a["core"][0, [names.state(code) for code in scenario.cores.get(side, ())]] = label

    for name in ("land", "rivalry", "tie"):
        a[name] = np.zeros((1, n, n), np.int8)
    near = np.zeros((1, n, n))
    for row in tables.dyads:
        for i, j in ((row["a"], row["b"]), (row["b"], row["a"])):
            cell = (0, names.state(i), names.state(j))
            a["land"][cell] = row["border"] == "land"
            a["rivalry"][cell] = int(row["rivalry"])
            a["tie"][cell] = TIE_LEVELS[row["tie"]]
            near[cell] = max(NEARNESS[row["border"]], WORLD_REACH if int(states[j]["world_reach"]) else 0)
    a["proximity"] = near

    others = off_diagonal(n)
    pact = a["tie"] == DEFENCE
    choice = p["decision"]
    conflict = choice.conflict_base + choice.conflict_rivalry * a["rivalry"]
    a["conflict"] = np.clip(conflict + choice.conflict_border * ((a["land"] == 1) & ~pact), 0, 1) * others
    a.update(_anchors(tables, names, a, p["anchor"], once))
    a["trust"] = np.clip(a["anchor"], -trust_rule.LIMIT, trust_rule.LIMIT)

    a["membership"] = np.zeros((1, n, len(names.organisations)), np.int8)
    for row in tables.memberships:
        a["membership"][0, names.state(row["state"]), names.organisations.index(row["organisation"])] = 1
    organisations = {row["code"]: row for row in tables.organisations}
    depths = [organisations[code]["depth"] for code in names.organisations]
    a["depth"] = once.row(depths, "depth", names.organisations)
    a["bloc"] = _starting_blocs(a["core"], pact)
    a.update(_actors(tables, names, once))
    for name in ("agreement", "imposed_crisis", "exercise", "threat", "common_threat", "institutions", "p_confront",
                 "action", "crisis", "crisis_reference", "cooperation_months", "crisis_months"):  # fmt: skip
        a[name] = np.zeros((1, n, n))
    a["actor_threat"] = np.zeros((1, n, len(names.actors)))
    a["joint_effort"] = np.zeros((1, n))
    for name in ("trust_terms", "expected_terms"):
        a[name] = np.zeros((1, len(names.accounts), n, n))
    a["event_start"] = np.full((1, len(names.events)), -1)
    a["event_held"] = np.zeros((1, len(names.events)))
    a["affinity"] = a["affinity_start"]
    a["effort_start"] = a["effort"]
    kinds = {name: real if v.dtype == "float" else np.dtype(v.dtype) for name, v in VARIABLES.items()}
    return World(names, {name: np.ascontiguousarray(a[name].astype(kinds[name])) for name in VARIABLES})


def _anchors(tables: Any, names: Names, a: dict[str, np.ndarray], p: Any, once: Numbers) -> dict[str, np.ndarray]:
    """Starting anchors: the rule of :mod:`sim.mechanisms.anchor`, with the sourced overrides in their place."""
    n = len(names.states)
    x = a["affinity_start"]
    movable = p.pact * (a["tie"] == DEFENCE) - p.distance * np.abs(x[:, :, None] - x[:, None, :])
    base = p.level + p.consultation * (a["tie"] == CONSULTATION) - p.rivalry * a["rivalry"]
    base = np.broadcast_to(base, np.broadcast_shapes(base.shape, movable.shape)).copy()
    for row in tables.trust:
        i, j = names.state(row["from"]), names.state(row["to"])
        base[:, i, j] = once(row["anchor"], f"trust/{row['from']}>{row['to']}") - movable[:, i, j]
    return {"anchor_base": base * off_diagonal(n), "anchor": np.clip(base + movable, -1, 1) * off_diagonal(n)}


def _starting_blocs(core: np.ndarray, pact: np.ndarray) -> np.ndarray:
    """A core's states on their side, others on the side with which they have a defence pact; else non-aligned."""
    with_east = ((core == EAST)[:, None, :] & pact).sum(-1)
    with_west = ((core == WEST)[:, None, :] & pact).sum(-1)
    side = np.where(with_east > with_west, EAST, np.where(with_west > with_east, WEST, NON_ALIGNED))
    return np.where(core > 0, core, side)


def _actors(tables: Any, names: Names, once: Numbers) -> dict[str, np.ndarray]:
    n, count = len(names.states), len(names.actors)
    actors = {row["code"]: row for row in tables.actors}
    strength = once.row([actors[code]["strength"] for code in names.actors], "strength", names.actors)
    territory = np.zeros((len(strength), count, n))
    for k, code in enumerate(names.actors):
        territory[:, k, names.state(actors[code]["host"])] = strength[:, k]
    reach, bias = np.zeros((1, n, count)), np.ones((1, n, count))
    biases = {}
    for row in tables.reach:
        cell = names.state(row["state"]), names.actors.index(row["actor"])
        reach[0][cell] = row["reach"]
        biases[cell] = np.atleast_1d(once(row["bias"], f"bias/{row['state']}<{row['actor']}"))
    if biases:
        bias = np.repeat(bias, max(len(b) for b in biases.values()), axis=0)
    for (i, k), value in biases.items():
        bias[:, i, k] = value
    effort = once.row([actors[code]["effort"] for code in names.actors], "effort", names.actors)
    return {"strength": territory, "reach": reach, "bias": bias, "effort": effort}


# -- the starting world at rest --------------------------------------------------------------------------------------


def _settle(world: World, rules: Rules) -> tuple[World, list[str]]:
    """Fill what the starting world expects: perceptions, references of crises, expected terms of trust."""
    for name in ("threat", "institutions"):
        if rules.has(name):
            world = world.replace(**mechanisms.get(name).update(world, rules.parameters[name], rules.draws))
    cooperates = confronts = np.zeros_like(world.trust)
    if rules.has("decision"):
        cooperates, confronts, p_confront = _frequencies(world, rules)
        world = world.replace(p_confront=p_confront)
        land = world.land.swapaxes(-1, -2)
        joint = (cooperates * land).sum(-2) / np.maximum(land.sum(-2), 1)
        world = world.replace(joint_effort=joint.astype(world.floating))
    crisis = np.zeros_like(world.trust)
    if rules.has("crisis"):
        world = world.replace(crisis_reference=_crisis_reference(world))
        crisis = mechanisms.get("crisis").hazard(world, rules.parameters["crisis"])
    p = rules.parameters["trust"]
    if p.centring and rules.has("trust"):
        toward_me = cooperates.swapaxes(-1, -2), confronts.swapaxes(-1, -2)
        terms = np.stack(np.broadcast_arrays(*trust_rule.terms(world, p, *toward_me, crisis, crisis)), axis=1)
        expected = np.zeros((len(terms), *world.shape("expected_terms")), world.floating)
        expected[:, : terms.shape[1]] = terms
        world = world.replace(expected_terms=expected)
    warnings = _unstable(world, rules, cooperates, confronts) if rules.has("trust") and rules.has("decision") else []
    return world, warnings


def _frequencies(world: World, rules: Rules) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How often each state cooperates with and confronts each other in the starting world, after the budget.

    Averaged over many months of one and the same world; where replicates differ (uncertain numbers) each has its own.
    """
    decision, p = mechanisms.get("decision"), rules.parameters["decision"]
    months, width = EXPECTATION
    luck = rules.draws.under("expectation")
    alone = all(np.ndim(getattr(p, f.name)) == 0 for f in dataclasses.fields(p))
    alone = alone and all(len(getattr(world, name)) == 1 for name in decision.READS)
    if alone:
        luck = Draws(luck.seed, range(width), luck._codes, dtype=luck.dtype, prefix=luck.prefix)
    else:
        months *= 16
    cooperates = confronts = 0.0
    for month in range(months):
        drawn = decision.update(world, p, luck.at(month))
        cooperates = cooperates + (drawn["action"] == COOPERATE).astype(world.floating)
        confronts = confronts + (drawn["action"] == CONFRONT).astype(world.floating)
    found = [total / months for total in (cooperates, confronts)]
    if alone:
        found = [share.mean(axis=0, keepdims=True) for share in found]
    return (*found, np.ascontiguousarray(drawn["p_confront"]))


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
    """Dyads whose behavioural terms push trust away from the start faster than reversion pulls it back."""
    p, decision = rules.parameters["trust"], mechanisms.get("decision")
    step = 1e-4

    def chances(shift: float) -> list[np.ndarray]:
        odds, confront = decision.probabilities(world.replace(trust=world.trust + shift), rules.parameters["decision"])
        return [odds / (1 + odds), confront]

    low, now, high = chances(-step), chances(0.0), chances(step)
    toward = []
    for k, after_budget in enumerate((cooperates, confronts)):
        slope = (high[k] - low[k]) / (2 * step) * after_budget / np.maximum(now[k], 1e-12)
        toward.append((after_budget.swapaxes(-1, -2), slope.swapaxes(-1, -2)))
    t = world.trust
    (c, dc), (d, dd) = toward
    slope = p.gain * (dc * (1 - t) - c) - p.loss * (dd * (1 + t) + d)
    unstable = np.any((slope > p.reversion) & off_diagonal(t.shape[-1], bool), axis=0)
    pairs = [f"{world.names.states[i]}>{world.names.states[j]}" for i, j in np.argwhere(unstable)]
    if not pairs:
        return []
    listed = ", ".join(pairs[:6]) + (f" and {len(pairs) - 6} more" if len(pairs) > 6 else "")
    return [f"trust starts on an unstable point in {listed}: raise trust.reversion, or lower trust.gain or trust.loss"]


def _remember(world: World, rules: Rules, start: int) -> World:
    """A past of twelve months in the starting world, drawn for each replicate, and arrays for all replicates."""
    shared = {"land", "proximity", "core", "reach", "bias", "depth", "capability", "affinity_start", "effort_start",
              "expected_terms", "crisis_reference", "agreement", "imposed_crisis", "exercise"}  # fmt: skip
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
