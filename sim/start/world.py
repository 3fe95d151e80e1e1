"""From a scenario to the starting world of some replicates, and the rules that carry it forward.

The arrays come from the tables here; :mod:`sim.start.expectation` brings the world to rest and gives it a past.

Equations: ODD E1 to E5; assumptions: ODD A9 to A12 (docs/odd.md).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from sim import mechanisms
from sim.draws import Draws, codes_of
from sim.measures import Frame
from sim.mechanisms import trust
from sim.options import DEFAULTS, check_dtype
from sim.processes.memory import USUAL, Limits
from sim.scenario.calibration import PARAMETERS
from sim.scenario.positions import Numbers, events_of, names_of, parameters_of
from sim.scenario.resolve import Scenario
from sim.start.expectation import remember, settle
from sim.start.rules import Rules
from sim.wording import Sides
from sim.world import CONSULTATION, DEFENCE, EAST, NON_ALIGNED, TIE_LEVELS, VARIABLES, WEST, Names, World, off_diagonal

__all__ = ["Rules", "begin"]

NEARNESS = {"land": 1.0, "sea": 0.6, "none": 0.25}
"""Proximity by border; at least ``WORLD_REACH`` toward states whose power reaches everywhere."""
WORLD_REACH = 0.5


Settled = tuple[World, list[str]]
"""The starting world at rest, one for all replicates, and what a reader should be warned of."""


def begin(
    scenario: Scenario,
    replicates: Sequence[int],
    *,
    seed: int = DEFAULTS.seed,
    dtype: str = DEFAULTS.dtype,
    settled: Settled | None = None,
) -> tuple[World, Rules, list[str]]:
    """The starting world of some replicates, its rules, and what a reader should be warned of.

    Args:
        scenario: from :func:`sim.scenario.read`.
        replicates: the replicates' numbers, such as ``range(50, 100)``.
        seed: any integer; the same seed gives the same luck to every scenario.
        dtype: ``float64``.
        settled: what :func:`settled_once` gave for this scenario, seed and dtype, which saves its work; None: do it here.
    """
    if settled:
        world, warnings = settled
        rules, _ = _rules(scenario, replicates, seed, dtype)
        return remember(world, rules, scenario.start), rules, warnings
    rules, world, uncertain = _first(scenario, replicates, seed, dtype)
    if len(replicates) == 1 and uncertain:  # alone, an uncertain number could not be told from a certain one
        world, _, warnings = begin(scenario, [*replicates, replicates[0] + 1], seed=seed, dtype=dtype)
        return world.select(slice(0, 1)), rules, warnings
    world, warnings = settle(world, rules)
    return remember(world, rules, scenario.start), rules, warnings


def before_rest(scenario: Scenario, replicates: Sequence[int], seed: int) -> tuple[World, Rules, bool]:
    """What :func:`begin` starts from: the world of the tables, in float64, with one row where all replicates agree; the
    rules; and whether any number is uncertain."""
    rules, world, uncertain = _first(scenario, replicates, seed, "float64")
    return world, rules, uncertain


def rules_of(scenario: Scenario, replicates: Sequence[int], seed: int) -> Rules:
    """The rules of some replicates alone, without a world."""
    return _rules(scenario, replicates, seed, "float64")[0]


def settled_once(
    scenario: Scenario,
    *,
    seed: int = DEFAULTS.seed,
    dtype: str = DEFAULTS.dtype,
    workers: int | None = 1,
    limits: Limits = USUAL,
) -> Settled | None:
    """The starting world at rest, for all replicates of a run; None where uncertain numbers give each its own."""
    rules, world, uncertain = _first(scenario, range(1), seed, dtype)
    return None if uncertain else settle(world, rules, workers, limits)


def _first(scenario: Scenario, replicates: Sequence[int], seed: int, dtype: str) -> tuple[Rules, World, bool]:
    """The rules, the world that the tables give, and whether any of its numbers is uncertain."""
    rules, once = _rules(scenario, replicates, seed, dtype)
    return rules, _take_sides(_tables(scenario, rules.frame.names, rules, once), rules), bool(once.uncertain)


def _take_sides(world: World, rules: Rules) -> World:
    """Where sides go by regard: those from which nobody would move, in an order that hangs on nothing but the codes."""
    if not rules.has("blocs") or rules.parameters["blocs"].regard == "trust":
        return world
    blocs, p = mechanisms.get("blocs"), rules.parameters["blocs"]
    order = np.argsort(codes_of(world.names.states), kind="stable")
    return world.replace(bloc=blocs.settled_sides(world, p, order), regard=blocs.regard_of(world, p))


def _rules(scenario: Scenario, replicates: Sequence[int], seed: int, dtype: str) -> tuple[Rules, Numbers]:
    """The rules, and what turns uncertain numbers into those of the replicates."""
    check_dtype(dtype)
    names = names_of(scenario)
    codes = {"state": codes_of(names.states), "actor": codes_of(names.actors)}
    draws = Draws(seed, replicates, codes, month=scenario.start)
    once = Numbers(draws.at(0))
    if scenario.uncertainty == PARAMETERS:
        draws = Draws(seed, [0] * len(replicates), codes, month=scenario.start)
    schedule = tuple((name, mechanisms.get(name)) for name in scenario.schedule)
    frame = Frame(names, scenario.cores, scenario.sets, tuple(scenario.watch))
    rules = Rules(schedule, _with_grounds(parameters_of(scenario, once), scenario), (), frame, draws)
    return dataclasses.replace(rules, events=tuple(events_of(scenario, names, once))), once


def _with_grounds(parameters: dict[str, Any], scenario: Scenario) -> dict[str, Any]:
    """The parameters as they hold: those that read grounds need a world that has them."""
    if scenario.tables.grounds:
        p = parameters["anchor"]
        if p.start == "record":
            p = dataclasses.replace(p, pact=p.per_pact, distance=p.per_distance, rivalry=p.per_rivalry)
        return parameters | {"anchor": p}
    replaced = {"anchor": ("start", "rule"), "crisis": ("hazards", "classes")}
    found = dict(parameters)
    for name, (field, value) in replaced.items():
        found[name] = dataclasses.replace(parameters[name], **{field: value})
    if parameters["ties"].mode == "logit":
        found["ties"] = dataclasses.replace(parameters["ties"], mode="off")
    return found


def _tables(scenario: Scenario, names: Names, rules: Rules, once: Numbers) -> World:
    """The arrays that the world's tables give; replicate axis 1 where all replicates agree."""
    tables, p, n = scenario.tables, rules.parameters, len(names.states)
    states = {row["code"]: row for row in tables.states}
    rows = [states[code] for code in names.states]
    a: dict[str, np.ndarray] = {}
    a["capability"] = once.row([r["capability"] for r in rows], "capability", names.states)
    a["affinity_start"] = once.row([r["affinity"] for r in rows], "affinity", names.states)
    a["core"] = np.zeros((1, n), np.int8)
    for side, label in zip(Sides.of(scenario.cores)[:2], (EAST, WEST)):
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
    a.update(grounds_of(tables, names))
    if p["crisis"].hazards == "dyads":
        a["conflict"] = _conflict(a["onset"]) * others
    a.update(_anchors(tables, names, a, p["anchor"], once))
    a["trust"] = a.get("from_record", np.clip(a["anchor"], -trust.LIMIT, trust.LIMIT))

    a["membership"] = np.zeros((1, n, len(names.organisations)), np.int8)
    for row in tables.memberships:
        a["membership"][0, names.state(row["state"]), names.organisations.index(row["organisation"])] = 1
    organisations = {row["code"]: row for row in tables.organisations}
    depths = [organisations[code]["depth"] for code in names.organisations]
    a["depth"] = once.row(depths, "depth", names.organisations)
    a["bloc"] = _starting_blocs(a["core"], pact)
    a.update(_actors(tables, names, once))
    for name in (
        "agreement",
        "imposed_crisis",
        "exercise",
        "regard",
        "threat",
        "common_threat",
        "institutions",
        "p_confront",
        "action",
        "crisis",
        "crisis_reference",
        "cooperation_months",
        "crisis_months",
    ):
        a[name] = np.zeros((1, n, n))
    a["actor_threat"] = np.zeros((1, n, len(names.actors)))
    a["joint_effort"] = np.zeros((1, n))
    for name in ("trust_terms", "expected_terms"):
        a[name] = np.zeros((1, len(names.accounts), n, n))
    a["event_start"] = np.full((1, len(names.events)), -1)
    a["event_held"] = np.zeros((1, len(names.events)))
    a["stance"] = np.zeros((1, len(names.events), n))
    a["affinity"] = a["affinity_start"]
    a["effort_start"] = a["effort"]
    kinds = {name: np.dtype(v.dtype) for name, v in VARIABLES.items()}
    return World(names, {name: np.ascontiguousarray(a[name].astype(kinds[name])) for name in VARIABLES})


