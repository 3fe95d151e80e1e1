"""The difference of one series between two runs: over replicates, at every month. Plain numpy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.calendar import parse_month
from sim.questions.effect import Effect
from sim.questions.span import Span

if TYPE_CHECKING:
    import pandas as pd

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
CROSSINGS = 1000
"""Unpaired, so many differences of a replicate of the one and a replicate of the other stand for all of them."""


@dataclass(frozen=True, repr=False)
class Difference:
    """One measure of one subject, first run minus second, over time; every array but ``quantiles`` has shape (T,).

    ``below`` and ``above`` are shares of the pairs. ``independent_error`` is the standard error that the mean difference
    would have with independent seeds, from the variances of the two samples. Where a month has no value all is nan.
    """

    measure: str
    subject: str
    unit: str
    times: list[str]
    mean_a: np.ndarray
    mean_b: np.ndarray
    quantiles: np.ndarray
    """(5, T): 5, 25, 50, 75 and 95 % of the differences."""
    below: np.ndarray
    above: np.ndarray
    standard_error: np.ndarray
    independent_error: np.ndarray
    span: Span
    """What the answer is about: these months; all that follows is of the mean over them."""
    effect: Effect
    means: tuple[float, float]
    """Of the first run and of the second."""
    pairs: np.ndarray
    """(5,): 5, 25, 50, 75 and 95 % of the pairs."""
    noise: float
    """Standard deviation of one run over its replicates: what chance alone moves the level by."""

    @property
    def peak(self) -> int:
        """The month of the span at whose end the mean difference is largest."""
        in_span = within(self.times, self.span)
        place = np.where(np.isfinite(self.mean) & in_span, np.abs(self.mean), -1.0).argmax()
        return parse_month(self.times[place]) - 1

    @property
    def mean(self) -> np.ndarray:
        """Mean difference."""
        return self.mean_a - self.mean_b

    @property
    def median(self) -> np.ndarray:
        """Median difference."""
        return self.quantiles[2]

    @property
    def differs(self) -> np.ndarray:
        """Whether any replicate differs, to the bit."""
        return (self.below > 0) | (self.above > 0)

    def at(self, month: str | None = None) -> dict[str, float]:
        """The numbers of one month, by default the last."""
        k = -1 if month is None else self.times.index(month)
        q = dict(zip(("q05", "q25", "median", "q75", "q95"), self.quantiles[:, k].tolist()))
        names = ("mean_a", "mean_b", "mean", "standard_error", "independent_error", "below", "above")
        return {**q, **{name: float(getattr(self, name)[k]) for name in names}}

    def table(self) -> pd.DataFrame:
        """The numbers of every month, a row a month."""
        import pandas as pd

        months = pd.to_datetime([f"{time}-01" for time in self.times]).rename("month")
        return pd.DataFrame([self.at(month) for month in self.times], index=months)

    def __repr__(self) -> str:
        """One line: the mean difference and its 90 % interval."""
        e = self.effect
        return f"<Difference {self.measure}:{self.subject} {self.span.said()}: {e.mean:+.4g} [{e.low:+.4g}, {e.high:+.4g}]>"


def within(times: Sequence[str], span: Span) -> np.ndarray:
    """Which of the months at whose start a series is taken end a month of the span, shape (T,)."""
    months = np.array([parse_month(time) - 1 for time in times])
    return (months >= span.first) & (months <= span.last)


def difference(
    measure: str,
    subject: str,
    unit: str,
    times: list[str],
    a: np.ndarray,
    b: np.ndarray,
    *,
    paired: bool,
    span: Span | None = None,
) -> Difference:
    """The difference of two series, each (replicate, time); paired ones have the same replicates in the same order.

    Args:
        measure: what.
        subject: of whom.
        unit: in which the values are.
        times: the months at whose start they are taken.
        a: the first series.
        b: the second.
        paired: whether replicates of one number share their luck.
        span: what the answer is about; None for the last month.
    """
    d = a - b if paired else crossed(a, b)
    (mean_a, error_a), (mean_b, error_b) = _moments(a), _moments(b)
    independent = np.hypot(error_a, error_b)
    known = np.isfinite(d).sum(axis=0)
    share = np.maximum(known, 1)
    below, above = (np.where(known, sign.sum(axis=0) / share, np.nan) for sign in (d < 0, d > 0))
    error = _moments(d)[1] if paired else independent
    last = parse_month(times[-1]) - 1
    span = span or Span(last, last)
    in_span = within(times, span)
    one, two = (_over(values[:, in_span]) for values in (a, b))
    both = one - two if paired else crossed(one[:, None], two[:, None])[:, 0]
    effect = Effect.of(both) if paired else Effect.independent(one, two, both)
    return Difference(
        measure,
        subject,
        unit,
        times,
        mean_a,
        mean_b,
        quantiles(d),
        below,
        above,
        error,
        independent,
        span,
        effect,
        (_mean(one), _mean(two)),
        quantiles(both[:, None])[:, 0],
        float(np.sqrt(np.nanmean([_variance(one), _variance(two)]))),
    )


def _over(values: np.ndarray) -> np.ndarray:
    """The mean of each replicate over its months; nan where one of them has no value, or there is none."""
    return values.mean(axis=1) if values.shape[1] else np.full(len(values), np.nan)


def _mean(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else np.nan


def _variance(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known.var(ddof=1)) if len(known) > 1 else 0.0


def crossed(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Differences of independent replicates, about ``CROSSINGS`` of them: each of ``a`` with several of ``b``.

    Never a replicate with the one of its own number, whose luck it may share, unless there is no other.
    """
    few, many = min(len(a), len(b)), max(len(a), len(b))
    turns = range(1, max(2, min(few, -(-CROSSINGS // many) + 1)))
    rows = np.arange(many)
    return np.concatenate([a[rows % len(a)] - b[(rows + turn) % len(b)] for turn in turns])


def quantiles(d: np.ndarray) -> np.ndarray:
    """(5, T) quantiles over the first axis of (R, T), linear between values; nan where there is no value.

    One sort of contiguous rows: several times faster than numpy's own, which it agrees with.
    """
    ordered = np.sort(np.ascontiguousarray(d.T), axis=1)  # nan last
    last = (~np.isnan(ordered)).sum(axis=1) - 1
    place = np.multiply.outer(np.array(QUANTILES), np.maximum(last, 0))
    low = np.floor(place).astype(np.intp)
    high = np.minimum(low + 1, np.maximum(last, 0))
    rows = np.arange(len(ordered))
    left, right = ordered[rows, low], ordered[rows, high]
    return left + (right - left) * (place - low)


def _moments(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard error of the mean over the first axis; the error is nan for a single replicate."""
    known = np.isfinite(values)
    count = known.sum(axis=0)
    if known.all():
        mean = values.mean(axis=0)
        squares = ((values - mean) ** 2).sum(axis=0)
    else:
        filled = np.where(known, values, 0.0)
        mean = np.where(count, filled.sum(axis=0) / np.maximum(count, 1), np.nan)
        squares = (np.where(known, values - mean, 0.0) ** 2).sum(axis=0)
    error = np.sqrt(squares / np.maximum(count - 1, 1) / np.maximum(count, 1))
    return mean, np.where(count > 1, error, np.nan)
