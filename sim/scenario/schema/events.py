"""The events of a scenario as schemas, from the data of their types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim import measures
from sim.events import types
from sim.events.event_type import TARGET_FIELDS, EventType, Field, Quantity
from sim.events.target import TARGETS
from sim.mechanisms import all_parameters
from sim.scenario.check_conditions import DATES, SEVERAL, SIDES
from sim.scenario.columns import BASES
from sim.scenario.event_values import LONGEST
from sim.scenario.inherit import TIMES
from sim.scenario.schema.values import CODE, Schema, Values, at_most_one, closed, exactly_one, nullable

GROUP = "[A-Za-z][A-Za-z0-9_-]*"


class Events:
    """Makes the schemas of events; ``v`` makes those of their values."""

    def __init__(self, v: Values) -> None:
        """For the words of a world."""
        self.v = v

    def section(self) -> Schema:
        """The section `events`: new ones whole, inherited ones as far as they change."""
        inherited = (self.v.words.inherited or {}).get("events", {})
        if self.v.words.inherited is None:
            other = {"anyOf": [self.event(), self.changed_of_any(), {"type": "null"}]}
        else:
            other = self.event()
        known = {key: self.changed(event) for key, event in inherited.items() if event.get("type") in types()}
        names = {"pattern": r"^[A-Za-z][A-Za-z0-9_-]*$", "maxLength": 100}
        section = {"type": ["object", "null"], "propertyNames": names, "properties": known, "additionalProperties": other}
        return section | {"description": "What happens: a key that says who does what, and an event."}

    def event(self) -> Schema:
        """An event with all that it needs."""
        kinds = {name: {"const": name, "description": kind.meaning} for name, kind in types().items()}
        branches = [
            {"if": _type_is(name), "then": self.v.define(f"event_{name}", self.whole(name, kind))}
            for name, kind in types().items()
        ]
        head = {"type": {"anyOf": list(kinds.values())}}
        return self.v.define("event", {"type": "object", "properties": head, "required": ["type"], "allOf": branches})

    def whole(self, name: str, kind: EventType) -> Schema:
        """An event of one type."""
        rules = [exactly_one(TIMES), *self.branches(kind), *self.together(kind)]
        if kind.exactly_one:
            rules.append(exactly_one(kind.exactly_one))
        if kind.who:
            rules.append(exactly_one([way for way in kind.who if way != "to"]))
        return {**closed(self.fields(name, kind), ["type", *kind.required]), "allOf": rules}

    def changed(self, event: Mapping[str, Any]) -> Schema:
        """What a file may say of an event that it inherits: null, some of its fields, or a whole one of another type."""
        name, variable = event["type"], event.get("variable", "")
        kind = types()[name]
        there = f"change_{name}" + (f"_{variable}" if variable in kind.variables else "")
        if there not in self.v.defs:
            fields = {
                field: nullable(schema) if field != "type" else schema for field, schema in self.fields(name, kind).items()
            }
            fields["when"] = nullable(self.condition(partial=True))
            rules = [at_most_one(TIMES), *self.branches(kind, variable)]
            self.v.define(there, {**closed(fields), "allOf": rules})
        other = {"type": "object", "required": ["type"], "properties": {"type": {"not": {"const": name}}}}
        same = {"anyOf": [{"type": "null"}, {"$ref": f"#/$defs/{there}"}]}
        return {"if": other, "then": self.event(), "else": same}

    def changed_of_any(self) -> Schema:
        """Some fields of an event, where nobody knows of which."""
        fields: dict[str, list[Schema]] = {}
        for name, kind in types().items():
            for field, schema in self.fields(name, kind).items():
                if schema not in fields.setdefault(field, []):
                    fields[field].append(schema)
        del fields["type"]
        fields["when"] = [self.condition(partial=True)]
        anything = {field: {"anyOf": [*schemas, {"type": "null"}]} for field, schemas in fields.items()}
        return self.v.define("change", {**closed(anything), **at_most_one(TIMES)})

    # -- fields --------------------------------------------------------------------------------------------------

    def fields(self, name: str, kind: EventType) -> dict[str, Schema]:
        """The fields that an event of a type may have, each with what it means."""
        v = self.v
        chance = v.number(0, 1, above=True)
        found: dict[str, Schema] = {
            "type": {"const": name, "description": kind.meaning},
            "title": v.text(500),
            "on": v.month(),
            "when": self.condition(),
            "hazard": {**chance, "description": "the probability of happening in a month"},
            "source": v.source(),
            "basis": {"enum": list(BASES)},
            "note": v.text(500),
        }
        for field, about in kind.fields.items():
            found[field] = {**self.value(about, kind), "description": about.meaning}
        for way in TARGETS:
            for field in (way, "to") if way == "from" else (way,):
                if field in kind.ways() and field not in found:
                    found[field] = {**self.value(TARGET_FIELDS[field], kind), "description": TARGET_FIELDS[field].meaning}
        return found

    def value(self, field: Field, kind: EventType) -> Schema:
        """What a field may hold, whatever the others say."""
        v, what = self.v, field.kind
        number = lambda: v.number(field.low, field.high, above=field.above, whole=field.whole)  # noqa: E731
        if what == "number":
            return number()
        if what == "course":
            return {"anyOf": [number(), {"type": "array", "items": number(), "minItems": 1, "maxItems": LONGEST}]}
        if what == "word":
            return {"enum": list(field.words)}
        if what == "states":
            return v.states(field.least)
        if what == "sides":
            return {"type": "array", "items": v.states(), "minItems": 2, "maxItems": 2}
        if what in ("organisation", "actor"):
            return v.code(what)
        if what == "month":
            return v.month()
        if what == "variable":
            return {"enum": list(kind.variables)}
        if what == "effort":
            return {"anyOf": [number(), v.by_code("state", number()) | {"minProperties": 1}]}
        if what == "parameter":
            return v.define("parameter", {"enum": list(_parameters())})
        return {}  # an amount: by the variable or the parameter, see `branches`

    # -- fields that hang on each other --------------------------------------------------------------------------

    def branches(self, kind: EventType, variable: str = "") -> list[Schema]:
        """What follows from the variable, or from the parameter; ``variable`` is the inherited one of a change."""
        found = []
        for name, quantity in kind.variables.items():
            chosen: Schema = {"properties": {"variable": {"const": name}}, "required": ["variable"]}
            if variable == name:
                chosen = {"anyOf": [chosen, {"not": {"required": ["variable"]}}]}
            found.append({"if": chosen, "then": self.of_variable(kind, name, quantity, whole=not variable)})
        if "parameter" in kind.fields:
            found += self.of_parameter(kind)
        return found

    def of_variable(self, kind: EventType, name: str, quantity: Quantity, *, whole: bool) -> Schema:
        """The bounds and the ways to say whom of one variable."""
        if quantity.words:
            amount: Schema = {"enum": list(quantity.words)}
        else:
            amount = self.v.number(quantity.low, quantity.high, above=quantity.above)
        ways = kind.ways(name)
        never = {way: False for way in [*TARGETS, "to"] if way not in ways}
        properties: Schema = {kind.amount: amount if whole else nullable(amount), **never}
        for field, about in kind.fields.items():
            if about.goes_with and about.goes_with[0] == "variable" and about.goes_with[1] != name:
                properties[field] = False
            if about.beside:
                properties[field] = False
        then: Schema = {"properties": properties}
        return {**then, **exactly_one([way for way in ways if way != "to"])} if whole else then

    def of_parameter(self, kind: EventType) -> list[Schema]:
        """The bounds of the parameter, and that a mode changes on a date."""
        by_value: dict[str, tuple[Schema, list[str]]] = {}
        modes = []
        for name, info in _parameters().items():
            value = {key: part for key, part in self.v.parameter(info).items() if key == "$ref"}
            by_value.setdefault(value["$ref"], (value, []))[1].append(name)
            if info.choices or isinstance(info.default, bool):
                modes.append(name)
        never = dict.fromkeys([*TARGETS, "to"], False)
        found: list[Schema] = [
            {"if": _parameter_in(names), "then": {"properties": {kind.amount: nullable(value), **never}}}
            for value, names in by_value.values()
        ]
        return [
            *found,
            {"if": _parameter_in(modes), "then": {"not": {"anyOf": [{"required": ["when"]}, {"required": ["hazard"]}]}}},
        ]

    def together(self, kind: EventType) -> list[Schema]:
        """Fields that come together."""
        return [{"dependentRequired": {"from": ["to"], "to": ["from"]}}] if "from" in kind.ways() else []

    # -- conditions ----------------------------------------------------------------------------------------------

    def condition(self, *, part: bool = False, partial: bool = False) -> Schema:
        """The condition of an event; ``part``: one of several; ``partial``: what changes of an inherited one."""
        v, limit = self.v, self.v.number(-1e9, 1e9, certain=True)
        name = "condition_part" if part else "condition_change" if partial else "condition"
        if name in v.defs:
            return {"$ref": f"#/$defs/{name}"}
        v.define(name, {})  # it refers to itself
        parts = {"type": "array", "items": self.condition(part=True), "minItems": 2}
        fields: dict[str, Schema] = {
            "measure": {
                "type": "string",
                "pattern": self.measure(),
                "description": "a measure and its subject, cooperation:SCO",
            },
            **dict.fromkeys(SIDES, limit),
            **dict.fromkeys(SEVERAL, parts),
            **{date: v.month() for date in DATES},
        }
        if not part:
            fields["months"] = {**v.number(1, 1200, whole=True), "description": "for how many months in a row"}
        if partial:
            schema = closed({field: nullable(value) for field, value in fields.items()})
        else:
            one = {"required": ["measure"], **exactly_one(SIDES)}
            several = [{"required": [name], "properties": dict.fromkeys(SIDES, False)} for name in SEVERAL]
            schema = {**closed(fields), "allOf": [exactly_one(["measure", *SEVERAL]), {"anyOf": [one, *several]}]}
        v.defs[name] = schema
        return {"$ref": f"#/$defs/{name}"}

    def measure(self) -> str:
        """A pattern for a measure of a subject."""
        state, actor = self.v.one_of("state"), self.v.one_of("actor")
        sides = "|".join(["none", *self.v.words.sides]) if self.v.words.sides else "[A-Za-z][A-Za-z0-9 _-]*"
        subjects = {
            "groups": GROUP,
            "states": state,
            "dyads": f"{state}-{state}",
            "directed dyads": f"{state}>{state}",
            "actors": actor,
            "states and actors": f"{state}<{actor}",
            "sides": f"({sides})",
        }
        found = []
        for info in measures.describe():
            kinds = [subjects[kind] for kind in info.subjects.split(", ") if kind != "world"]
            of = (
                f":(world|{'|'.join(kinds)})"
                if "world" in info.subjects and kinds
                else ":world"
                if not kinds
                else f":({'|'.join(kinds)})"
            )
            found.append(f"{info.name}({of})?" if "world" in info.subjects else f"{info.name}{of}")
        return f"^({'|'.join(found)})$"


def _parameters() -> dict[str, Any]:
    return {f"{mechanism}.{info.name}": info for mechanism, infos in all_parameters().items() for info in infos}


def _type_is(name: str) -> Schema:
    return {"properties": {"type": {"const": name}}}


def _parameter_in(names: list[str]) -> Schema:
    return {"properties": {"parameter": {"enum": names}}, "required": ["parameter"]}


__all__ = ["CODE", "Events"]
