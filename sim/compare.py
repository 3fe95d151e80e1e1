"""Compare two runs: what a change of the story did, how sure that is, and where it began.

Runs of one seed share their luck, replicate by replicate, so the difference of a pair is what the change did and nothing
else. Everything is read from the folders of finished runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.calendar import format_month, parse_month
from sim.measures import all_measures
from sim.results import Run, open_run

if TYPE_CHECKING:
    import pandas as pd

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


class CannotPair(ValueError):
    """Two runs whose replicates do not belong together; the message says why and what to do."""


@dataclass(frozen=True)
class Difference:
    """One measure of one subject, first run minus second, over time.

    ``median``, ``low`` and ``high`` (50 %: ``inner``), share of pairs below zero, mean and its standard error, each of
    shape (T,); ``values`` are the differences themselves, (R, T), or None when the runs are not paired.
    """

    measure: str
    subject: str
    unit: str
    times: list[str]
    mean_a: np.ndarray
    mean_b: np.ndarray
    quantiles: np.ndarray
    below: np.ndarray
    standard_error: np.ndarray
    values: np.ndarray | None

    @property
    def mean(self) -> np.ndarray:
        """Mean difference, shape (T,)."""
        return self.mean_a - self.mean_b

    @property
    def median(self) -> np.ndarray:
        """Median paired difference, shape (T,)."""
        return self.quantiles[2]

    def at(self, month: str | None = None) -> dict[str, float]:
        """The numbers of one month, by default the last: median, 50 and 90 % interval, share below, mean, its error."""
        k = -1 if month is None else self.times.index(month)
        q = dict(zip(("q05", "q25", "median", "q75", "q95"), self.quantiles[:, k].tolist()))
        mean, error = float(self.mean[k]), float(self.standard_error[k])
        return {**q, "below": float(self.below[k]), "mean": mean, "standard_error": error}


@dataclass(frozen=True)
class Comparison:
    """Two runs side by side; iterate over ``differences`` or ask :meth:`of`."""

    a: Run
    b: Run
    paired: bool
    replicates: int
    changes: list[tuple[str, Any, Any]]
    """Dotted keys at which the two stories differ, with the value in each (None where it has none)."""
    first: str | None
    """The first step bound at which anything differs, None if nothing ever does."""
    because: list[str]
    """What stands behind it: keys of ``changes`` at work in the month before, or from the start."""

    def of(self, measure: str, subject: str = "world") -> Difference:
        """The difference of a measure of a subject.

        Raises:
            sim.results.ResultsError: one of the runs has no such measure or subject.
        """
        times_a, a = self.a.series(measure, subject)
        times_b, b = self.b.series(measure, subject)
        times = [time for time in times_a if time in set(times_b)]
        a = a[: self.replicates, [times_a.index(time) for time in times]]
        b = b[: self.replicates, [times_b.index(time) for time in times]]
        return _difference(measure, subject, times, a, b, self.paired)

    def subjects(self) -> list[tuple[str, str]]:
        """All pairs of measure and subject that both runs have."""
        both = [m for m in self.a.measures() if m in set(self.b.measures())]
        return [(m, s) for m in both for s in self.a.subjects(m) if s in set(self.b.subjects(m))]

    @property
    def same(self) -> bool:
        """Whether nothing differs, to the bit."""
        return self.paired and self.first is None

    def table(self, month: str | None = None) -> pd.DataFrame:
        """All differences at one month, by default the last: a row a measure and subject."""
        import pandas as pd

        rows = [{"measure": m, "subject": s, **self.of(m, s).at(month)} for m, s in self.subjects()]
        return pd.DataFrame(rows)

    def __repr__(self) -> str:
        """One line."""
        how = "paired" if self.paired else "not paired"
        return f"<Comparison {label(self.a)} minus {label(self.b)}: {self.replicates} replicates, {how}>"


def label(run: Run) -> str:
    """A run's scenario, with its overrides where it has some."""
    words = run.manifest.get("overrides") or []
    return " ".join([run.manifest["scenario"], *words])