def _anchors(tables: Any, names: Names, a: dict[str, np.ndarray], p: Any, once: Numbers) -> dict[str, np.ndarray]:
    """Starting anchors: the rule of :mod:`sim.mechanisms.anchor`, with the sourced overrides in their place."""
    n = len(names.states)
    x = a["affinity_start"]
    apart = np.abs(x[:, :, None] - x[:, None, :])

    def rule(p: Any) -> tuple[np.ndarray, np.ndarray]:
        """The base and what pacts and votes move, by the hand rule."""
        base = p.level + p.consultation * (a["tie"] == CONSULTATION) - p.rivalry * a["rivalry"]
        return base, p.pact * (a["tie"] == DEFENCE) - p.distance * apart

    base, movable = rule(p)
    start = {}
    if p.start == "record":
        share = a["events"] / (a["events"] + p.weight)
        record = np.clip(share * a["record"] + (1 - share) * a["tone"], -MOST, MOST)
        hand = np.clip(sum(rule(type(p)())), -1, 1)  # by its defaults: the numbers in force here are those of grounds
        tone, record = (np.where(a["known"], values, hand) for values in (a["tone"], record))
        base = tone + p.lasting * (record - tone) - movable
        start = {"from_record": record * off_diagonal(n)}
    base = np.broadcast_to(base, np.broadcast_shapes(base.shape, movable.shape)).copy()
    for row in tables.trust:
        i, j = names.state(row["from"]), names.state(row["to"])
        if start and a["known"][0, i, j] and a["events"][0, i, j]:
            continue  # what was written for the hand rule; a record of events knows better
        given = once(row["anchor"], f"trust/{row['from']}>{row['to']}")
        base[:, i, j] = given - movable[:, i, j]
        if start:
            start["from_record"][:, i, j] = given
    return start | {"anchor_base": base * off_diagonal(n), "anchor": np.clip(base + movable, -1, 1) * off_diagonal(n)}


