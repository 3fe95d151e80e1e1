"""What an ablation has to simulate: who is taken away together, up to when, and how Shapley values are found."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from sim import measures
from sim.calendar import format_month, parse_month
from sim.events import types
from sim.options import KERNEL
from sim.processes.chunks import chunks
from sim.processes.pool import cores
from sim.questions.span import MEAN_UNIT, Span, parse_span
from sim.results import code_digest
from sim.results.run_digest import canonical
from sim.scenario import Scenario, ScenarioError
from sim.scenario.stored import changed
from sim.scenario.subjects import series_of, watching
from sim.simulation.engines import engine_of

EXACT = 10
"""Players up to which Shapley values come from every subset."""


class CannotAblate(ValueError):
    """A question that has no answer; the message says why and what to ask instead."""


@dataclass(frozen=True)
class Player:
    """What is taken away together: one event, or an event with those that make no sense without it."""

    keys: tuple[str, ...]
    title: str
    date: str
    imposed: bool
    start: int

    @property
    def key(self) -> str:
        """Its name: the event's, joined by + where there are several."""
        return "+".join(self.keys)


@dataclass(frozen=True)
class Plan:
    """Everything a worker has to know; ``stop`` is the first month that is not simulated, and the measure is the mean over
    the ends of the months from ``first`` to it."""

    scenario: Scenario
    players: tuple[Player, ...]
    measure: str
    subject: str
    first: int
    stop: int
    seed: int
    dtype: str
    method: str
    passes: int
    since: bool
    """Whether each effect is the mean since its own event, as `compare` takes a measure in twelfths."""
    engine: str

    @property
    def span(self) -> Span:
        """The months that the measure is taken over."""
        return Span(self.first, self.stop - 1)

    def months(self) -> int:
        """Months to simulate for each replicate."""
        start, stop = self.scenario.start, self.stop
        alone = sum(max(stop - player.start, 0) for player in self.players)
        return 2 * (stop - start) + alone + self.shapley_months()

    def shapley_months(self) -> int:
        """Those for Shapley values alone."""
        start, stop = self.scenario.start, self.stop
        if self.method == "exact":
            begun = [start, *sorted(min(player.start, stop) for player in self.players), stop]
            return sum(2**k * (after - before) for k, (before, after) in enumerate(pairwise(begun)))
        return self.passes * (len(self.players) - 1) * (stop - start) if self.method == "sampled" else 0


def plan_of(
    scenario: Scenario,
    measure: str,
    at: str | None,
    over: str | None,
    replicates: int,
    seed: int,
    dtype: str,
    shapley: bool,
    passes: int,
    engine: str,
    exact: int = EXACT,
) -> tuple[Plan, list[str]]:
    """The plan of a question, and what a reader should know of it.

    Raises:
        CannotAblate: the question has no answer.
        ScenarioError: the kernel was asked for, and cannot carry this out.
    """
    name, subject = series_of(scenario, measure, any_dyad=True)
    scenario = watching(scenario, name, subject)
    if not scenario.events:
        raise CannotAblate(f"{scenario.name} has no events: there is nothing to take away")
    if replicates < 2:
        raise CannotAblate(f"replicates={replicates} cannot tell an effect from luck; take 2 or more")
    if passes < 2 or passes % 2:
        raise CannotAblate(f"{passes} passes: it must be an even number from 2, since every order is gone through twice")
    try:
        span = parse_span(at, over, within=Span(scenario.start, scenario.end - 1))
    except ValueError as error:
        raise CannotAblate(str(error)) from None
    players, notes = players_of(scenario)
    since = span is None and measures.all_measures()[name][0].unit == MEAN_UNIT
    if span is None:
        last = scenario.end - 1
        span = Span(min(players[0].start, last) if since else last, last)
    stop = span.last + 1
    chosen = engine_of(scenario, engine, dtype=dtype)
    notes += chosen.notes
    method = "" if not shapley else "exact" if len(players) <= exact else "sampled"
    late = [player.title for player in players if player.start >= stop]
    if late:
        notes.append(f"After {format_month(stop - 1)}, and so without effect: {', '.join(late)}.")
    passes = passes if method == "sampled" else 0
    months, own = (span.first, stop), since and not shapley
    return Plan(scenario, players, name, subject, *months, seed, dtype, method, passes, own, chosen.name), notes


def players_of(scenario: Scenario) -> tuple[tuple[Player, ...], list[str]]:
    """The events one by one, but with an event those that cannot be without it."""
    notes, groups = [], []
    for key in scenario.events:
        gone = {key}
        while True:
            try:
                changed(scenario, events=_rest(scenario, gone) or None)
                break
            except ScenarioError as error:
                more = {p.key[1] for p in error.problems if len(p.key) > 1 and p.key[0] == "events"} - gone
                if not more:
                    raise
                gone |= more
        if len(gone) > 1:
            others = ", ".join(_title(scenario, other) for other in scenario.events if other in gone - {key})
            notes.append(f"{_title(scenario, key)} is taken away together with {others}, which cannot be without it.")
        groups.append(gone)
    # events that go together in any way are one player, so that every subset of the players makes sense
    merged: list[set[str]] = []
    for group in groups:
        touching = [other for other in merged if other & group]
        merged = [other for other in merged if not other & group] + [set().union(group, *touching)]
    players = []
    for group in merged:
        keys = tuple(key for key in scenario.events if key in group)
        dates = [scenario.events[key].get("on") for key in keys]
        start = scenario.start if None in dates else max(scenario.start, min(parse_month(date) for date in dates))
        imposed = any(types()[scenario.events[key]["type"]].imposed for key in keys)
        title = " and ".join(_title(scenario, key) for key in keys)
        players.append(Player(keys, title, min(d for d in dates if d) if any(dates) else "", imposed, start))
    place = {key: k for k, key in enumerate(scenario.events)}
    return tuple(sorted(players, key=lambda p: (p.start, p.date, place[p.keys[0]]))), notes


def _rest(scenario: Scenario, gone: set[str]) -> dict[str, Any]:
    return {key: event for key, event in scenario.spec["events"].items() if key not in gone}


def _title(scenario: Scenario, key: str) -> str:
    return scenario.events[key].get("title") or key.replace("_", " ")


def digest_of_plan(plan: Plan, replicates: int) -> str:
    """The digest of an ablation: whatever determines its numbers, this package's own sources included."""
    own = [path.read_bytes().replace(b"\r\n", b"\n") for path in sorted(Path(__file__).parent.glob("*.py"))]
    sources = hashlib.sha256(b"\0".join(own)).hexdigest()
    return hashlib.sha256(
        canonical(
            [
                code_digest(),
                sources,
                plan.scenario.spec,
                plan.measure,
                plan.subject,
                plan.first,
                plan.stop,
                plan.seed,
                plan.dtype,
                plan.method,
                plan.passes,
                replicates,
                *([KERNEL] if plan.engine == KERNEL else []),
            ]
        )
    ).hexdigest()


def jobs_of(plan: Plan, replicates: int, workers: int | None) -> list[tuple[Plan, range]]:
    """The replicates in chunks that fit the cache, at least one a worker; no number depends on the chunks."""
    size = min(len(chunks(replicates, len(plan.scenario.states))[0]), math.ceil(replicates / (workers or cores())))
    return [(plan, range(first, min(first + size, replicates))) for first in range(0, replicates, size)]
