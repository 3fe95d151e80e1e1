"""Faces: what somebody who knows the region expects of `sco_expansion`, measured one by one, held or not.

Each face says what is wanted, what the run has, and in what share of the replicates it holds; each is measured with all
events and without those that impose an outcome (crises, exercises). NATO and Russia are those of `ukraine_rupture`, which
starts in 2012. ``python -m sim hindcast --faces`` prints them; it needs no data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from sim import engine
from sim.calendar import format_month
from sim.events import types
from sim.measures.alignment import alignment
from sim.measures.blocs import labelled
from sim.processes.chunks import chunks
from sim.processes.pool import Report, share
from sim.quantile import prepare
from sim.scenario import read
from sim.scenario.rules import LATEST
from sim.scenario.scenario import Scenario
from sim.start.world import Settled, begin, settled_once
from sim.world import NON_ALIGNED, WEST, World

REPLICATES = 200
SEED = 1
MOVED = 0.1
"""A mean that moves by more in the whole run counts as movement."""
SOME = 0.005
"""Cooperation below rounds to 0."""


@dataclass(frozen=True)
class Watched:
    """One simulation of ``R`` replicates, read off at the start and at the end of each December.

    ``trust`` and ``cooperation`` (share of the last twelve months with mutual cooperation) have shape (R, years + 1, n, n),
    ``side`` and ``alignment`` (R, years + 1, n); ``monthly`` are means over replicates by month, (months, n, n);
    ``fighters`` (R, months) of the first non-state actor, if there is one.
    """

    states: tuple[str, ...]
    first: int
    trust: np.ndarray
    cooperation: np.ndarray
    side: np.ndarray
    alignment: np.ndarray
    monthly: Mapping[str, np.ndarray]
    fighters: np.ndarray

    def at(self, year: int) -> int:
        """The place of the end of a year; 0 is the start."""
        return year - self.first + 1

    def month(self, year: int, month: int) -> int:
        """The place of a month in ``monthly``."""
        return 12 * (year - self.first) + month - 1

    def of(self, array: np.ndarray, a: str, b: str, year: int) -> np.ndarray:
        """By replicate, of the first toward the second at the end of a year, (R,)."""
        return array[:, self.at(year), self.states.index(a), self.states.index(b)].astype(float)

    def both(self, array: np.ndarray, a: str, b: str, year: int) -> np.ndarray:
        """The mean of the two directions."""
        return (self.of(array, a, b, year) + self.of(array, b, a, year)) / 2

    def worked(self, a: str, b: str, first: int = 2016, last: int = 2025) -> np.ndarray:
        """Mutual cooperation by replicate over whole years, (R,)."""
        return np.mean([self.of(self.cooperation, a, b, year) for year in range(first, last + 1)], axis=0)


def watch(scenario: Scenario, replicates: int = REPLICATES, workers: int | None = None) -> Watched:
    """Run a scenario that starts in a January and keep what the faces are made of."""
    n = len(scenario.states)
    prepare()
    settled = settled_once(scenario, seed=SEED, workers=workers)
    parts = chunks(replicates, n)
    done = share(partial(_simulate, scenario, settled), parts, workers=workers)
    joined = {name: np.concatenate([kept[name] for kept, _ in done]) for name in done[0][0]}
    monthly = {name: sum(sums[name] for _, sums in done) / replicates for name in done[0][1]}
    return Watched(scenario.states, int(format_month(scenario.start)[:4]), **joined, monthly=monthly)


def _simulate(
    scenario: Scenario, settled: Settled | None, part: range, report: Report
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    world, rules, _ = begin(scenario, part, seed=SEED, settled=settled)
    count, n, years = len(part), len(scenario.states), scenario.steps // 12
    kept = {name: np.zeros((count, years + 1, n, n), np.float32) for name in ("trust", "cooperation")}
    kept |= {name: np.zeros((count, years + 1, n), np.float32) for name in ("side", "alignment")}
    kept["fighters"] = np.zeros((count, scenario.steps), np.float32)
    sums = {name: np.zeros((scenario.steps, n, n)) for name in ("trust", "cooperation")}

    def worked(now: World) -> np.ndarray:
        return np.bitwise_count(now.cooperation_months.astype(np.uint64)) / 12

    def look(place: int, now: World) -> None:
        kept["trust"][:, place], kept["cooperation"][:, place] = now.trust, worked(now)
        kept["side"][:, place], kept["alignment"][:, place] = labelled(now), alignment(now)

    def see(month: int, after: World, booked: Any) -> None:
        at = month - scenario.start
        sums["trust"][at], sums["cooperation"][at] = after.trust.sum(axis=0), worked(after).sum(axis=0)
        if after.strength.shape[1]:
            kept["fighters"][:, at] = after.strength.sum(axis=-1)[:, 0]
        if (at + 1) % 12 == 0:
            look((at + 1) // 12, after)
        report(count)

    look(0, world)
    engine.carry(world, rules, scenario.start, scenario.end, see)
    return kept, sums


# -- the faces -------------------------------------------------------------------------------------------------------

Said = tuple[str, float | None, bool]
"""What was measured, in words; the share of replicates in which it holds, where that can be said; whether it holds."""


@dataclass(frozen=True)
class Face:
    """One expectation with what came of it, with all events and without those that impose an outcome."""

    about: str
    wanted: str
    measured: str
    share: float | None
    held: bool
    without: Said | None
    note: str = ""

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        found = {name: getattr(self, name) for name in ("about", "wanted", "measured", "share", "held", "note")}
        if self.without is not None:
            found |= dict(zip(("measured_without", "share_without", "held_without"), self.without))
        return found


def _number(value: float) -> str:
    return f"{value:+.2f}"


def _mean(values: np.ndarray, holds: Callable[[np.ndarray], np.ndarray]) -> Said:
    return f"mean {_number(values.mean())}", float(np.mean(holds(values))), bool(holds(values.mean()[None])[0])


def _falls(change: np.ndarray) -> Said:
    """Whether a mean falls beyond its sampling error: the upper end of its 90 % interval is below 0."""
    high = change.mean() + _wide(change)
    return f"mean {change.mean():+.3f}", float((change < 0).mean()), bool(high < 0)


def _wide(values: np.ndarray) -> float:
    """Half of the 90 % interval of a mean."""
    from scipy.stats import t

    return float(t.ppf(0.95, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)))


def _ukraine_west(w: Watched) -> Said:
    part = float((w.side[:, w.at(2023), w.states.index("UKR")] == WEST).mean())
    return f"West in {part:.0%}", part, part >= 0.75


def _ukraine_america(w: Watched) -> Said:
    return _mean(w.of(w.trust, "UKR", "USA", 2023), lambda x: x > 0)


def _russia_ukraine(w: Watched) -> Said:
    return _mean(w.of(w.trust, "RUS", "UKR", 2023) - w.of(w.trust, "RUS", "UKR", 2021), lambda x: x <= -0.15)


def _during_the_war(w: Watched) -> Said:
    i, j = w.states.index("RUS"), w.states.index("UKR")
    mean = w.monthly["trust"][:, i, j]
    rise = mean[w.month(2025, 12)] - mean[w.month(2022, 3)]
    shares = float((w.of(w.trust, "RUS", "UKR", 2025) <= w.of(w.trust, "RUS", "UKR", 2022)).mean())
    return f"by {_number(rise)} from March 2022 to December 2025", shares, bool(rise <= 0)


def _belarus(w: Watched) -> Said:
    return _falls(w.both(w.trust, "BLR", "UKR", 2022) - w.both(w.trust, "BLR", "UKR", 2021))


def _india_america(w: Watched) -> Said:
    return _mean(w.of(w.trust, "IND", "USA", 2025), lambda x: x >= 0)


def _ranks(w: Watched, what: str, a: str, b: str) -> np.ndarray:
    """The share of dyads below, in each month's means over replicates, (months,)."""
    matrix = (w.monthly[what] + w.monthly[what].transpose(0, 2, 1)) / 2
    first, second = np.triu_indices(len(w.states), 1)
    own = matrix[:, w.states.index(a), w.states.index(b)]
    return (matrix[:, first, second] < own[:, None]).mean(axis=1)


