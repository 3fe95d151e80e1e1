"""The language of scenarios as a JSON Schema (draft 2020-12), for editors: made from the data that the reader reads by.

A schema knows less than the reader: not that dates and sides agree, that a source is there, or that nobody joins twice. What
it refuses, the reader refuses too.
"""

from __future__ import annotations

from typing import Any

from sim.mechanisms import all_parameters
from sim.scenario.calibration import KINDS
from sim.scenario.resolve import OPTIONAL, REQUIRED
from sim.scenario.rules import RULES
from sim.scenario.schema.events import GROUP, Events
from sim.scenario.schema.values import CODE, Schema, Values, closed, nullable
from sim.scenario.schema.words import Words, words_of_scenario, words_of_world
from sim.scenario.sections import TAKEN
from sim.scenario.starting_values import BY_STATE, FIELDS, WORDS

__all__ = ["Words", "schema", "words_of_scenario", "words_of_world"]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
MOST_PARENTS = 10


def schema(words: Words | None = None) -> Schema:
    """The schema of a scenario file.

    Args:
        words: of one world, and of what the file inherits; None for any world.
    """
    words = words or Words()
    v = Values(words)
    make = _Sections(v)
    properties = {"defaults": make.defaults()}
    for name in (*REQUIRED, *OPTIONAL):
        properties[name] = getattr(make, name)()
    root: Schema = closed(properties)
    root.pop("additionalProperties")
    needed = [name for name in REQUIRED if not words.has((name,))] if words.inherited is not None else []
    head = {"$schema": DRAFT, "title": "A scenario of Entente", **root, "additionalProperties": False}
    if words.inherited is None:
        head |= {"if": {"not": {"required": ["defaults"]}}, "then": {"required": list(REQUIRED)}}
    elif needed:
        head["required"] = needed
    return {**head, "$defs": dict(sorted(v.defs.items()))}


