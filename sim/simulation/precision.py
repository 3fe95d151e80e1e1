"""How many replicates? As many as make the mean of one measure as sure as was asked for: `replicates=auto`.

The rule: simulate 100 replicates, then as many more as the spread seen so far calls for (in hundreds; never more than
were there already), until the half-width of the 95 % confidence interval of the mean of the measure at the end of the run
is at most the precision, or until 5,000 replicates. Blocks follow from the numbers alone, so the same run stops at the
same place, and its first 100 replicates are those of any other run.

Stopping where the interval happens to be narrow makes it cover a little less than 95 %; growing by what the spread calls
for instead of one small block after another keeps the number of looks, and with it that loss, small.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sim.options import DEFAULTS, basics
from sim.processes.chunks import chunks
from sim.processes.memory import USUAL, Limits
from sim.scenario import Scenario
from sim.scenario.subjects import NotMeasured, series_of, watching
from sim.simulation.engines import engine_of
from sim.simulation.ensemble import Trajectory, gathered, located, simulate, simulate_parts
from sim.simulation.recording import Gathering
from sim.wording import month_before

FIRST, MOST = 100, 5_000
"""Replicates of the first block, and at most. A replicate of 21 states and 11 years takes 0.2 MB of memory."""
LEVEL = 0.95


def half_width(values: np.ndarray) -> float:
    """Of the 95 % confidence interval (Student's t) of the mean of values (R,); what is missing does not count."""
    values = values[np.isfinite(values)]
    if len(values) < 2:
        return math.inf
    from scipy.special import stdtrit  # here, since it takes a quarter of a second to load

    return float(stdtrit(len(values) - 1, (1 + LEVEL) / 2) * values.std(ddof=1) / math.sqrt(len(values)))


def simulate_until(
    scenario: Scenario,
    *,
    precision: float,
    measure: str,
    most: int = MOST,
    seed: int = DEFAULTS.seed,
    dtype: str = DEFAULTS.dtype,
    save: str = DEFAULTS.save,
    workers: int | None = None,
    engine: str = DEFAULTS.engine,
    behaviours: Mapping[str, Any] | None = None,
    progress: Callable[[int, int], Any] | None = None,
    told: Callable[[str], Any] | None = None,
    folder: Path | None = None,
    limits: Limits = USUAL,
) -> Trajectory:
    """Simulate until the mean of a measure at the end of the run is known to a precision.

    Args:
        scenario: the story.
        precision: half-width of the 95 % interval, in the unit of the measure.
        measure: such as `cooperation:SCO`.
        most: replicates at most.
        seed: which luck.
        dtype: `float64`.
        save: `measures`, `dyads` or `all`.
        workers: processes, or threads of the kernel; None for one a core.
        engine: `auto`, `kernel` or `numpy`.
        behaviours: classes of your own by state.
        progress: called with replicate-months done and to do; what is to do grows with each block.
        told: called with a sentence after each block.
        folder: on whose disk to keep what does not fit in memory; None for the system's temporary folder.
        limits: how the work is cut up and where it is kept.

    Returns:
        the trajectory; ``trajectory.stopped`` says why it stopped.

    Raises:
        NotMeasured: the scenario has no such measure, or it has no value at the end.
        ValueError: a precision that is not above 0.
    """
    if not precision > 0:
        raise ValueError(f"precision is {precision!r}; it must be above 0, such as precision=0.01")
    name, subject = series_of(scenario, measure, any_dyad=True)
    scenario = watching(scenario, name, subject)
    began = time.perf_counter()
    behaviours, described = located(behaviours)
    chosen = engine_of(scenario, engine, dtype=dtype, behaviours=behaviours)
    gathering = Gathering(scenario, most, dtype=dtype, save=save, folder=folder, limits=limits)
    series = gathering.recording.series[name]
    warnings: list[str] = []
    blocks: list[int] = []
    count, wanted = 0, min(FIRST, most)
    while True:
        new = chunks(wanted - count, len(scenario.states), limits)
        parts = [range(count + part.start, count + part.stop) for part in new]
        months = (count * scenario.steps, wanted * scenario.steps)

        def report(finished: int, months: tuple[int, int] = months) -> None:
            if progress is not None:
                progress(months[0] + finished, months[1])

        warnings += simulate_parts(
            scenario,
            parts,
            gathering,
            seed=seed,
            dtype=dtype,
            save=save,
            workers=workers,
            engine=chosen.name,
            behaviours=behaviours,
            progress=report,
            limits=limits,
        )
        count = wanted
        blocks.append(count)
        ends = series.values[:count, -1, series.subjects.index(subject)].astype(float)
        half = half_width(ends)
        if not np.isfinite(ends).any():
            raise NotMeasured(f"{name}:{subject} has no value at the end of {scenario.name} in any replicate")
        if told is not None:
            told(f"{count:,} replicates: {name}:{subject} is known to +-{half:.2g}, wanted +-{precision:g}")
        if half <= precision or count >= most:
            break
        needed = 100 * math.ceil(count * (half / precision) ** 2 / 100) if math.isfinite(half) else 2 * count
        wanted = min(max(needed, count + 100), 2 * count, most)
    trajectory = gathered(gathering, scenario, count, seed, dtype, warnings, described, chosen)
    trajectory.timings = {"simulate": time.perf_counter() - began}
    end = month_before(trajectory.times[-1])
    what = f"the half-width of the 95 % interval of the mean of {name}:{subject} at the end of {end} is {half:.2g}"
    reached = half <= precision
    why = f"not above the precision of {precision:g}" if reached else f"still above the precision of {precision:g}"
    stop = "" if reached else f"; {most:,} replicates are the most"
    trajectory.stopped = {
        "reason": f"Stopped after {count:,} replicates: {what}, {why}{stop}.",
        "reached": reached,
        "measure": f"{name}:{subject}",
        "precision": precision,
        "half_width": half if math.isfinite(half) else None,
        "replicates": count,
        "most": most,
        "blocks": blocks,
    }
    return trajectory


def carry_out(
    scenario: Scenario,
    options: Mapping[str, Any],
    *,
    progress: Callable[[int, int], Any] | None = None,
    told: Callable[[str], Any] | None = None,
    folder: Path | None = None,
) -> Trajectory:
    """Simulate a scenario as run options say, with a number of replicates or with `replicates=auto`."""
    chosen = basics(options)
    more = {
        "workers": options.get("workers"),
        "engine": options.get("engine") or DEFAULTS.engine,
        "behaviours": options.get("behaviours"),
        "progress": progress,
        "folder": folder,
    }
    if chosen["replicates"] != "auto":
        return simulate(scenario, **chosen, **more)
    del chosen["replicates"]
    return simulate_until(scenario, precision=options["precision"], measure=options["measure"], told=told, **chosen, **more)
