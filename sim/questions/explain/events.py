"""The events behind the accounts: what they booked, which work without an account, which differ between two runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.calendar import parse_month
from sim.events import types
from sim.events.target import target_of
from sim.results import Run
from sim.wording import date


@dataclass(frozen=True)
class Part:
    """What of an account was booked in the months of one imposed event, by column."""

    account: str
    event: str
    title: str
    month: str
    value: np.ndarray


def title_of(event: str, stories: Sequence[Mapping[str, Any]]) -> str:
    """What an event is called."""
    about = next((story["events"][event] for story in stories if event in story.get("events", {})), {})
    return about.get("title") or event.replace("_", " ")


def _span(event: Mapping[str, Any], months: list[str]) -> slice:
    """Where among the months a dated event is under way."""
    if "on" not in event:
        return slice(0, 0)
    first, last = parse_month(months[0]), parse_month(months[-1]) + 1
    begin = parse_month(event["on"])
    lasting = int(event.get("months") or types()[event["type"]].months or last - first)
    end = min(begin + lasting, parse_month(event["until"])) if event.get("until") else begin + lasting
    return slice(max(begin, first) - first, max(min(end, last), first) - first)


def parts_of(
    story: Mapping[str, Any], dyad: tuple[str, str], months: list[str], accounts: list[str], monthly: np.ndarray
) -> list[Part]:
    """Of the accounts that events feed, what was booked in the months of those that concern the dyad."""
    found = []
    for key, event in story.get("events", {}).items():
        account = types()[event["type"]].account
        span = _span(event, months)
        if account not in accounts or span.start >= span.stop:
            continue
        value = monthly[accounts.index(account), span].sum(axis=0)
        if (target_of(event).concerns(*dyad) or "organisation" in event) and value.any():
            found.append(Part(account, key, event.get("title") or key, months[span.start], value))
    return found


def acting(story: Mapping[str, Any], dyad: tuple[str, str], months: list[str], own: set[str]) -> list[str]:
    """Events that concern the dyad without an account of their own: they work through what states then do."""
    said = []
    for key, event in story.get("events", {}).items():
        target = target_of(event)
        moved = target.states if target.organisation else ()
        if key in own or not (target.concerns(*dyad) or set(dyad) & set(moved)):
            continue
        if "on" not in event or parse_month(event["on"]) > parse_month(months[-1]):
            continue
        if event.get("until") and parse_month(event["until"]) <= parse_month(months[0]):
            continue
        span = _span(event, months)
        if types()[event["type"]].account and span.start >= span.stop:
            continue
        said.append(f"{event.get('title') or key} ({event['type']}, {date(event['on'])})")
    return said


def differing(stories: Sequence[Mapping[str, Any]], months: list[str]) -> list[str]:
    """Events that only one of two stories has, or that differ, as far as they came before the last month."""
    words = ("title", "note", "source", "basis")
    one, two = ({k: {f: v for f, v in e.items() if f not in words} for k, e in s.get("events", {}).items()} for s in stories)
    said = []
    for key in dict.fromkeys([*one, *two]):
        if one.get(key) == two.get(key):
            continue
        dates = [events[key]["on"] for events in (one, two) if key in events and "on" in events[key]]
        if dates and min(map(parse_month, dates)) > parse_month(months[-1]):
            continue
        where = "only in the first" if key not in two else "only in the second" if key not in one else "changed"
        said.append(f"{title_of(key, stories)} ({where}{', ' + date(min(dates)) if dates else ''})")
    return said


def cautions_of(runs: Sequence[Run]) -> list[str]:
    """What keeps two runs from sharing their luck."""
    if len(runs) < 2:
        return []
    one, two = (run.manifest for run in runs)
    said = []
    if one["seed"] != two["seed"] or one.get("dtype") != two.get("dtype"):
        said.append("The runs do not share their luck (other seed or float type): part of the difference is chance.")
    if one.get("code") != two.get("code"):
        said.append("The runs come from different versions of the code.")
    if one["digest"] == two["digest"]:
        said.append("Both are the same run: every difference is exactly 0.")
    return said
