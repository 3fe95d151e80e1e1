"""The events of a scenario one by one: their fields, targets, dates and conditions."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from sim.calendar import format_month
from sim.events import fields_of_any, types
from sim.events.target import TARGETS
from sim.scenario.check import KEY, Check
from sim.scenario.event_values import Values
from sim.scenario.inherit import TIMES
from sim.scenario.problems import Key, did_you_mean, nearest, quote

COMMON = ("type", "title", *TIMES, "source", "basis", "note")
"""The fields that every event may have."""
_KNOWN = {*COMMON, *TARGETS, "to"}


def check_events(check: Check, start: int | None, stop: int | None, subjects: Callable[[str], list[str]]) -> dict[str, dict]:
    """The events that can happen, checked, numbers as numbers or distributions; problems are noted on the way.

    ``start`` and ``stop`` bound the run; ``subjects`` gives the subjects of a measure, for conditions.
    """
    events: dict[str, dict] = {}
    early: dict[str, int] = {}
    for name, value in check.mapping(("events",), check.spec.get("events"), "india_joins_sco: {type: join}").items():
        key = ("events", name)
        if not KEY.match(name):
            check.wrong(key, "an event's key is letters, digits and `_`, such as india_joins_sco", at_key=True)
        elif not isinstance(value, dict):
            check.mapping(key, value if value is not None else "", "{type: join, on: 2017-06-09, ...}")
        elif event := _Event(check, key, value, subjects, early).checked(start, stop):
            events[name] = event
    if early and start == check.draft.world.date:  # else the start itself is the mistake, and no event need go
        first = format_month(min(early.values()))
        names = ", ".join(f"{name} ({format_month(month)})" for name, month in early.items())
        text = f"{check.spec['start']} is after events that would then never happen: {names}"
        remove = f"remove them with '~scenario.events.{next(iter(early))}' and so on"
        check.wrong(("start",), f"{text}; begin at or before {first}, or {remove}")
    return events


class _Event:
    def __init__(
        self, check: Check, key: Key, raw: dict[str, Any], subjects: Callable[[str], list[str]], early: dict[str, int]
    ) -> None:
        self.check, self.key, self.raw, self.subjects, self.early = check, key, raw, subjects, early
        self.slip = ""
        """The key that was written in place of ``type``."""

    def at(self, *parts: str | int) -> Key:
        """The place of a field."""
        return (*self.key, *parts)

    def checked(self, start: int | None, stop: int | None) -> dict[str, Any] | None:
        before = len(self.check.problems)
        kind = self.type()
        if kind is None:
            self.common([*COMMON, *fields_of_any(), *TARGETS, "to"])
            return None
        self.values, about = Values(self.check, self.key, self.raw), types()[kind]
        target = about.ways(self.raw.get("variable")) if "parameter" not in self.raw else ()
        allowed = list(dict.fromkeys([*COMMON, *about.fields, *target]))
        misplaced = [*TARGETS, "to"] if target else []  # the target says so itself, in a better sentence
        named = {field: value for field, value in self.raw.items() if field in allowed or field not in misplaced}
        self.check.keys(self.key, named, allowed, about.required, of=f"an event of type {kind}")
        self.common()
        happens = self.time(start, stop)
        for field in about.fields:
            if field in self.raw and field != "until":
                self.values.read(field)
        if target:
            self.target(kind, target)
        if about.exactly_one:
            self.exactly_one(*about.exactly_one)
        self.opposed(*about.opposed)
        if len(self.check.problems) > before:
            return None
        if self.values.missing:
            self.check.warn(self.key, f"left out: {', '.join(dict.fromkeys(self.values.missing))} not in this world")
            return None
        return self.values.new if happens else None

    def type(self) -> str | None:
        """The type; where it is misspelt, or its key is, that is noted and the rest is checked as of the one meant."""
        check, raw = self.check, self.raw
        if "type" not in raw:
            slip = next((name for name in raw if name not in _KNOWN and nearest(name, ["type"])), None)
            if slip is None:
                others = [name for name in check.spec["events"] if name != self.key[1]]
                near = nearest(self.key[1], others)
                hint = did_you_mean("", types(), what="types")
                hint += f". To change an event that is inherited, did you mean {near!r}?" if near else ""
                check.wrong(self.key, f"'type' is missing; an event needs one{hint}", at_key=True)
                return None
            check.wrong(self.at(slip), "is not a key of an event; did you mean 'type'? Every event has one", at_key=True)
            self.slip, self.raw = slip, {"type" if name == slip else name: value for name, value in raw.items()}
        kind = self.raw["type"]
        if isinstance(kind, str) and kind in types():
            return kind
        hint = did_you_mean(kind, types(), what="types")
        check.wrong(self.at(self.slip or "type"), f"{quote(kind)} is not a type of event{hint}")
        meant = nearest(kind, types()) if isinstance(kind, str) else None
        if meant:
            self.raw = {**self.raw, "type": meant}
        return meant

    def common(self, allowed: Collection[str] = ()) -> None:
        """The fields that all types have in common; with ``allowed``, of an event of which nobody knows the type."""
        if allowed:
            self.check.keys(self.key, {name: v for name, v in self.raw.items() if name != self.slip}, allowed, of="an event")
        for field in ("title", "note"):
            if field in self.raw:
                self.check.text(self.at(field), self.raw[field], longest=500)
        self.check.origin(self.key, self.raw)

    def exactly_one(self, *fields: str) -> None:
        given = [field for field in fields if field in self.raw]
        if len(given) != 1:
            what = "has " + " and ".join(given) if given else "has none of these"
            self.check.wrong(self.key, f"needs exactly one of {', '.join(fields)}; it {what}", at_key=True)

    def opposed(self, *fields: str) -> None:
        seen: dict[str, str] = {}
        for field in fields:
            for number, code in enumerate(self.raw[field] if isinstance(self.raw.get(field), list) else ()):
                other = seen.setdefault(str(code), field)
                if other != field:
                    self.check.wrong(self.at(field, number), f"{code} is {other} as well; name it on one side")

    # -- when ----------------------------------------------------------------------------------------------------

    def time(self, start: int | None, stop: int | None) -> bool:
        """Whether the event can happen in the run."""
        self.exactly_one(*TIMES)
        happens, month = True, None
        if "on" in self.raw:
            month = self.check.month(self.at("on"), self.raw["on"])
            if month is not None and start is not None and stop is not None:
                happens = self.within(month, start, stop)
        if "when" in self.raw:
            from sim.scenario.check_conditions import Conditions  # few scenarios have any

            found = Conditions(self.check, self.subjects, self.values.missing, start, stop)
            self.values.new["when"] = found.read(self.at("when"), self.raw["when"])
        if "hazard" in self.raw:
            probability = self.check.number(
                self.at("hazard"), self.raw["hazard"], 0, 1, above=True, what="the probability of happening in a month"
            )
            self.values.new["hazard"] = probability
        if "until" in self.raw:
            needs = types()[self.raw["type"]].fields.get("until")
            if needs and needs.beside and needs.beside not in self.raw and "variable" in self.raw:
                text = "only a set parameter ends by itself; use a clamp to hold a variable, or a second set"
                self.check.wrong(self.at("until"), text, at_key=True)
            until = self.check.month(self.at("until"), self.raw["until"])
            if until is not None and month is not None and until <= month:
                self.check.wrong(
                    self.at("until"),
                    f"{self.raw['until']} is not after its beginning, {self.raw['on']}; "
                    "`until` is the first month no longer in force",
                )
        return happens

    def within(self, month: int, start: int, stop: int) -> bool:
        on, check = self.at("on"), self.check
        if start <= month < stop:
            return True
        first, last = format_month(start), format_month(stop - 1)
        said = self.raw["on"]
        if month < start:
            name = str(self.key[1])
            if check.layer(("world",)) > check.layer(on) and start == check.draft.world.date:
                check.warn(on, f"{said} is before the starting world ({first}), which is as it was after that; left out")
                return False
            if check.layer(("start",)) > check.layer(on):
                self.early[name] = month
                return True
            check.wrong(
                on,
                f"{said} is before the run begins ({first}), so it would never happen and the starting world does not "
                f"know of it; begin at or before {format_month(month)}, or remove it with '~scenario.events.{name}'",
            )
            return True
        if check.layer(("end",)) > check.layer(on):
            check.warn(on, f"{said} is after the run ends ({last}); left out")
            return False
        check.wrong(on, f"{said} is after the run ends ({last}); dates from {first} to {last} are possible")
        return True

    # -- whom ----------------------------------------------------------------------------------------------------

    def target(self, kind: str, ways: tuple[str, ...]) -> None:
        ways = tuple(way for way in ways if way != "to")
        given = [way for way in TARGETS if way in self.raw]
        examples = f"write {'one of ' if len(ways) > 1 else ''}{' or '.join(TARGETS[way] for way in ways)}"
        about = f"{quote(self.raw['variable'])}" if "variable" in self.raw else f"a {kind}"
        if len(given) != 1:
            what = f"has {' and '.join(given)}" if given else "does not say whom it concerns"
            self.check.wrong(self.key, f"{what}; {examples}", at_key=True)
        elif given[0] not in ways:
            self.check.wrong(self.at(given[0]), f"does not go with {about}; {examples}", at_key=True)
        elif given[0] == "from" and "to" not in self.raw:
            self.check.wrong(self.key, f"has from but no to; {examples}", at_key=True)
        elif given[0] != "from" and "to" in self.raw:
            self.check.wrong(self.at("to"), f"goes with from, not with {given[0]}; {examples}", at_key=True)
        else:
            for way in (given[0], "to") if given[0] == "from" else given:
                self.values.read(way)
