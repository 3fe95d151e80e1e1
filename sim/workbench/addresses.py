"""Where in a plan each number stands that a hand may change: section, row or column, and the bounds of the reader.

An event is a row of ``event_table``; its amount, hazard and lasting share are columns of ``event_numbers``. A parameter is a
column of ``parameters``, and of some the starting world is made as well (ODD E1 to E4), which the page works out again
(``start.js``). Which those are is not believed but tried: see :func:`_touched`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from sim import mechanisms
from sim.events import types
from sim.events.event_type import EventType
from sim.kernel import layout
from sim.kernel.plan import plan_of
from sim.mechanisms.blocs import MOST_ROUNDS
from sim.mechanisms.trust import LIMIT
from sim.parameters import BASES, ParameterInfo
from sim.scenario import Scenario
from sim.scenario.distributions import Distribution
from sim.scenario.starting_values import FIELDS
from sim.start.world import MOST, before_rest, grounds_of
from sim.workbench.story import Story, packed

AT_START = frozenset({"conflict", "anchor", "anchor_base", "trust", "regard", "bloc", "counts"})
"""The parts of the starting world that the page can work out again."""
MATTER = (
    "decision.attention_base",
    "decision.attention_span",
    "decision.precision",
    "decision.reward",
    "decision.sucker",
    "decision.exposure",
    "decision.neutral",
    "trust.noise",
    "decision.commitment",
    "institutions.hostile",
)
"""What the page shows first until it is asked: as it ranks them itself for cooperation of all states in `sco_expansion`."""
SECTIONS = {
    ("states", "capability"): ("capability",),
    ("states", "affinity"): ("affinity", "affinity_start"),
    ("organisations", "depth"): ("depth",),
    ("actors", "strength"): ("strength",),
    ("actors", "effort"): ("effort", "effort_start"),
}
"""Numbers of the start, and the sections that they stand in."""


def events(story: Story) -> list[dict[str, Any]]:
    """Every event with the row of its table, its dates, and the fields that a hand may change."""
    table = layout.read(story.plan, layout.PLAN)["event_table"]
    found = []
    for row, (key, event) in enumerate(story.scenario.events.items()):
        kind = types()[event["type"]]
        about = dict(zip(layout.EVENT, table[row].tolist()))
        found.append(
            {
                "key": key,
                "row": row,
                "type": event["type"],
                "title": event.get("title") or key.replace("_", " "),
                "sentence": story.sentence(key),
                "note": event.get("note") or "",
                "imposed": kind.imposed,
                "on": event.get("on"),
                "until": event.get("until"),
                "months": about["months"] if "months" in kind.fields else None,
                "when": "" if event.get("on") else "on a condition" if event.get("when") else "by chance",
                "raw": {name: _plain(value) for name, value in event.items() if name not in ("note", "source")},
                "numbers": _numbers(event, kind, about),
            }
        )
    return found


def _plain(value: Any) -> Any:
    """As JSON has it; a distribution as its words."""
    if isinstance(value, Distribution):
        return {value.kind: list(value.args)}
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, (list, tuple)) else value


def _numbers(event: Mapping[str, Any], kind: EventType, about: Mapping[str, int]) -> list[dict[str, Any]]:
    """The numbers of an event that are one number, with their column and bounds."""
    found = []
    for name, column in ((kind.amount, "amount"), ("lasting", "lasting"), ("hazard", "hazard")):
        value = event.get(name) if name else None
        if value is None or isinstance(value, (str, list, bool)):
            continue  # a word, or a course by month
        bounds = _bounds(event, kind, name)
        if bounds is None:
            continue
        value = _plain(value)
        if isinstance(value, dict):  # a coalition adds up; of a distribution the page shows the mean
            parts = [part for part in value.values() if isinstance(part, (int, float))]
            value = sum(parts) if len(parts) == len(value) else None
        found.append({"field": name, "column": about[column], "value": value, **bounds})
    return found


def _bounds(event: Mapping[str, Any], kind: EventType, name: str) -> dict[str, Any] | None:
    if name == "hazard":
        return _within(0.0, 1.0, "probability a month", above=True)
    field = kind.fields[name]
    if field.kind == "amount":
        if event.get("parameter"):
            mechanism, parameter = str(event["parameter"]).split(".")
            info = next(info for info in mechanisms.all_parameters()[mechanism] if info.name == parameter)
            return info.bounds and _within(*info.bounds, "")
        quantity = kind.variables[event["variable"]]
        if quantity.words:
            return None
        return _within(quantity.low, quantity.high, event["variable"], above=quantity.above)
    return _within(field.low, field.high, field.about, above=field.above, whole=field.whole)


def _within(low: float, high: float, what: str, *, above: bool = False, whole: bool = False) -> dict[str, Any]:
    """Bounds of a number, and what it is."""
    return {"low": low, "high": high, "above": above, "whole": whole, "what": what}


def parameters(story: Story, seed: int) -> list[dict[str, Any]]:
    """The numbers of the scheduled mechanisms that a slider can move, with their columns, in the order of the schedule."""
    plan = layout.read(story.plan, layout.PLAN)["parameters"]
    before, found = layout.read(_certain(story.scenario, seed), layout.PLAN), []
    for mechanism in story.scenario.schedule:
        for info in mechanisms.all_parameters()[mechanism]:
            if info.bounds is None or isinstance(info.default, (bool, str)):
                continue
            columns, touched = _touched(story, mechanism, info, seed, before)
            if not columns or not touched <= AT_START or (touched - {"counts"} and not story.made):
                continue
            column = plan[:, columns[-1]]
            spread = bool(np.ptp(column) > 0)
            found.append(
                {
                    "key": f"{mechanism}.{info.name}",
                    "mechanism": mechanism,
                    "name": info.name,
                    "columns": columns,
                    "begins": bool(touched - {"counts"}),
                    "value": float(np.mean(column)),
                    "spread": [float(column.min()), float(column.max())] if spread else None,
                    "low": info.bounds[0],
                    "high": info.bounds[1],
                    "unit": "" if info.unit == "1" else info.unit,
                    "meaning": info.meaning,
                    "basis": BASES[info.basis],
                    "source": info.source,
                    "whole": isinstance(info.default, int),
                }
            )
    return found


def _touched(
    story: Story, mechanism: str, info: ParameterInfo, seed: int, before: Mapping[str, np.ndarray]
) -> tuple[list[int], set[str]]:
    """The columns of parameters that take a parameter's value, and the other sections of the plan that it changes."""
    low, high = info.bounds or (0, 0)
    given = dict(story.scenario.parameters.get(mechanism, {}))
    now = given.get(info.name, info.default)
    now = now if isinstance(now, (int, float)) else info.default
    other = now + 1 if high - low > 1000 else high if now != high else low  # bounds that stand for no bound
    value = type(info.default)(other)
    parameters = {**story.scenario.parameters, mechanism: {**given, info.name: value}}
    table = story.scenario.calibration
    table = table.without([f"{mechanism}.{info.name}"]) if table is not None else None
    moved = dataclasses.replace(story.scenario, parameters=parameters, calibration=table)
    after = layout.read(_certain(moved, seed), layout.PLAN)
    now_there, was = after["parameters"], before["parameters"]
    columns = np.flatnonzero((now_there != was).any(axis=0)).tolist() if now_there.shape == was.shape else []
    if any(now_there[0, column] != value for column in columns):
        return [], set()
    touched = {
        name
        for name in after
        if name != "parameters"
        and (after[name].shape != before[name].shape or after[name].tobytes() != before[name].tobytes())
    }
    return columns, touched


