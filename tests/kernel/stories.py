"""Random stories: any states, rules, parameters, modes, uncertain numbers, and events of every type with dates, conditions
and hazards, of what the kernel knows. A number makes the same story everywhere."""

from __future__ import annotations

import random
from typing import Any

from sim import mechanisms
from sim.events import types
from sim.kernel import layout
from sim.parameters import ParameterInfo, describe
from sim.scenario import Scenario, ScenarioError, read
from sim.scenario.rules import RULES

BASELINE = "baseline"
ALWAYS = ("AFG", "CHN", "RUS", "USA")
"""Hosts of actors and cores, which no story does without."""
MONTHS = [f"{year}-{month:02d}" for year in (2015, 2016) for month in range(1, 13)]


def story(number: int) -> Scenario:
    """The story of a number; where chance makes one that the reader refuses, the next one that it takes."""
    for attempt in range(200):
        dice = random.Random(f"story/{number}/{attempt}")
        try:
            return read(BASELINE, changes=_changes(dice))
        except ScenarioError:
            continue
    raise AssertionError(f"no story {number} in 200 attempts")


def _changes(dice: random.Random) -> dict[str, Any]:
    baseline = read(BASELINE)
    codes = [row["code"] for row in baseline.tables.states]
    share = dice.choice((0.1, 0.4, 0.7, 1.0))
    kept = [code for code in codes if code in ALWAYS or dice.random() < share]
    gone = [f"~scenario.states.{code}" for code in codes if code not in kept]
    gone += [f"~scenario.events.{key}" for key in baseline.events]
    watch = ["-".join(sorted(dice.sample(kept, 2))) for _ in range(dice.randint(1, 3))]
    new: dict[str, Any] = {
        "scenario.cores": {"east": ["CHN", "RUS"], "west": ["USA"]},
        "scenario.sets": {"some": sorted(dice.sample(kept, dice.randint(2, len(kept))))} if dice.random() < 0.7 else {},
        "scenario.watch": list(dict.fromkeys(watch)),
        "end": MONTHS[dice.randint(3, 23)],
    }
    if dice.random() < 0.3:
        new["scenario.schedule"] = _schedule(dice, list(baseline.schedule))
    new |= {f"scenario.{name}": value for name, value in _start(dice, kept).items()}
    new |= {f"parameters.{name}": value for name, value in _parameters(dice).items()}
    for k in range(dice.randint(0, 8)):
        new[f"scenario.events.event_{k}"] = _event(dice, kept)
    new["scenario.rules"] = dice.choice(list(RULES))
    return {**dict.fromkeys(gone), **new}


def _start(dice: random.Random, states: list[str]) -> dict[str, Any]:
    """Numbers of the starting world, some of them uncertain, and what organisations promise."""
    found: dict[str, Any] = {}
    for code in ("SCO", "CSTO", "NATO"):
        if dice.random() < 0.4:
            found[f"organisations.{code}.commitment"] = dice.choice(("none", "consultation", "defence"))
        if dice.random() < 0.15:
            found[f"organisations.{code}.depth"] = _amount(dice, 0.1, 0.9)
    for code in dice.sample(states, 2):
        if dice.random() < 0.3:
            found[f"states.{code}.{dice.choice(('capability', 'affinity'))}"] = _amount(dice, 0.01, 0.2)
    if dice.random() < 0.2:
        found["actors.ISK.strength"] = _amount(dice, 300, 4000)
    if dice.random() < 0.2:
        found[f"actors.ISK.bias.{dice.choice(states)}"] = _amount(dice, 0.5, 3)
    return found


def _schedule(dice: random.Random, schedule: list[str]) -> list[str]:
    left = [name for name in schedule if dice.random() < 0.85 or name == "trust"]
    if dice.random() < 0.3:
        dice.shuffle(left)
    return left


def _parameters(dice: random.Random) -> dict[str, Any]:
    found = {}
    for mechanism in sorted(layout.MECHANISMS):
        for info in _known(mechanism):
            if dice.random() > 0.12:
                continue
            found[f"{mechanism}.{info.name}"] = _value(dice, mechanism, info)
    return found


