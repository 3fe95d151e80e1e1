"""Engines: where the jobs of a sweep are carried out. One module each, found by its name; see `sim.sweep`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec

from sim.sweep import SweepError
from sim.sweep.job import Finished

Engine = Callable[..., Iterator[Finished]]

EXTRAS = ("ray",)
"""Engines that need a library of the same name, an optional extra of the package."""


def engine(name: str) -> Engine:
    """The engine of this name: `carry_out(plan, workers=, force=)`.

    Raises:
        SweepError: it needs a library that is not installed.
    """
    if name in EXTRAS and find_spec(name) is None:
        raise SweepError(
            f"pool={name} needs a library that is not installed: pip install 'entente-sim[{name}]'; "
            "or leave pool=local, which uses this machine"
        )
    return import_module(f"sim.sweep.engines.{name}").carry_out
