"""A scenario as a plan: one flat block of bytes that the kernel reads, and one of zeros that it writes its results into.

See :mod:`sim.kernel.layout` for what they hold, docs/kernel.md for what it means.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim import measures
from sim.engine import Ledger, Recording, Series, Sums, booking
from sim.events import types
from sim.events.condition import Condition
from sim.events.event import Event
from sim.kernel import layout
from sim.measures import Frame
from sim.start.expectation import PAST_MONTHS
from sim.start.rules import Rules
from sim.world import World

EVENT_INDEX = {name: k for k, name in enumerate(layout.EVENT_TYPES)}


def plan_of(world: World, rules: Rules, start: int, steps: int, replicates: Sequence[int], rows: int = 1) -> np.ndarray:
    """The plan of some replicates, shape (bytes,), uint8.

    Args:
        world: of the tables, from :func:`sim.start.world.before_rest`; arrays of one row serve all replicates.
        rules: of the run.
        start: month of the first step.
        steps: number of months.
        replicates: their numbers. Where numbers are uncertain, those of the rules.
        rows: of what the kernel fills at rest: one, or as many as replicates.
    """
    count = len(replicates)
    watch = _Watch(rules.frame)
    conditions = _Conditions(watch)
    numbers = _Columns()
    booked = booking(rules.events)
    events, cells = _events(rules.events, conditions, numbers, booked, world)
    draws, names = rules.draws, world.names
    parameters = _parameters(rules)
    blocs = np.max(rules.parameters["blocs"].past) if rules.has("blocs") else 0
    counts = {
        "states": len(names.states),
        "actors": len(names.actors),
        "organisations": len(names.organisations),
        "sets": len(rules.frame.sets),
        "watched": len(rules.frame.watch),
        "hidden": len(watch.hidden),
        "booking": len(booked),
        "events": len(rules.events),
        "conditions": len(conditions.rows),
        "replicates": count,
        "start": start,
        "steps": steps,
        "bloc_past": int(blocs),
        "past": PAST_MONTHS,
        "yearly_always": int(conditions.yearly),
        "spillover": int(np.any(rules.parameters["insurgency"].spillover)) | int(_exchanges_spillover(rules.events)),
    }
    streams = [draws.key(prefix + stream) for prefix in layout.PREFIXES for stream in layout.STREAMS]
    arrays: dict[str, Any] = {
        "counts": _row([counts[name] for name in layout.COUNTS], np.int32),
        "parameters": parameters,
        "schedule": _row([layout.MECHANISMS.index(name) for name, _ in rules.schedule], np.int32),
        "replicate": _row([replicates[0]] if isinstance(replicates, range) else replicates, np.uint64),
        "streams": _row(streams, np.uint64),
        "state_codes": _row(draws.code("state"), np.uint64),
        "actor_codes": _row(draws.code("actor"), np.uint64),
        "event_streams": _row([draws.key("event/" + event.key) for event in rules.events], np.uint64),
        "event_table": np.array(events, np.int32).reshape(len(events), len(layout.EVENT)),
        "event_numbers": numbers.table(),
        "event_cells": _row(cells, np.int32),
        "commitments": _row(_commitments(rules.events, len(names.organisations)), np.int32),
        "condition_table": np.array(conditions.rows, np.int32).reshape(len(conditions.rows), len(layout.CONDITION)),
        "condition_limits": _row(conditions.limits, float),
        "watch": _row([place for pair in watch.pairs for place in pair], np.int32),
        "sets": np.ascontiguousarray(rules.frame.set_masks[0].T),
    }
    for name in (*layout.FIXED, *layout.STATE):
        array = world.arrays[name]
        flat = np.ascontiguousarray(array).reshape(len(array), -1)
        arrays[name] = np.broadcast_to(flat, (rows, flat.shape[1])) if name in layout.RESTED else flat
    return layout.block(layout.PLAN_MAGIC, layout.PLAN, arrays)


def _row(values: Sequence[Any] | np.ndarray, dtype: Any) -> np.ndarray:
    return np.array(values, dtype).reshape(1, -1)


def _parameters(rules: Rules) -> np.ndarray:
    """Every parameter, (1 or R, all of them)."""
    columns = [np.atleast_1d(_number(m, name, getattr(rules.parameters[m], name))) for m, name in layout.parameters()]
    rows = max(map(len, columns))
    return np.stack([np.broadcast_to(column, rows) for column in columns], axis=-1)


def _number(mechanism: str, name: str, value: Any) -> Any:
    """A parameter as a number or one a replicate: words as positions among :data:`layout.WORDS`, truth values as 0 and 1."""
    if isinstance(value, str):
        return float(layout.WORDS[mechanism, name].index(value))
    return np.ravel(np.asarray(value, float)) if np.ndim(value) else float(value)


def _exchanges_spillover(events: Sequence[Event]) -> bool:
    return any(event.parameter == ("insurgency", "spillover") for event in events)


def _commitments(events: Sequence[Event], organisations: int) -> list[int]:
    return next((list(event.commitments) for event in events if event.commitments), [0] * organisations)


class _Columns:
    """Numbers of the events, a column each, with one row or one a replicate."""

    def __init__(self) -> None:
        self.columns: list[np.ndarray] = []

    def add(self, value: Any) -> int:
        self.columns.append(np.atleast_1d(np.asarray(value, float)).ravel())
        return len(self.columns) - 1

    def table(self) -> np.ndarray:
        rows = max(map(len, self.columns), default=1)
        whole = [np.broadcast_to(column, rows) for column in self.columns]
        return np.stack(whole, axis=-1) if whole else np.zeros((1, 0))


class _Watch:
    """Watched dyads, and those that a condition asks about; where each measure stands in a row of measures."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        i, j = frame.dyads
        self.pairs = list(zip(i.tolist(), j.tolist()))
        self.watched = len(self.pairs)
        self.hidden: list[tuple[int, int]] = []

    def hide(self, pair: tuple[str, str]) -> int:
        """The position among the hidden dyads of one that is asked about."""
        one, other = sorted(pair)
        cell = self.frame.names.state(one), self.frame.names.state(other)
        if cell not in self.hidden:
            self.hidden.append(cell)
            self.pairs.append(cell)
        return self.hidden.index(cell)

    def columns(self) -> tuple[dict[str, int], int]:
        """By measure the place of its first column, and the number of monthly ones."""
        found, place = {}, 0
        for name in layout.MONTHLY:
            found[name] = place
            place += len(measures.subjects(name, self.frame))
        return found, place