GROUNDS = ("tone", "record", "events", "exposure", "onset", "pact_odds")
"""Columns of the table of grounds; those of one direction have a twin with ``_back``."""
OTHERWISE = {"onset": -7.0, "pact_odds": -6.1}
"""Of pairs without grounds: log-odds of .0009 and .0022 a year, those of pairs that are neither rivals nor neighbours."""
CONFLICT_RANGE, CONFLICT_MIDDLE, CONFLICT_SCALE = (0.05, 0.95), -4.06, 1.036
"""Conflict of interest by the log-odds of a dispute within a year: .15 at .2 %, .85 at 13 %; assumed."""
MOST = 0.95
"""The most trust or distrust that a record can give."""


def grounds_of(tables: Any, names: Names) -> dict[str, np.ndarray]:
    """The columns of the grounds as matrices, (1, n, n), with what is taken where a pair has none, and whether it has."""
    n = len(names.states)
    found = {name: np.full((1, n, n), OTHERWISE.get(name, 0.0)) for name in GROUNDS}
    found["known"] = np.zeros((1, n, n), bool)
    for row in tables.grounds:
        i, j = names.state(row["a"]), names.state(row["b"])
        found["known"][0, [i, j], [j, i]] = True
        for name in GROUNDS:
            found[name][0, i, j] = row[name]
            found[name][0, j, i] = row.get(f"{name}_back", row[name])
    return found


def _conflict(onset: np.ndarray) -> np.ndarray:
    """Conflict of interest from the log-odds of a dispute."""
    low, high = CONFLICT_RANGE
    return low + (high - low) / (1 + np.exp(-(onset - CONFLICT_MIDDLE) / CONFLICT_SCALE))


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
    effort = once.row([actors[code]["effort"] for code in names.actors], "effort", names.actors)
    found = {"strength": territory, "effort": effort}
    for column, otherwise in (("reach", 0.0), ("bias", 1.0)):
        cells = {
            (names.state(row["state"]), names.actors.index(row["actor"])): np.atleast_1d(
                once(row[column], f"{column}/{row['state']}<{row['actor']}")
            )
            for row in tables.reach
        }
        found[column] = np.full((max(map(len, cells.values()), default=1), n, count), otherwise)
        for (i, k), value in cells.items():
            found[column][:, i, k] = value
    return found
