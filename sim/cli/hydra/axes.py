"""What the command line of a sweep says: its overrides, those of them that are axes, and how they combine."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from hydra.core.override_parser.types import IntervalSweep, Override, RangeSweep, Transformer

from sim.scenario.problems import quote
from sim.sweep import SweepError
from sim.sweep.design import MOST, UNMOVED, Axis, Range, points


@dataclass(frozen=True)
class SweepAxes:
    """What a sweep's command line says: overrides by key, in their order; those that are axes, and how they combine."""

    overrides: dict[str, Override]
    axes: tuple[Axis, ...]
    design: str = "grid"
    samples: int | None = None
    seed: int = 1
    parsed: dict[str, Override] = field(default_factory=dict, repr=False)

    def points(self) -> Iterator[tuple[Any, ...]]:
        """The points of the design, a value an axis."""
        return points(self.design, self.axes, self.samples, self.seed)

    def words(self, point: Sequence[Any]) -> list[str]:
        """The command line of one point: what is the same in all, and the value of each axis that is moved."""
        moved = {axis.key: value for axis, value in zip(self.axes, point)}
        given = {
            key: None if moved.get(key) is UNMOVED else f"{key}={_text(moved[key])}" if key in moved else override.input_line
            for key, override in self.overrides.items()
        }
        more = [f"{key}={_text(value)}" for key, value in moved.items() if key not in given and value is not UNMOVED]
        return [word for word in (*given.values(), *more) if word is not None]


def axis_of(key: str, override: Override) -> Axis:
    """The axis that an override with several values, or with an interval, makes."""
    value = override.value()
    if isinstance(value, IntervalSweep):
        try:
            return Axis(key, range=Range(float(value.start), float(value.end), log="log" in value.tags))
        except SweepError as error:
            raise SweepError(f"{quote(override.input_line)}: {error}") from None
    if isinstance(value, RangeSweep):
        _check_range(key, value)
    return Axis(key, values=tuple(override.sweep_iterator(transformer=Transformer.str)))


def _check_range(key: str, value: RangeSweep) -> None:
    """Before its numbers are written out: that it ends, and soon."""
    start, stop, step = (float(x if x is not None else math.nan) for x in (value.start, value.stop, value.step))
    said = f"{key}=range({start:g},{stop:g},{step:g})"
    if not (math.isfinite(start) and math.isfinite(stop) and math.isfinite(step) and step):
        raise SweepError(f"{said} has no end; write a start, an end and a step, such as range(1,11,2)")
    if (stop - start) / step > MOST:
        raise SweepError(f"{said} has more than {MOST:,} values")


def _text(value: Any) -> str:
    """A value of an axis in Hydra's grammar: listed ones are text already."""
    return value if isinstance(value, str) else repr(value)