class _Conditions:
    """Conditions as rows: parts of one are consecutive."""

    def __init__(self, watch: _Watch) -> None:
        self.watch, self.yearly = watch, False
        self.rows: list[list[int]] = []
        self.limits: list[float] = []
        self._hidden: list[tuple[int, str, str, int]] = []

    def prepare(self, conditions: Sequence[Condition]) -> None:
        """Know every hidden dyad before a column is worked out."""
        for condition in conditions:
            for leaf in condition.leaves():
                if leaf.frame is not None:
                    self.watch.hide(leaf.frame.watch[0])

    def add(self, condition: Condition) -> int:
        row = len(self.rows)
        self._reserve(1)
        self._fill(row, condition)
        return row

    def _reserve(self, count: int) -> None:
        self.rows += [[0] * len(layout.CONDITION) for _ in range(count)]
        self.limits += [0.0] * count

    def _fill(self, row: int, c: Condition) -> None:
        first = len(self.rows)
        self._reserve(len(c.parts))
        leaf = not c.parts
        about = {
            "kind": 0 if leaf else 1 if c.every else 2,
            "column": self._column(c) if leaf else 0,
            "below": int(c.below is not None),
            "months": c.months,
            "after": -1 if c.after is None else c.after,
            "until": -1 if c.until is None else c.until,
            "first": first,
            "parts": len(c.parts),
        }
        self.rows[row] = [about[name] for name in layout.CONDITION]
        if leaf:
            self.limits[row] = float(c.below if c.below is not None else c.above)  # type: ignore[arg-type]
        for k, part in enumerate(c.parts):
            self._fill(first + k, part)

    def _column(self, c: Condition) -> int:
        columns, monthly = self.watch.columns()
        hidden, frame = len(self.watch.hidden), c.frame or self.watch.frame
        place = measures.subjects(c.measure, frame).index(c.subject)
        if c.measure in layout.YEARLY:
            self.yearly = True
        if c.frame is None:
            if c.measure in columns:
                return columns[c.measure] + place
            return monthly + 4 * hidden + layout.YEARLY.index(c.measure) + (place if c.measure == "tie_similarity" else 0)
        h = self.watch.hide(c.frame.watch[0])
        if c.measure == "tie_similarity":
            return monthly + 4 * hidden + layout.YEARLY.index(c.measure) + self.watch.watched + h
        if c.measure == "trust":
            return monthly + 2 * hidden + 2 * h + place
        return monthly + (0 if c.measure == "cooperation" else hidden) + h


