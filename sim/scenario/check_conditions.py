"""The conditions of events: a measure below or above a value, or `all` or `any` of several, within dates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.calendar import format_month
from sim.scenario.check import Check
from sim.scenario.problems import Key, did_you_mean, quote

EXAMPLE = "{measure: cooperation:SCO, below: .2, months: 6}"
SIDES, SEVERAL, DATES = ("below", "above"), ("all", "any"), ("after", "until")


class Conditions:
    """Reads the condition of one event.

    Args:
        check: notes what is wrong.
        subjects: the subjects of a measure.
        missing: what this world lacks and the event cannot do without is added here.
        start: first month of the run, None where it is not known.
        stop: first month after the run.
    """

    def __init__(
        self, check: Check, subjects: Callable[[str], list[str]], missing: list[str], start: int | None, stop: int | None
    ) -> None:
        self.check, self.subjects, self.missing, self.start, self.stop = check, subjects, missing, start, stop

    def read(self, key: Key, value: Any, *, part: bool = False) -> dict[str, Any] | None:
        """The condition as it will be; None with a problem noted. ``part``: it is one of several."""
        check = self.check
        when = check.mapping(key, value if value is not None else "", EXAMPLE)
        if not when:
            if value == {}:
                check.wrong(key, f"is empty; write {EXAMPLE}")
            return None
        several = [name for name in SEVERAL if name in when]
        kinds = [*several, *(["measure"] if "measure" in when or not several else [])]
        if len(kinds) > 1:
            check.wrong(key, f"has {' and '.join(kinds)}; a condition has one of measure, all and any", at_key=True)
            return None
        if part and "months" in when:
            text = "stands beside all or any: how long the whole has held is what counts; move it there"
            check.wrong((*key, "months"), text, at_key=True)
        more = DATES if part else ("months", *DATES)
        if several:
            known = {name: field for name, field in when.items() if name != "months"}
            check.keys(key, known, (*several, *more), of="a condition of several")
        else:
            known = {name: field for name, field in when.items() if not (part and name == "months")}
            check.keys(key, known, ("measure", *SIDES, *more, *SEVERAL), ("measure",), of="a condition")
        new = dict(when) | self.dates(key, when)
        if not part:
            new["months"] = check.number((*key, "months"), when.get("months", 1), 1, 1200, whole=True)
        if several:
            new[several[0]] = self.parts((*key, several[0]), when[several[0]])
            return new
        if len([side for side in SIDES if side in when]) != 1:
            check.wrong(key, "needs exactly one of below and above", at_key=True)
        for side in SIDES:
            if side in when:
                new[side] = check.number((*key, side), when[side], -1e9, 1e9, certain=True)
        if "measure" in when:
            self.measure((*key, "measure"), when["measure"])
        return new

    def parts(self, key: Key, value: Any) -> list[dict[str, Any] | None]:
        """The conditions of `all` or `any`."""
        items = self.check.sequence(key, value, f"[{EXAMPLE.replace(', months: 6', '')}, ...]")
        if isinstance(value, list) and len(items) < 2:
            self.check.wrong(key, f"has {len(items)} condition{'s' * (len(items) != 1)}; two or more are needed")
        return [self.read((*key, number), item, part=True) for number, item in enumerate(items)]

    def dates(self, key: Key, when: dict[str, Any]) -> dict[str, str]:
        """The dates within which it counts, as they are written; those that leave no month of the run are noted."""
        months = {name: self.check.month((*key, name), when[name]) for name in DATES if name in when}
        after, until = months.get("after"), months.get("until")
        if after is not None and until is not None and until <= after:
            text = f"{when['until']} is not later than after, {when['after']}"
            self.check.wrong((*key, "until"), f"{text}; `until` is the first month in which it no longer counts")
        elif self.start is not None and self.stop is not None:
            period = f"the run is of {format_month(self.start)} to {format_month(self.stop - 1)}"
            if after is not None and after >= self.stop:
                self.check.warn((*key, "after"), f"{when['after']} is after the run ends, so this never counts; {period}")
            if until is not None and until <= self.start:
                self.check.warn((*key, "until"), f"{when['until']} is before the run begins, so this never counts; {period}")
        return {name: when[name] for name in months}

    def measure(self, key: Key, value: Any) -> None:
        """A measure of one subject."""
        from sim import measures

        name, _, subject = value.partition(":") if isinstance(value, str) else ("", "", "")
        known = measures.names()
        if name not in known:
            hint = did_you_mean(name or value, known, what="measures")
            self.check.wrong(key, f"{quote(value)} is not a measure{hint}")
            return
        subjects = self.subjects(name)
        if (subject or "world") in subjects or measures.dyad_of(name, subject, self.check.states):
            return
        removed = [
            code
            for code in subject.replace("-", " ").replace(">", " ").replace("<", " ").split()
            if code in {**self.check.world_states, **self.check.world_organisations}
            and code not in [*self.check.states, *self.check.organisations]
        ]
        if removed:
            self.missing += removed
            return
        what = f"{quote(subject)} is not a subject of {name}" if subject else f"{quote(value)} has no subject"
        hint = did_you_mean(subject, subjects, what="subjects", most=20)
        example = f"; write {name}:{subjects[0]}" if subjects and not subject else ""
        self.check.wrong(key, f"{what}{example}{hint}")
