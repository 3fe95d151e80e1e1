"""The engine: one month is events, then the mechanisms of the schedule, one after the other.

:func:`step` is pure: it takes a world and gives the next. :class:`Recorder` reads measures and the ledger off the worlds as
they pass. A plain loop over the two is a whole simulation; :class:`sim.agents.WorldModel` is that loop with agents.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import numpy as np

from sim import measures
from sim.calendar import months
from sim.events import event as events
from sim.options import DEFAULTS
from sim.start.world import Rules
from sim.world import VARIABLES, World

Allocate = Callable[[tuple[int, ...], Any], np.ndarray]
"""Makes an array of a shape and a type, as ``numpy.empty`` does."""

Decide = Callable[[World, Any], World]
"""A chance to change the choices of some states after the built-in decision; it gets the parameters in force, too."""

See = Callable[[int, World, dict[str, np.ndarray]], object]
"""What looks at each month: the month, the world at its end, and by event the trust that it moved."""


def step(world: World, rules: Rules, month: int, decide: Decide | None = None) -> tuple[World, dict[str, np.ndarray]]:
    """The world one month later.

    Args:
        world: at the start of the month.
        rules: the schedule, parameters, events and draws, from :func:`sim.start.world.begin`.
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


def carry(world: World, rules: Rules, first: int, stop: int, see: See | None = None) -> World:
    """The one loop over time: the world at the start of month ``stop``, carried forward from the start of ``first``.

    Args:
        world: at the start of the first month.
        rules: see :func:`step`.
        first: the first month.
        stop: the month before which it ends.
        see: called after each month.
    """
    for month in range(first, stop):
        world, booked = step(world, rules, month)
        if see is not None:
            see(month, world, booked)
    return world


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

    def use_array(self, name: str, array: np.ndarray) -> None:
        """Use an array for what :meth:`large` names, before anything is recorded."""
        if name == "ledger":
            self.ledger_by_replicate = array
        else:
            self.dyads[name.removeprefix("dyads/")] = array

    def large(self) -> dict[str, np.ndarray]:
        """The arrays that hold all months of all dyads by replicate."""
        return {name: array for name, array in self.by_replicate().items() if name == "ledger" or name.startswith("dyads/")}

    def by_replicate(self) -> dict[str, np.ndarray]:
        """Every array whose first axis is the replicate."""
        found = {f"series/{name}": series.values for name, series in self.series.items()}
        found |= {f"states/{name}": values for name, values in self.states.items()}
        found |= {f"dyads/{name}": values for name, values in self.dyads.items()}
        if self.ledger_by_replicate is not None:
            found["ledger"] = self.ledger_by_replicate
        return found | {"started": self.started}


@dataclass
class Sums:
    """Sums over replicates: of the ledger's accounts (account, T, n, n), of trust at the step bounds (T+1, n, n), and how
    many replicates' trust rose (n, n)."""

    ledger: np.ndarray
    trust: np.ndarray
    rising: np.ndarray

    @classmethod
    def blank(cls, accounts: int, steps: int, n: int, allocate: Allocate = np.zeros) -> Sums:
        """Of no replicate yet; ``allocate`` makes arrays of zeros."""
        shapes = (accounts, steps, n, n), (steps + 1, n, n), (n, n)
        return cls(*(allocate(shape, np.dtype(float)) for shape in shapes))


STATE_VARIABLES = ("affinity", "capability", "pacts")
"""What is kept of each state beside the measures: ideal point, share of power, number of defence pacts."""
DYAD_VARIABLES = ("trust", "action", "tie", "crisis")


def blank(
    frame: measures.Frame,
    booking: Sequence[str],
    replicates: int,
    start: int,
    steps: int,
    dtype: Any,
    save: str = DEFAULTS.save,
    sums: Sums | None = None,
    allocate: Allocate = np.empty,
    by_month: bool = False,
) -> Recording:
    """A recording of which nothing has been recorded yet.

    Args:
        frame: what measures are asked about.
        booking: the events that have an account in the ledger.
        replicates: how many.
        start: month of the first step.
        steps: number of months.
        dtype: of real numbers.
        save: ``measures``, ``dyads`` (dyadic trajectories too) or ``all`` (the ledger by replicate too).
        sums: what this recording's sums over replicates are added to; None for sums of its own.
        allocate: makes the arrays that have a replicate axis.
        by_month: series lie in memory month by month, to be written; otherwise subject by subject, to be read.
    """
    n, dtype = len(frame.names.states), np.dtype(dtype)
    series = {}
    for name, (kind, _) in measures.all_measures().items():
        at = np.array(sorted({*range(0, steps + 1, kind.every), steps}))
        labels = measures.subjects(name, frame)
        shape = (len(at), replicates, len(labels)) if by_month else (len(labels), replicates, len(at))
        values = allocate(shape, dtype)
        series[name] = Series(labels, at, values.swapaxes(0, 1) if by_month else np.moveaxis(values, 0, -1))
    accounts = [*frame.names.accounts, *booking]
    sums = sums or Sums.blank(len(accounts), steps, n)
    new = Recording(
        times=months(start, start + steps + 1),
        series=series,
        states={name: allocate((replicates, steps + 1, n), np.dtype(np.float32)) for name in STATE_VARIABLES},
        ledger=Ledger(accounts, sums.ledger),
        trust=sums.trust,
        rising=sums.rising,
        started=allocate((replicates, len(frame.names.events)), np.dtype(VARIABLES["event_start"].dtype)),
    )
    if save in ("dyads", "all"):
        for name in DYAD_VARIABLES:
            own = VARIABLES[name].dtype
            new.dyads[name] = allocate((replicates, steps + 1, n, n), dtype if own == "float" else np.dtype(own))
    if save == "all":
        new.ledger_by_replicate = allocate((replicates, len(accounts), steps, n, n), dtype)
    return new


