"""Whether two stories share a past: all but their events, and these too before a month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from sim.calendar import format_month, parse_month
from sim.scenario import Scenario, ScenarioError, read
from sim.scenario.stored import from_stored

OWN = ("title", "question", "description", "baseline", "events", "sources", "estimates", "limits", "tables")
"""Sections of a story that a future brings along; all else is the past's."""
FIRST = ("world", "start", "end", "schedule", "parameters")
"""Sections of the past that are looked at first, since others follow from them."""
WORDS = ("title", "note", "source", "basis")
"""Fields of an event that change no number."""


class CannotFork(ValueError):
    """Two stories that do not share the past; the message says why and what to do."""


def month_of(past: Scenario, at: str) -> int:
    """The month of a fork.

    Raises:
        CannotFork: it is no month, or outside the run.
    """
    try:
        month = parse_month(at)
    except ValueError as error:
        raise CannotFork(f"--at: {error}") from None
    if not past.start <= month < past.end:
        first, last = format_month(past.start), format_month(past.end - 1)
        raise CannotFork(f"--at {at} is outside the run, which goes from {first} to {last}")
    return month


def base_of(past: Scenario, folders: Sequence[Path]) -> dict[str, Any] | None:
    """The story of the run's scenario without the run's own overrides, where one of its name is in these folders or built
    in."""
    for folder in [*folders, None]:
        with suppress(ScenarioError):
            return dict(read(past.name, scenario_dir=folder).spec)
    return None


def future_of(past: Scenario, base: Mapping[str, Any] | None, story: Scenario, month: int) -> Scenario:
    """The scenario with the past's physics and the other's events, if both agree before the month.

    Raises:
        CannotFork: they do not.
    """
    keys = [*FIRST, *sorted({*past.spec, *story.spec} - {*OWN, *FIRST})]
    for key in keys:
        mine, other = past.spec.get(key), story.spec.get(key)
        if mine == other or (base is not None and base.get(key) == other):
            continue  # the same, or what the run itself changed, which the future then shares
        where = _where(mine, other, key)
        raise CannotFork(
            f"{past.name} and {story.name} differ in more than events ({where}), so they share no past; a fork takes "
            f"over events only. Run it from the start: run scenario={story.name}"
        )
    source = {**past.spec, **{key: value for key, value in story.spec.items() if key in OWN}}
    gone = {key for key in OWN if key not in story.spec}
    order = [*story.spec, *(key for key in past.spec if key not in story.spec)]
    spec = {key: source[key] for key in order if key in source and key not in gone}
    if "events" in spec:  # what comes after the run cannot happen in it
        spec["events"] = {k: e for k, e in spec["events"].items() if "on" not in e or parse_month(e["on"]) < past.end}
    folder = [story.file.parent] if story.file else []
    try:
        file = story.file or Path(story.name)
        future = from_stored(spec, name=story.name, parents=story.parents, file=file, folders=folder)
    except ScenarioError as error:
        raise CannotFork(f"{story.name} makes no sense in this run: {error}") from None
    if future.spec.get("tables") != past.spec.get("tables"):
        raise CannotFork(f"{past.name} and {story.name} start from other tables of {past.world}")
    _agree(past, future, month)
    return future


def _where(mine: Any, other: Any, key: str) -> str:
    if isinstance(mine, Mapping) and isinstance(other, Mapping):
        for name in [*mine, *(name for name in other if name not in mine)]:
            if mine.get(name) != other.get(name):
                return _where(mine.get(name), other.get(name), f"{key}.{name}")
    return key


def _agree(past: Scenario, future: Scenario, month: int) -> None:
    """Whether two stories have the same events before a month.

    Raises:
        CannotFork: naming the first event that differs.
    """
    early = [_early(story, month) for story in (past, future)]
    names = (past.name, future.name)
    for key in dict.fromkeys([*early[0], *early[1]]):
        one, two = (events.get(key) for events in early)
        if one == two:
            continue
        there = one or two
        since = f"from {there['on']}" if "on" in there else "without a date, so at any time"
        if one is None or two is None:
            who, lacks = (names[0], names[1]) if two is None else (names[1], names[0])
            story = past if two is None else future
            also = story.events[key]
            other = (future if two is None else past).events.get(key)
            if other is not None and "on" in other:
                what = f"{key} is on {also.get('on', 'no date')} in {who} and on {other['on']} in {lacks}"
            else:
                what = f"{key} ({since}) is in {who} and not in {lacks}"
        else:
            field = next(f for f in [*one, *two] if one.get(f) != two.get(f))
            what = f"{key} ({since}) has {field} {one.get(field)} in {names[0]} and {two.get(field)} in {names[1]}"
        dates = [parse_month(events[key]["on"]) for events in early if key in events and "on" in events[key]]
        possible = dates and min(dates) >= past.start
        advice = f"fork at {format_month(min(dates))} or before" if possible else "run it from the start"
        raise CannotFork(f"the two stories differ before {format_month(month)}: {what}; {advice}")
    if list(early[0]) != list(early[1]):
        raise CannotFork(
            f"{names[1]} lists the events before {format_month(month)} in another order than {names[0]}, "
            "and order counts within a month; give them the same order"
        )


def _early(story: Scenario, month: int) -> dict[str, dict[str, Any]]:
    """What of the events can have mattered before a month: all that changes numbers, without later ends."""
    found = {}
    for key, event in story.events.items():
        if "on" in event and parse_month(event["on"]) >= month:
            continue
        kept = {name: value for name, value in event.items() if name not in WORDS}
        if kept.get("until") and parse_month(kept["until"]) >= month:
            del kept["until"]
        found[key] = kept
    return found
