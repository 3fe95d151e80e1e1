"""A world from arrays, without a scenario: what a limiting case starts from.

Everything is neutral (no trust, no ties, no conflict, equal capability) but what is given, and nothing happens but what
the schedule names. The mechanisms are the product's own, their parameters checked against the same bounds as a scenario's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim import engine, mechanisms
from sim.draws import Draws, codes_of
from sim.measures import Frame
from sim.mechanisms.trust import ACCOUNTS
from sim.parameters import describe
from sim.start.world import Rules
from sim.world import VARIABLES, Names, World

Schedule = Mapping[str, Mapping[str, Any]]
"""Mechanisms in order, each with the parameters that differ from its defaults."""

NEUTRAL = {"bias": 1.0, "event_start": -1}
"""What is not zero in a world where nothing is said."""


def bare_world(
    states: int | Sequence[str],
    replicates: int = 1,
    *,
    actors: Sequence[str] = (),
    organisations: Sequence[str] = (),
    **arrays: Any,
) -> World:
    """A world of some states with all arrays neutral but those given.

    Args:
        states: how many (their codes are S000, S001, ...), or their codes.
        replicates: how many.
        actors: codes of non-state actors.
        organisations: codes of organisations.
        arrays: by name, of the shape in :data:`sim.world.VARIABLES` with or without the replicate axis.
    """
    codes = tuple(f"S{k:03d}" for k in range(states)) if isinstance(states, int) else tuple(states)
    names = Names(codes, tuple(actors), tuple(organisations), ACCOUNTS, ())
    unknown = [name for name in arrays if name not in VARIABLES]
    if unknown:
        raise KeyError(f"no array {', '.join(unknown)}; see sim.world.VARIABLES")
    given = {"capability": np.full(len(codes), 1 / max(len(codes), 1)), **arrays}
    full = {}
    for name, variable in VARIABLES.items():
        shape = (replicates, *(len(names.axis(dim)) for dim in variable.dims))
        kind = np.dtype("float64" if variable.dtype == "float" else variable.dtype)
        value = np.asarray(given.get(name, NEUTRAL.get(name, 0)), kind)
        full[name] = np.broadcast_to(value, shape).copy()
    return World(names, full)


def bare_rules(world: World, schedule: Schedule, seed: int = 1) -> Rules:
    """The rules that carry a bare world forward: the mechanisms of the schedule and no events.

    Raises:
        ValueError: a parameter is outside what a scenario may say.
    """
    parameters = {}
    for name in {**dict.fromkeys(mechanisms.names()), **schedule}:
        kind, given = mechanisms.get(name).Parameters, schedule.get(name, {})
        infos = describe(kind)
        for unknown in set(given) - {info.name for info in infos}:
            raise ValueError(f"parameters.{name} has no {unknown!r}; it has {', '.join(info.name for info in infos)}")
        for info in infos:
            for value in np.ravel(given[info.name]).tolist() if info.name in given else ():
                if problem := info.problem(value):
                    raise ValueError(f"parameters.{name}.{info.name}: {problem}")
        parameters[name] = kind(**given)
    codes = {"state": codes_of(world.names.states), "actor": codes_of(world.names.actors)}
    draws = Draws(seed, range(world.replicates), codes)
    frame = Frame(world.names, {}, {}, ())
    return Rules(tuple((name, mechanisms.get(name)) for name in schedule), parameters, (), frame, draws)


def after(world: World, schedule: Schedule, months: int, *, seed: int = 1, start: int = 0) -> World:
    """The world some months later, by :func:`sim.engine.carry`; ``start`` is the first month, for a run in parts."""
    rules = bare_rules(world, schedule, seed)
    return engine.carry(world, rules, start, start + months)