def _pakistan_lowest(w: Watched) -> Said:
    low = _ranks(w, "trust", "IND", "PAK") < 0.1
    return f"in {low.mean():.0%} of months", None, bool(low.all())


def _pakistan(w: Watched) -> Said:
    last = w.both(w.trust, "IND", "PAK", 2025)
    below = float((last < 0).mean())
    return (
        f"median {_number(np.median(last))}, below 0 in {below:.0%}",
        below,
        bool(np.median(last) < -0.2 and below >= 0.75),
    )


def _galwan(w: Watched) -> Said:
    return _falls(w.of(w.trust, "IND", "CHN", 2020) - w.of(w.trust, "IND", "CHN", 2019))


def _great_powers(w: Watched) -> Said:
    start = w.trust[:, 0].astype(float)
    i, j = w.states.index("CHN"), w.states.index("USA")
    return _falls(w.both(w.trust, "CHN", "USA", 2025) - (start[:, i, j] + start[:, j, i]) / 2)


def _great_powers_work(w: Watched) -> Said:
    values = w.worked("CHN", "USA")
    return f"mean {values.mean():.3f} of months", float((values > 0).mean()), bool(values.mean() >= SOME)


def _west(state: str, w: Watched) -> Said:
    values = w.alignment[:, w.at(2025), w.states.index(state)].astype(float)
    return f"median {_number(np.median(values))}", float((values <= -0.6).mean()), bool(np.median(values) <= -0.6)