def booking(moving: Sequence[events.Event]) -> list[str]:
    """The events that may move trust, and so have an account in the ledger."""
    return [event.key for event in moving if event.moves_trust]


class Recorder:
    """Reads measures, states and the ledger off each world of a run; see :class:`Recording`.

    Args:
        world: at the start.
        rules: of the run.
        start: month of the first step.
        steps: number of months.
        save: ``measures``, ``dyads`` or ``all``; see :func:`blank`.
        sums: what sums over replicates are added to; None for one of its own.
        large: where to write what is as large as all months of all dyads, under the names of
            :meth:`Recording.by_replicate`; None for memory of its own.
    """

    def __init__(
        self,
        world: World,
        rules: Rules,
        start: int,
        steps: int,
        save: str = DEFAULTS.save,
        sums: Sums | None = None,
        large: Mapping[str, np.ndarray] | None = None,
    ) -> None:
        self.rules, self.steps = rules, steps
        self._booking = booking(rules.events)
        count = world.replicates
        self.recording = blank(rules.frame, self._booking, count, start, steps, world.floating, save, sums, by_month=True)
        own = self.recording
        for name, array in (large or {}).items():
            own.use_array(name, array)
        self._sums = sums or Sums(own.ledger.total, own.trust, own.rising)
        self._due: list[dict[str, list[tuple[str, int]]]] = [{} for _ in range(steps + 1)]
        for name, (_, module) in measures.all_measures().items():
            for place, step in enumerate(own.series[name].steps):
                self._due[step].setdefault(module.__name__, []).append((name, place))
        self._first = world.trust
        self._add_up = _add_up if own.trust.any() else _begin_sum
        self.recording.started[:] = world.event_start
        self._step = 0
        self._read(world)

    def take(self, world: World, booked: dict[str, np.ndarray]) -> None:
        """Record the world after a month, and what the events booked in it."""
        r, t = self.recording, self._step
        terms = world.trust_terms
        fixed = terms.shape[1]
        self._sum(terms, "ledger", np.s_[:fixed, t])
        moved = {fixed + self._booking.index(key): np.broadcast_to(x, self._first.shape) for key, x in booked.items()}
        for account, change in moved.items():
            self._sum(change, "ledger", np.s_[account, t])
        if r.ledger_by_replicate is not None:
            r.ledger_by_replicate[:, :fixed, t] = terms
            r.ledger_by_replicate[:, fixed:, t] = 0
            for account, change in moved.items():
                r.ledger_by_replicate[:, account, t] = change
        self._step += 1
        self._read(world)
        if self._step == self.steps:
            self._sum(world.trust > self._first, "rising")
            r.started[:] = world.event_start

    def _read(self, world: World) -> None:
        r, t = self.recording, self._step
        for family, due in self._due[t].items():
            found = import_module(family).read(world, self.rules.frame)
            for name, place in due:
                r.series[name].values[:, place] = found[name]
        self._sum(world.trust, "trust", t)
        r.states["affinity"][:, t] = world.affinity
        r.states["capability"][:, t] = world.capability
        r.states["pacts"][:, t] = world.pacts
        for name, kept in r.dyads.items():
            kept[:, t] = getattr(world, name)

    def _sum(self, values: np.ndarray, of: str, place: Any = ...) -> None:
        """Add values of all replicates to a sum."""
        self._add_up(values, getattr(self._sums, of)[place])


def _begin_sum(values: np.ndarray, total: np.ndarray) -> None:
    """Sum over replicates where nothing has been added up yet; adds them in their order, as :func:`_add_up` does."""
    values.sum(axis=0, dtype=float, out=total)


def _add_up(values: np.ndarray, total: np.ndarray) -> None:
    """Add the values of each replicate to a total, one after the other, so that no sum depends on the chunks."""
    for one in values:
        np.add(total, one, out=total)
