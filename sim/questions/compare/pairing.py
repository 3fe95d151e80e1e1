"""Two runs side by side: whether they can be paired, all their differences, and the first month that differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.calendar import format_month, parse_month
from sim.notebook import card
from sim.questions.compare.answer import SIDES, answer, began
from sim.questions.compare.difference import Difference, difference
from sim.questions.compare.selection import headline
from sim.questions.compare.story import Change, causes_of, changes
from sim.questions.span import MEAN_UNIT, Span, parse_span
from sim.results import Run, open_run
from sim.results.changed import short, story_changes
from sim.results.recovery import engine_name
from sim.results.summary import units
from sim.results.unwatched import dyad_of_run

if TYPE_CHECKING:
    import pandas as pd

MUST_AGREE = (("seed", "seeds"), ("dtype", "float types"), ("code", "versions of the model's code"))


class CannotPair(ValueError):
    """Runs whose replicates do not belong together, or share no month; the message says why and what to do."""


@dataclass(frozen=True)
class Comparison:
    """Two runs, the first minus the second.

    ``name_a`` and ``name_b`` tell them apart in words; ``months`` are those that are compared, and of paired runs the
    first ``replicates`` are.
    """

    a: Run
    b: Run
    name_a: str
    name_b: str
    paired: bool
    replicates: int
    months: tuple[str, ...]
    span: Span | None = None
    """What the answers are about; None leaves it to each measure (see `difference`)."""
    about: str | None = None
    """The series that was asked for, such as `cooperation:eight`, where the runs have it; pictures are about that."""

    def values(self, measure: str, subject: str = "world") -> tuple[list[str], np.ndarray, np.ndarray]:
        """Months, and the two series as (replicate, time); paired ones have the same replicates in the same order.

        A bloc is a name, not an amount: ``bloc_east``, ``bloc_west`` and ``bloc_none`` are 1 in replicates on that side.

        Raises:
            sim.results.ResultsError: one of the runs has no such measure or subject.
        """
        (times, a), (times_b, b) = (_series(run, measure, subject) for run in (self.a, self.b))
        shared = set(times_b).intersection(self.months)
        common = [time for time in times if time in shared]
        count = self.replicates if self.paired else None
        if common != times or common != times_b:
            a, b = (v[:, [t.index(time) for time in common]] for v, t in ((a, times), (b, times_b)))
        return common, a[:count], b[:count]

    def of(self, measure: str, subject: str = "world") -> Difference:
        """The difference of a measure of a subject.

        Raises:
            sim.results.ResultsError: one of the runs has no such measure or subject.
        """
        subject = self.a.name.subject(subject, {known for name, known in self._known if name == measure})
        if (measure, subject) in self._known:
            return self._known[measure, subject]
        subject = dyad_of_run(self.a, measure, subject) or subject
        if (measure, subject) not in self._asked:
            times, a, b = self.values(measure, subject)  # a dyad that nobody watched; otherwise it says what there is
            about = (measure, subject, units().get(measure, "1"))
            found = {(measure, subject): difference(*about, times, a, b, paired=self.paired, span=self.span)}
            if self.span is None:
                self._take_means(found, [*self.differences, *found.values()])
            self._asked.update(found)
        return self._asked[measure, subject]

    @cached_property
    def _asked(self) -> dict[tuple[str, str], Difference]:
        """Differences in series that the runs did not record, which are not among :attr:`differences`."""
        return {}

    @property
    def asked(self) -> list[Difference]:
        """Differences in dyads that the runs did not record and somebody asked about, see :meth:`of`."""
        return list(self._asked.values())

    @property
    def differences(self) -> list[Difference]:
        """Every series that both runs have."""
        return list(self._known.values())

    @cached_property
    def _known(self) -> dict[tuple[str, str], Difference]:
        """All differences by measure and subject, in the order of the file, so that each part of it is read once."""
        unit = units() | dict.fromkeys(SIDES, "share of replicates")
        found = {}
        for measure in self.a.measures():
            if measure not in self.b.measures():
                continue
            both = set(self.b.subjects(measure))
            for subject in (subject for subject in self.a.subjects(measure) if subject in both):
                for name in SIDES if measure == "bloc" else (measure,):
                    times, a, b = self.values(name, subject)
                    if times:
                        about = (name, subject, unit.get(name, "1"), times)
                        found[name, subject] = difference(*about, a, b, paired=self.paired, span=self.span)
        if self.span is None:
            self._take_means(found, list(found.values()))
        return found

    def _take_means(self, found: dict[tuple[str, str], Difference], known: Sequence[Difference]) -> None:
        """Measures in twelfths: their mean since anything differs, in any of those that are known."""
        parted = _parted(known) if self.paired else None
        for key, d in found.items():
            if d.unit == MEAN_UNIT and (parted is not None or not self.paired):
                first = max(parted or parse_month(d.times[0]), parse_month(self.months[0]))
                span = Span(min(first, d.span.last), d.span.last)
                about = (d.measure, d.subject, d.unit)
                found[key] = difference(*about, *self.values(d.measure, d.subject), paired=self.paired, span=span)

    @cached_property
    def first(self) -> str | None:
        """The first month in which anything differs: what is measured at its end does. None: nothing ever does.

        Without pairs this has no meaning, and is None.
        """
        if not self.paired:
            return None
        parted = _parted(self.differences)
        return None if parted is None else format_month(max(parted, parse_month(self.months[0])))

    @property
    def same(self) -> bool:
        """Whether nothing differs, to the bit."""
        return self.paired and self.first is None

    @cached_property
    def changes(self) -> list[Change]:
        """What the first run's story does otherwise than the second's."""
        return changes(self.a, self.b)

    @property
    def in_both(self) -> list[str]:
        """What was changed in both against the files of their scenarios, in the same way: `trust.gain=.003`."""
        other = story_changes(self.b.manifest)
        return [short(word) for word in story_changes(self.a.manifest) if word in other]

    @cached_property
    def because(self) -> list[Change]:
        """Which of the changes stand behind the first month that differs."""
        return causes_of(self.changes, self.a, self.b, self.first) if self.first else []

    def answer(self, series: str | None = None) -> str:
        """What the difference is, and how sure, as a sentence that was checked against the numbers.

        Args:
            series: such as `cooperation:eight`; None for the one that the change is most about.

        Raises:
            sim.results.ResultsError: one of the runs has no such series.
        """
        return answer(self, headline(self, series))

    def table(self, month: str | None = None) -> pd.DataFrame:
        """All differences at one month, by default the last: a row a measure and subject."""
        import pandas as pd

        return pd.DataFrame(
            [
                {"measure": d.measure, "subject": d.subject, "unit": d.unit, **d.at(month)}
                for d in self.differences
                if month is None or month in d.times
            ]
        )

    def __repr__(self) -> str:
        """One line."""
        how = f"{self.replicates} pairs of replicates" if self.paired else "not paired"
        return f"<Comparison {self.name_a} minus {self.name_b}: {how}, {self.months[0]}..{self.months[-1]}>"

    def _repr_html_(self) -> str:
        said = [self.answer(), began(self), *(c.sentence(self.name_a, self.name_b) for c in self.changes)]
        rows = [
            (f"{d.measure}:{d.subject}", d.effect.mean, d.effect.low, d.effect.high, d.effect.below)
            for d in self.differences
            if d.measure in ("cooperation", "strength")
        ]
        head = ("mean difference", "mean", "90 % interval of the mean", "", "share of pairs below 0")
        return card(f"{self.name_a} minus {self.name_b}", [s for s in said if s], head, rows)


def _parted(differences: Sequence[Difference]) -> int | None:
    """The first month at whose end anything differs."""
    bounds = [d.times[int(d.differs.argmax())] for d in differences if d.differs.any()]
    return parse_month(min(bounds)) - 1 if bounds else None


def compare(
    a: Run | Path | str, b: Run | Path | str, *, paired: bool = True, at: str | None = None, over: str | None = None
) -> Comparison:
    """Compare two finished runs, the first minus the second.

    Args:
        a: a run or its folder.
        b: another.
        paired: take differences replicate by replicate; False compares two independent samples.
        at: the month at whose end the answer is taken, such as `2020-06`; None for the last.
        over: years or months over whose mean it is taken, such as `2018-2025`; None for the last month, and for measures in
            twelfths (cooperation) all months since the two part.

    Raises:
        CannotPair: the replicates do not belong together (other seed, float type or version of the model), or the runs
            have no month in common.
        sim.results.ResultsError: a folder is no finished run.
    """
    return compare_all([a, b], paired=paired, at=at, over=over)[0]


def compare_all(
    runs: Sequence[Run | Path | str], *, paired: bool = True, at: str | None = None, over: str | None = None
) -> list[Comparison]:
    """Compare the first of several runs with each other one, over the months and replicates that all of them have.

    ``at`` and ``over`` say what the answers are about, as in :func:`compare`.

    Raises:
        CannotPair: two of them cannot be compared.
        sim.results.ResultsError: a folder is no finished run.
    """
    runs = [run if isinstance(run, Run) else open_run(run) for run in runs]
    names, first = labels(runs), runs[0].manifest
    months = [time for time in _months(runs[0]) if all(time in set(_months(run)) for run in runs[1:])]
    for name, run in zip(names[1:], runs[1:]):
        about = run.manifest
        for key, what in MUST_AGREE if paired else ():
            if first[key] != about[key]:
                raise CannotPair(
                    f"{names[0]} and {name} cannot be paired: they have different {what} ({_short(first[key])} and "
                    f"{_short(about[key])}), so their replicates do not share their luck. Run one of them again with the "
                    "other's, or compare them unpaired, as two independent samples (--unpaired; paired=False in Python)"
                )
        engines = engine_name(first), engine_name(about)
        if paired and engines[0] != engines[1]:
            raise CannotPair(
                f"{names[0]} and {name} cannot be paired: {' and '.join(engines)} carried them out, whose last digits "
                "differ, so that pairs without any difference would not come out equal. Run one again with the other's "
                f"engine (engine={engines[0]}), or compare them unpaired (--unpaired; paired=False in Python)"
            )
        if not set(_months(runs[0])) & set(_months(run)):
            raise CannotPair(
                f"{names[0]} and {name} cannot be compared: they have no month in common "
                f"({first['start']} to {first['end']}, and {about['start']} to {about['end']})"
            )
    if not months:
        raise CannotPair(f"{', '.join(names)} cannot be compared at once: there is no month that all of them have")
    count = min(run.manifest["replicates"] for run in runs)
    try:
        span = parse_span(at, over, within=Span(parse_month(months[0]), parse_month(months[-1]) - 1))
    except ValueError as error:
        raise CannotPair(str(error)) from None
    return [
        Comparison(runs[0], run, names[0], name, paired, count, tuple(months), span)
        for name, run in zip(names[1:], runs[1:])
    ]


def labels(runs: Sequence[Run]) -> list[str]:
    """What to call each run: its scenario, with its digest where its story was changed against the scenario's file, or where
    another run of the same scenario is compared."""
    names = [run.manifest["scenario"] for run in runs]
    digests = {name: {run.manifest["digest"] for run in runs if run.manifest["scenario"] == name} for name in names}
    long = [len(digests[name]) > 1 or bool(story_changes(run.manifest)) for name, run in zip(names, runs)]
    return [f"{name}-{run.manifest['digest'][:6]}" if more else name for more, name, run in zip(long, names, runs)]


def _series(run: Run, measure: str, subject: str) -> tuple[list[str], np.ndarray]:
    if measure in SIDES and measure not in run.measures():
        times, values = run.series("bloc", subject)
        return times, (values == SIDES[measure]).astype(float)
    return run.series(measure, subject)


def _months(run: Run) -> list[str]:
    """The months at whose start something was measured."""
    return max((run.times(measure) for measure in run.measures()), key=len)


def _short(value: object) -> str:
    text = str(value)
    return text[:8] if len(text) > 20 else text
