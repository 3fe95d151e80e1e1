"""What a finished sweep says of an outcome: which axis moved it most, its highest and lowest rows, and where it tips.

Where the sweep runs two scenarios it is about their difference, replicate by replicate with the same luck; else about the
outcome itself, at the end of the run.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from sim.calendar import format_month, parse_month
from sim.questions.compare.answer import phrase
from sim.questions.effect import FEW, Effect, correlation_interval
from sim.results import Run, open_run
from sim.sweep import SweepError
from sim.sweep.folder import Sweep
from sim.sweep.odds import Odds, contrast, crossings, odds_of
from sim.sweep.sensitivity import INDICES, indices_of, warnings_of
from sim.wording import capital, date, listing, number, percent

READ = 400
"""Of a sweep of more runs the means are taken from the table, and have no interval."""


@dataclass(frozen=True)
class Point:
    """One point of the axes: its rows in the table, the outcome (or difference) at the end; by replicate if it was read."""

    values: dict[str, Any]
    rows: tuple[int, ...]
    mean: float
    effect: Effect | None = None
    replicates: np.ndarray | None = field(default=None, repr=False)

    def said(self) -> str:
        """`at trust.gain=.003, trust.loss=.03`."""
        values = ", ".join(f"{short(key)}={_value(value)}" for key, value in self.values.items())
        return f"at {values}" if values else "as it stands"

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "values": self.values,
            "rows": list(self.rows),
            **(self.effect.plain() if self.effect else {"mean": self.mean}),
        }


@dataclass(frozen=True)
class Mattered:
    """How far an axis moves the outcome, with the interval where there is one, and in words how."""

    axis: str
    size: float
    low: float
    high: float
    said: str

    def plain(self) -> dict[str, Any]:
        """As plain data; null where there is no number."""
        numbers = {key: getattr(self, key) for key in ("size", "low", "high")}
        return {"axis": self.axis, **{k: x if math.isfinite(x) else None for k, x in numbers.items()}, "said": self.said}


@dataclass(frozen=True)
class Answer:
    """What a sweep says of one outcome; sentences are ready to print."""

    outcome: str
    title: str
    pair: tuple[str, str] | None
    what: str
    ranking: tuple[Mattered, ...]
    lowest: Point | None
    highest: Point | None
    digits: int
    odds: str
    notes: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether the outcome is not the same at all points, or not zero where it is a difference."""
        if self.lowest is None or self.highest is None:
            return False
        return self.highest.mean != self.lowest.mean or bool(self.pair and _moves(self.highest))

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "outcome": self.outcome,
            "difference": list(self.pair) if self.pair else None,
            "what": self.what,
            "ranking": [one.plain() for one in self.ranking],
            "lowest": self.lowest.plain() if self.lowest else None,
            "highest": self.highest.plain() if self.highest else None,
            "odds": self.odds,
            "notes": list(self.notes),
        }


def answer(sweep: Sweep, outcome: str) -> Answer:
    """What the sweep says of an outcome such as `cooperation:eight`.

    Raises:
        SweepError: no run of the sweep has the outcome, or none is finished.
    """
    if outcome not in sweep.outcomes():
        raise SweepError(f"sweep {sweep.path.name} has no outcome {outcome!r}; it has: {', '.join(sweep.outcomes())}")
    if found := answers(sweep, [outcome]):
        return found[0]
    raise SweepError(f"no run of sweep {sweep.path.name} has a value of {outcome}")


def answers(sweep: Sweep, outcomes: Sequence[str]) -> list[Answer]:
    """What the sweep says of some of its outcomes, as far as there are values; each run is opened once."""
    table, pair, run = sweep.table(), contrast(sweep), a_run(sweep)
    read: dict[str, list[Odds]] = {}
    if sweep.manifest["design"] not in INDICES and len(table) <= READ:
        done = table[table["status"] == "done"]
        read = odds_of(sweep, [outcome for outcome in outcomes if done[f"{outcome}.end.mean"].notna().all()])
    told = []
    for outcome in outcomes:
        found = read.get(outcome, [])
        points = _read(found) if found else _from_table(sweep, outcome, pair)
        if run is not None and points:
            told.append(_told(sweep, outcome, pair, run, found, points))
    return told