def compare(a: Run | Path | str, b: Run | Path | str, *, paired: bool = True) -> Comparison:
    """Compare two finished runs, the first minus the second.

    Args:
        a: a run or its folder.
        b: another.
        paired: take differences replicate by replicate; False compares two independent samples.

    Raises:
        CannotPair: the replicates do not belong together (other seed, float type or version of the model).
        sim.results.ResultsError: a folder is no finished run.
    """
    a, b = (run if isinstance(run, Run) else open_run(run) for run in (a, b))
    one, two = a.manifest, b.manifest
    if paired:
        for key, what in (("seed", "seeds"), ("dtype", "float types"), ("code", "versions of the model's code")):
            if one[key] != two[key]:
                raise CannotPair(
                    f"{label(a)} and {label(b)} cannot be paired: they have different {what} ({_short(one[key])} and "
                    f"{_short(two[key])}), so their replicates do not share their luck; run one of them again with the "
                    "other's, or compare them unpaired (paired=false)"
                )
    if not set(a.times("cooperation")) & set(b.times("cooperation")):
        raise CannotPair(f"{label(a)} and {label(b)} have no month in common: {one['start']} to {one['end']}, "
                         f"and {two['start']} to {two['end']}")  # fmt: skip
    replicates = min(one["replicates"], two["replicates"])
    changes = differing_keys(a.story(), b.story())
    draft = Comparison(a, b, paired, replicates, changes, None, [])
    first = _first_difference(draft) if paired else None
    because = _behind(a.story(), b.story(), changes, first) if first else []
    return Comparison(a, b, paired, replicates, changes, first, because)


def differing_keys(one: Any, two: Any, key: str = "") -> list[tuple[str, Any, Any]]:
    """Dotted keys at which two plain values differ; a mapping that only one has is one key."""
    if isinstance(one, dict) and isinstance(two, dict):
        names = [*one, *(name for name in two if name not in one)]
        return [d for n in names for d in differing_keys(one.get(n), two.get(n), f"{key}.{n}" if key else n)]
    return [] if one == two else [(key, one, two)]


def _difference(measure: str, subject: str, times: list[str], a: np.ndarray, b: np.ndarray, paired: bool) -> Difference:
    unit = all_measures()[measure][0].unit if measure in all_measures() else ""
    count = max(len(a), 1)
    if paired:
        d = a - b
        quantiles = np.quantile(d, QUANTILES, axis=0)
        below = (d < 0).mean(axis=0)
        error = d.std(axis=0, ddof=1) / np.sqrt(count) if count > 1 else np.zeros(d.shape[1])
        return Difference(measure, subject, unit, times, a.mean(0), b.mean(0), quantiles, below, error, d)
    quantiles, below = (np.stack(part, axis=-1) for part in zip(*map(_crossed, a.T, b.T)))
    error = np.sqrt(a.var(axis=0, ddof=1) + b.var(axis=0, ddof=1)) / np.sqrt(count) if count > 1 else np.zeros(len(times))
    return Difference(measure, subject, unit, times, a.mean(0), b.mean(0), quantiles, below, error, None)


def _crossed(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Quantiles of a difference of two independent draws, and the chance that it is below zero: every a with every b."""
    d = (a[:, None] - b[None, :]).ravel()
    return np.quantile(d, QUANTILES), np.asarray((d < 0).mean())


def _first_difference(comparison: Comparison) -> str | None:
    """The first step bound at which any measure differs in any replicate."""
    first = None
    for measure, subject in comparison.subjects():
        d = comparison.of(measure, subject)
        at = np.flatnonzero((d.values != 0).any(axis=0))
        if len(at) and (first is None or parse_month(d.times[at[0]]) < first):
            first = parse_month(d.times[at[0]])
    return None if first is None else format_month(first)


def _behind(one: dict[str, Any], two: dict[str, Any], changes: list[tuple[str, Any, Any]], first: str) -> list[str]:
    """The changed keys that can be behind a difference seen at the start of the month ``first``."""
    month = parse_month(first) - 1
    events: dict[str, int] = {}
    others = []
    for key, _, _ in changes:
        parts = key.split(".")
        if parts[0] == "events" and len(parts) > 1:
            dates = [s["events"][parts[1]].get("on") for s in (one, two) if parts[1] in s.get("events", {})]
            known = [parse_month(date) for date in dates if date]
            events[f"events.{parts[1]}"] = min(known) if known else month
        elif parts[0] not in STORY_ONLY:
            others.append(key)
    begun = {key: date for key, date in events.items() if date <= month}
    latest = max(begun.values(), default=None)
    return others or [key for key, date in begun.items() if date == latest]


STORY_ONLY = ("title", "question", "description", "sources", "notes", "estimates", "baseline", "defaults", "name")
"""Keys of a scenario that change no number."""


def _short(value: Any) -> str:
    text = str(value)
    return text[:8] if len(text) > 20 else text