def _known(mechanism: str) -> list[ParameterInfo]:
    """The parameters that the kernel knows; others stay at their defaults."""
    return [info for info in describe(mechanisms.get(mechanism).Parameters) if info.name in layout.PARAMETERS[mechanism]]


def _value(dice: random.Random, mechanism: str, info: Any) -> Any:
    if info.choices:
        return dice.choice(layout.WORDS[mechanism, info.name])
    if isinstance(info.default, bool):
        return dice.random() < 0.5
    low, high = info.bounds
    near = max(low, info.default - abs(info.default) - 0.01), min(high, info.default + abs(info.default) + 0.01)
    if mechanism == "blocs" and info.name == "past":
        return dice.randint(0, 24)
    if mechanism == "trust" and info.name == "limit":
        return dice.uniform(0.5, 1.0)
    if dice.random() < 0.2 and near[0] < near[1] and info.name != "past":
        return {"uniform": [round(near[0], 6), round(near[1], 6)]}
    return round(dice.uniform(*near), 6)


def _group(dice: random.Random, states: list[str], least: int = 1, most: int = 4) -> list[str]:
    return sorted(dice.sample(states, min(len(states), dice.randint(least, most))))


def _who(dice: random.Random, ways: tuple[str, ...], states: list[str]) -> dict[str, Any]:
    way = dice.choice([way for way in ways if way != "to"])
    if way == "parties":
        return {"parties": _group(dice, states, 2)}
    if way in ("between", "from"):
        mixed = dice.sample(states, min(len(states), 5))
        cut = dice.randint(1, len(mixed) - 1)
        one, other = sorted(mixed[:cut]), sorted(mixed[cut:])
        return {"between": [one, other]} if way == "between" else {"from": one, "to": other}
    if way == "states":
        return {"states": _group(dice, states)}
    return {"actor": "ISK"} if way == "actor" else {"organisation": dice.choice(("SCO", "CSTO", "NATO"))}


def _amount(dice: random.Random, low: float, high: float) -> Any:
    value = round(dice.uniform(low, high), 4)
    if dice.random() < 0.15 and high - low > 0.01:
        middle = (low + high) / 2
        return {"uniform": [round(low + (middle - low) / 2, 4), round(middle + (high - middle) / 2, 4)]}
    return value


def _time(dice: random.Random, states: list[str]) -> dict[str, Any]:
    way = dice.random()
    if way < 0.5:
        return {"on": dice.choice(MONTHS)}
    if way < 0.75:
        return {"hazard": _amount(dice, 0.01, 0.3)}
    condition = _condition(dice, states)
    if dice.random() < 0.3:
        condition = {dice.choice(("all", "any")): [condition, _condition(dice, states), _condition(dice, states)]}
    if dice.random() < 0.4:
        condition["months"] = dice.randint(1, 4)
    if dice.random() < 0.3:
        condition["after"] = dice.choice(MONTHS[:6])
    return {"when": condition}


def _condition(dice: random.Random, states: list[str]) -> dict[str, Any]:
    one, other = dice.sample(states, 2)
    pair = "-".join(sorted((one, other)))
    measure, low, high = dice.choice(
        [
            (f"trust:{one}>{other}", -0.5, 0.5),
            (f"cooperation:{pair}", 0, 0.6),
            (f"crises:{pair}", 0, 1),
            (f"tie_similarity:{pair}", 0, 1),
            (f"alignment:{one}", -0.5, 0.5),
            (f"bloc:{one}", 0.5, 1.5),
            (f"cohesion:{dice.choice(('SCO', 'NATO'))}", -0.2, 0.8),
            ("cooperation:world", 0, 0.4),
            ("cooperation_weighted:world", 0, 0.4),
            ("crises:world", 0, 4),
            ("ties:world", 0, 0.4),
            ("bloc_size:none", 2, 12),
            ("strength:ISK", 500, 4000),
            (f"threat:{one}", 0, 1),
            (f"actor_threat:{one}<ISK", 0, 0.4),
            ("balanced_triads:world", 0.3, 1),
            ("frustration:world", 0, 0.4),
            ("modularity:world", 0, 0.6),
            ("spectral_agreement:world", 0.4, 1),
            ("polarisation:world", 0, 0.2),
        ]
    )
    return {"measure": measure, dice.choice(("below", "above")): round(dice.uniform(low, high), 4)}


