"""V19 to V21: the starting world of a scenario, with everything on."""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Iterable

import numpy as np

from sim import engine
from sim.calendar import parse_month
from sim.draws import Draws, codes_of
from sim.scenario import Scenario, read
from sim.scenario.rules import FIRST, LATEST
from sim.start.world import Rules, begin
from sim.verification.row import Claim, Effort, Row
from sim.world import VARIABLES, Names, World

_YEAR = 12
_CHUNK = 100
_QUIET = {"~scenario.events.russia_turkey_crisis": None}


def first_year(effort: Effort) -> list[float]:
    """In the first year as many dyads see a militarised crisis as did from 1990 to 2013.

    Source: Palmer, McManus, D'Orazio, Kenwick, Karstens, Bloch, Dietrich, Kahn, Ritter and Soules (2021), "The MID5 dataset,
    2011-2014", Conflict Management and Peace Science 39:470-482; shares of dyad-years with an onset, 1990-2013, by class as
    estimated for the model's specification (section 8); rivals of Thompson, Sakuwa and Suhas (2021).
    Setting: the whole baseline from January 2015 under rules 0.1, without its imposed crisis of 2015; 21 states (13 pairs of
    rivals, 23 other land neighbours, 174 others), 600 replicates; share of dyads of a class with a crisis in twelve months.
    Tolerance: binomial standard deviations over 7800, 13800 and 104400 dyad-years are .0043, .0018 and .000093 (between
    replicates the same is found, so dyads count as independent); three and a half of them. Rivals are expected slightly
    below .174: hazards differ within the class, and the chance of a crisis in twelve months bends down in the hazard; the
    starting world's hazards give .170, .048 and .0009.
    """
    found, _ = _crises_of_a_year(read("baseline", changes={**_QUIET, "scenario.rules": FIRST}), effort)
    return found


def hazards_by_dyad(effort: Effort) -> list[float]:
    """Where trust rests, as many dyads see a militarised crisis in a year as the logit of each says.

    Source: derived: a chance P within a year is 1 - (1 - P)^(1/12) a month, and where nothing moves trust the two agree; the
    logit is estimated on MID 5 (Palmer et al. 2021).
    Setting: the baseline from January 2015 under rules 0.2, without its imposed crisis of 2015, with trust at its anchor
    (anchor.lasting 1) and without noise; 600 replicates; the share of the dyads of a class with a crisis in twelve months,
    less the mean of P over the class.
    Tolerance: binomial standard deviations over 7800, 13800 and 104400 dyad-years at .31, .09 and .0075 are .0052, .0024 and
    .00027; four of them, since a crisis moves the trust of its dyad and with it the rest of the year.
    """
    still = {"scenario.rules": LATEST, "parameters.anchor.lasting": 1.0, "parameters.trust.noise": 0.0}
    found, said = _crises_of_a_year(read("baseline", changes={**_QUIET, **still}), effort)
    return [one - other for one, other in zip(found, said)]


def _crises_of_a_year(story: Scenario, effort: Effort) -> tuple[list[float], list[float]]:
    """The share of dyads with a crisis in the first year, of rivals, other land neighbours and others; and the means of the
    yearly chances that the world's grounds give."""
    seen: dict[str, list[np.ndarray]] = {"rival": [], "land": [], "other": []}
    numbers = range(effort.draws(600))
    for first in range(0, len(numbers), _CHUNK):
        world, rules, _ = begin(story, numbers[first : first + _CHUNK], seed=1)
        rival, land = world.rivalry[0] == 1, world.land[0] == 1
        kinds = {"rival": rival, "land": land & ~rival, "other": ~land & ~rival}
        crisis = np.zeros(world.trust.shape, bool)
        for later in _months(world, rules, story.start, story.start + _YEAR):
            crisis |= later.crisis > 0
        for name, kind in kinds.items():
            seen[name].append(crisis[:, np.triu(kind, 1)].ravel())
    yearly = 1 / (1 + np.exp(-world.onset[0]))
    return [np.concatenate(parts).mean() for parts in seen.values()], [yearly[kind].mean() for kind in kinds.values()]