def _events(
    events: Sequence[Event], conditions: _Conditions, numbers: _Columns, booked: Sequence[str], world: World
) -> tuple[list[list[int]], list[int]]:
    """The table of the events, and the positions in arrays that they point at."""
    conditions.prepare([event.when for event in events if event.when is not None])
    table: list[list[int]] = []
    cells: list[int] = []
    for event in events:
        kind = types()[event.type]
        variable = event.variable or kind.holds or "effort"  # an intervention points at an actor
        points = _points(event, variable, world) if event.where is not None else []
        amounts = event.course or (event.amount,)
        if event.parameter is not None:
            amounts = (_number(*event.parameter, event.amount),)
        first, *_ = [numbers.add(amount) for amount in amounts]
        about = {
            "type": EVENT_INDEX[event.type],
            "on": -1 if event.on is None else event.on,
            "when": -1 if event.when is None else conditions.add(event.when),
            "until": -1 if event.until is None else event.until,
            "months": -1 if event.months is None else event.months,
            "momentary": int(kind.momentary),
            "variable": layout.STATE.index(variable) if variable in layout.STATE else -1,
            "cells": len(cells),
            "cell_count": len(points),
            "organisation": -1 if event.organisation is None else event.organisation,
            "course": len(event.course),
            "hazard": numbers.add(0.0 if event.hazard is None else event.hazard),
            "lasting": numbers.add(event.lasting),
            "amount": first,
            "account": booked.index(event.key) if event.key in booked else -1,
            "parameter": -1 if event.parameter is None else layout.parameters().index(event.parameter),
            "renews": int(bool(event.renews)),
            "parts": len(cells) + len(points) if event.sides else -1,
        }
        cells += points
        if event.sides:
            part = {state: number for number, side in enumerate(event.sides, 1) for state in side}
            cells += [part.get(state, 0) for state in range(len(world.names.states))]
        table.append([about[name] for name in layout.EVENT])
    return table, cells


def _points(event: Event, variable: str, world: World) -> list[int]:
    """The positions in a row of its array that an event points at."""
    target = np.zeros(world.shape(variable), bool)
    target[event.where] = True
    return np.flatnonzero(target).tolist()


def column_of(plan: np.ndarray, frame: Frame, measure: str, subject: str) -> int:
    """The place of a measure in the row of measures of a plan's states, for :meth:`sim.kernel.library.Library.carry`."""
    place = measures.subjects(measure, frame).index(subject)
    columns, monthly = _Watch(frame).columns()
    if measure in columns:
        return columns[measure] + place
    hidden = int(layout.read(plan, layout.PLAN)["counts"][0, list(layout.COUNTS).index("hidden")])
    return monthly + 4 * hidden + layout.YEARLY.index(measure) + place