_BOUNDS = {
    ("clamp", "strength"): (0, 3000),
    ("set", "strength"): (0, 3000),
    ("shock", "strength"): (-1000, 1000),
    ("set", "capability"): (0.01, 0.2),
    ("shock", "capability"): (0, 0.05),  # at 0 two states' shares of each other's power are no numbers
    ("shock", "affinity"): (-1, 1),
    ("set", "affinity"): (-2, 2),
    ("clamp", "affinity"): (-2, 2),
    ("shock", "trust"): (-0.5, 0.5),
    ("set", "effort"): (0, 3),
}


def _event(dice: random.Random, states: list[str]) -> dict[str, Any]:
    name = dice.choice(layout.EVENT_TYPES)
    event: dict[str, Any] = {"type": name, **_time(dice, states)}
    until = dice.choice(MONTHS[3:]) if dice.random() < 0.4 else None
    if until and "on" in event:
        event["on"] = min(event["on"], MONTHS[MONTHS.index(until) - 1])
    if name == "agreement":
        event |= {"parties": _group(dice, states, 2), "depth": _amount(dice, 0, 1)}
    elif name == "crisis":
        event |= {"parties": _group(dice, states, 2), "severity": _amount(dice, 0.2, 2), "months": dice.randint(1, 5)}
        until = None
    elif name == "war":
        who = _who(dice, ("between",), states)["between"]
        course = [round(dice.uniform(0.1, 2), 3) for _ in range(dice.randint(1, 4))]
        event |= {"attacker": who[0], "defender": who[1], "severity": dice.choice((course, course[0]))}
        if third := [code for code in states if code not in who[0] + who[1] and dice.random() < 0.2]:
            event["supporters"] = third
    elif name == "exercise":
        event |= {"size": _amount(dice, 0.2, 3), **_who(dice, ("organisation", "parties"), states)}
        until = None
    elif name == "intervention":
        event |= {"actor": "ISK", "effort": _amount(dice, 0, 3)}
    elif name in ("join", "leave"):
        event |= {"organisation": dice.choice(("SCO", "CSTO", "NATO")), "states": _group(dice, states)}
        until = None
    elif name == "rivalry":
        event |= {"change": dice.choice(("begin", "end")), **_who(dice, types()[name].who, states)}
        until = None
    elif name == "tie":
        event |= {"level": dice.choice(("none", "consultation", "defence")), **_who(dice, types()[name].who, states)}
        until = None
    elif name == "set" and dice.random() < 0.4:
        mechanism = dice.choice(["trust", "decision", "crisis", "ties", "blocs", "anchor", "institutions", "insurgency"])
        infos = [info for info in _known(mechanism) if info.bounds and info.name != "past"]
        info = dice.choice(infos)
        value = _value(dice, mechanism, info)
        event |= {"parameter": f"{mechanism}.{info.name}", "value": info.default if isinstance(value, dict) else value}
    else:
        quantities = types()[name].variables
        variable = dice.choice(sorted(quantities))
        quantity = quantities[variable]
        low, high = _BOUNDS.get((name, variable), (max(quantity.low, -2), min(quantity.high, 2)))
        value = dice.choice(sorted(quantity.words)) if quantity.words else _amount(dice, low, high)
        event |= {"variable": variable, types()[name].amount: value, **_who(dice, quantity.who, states)}
        if name == "shock" and variable == "trust" and dice.random() < 0.5:
            event["lasting"] = round(dice.random(), 3)
        if name != "clamp":
            until = None
    return event | ({"until": until} if until else {})
