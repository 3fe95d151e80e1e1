"""Events: what a scenario says will happen, on a date, on a condition or by chance.

An event takes effect once per replicate, in the month that ``event_start`` then remembers. Some edit the world and are
done (join, shock, rivalry, set, tie); others hold while they last (agreement, exercise, crisis, intervention, clamp, a
set parameter). Those that impose an outcome the model would otherwise decide are labelled imposed in every output.

Equations: ODD E10 to E15; assumptions: ODD A19 to A21 (docs/odd.md).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim import measures
from sim.draws import Draws
from sim.measures import Frame
from sim.mechanisms.anchor import movable
from sim.mechanisms.trust import LIMIT
from sim.world import COOPERATE, VARIABLES, World


@dataclass(frozen=True)
class EventType:
    """What a type of event does, the fields it takes, and whether it imposes an outcome."""

    meaning: str
    fields: dict[str, str]
    imposed: bool = False


_TARGET = "who: parties | between | from and to | states | actor | organisation"
_PARTIES = "list of states; every dyad among them"
_UNTIL = "first month in which it no longer holds (optional: for good)"

TYPES: dict[str, EventType] = {
    "join": EventType("states become members of an organisation", {"organisation": "its code", "states": "list of states"}),
    "leave": EventType("states leave an organisation", {"organisation": "its code", "states": "list of states"}),
    "agreement": EventType(
        "a dated programme, such as a road map, deepens what its parties share",
        {"parties": _PARTIES, "depth": "0 to 1", "until": _UNTIL},
    ),
    "exercise": EventType(
        "joint exercises raise trust among their participants",
        {
            "organisation": "its members of that month",
            "parties": f"in place of organisation: {_PARTIES}",
            "size": "0 or more; 1 is a large one",
        },
        imposed=True,
    ),
    "crisis": EventType(
        "a militarised crisis happens",
        {
            "parties": _PARTIES,
            "severity": "0 or more; 1 ordinary, 2 grave",
            "months": "how many months it lasts (optional: 1)",
        },
        imposed=True,
    ),
    "shock": EventType(
        "something is added to trust, conflict, affinity, capability or strength",
        {
            "variable": "what",
            "add": "how much",
            "lasting": "of a shock to trust: the share that also moves its anchor, and so stays, 0 to 1 (optional: 0)",
            "target": _TARGET,
        },
    ),
    "rivalry": EventType("a rivalry begins or ends", {"change": "begin or end", "target": _TARGET}),
    "set": EventType(
        "a quantity or a parameter takes a value",
        {
            "variable": "what",
            "parameter": "in place of variable: one of the model, such as trust.gain",
            "value": "number",
            "target": _TARGET,
            "until": _UNTIL,
        },
    ),
    "intervention": EventType(
        "foreign counter-terror effort; the latest one under way counts",
        {"actor": "against whom", "effort": "number, or a coalition {USA: .8, GBR: .1} that adds up", "until": _UNTIL},
    ),
    "tie": EventType("a tie is made or dropped", {"level": "none, consultation or defence", "target": _TARGET}),
    "clamp": EventType(
        "a quantity is held at a value",
        {"variable": "what", "value": "at what", "target": _TARGET, "until": _UNTIL},
        imposed=True,
    ),
}


MOMENTARY = ("join", "leave", "shock", "rivalry", "tie")
"""Types that change the world once and are done."""


@dataclass(frozen=True)
class Condition:
    """A measure of a subject below or above a value for some months in a row."""

    measure: str
    subject: str
    below: float | None
    above: float | None
    months: int

    def met(self, world: World, frame: Frame) -> np.ndarray:
        """Where it holds at this step bound, shape (R,)."""
        value = measures.value(world, frame, self.measure, self.subject)
        return value < self.below if self.below is not None else value > self.above


@dataclass(frozen=True)
class Event:
    """An event of a scenario, its names turned into positions.

    ``where`` indexes the axes after the replicate of ``variable`` (a mask of dyads, a list of states, a position);
    ``amount`` and ``lasting`` are numbers or values per replicate, shape (R,).
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
    lasting: Any = 0.0
    organisation: int | None = None
    parameter: tuple[str, str] | None = None

    @property
    def imposed(self) -> bool:
        """Whether it imposes an outcome."""
        return TYPES[self.type].imposed

    def idle(self, month: int) -> bool:
        """Whether a dated event can be passed over this month: not yet begun, or over."""
        if self.on is None:
            return False
        return (
            month < self.on
            or (self.until is not None and month >= self.until)
            or (month > self.on and (self.type in MOMENTARY or (self.months is not None and month >= self.on + self.months)))
        )

    def running(self, start: np.ndarray, month: int) -> np.ndarray:
        """Where it has taken effect and still holds, shape (R,); ``start`` is its column of ``event_start``."""
        running = start >= 0
        if self.until is not None and month >= self.until:
            return np.zeros_like(running)
        if self.months is not None:
            running &= month < start + self.months
        return running


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
            met = event.when.met(world, frame)
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
    holding: dict[str, list[tuple[Event, np.ndarray]]] = {t: [] for t in ("agreement", "exercise", "crisis")}
    interventions: list[tuple[Event, np.ndarray]] = []
    for event in events:
        if event.idle(month):
            continue
        start = world.event_start[:, event.position]
        if event.type in holding:
            running = event.running(start, month)
            if running.any():
                holding[event.type].append((event, running))
        elif event.type == "intervention":
            interventions.append((event, event.running(start, month)))
        elif event.parameter is not None:
            parameters = _with_parameter(parameters, event, event.running(start, month), world.floating)
        elif event.type != "clamp" and (start == month).any():
            before = world.trust
            world = _edit(world, event, start == month, parameters)
            if world.trust is not before:
                booked[event.key] = world.trust - before
    for kind, variable in (("agreement", "agreement"), ("exercise", "exercise"), ("crisis", "imposed_crisis")):
        if any(event.type == kind for event in events):
            world = world.replace(**{variable: _level(world, holding[kind], variable)})
    if any(event.type == "intervention" or event.variable == "effort_start" for event in events):
        world = world.replace(effort=_effort(world, interventions))
    world, clamped = hold(world, clamps(events), month, VARIABLES)
    for key, change in clamped.items():
        booked[key] = booked.get(key, 0) + change
    return world, parameters, booked


