"""The values of one event, field by field: whom it concerns and how much."""

from __future__ import annotations

from typing import Any

from sim.scenario.check import Check
from sim.scenario.columns import TIES
from sim.scenario.event_fields import VARIABLES, WORDS
from sim.scenario.problems import Key, did_you_mean, quote


class Values:
    """Reads the fields of one event; ``read(field)`` puts the checked value into ``new`` and notes what is wrong.

    ``new`` is the event as it will be, ``missing`` what this world lacks and the event cannot do without.
    """

    def __init__(self, check: Check, key: Key, raw: dict[str, Any]) -> None:
        """For the event at ``key``, as it was written."""
        self.check, self.key, self.raw = check, key, raw
        self.new = dict(raw)
        self.missing: list[str] = []

    def at(self, *parts: str | int) -> Key:
        """The place of a field."""
        return (*self.key, *parts)

    def read(self, field: str) -> None:
        """Read a field that the event has, if there is anything to check about it."""
        if reader := getattr(self, f"_read_{field}", None):
            self.new[field] = reader(self.raw[field])

    def _names(self, key: Key, value: Any, least: int) -> list[str] | None:
        before = len(self.check.problems)
        codes = self.check.codes(key, value, least=least)
        if codes is None and len(self.check.problems) == before:
            self.missing += [code for code in value if code not in self.check.states]
        return codes

    def _read_states(self, value: Any) -> list[str] | None:
        return self._names(self.at("states"), value, 1)

    def _read_from(self, value: Any) -> list[str] | None:
        return self._names(self.at("from"), value, 1)

    def _read_to(self, value: Any) -> list[str] | None:
        return self._names(self.at("to"), value, 1)

    def _read_parties(self, value: Any) -> list[str] | None:
        return self._names(self.at("parties"), value, 2)

    def _read_between(self, value: Any) -> list[list[str] | None] | None:
        sides = self.check.sequence(self.at("between"), value, "[[RUS], [USA, GBR]]")
        if not isinstance(value, list):
            return None
        if len(sides) != 2 or not all(isinstance(side, list) for side in sides):
            self.check.wrong(self.at("between"), "takes two lists of states, such as [[RUS], [USA, GBR]]")
            return None
        both = [code for code in sides[0] if code in sides[1]]
        if both:
            self.check.wrong(self.at("between"), f"{both[0]} is on both sides; use parties for all pairs of one group")
        return [self._names(self.at("between", number), side, 1) for number, side in enumerate(sides)]

    def _read_organisation(self, value: Any) -> str | None:
        return self._member(self.at("organisation"), value, "organisation")

    def _read_actor(self, value: Any) -> str | None:
        return self._member(self.at("actor"), value, "actor")

    def _member(self, key: Key, value: Any, kind: str) -> str | None:
        code = self.check.member_of(key, value, kind)
        if code == "":
            self.missing.append(value)
        return code

    # -- how much ------------------------------------------------------------------------------------------------

    def _read_depth(self, value: Any) -> Any:
        return self.check.number(self.at("depth"), value, 0, 1, what="0 nothing to 1 as deep as can be")

    def _read_size(self, value: Any) -> Any:
        return self.check.number(self.at("size"), value, 0, 10, above=True, what="1 is a large yearly exercise")

    def _read_severity(self, value: Any) -> Any:
        return self.check.number(self.at("severity"), value, 0, 10, above=True, what="1 a stand-off, 2 with many dead")

    def _read_months(self, value: Any) -> Any:
        return self.check.number(self.at("months"), value, 1, 120, whole=True)

    def _read_lasting(self, value: Any) -> Any:
        if self.raw.get("variable") != "trust":
            self.check.wrong(self.at("lasting"), "only a shock to trust has a lasting share; remove it", at_key=True)
        return self.check.number(self.at("lasting"), value, 0, 1, what="the share that stays")

    def _read_variable(self, value: Any) -> str | None:
        return self.check.one_of(self.at("variable"), value, VARIABLES[self.raw["type"]])

    def _read_add(self, value: Any) -> Any:
        return self._amount("add", value)

    def _read_value(self, value: Any) -> Any:
        if "parameter" in self.raw:
            return value  # checked with the parameter, whose bounds count
        variable = self.raw.get("variable")
        if self.raw["type"] == "clamp" and isinstance(variable, str) and variable in WORDS:
            return self.check.one_of(self.at("value"), value, WORDS[variable])
        return self._amount("value", value)

    def _amount(self, field: str, value: Any) -> Any:
        variable = self.raw.get("variable")
        allowed = VARIABLES[self.raw["type"]]
        if not isinstance(variable, str) or variable not in allowed:
            return None  # said already, with the variable
        low, high, _ = allowed[variable]
        above = variable == "capability" and self.raw["type"] == "set"
        return self.check.number(self.at(field), value, low, high, above=above, what=f"for {variable}")

    def _read_parameter(self, value: Any) -> Any:
        from sim.mechanisms import all_parameters

        known = {f"{m}.{info.name}": info for m, infos in all_parameters().items() for info in infos}
        if not isinstance(value, str) or value not in known:
            hint = did_you_mean(value, known, what="parameters")
            self.check.wrong(self.at("parameter"), f"{quote(value)} is not a parameter{hint}")
            return value
        if "value" in self.raw:
            self.new["value"] = self.check.quantity(self.at("value"), self.raw["value"], known[value].problem)
        if "on" not in self.raw and (known[value].choices or isinstance(known[value].default, bool)):
            text = f"{value} is a mode, the same for all replicates; give a date with `on` in place of a chance or condition"
            self.check.wrong(self.at("parameter"), text)
        return value

    def _read_change(self, value: Any) -> str | None:
        return self.check.one_of(self.at("change"), value, ("begin", "end"))

    def _read_level(self, value: Any) -> str | None:
        return self.check.one_of(self.at("level"), value, TIES)

    def _read_effort(self, value: Any) -> Any:
        key = self.at("effort")
        if not isinstance(value, dict) or not any(code in self.check.world_states for code in value):
            return self.check.number(key, value, 0, 10, what="or a coalition such as {USA: .8, GBR: .1}")
        shares = {}
        for code, share in value.items():
            number = self.check.number((*key, code), share, 0, 10)
            if code not in self.check.world_states:
                self.check.unknown_state((*key, code), code)
            elif code not in self.check.states:
                self.check.warn((*key, code), f"without {code}, not in this world")
            else:
                shares[code] = number
        if not shares:
            self.missing += list(value)
        return shares
