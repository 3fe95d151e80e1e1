"""The options of a run that its numbers depend on, and how it is carried out: the one place of their defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

DTYPES = ("float64",)
NO_FLOAT32 = "float32 was for speed, which the kernel has with float64"
REPLICATES = 200
SAVES = ("measures", "dyads", "all")
KERNEL, NUMPY = "kernel", "numpy"
ENGINES = ("auto", KERNEL, NUMPY)
NOT_BY_THE_KERNEL = "Carried out by numpy and not by the kernel: {}."


@dataclass(frozen=True, kw_only=True)
class RunOptions:
    """How a scenario is simulated."""

    seed: int = 1
    """Which luck."""
    replicates: int | str = REPLICATES
    """Draws of the noise; `auto` for as many as ``precision`` asks for."""
    dtype: str = DTYPES[0]
    save: str = SAVES[0]
    """What is kept: measures; dyads, their trajectories too; all, the ledger by replicate too."""
    precision: float | None = None
    """With `auto`: half-width of the 95 % interval of the mean of ``measure`` at the end."""
    measure: str | None = None
    """Such as `cooperation:SCO`."""
    workers: int | None = None
    """Processes; None for all cores."""
    engine: str = "auto"
    """What carries it out: the kernel (compiled), numpy, or auto: the kernel where it can."""
    force: bool = False
    """Run again although a finished run exists."""
    behaviours: Mapping[str, Any] = field(default_factory=dict)
    """Classes of the user's own, by state."""


DEFAULTS = RunOptions()


def check_dtype(dtype: Any) -> None:
    """See that a type of real numbers is one that there is.

    Raises:
        ValueError: it is not; the message says which is.
    """
    if str(dtype) not in DTYPES:
        raise ValueError(f"dtype {dtype!r} is not allowed; it is {' or '.join(DTYPES)} ({NO_FLOAT32})")


def basics(options: Mapping[str, Any]) -> dict[str, Any]:
    """Seed, replicates, float type and what is saved: as given, else by default."""
    names = ("seed", "replicates", "dtype", "save")
    return {name: options[name] if options.get(name) is not None else getattr(DEFAULTS, name) for name in names}