def invariances(effort: Effort) -> list[float | str]:
    """Relabelling states permutes the output; what does not differ differs by exactly nothing; a run can be cut in two.

    Source: derived: properties of the engine that DESIGN.md promises (common random numbers, pure steps).
    Setting: sco_expansion with 4 replicates. (1) After four months, its states in another order of positions (each with its
    code), one month without events, all arrays put back in order. (2) The rows of its tables reversed, 12 months. (3) It and
    the baseline, which first differ by an event of May 2017: all arrays of every month up to April 2017, and that May then
    differs. (4) Months 0 to 24
    against 0 to 12, the world through a pickle, rules begun anew, then 12 to 24. (5) The last again with the agents of
    WorldModel. The largest difference over all arrays.
    Tolerance: 1e-12 for (1), where matrix products sum in another order; none for the others.
    """
    story, other = read("sco_expansion"), read("baseline")
    world, rules, _ = begin(story, range(4), seed=3)
    first_difference = parse_month("2017-05")
    worlds = list(_months(world, rules, story.start, first_difference + 1))
    theirs = list(_months(*begin(other, range(4), seed=3)[:2], story.start, first_difference + 1))
    paired = max(_difference(one, two) for one, two in zip(worlds[:-1], theirs[:-1], strict=True))
    parted = "yes" if _difference(worlds[-1], theirs[-1]) > 0 else "no"

    late = worlds[4]
    order = np.random.default_rng(1).permutation(len(late.names.states))
    moved, moved_rules = _in_order(late, rules, order)
    straight = engine.step(late, dataclasses.replace(rules, events=()), story.start + 4)[0]
    crossed = engine.step(moved, moved_rules, story.start + 4)[0]
    relabelled = _difference(straight, _in_order(crossed, moved_rules, np.argsort(order))[0])

    again = begin(_reversed_rows(story), range(4), seed=3)[:2]
    reordered = _difference(worlds[12], list(_months(*again, story.start, story.start + 12))[-1])

    kept = pickle.loads(pickle.dumps(worlds[12]))
    later = list(_months(kept, begin(story, range(4), seed=3)[1], story.start + 12, story.start + 24))[-1]
    from sim.agents import WorldModel

    model = WorldModel(story, replicates=4, seed=3)
    for _ in range(24):
        model.step()
    cut, agents = _difference(worlds[24], later), _difference(worlds[24], model.world)
    return [relabelled, reordered, paired, parted, cut, agents]


def _months(world: World, rules: Rules, start: int, end: int) -> Iterable[World]:
    """The world at the start and after each month."""
    yield world
    for month in range(start, end):
        world = engine.carry(world, rules, month, month + 1)
        yield world


def _difference(one: World, two: World) -> float:
    """The largest difference over all arrays that both have in the same shape; events' own arrays are left out."""
    largest = 0.0
    for name, about in VARIABLES.items():
        if "event" not in about.dims:
            a, b = np.broadcast_arrays(getattr(one, name), getattr(two, name))
            largest = max(largest, float(np.max(np.abs(a.astype(float) - b.astype(float)), initial=0)))
    return largest


def _in_order(world: World, rules: Rules, order: np.ndarray) -> tuple[World, Rules]:
    """The world with its states in another order of positions, each with its code; and rules for it, without events."""
    names = dataclasses.replace(world.names, states=tuple(world.names.states[k] for k in order))
    arrays = {}
    for name, array in world.arrays.items():
        for axis, dim in enumerate(VARIABLES[name].dims, start=1):
            if dim in ("state", "other"):
                array = array.take(order, axis)
        arrays[name] = np.ascontiguousarray(array)
    return World(names, arrays), dataclasses.replace(rules, events=(), draws=_draws(names, rules.draws))


def _draws(names: Names, like: Draws) -> Draws:
    """The same luck for states in another order."""
    codes = {"state": codes_of(names.states), "actor": codes_of(names.actors)}
    return Draws(like.seed, like.replicates, codes, month=like.month)


def _reversed_rows(story: Scenario) -> Scenario:
    """The scenario with the rows of its tables in reverse."""
    tables = story.tables
    backward = {f.name: getattr(tables, f.name)[::-1] for f in dataclasses.fields(tables)}
    return dataclasses.replace(story, tables=dataclasses.replace(tables, **backward))


ROWS = (
    Row(
        "V19",
        first_year,
        (
            Claim("rivals, share with a crisis", 0.174, 0.015, sampled=True),
            Claim("land neighbours", 0.048, 0.0064, sampled=True),
            Claim("others", 0.0009, 0.00033, sampled=True),
        ),
    ),
    Row(
        "V20",
        invariances,
        (
            Claim("states in another order, a month", 0, 1e-12, "X"),
            Claim("rows of tables in another order", 0, basis="X"),
            Claim("paired, before they differ", 0, basis="X"),
            Claim("different once they differ", "yes", basis="X"),
            Claim("24 months against 12 and 12", 0, basis="X"),
            Claim("engine.step against WorldModel", 0, basis="X"),
        ),
    ),
    Row(
        "V21",
        hazards_by_dyad,
        (
            Claim("rivals, less what the logit says", 0, 0.021, "X", sampled=True),
            Claim("land neighbours", 0, 0.0096, "X", sampled=True),
            Claim("others", 0, 0.0011, "X", sampled=True),
        ),
    ),
)
