"""What a sweep reads off a run: each outcome at the end, on average over the run, and at dates asked for.

Of each a few columns: median, 5 and 95 % over replicates, their mean and its standard error. A column is called
`cooperation:eight.end.median`, `trust:IND>PAK.average.p05`, `strength:ISK.2021-08.mean`.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.calendar import format_month, parse_month
from sim.results import ResultsError, open_run

if TYPE_CHECKING:
    from sim.results import Run

END, AVERAGE = "end", "average"
READINGS = ("median", "p05", "p95", "mean", "se")
NOT_AMOUNTS = ("bloc",)


def default(run: Run) -> list[str]:
    """Cooperation of the named sets and of all, trust both ways in the watched dyads, the sizes of the blocs, the
    strength of non-state actors, polarisation: as far as the run has them."""
    about = run.manifest
    wanted = [f"cooperation:{name}" for name in (*(about.get("sets") or ()), "world")]
    for a, b in about.get("watch") or ():
        wanted += [f"trust:{a}>{b}", f"trust:{b}>{a}"]
    wanted += [f"bloc_size:{run.sides.east}", f"bloc_size:{run.sides.west}", "polarisation:world"]
    wanted += [f"strength:{row['code']}" for row in about.get("actors") or ()]
    return [name for name in wanted if has(run, name)]


def has(run: Run, name: str) -> bool:
    """Whether a run recorded an outcome."""
    measure, _, subject = name.partition(":")
    return measure in run.measures() and subject in run.subjects(measure)


def outcomes_of(folder: Path, wanted: Sequence[str] | str | None, at: Sequence[str] = ()) -> dict[str, float | None]:
    """The outcomes of a finished run by column; None where there is no number.

    Args:
        folder: of the run.
        wanted: outcomes such as `cooperation:eight`; `all` for every series that is an amount; None for the default.
        at: months; what is read there is the state of the world at the end of that month.

    Raises:
        ResultsError: the run cannot be read.
    """
    run = open_run(folder)
    if wanted == "all":
        wanted = [f"{m}:{s}" for m in run.measures() if m not in NOT_AMOUNTS for s in run.subjects(m)]
    columns: dict[str, float | None] = {}
    for name in default(run) if wanted is None else wanted:
        measure, _, subject = name.partition(":")
        try:
            times, values = run.series(measure, subject)
        except ResultsError:
            continue  # another scenario of the sweep has it
        for moment, series in _moments(times, values, at).items():
            columns |= {f"{name}.{moment}.{key}": number for key, number in readings(series).items()}
    return columns


def _moments(times: Sequence[str], values: np.ndarray, at: Sequence[str]) -> dict[str, np.ndarray | None]:
    """Values by replicate at each moment, (R,); None at a month that the run does not have."""
    found: dict[str, np.ndarray | None] = {END: values[:, -1], AVERAGE: _over_time(values)}
    for month in at:
        after = format_month(parse_month(month) + 1)  # what a month leaves is there at the start of the next
        before = [k for k, time in enumerate(times) if time <= after]
        inside = times[0] <= after <= times[-1]
        found[month] = values[:, before[-1]] if inside else None
    return found


def _over_time(values: np.ndarray) -> np.ndarray:
    """The mean over time of each replicate, as far as there is a value."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a replicate without any value stays without
        return np.nanmean(values, axis=1, dtype=float)


def readings(values: np.ndarray | None) -> dict[str, float | None]:
    """Median, 5 and 95 %, mean and its standard error of values by replicate; what is missing does not count."""
    known = values[np.isfinite(values)].astype(float) if values is not None else np.empty(0)
    if not len(known):
        return dict.fromkeys(READINGS)
    low, middle, high = (float(x) for x in np.quantile(known, (0.05, 0.5, 0.95)))
    error = float(known.std(ddof=1) / np.sqrt(len(known))) if len(known) > 1 else None
    return {"median": middle, "p05": low, "p95": high, "mean": float(known.mean()), "se": error}
