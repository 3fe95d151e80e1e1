"""Uncertain numbers: a number of a scenario may be a distribution, drawn once per replicate.

The draw is a quantile at a keyed uniform, so that a replicate keeps its luck when the number's range is changed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

FARTHEST = 9
"""No draw lies so many spreads from the middle: the luck has 53 bits."""
LARGEST = 700.0
"""The logarithm of numbers beyond which there are none soon."""

# kind: (names of its arguments, how many at least)
KINDS: dict[str, tuple[str, int]] = {
    "uniform": ("low, high", 2),
    "triangular": ("low, mode, high", 3),
    "normal": ("mean, sd", 2),
    "lognormal": ("median, sigma", 2),
    "beta": ("a, b[, low, high]", 2),
    "choice": ("value, value, ...", 1),
}


@dataclass(frozen=True)
class Distribution:
    """A distribution of one number; ``kind`` is a key of ``KINDS`` and ``args`` its numbers."""

    kind: str
    args: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse arguments that make no distribution, in a sentence."""
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is not a distribution; one of {', '.join(KINDS)}")
        names, least = KINDS[self.kind]
        a = self.args
        if any(isinstance(x, bool) or not isinstance(x, (int, float)) or not np.isfinite(x) for x in a):
            raise ValueError(f"{self.kind} takes finite numbers: [{names}]")
        exact = self.kind in ("uniform", "triangular", "normal", "lognormal")
        if len(a) < least or (exact and len(a) != least) or (self.kind == "beta" and len(a) not in (2, 4)):
            raise ValueError(f"{self.kind} takes [{names}], not {len(a)} number{'s' * (len(a) != 1)}")
        if self.kind in ("uniform", "triangular") and (list(a) != sorted(a) or a[0] == a[-1]):
            raise ValueError(f"{self.kind} takes [{names}] in rising order, not {list(a)}")
        if self.kind in ("normal", "lognormal") and a[1] <= 0:
            raise ValueError(f"{self.kind} takes a spread above 0, not {a[1]:g}")
        if self.kind == "lognormal" and a[0] <= 0:
            raise ValueError(f"lognormal takes a median above 0, not {a[0]:g}")
        if self.kind == "beta" and (min(a[:2]) <= 0 or (len(a) == 4 and a[2] >= a[3])):
            raise ValueError("beta takes a and b above 0, and low below high")
        if not self._draws_are_finite():
            raise ValueError(f"{self.kind} with these numbers draws some that are too large; take numbers nearer to 0")

    def _draws_are_finite(self) -> bool:
        """Whether the smallest and the largest draw there can be are numbers."""
        a = [float(x) for x in self.args]
        if self.kind == "normal":
            return math.isfinite(a[0] - FARTHEST * a[1]) and math.isfinite(a[0] + FARTHEST * a[1])
        if self.kind == "lognormal":
            return math.log(a[0]) + FARTHEST * a[1] < LARGEST
        if self.kind == "beta":  # its quantile has no simple form: look
            return bool(np.isfinite(self.quantile(np.array([2.0**-54, 0.5, 1 - 2.0**-53]))).all())
        width = max(a) - min(a)
        return math.isfinite(width * width if self.kind == "triangular" else width)

    def bounds(self) -> tuple[float, float]:
        """The smallest and largest value it can take."""
        if self.kind == "normal":
            return -np.inf, np.inf
        if self.kind == "lognormal":
            return 0.0, np.inf
        if self.kind == "beta":
            return self.args[2:] if len(self.args) == 4 else (0.0, 1.0)
        return min(self.args), max(self.args)

    def quantile(self, u: np.ndarray) -> np.ndarray:
        """The value below which a share ``u`` in (0, 1) of draws lies; same shape as ``u``."""
        from scipy.special import betaincinv, ndtri

        a = self.args
        if self.kind == "uniform":
            return a[0] + (a[1] - a[0]) * u
        if self.kind == "triangular":
            low, mode, high = a
            cut = (mode - low) / (high - low)
            rising = low + np.sqrt(u * (high - low) * (mode - low))
            return np.where(u < cut, rising, high - np.sqrt((1 - u) * (high - low) * (high - mode)))
        if self.kind == "normal":
            return a[0] + a[1] * ndtri(u)
        if self.kind == "lognormal":
            return a[0] * np.exp(a[1] * ndtri(u))
        if self.kind == "beta":
            low, high = self.bounds()
            return low + (high - low) * betaincinv(a[0], a[1], u)
        return np.asarray(a)[np.minimum((u * len(a)).astype(int), len(a) - 1)]

    def plain(self) -> dict[str, list[float]]:
        """As it is written in a scenario: ``{uniform: [0, 1]}``."""
        return {self.kind: list(self.args)}


def parse_distribution(mapping: Mapping[str, Any]) -> Distribution:
    """Read ``{uniform: [0, 1]}``.

    Raises:
        ValueError: not a distribution; the message says what is allowed.
    """
    if len(mapping) != 1:
        raise ValueError(f"a distribution is one of {', '.join(KINDS)} with its numbers, such as {{uniform: [0, 1]}}")
    ((kind, args),) = mapping.items()
    if not isinstance(args, (list, tuple)):
        raise ValueError(f"{kind} takes a list of numbers, such as {{uniform: [0, 1]}}")
    return Distribution(str(kind), tuple(args))
