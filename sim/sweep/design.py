"""Designs: which combinations of values a sweep runs.

An axis either lists its values or has a range to draw from. Listed axes are crossed (`grid`) or taken in step (`zip`);
ranges are sampled by one of the designs below, the same sample for each combination of the listed axes, so that two
scenarios are compared at the same points. `one` moves one axis at a time from the run as it stands.

Samples come from SALib (Sobol, Morris) and scipy (Latin hypercube), never from a sampler of our own.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.scenario.distributions import Distribution
from sim.sweep import SweepError

LISTED = {
    "grid": "every combination of the values",
    "zip": "the first value of each axis, then the second of each, and so on",
    "one": "each axis by itself, the others as they stand; of a range both ends",
}
SAMPLED = {
    "lhs": "Latin hypercube: each axis is covered evenly",
    "random": "independent draws",
    "sobol": "Saltelli's scheme for Sobol indices; samples x (axes + 2) runs",
    "morris": "Morris' elementary effects; samples trajectories of axes + 1 runs",
}
DESIGNS = LISTED | SAMPLED
SAMPLES = {"lhs": 64, "random": 64, "sobol": 64, "morris": 10}
MOST = 1_000_000
LEVELS = 4
"""Of a Morris trajectory."""
TAILS = (0.05, 0.95)
"""What `one` takes as the ends of a distribution."""


class Unmoved:
    """In a point of `one`: this axis stays as the run has it."""

    def __repr__(self) -> str:
        """As it is shown."""
        return "as it stands"


UNMOVED = Unmoved()


@dataclass(frozen=True)
class Range:
    """Numbers to draw from: between two ends, evenly or (``log``) evenly in their logarithm."""

    low: float
    high: float
    log: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no range, in a sentence."""
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise SweepError(f"interval({self.low:g},{self.high:g}) is no range; write the smaller number first")
        if self.log and self.low <= 0:
            raise SweepError(f"interval({self.low:g},{self.high:g}) with the tag log has to lie above 0")

    def quantile(self, u: np.ndarray) -> np.ndarray:
        """The value below which a share ``u`` of the range lies."""
        if self.log:
            return self.low * (self.high / self.low) ** u
        return self.low + (self.high - self.low) * u

    def ends(self) -> tuple[float, float]:
        """Both ends."""
        return self.low, self.high

    def plain(self) -> dict[str, Any]:
        """As it stands in a plan."""
        return {"log" if self.log else "interval": [self.low, self.high]}


@dataclass(frozen=True)
class Axis:
    """What a sweep varies: a key of the command line, and its values or the range they are drawn from."""

    key: str
    values: tuple[Any, ...] = ()
    range: Range | Distribution | None = None

    def ends(self) -> tuple[Any, ...]:
        """What `one` tries: the values listed, or both ends of the range."""
        if isinstance(self.range, Range):
            return self.range.ends()
        if self.range is not None:
            return tuple(float(x) for x in self.range.quantile(np.array(TAILS)))
        return self.values

    def plain(self) -> dict[str, Any]:
        """As it stands in a plan."""
        return {"key": self.key, **({"values": list(self.values)} if self.range is None else self.range.plain())}


def size(design: str, axes: Sequence[Axis], samples: int | None) -> int:
    """How many points a design has.

    Raises:
        SweepError: the design does not suit the axes; the message says which does.
    """
    listed = [axis for axis in axes if axis.range is None]
    ranged = [axis for axis in axes if axis.range is not None]
    _check(design, axes, listed, ranged, samples)
    if design == "one":
        return 1 + sum(len(axis.ends()) for axis in axes)
    if design == "zip":
        return len(listed[0].values) if listed else 1
    n = samples or SAMPLES.get(design, 1)
    rows = {"sobol": n * (len(ranged) + 2), "morris": n * (len(ranged) + 1), "grid": 1}.get(design, n)
    total = rows * math.prod(len(axis.values) for axis in listed)
    if total > MOST:
        raise SweepError(f"this sweep has {total:,} runs; at most {MOST:,} are allowed")
    return total


