"""``parameter()``: a number of a mechanism that says what it is.

Each mechanism lists its numbers in a dataclass; every field carries default, unit, bounds, meaning, source and basis.
The documentation, the command line's checks and the validity line of a summary are all made from these fields.

Basis: **P** published, **E** estimated from data, **X** derived in closed form, **A** assumed: sweep it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

BASES = {"P": "published", "E": "estimated from data", "X": "derived", "A": "assumed"}


@dataclass(frozen=True)
class ParameterInfo:
    """What is known of one parameter: what a reader of docs/parameters.md sees."""

    name: str
    default: Any
    unit: str
    bounds: tuple[float, float] | None
    choices: tuple[str, ...] | None
    meaning: str
    source: str
    basis: str
    axes: int = 2

    def problem(self, value: Any) -> str | None:
        """Why ``value`` is not allowed, as a sentence that names what is; None when it is allowed."""
        if self.choices is not None:
            if isinstance(value, str) and value in self.choices:
                return None
            return f"{value!r} is not one of {', '.join(self.choices)}"
        if isinstance(self.default, bool) or self.bounds is None:
            return None if isinstance(value, bool) else f"{value!r} is neither true nor false"
        low, high = self.bounds
        allowed = f"it takes a number from {low:g} to {high:g} ({self.unit}; default {self.default:g})"
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return f"{value!r} is not a number; {allowed}"
        if not low <= value <= high:
            return f"{value:g} is outside its bounds; {allowed}"
        return None


def parameter(
    default: Any,
    *,
    unit: str = "1",
    bounds: tuple[float, float] | None = None,
    choices: Sequence[str] | None = None,
    meaning: str,
    source: str = "",
    basis: str = "A",
    axes: int = 2,
) -> Any:
    """A dataclass field that documents itself.

    Args:
        default: a number, or one of ``choices``, or a truth value.
        unit: unit of the number; ``1`` for a pure number, ``1/month`` for a rate.
        bounds: smallest and largest value allowed, both included; required for numbers.
        choices: the words allowed, for a parameter that picks a mode.
        meaning: one line that says what the number does.
        source: where number or form come from.
        basis: one of ``P``, ``E``, ``X``, ``A``.
        axes: how many axes follow the replicate's in the arrays that the number meets; a value per replicate arrives
            shaped to broadcast against them, (R, 1, 1) for the two of a dyad.
    """
    if basis not in BASES:
        raise ValueError(f"basis {basis!r}: one of {', '.join(BASES)}")
    if choices is None and not isinstance(default, bool) and bounds is None:
        raise ValueError("a number needs bounds")
    about = {
        "unit": unit,
        "bounds": bounds,
        "choices": tuple(choices) if choices else None,
        "meaning": meaning,
        "source": source,
        "basis": basis,
        "axes": axes,
    }
    return dataclasses.field(default=default, metadata=about)


def describe(parameters: type) -> list[ParameterInfo]:
    """The parameters of a mechanism's ``Parameters`` class, in the order they are written."""
    return [ParameterInfo(f.name, f.default, **f.metadata) for f in dataclasses.fields(parameters)]


def at_rows(value: Any, rows: np.ndarray) -> Any:
    """The values of some replicates of a parameter that may be one number for all."""
    return value if np.ndim(value) == 0 or len(value) == 1 else value[rows]
