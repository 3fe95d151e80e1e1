"""Engines: where the jobs of a sweep are carried out. One module each, found by its name; see `sim.sweep`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module

from sim.sweep.job import Finished

Engine = Callable[..., Iterator[Finished]]


def engine(name: str) -> Engine:
    """The engine of this name: `carry_out(plan, workers=, force=)`."""
    return import_module(f"sim.sweep.engines.{name}").carry_out
