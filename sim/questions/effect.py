"""An effect: a mean difference with its interval, in how many pairs it shows, and whether it has a direction.

Every question that asks what something did (`compare`, `ablate`, `explain`) answers with this, so that they agree.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

LEVEL = 0.90
"""Of the interval of the mean."""
CHANCE = 0.05
"""A direction is named where luck alone would give one, either way, at most this often in all that was looked at."""
Z90 = 1.644854
"""Standard errors on each side of a normal 90 % interval."""
FEW = 20
"""Below this many replicates intervals and shares say nothing."""


@dataclass(frozen=True)
class Effect:
    """A mean difference with its 90 % interval (Student's t), and the shares of the pairs that are above and below zero.

    ``count`` are the replicates that have a value, ``freedom`` the degrees of freedom of ``error``, the standard error;
    ``same`` is the share of the pairs that do not differ, counted and not left over from the others.
    """

    mean: float
    low: float
    high: float
    error: float
    above: float
    below: float
    count: int
    freedom: float
    same: float = math.nan

    @classmethod
    def of(cls, values: np.ndarray) -> Effect:
        """Of paired differences by replicate (R,); replicates without a value do not count."""
        values = values[np.isfinite(values)]
        count = len(values)
        if not count:
            return cls(*[math.nan] * 6, 0, math.nan)
        error = float(values.std(ddof=1) / math.sqrt(count)) if count > 1 else math.nan
        return _effect(float(values.mean()), error, values, count, count - 1.0)

    @classmethod
    def independent(cls, a: np.ndarray, b: np.ndarray, crossed: np.ndarray) -> Effect:
        """Of two independent samples (R,), by Welch; ``crossed`` are differences of replicates of the two."""
        a, b, crossed = (values[np.isfinite(values)] for values in (a, b, crossed))
        if not (len(a) and len(b)):
            return cls(*[math.nan] * 6, 0, math.nan)
        mean, count = float(a.mean() - b.mean()), min(len(a), len(b))
        if count < 2:
            return _effect(mean, math.nan, crossed, count, math.nan)
        parts = [float(values.var(ddof=1)) / len(values) for values in (a, b)]
        squares = sum(part**2 / (len(values) - 1) for part, values in zip(parts, (a, b)))
        freedom = sum(parts) ** 2 / squares if squares else count - 1.0
        return _effect(mean, math.sqrt(sum(parts)), crossed, count, freedom)

    @property
    def size(self) -> float:
        """The mean in standard errors, without its sign; 0 where nothing differs or nothing is known."""
        if not self.error > 0:
            return math.inf if self.error == 0 and self.mean else 0.0
        return abs(self.mean) / self.error

    def direction(self, looks: int = 1) -> str:
        """`higher` or `lower` where luck does not explain it, else nothing.

        Pairs that do not differ say nothing against a direction. Two things are asked: that the mean is so far from zero
        that luck would bring it there in at most 5 % (Student's t), and that so many pairs differ that they could show it
        by their signs alone.

        Args:
            looks: at how many effects one looked before this one was chosen; by Bonferroni's correction.
        """
        if self.count < FEW or not self.size:
            return ""
        from scipy.special import stdtr

        luck = 0.0 if math.isinf(self.size) else 2 * float(stdtr(self.freedom, -self.size))
        differing = round((self.above + self.below) * self.count)
        if luck * looks > CHANCE or differing < math.log2(2 * looks / CHANCE):
            return ""
        return "higher" if self.mean > 0 else "lower"

    def plain(self) -> dict[str, float | None]:
        """As plain data; null where there is no number."""
        own = {name: getattr(self, name) for name in ("mean", "low", "high", "error", "above", "below")}
        return {name: value if math.isfinite(value) else None for name, value in own.items()}


def correlation_interval(correlation: float, count: int) -> tuple[float, float]:
    """The 90 % interval of a correlation of so many pairs, by Fisher's z."""
    middle, reach = math.atanh(min(max(correlation, -0.9999), 0.9999)), Z90 / math.sqrt(count - 3)
    return math.tanh(middle - reach), math.tanh(middle + reach)


def _effect(mean: float, error: float, values: np.ndarray, count: int, freedom: float) -> Effect:
    from scipy.special import stdtrit  # loads long, and a run's report needs none of it

    reach = float(stdtrit(freedom, (1 + LEVEL) / 2)) * error if math.isfinite(error) else math.nan
    shares = (float((values > 0).mean()), float((values < 0).mean()))
    return Effect(mean, mean - reach, mean + reach, error, *shares, count, freedom, float((values == 0).mean()))
