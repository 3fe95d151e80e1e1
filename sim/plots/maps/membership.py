"""Who is a member of which organisation at which date of a run, as its events have it in most replicates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.plots import PictureError
from sim.plots.maps import map_panel
from sim.plots.time import marks
from sim.plots.time.timeline import month_of
from sim.results import foremost

if TYPE_CHECKING:
    from sim.results import Run

Dated = Mapping[str, Sequence[tuple[float, bool]]]
"""State -> changes of its membership in order of time: (month, whether it joins)."""


def organisations(run: Run, asked: Sequence[str] = ()) -> dict[str, Dated]:
    """The organisations asked for, with their dated memberships; else the one that the story is about.

    Raises:
        PictureError: an organisation that the run does not have, or more than two.
    """
    known = {row["code"]: row for row in run.manifest.get("organisations") or () if row.get("members")}
    unknown = [code for code in asked if code not in known]
    if unknown:
        raise PictureError(f"no organisation or month {', '.join(unknown)} in this run; there is: {', '.join(known)}")
    if len(asked) > len(map_panel.OUTLINES):
        raise PictureError(f"at most {len(map_panel.OUTLINES)} organisations can be outlined")
    changes = _changes(run)
    asked = list(asked)
    if not asked and known:
        asked = [foremost.organisation(run, list(known), Counter(organisation for organisation, *_ in changes))]
    found: dict[str, dict[str, list[tuple[float, bool]]]] = {}
    for code in dict.fromkeys(asked):
        found[code] = {state: [(-np.inf, True)] for state in known[code]["members"]}
        for organisation, state, month, joins in changes:
            if organisation == code:
                found[code].setdefault(state, []).append((month, joins))
    return found


def _changes(run: Run) -> list[tuple[str, str, float, bool]]:
    """Accessions and exits that happen in most replicates, in order of time: organisation, state, month, whether in."""
    events: Mapping[str, Any] = run.story().get("events") or {} if run.has("config/scenario.json") else {}
    happened = {mark["key"]: mark for mark in marks.rows(run)}
    found = []
    for key, event in events.items():
        row = happened.get(key, {})
        month = month_of(row.get("date") or row.get("median") or "")
        if event.get("type") in ("join", "leave") and month is not None and float(row.get("share") or 1) >= 0.5:
            joins = event["type"] == "join"
            found += [(event["organisation"], state, np.floor(month), joins) for state in event.get("states") or ()]
    return sorted(found, key=lambda change: change[2])


def members(dated: Dated, bound: float) -> frozenset[str]:
    """Members at a bound: what a month brings is in force at its end."""
    inside = {state: [joins for month, joins in changes if month < bound] for state, changes in dated.items()}
    return frozenset(state for state, history in inside.items() if history and history[-1])
