"""The rules of change: one file a mechanism, found by its name.

A mechanism is a module with ``READS``, ``WRITES``, ``Parameters`` and ``update(world, p, draws) -> {array: new}``. It is a
pure function: it looks at the world and returns what it changes. Add a file here and one word to a scenario's
``schedule:``; nothing else needs to know. From outside the package, :func:`register` a module of your own.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from types import ModuleType

from sim.parameters import ParameterInfo, describe

_registered: dict[str, ModuleType] = {}


def names() -> list[str]:
    """The names of all mechanisms, in alphabetical order."""
    return sorted({*_own(), *_registered})


@cache
def _own() -> tuple[str, ...]:
    """The files of this folder, looked up once."""
    return tuple(module.name for module in pkgutil.iter_modules(__path__))


def get(name: str) -> ModuleType:
    """A mechanism by its name.

    Raises:
        KeyError: there is none of this name; the message lists those there are.
    """
    if name in _registered:
        return _registered[name]
    if name not in names():
        raise KeyError(f"no mechanism {name!r}; there are {', '.join(names())}")
    return importlib.import_module(f"{__name__}.{name}")


def register(name: str, module: ModuleType) -> None:
    """Make a mechanism of your own known under ``name``, for use in a schedule. For trusted Python code only.

    Raises:
        TypeError: something of a mechanism is missing; the message names it.
    """
    missing = [part for part in ("READS", "WRITES", "Parameters", "update") if not hasattr(module, part)]
    if missing:
        raise TypeError(f"mechanism {name!r} lacks {', '.join(missing)}; see CONTRIBUTING.md")
    _registered[name] = module


def all_parameters() -> dict[str, list[ParameterInfo]]:
    """Every parameter of every mechanism."""
    return {name: describe(get(name).Parameters) for name in names()}