# ---- results


def results_of(frame: Frame, booked: int, replicates: int, steps: int, save: str) -> np.ndarray:
    """A block of results of so many replicates, all zeros."""
    n, events = len(frame.names.states), len(frame.names.events)
    accounts = len(frame.names.accounts) + booked
    monthly, yearly = (sum(len(measures.subjects(name, frame)) for name in of) for of in (layout.MONTHLY, layout.YEARLY))
    years = len({*range(0, steps + 1, 12), steps})
    bounds, cells = steps + 1, n * n
    dyads = (replicates if save in ("dyads", "all") else 0, bounds * cells)
    shapes = {
        "monthly": (replicates, bounds * monthly),
        "yearly": (replicates, ((steps + 11) // 12 + 1) * yearly),
        "affinity": (replicates, bounds * n),
        "capability": (replicates, bounds * n),
        "pacts": (replicates, bounds * n),
        "started": (replicates, events),
        "dyads_trust": dyads,
        "dyads_action": dyads,
        "dyads_tie": dyads,
        "dyads_crisis": dyads,
        "ledger": (replicates if save == "all" else 0, accounts * steps * cells),
        "ledger_sum": (1, accounts * steps * cells),
        "trust_sum": (1, bounds * cells),
        "rising": (1, cells),
        "fault": (1, 3),
    }
    assert years <= shapes["yearly"][1] // max(yearly, 1)
    return layout.block(layout.RESULTS_MAGIC, layout.RESULTS, shapes)  # type: ignore[arg-type]


def recording_of(block: np.ndarray, frame: Frame, accounts: Sequence[str], times: list[str], count: int) -> Recording:
    """What the kernel recorded of the first ``count`` replicates of a block, as views of it."""
    got = layout.read(block, layout.RESULTS)
    n, steps = len(frame.names.states), len(times) - 1
    series: dict[str, Series] = {}
    for kind, of, at in (
        ("monthly", layout.MONTHLY, np.arange(steps + 1)),
        ("yearly", layout.YEARLY, np.array(sorted({*range(0, steps + 1, 12), steps}))),
    ):
        subjects = {name: measures.subjects(name, frame) for name in of}
        wide = sum(map(len, subjects.values()))
        rows = got[kind][:count].reshape(count, -1, wide)[:, : len(at)]
        place = 0
        for name, labels in subjects.items():
            series[name] = Series(labels, at, rows[:, :, place : place + len(labels)])
            place += len(labels)
    series = {name: series[name] for name in measures.all_measures()}
    states = {name: got[name][:count].reshape(count, steps + 1, n) for name in ("affinity", "capability", "pacts")}
    sums = sums_of(block, n, steps)
    ledger = Ledger(list(accounts), sums.ledger)
    new = Recording(times, series, states, ledger, sums.trust, sums.rising, got["started"][:count])
    for name in ("trust", "action", "tie", "crisis"):
        if len(got[f"dyads_{name}"]):
            new.dyads[name] = got[f"dyads_{name}"][:count].reshape(count, steps + 1, n, n)
    if len(got["ledger"]):
        new.ledger_by_replicate = got["ledger"][:count].reshape(count, len(accounts), steps, n, n)
    return new


def sums_of(block: np.ndarray, n: int, steps: int) -> Sums:
    """The sums over replicates of a block of results, as views of it."""
    got = layout.read(block, layout.RESULTS)
    return Sums(got["ledger_sum"].reshape(-1, steps, n, n), got["trust_sum"].reshape(-1, n, n), got["rising"].reshape(n, n))


def rows_of(plan: np.ndarray) -> dict[str, int]:
    """By section of a plan its number of rows, for messages and tests."""
    return {name: len(array) for name, array in layout.read(plan, layout.PLAN).items()}
