"""From a scenario's words to the engine's positions: names, parameters and events.

Numbers given as distributions are drawn here, once per replicate.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import mechanisms
from sim.calendar import parse_month
from sim.draws import Draws
from sim.events import types
from sim.events.event import Event
from sim.events.event_type import EventType, Quantity
from sim.events.target import Target, target_of
from sim.mechanisms.trust import ACCOUNTS
from sim.parameters import describe
from sim.scenario.calibration import CHANCE
from sim.scenario.distributions import Distribution
from sim.scenario.resolve import Scenario
from sim.scenario.rules import RULES
from sim.world import TIE_LEVELS, Names, off_diagonal

if TYPE_CHECKING:
    from sim.events.condition import Condition


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
    drawn = _calibrated(scenario, once)
    for mechanism in mechanisms.names():
        kind = mechanisms.get(mechanism).Parameters
        given = scenario.parameters.get(mechanism, {})
        values = {}
        for info in describe(kind):
            key = f"{mechanism}.{info.name}"
            if key in drawn or info.name in given:
                value = drawn[key] if key in drawn else once(given[info.name], f"parameters.{key}")
                if np.ndim(value) and info.bounds is not None:
                    value = np.clip(value, *info.bounds).reshape((-1,) + (1,) * info.axes)
                values[info.name] = value
        result[mechanism] = kind(**values)
    return result


def _calibrated(scenario: Scenario, once: Numbers) -> dict[str, np.ndarray]:
    """The parameters that each replicate takes from its row of the table of draws, by key, shape (R,)."""
    table = scenario.calibration
    if table is None or scenario.uncertainty == CHANCE:
        return {}
    standing = RULES.get(table.about.get("rules", ""), {})

    def stands(mechanism: str, name: str) -> bool:
        """Whether nothing was put in place of what the rules say."""
        usual = standing.get(mechanism, {}).get(name)
        return scenario.parameters.get(mechanism, {}).get(name, usual) == usual

    once.uncertain = True
    rows = table.rows_of(once.draws)
    return {key: table.column(key)[rows] for key in table.keys if stands(*key.split("."))}


def events_of(scenario: Scenario, names: Names, once: Numbers) -> list[Event]:
    """The events of a scenario, ready for :mod:`sim.events.event`."""
    hosts = {row["code"]: row["host"] for row in scenario.tables.actors}
    promised = {row["code"]: TIE_LEVELS[row.get("commitment") or "none"] for row in scenario.tables.organisations}
    commitments = tuple(promised[code] for code in names.organisations)
    return [
        _event(key, spec, k, names, hosts, commitments, scenario.start, once)
        for k, (key, spec) in enumerate(scenario.events.items())
    ]


def _event(
    key: str,
    spec: dict[str, Any],
    position: int,
    names: Names,
    hosts: dict[str, str],
    commitments: tuple[int, ...],
    start: int,
    once: Numbers,
) -> Event:
    """One event, its names turned into positions and its numbers drawn."""
    kind = types()[spec["type"]]
    new: dict[str, Any] = {}
    if spec.get("on") is not None:
        new["on"] = parse_month(spec["on"])
    elif spec.get("when") is not None:
        new["when"] = _condition(spec["when"], names)
    else:
        new["hazard"] = once(spec["hazard"], f"events.{key}.hazard")
    if spec.get("until") is not None:
        new["until"] = parse_month(spec["until"])
    if kind.months is not None:
        new["months"] = int(spec.get("months") or kind.months)
    if spec.get("organisation") is not None:
        new["organisation"] = names.organisations.index(spec["organisation"])
        new["commitments"] = commitments
    quantity = kind.variables.get(spec.get("variable", ""))
    amounts = spec.get(kind.amount)
    if isinstance(amounts, list):
        new["course"] = tuple(once(amount, f"events.{key}.{kind.amount}.{k}") for k, amount in enumerate(amounts))
    else:
        new["amount"] = _amount(spec, kind, quantity, key, once)
    if kind.fields.get("lasting") and spec.get("lasting"):
        new["lasting"] = once(spec["lasting"], f"events.{key}.lasting")
    if spec.get("parameter") is not None:
        new["parameter"] = tuple(spec["parameter"].split("."))
    else:
        target = target_of(spec)
        variable = (quantity.array or spec["variable"]) if quantity else kind.puts or kind.holds
        new["renews"] = quantity.renews if quantity else ""
        new["variable"] = "" if kind.holds else variable
        if target.sides or not kind.holds:  # else of an organisation's members, who they are in that month
            new["where"] = _where(target, variable, names, hosts)
    if kind.opposed and new.get("on", start + 1) > start:
        new["sides"] = tuple(tuple(names.state(code) for code in spec.get(side) or ()) for side in kind.opposed)
    return Event(key, spec["type"], position, **new)


def _amount(spec: dict[str, Any], kind: EventType, quantity: Quantity | None, key: str, once: Numbers) -> Any:
    """How much: a number, or one a replicate."""
    if not kind.amount:
        return kind.level
    value = spec[kind.amount]
    words = {**kind.fields[kind.amount].words, **(quantity.words if quantity else {})}
    if isinstance(value, str) and value in words:
        return float(words[value])
    if isinstance(value, dict):  # what each member of a coalition adds
        return sum(once(part, f"events.{key}.{kind.amount}.{state}") for state, part in value.items())
    return once(value, f"events.{key}.{kind.amount}")


def _condition(spec: dict[str, Any], names: Names) -> Condition:
    from sim.events.condition import Condition  # few scenarios have any
    from sim.measures import Frame, dyad_of

    after, until = (parse_month(spec[name]) if spec.get(name) is not None else None for name in ("after", "until"))
    months = int(spec.get("months") or 1)
    for name in ("all", "any"):
        if name in spec:
            parts = tuple(_condition(part, names) for part in spec[name])
            return Condition(months=months, after=after, until=until, every=name == "all", parts=parts)
    measure, _, subject = spec["measure"].partition(":")
    pair = dyad_of(measure, subject, names.states)
    frame = Frame(names, {}, {}, (pair,)) if pair else None
    return Condition(measure, subject or "world", spec.get("below"), spec.get("above"), months, after, until, frame=frame)


def _where(target: Target, variable: str, names: Names, hosts: dict[str, str]) -> Any:
    """Where an event acts: positions on the axes of its variable after the replicate's."""

    def at(codes: Sequence[str]) -> list[int]:
        return [names.state(code) for code in codes]

    if target.actor:
        actor = names.actors.index(target.actor)
        return (actor, names.state(hosts[target.actor])) if variable == "strength" else actor
    if target.sides:
        n = len(names.states)
        mask = np.zeros((n, n), bool)
        for one, other in target.sides:
            mask[np.ix_(at(one), at(other))] = True
        return mask & off_diagonal(n, bool)
    if not target.organisation:
        return at(target.states)
    organisation = names.organisations.index(target.organisation)
    return (at(target.states), organisation) if target.states else organisation
