"""All of it: origins, horizons and targets; the results as rows, pooled and printed as data."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sim.data.public import DataError
from sim.hindcast import disputes, moments, pacts, relations, votes
from sim.hindcast.origin import Asked, Origin
from sim.hindcast.row import Row, pooled


@dataclass(frozen=True)
class Target:
    """One thing that is scored: how, which file its outcomes are in, its metrics (the first is told), what is pooled."""

    score: Callable[[Origin, int, bool], list[Row]]
    needs: str
    metrics: tuple[str, ...]
    loss: str
    root: bool = False
    first: int = 0
    """The first origin that it can be scored from."""


def _relations(quantity: relations.Quantity) -> Target:
    def score(origin: Origin, years: int, boosting: bool) -> list[Row]:
        return relations.score(origin, quantity, years, boosting)

    return Target(score, relations.NEEDS, relations.METRICS, "square", True, relations.FIRST_ORIGIN)


TARGETS = {
    "disputes": Target(disputes.score, disputes.NEEDS, disputes.METRICS, "brier"),
    "net share": _relations(relations.NET_SHARE),
    "volume": _relations(relations.VOLUME),
    "votes": Target(votes.score, votes.NEEDS, votes.METRICS, "square", True),
    "pacts": Target(pacts.score, pacts.NEEDS, pacts.METRICS, "log"),
    "moments": Target(lambda origin, years, _: moments.score(origin, years), "", moments.METRICS, ""),
}
FIRST_ORIGIN = 1980
"""The first origin: fifteen years of outcomes from 1966 lie before it."""
METRICS = tuple(dict.fromkeys(name for target in TARGETS.values() for name in target.metrics))


def score(
    asked: Asked,
    origins: Sequence[int],
    *,
    targets: Sequence[str] = tuple(TARGETS),
    horizons: Sequence[int] | None = None,
    boosting: bool = True,
    bound_at: Collection[int] | None = None,
) -> list[Row]:
    """Score every target at every origin and horizon that has outcomes, then pooled over the origins of each horizon.

    Args:
        asked: states, years and replicates.
        origins: last years that are known.
        targets: of :data:`TARGETS`.
        horizons: years ahead; None for every year up to those asked for.
        boosting: whether the bound is fitted, too.
        bound_at: the horizons at which it is; None for all.
    """
    found: list[Row] = []
    for year in origins:
        origin = Origin(year, asked)
        for ahead in horizons or range(1, asked.years + 1):
            for name in targets:
                if can(origin, TARGETS[name], ahead):
                    if asked.progress:
                        asked.progress(f"{name}, {ahead} years from {year}")
                    bound = boosting and (bound_at is None or ahead in bound_at)
                    found += TARGETS[name].score(origin, ahead, bound)
    return found + _pooled(found)


def reach(asked: Asked) -> dict[str, tuple[int, int]]:
    """The first and the last origin with an outcome a year later, by target; only those that have outcomes."""
    ends = asked.outcomes.last
    return {
        name: (max(target.first, FIRST_ORIGIN), ends[target.needs] - 1) for name, target in TARGETS.items() if target.needs
    }


def check(asked: Asked, origins: Sequence[int], targets: Sequence[str], *, foreseen: bool = False) -> None:
    """Refuse origins of which nothing can be said.

    Args:
        asked: states, years and replicates.
        origins: last years that are known.
        targets: those that are to be scored.
        foreseen: whether forecasts are wanted for themselves: then years without outcomes are allowed.

    Raises:
        DataError: an origin has too few years before it, is after the data, or nothing is known of what came of it.
    """
    known = set(asked.outcomes.codes) | set(asked.without)
    if unknown := [code for code in asked.states or () if code not in known]:
        raise DataError(
            f"--states {','.join(unknown)}: no such state in the data; ISO3 codes such as CHN,RUS, or k37, or all"
        )
    by = {name: years for name, years in reach(asked).items() if name in targets}
    last = max(asked.outcomes.last.values())
    for origin in origins:
        if origin < FIRST_ORIGIN:
            raise DataError(f"--origin {origin}: too early, the rivals need years to be fitted on; from {FIRST_ORIGIN} on")
        if origin > last:
            raise DataError(f"--origin {origin}: the data end in {last}; name that year or an earlier one")
        if by and not foreseen and not any(first <= origin <= end for first, end in by.values()):
            each = ", ".join(f"{name} {first} to {end}" for name, (first, end) in by.items())
            raise DataError(
                f"--origin {origin}: nothing is known of what came of it; origins with outcomes: {each}. To write what is "
                "foreseen without scores, give --forecasts FILE.csv"
            )


def can(origin: Origin, target: Target, ahead: int) -> bool:
    """Whether the data have outcomes for that target so many years after the origin, and enough years before it."""
    if not target.needs:
        return True
    return origin.year >= target.first and origin.has_outcome(target.needs, origin.year + ahead)


def _pooled(rows: Sequence[Row]) -> list[Row]:
    found = []
    for name, horizon in dict.fromkeys((row.target, row.horizon) for row in rows):
        target = TARGETS[name.partition(",")[0]]
        of = [row for row in rows if (row.target, row.horizon) == (name, horizon)]
        if target.loss and len({row.origin for row in of}) > 1:
            found += pooled(of, target.loss, root=target.root)
    return found


def as_json(rows: Sequence[Row], asked: Asked, origins: Sequence[int]) -> dict[str, Any]:
    """The rows as plain data."""
    return {
        "states": list(asked.states) if asked.states else "all",
        "left_out": list(asked.without),
        "origins": list(origins),
        "years": asked.years,
        "replicates": asked.replicates,
        "rows": [row.plain() for row in rows],
    }
