"""Where in a plan each number stands that a hand may change: section, row or column, and the bounds of the scenario's reader.

An event is a row of ``event_table``; its amount, hazard and lasting share are columns of ``event_numbers``. A parameter is a
column of ``parameters``, and of some the starting world is made as well (ODD E1 to E4): those stand in :data:`AT_START`,
and the page works them out again (``start.js``). Which those are is not believed but tried: see :func:`_touched`.
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
from sim.mechanisms.trust import LIMIT
from sim.parameters import BASES, ParameterInfo
from sim.scenario.starting_values import FIELDS
from sim.start.world import before_rest
from sim.workbench.story import Story

AT_START = {
    "decision.conflict_base": {"conflict"},
    "decision.conflict_rivalry": {"conflict"},
    "decision.conflict_border": {"conflict"},
    "anchor.level": {"anchor", "anchor_base", "trust"},
    "anchor.pact": {"anchor", "anchor_base", "trust"},
    "anchor.consultation": {"anchor", "anchor_base", "trust"},
    "anchor.distance": {"anchor", "anchor_base", "trust"},
    "anchor.rivalry": {"anchor", "anchor_base", "trust"},
    "blocs.past": {"counts"},
    "insurgency.spillover": {"counts"},
}
"""Parameters of which the page works out parts of the starting world, and those parts."""
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
                "basis": event.get("basis") or "",
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
    if dataclasses.is_dataclass(value):
        return {value.kind: list(value.args)}  # type: ignore[attr-defined]
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
        return {"low": 0.0, "high": 1.0, "above": True, "whole": False, "what": "probability a month"}
    field = kind.fields[name]
    if field.kind == "amount":
        if event.get("parameter"):
            mechanism, parameter = str(event["parameter"]).split(".")
            info = next(info for info in mechanisms.all_parameters()[mechanism] if info.name == parameter)
            return info.bounds and {"low": info.bounds[0], "high": info.bounds[1], "above": False, "whole": False, "what": ""}
        quantity = kind.variables[event["variable"]]
        if quantity.words:
            return None
        return {"low": quantity.low, "high": quantity.high, "above": quantity.above, "whole": False, "what": event["variable"]}
    return {"low": field.low, "high": field.high, "above": field.above, "whole": field.whole, "what": field.about}


def parameters(story: Story, seed: int) -> list[dict[str, Any]]:
    """The numbers of the scheduled mechanisms that a slider can move, with their column, in the order of the schedule."""
    known = {f"{mechanism}.{name}": k for k, (mechanism, name) in enumerate(layout.parameters())}
    plan = layout.read(story.plan, layout.PLAN)["parameters"]
    found = []
    for mechanism in story.scenario.schedule:
        for info in mechanisms.all_parameters()[mechanism]:
            key = f"{mechanism}.{info.name}"
            if key not in known or info.bounds is None or isinstance(info.default, (bool, str)):
                continue
            column = plan[:, known[key]]
            spread = bool(np.ptp(column) > 0)
            touched = _touched(story, mechanism, info, seed)
            if not touched <= AT_START.get(key, set()) or (touched and (spread or not _by_hand(story))):
                continue
            found.append(
                {
                    "key": key,
                    "mechanism": mechanism,
                    "name": info.name,
                    "column": known[key],
                    "value": float(np.mean(column)),
                    "spread": [float(column.min()), float(column.max())] if spread else None,
                    "default": info.default,
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


def _touched(story: Story, mechanism: str, info: ParameterInfo, seed: int) -> set[str]:
    """The sections of a plan, beside that of the parameters, that a change of this parameter changes."""
    low, high = info.bounds or (0, 0)
    column = layout.parameters().index((mechanism, info.name))
    now = float(layout.read(story.plan, layout.PLAN)["parameters"][0, column])
    other = high if now != high else low
    if other - low > 1000:
        other = now + 1  # bounds that stand for no bound
    given = {**story.scenario.parameters.get(mechanism, {}), info.name: type(info.default)(other)}
    scenario = dataclasses.replace(story.scenario, parameters={**story.scenario.parameters, mechanism: given})
    world, rules, _ = before_rest(scenario, range(1), seed)
    one = layout.read(plan_of(world, rules, scenario.start, scenario.steps, range(1), 1), layout.PLAN)
    before = layout.read(_certain(story, seed), layout.PLAN)
    return {
        name
        for name in one
        if name != "parameters" and (one[name].shape != before[name].shape or one[name].tobytes() != before[name].tobytes())
    }


def _certain(story: Story, seed: int) -> np.ndarray:
    """The plan of one replicate, to compare others with."""
    world, rules, _ = before_rest(story.scenario, range(1), seed)
    return plan_of(world, rules, story.scenario.start, story.scenario.steps, range(1), 1)


def _by_hand(story: Story) -> bool:
    """Whether the starting world is that of the hand rule, alike in all replicates, which the page can work out."""
    p, plan = story.rules.parameters, layout.read(story.plan, layout.PLAN)
    alone = all(len(plan[name]) == 1 for name in ("conflict", "anchor", "anchor_base", "trust", "affinity"))
    return alone and getattr(p["anchor"], "start", "rule") == "rule" and getattr(p["crisis"], "hazards", "classes") == "classes"


def start(story: Story) -> dict[str, Any]:
    """The numbers of states, organisations and actors at the start that a hand may change, and what the page needs to work
    out again what hangs on them."""
    plan, names, tables = layout.read(story.plan, layout.PLAN), story.world.names, story.scenario.tables
    by_hand = _by_hand(story)
    rows = []
    for section, axis in (("states", names.states), ("organisations", names.organisations), ("actors", names.actors)):
        hosts = {row["code"]: names.state(row["host"]) for row in tables.actors}
        for place, code in enumerate(axis):
            for field, (low, high, what) in FIELDS[section][2].items():
                sections = SECTIONS[section, field]
                if len(plan[sections[0]]) > 1 or (field == "affinity" and not by_hand):
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
                        "what": what,
                    }
                )
    given = [[names.state(row["from"]), names.state(row["to"]), row["anchor"]] for row in tables.trust] if by_hand else []
    return {"numbers": rows, "by_hand": by_hand, "anchors": given, "limit": LIMIT}