class _Sections:
    """The schema of each section, by its name."""

    def __init__(self, v: Values) -> None:
        self.v, self.words = v, v.words

    def if_there(self, key: tuple[str, ...], value: Schema) -> Schema:
        """The schema, or null where that removes something."""
        return nullable(value) if self.words.has(key) else value

    def scenario(self) -> Schema:
        """The name of a scenario."""
        if self.words.scenarios:
            return self.v.define("scenario", {"enum": list(self.words.scenarios)})
        return self.v.define("scenario", {"type": "string", "pattern": r"^\w[\w-]*$", "not": {"const": "_self_"}})

    def defaults(self) -> Schema:
        """What the file inherits from; `_self_` can only be the last."""
        name = self.scenario()
        last = {"anyOf": [{"const": "_self_"}, name]}
        lists = [
            {"prefixItems": [*[name] * before, last], "items": False, "minItems": before + 1}
            for before in range(MOST_PARENTS)
        ]
        about = "the scenarios to inherit from, such as [baseline, _self_]"
        return {"type": "array", "description": about, "anyOf": [{"maxItems": 0}, *lists]}

    def title(self) -> Schema:
        return self.v.text()

    question = title

    def description(self) -> Schema:
        return nullable(self.v.text())

    def rules(self) -> Schema:
        said = "rules of the model: settings of mechanisms that belong together (docs/validation.md)"
        return nullable({"enum": [*RULES, *map(float, RULES)], "description": said})

    def uncertainty(self) -> Schema:
        said = "what differs between replicates: chance, the parameters that are estimated, or both (docs/calibration.md)"
        return nullable({"enum": list(KINDS), "description": said})

    def baseline(self) -> Schema:
        return nullable({**self.scenario(), "description": "the scenario to compare with"})

    def world(self) -> Schema:
        about = "the starting world"
        if self.words.worlds:
            return {"enum": list(self.words.worlds), "description": about}
        return {"type": "string", "pattern": r"^\w[\w-]*$", "description": about}

    def start(self) -> Schema:
        return {**self.v.month(), "description": "the first month"}

    def end(self) -> Schema:
        return {**self.v.month(), "description": "the last month simulated"}

    def schedule(self) -> Schema:
        mechanisms = {"enum": list(all_parameters())}
        about = "the mechanisms, in the order of the month"
        return {"type": "array", "items": mechanisms, "uniqueItems": True, "minItems": 1, "description": about}

    def cores(self) -> Schema:
        usual = {"enum": ["east", "west"]}
        names = {"pattern": r"^[A-Za-z][A-Za-z0-9_-]*$", "not": usual}
        sides = {"type": "object", "maxProperties": 2, "anyOf": [{"propertyNames": usual}, {"propertyNames": names}]}
        least = {} if self.words.has(("cores",)) else {"minProperties": 2}
        return {
            **sides,
            **least,
            "additionalProperties": self.v.states(),
            "description": "the two sides, by the states that fix them",
        }

    def sets(self) -> Schema:
        names = {"pattern": f"^{GROUP}$", "not": {"enum": [*TAKEN, *self.words.states, *self.words.organisations]}}
        return {
            "type": ["object", "null"],
            "propertyNames": names,
            "additionalProperties": self.if_there(("sets",), self.v.states(2)),
        }

    def watch(self) -> Schema:
        state = self.v.one_of("state")
        pair = {"type": "string", "pattern": rf"^(?!({CODE})-\1$){state}-{state}$"}
        return self.if_there(
            ("watch",), {"type": "array", "items": pair, "uniqueItems": True, "description": "dyads drawn by themselves"}
        )

    def events(self) -> Schema:
        return Events(self.v).section()

    def parameters(self) -> Schema:
        found = {}
        for mechanism, infos in all_parameters().items():
            numbers = {
                info.name: self.if_there(("parameters", mechanism, info.name), self.v.parameter(info)) for info in infos
            }
            found[mechanism] = self.if_there(("parameters", mechanism), closed(numbers))
        return {
            **closed(found),
            "type": ["object", "null"],
            "description": "numbers of the mechanisms that differ from the defaults",
        }

    def _rows(self, section: str) -> Schema:
        one, _, numbers = FIELDS[section]
        fields: dict[str, Schema] = {"name": self.v.text(100)}
        for name, (low, high, about) in numbers.items():
            fields[name] = {**self.v.number(low, high, above=name == "capability"), "description": about}
        for name, allowed in WORDS.get(section, {}).items():
            fields[name] = {"enum": list(allowed)}
        for name, (low, high, about) in BY_STATE.items() if section == "actors" else ():
            fields[name] = {**self.v.by_code("state", nullable(self.v.number(low, high))), "description": about}
        row = closed({name: nullable(value) for name, value in fields.items()})
        return {**self.v.by_code(one, nullable(row)), "type": ["object", "null"]}

    def states(self) -> Schema:
        chosen = self.v.selection()
        rows = self._rows("states")
        numbers = rows.pop("additionalProperties")
        rows["propertyNames"] = {"anyOf": [{"const": "select"}, rows["propertyNames"]]}
        rows |= {"properties": {"select": nullable(chosen)}, "additionalProperties": numbers}
        return {"anyOf": [chosen, rows], "description": "which states are taken, or numbers of states"}

    def organisations(self) -> Schema:
        return self._rows("organisations")

    def actors(self) -> Schema:
        return self._rows("actors")

    def sources(self) -> Schema:
        about = "references by the key that `source` names"
        reference = self.if_there(("sources",), self.v.text(1000))
        return {"type": ["object", "null"], "additionalProperties": reference, "description": about}

    def limits(self) -> Schema:
        sentence = self.v.text(200)
        return self.if_there(
            ("limits",), {"type": "array", "items": sentence, "description": "what a reader must know, a sentence each"}
        )

    def estimates(self) -> Schema:
        number = self.v.number(0, 1e7, certain=True)
        fields: dict[str, Any] = {
            "actor": self.v.code("actor"),
            "date": self.v.month(),
            "low": number,
            "high": number,
            "observer": self.v.text(100),
            "source": self.v.source(),
        }
        row = closed({**fields, "note": {}}, fields)
        return self.if_there(
            ("estimates",), {"type": "array", "items": row, "description": "published estimates, for pictures"}
        )
