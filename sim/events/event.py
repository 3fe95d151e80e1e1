"""Events: what a scenario says will happen, on a date, on a condition or by chance.

An event takes effect once per replicate, in the month that ``event_start`` then remembers. Some edit the world and are
done (join, shock, rivalry, set, tie); others hold while they last (agreement, exercise, crisis, war, intervention,
clamp, a set parameter). Those that impose an outcome the model would otherwise decide are labelled imposed in every output.

Equations: ODD E10 to E15, E63, E64; assumptions: ODD A19 to A21, A41 and A42 (docs/odd.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.draws import Draws
from sim.events import modules, moves_trust, types
from sim.measures import Frame
from sim.mechanisms.trust import LIMIT
from sim.world import VARIABLES, World

if TYPE_CHECKING:
    from sim.events.condition import Condition


@dataclass(frozen=True)
class Event:
    """An event of a scenario, its names turned into positions.

    ``where`` indexes the axes after the replicate of ``variable`` (a mask of dyads, a list of states, a position);
    ``amount`` and ``lasting`` are numbers or values per replicate, shape (R,); ``course`` has one amount for each month that
    it goes on, of which the last lasts. ``commitments`` has the level of the tie that each organisation makes, by position;
    ``sides`` are the positions of a war's attackers, attacked and supporters, none where it was under way before the start.
    """

    key: str
    type: str
    position: int
    on: int | None = None
    when: Condition | None = None
    hazard: Any = None
    until: int | None = None
    months: int | None = None
    variable: str = ""
    where: Any = None
    amount: Any = 0.0
    course: tuple[Any, ...] = ()
    lasting: Any = 0.0
    organisation: int | None = None
    commitments: tuple[int, ...] = ()
    renews: str = ""
    parameter: tuple[str, str] | None = None
    sides: tuple[tuple[int, ...], ...] = ()

    @property
    def moves_trust(self) -> bool:
        """Whether it moves trust itself."""
        return moves_trust(self.type, self.variable)

    @property
    def imposed(self) -> bool:
        """Whether it imposes an outcome."""
        return types()[self.type].imposed

    def idle(self, month: int) -> bool:
        """Whether a dated event can be passed over this month: not yet begun, or over."""
        if self.on is None:
            return False
        return (
            month < self.on
            or (self.until is not None and month >= self.until)
            or (
                month > self.on
                and (types()[self.type].momentary or (self.months is not None and month >= self.on + self.months))
            )
        )

    def running(self, start: np.ndarray, month: int) -> np.ndarray:
        """Where it has taken effect and still holds, shape (R,); ``start`` is its column of ``event_start``."""
        running = start >= 0
        if self.until is not None and month >= self.until:
            return np.zeros_like(running)
        if self.months is not None:
            running &= month < start + self.months
        return running

    def this_month(self, start: np.ndarray, month: int) -> Event:
        """The event with this month's amount, where that depends on how long it goes on; ``start`` as for
        :meth:`running`."""
        if not self.course:
            return self
        last = len(self.course) - 1
        if self.on is not None:
            return replace(self, amount=self.course[min(month - self.on, last)])
        age = np.clip(month - start, 0, last)
        amounts = np.stack([np.broadcast_to(amount, age.shape) for amount in self.course])
        return replace(self, amount=amounts[age, np.arange(len(age))])


def begin(world: World, events: Sequence[Event], month: int, frame: Frame, draws: Draws) -> World:
    """Mark the events that take effect this month in ``event_start``."""
    due = [event for event in events if event.on in (None, month)]
    if not due:
        return world
    start, held = world.event_start.copy(), world.event_held.copy()
    for event in due:
        waiting = start[:, event.position] < 0
        if event.on is not None:
            now = waiting
        elif event.when is not None:
            met = event.when.met(world, frame, month)
            held[:, event.position] = np.where(met, held[:, event.position] + 1, 0)
            now = waiting & (held[:, event.position] >= event.when.months)
        else:
            now = waiting & (draws.uniform("event/" + event.key) < event.hazard)
        start[now, event.position] = month
    return world.replace(event_start=start, event_held=held)


def apply(
    world: World, events: Sequence[Event], month: int, parameters: Mapping[str, Any]
) -> tuple[World, Mapping[str, Any], dict[str, np.ndarray]]:
    """What the events do to this month, after :func:`begin`.

    Returns:
        the world, the parameters of this month, and by event the change of trust it brought (R, n, n).
    """
    booked: dict[str, np.ndarray] = {}
    held: dict[str, list[tuple[Event, np.ndarray]]] = {}
    renewed: dict[str, list[tuple[Event, np.ndarray]]] = {}
    for event in events:
        if array := types()[event.type].holds:
            held[array] = []
        renewed |= {name: [] for name in (event.type, event.renews) if name and hasattr(modules()[name], "renew")}
    for event in events:
        if event.idle(month):
            continue
        start, kind, module = world.event_start[:, event.position], types()[event.type], modules()[event.type]
        if event.parameter is not None:
            parameters = module.exchange(parameters, event, event.running(start, month), world.floating)
        elif kind.holds:
            running = event.running(start, month)
            if running.any():
                held[kind.holds].append((event.this_month(start, month), running))
                if hasattr(module, "go_on") and event.sides:
                    before, world = world.trust, module.go_on(world, event, start == month, running, parameters)
                    if world.trust is not before:
                        booked[event.key] = world.trust - before
        elif event.type in renewed:
            renewed[event.type].append((event, event.running(start, month)))
        elif (kind.puts or hasattr(module, "act")) and (start == month).any():
            before, mask = world.trust, start == month
            if hasattr(module, "act"):
                world = module.act(world, event, mask, parameters)
            else:
                world = world.replace(**{event.variable: put_where(world, event, mask, put)})
            if world.trust is not before:
                booked[event.key] = world.trust - before
    for array, running_here in held.items():
        world = world.replace(**{array: _level(world, running_here, array)})
    for name, running_here in renewed.items():
        world = modules()[name].renew(world, running_here)
    world, clamped = hold(world, clamps(events), month, VARIABLES)
    for key, change in clamped.items():
        booked[key] = booked.get(key, 0) + change
    return world, parameters, booked


def clamps(events: Sequence[Event]) -> list[Event]:
    """Those that hold a quantity at a value."""
    return [event for event in events if event.type == "clamp"]


def hold(world: World, held: Sequence[Event], month: int, written: Any) -> tuple[World, dict[str, np.ndarray]]:
    """Put clamped quantities (see :func:`clamps`) back to their value where one of ``written`` is held; what it did to
    trust, by event."""
    booked = {}
    for event in held:
        if event.variable not in written or event.idle(month):
            continue
        running = event.running(world.event_start[:, event.position], month)
        if running.any():
            before = world.trust
            world = world.replace(**{event.variable: put_where(world, event, running, put)})
            if event.variable == "trust":
                booked[event.key] = world.trust - before
    return world, booked


def _column(amount: Any, array: np.ndarray, rows: np.ndarray) -> Any:
    """An amount, perhaps one a replicate, shaped to fill ``array[rows][:, where]``."""
    return amount if np.ndim(amount) == 0 else np.asarray(amount)[rows].reshape((-1,) + (1,) * (array.ndim - 1))


def add(old: np.ndarray, amount: Any) -> np.ndarray:
    """For :func:`put_where`."""
    return old + amount


def put(old: np.ndarray, amount: Any) -> np.ndarray:
    """For :func:`put_where`."""
    return old * 0 + amount


def put_where(
    world: World, event: Event, mask: np.ndarray, change: Any, variable: str = "", amount: Any = None
) -> np.ndarray:
    """The variable with ``change(old, amount)`` where the event points, in the replicates of the mask, within bounds."""
    variable = variable or event.variable
    amount = event.amount if amount is None else amount
    old = getattr(world, variable)
    every = bool(mask.all()) and (len(old) > 1 or len(mask) == 1 or np.ndim(amount) == 0)
    new = old.copy() if every else np.repeat(old, len(mask), axis=0) if len(old) < len(mask) else old.copy()
    rows = np.arange(len(new)) if every else np.flatnonzero(mask)
    low, high = (-LIMIT, LIMIT) if variable == "trust" else VARIABLES[variable].bounds
    changed = np.clip(change(new[rows].astype(float), _column(amount, new, rows)), low, high)
    target = np.zeros(new.shape[1:], bool)
    target[event.where] = True
    new[rows] = np.where(target, changed, new[rows]).astype(new.dtype)
    return new


def _level(world: World, running: Sequence[tuple[Event, np.ndarray]], array: str) -> np.ndarray:
    """Levels that hold this month: depths of agreements and sizes of exercises add up, the gravest crisis counts."""
    n = len(world.names.states)
    everywhere = all(mask.all() and np.ndim(event.amount) == 0 for event, mask in running)
    members = [world.membership for event, _ in running if event.organisation is not None]
    rows = 1 if everywhere and all(len(m) == 1 for m in members) else world.replicates
    level = np.zeros((rows, n, n), world.floating)
    for event, mask in running:
        if event.organisation is None:
            where = np.asarray(event.where)[None]
        else:
            inside = world.membership[:, :, event.organisation] == 1
            where = inside[:, :, None] & inside[:, None, :] & ~np.eye(n, dtype=bool)
        amount = np.where(mask, event.amount, 0.0)[: len(level), None, None] * where
        level = np.maximum(level, amount) if types()[event.type].gravest else level + amount
    return np.minimum(level, VARIABLES[array].bounds[1]).astype(world.floating)
