"""A sweep that a command line asks for, composed and checked as far as can be without making its points."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.hydra.options import SweepConfig

if TYPE_CHECKING:
    from sim.sweep.plan import Point


@dataclass(frozen=True)
class SweepRequest:
    """A sweep, ready to be planned.

    ``name`` is that of a named sweep, if it is one; ``axes`` as plain data; ``size`` how many points there are;
    ``seed`` is of the sample;
    ``points`` makes them, one by one, and raises for one that cannot be run; ``options`` are those of the first run.
    """

    name: str | None
    design: str
    samples: int | None
    seed: int
    axes: tuple[dict[str, Any], ...]
    size: int
    points: Callable[[], Iterator[Point]]
    options: dict[str, Any]
    sweep: SweepConfig

    @property
    def results(self) -> Path:
        """The folder of all results."""
        return self.options["results"]