def _certain(scenario: Scenario, seed: int) -> np.ndarray:
    """The plan of one replicate, to compare with another's."""
    world, rules, _ = before_rest(scenario, range(1), seed)
    return plan_of(world, rules, scenario.start, scenario.steps, range(1), 1)


def begins(story: Story) -> dict[str, Any]:
    """What the page needs to work the start of a story out again."""
    p, names, tables = story.rules.parameters, story.world.names, story.scenario.tables
    record = p["anchor"].start == "record"
    grounds = grounds_of(tables, names)
    kept = [] if not record else ["tone", "record", "events", "known"]
    cells = {(row["from"], row["to"]): (names.state(row["from"]), names.state(row["to"])) for row in tables.trust}
    told = {pair for pair, (i, j) in cells.items() if record and grounds["known"][0, i, j] and grounds["events"][0, i, j]}
    pairs = ((row["from"], row["to"], row["anchor"]) for row in tables.trust)
    given = [[*cells[one, other], anchor] for one, other, anchor in pairs if (one, other) not in told]
    hand = type(p["anchor"])()
    return {
        "apart": story.apart,
        "keys": story.begun_by(),
        "rule": p["anchor"].start,
        "hazards": p["crisis"].hazards,
        "regard": p["blocs"].regard if story.rules.has("blocs") else "trust",
        "hand": {name: getattr(hand, name) for name in ("level", "consultation", "rivalry", "pact", "distance")},
        "anchors": given if story.made else [],
        "grounds": packed(np.concatenate([grounds[name].ravel().astype(float) for name in kept])) if record else "",
        "limit": LIMIT,
        "most": MOST,
        "rounds": MOST_ROUNDS,
    }


def start(story: Story) -> dict[str, Any]:
    """The numbers of states, organisations and actors at the start that a hand may change."""
    plan, names, tables = layout.read(story.plan, layout.PLAN), story.world.names, story.scenario.tables
    rows = []
    hosts = {row["code"]: names.state(row["host"]) for row in tables.actors}
    for section, axis in (("states", names.states), ("organisations", names.organisations), ("actors", names.actors)):
        for place, code in enumerate(axis):
            for field, (low, high, what) in FIELDS[section][2].items():
                sections = SECTIONS[section, field]
                if len(plan[sections[0]]) > 1 or (section == "states" and not story.made):
                    continue
                cell = place * len(names.states) + hosts[code] if field == "strength" else place
                rows.append(
                    {
                        "key": f"{section}.{code}.{field}",
                        "section": section,
                        "code": code,
                        "field": field,
                        "sections": sections,
                        "cell": cell,
                        "value": float(plan[sections[0]][0, cell]),
                        "low": low,
                        "high": high,
                        "above": field == "capability",
                        "whole": False,
                        "what": what,
                    }
                )
    return {"numbers": rows}
