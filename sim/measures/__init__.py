"""Measures: numbers read off a world. One file a family, found by its name.

A measure's module has ``READS``, ``MEASURES`` (name: :class:`Measure`) and ``read(world, frame) -> {name: (R, subjects)}``;
:func:`subjects` names the columns. Add a file here and its measures appear in every output.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from functools import cache, cached_property
from types import ModuleType

import numpy as np

from sim.wording import Sides
from sim.world import Names, World


@dataclass(frozen=True)
class Frame:
    """What measures are asked about: the world's names, the scenario's cores, named sets and watched dyads."""

    names: Names
    cores: dict[str, tuple[str, ...]]
    sets: dict[str, tuple[str, ...]]
    watch: tuple[tuple[str, str], ...]
    _last: dict[str, np.ndarray] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def set_masks(self) -> np.ndarray:
        """Members of the named sets, shape (1, n, sets)."""
        masks = np.zeros((1, len(self.names.states), len(self.sets)), np.int8)
        for k, members in enumerate(self.sets.values()):
            masks[0, [self.names.state(code) for code in members], k] = 1
        return masks

    @cached_property
    def dyads(self) -> tuple[np.ndarray, np.ndarray]:
        """Positions (i, j) of the watched dyads, alphabetically first state first."""
        pairs = [sorted(pair) for pair in self.watch]
        i, j = (np.array([self.names.state(pair[k]) for pair in pairs], np.intp) for k in (0, 1))
        return i, j

    def groups(self, world: World) -> np.ndarray:
        """Members of organisations and named sets, shape (R or 1, n, organisations + sets), of the world's real numbers."""
        members = world.membership
        if self._last.get("membership") is not members:  # it changes when an event changes it
            sets = np.repeat(self.set_masks, len(members), axis=0)
            self._last.update(membership=members, groups=np.concatenate([members, sets], axis=-1).astype(world.floating))
        return self._last["groups"]


_SUBJECTS: dict[str, Callable[[Frame], list[str]]] = {
    "world": lambda f: ["world"],
    "groups": lambda f: [*f.names.organisations, *f.sets],
    "states": lambda f: list(f.names.states),
    "dyads": lambda f: ["-".join(sorted(pair)) for pair in f.watch],
    "directed dyads": lambda f: [x for a, b in f.watch for x in (f"{min(a, b)}>{max(a, b)}", f"{max(a, b)}>{min(a, b)}")],
    "actors": lambda f: list(f.names.actors),
    "states and actors": lambda f: [f"{s}<{a}" for s in f.names.states for a in f.names.actors],
    "sides": lambda f: ["none", Sides.of(f.cores).east, Sides.of(f.cores).west],
}


@dataclass(frozen=True)
class Measure:
    """What a measure is: unit, meaning, what it is taken of, and how often (in months) it is recorded."""

    unit: str
    meaning: str
    subjects: tuple[str, ...]
    every: int = 1


@dataclass(frozen=True)
class MeasureInfo:
    """A measure with its name, for lists."""

    name: str
    unit: str
    meaning: str
    subjects: str
    every: int


def modules() -> list[ModuleType]:
    """The families of measures, in alphabetical order."""
    return list(_modules())


@cache
def _modules() -> tuple[ModuleType, ...]:
    """The files of this folder, looked up once."""
    files = sorted(pkgutil.iter_modules(__path__), key=str)
    return tuple(importlib.import_module(f"{__name__}.{file.name}") for file in files)


def all_measures() -> dict[str, tuple[Measure, ModuleType]]:
    """Every measure by name, with the module that reads it."""
    return {name: (measure, module) for module in modules() for name, measure in module.MEASURES.items()}


def names() -> list[str]:
    """The names of all measures."""
    return list(all_measures())


def describe() -> list[MeasureInfo]:
    """All measures, for ``list measures``."""
    return [MeasureInfo(n, m.unit, m.meaning, ", ".join(m.subjects), m.every) for n, (m, _) in all_measures().items()]


def subjects(measure: str, frame: Frame) -> list[str]:
    """What a measure is taken of in this world: the labels of its columns."""
    return [label for kind in all_measures()[measure][0].subjects for label in _SUBJECTS[kind](frame)]


def dyad_of(measure: str, subject: str, states: Container[str]) -> tuple[str, str] | None:
    """The dyad that a subject of a measure is, watched or not: `trust` of RUS>CHN, `cooperation` of CHN-RUS; else None."""
    kinds = all_measures()[measure][0].subjects
    for kind, sign in (("directed dyads", ">"), ("dyads", "-")):
        one, found, other = subject.partition(sign)
        if kind in kinds and found and one != other and one in states and other in states:
            return (one, other) if sign == ">" or one < other else None
    return None


def value(world: World, frame: Frame, measure: str, subject: str) -> np.ndarray:
    """One measure of one subject, shape (R,).

    Raises:
        KeyError: no such measure or subject; the message lists what there is.
    """
    if measure not in all_measures():
        raise KeyError(f"no measure {measure!r}; there are {', '.join(names())}")
    labels = subjects(measure, frame)
    if subject not in labels:
        raise KeyError(f"{measure} is not taken of {subject!r}; it is of {', '.join(labels)}")
    return all_measures()[measure][1].read(world, frame)[measure][:, labels.index(subject)]