def _told(
    sweep: Sweep, outcome: str, pair: tuple[str, str] | None, run: Run, found: Sequence[Odds], points: list[Point]
) -> Answer:
    what, ranking, notes = _ranking(sweep, outcome, pair, points)
    ends = date(format_month(parse_month(run.times(outcome.partition(":")[0])[-1]) - 1))
    title = f"{capital(phrase(run, *outcome.split(':', 1)))} at the end of {ends}"
    title += f", {pair[0]} minus {pair[1]}" if pair else ""
    count = run.manifest["replicates"]
    title += f", {count:,} replicates a run" if "replicates" not in sweep.axes else ""
    notes += _reversals(sweep, points)
    if sweep.manifest["design"] == "one":
        points = [replace(p, values={k: v for k, v in p.values.items() if k == _changed(p, points[0])}) for p in points]
    ordered = sorted(points, key=lambda point: point.mean)
    return Answer(
        outcome,
        title,
        pair,
        what,
        tuple(ranking),
        ordered[0],
        ordered[-1],
        _digits(points),
        _odds(found, pair),
        tuple(notes),
    )


def a_run(sweep: Sweep) -> Run | None:
    """A run of the sweep, for names and dates."""
    table = sweep.table()
    done = table[table["status"] == "done"]
    return open_run(sweep.folder_of(done["folder"].iloc[0])) if len(done) else None


def line(a: Answer) -> str:
    """An outcome in one line, for those that are not told at length."""
    name = a.title.partition(" at the end of ")[0]
    if not a.differs:
        return f"{name}: no difference"
    ends = [point for point in (a.lowest, a.highest) if point]
    low, high = (f"{number(point.mean, a.digits, signed=bool(a.pair))} ({_rows(point)})" for point in ends)
    first = f", most by {short(a.ranking[0].axis)}" if a.ranking and len(a.ranking) > 1 and a.ranking[0].size else ""
    return f"{name}: {low} to {high}{first}"


def extremes(a: Answer) -> list[str]:
    """The highest and the lowest row as phrases."""
    said = []
    for word, point in (("highest", a.highest), ("lowest", a.lowest)):
        if point is None:
            continue
        effect, interval = point.effect, ""
        if effect is not None and math.isfinite(effect.low) and effect.count >= FEW:
            ends = (number(x, a.digits, signed=bool(a.pair)) for x in (effect.low, effect.high))
            interval = f", 90 % interval of the mean {' to '.join(ends)}"
        said.append(f"{word} {number(point.mean, a.digits, signed=bool(a.pair))} {point.said()} ({_rows(point)}{interval})")
    return said


def _rows(point: Point) -> str:
    return f"row{'s' * (len(point.rows) > 1)} {listing([str(row) for row in point.rows])}"


def short(key: str) -> str:
    """The name of an axis as commands take it: `trust.gain`, `events.us_withdrawal.on`."""
    return key.removeprefix("parameters.").removeprefix("scenario.")