def clamps(events: Sequence[Event]) -> list[Event]:
    """Those that hold a quantity at a value."""
    return [event for event in events if event.type == "clamp" and event.variable]


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
            world = world.replace(**{event.variable: _put(world, event, running, lambda old, new: new)})
            if event.variable == "trust":
                booked[event.key] = world.trust - before
    return world, booked


def _column(amount: Any, array: np.ndarray, rows: np.ndarray) -> Any:
    """An amount, perhaps one a replicate, shaped to fill ``array[rows][:, where]``."""
    return amount if np.ndim(amount) == 0 else np.asarray(amount)[rows].reshape((-1,) + (1,) * (array.ndim - 1))


def _put(world: World, event: Event, mask: np.ndarray, change: Any, variable: str = "", amount: Any = None) -> np.ndarray:
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


def _edit(world: World, event: Event, mask: np.ndarray, parameters: Mapping[str, Any]) -> World:
    """An event that changes the world once."""

    def add(old: np.ndarray, amount: Any) -> np.ndarray:
        return old + amount

    def put(old: np.ndarray, amount: Any) -> np.ndarray:
        return old * 0 + amount

    def moved(variable: str, amount: Any) -> np.ndarray:
        return _put(world, event, mask, add, variable, amount)

    if event.type == "rivalry":
        begins = 1 if event.amount else -1
        conflict = _scalar(parameters["decision"].conflict_rivalry) * begins
        anchor = -_scalar(parameters["anchor"].rivalry) * begins
        return world.replace(
            rivalry=_put(world, event, mask, put, "rivalry", float(event.amount)),
            conflict=moved("conflict", conflict),
            anchor_base=moved("anchor_base", anchor),
            anchor=moved("anchor", anchor),
        )
    if event.type == "shock":
        new = {event.variable: _put(world, event, mask, add)}
        if event.variable == "trust" and np.any(event.lasting):
            for name in ("anchor_base", "anchor"):
                new[name] = moved(name, np.asarray(event.amount) * event.lasting)
        return world.replace(**new)
    if event.variable == "anchor":
        base = (np.reshape(event.amount, (-1, 1, 1)) - movable(world, parameters["anchor"])).astype(world.floating)
        rows = mask[:, None, None] & np.asarray(event.where)
        return world.replace(anchor=_put(world, event, mask, put), anchor_base=np.where(rows, base, world.anchor_base))
    return world.replace(**{event.variable: _put(world, event, mask, put)})  # join, leave, set, tie


def _scalar(value: Any) -> Any:
    """A parameter as a number or as values per replicate, shape (R,)."""
    return value if np.ndim(value) == 0 else np.ravel(value)


def _level(world: World, running: Sequence[tuple[Event, np.ndarray]], variable: str) -> np.ndarray:
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
        level = np.maximum(level, amount) if variable == "imposed_crisis" else level + amount
    return np.minimum(level, VARIABLES[variable].bounds[1]).astype(world.floating)


def _effort(world: World, interventions: Sequence[tuple[Event, np.ndarray]]) -> np.ndarray:
    """Foreign effort against each actor, shape (R, a): the latest intervention under way, else the start's."""
    effort = np.repeat(world.effort_start, world.replicates // len(world.effort_start), axis=0)
    latest = np.full(effort.shape, -1)
    for event, running in interventions:
        start = world.event_start[:, event.position]
        rows = running & (start >= latest[:, event.where])
        effort[rows, event.where] = np.broadcast_to(event.amount, rows.shape)[rows]
        latest[rows, event.where] = start[rows]
    return effort


def _with_parameter(
    parameters: Mapping[str, Any], event: Event, running: np.ndarray, floating: np.dtype
) -> Mapping[str, Any]:
    """The parameters with one exchanged where the event holds."""
    if not running.any():
        return parameters
    mechanism, name = event.parameter
    old = getattr(parameters[mechanism], name)
    if running.all() and np.ndim(event.amount) == 0:
        new = event.amount
    else:
        field = next(f for f in dataclasses.fields(parameters[mechanism]) if f.name == name)
        shape = (-1,) + (1,) * field.metadata["axes"]
        new = np.where(running.reshape(shape), np.reshape(event.amount, shape), old).astype(floating)
    return {**parameters, mechanism: dataclasses.replace(parameters[mechanism], **{name: new})}


ACTIONS = {"cooperate": COOPERATE, "neutral": 0, "confront": -COOPERATE}
"""The words by which a clamp names an action."""
