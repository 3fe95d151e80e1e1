"""The values of one event, field by field: whom it concerns and how much."""

from __future__ import annotations

from typing import Any

from sim.events import types
from sim.events.event_type import TARGET_FIELDS, Field
from sim.scenario.check import Check
from sim.scenario.problems import Key, did_you_mean, quote

LONGEST = 120
"""Months that a course by month may have at most; its last amount lasts."""


class Values:
    """Reads the fields of one event; ``read(field)`` puts the checked value into ``new`` and notes what is wrong.

    ``new`` is the event as it will be, ``missing`` what this world lacks and the event cannot do without.
    """

    def __init__(self, check: Check, key: Key, raw: dict[str, Any]) -> None:
        """For the event at ``key``, as it was written."""
        self.check, self.key, self.raw, self.kind = check, key, raw, types()[raw["type"]]
        self.new = dict(raw)
        self.missing: list[str] = []

    def at(self, *parts: str | int) -> Key:
        """The place of a field."""
        return (*self.key, *parts)

    def read(self, name: str) -> None:
        """Read a field that the event has, by what it may hold."""
        field = self.kind.fields.get(name) or TARGET_FIELDS[name]
        if field.goes_with and self.raw.get(field.goes_with[0]) != field.goes_with[1]:
            other, value = field.goes_with
            of = f"only a {self.raw['type']} to {value}" if other == "variable" else f"only one whose {other} is {value}"
            self.check.wrong(self.at(name), f"{of} has a {name} share; remove it", at_key=True)
        self.new[name] = getattr(self, f"_{field.kind}")(self.at(name), self.raw[name], field)

    def _number(self, key: Key, value: Any, field: Field) -> Any:
        return self.check.number(key, value, field.low, field.high, above=field.above, whole=field.whole, what=field.about)

    def _course(self, key: Key, value: Any, field: Field) -> Any:
        if not isinstance(value, list):
            return self._number(key, value, field)
        if not 1 <= len(value) <= LONGEST:
            self.check.wrong(key, f"has {len(value)} months; write one number, or a list by month such as [4, 3, 2]")
        return [self._number((*key, number), amount, field) for number, amount in enumerate(value)]

    def _word(self, key: Key, value: Any, field: Field) -> str | None:
        return self.check.one_of(key, value, field.words)

    def _names(self, key: Key, value: Any, least: int) -> list[str] | None:
        before = len(self.check.problems)
        codes = self.check.codes(key, value, least=least)
        if codes is None and len(self.check.problems) == before:
            self.missing += [code for code in value if code not in self.check.states]
        return codes

    def _states(self, key: Key, value: Any, field: Field) -> list[str] | None:
        return self._names(key, value, field.least)

    def _sides(self, key: Key, value: Any, field: Field) -> list[list[str] | None] | None:
        sides = self.check.sequence(key, value, "[[RUS], [USA, GBR]]")
        if not isinstance(value, list):
            return None
        if len(sides) != 2 or not all(isinstance(side, list) for side in sides):
            self.check.wrong(key, "takes two lists of states, such as [[RUS], [USA, GBR]]")
            return None
        both = [code for code in sides[0] if code in sides[1]]
        if both:
            self.check.wrong(key, f"{both[0]} is on both sides; use parties for all pairs of one group")
        return [self._names((*key, number), side, 1) for number, side in enumerate(sides)]

    def _organisation(self, key: Key, value: Any, field: Field) -> str | None:
        return self._member(key, value, field.kind)

    def _actor(self, key: Key, value: Any, field: Field) -> str | None:
        return self._member(key, value, field.kind)

    def _member(self, key: Key, value: Any, kind: str) -> str | None:
        code = self.check.member_of(key, value, kind)
        if code == "":
            self.missing.append(value)
        return code

    # -- how much ------------------------------------------------------------------------------------------------

    def _variable(self, key: Key, value: Any, field: Field) -> str | None:
        return self.check.one_of(key, value, self.kind.variables)

    def _amount(self, key: Key, value: Any, field: Field) -> Any:
        if "parameter" in self.raw:
            return value  # checked with the parameter, whose bounds count
        variable = self.raw.get("variable")
        if not isinstance(variable, str) or variable not in self.kind.variables:
            return None  # said already, with the variable
        allowed = self.kind.variables[variable]
        if allowed.words:
            return self.check.one_of(key, value, allowed.words)
        return self.check.number(key, value, allowed.low, allowed.high, above=allowed.above, what=f"for {variable}")

    def _parameter(self, key: Key, value: Any, field: Field) -> Any:
        from sim.mechanisms import all_parameters

        known = {f"{m}.{info.name}": info for m, infos in all_parameters().items() for info in infos}
        if not isinstance(value, str) or value not in known:
            hint = did_you_mean(value, known, what="parameters")
            self.check.wrong(key, f"{quote(value)} is not a parameter{hint}")
            return value
        if "value" in self.raw:
            self.new["value"] = self.check.quantity(self.at("value"), self.raw["value"], known[value].problem)
        if "on" not in self.raw and (known[value].choices or isinstance(known[value].default, bool)):
            text = f"{value} is a mode, the same for all replicates; give a date with `on` in place of a chance or condition"
            self.check.wrong(key, text)
        return value

    def _effort(self, key: Key, value: Any, field: Field) -> Any:
        if not isinstance(value, dict) or not any(code in self.check.world_states for code in value):
            return self.check.number(key, value, field.low, field.high, what="or a coalition such as {USA: .8, GBR: .1}")
        shares = {}
        for code, share in value.items():
            number = self.check.number((*key, code), share, field.low, field.high)
            if code not in self.check.world_states:
                self.check.unknown_state((*key, code), code)
            elif code not in self.check.states:
                self.check.warn((*key, code), f"without {code}, not in this world")
            else:
                shares[code] = number
        if not shares:
            self.missing += list(value)
        return shares