def _allies(w: Watched) -> Said:
    ours = {state: w.worked(state, "USA").mean() for state in ("GBR", "FRA", "DEU", "TUR")}
    theirs = w.worked("RUS", "CHN").mean()
    said = ", ".join(f"{state} {value:.2f}" for state, value in ours.items())
    return f"{said}; Russia-China {theirs:.2f}", None, bool(min(ours.values()) >= theirs - 0.1)


def _unaligned(state: str, least: float, w: Watched) -> Said:
    part = float((w.side[:, w.at(2025), w.states.index(state)] == NON_ALIGNED).mean())
    return f"on no side in {part:.0%}", part, part >= least


def _central_asia(w: Watched) -> Said:
    return _falls(w.both(w.trust, "KGZ", "TJK", 2023) - w.both(w.trust, "KGZ", "TJK", 2019))


def _movement(w: Watched) -> Said:
    off = ~np.eye(len(w.states), dtype=bool)
    moved = np.abs(w.trust[:, -1].mean(axis=0, dtype=float) - w.trust[:, 0].mean(axis=0, dtype=float))[off] > MOVED
    return f"{moved.mean():.0%} of dyads", None, bool(moved.mean() >= 0.25)


def _highest(w: Watched) -> Said:
    high = _ranks(w, "cooperation", "RUS", "CHN") >= 0.9
    year = [w.worked("RUS", "CHN", when, when).mean() for when in (2016, 2025)]
    return f"in {high.mean():.0%} of months; {year[0]:.2f} in 2016, {year[1]:.2f} in 2025", None, bool(high.all())


def _fighters(first: tuple[int, int], last: tuple[int, int], low: float, high: float, w: Watched) -> Said:
    values = w.fighters[:, w.month(*first) : w.month(*last) + 1].astype(float).mean(axis=1)
    median = float(np.median(values))
    inside = float(((values >= low) & (values <= high)).mean())
    return f"median {median:,.0f}", inside, low <= median <= high


def _road_maps(what: str, w: Watched, other: Watched) -> Said:
    def mean(of: Watched) -> np.ndarray:
        array = of.trust if what == "trust" else of.cooperation
        return np.mean([of.both(array, "RUS", "CHN", year) for year in range(2018, 2026)], axis=0)

    more = mean(w) - mean(other)
    low, high = more.mean() - _wide(more), more.mean() + _wide(more)
    return f"mean {more.mean():+.3f} [{low:+.3f}, {high:+.3f}]", float((more > 0).mean()), bool(low > 0)


BROKE = ("USA", "GBR", "FRA", "DEU")
"""Members of NATO that break with Russia in `ukraine_rupture`."""


def _rupture(w: Watched) -> Said:
    """Ends: in 2015 less than a tenth of what it was in 2013, with those that break; Turkey's goes on and is told apart."""
    before, after = (np.mean([w.worked(state, "RUS", year, year) for state in BROKE], axis=0) for year in (2013, 2015))
    turkey = [w.worked("TUR", "RUS", year, year).mean() for year in (2013, 2015)]
    said = f"{before.mean():.3f} of months in 2013, {after.mean():.3f} in 2015; Turkey {turkey[0]:.2f} and {turkey[1]:.2f}"
    return said, float((after < before / 10).mean()), bool(after.mean() < before.mean() / 10)


