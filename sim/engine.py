"""The engine: one month is events, then the mechanisms of the schedule, one after the other.

:func:`step` is pure: it takes a world and gives the next. :class:`Recorder` reads measures and the ledger off the worlds as
they pass. A plain loop over the two is a whole simulation; :class:`sim.model.WorldModel` is that loop with agents.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import numpy as np

from sim import events, measures
from sim.calendar import months
from sim.scenario.start import Rules
from sim.world import DEFENCE, World

Decide = Callable[[World, Any], World]
"""A chance to change the choices of some states after the built-in decision; it gets the parameters in force, too."""


def step(world: World, rules: Rules, month: int, decide: Decide | None = None) -> tuple[World, dict[str, np.ndarray]]:
    """The world one month later.

    Args:
        world: at the start of the month.
        rules: the schedule, parameters, events and draws, from :func:`sim.scenario.start.begin`.
        month: the month that passes, see :mod:`sim.calendar`.
        decide: called after the mechanism ``decision``, for behaviours of the user's own.

    Returns:
        the world at the end of the month, and by event the trust that it moved, (R, n, n).
    """
    draws = rules.draws.at(month)
    world = events.begin(world, rules.events, month, rules.frame, draws)
    world, parameters, booked = events.apply(world, rules.events, month, rules.parameters)
    clamps = events.clamps(rules.events)
    for name, mechanism in rules.schedule:
        world = world.replace(**mechanism.update(world, parameters[name], draws))
        if name == "decision" and decide is not None:
            world = decide(world, parameters[name])
        world, held = events.hold(world, clamps, month, mechanism.WRITES)
        for key, change in held.items():
            booked[key] = booked.get(key, 0) + change
    return world, booked


@dataclass
class Series:
    """One measure over time: ``values`` (R, len(steps), len(subjects)); ``steps`` index the trajectory's times."""

    subjects: list[str]
    steps: np.ndarray
    values: np.ndarray


@dataclass
class Ledger:
    """Where trust came from: sums over replicates by account, (account, T, n, n); accounts of events come last."""

    accounts: list[str]
    total: np.ndarray

    def mean(self, replicates: int) -> np.ndarray:
        """Means over replicates, (account, T, n, n)."""
        return self.total / replicates


@dataclass
class Recording:
    """What was read off the worlds of some replicates: step bounds 0..T."""

    times: list[str]
    series: dict[str, Series]
    states: dict[str, np.ndarray]
    ledger: Ledger
    trust: np.ndarray
    rising: np.ndarray
    started: np.ndarray
    dyads: dict[str, np.ndarray] = field(default_factory=dict)
    ledger_by_replicate: np.ndarray | None = None


STATE_VARIABLES = ("affinity", "capability", "pacts")
"""What is kept of each state beside the measures: ideal point, share of power, number of defence pacts."""
DYAD_VARIABLES = ("trust", "action", "tie", "crisis")


class Recorder:
    """Reads measures, states and the ledger off each world of a run; see :class:`Recording`.

    Args:
        world: at the start.
        rules: of the run.
        start: month of the first step.
        steps: number of months.
        save: ``measures``, ``dyads`` (dyadic trajectories too) or ``all`` (the ledger by replicate too).
    """

    def __init__(self, world: World, rules: Rules, start: int, steps: int, save: str = "measures") -> None:
        self.rules, self.steps = rules, steps
        count, n = world.replicates, len(world.names.states)
        self._families: dict[str, dict[str, Series]] = {}
        every = {name: kind.every for name, (kind, _) in measures.all_measures().items()}
        series = {}
        for name, (_, module) in measures.all_measures().items():
            at = np.array(sorted({*range(0, steps + 1, every[name]), steps}))
            labels = measures.subjects(name, rules.frame)
            series[name] = Series(labels, at, np.empty((count, len(at), len(labels)), world.floating))
            self._families.setdefault(module.__name__, {})[name] = series[name]
        self._places = {name: {int(step): k for k, step in enumerate(s.steps)} for name, s in series.items()}
        self._booking = [e.key for e in rules.events if e.variable == "trust"]
        accounts = [*world.names.accounts, *self._booking]
        self.recording = Recording(
            times=months(start, start + steps + 1),
            series=series,
            states={name: np.empty((count, steps + 1, n), np.float32) for name in STATE_VARIABLES},
            ledger=Ledger(accounts, np.zeros((len(accounts), steps, n, n))),
            trust=np.zeros((steps + 1, n, n)),
            rising=np.zeros((n, n)),
            started=world.event_start,
        )
        if save in ("dyads", "all"):
            for name in DYAD_VARIABLES:
                kind = getattr(world, name).dtype
                self.recording.dyads[name] = np.empty((count, steps + 1, n, n), kind)
        if save == "all":
            self.recording.ledger_by_replicate = np.zeros((count, len(accounts), steps, n, n), world.floating)
        self._first, self._ones = world.trust, np.ones(n, np.float32)
        self._step = 0
        self._read(world)

    def take(self, world: World, booked: dict[str, np.ndarray]) -> None:
        """Record the world after a month, and what the events booked in it."""
        r, t = self.recording, self._step
        terms = world.trust_terms
        fixed = terms.shape[1]
        r.ledger.total[:fixed, t] = terms.sum(axis=0, dtype=float)
        for key, change in booked.items():
            r.ledger.total[fixed + self._booking.index(key), t] = np.broadcast_to(change, self._first.shape).sum(axis=0)
        if r.ledger_by_replicate is not None:
            r.ledger_by_replicate[:, :fixed, t] = terms
            for key, change in booked.items():
                r.ledger_by_replicate[:, fixed + self._booking.index(key), t] = change
        self._step += 1
        self._read(world)
        if self._step == self.steps:
            r.rising = (world.trust > self._first).sum(axis=0, dtype=float)
            r.started = world.event_start

    def _read(self, world: World) -> None:
        r, t = self.recording, self._step
        for family, wanted in self._families.items():
            due = [name for name in wanted if t in self._places[name]]
            if not due:
                continue
            found = import_module(family).read(world, self.rules.frame)
            for name in due:
                wanted[name].values[:, self._places[name][t]] = found[name]
        r.trust[t] = world.trust.sum(axis=0, dtype=float)
        r.states["affinity"][:, t] = world.affinity
        r.states["capability"][:, t] = world.capability
        r.states["pacts"][:, t] = (world.tie == DEFENCE).astype(np.float32) @ self._ones
        for name, kept in r.dyads.items():
            kept[:, t] = getattr(world, name)
