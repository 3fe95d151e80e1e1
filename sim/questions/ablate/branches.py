"""Worlds that share a past and part at an event: whatever carries them on, and numpy in a worker."""

from __future__ import annotations

import dataclasses
import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np

from sim import engine, measures
from sim.events.event import Event
from sim.processes.pool import Report
from sim.questions.ablate.plan import Plan
from sim.start.world import Rules, begin
from sim.world import World

Answer = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray | None]

NEVER = 2**30
"""A month that does not come: in ``event_start`` it marks an event that is taken away in a replicate."""


class _Maybe(Event):
    """An event that is taken away in some replicates: those whose ``event_start`` is ``NEVER``."""

    def running(self, start: np.ndarray, month: int) -> np.ndarray:
        """Where it has taken effect and still holds."""
        return super().running(start, month) & (start != NEVER)


Branch = tuple[Any, np.ndarray]
"""A world, and the sum of the measure over the months so far that the question is about, (R,)."""


class Branches(ABC):
    """Worlds of some replicates that share a past, carried on with some events and without others."""

    plan: Plan
    part: range

    @abstractmethod
    def root(self) -> Branch:
        """Where all branches begin."""

    @abstractmethod
    def on(self, branch: Branch, gone: Sequence[str], month: int, stop: int) -> Branch:
        """A branch some months later without some events, with what the measure was at their ends; the given one stays."""

    @abstractmethod
    def masked(self, gone: np.ndarray) -> np.ndarray:
        """The measure with other players taken away in each replicate; ``gone`` (R, player) says where."""

    def mean(self, branch: Branch) -> np.ndarray:
        """The mean of the measure over the months that the question is about, (R,)."""
        return branch[1] / (self.plan.stop - self.plan.first)

    def removals(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The measure with all events, with none, and without each player (player, R)."""
        plan, branch, month = self.plan, self.root(), self.plan.scenario.start
        everyone = [key for player in plan.players for key in player.keys]
        none = self.mean(self.on(branch, everyone, month, plan.stop))
        without: dict[int, np.ndarray] = {}
        for k, player in enumerate(plan.players):  # in the order of their dates: each branches off the one past
            if player.start >= plan.stop:
                break
            branch = self.on(branch, (), month, player.start)
            month = player.start
            without[k] = self.mean(self.on(branch, player.keys, month, plan.stop))
        full = self.mean(self.on(branch, (), month, plan.stop))
        return full, none, np.stack([without.get(k, full) for k in range(len(plan.players))])

    def subsets(self) -> np.ndarray:
        """The measure with every subset of the players taken away, (subset, R): bit k of its number is player k."""
        plan = self.plan
        values = np.empty((2 ** len(plan.players), len(self.part)))

        def walk(branch: Branch, month: int, k: int, gone: int) -> None:
            keys = [key for j, player in enumerate(plan.players) if gone >> j & 1 for key in player.keys]
            stop = plan.stop if k == len(plan.players) else min(plan.players[k].start, plan.stop)
            branch = self.on(branch, keys, month, stop)
            if k == len(plan.players):
                values[gone] = self.mean(branch)
                return
            walk(branch, stop, k + 1, gone)
            walk(branch, stop, k + 1, gone | 1 << k)

        walk(self.root(), plan.scenario.start, 0, 0)
        return values

    def orders(self, full: np.ndarray, none: np.ndarray) -> np.ndarray:
        """Shapley values (player, R) from orders of removal, each replicate's own and each also backwards."""
        plan, players, rows = self.plan, len(self.plan.players), np.arange(len(self.part))
        total = np.zeros((players, len(self.part)))
        for number in range(plan.passes // 2):
            luck = [np.random.default_rng([plan.seed, r, number]).permutation(players) for r in self.part]
            forward = np.array(luck)
            for order in (forward, forward[:, ::-1]):
                gone, before = np.zeros((len(self.part), players), bool), full
                for k in range(players):
                    gone[rows, order[:, k]] = True
                    after = none if k == players - 1 else self.masked(gone)
                    total[order[:, k], rows] += before - after
                    before = after
        return total / plan.passes

    def answer(self) -> Answer:
        """What :func:`work` gives."""
        full, none, without = self.removals()
        if self.plan.method == "exact":
            return full, none, without, shapley_of(self.subsets())
        if self.plan.method == "sampled":
            return full, none, without, self.orders(full, none)
        return full, none, without, None


class ByNumpy(Branches):
    """The branches of some replicates by the mechanisms' own numpy."""

    def __init__(self, plan: Plan, part: range, report: Report) -> None:
        self.plan, self.part, self.report = plan, part, report
        self.world, self.rules, _ = begin(plan.scenario, part, seed=plan.seed, dtype=plan.dtype)

    def root(self) -> Branch:
        """Where all branches begin."""
        return self.world, np.zeros(len(self.part))

    def on(self, branch: Branch, gone: Sequence[str], month: int, stop: int) -> Branch:
        """A branch some months later without some events."""
        kept = tuple(event for event in self.rules.events if event.key not in gone)
        return self._on(branch, dataclasses.replace(self.rules, events=kept), month, stop)

    def _on(self, branch: Branch, rules: Rules, month: int, stop: int) -> Branch:
        world, total = branch
        first = max(month, min(self.plan.first, stop))
        seen: list[np.ndarray] = []
        world = engine.carry(world, rules, month, first)
        world = engine.carry(world, rules, first, stop, lambda _, here, __: seen.append(self._value(here)))
        self.report((stop - month) * len(self.part))
        return world, sum(seen, total)

    def _value(self, world: World) -> np.ndarray:
        plan = self.plan
        value = measures.value(world, self.rules.frame, plan.measure, plan.subject)
        return np.broadcast_to(value, len(self.part)).astype(float)

    def masked(self, gone: np.ndarray) -> np.ndarray:
        """The measure with other players taken away in each replicate."""
        plan, (world, total) = self.plan, self.root()
        start = np.repeat(world.event_start, len(self.part) // len(world.event_start), axis=0)
        places = {event.key: event.position for event in self.rules.events}
        for k, player in enumerate(plan.players):
            for key in player.keys:
                start[gone[:, k], places[key]] = NEVER
        events = tuple(_Maybe(**{f.name: getattr(e, f.name) for f in dataclasses.fields(e)}) for e in self.rules.events)
        rules = dataclasses.replace(self.rules, events=events)
        begun = (world.replace(event_start=start), total)
        return self.mean(self._on(begun, rules, plan.scenario.start, plan.stop))


def shapley_of(values: np.ndarray) -> np.ndarray:
    """Shapley values (player, ...) of a game given by its value for every set of absent players, (2^player, ...)."""
    players = len(values).bit_length() - 1
    found = np.zeros((players, *values.shape[1:]))
    weight = [math.factorial(s) * math.factorial(players - s - 1) / math.factorial(players) for s in range(players)]
    for gone in range(len(values)):
        for k in range(players):
            if not gone >> k & 1:  # k is there: with it, less without it, among the others that are there
                others = players - gone.bit_count() - 1
                found[k] += weight[others] * (values[gone] - values[gone | 1 << k])
    return found


def work(job: tuple[Plan, range], report: Report) -> Answer:
    """The measure of some replicates with all events, with none, without each, and the Shapley values."""
    return ByNumpy(*job, report).answer()
