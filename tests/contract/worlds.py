"""Worlds for contract tests: one stepped forward from a real scenario, and random ones of any size within every bound."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from sim import engine, mechanisms
from sim.draws import Draws, codes_of
from sim.measures import Frame
from sim.mechanisms.trust import ACCOUNTS, LIMIT
from sim.parameters import describe
from sim.scenario import read
from sim.start.world import begin
from sim.world import VARIABLES, Names, World

MONTH = 12 * 2018 + 8
SHARED = ("land", "proximity", "capability", "affinity_start", "core", "depth", "reach", "bias", "expected_terms")
"""What the starting world usually has once for all replicates."""
TOP = {
    "strength": 6000.0,
    "effort": 2.0,
    "effort_start": 2.0,
    "bias": 3.0,
    "institutions": 2.0,
    "imposed_crisis": 2.0,
    "exercise": 2.0,
    "trust_terms": 0.02,
    "expected_terms": 0.02,
    "affinity": 2.0,
    "affinity_start": 2.0,
}
"""Ordinary largest values where the table has no bound."""


@dataclass(frozen=True)
class Case:
    """A world, the draws of its next month, and the frame that measures are read in."""

    world: World
    draws: Draws
    frame: Frame

    def alone(self, r: int) -> Case:
        """Replicate r by itself."""
        draws = _draws(self.world, [r]).at(self.draws.month)
        return Case(self.world.select(slice(r, r + 1)), draws, self.frame)

    def with_arrays(self, **new: np.ndarray) -> Case:
        """The same with some arrays exchanged."""
        return Case(self.world.replace(**new), self.draws, self.frame)

    def permuted(self, order: np.ndarray) -> Case:
        """The states in another order of positions, each with its code and all that is its own."""
        names = self.world.names
        new = Names(tuple(names.states[k] for k in order), names.actors, names.organisations, names.accounts, names.events)
        arrays = {name: permute(name, array, order) for name, array in self.world.arrays.items()}
        world = World(new, arrays)
        frame = Frame(new, self.frame.cores, self.frame.sets, self.frame.watch)
        return Case(world, _draws(world, self.draws.replicates).at(self.draws.month), frame)

    def frozen(self) -> Case:
        """Copies of all arrays that refuse to be written to."""
        arrays = {name: array.copy() for name, array in self.world.arrays.items()}
        for array in arrays.values():
            array.flags.writeable = False
        return Case(World(self.world.names, arrays), self.draws, self.frame)


def permute(variable: str, array: np.ndarray, order: np.ndarray) -> np.ndarray:
    """A variable's array with its state axes in another order."""
    for axis, dim in enumerate(VARIABLES[variable].dims, start=1):
        if dim in ("state", "other"):
            array = array.take(order, axis)
    return np.ascontiguousarray(array)


def _draws(world: World, replicates: Iterable[int]) -> Draws:
    codes = {"state": codes_of(world.names.states), "actor": codes_of(world.names.actors)}
    return Draws(5, np.fromiter(replicates, np.uint64), codes, month=MONTH)


@cache
def stepped() -> Case:
    """``sco_expansion`` after September 2018: members joined, exercises just held, one shared history of events."""
    scenario = read("sco_expansion")
    world, rules, _ = begin(scenario, range(6), seed=5)
    for month in range(scenario.start, MONTH + 1):
        world, _ = engine.step(world, rules, month)
    return Case(world, rules.draws.at(MONTH + 1), rules.frame)