Measure = Callable[[Watched], Said]
OF_ONE: tuple[tuple[str, str, Measure, str], ...] = (
    ("Ukraine", "West in 75 % of replicates in December 2023", _ukraine_west, ""),
    ("Ukraine", "its trust in the United States positive at the end of 2023", _ukraine_america, ""),
    ("Ukraine", "Russia's trust in it lower at the end of 2023 than of 2021, by .15 or more", _russia_ukraine, ""),
    ("Ukraine", "Russia's trust in it does not rise during the war", _during_the_war, ""),
    ("Ukraine", "Belarus-Ukraine falls in 2022", _belarus, ""),
    ("India", "trust in the United States not below 0 at the end of 2025", _india_america, ""),
    ("India", "India-Pakistan in the lowest 10 % of dyads in every month", _pakistan_lowest, ""),
    ("India", "India-Pakistan: median below -.2 at the end of 2025, below 0 in 75 %", _pakistan, ""),
    ("India", "trust in China lower after Galwan: end of 2020 less end of 2019", _galwan, ""),
    ("China-United States", "trust falls from 2015 to 2025", _great_powers, ""),
    ("China-United States", "cooperation of 2016 to 2025 is not 0", _great_powers_work, ""),
    *(
        ("the West", f"alignment of {name} -.6 or lower in December 2025", partial(_west, state), "")
        for name, state in (("Germany", "DEU"), ("France", "FRA"), ("Japan", "JPN"), ("the United Kingdom", "GBR"))
    ),
    ("the West", "NATO members work with the United States as Russia and China do, less .1", _allies, ""),
    ("the unaligned", "Saudi Arabia on no side in 50 %, December 2025", partial(_unaligned, "SAU", 0.5), ""),
    ("the unaligned", "Turkmenistan on no side in 30 %", partial(_unaligned, "TKM", 0.3), ""),
    ("the unaligned", "Mongolia on no side in 30 %", partial(_unaligned, "MNG", 0.3), ""),
    ("Central Asia", "Kyrgyzstan-Tajikistan lower at the end of 2023 than of 2019", _central_asia, ""),
    ("movement", "25 % of dyads move by more than .1 in eleven years", _movement, ""),
    ("Russia-China", "cooperation in the highest decile of dyads in every month", _highest, ""),
    (
        "IS in Afghanistan",
        "median of 2022 between 3,000 and 4,500",
        partial(_fighters, (2022, 1), (2022, 12), 3000, 4500),
        "",
    ),
    (
        "IS in Afghanistan",
        "median of December 2025 between 1,500 and 3,000",
        partial(_fighters, (2025, 12), (2025, 12), 1500, 3000),
        "",
    ),
)


def faces(replicates: int = REPLICATES, workers: int | None = None, rules: str = LATEST) -> list[Face]:
    """All faces, measured on the scenarios as they stand."""
    under = {"scenario.rules": rules}
    stories = {name: read(name, changes=under) for name in ("sco_expansion", "no_roadmap", "ukraine_rupture")}
    seen = {name: watch(story, replicates, workers) for name, story in stories.items()}
    bare = {
        name: watch(read(name, changes=under | _without_imposed(story)), replicates, workers)
        for name, story in stories.items()
    }
    main = "sco_expansion"
    found = []
    for about, wanted, measure, note in OF_ONE:
        found.append(Face(about, wanted, *measure(seen[main]), measure(bare[main]), note))
    for what in ("trust", "cooperation"):
        both = (_road_maps(what, of[main], of["no_roadmap"]) for of in (seen, bare))
        wanted = f"{what} of 2018 to 2025 higher with the road maps, lower 90 % end above 0"
        found.append(Face("Russia-China", wanted, *next(both), next(both)))
    wanted = "cooperation of NATO's four that broke with Russia ends in 2014 (2015: under a tenth of 2013), from 2012"
    found.append(Face("NATO-Russia", wanted, *_rupture(seen["ukraine_rupture"]), _rupture(bare["ukraine_rupture"])))
    return found


def _without_imposed(story: Scenario) -> dict[str, None]:
    known = types()
    return {f"~scenario.events.{key}": None for key, event in story.events.items() if known[event["type"]].imposed}