def _value(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else "none" if value is None else str(value)


def _moves(point: Point) -> bool:
    return point.mean != 0 or (point.effect is not None and point.effect.same < 1)


def _digits(points: Sequence[Point]) -> int:
    """Decimals that show the differences between points: of hundreds none."""
    means = [point.mean for point in points]
    spread = max(means) - min(means) or max(map(abs, means)) or 1.0
    return min(6, max(0, 1 - math.floor(math.log10(spread))))


def _read(found: Sequence[Odds]) -> list[Point]:
    """The points with what they have by replicate."""
    points = []
    for one in found:
        effect = Effect.of(one.value)
        points.append(Point(one.point, one.rows, effect.mean, effect, one.value))
    return points


def _from_table(sweep: Sweep, outcome: str, pair: tuple[str, str] | None) -> list[Point]:
    """The points as the table has them."""
    table = sweep.table()
    column = f"{outcome}.end.difference" if pair else f"{outcome}.end.mean"
    table = table[np.isfinite(table[column])]
    axes = [key for key in sweep.axes if not (pair and key == "scenario")]
    rows = table[["number", column, *axes]].itertuples(index=False, name=None)
    return [Point(dict(zip(axes, values)), (number,), mean) for number, mean, *values in rows]


def _ranking(
    sweep: Sweep, outcome: str, pair: tuple[str, str] | None, points: Sequence[Point]
) -> tuple[str, list[Mattered], list[str]]:
    """In what the ranking is, the axes from the one that matters most, and what to know of it."""
    design = sweep.manifest["design"]
    axes = [axis for axis in sweep.manifest["axes"] if not (pair and axis["key"] == "scenario")]
    if design == "zip" and len(axes) > 1:
        return "", [], ["The axes go in step, so what each did cannot be told apart."]
    if design in INDICES:
        if len(axes) < len(sweep.axes) - bool(pair) or any("values" in axis for axis in axes):
            return "", [], ["Indices are of one scenario at a time: sim.sweep.sensitivity.indices(..., where=)."]
        rows = indices_of(sweep, np.array([point.mean for point in points]))
        return _indices(design, rows)
    ranked = [_moved(axis["key"], points, base=design == "one", axis=axis) for axis in axes if _listed(axis, design)]
    rest = [axis["key"] for axis in axes if not _listed(axis, design)]
    if rest:
        return "rank correlation with the outcome", _correlated(rest, points), []
    what = "change of the mean from its lowest to its highest value"
    return what, sorted(ranked, key=lambda one: -one.size), []


def _listed(axis: dict[str, Any], design: str) -> bool:
    return "values" in axis or design == "one"


def _moved(key: str, points: Sequence[Point], *, base: bool, axis: dict[str, Any]) -> Mattered:
    """How far the values of one axis lie apart, on average over the others; of a design `one`, from the run as it stands."""
    groups: dict[Any, list[Point]] = {}
    chosen = [points[0], *(p for p in points[1:] if list(p.values) and _changed(p, points[0]) == key)] if base else points
    for point in chosen:
        value = point.values.get(key)
        groups.setdefault(value, []).append(point)
    means = {value: float(np.mean([point.mean for point in group])) for value, group in groups.items()}
    low, high = min(means, key=lambda value: means[value]), max(means, key=lambda value: means[value])
    effect = _between(groups[high], groups[low])
    size = means[high] - means[low]
    own = points[0].values.get(key) if base else None
    words = ["as it stands" if base and value == own else f"at {_value(value)}" for value in (low, high)]
    said = f"lowest {words[0]}, highest {words[1]}" if size else "no difference"
    return Mattered(key, size, effect.low, effect.high, said)


def _changed(point: Point, base: Point) -> str | None:
    """The axis in which a row of a design `one` differs from the run as it stands."""

    def same(a: Any, b: Any) -> bool:
        return a == b or (a != a and b != b)  # an empty cell of the table is not a number

    return next((key for key, value in point.values.items() if not same(value, base.values[key])), None)


def _between(one: Sequence[Point], other: Sequence[Point]) -> Effect:
    """The difference of two groups of points, by replicate where all have the same replicates."""
    high, low = ([point.replicates for point in group if point.replicates is not None] for group in (one, other))
    if len(high) + len(low) < len(one) + len(other) or len({len(values) for values in (*high, *low)}) != 1:
        return Effect.of(np.empty(0))
    return Effect.of(np.mean(high, axis=0) - np.mean(low, axis=0))


def _correlated(keys: Sequence[str], points: Sequence[Point]) -> list[Mattered]:
    """Spearman's rank correlation of each sampled axis with the outcome, with its 90 % interval by Fisher's z."""
    from scipy.stats import spearmanr

    y = np.array([point.mean for point in points])
    found = []
    for key in keys:
        x = np.array([float(point.values[key]) for point in points])
        if len(y) < 4 or not np.ptp(x) or not np.ptp(y):
            found.append(Mattered(key, 0.0, math.nan, math.nan, "no difference"))
            continue
        rho = float(spearmanr(x, y).statistic)
        low, high = correlation_interval(rho, len(y))
        ends, sure = sorted((abs(low), abs(high))), low * high > 0
        said = ("higher with more of it" if rho > 0 else "lower with more of it") if sure else "not told from chance"
        found.append(Mattered(key, abs(rho), ends[0] if sure else 0.0, ends[1], said))
    return sorted(found, key=lambda one: -one.size)


def _indices(design: str, rows: Sequence[dict[str, Any]]) -> tuple[str, list[Mattered], list[str]]:
    """The rows of Morris or Sobol as a ranking; their intervals are 95 %."""
    key = "mu_star" if design == "morris" else "ST"
    what = (
        "mean size of the effect of a step over its range (Morris), 95 % interval"
        if design == "morris"
        else "share of the spread between points, with all interactions (Sobol ST), 95 % interval"
    )
    found = [
        Mattered(
            row["parameter"],
            row[key],
            row[key] - row[f"{key}_conf"],
            row[key] + row[f"{key}_conf"],
            f"spread {row['sigma']:.2g}" if design == "morris" else f"by itself {row['S1']:.2f}",
        )
        for row in sorted(rows, key=lambda row: -row[key])
    ]
    return what, found, [f"{capital(warning)}." for warning in warnings_of(rows, design)]


def _odds(found: Sequence[Odds], pair: tuple[str, str] | None) -> str:
    """What the picture of even odds says, as a sentence: along a single axis of numbers, else by counting the points."""
    axes = list(found[0].point) if found else []
    if len(found) < 2:
        return ""
    what = f"higher in {pair[0]} than in {pair[1]}" if pair else "higher at the end than at the start"
    if len(axes) != 1 or not all(isinstance(one.point[axes[0]], (int, float)) for one in found):
        return _counted(found, what)
    if not any(one.differing for one in found):
        return "No difference in any replicate at any value."
    found = sorted(found, key=lambda one: one.point[axes[0]])
    ends = " and ".join(
        f"in {percent(one.share)} of replicates at {_value(one.point[axes[0]])}" for one in (found[0], found[-1])
    )
    moving = [one for one in found if one.differing]
    x, shares = (np.array([get(one) for one in moving]) for get in (lambda o: o.point[axes[0]], lambda o: o.share))
    tips = [f"{cross:.3g}" for cross in crossings(x, shares)]
    even = f"; even odds at {listing(tips[:3])}" if tips else "; it does not cross even odds"
    return f"It is {what} {ends} (a tie counts half){even}."


def _counted(found: Sequence[Odds], what: str) -> str:
    """At how many of the points of several axes an outcome is rather higher, and whether it tips anywhere among them."""
    above, below = (sum(sign * (one.share - 0.5) > 0 for one in found) for sign in (1, -1))
    if not above + below:
        return (
            "No difference at any point." if not any(one.differing for one in found) else f"At no point is it rather {what}."
        )
    sides = [f"in more than half of the replicates at {above} of {len(found)} points", f"in fewer at {below}"]
    even = len(found) - above - below
    said = ", ".join([*sides, *([f"in as many at {even}"] if even else [])])
    tips = "it tips between them" if above and below else "it tips nowhere among them"
    return f"It is {what} {said} (a tie counts half); {tips}."


def _reversals(sweep: Sweep, points: Sequence[Point]) -> list[str]:
    """Axes whose effect, from one end of their values to the other, is clearly up at some values of the others and clearly
    down at some; only of grids that were read."""
    if sweep.manifest["design"] != "grid" or any(point.replicates is None for point in points):
        return []
    said = []
    for key in points[0].values if len(points[0].values) > 1 else ():
        ends = list(dict.fromkeys(point.values[key] for point in points))
        if all(isinstance(value, (int, float)) for value in ends):
            ends.sort()
        first, last = ({_others(p, key): p for p in points if p.values[key] == end} for end in (ends[0], ends[-1]))
        sides: dict[str, Point] = {}
        for others in [others for others in first if others in last]:
            pair = (last[others], first[others])
            if (side := _between(pair[:1], pair[1:]).direction(len(first))) and side not in sides:
                sides[side] = replace(first[others], values=dict(others))
        if len(sides) > 1:
            where = [f"{word} {sides[side].said()}" for side, word in (("higher", "raises it"), ("lower", "lowers it"))]
            change = f"{short(key)} from {_value(ends[0])} to {_value(ends[-1])}"
            said.append(f"What an axis does is not one number here: {change} {' and '.join(where)}.")
    return said


def _others(point: Point, key: str) -> tuple[tuple[str, Any], ...]:
    return tuple((name, value) for name, value in point.values.items() if name != key)
