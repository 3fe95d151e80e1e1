"""A scenario in words: each event in a plain sentence, the timeline, and what it changes against its parent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.calendar import parse_month
from sim.events import types
from sim.events.event_type import EventType
from sim.events.target import target_of
from sim.scenario.distributions import Distribution
from sim.scenario.inherit import is_number_mapping, read_draft
from sim.scenario.problems import Key, dotted
from sim.scenario.resolve import Scenario, resolve
from sim.wording import capital

_QUIET = ("title", "question", "description", "baseline", "sources", "tables", "estimates", "limits")
"""What tells of a scenario without changing what happens in it."""


@dataclass(frozen=True)
class Moment:
    """One row of a timeline; ``month`` is None for what has no date, ``what`` is one plain sentence."""

    key: str
    title: str
    month: int | None
    when: str
    until: str | None
    imposed: bool
    what: str
    sources: tuple[str, ...]
    basis: str | None


@dataclass(frozen=True)
class Difference:
    """One thing that a scenario says otherwise than its parent; None is absence."""

    key: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        """``events.us_withdrawal.on: 2021-08-30 -> 2025-01``."""
        if self.after is None:
            return f"{self.key}: removed ({self.before})"
        if self.before is None:
            return f"{self.key}: added ({self.after})"
        return f"{self.key}: {self.before} -> {self.after}"


def state_names(scenario: Scenario) -> dict[str, str]:
    """What to call states, organisations and actors in a sentence, by code, for :func:`describe_event`."""
    tables = scenario.tables
    states = {row["code"]: row["name"] for row in [*tables.states, *tables.actors]}
    states = {code: f"the {name}" if name.startswith("United ") else name for code, name in states.items()}
    return {**states, **{row["code"]: f"the {row['name']}" for row in tables.organisations}}


def commitments_of(organisations: Mapping[str, Mapping[str, Any]] | None) -> dict[str, str]:
    """The level of the tie that an organisation makes, for those that make one, from a story's section, for
    :func:`describe_event`."""
    found = {code: str(row.get("commitment") or "none") for code, row in (organisations or {}).items()}
    return {code: level for code, level in found.items() if level != "none"}


def describe_event(
    event: Mapping[str, Any], names: Mapping[str, str] | None = None, commitments: Mapping[str, str] | None = None
) -> str:
    """What an event does, as one plain sentence; ``Imposed:`` stands before one that imposes an outcome.

    Args:
        event: as in ``Scenario.events`` or in a scenario file.
        names: what to call states, organisations and actors; their codes without it.
        commitments: the level of the tie that an organisation makes, from :func:`commitments_of`.
    """
    kind = types()[event["type"]]
    said = _sentence(event, kind, lambda code: (names or {}).get(code, code))
    said += f" until {event['until']}" if "until" in event else kind.endless
    level = (commitments or {}).get(str(event.get("organisation")), "none")
    said += f", {kind.committed[level]}" if level in kind.committed else ""
    said += _condition(event)
    return ("Imposed: " if kind.imposed else "") + said + "."


def timeline(scenario: Scenario) -> list[Moment]:
    """The events in the order of their dates, those without a date last."""
    names, commitments = state_names(scenario), commitments_of(scenario.spec.get("organisations"))
    moments = []
    for key, event in scenario.events.items():
        source = event.get("source", ())
        when = event.get("on") or ("on a condition" if "when" in event else "by chance")
        moments.append(
            Moment(
                key=key,
                title=event.get("title") or key.replace("_", " "),
                month=parse_month(event["on"]) if "on" in event else None,
                when=when,
                until=event.get("until"),
                imposed=types()[event["type"]].imposed,
                what=describe_event(event, names, commitments),
                sources=(source,) if isinstance(source, str) else tuple(source or ()),
                basis=event.get("basis"),
            )
        )
    return sorted(moments, key=lambda m: (m.month is None, m.month or 0, m.when, m.key))


def read_parent(scenario: Scenario, *, scenario_dir: str | Path | None = None) -> Scenario | None:
    """The scenario that this one inherits from, None if from none.

    Raises:
        ScenarioError: the parent has a problem of its own.
    """
    if not scenario.parents:
        return None
    name, folder = scenario.parents[-1], scenario.file.parent if scenario.file else None
    beside = folder / f"{name}.yaml" if folder else None
    return resolve(read_draft(beside if beside and beside.is_file() else name, scenario_dir=scenario_dir))


def differences(child: Scenario, parent: Scenario) -> list[Difference]:
    """What a scenario changes against its parent, in the order of the file; titles, questions and sources apart."""
    from sim.mechanisms import all_parameters

    found: list[Difference] = []
    for name in dict.fromkeys([*child.spec, *parent.spec]):
        if name not in (*_QUIET, "parameters"):
            _compare((name,), parent.spec.get(name), child.spec.get(name), found)
    for mechanism, infos in all_parameters().items():
        for info in infos:
            values = [own.parameters.get(mechanism, {}).get(info.name, info.default) for own in (parent, child)]
            if values[0] != values[1]:
                key = f"parameters.{mechanism}.{info.name}"
                found.append(Difference(key, _number(values[0]), _number(values[1])))
    return found


def _compare(key: Key, before: Any, after: Any, found: list[Difference]) -> None:
    if before == after:
        return
    deep = isinstance(before, dict) and isinstance(after, dict)
    if deep and not is_number_mapping(before) and not is_number_mapping(after):
        event = len(key) == 2 and key[0] == "events"
        if not event or before.get("type") == after.get("type"):
            for part in dict.fromkeys([*before, *after]):
                _compare((*key, part), before.get(part), after.get(part), found)
            return
    if len(key) == 1 and isinstance(before or after, dict) and (before is None or after is None):
        for part in before or after:
            _compare((*key, part), (before or {}).get(part), (after or {}).get(part), found)
        return
    found.append(Difference(dotted(key), _shown(key, before), _shown(key, after)))


def _shown(key: Key, value: Any) -> str | None:
    if value is None:
        return None
    if len(key) == 2 and key[0] == "events":
        on = f"{value['on']}: " if "on" in value else ""
        return on + describe_event(value).removesuffix(".")
    if len(key) == 2 and key[0] in ("states", "organisations", "actors") and isinstance(value, dict):
        return str(value.get("name", key[1]))
    if isinstance(value, list):
        return ", ".join(str(item) for item in value) or "nothing"
    return _number(value)


def _number(value: Any) -> str:
    if isinstance(value, dict) and "value" in value:
        return _number(value["value"])
    if isinstance(value, dict) and is_number_mapping(value):
        value = next((Distribution(kind, tuple(args)) for kind, args in value.items() if isinstance(args, list)), value)
    if isinstance(value, list):
        return ", then ".join(_number(part) for part in value)
    if isinstance(value, Distribution):
        args = [f"{arg:g}" for arg in value.args]
        if value.kind in ("uniform", "triangular"):
            return f"{args[0]} to {args[-1]} ({value.kind}{f', most likely {args[1]}' if len(args) == 3 else ''})"
        if value.kind == "choice":
            return f"one of {', '.join(args)}"
        return f"{value.kind}({', '.join(args)})"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_number(part)}" for key, part in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _list(codes: Iterable[str], call: Any) -> str:
    *first, last = [call(code) for code in codes]
    return f"{', '.join(first)} and {last}" if first else last


def _who(event: Mapping[str, Any], call: Any) -> str:
    """Whom an event concerns."""
    target = target_of(event)
    if target.way == "parties":
        states = target.sides[0][0]
        return f"{'between' if len(states) == 2 else 'among'} {_list(states, call)}"
    if target.sides:
        one, other = (_list(side, call) for side in target.sides[0])
        return (
            f"between {one} on one side and {other} on the other" if target.way == "between" else f"of {one} toward {other}"
        )
    if target.states:
        return f"of {_list(target.states, call)}"
    return f"of {call(target.actor or target.organisation)}"


def _sentence(event: Mapping[str, Any], kind: EventType, call: Any) -> str:
    """The template of a type of event, filled in."""
    template = kind.sentence
    if not isinstance(template, str):
        template = next(said for field, said in template.items() if field in event)
    quiet = (None, 0, kind.months)

    def fill(text: str) -> str:
        return re.sub(r"\{(\w+)(?::([^}]*))?\}", lambda found: _value(event, kind, call, found[1], found[2] or ""), text)

    def part(found: re.Match[str]) -> str:
        field = re.findall(r"\{(\w+)", found[1])[0]
        return "" if event.get(field) in quiet else found[1]

    return fill(re.sub(r"\[([^]]*)\]", part, template))


def _value(event: Mapping[str, Any], kind: EventType, call: Any, field: str, form: str) -> str:
    """One field of an event in its sentence."""
    if field == "who":
        return _who(event, call)
    if field == "Variable":
        return capital(event["variable"])
    value = event[field]
    if "|" in form:  # the verb of one state or of several
        return form.split("|")[len(value) > 1]
    if form == "change":
        plain = isinstance(value, (int, float))
        return f"{'rises' if value >= 0 else 'falls'} by {abs(value):g}" if plain else f"changes by {_number(value)}"
    if form == "share":
        return "all" if value == 1 else _number(value)
    if field in kind.said:
        return kind.said[field][value]
    if kind.fields[field].kind == "effort" and isinstance(value, dict) and not is_number_mapping(value):
        return f"the sum of {_list((f'{call(code)} {_number(share)}' for code, share in value.items()), str)}"
    if kind.fields[field].kind in ("organisation", "actor"):
        return call(value)
    return _list(value, call) if kind.fields[field].kind == "states" else _number(value)


def _condition(event: Mapping[str, Any]) -> str:
    if "hazard" in event:
        return f", with probability {_number(event['hazard'])} a month, once"
    if "when" not in event:
        return ""
    months = event["when"].get("months", 1)
    return f", once {condition_said(event['when'])}{f' for {months} months' if months != 1 else ''}"


def condition_said(when: Mapping[str, Any], verb: str = "has been", *, within: bool = False) -> str:
    """What a condition asks for, as a clause; one of several within another stands in brackets."""
    dates = f" from {when['after']} on" if "after" in when else ""
    dates += f"{' and' if dates else ''} before {when['until']}" if "until" in when else ""
    for name, word in (("all", " and "), ("any", " or ")):
        if name in when:
            said = word.join(condition_said(part, verb, within=True) for part in when[name])
            return (f"({said})" if within or dates else said) + dates
    side = "below" if "below" in when else "above"
    measure, _, subject = when["measure"].partition(":")
    of = f" of {subject}" if subject else ""
    return f"{measure.replace('_', ' ')}{of} {verb} {side} {_number(when[side])}{dates}"