@cache
def random(seed: int = 0, replicates: int = 4, states: int = 9, actors: int = 2, organisations: int = 3) -> Case:
    """A world whose every array is random within its bounds, extremes among them; odd seeds share some arrays."""
    rng = np.random.default_rng(seed)
    names = Names(
        tuple(f"S{k:02d}" for k in range(states)),
        tuple(f"A{k}" for k in range(actors)),
        tuple(f"O{k}" for k in range(organisations)),
        ACCOUNTS,
        (),
    )
    arrays = {}
    for name, variable in VARIABLES.items():
        rows = 1 if seed % 2 and name in SHARED else replicates
        shape = (rows, *(len(names.axis(dim)) for dim in variable.dims))
        arrays[name] = _random(rng, name, shape)
    world = World(names, arrays)
    codes = names.states
    half = codes[: max(states // 2, 1)]
    cores = {"east": codes[:1], "west": codes[1:3]} if states > 2 else {"east": codes[:1]}
    core = np.zeros_like(arrays["core"])
    core[:, :1], core[:, 1:3] = 1, 2
    watch = ((codes[-1], codes[0]),) if states > 1 else ()
    frame = Frame(names, cores, {"half": half, "alone": codes[:1]}, watch)
    return Case(world.replace(core=core), _draws(world, range(replicates)), frame)


def _random(rng: np.random.Generator, name: str, shape: tuple[int, ...]) -> np.ndarray:
    variable = VARIABLES[name]
    low, high = variable.bounds
    top = TOP.get(name, LIMIT if name == "trust" else high)
    low = max(low, -top)
    if name == "capability":  # positive, a few giants among dwarfs
        array = rng.lognormal(-5, 2, shape)
        array /= array.sum(-1, keepdims=True)
    elif variable.dtype == "float":
        array = rng.uniform(low, top, shape)
        extreme = rng.random(shape)
        array = np.where(extreme < 0.05, low, np.where(extreme > 0.95, top, array))
        if name in ("imposed_crisis", "exercise"):
            array *= rng.random(shape) < 0.1
    else:
        array = rng.integers(int(low), int(min(high, 2**60 - 1)), shape, endpoint=True)
        if name in ("rivalry", "crisis"):
            array = array * (rng.random(shape) < 0.3)
    if variable.dims[-2:] == ("state", "other"):
        if variable.symmetric or name in ("tie", "cooperation_months", "crisis_reference"):
            array = np.maximum(array, array.swapaxes(-1, -2))
        array = array * ~np.eye(shape[-1], dtype=bool)
    return np.ascontiguousarray(array.astype(variable.dtype))


@cache
def cases() -> tuple[Case, ...]:
    """The worlds that most properties are checked on."""
    return (stepped(), *(random(seed) for seed in range(3)))


def sizes() -> dict[str, Case]:
    """Worlds of unusual size."""
    return {
        "one state": random(1, 3, 1, 1, 1),
        "two states": random(2, 3, 2, 1, 1),
        "sixty states": random(3, 3, 60, 2, 5),
        "no actors": random(4, 3, 7, 0, 2),
        "no organisations": random(5, 3, 7, 1, 0),
        "one replicate": random(6, 1, 7, 1, 2),
    }


EXACT = {"trust": {"balance_step": ("exact",), "limit": (1e12,)}}
"""Settings that leave the table's bounds on purpose: they are for comparison with closed forms."""


OFF_BY_DEFAULT = {"decision": {"exposure": 0.2, "commitment": 0.3}}
"""Numbers that are 0 by default, at which they read less of the world."""


def strong(mechanism: str) -> Any:
    """Every number ten times its default, within its bounds: rare things happen, small terms count."""
    kind = mechanisms.get(mechanism).Parameters
    return kind(**{info.name: float(np.clip(10 * info.default, *info.bounds)) for info in numbers(mechanism)})


def settings(mechanism: str) -> list[Any]:
    """The mechanism's parameters at their defaults, once more for every other choice and truth value, and once with what
    is off by default."""
    kind = mechanisms.get(mechanism).Parameters
    found = [kind()]
    if off := OFF_BY_DEFAULT.get(mechanism):
        found.append(kind(**off))
    for info in describe(kind):
        exact = EXACT.get(mechanism, {}).get(info.name, ())
        others = [c for c in info.choices or () if c != info.default and c not in exact]
        if isinstance(info.default, bool):
            others = [not info.default]
        found += [kind(**{info.name: other}) for other in others]
    return found


def numbers(mechanism: str) -> list[Any]:
    """The parameters that are numbers (not choices, not truth values)."""
    infos = describe(mechanisms.get(mechanism).Parameters)
    return [info for info in infos if info.choices is None and not isinstance(info.default, bool)]


def uncertain(mechanism: str, replicates: int) -> tuple[Any, list[Any]]:
    """Every number of a mechanism different in each replicate, in the shape a scenario's compilation gives, and the
    same as a list of plain parameters, one a replicate."""
    rng = np.random.default_rng(len(mechanism))
    kind = mechanisms.get(mechanism).Parameters
    together, single = {}, [{} for _ in range(replicates)]
    for info in numbers(mechanism):
        low, high = info.bounds
        if info.name in EXACT.get(mechanism, {}):
            high = info.default
        spread = abs(info.default) or 0.1 * (high - low)
        values = np.clip(info.default + spread * rng.uniform(-0.5, 0.5, replicates), low, high)
        together[info.name] = values.reshape((-1,) + (1,) * info.axes)
        for r, value in enumerate(values):
            single[r][info.name] = float(value)
    return kind(**together), [kind(**values) for values in single]
