"""From a scenario's words to the engine's positions: names, parameters and events.

Numbers given as distributions are drawn here, once per replicate.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from sim import mechanisms
from sim.calendar import parse_month
from sim.draws import Draws
from sim.events.event import ACTIONS, Condition, Event
from sim.mechanisms.trust import ACCOUNTS
from sim.parameters import describe
from sim.scenario.distributions import Distribution
from sim.scenario.resolve import Scenario
from sim.world import CONSULTATION, DEFENCE, NO_TIE, VARIABLES, Names, off_diagonal

TIE_LEVELS = {"none": NO_TIE, "consultation": CONSULTATION, "defence": DEFENCE}


class Numbers:
    """Numbers of a scenario: plain ones as they are, uncertain ones drawn once per replicate."""

    def __init__(self, draws: Draws) -> None:
        self.draws = draws
        self.uncertain = False
        """Whether a distribution has been met."""

    def __call__(self, value: Any, stream: str) -> Any:
        """A float, or values per replicate of shape (R,)."""
        if isinstance(value, Distribution):
            self.uncertain = True
            return value.quantile(self.draws.uniform("uncertain/" + stream).astype(float))
        return value if isinstance(value, (bool, str)) else float(value)

    def row(self, values: Sequence[Any], stream: str, codes: Sequence[str]) -> np.ndarray:
        """One number a code, shape (1, len(codes)), or (R, len(codes)) where one is uncertain."""
        numbers = [np.atleast_1d(self(value, f"{stream}/{code}")) for value, code in zip(values, codes)]
        rows = max((len(x) for x in numbers), default=1)
        columns = [np.broadcast_to(x, rows) for x in numbers]
        return np.stack(columns, axis=-1) if columns else np.empty((1, 0))


def names_of(scenario: Scenario) -> Names:
    """The labels of the axes, in the order of the codes."""
    tables = scenario.tables
    return Names(
        states=tuple(sorted(row["code"] for row in tables.states)),
        actors=tuple(sorted(row["code"] for row in tables.actors)),
        organisations=tuple(sorted(row["code"] for row in tables.organisations)),
        accounts=ACCOUNTS,
        events=tuple(scenario.events),
    )


def parameters_of(scenario: Scenario, once: Numbers) -> dict[str, Any]:
    """The parameters of every mechanism: defaults beside the code, and what the scenario says instead."""
    result = {}
    for mechanism in mechanisms.names():
        kind = mechanisms.get(mechanism).Parameters
        given = scenario.parameters.get(mechanism, {})
        values = {}
        for info in describe(kind):
            if info.name in given:
                value = once(given[info.name], f"parameters.{mechanism}.{info.name}")
                if np.ndim(value):
                    value = np.clip(value, *info.bounds).reshape((-1,) + (1,) * info.axes).astype(once.draws.dtype)
                values[info.name] = value
        result[mechanism] = kind(**values)
    return result


def events_of(scenario: Scenario, names: Names, once: Numbers) -> list[Event]:
    """The events of a scenario, ready for :mod:`sim.events.event`."""
    hosts = {row["code"]: row["host"] for row in scenario.tables.actors}
    return [_event(key, spec, k, names, hosts, once) for k, (key, spec) in enumerate(scenario.events.items())]


def _event(key: str, spec: dict[str, Any], position: int, names: Names, hosts: dict[str, str], once: Numbers) -> Event:
    """One event, its names turned into positions and its numbers drawn."""
    kind = spec["type"]
    event = Event(key, kind, position)
    new: dict[str, Any] = {}
    if spec.get("on") is not None:
        new["on"] = parse_month(spec["on"])
    elif spec.get("when") is not None:
        new["when"] = _condition(spec["when"])
    else:
        new["hazard"] = once(spec["hazard"], f"events.{key}.hazard")
    if spec.get("until") is not None:
        new["until"] = parse_month(spec["until"])
    if kind in ("crisis", "exercise"):
        new["months"] = int(spec.get("months") or 1)
    if spec.get("organisation") is not None:
        new["organisation"] = names.organisations.index(spec["organisation"])
    amount = {"agreement": "depth", "exercise": "size", "crisis": "severity", "shock": "add", "set": "value"}.get(kind)
    if amount:
        new["amount"] = once(spec[amount], f"events.{key}.{amount}")
    if kind in ("join", "leave"):
        where = ([names.state(code) for code in spec["states"]], new["organisation"])
        new |= {"variable": "membership", "where": where, "amount": float(kind == "join")}
    elif kind == "intervention":
        new |= {"where": names.actors.index(spec["actor"]), "amount": _coalition(spec["effort"], key, once)}
    elif kind == "rivalry":
        new |= {"where": _target(spec, "rivalry", names, hosts), "amount": float(spec["change"] == "begin")}
    elif kind == "tie":
        new |= {"variable": "tie", "where": _target(spec, "tie", names, hosts), "amount": float(TIE_LEVELS[spec["level"]])}
    elif kind == "clamp":
        level = {**ACTIONS, **TIE_LEVELS}.get(spec["value"]) if isinstance(spec["value"], str) else None
        new["amount"] = float(level) if level is not None else once(spec["value"], f"events.{key}.value")
    if spec.get("parameter") is not None:
        new["parameter"] = tuple(spec["parameter"].split("."))
    elif kind in ("shock", "set", "clamp"):
        variable = "effort_start" if spec["variable"] == "effort" else spec["variable"]
        new |= {"variable": variable, "where": _target(spec, variable, names, hosts)}
        new["lasting"] = once(spec.get("lasting") or 0.0, f"events.{key}.lasting")
    elif kind in ("agreement", "crisis") or (kind == "exercise" and "organisation" not in new):
        new["where"] = _target(spec, "agreement", names, hosts)
    return dataclasses.replace(event, **new)


def _coalition(effort: Any, key: str, once: Numbers) -> Any:
    """An effort given as a number, or as what each member of a coalition adds."""
    if isinstance(effort, dict):
        return sum(once(part, f"events.{key}.effort.{state}") for state, part in effort.items())
    return once(effort, f"events.{key}.effort")


def _condition(spec: dict[str, Any]) -> Condition:
    measure, _, subject = spec["measure"].partition(":")
    return Condition(measure, subject or "world", spec.get("below"), spec.get("above"), int(spec.get("months") or 1))


def _target(spec: dict[str, Any], variable: str, names: Names, hosts: dict[str, str]) -> Any:
    """Where an event acts: positions on the axes of its variable after the replicate's."""

    def at(codes: Sequence[str]) -> list[int]:
        return [names.state(code) for code in codes]

    if VARIABLES[variable].dims != ("state", "other"):
        if spec.get("actor") is not None:
            actor = names.actors.index(spec["actor"])
            return (actor, names.state(hosts[spec["actor"]])) if variable == "strength" else actor
        if spec.get("organisation") is not None:
            return names.organisations.index(spec["organisation"])
        return at(spec["states"])
    n = len(names.states)
    mask = np.zeros((n, n), bool)
    if spec.get("parties") is not None:
        mask[np.ix_(at(spec["parties"]), at(spec["parties"]))] = True
    elif spec.get("between") is not None:
        one, two = (at(codes) for codes in spec["between"])
        mask[np.ix_(one, two)] = mask[np.ix_(two, one)] = True
    else:
        mask[np.ix_(at(spec["from"]), at(spec["to"]))] = True
    return mask & off_diagonal(n, bool)
