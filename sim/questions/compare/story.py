"""What one run's story does otherwise than another's, in sentences, and which of it stands behind the first difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sim.calendar import parse_month
from sim.mechanisms import all_parameters
from sim.results import Run
from sim.scenario import describe_event, differences, state_names
from sim.scenario.describe import commitments_of
from sim.wording import date, listing

DATES = ("on", "until")
SHOWN_STATES = 8
"""States that only one story has are named up to so many."""


@dataclass(frozen=True)
class Change:
    """One thing that differs; ``first`` and ``second`` say it for each run, None is absence."""

    key: str
    title: str
    first: str | None
    second: str | None

    def sentence(self, name_a: str, name_b: str) -> str:
        """The whole of it, with the names of the two runs."""
        if self.second is None:
            return f"only in {name_a}: {self.first}"
        if self.first is None:
            return f"only in {name_b}: {self.second}"
        return f"{self.title}: {self.first} in {name_a}, {self.second} in {name_b}"

    @property
    def event(self) -> str | None:
        """The key of the event that it is about, if it is about one."""
        parts = self.key.split(".")
        return parts[1] if parts[0] == "events" and len(parts) > 1 else None


def changes(a: Run, b: Run) -> list[Change]:
    """Everything that changes a number, in the order of the first story; titles, questions and sources apart."""
    one, two = a.story(), b.story()
    names = _names(b) | _names(a)
    commitments = [commitments_of(run.story().get("organisations")) for run in (a, b)]
    meaning = {f"parameters.{name}.{info.name}": info.meaning for name, infos in all_parameters().items() for info in infos}
    found = others_states(a, b)
    apart = _apart(a, b)
    for d in differences(_scenario(a, one), _scenario(b, two)):
        title, first, second = d.key, d.after, d.before
        parts = d.key.split(".")
        if parts[0] == "watch":
            continue  # it changes no number
        if apart and (parts[:1] == ["states"] or (parts[:1] == ["actors"] and len(parts) == 4)) and apart & {*parts}:
            continue  # what is said of a state that only one of them has is said by the states
        if parts[0] == "events" and len(parts) > 1:
            events = [story.get("events", {}).get(parts[1]) for story in (one, two)]
            title = next(event.get("title") or parts[1].replace("_", " ") for event in events if event)
            if len(parts) == 2:
                first, second = (_event(event, names, promises) for event, promises in zip(events, commitments))
            else:
                title += f", {'.'.join(parts[2:])}"
        elif parts[0] == "sets" and len(parts) == 2:
            title = f"the set {parts[1]!r}"
            first, second = (
                value and f"{title} ({value})" if None in (first, second) else value for value in (first, second)
            )
        elif parts[0] == "parameters":
            title = f"{'.'.join(parts[1:])} ({meaning.get(d.key, '')})"
        found.append(Change(d.key, title, first, second))
    if one.get("tables") != two.get("tables") and one.get("world") == two.get("world") and not apart:
        found.append(Change("tables", "the tables of the starting world", "one version", "another"))
    behaviours = [run.manifest.get("behaviours") or {} for run in (a, b)]
    for code in dict.fromkeys([*behaviours[0], *behaviours[1]]):
        said = [_behaviour(given.get(code)) for given in behaviours]
        if said[0] != said[1]:
            found.append(Change(f"behaviours.{code}", f"behaviour of {names.get(code, code)}", *said))
    return found


def _apart(a: Run, b: Run) -> set[str]:
    """The states that only one of two runs has."""
    sets = [{row["code"] for row in run.manifest.get("states") or ()} for run in (a, b)]
    return sets[0] ^ sets[1]


def others_states(a: Run, b: Run) -> list[Change]:
    """The states that only one of two runs has, as a change; none where both have the same."""
    rows = [{row["code"]: row["name"] for row in run.manifest.get("states") or ()} for run in (a, b)]
    if set(rows[0]) == set(rows[1]):
        return []
    said = []
    for mine, theirs in (rows, rows[::-1]):
        only = [name for code, name in mine.items() if code not in theirs]
        shown = only if len(only) <= SHOWN_STATES else [*only[:SHOWN_STATES], f"{len(only) - SHOWN_STATES} more"]
        said.append(f"{len(mine)}" + (f", {listing(shown)} only here" if only else ""))
    return [Change("states", "the states", *said)]


def causes_of(found: Sequence[Change], a: Run, b: Run, month: str) -> list[Change]:
    """The changes behind a first difference in a month: events that begin or end in it, else what works from the start,
    else the events that began last before it."""
    now = parse_month(month)
    begun = {change: _begins(change, a, b) for change in found if change.event}
    known = {change: at for change, at in begun.items() if at is not None and at <= now}
    exact = [change for change, at in known.items() if at == now]
    always = [change for change in found if not change.event] + [c for c, at in begun.items() if at is None]
    latest = max(known.values(), default=None)
    return exact or always or [change for change, at in known.items() if at == latest]


def _begins(change: Change, a: Run, b: Run) -> int | None:
    """The first month in which a changed event can matter; None if nobody knows."""
    field = change.key.split(".")[2] if change.key.count(".") > 1 else "on"
    dates = []
    for run in (a, b):
        event = run.story().get("events", {}).get(change.event)
        if event is None:
            continue
        if field in DATES and event.get(field):
            dates.append(event[field])
        elif event.get("on"):
            dates.append(event["on"])
        else:
            dates += [row for row in _happened(run, change.event) if row]
    return min(map(parse_month, dates), default=None)


def _happened(run: Run, key: str) -> Iterable[str]:
    """The first month in which an event without a date happened in any replicate."""
    return [row["first"] for row in run.event_rows() if row["key"] == key]


def _scenario(run: Run, story: Mapping[str, Any]) -> Any:
    """As much of a scenario as telling differences takes."""
    return SimpleNamespace(spec=story, parameters=run.manifest.get("parameters_changed") or {})


def _names(run: Run) -> dict[str, str]:
    about = {kind: run.manifest.get(kind) or [] for kind in ("states", "actors", "organisations")}
    return state_names(SimpleNamespace(tables=SimpleNamespace(**about)))


def _event(event: Mapping[str, Any] | None, names: Mapping[str, str], commitments: Mapping[str, str]) -> str | None:
    if event is None:
        return None
    on = f"{date(event['on'])}: " if event.get("on") else ""
    return on + describe_event(event, names, commitments).removesuffix(".")


def _behaviour(given: Mapping[str, Any] | None) -> str:
    return f"{given['class']} in {given['file']}" if given else "the built-in rule"
