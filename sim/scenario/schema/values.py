"""The values of a scenario as schemas: numbers in all the ways they are written, dates, texts, codes and sources.

What occurs often stands once, under ``$defs``, and is referred to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sim.parameters import ParameterInfo
from sim.scenario.columns import BASES
from sim.scenario.schema.words import Words

Schema = dict[str, Any]

_YEARS = r"([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)"
_DAY = r"((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
MONTH = rf"^([0-9]{{4}}-(0[1-9]|1[0-2])|[0-9]{{4}}-{_DAY}|{_YEARS}-02-29)$"
TEXT = r"^(?![\s\S]*\$\{)(?!\?\?\?$)[\s\S]*\S"
CODE = "[A-Z][A-Z0-9_]{1,11}"
_LARGEST = 1e18


def _named(bound: float) -> str:
    return f"{bound:g}".replace("-", "minus").replace("+", "")


def nullable(schema: Schema) -> Schema:
    """The schema, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


class Values:
    """Makes schemas of values; those that occur often are put into ``defs``."""

    def __init__(self, words: Words) -> None:
        """For the words of a world."""
        self.words = words
        self.defs: dict[str, Schema] = {}

    def define(self, name: str, schema: Schema) -> Schema:
        """A reference to a schema under ``$defs``."""
        self.defs.setdefault(name, schema)
        return {"$ref": f"#/$defs/{name}"}

    # -- numbers -------------------------------------------------------------------------------------------------

    def number(self, low: float, high: float, *, above: bool = False, whole: bool = False, certain: bool = False) -> Schema:
        """A number within bounds: plain, with its source, or as a distribution; ``above`` leaves the lower bound out."""
        kind = "whole" if whole else "certain" if certain else "number"
        name = f"{kind}_{'above' if above else 'from'}_{_named(low)}_to_{_named(high)}"
        if name not in self.defs:
            bounds = {"exclusiveMinimum" if above else "minimum": max(low, -_LARGEST), "maximum": min(high, _LARGEST)}
            plain = self.define(f"plain_{name}", {"type": "integer" if whole else "number", **bounds})
            forms = [plain]
            if not (whole or certain):
                forms.append(self.define(f"uncertain_{name}", self._uncertain(plain, low, high)))
            self.define(name, self._forms(forms))
        return {"$ref": f"#/$defs/{name}"}

    def _forms(self, forms: list[Schema]) -> Schema:
        """A value in one of some forms, or as `value` with its source."""
        value = forms[0] if len(forms) == 1 else {"anyOf": forms}
        return {"anyOf": [*forms, closed({"value": value, **self._origin()}, ["value"])]}

    def _origin(self) -> dict[str, Schema]:
        return {"source": self.source(), "basis": {"enum": list(BASES)}}

    def _uncertain(self, plain: Schema, low: float, high: float) -> Schema:
        """A distribution; that its numbers rise, and how far a spread reaches, no schema says."""
        positive = self.define("positive", {"type": "number", "exclusiveMinimum": 0})
        median = {"allOf": [plain, positive]}
        least = 2 if low <= 0 and high >= 1 else 4
        kinds: dict[str, Schema] = {
            "uniform": {"items": plain, "minItems": 2, "maxItems": 2},
            "triangular": {"items": plain, "minItems": 3, "maxItems": 3},
            "choice": {"items": plain, "minItems": 1},
            "normal": {"prefixItems": [plain, positive], "items": False, "minItems": 2},
            "lognormal": {"prefixItems": [median, positive], "items": False, "minItems": 2},
            "beta": {
                "prefixItems": [positive, positive, plain, plain],
                "items": False,
                "minItems": least,
                "not": {"minItems": 3, "maxItems": 3},
            },
        }
        arrays = {kind: {"type": "array", **about} for kind, about in kinds.items()}
        return closed({**arrays, **self._origin()}) | exactly_one(kinds)

    def parameter(self, info: ParameterInfo) -> Schema:
        """A value of a parameter, with what it means."""
        if info.choices is not None:
            value = self.define("mode_" + "_".join(info.choices), self._forms([{"enum": list(info.choices)}]))
        elif isinstance(info.default, bool) or info.bounds is None:
            value = self.define("truth", self._forms([{"type": "boolean"}]))
        else:
            value = self.number(*info.bounds)
        unit = "" if info.unit == "1" else f" ({info.unit})"
        return {**value, "description": f"{info.meaning}{unit}", "default": info.default}

    # -- words ---------------------------------------------------------------------------------------------------

    def text(self, longest: int = 5000) -> Schema:
        """A text that is not empty."""
        return self.define(f"text_{longest}", {"type": "string", "maxLength": longest, "pattern": TEXT})

    def month(self) -> Schema:
        """A month or a day."""
        about = "a month, such as 2017-06, or a day, such as 2017-06-09"
        return self.define("month", {"type": "string", "pattern": MONTH, "description": about})

    def source(self) -> Schema:
        """One or several keys of `sources`."""
        one = {"type": "string", "minLength": 1}
        return self.define("source", {"anyOf": [one, {"type": "array", "items": one}]})

    def code(self, kind: str) -> Schema:
        """The code of a ``state``, an ``organisation`` or an ``actor``."""
        codes = {"state": self.words.states, "organisation": self.words.organisations, "actor": self.words.actors}[kind]
        any_code: Schema = {"type": "string", "pattern": f"^{CODE}$"}
        return self.define(kind, {"enum": list(codes)} if self.words.known else any_code)

    def states(self, least: int = 1) -> Schema:
        """A list of states, none twice."""
        items = {"type": "array", "items": self.code("state"), "uniqueItems": True, "minItems": least}
        return self.define(f"states_{least}", items)

    def selection(self) -> Schema:
        """A list of words that take states from a world; codes of all its states, since a selection is made anew."""
        word = f"^-?\\s*(all|majors|region:[a-z_]+|(members|neighbours):{CODE}|{CODE})$"
        about = "such as [members:SCO, region:nordic, USA, -TJK]"
        items = {"type": "string", "pattern": word}
        return self.define("selection", {"type": "array", "items": items, "minItems": 1, "description": about})

    def one_of(self, kind: str) -> str:
        """A pattern for the code of a ``state`` or an ``actor``."""
        codes = self.words.states if kind == "state" else self.words.actors
        return f"({'|'.join(codes)})" if self.words.known and codes else CODE

    def by_code(self, kind: str, value: Schema) -> Schema:
        """A mapping whose keys are codes."""
        return {"type": "object", "propertyNames": self.code(kind), "additionalProperties": value}


def closed(properties: dict[str, Schema], required: Iterable[str] = ()) -> Schema:
    """A mapping with these keys and no others."""
    needed = list(required)
    more = {"required": needed} if needed else {}
    return {"type": "object", "properties": properties, **more, "additionalProperties": False}


def exactly_one(names: Collection[str]) -> Schema:
    """That a mapping has exactly one of some keys."""
    return {"oneOf": [{"required": [name]} for name in names]}


def at_most_one(names: Collection[str]) -> Schema:
    """That a mapping has no two of some keys."""
    words = list(names)
    pairs = [(a, b) for k, a in enumerate(words) for b in words[k + 1 :]]
    return {"not": {"anyOf": [{"required": list(pair)} for pair in pairs]}}