def points(design: str, axes: Sequence[Axis], samples: int | None = None, seed: int = 1) -> Iterator[tuple[Any, ...]]:
    """The points of a design: one value an axis, in the order of the axes; `UNMOVED` where the run's own stays.

    Args:
        design: a key of `DESIGNS`.
        axes: what is varied.
        samples: how many, for a sampled design; see `SAMPLED`.
        seed: of the sample.

    Raises:
        SweepError: as :func:`size`.
    """
    size(design, axes, samples)
    if design == "one":
        yield tuple(UNMOVED for _ in axes)
        for k, axis in enumerate(axes):
            for value in axis.ends():
                yield tuple(value if k == other else UNMOVED for other in range(len(axes)))
    elif design == "zip":
        yield from zip(*(axis.values for axis in axes)) if axes else [()]
    else:
        listed = [axis for axis in axes if axis.range is None]
        ranged = [axis for axis in axes if axis.range is not None]
        drawn = _drawn(design, [axis.range for axis in axes if axis.range is not None], samples, seed)
        for combination in itertools.product(*(axis.values for axis in listed)):
            for row in drawn:
                chosen = dict(zip([axis.key for axis in (*listed, *ranged)], (*combination, *row)))
                yield tuple(chosen[axis.key] for axis in axes)


def _drawn(design: str, ranges: Sequence[Range | Distribution], samples: int | None, seed: int) -> list[tuple[float, ...]]:
    """The sample of the ranges, a row a point; one empty row where there are none."""
    if not ranges:
        return [()]
    unit = unit_sample(design, len(ranges), samples or SAMPLES[design], seed)
    columns = [kind.quantile(_inside(unit[:, k], kind)) for k, kind in enumerate(ranges)]
    return [tuple(float(x) for x in row) for row in np.stack(columns, axis=1)]


def _inside(u: np.ndarray, kind: Range | Distribution) -> np.ndarray:
    """A sample that stays off the tails of what has no end: a Morris trajectory touches 0 and 1."""
    if isinstance(kind, Distribution) and not np.isfinite(kind.bounds()).all():
        return np.clip(u, 0.005, 0.995)
    return u


def unit_sample(design: str, axes: int, samples: int, seed: int) -> np.ndarray:
    """A sample of the unit cube, (points, axes).

    Raises:
        SweepError: SALib is needed and not installed.
    """
    if design == "random":
        return np.random.default_rng(seed).random((samples, axes))
    if design == "lhs":
        from scipy.stats import qmc

        return qmc.LatinHypercube(axes, rng=np.random.default_rng(seed)).random(samples)
    problem = {"num_vars": axes, "names": [f"x{k}" for k in range(axes)], "bounds": [[0.0, 1.0]] * axes}
    try:
        if design == "sobol":
            from SALib.sample import sobol

            return sobol.sample(problem, samples, calc_second_order=False, seed=seed)
        from SALib.sample import morris

        return morris.sample(problem, samples, num_levels=LEVELS, seed=seed)
    except ImportError:
        raise SweepError(f"design={design} needs SALib; install it with: pip install 'entente-sim[sensitivity]'") from None


def _check(design: str, axes: Sequence[Axis], listed: list[Axis], ranged: list[Axis], samples: int | None) -> None:
    if design not in DESIGNS:
        raise SweepError(f"design={design} is not a design; designs: {', '.join(DESIGNS)}")
    if samples is not None and design not in SAMPLED:
        raise SweepError(f"samples={samples} goes with {', '.join(SAMPLED)}; design={design} runs what is listed")
    if design in ("grid", "zip") and ranged:
        raise SweepError(
            f"{ranged[0].key} is a range, and design={design} takes lists; sample it with "
            f"design={' or design='.join(SAMPLED)}, or list its values"
        )
    if design in SAMPLED and not ranged:
        raise SweepError(
            f"design={design} samples ranges, and there is none; write KEY=interval(LOW,HIGH), such as "
            "'parameters.trust.gain=interval(0.003,0.012)', or name a scenario with distributions"
        )
    if design == "zip" and len({len(axis.values) for axis in axes}) > 1:
        lengths = ", ".join(f"{axis.key} has {len(axis.values)}" for axis in axes)
        raise SweepError(f"design=zip takes lists of one length; {lengths}")
    if design == "sobol" and samples is not None and samples & (samples - 1):
        near = 2 ** round(math.log2(samples)) if samples > 0 else 64
        raise SweepError(f"samples={samples} is not a power of 2, which design=sobol needs; take samples={near}")
    if design == "morris" and samples is not None and samples < 2:
        raise SweepError(f"samples={samples} is not allowed; design=morris needs two trajectories or more")
