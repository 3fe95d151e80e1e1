"""Simulate a scenario and write its results, unless the same run is already finished."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.options import DEFAULTS

if TYPE_CHECKING:
    from sim.results import Run
    from sim.scenario import Scenario

    Progress = Callable[[int, int], Any]


def run(
    scenario: str | Path | Scenario,
    *,
    replicates: int | str = DEFAULTS.replicates,
    seed: int = DEFAULTS.seed,
    dtype: str = DEFAULTS.dtype,
    save: str = DEFAULTS.save,
    engine: str = DEFAULTS.engine,
    workers: int | None = None,
    precision: float | None = None,
    measure: str | None = None,
    start: str | None = None,
    end: str | None = None,
    uncertainty: str | None = None,
    changes: Mapping[str, Any] | None = None,
    scenario_dir: str | Path | None = None,
    results: Path | str = "results",
    force: bool = False,
    progress: Progress | None = None,
    behaviours: Mapping[str, Any] | None = None,
) -> Run:
    """Simulate a scenario, write its results, and open them; a finished run is not run again.

    Args:
        scenario: a name, a file, or a `Scenario`.
        replicates: draws of the noise; `auto` for as many as `precision` asks for.
        seed: which luck.
        dtype: `float64`.
        save: `measures`, `dyads` or `all`.
        engine: `numpy`, `kernel`, or `auto` for the kernel where it can.
        workers: processes; None for all cores.
        precision: with `replicates="auto"`: half-width of the 95 % interval of the mean of `measure` at the end.
        measure: such as `cooperation:SCO`.
        start: the first month in place of the scenario's, such as `2016-01`.
        end: the last month in place of the scenario's.
        uncertainty: what differs between replicates: `chance`, `parameters` or `both`; None for both where the rules have a
            table of draws.
        changes: dotted keys as on the command line, such as `{"scenario.events.us_withdrawal.on": "2025-01"}`.
        scenario_dir: a folder of scenarios of your own.
        results: the folder of all results.
        force: run again although a finished run exists.
        progress: called with (done, total).
        behaviours: classes of your own by state, `{"IND": "hedging.py:HedgingIndia"}` or `{"IND": HedgingIndia}`.

    Raises:
        BehaviourError: a behaviour cannot be used.
        ScenarioError: the scenario has mistakes.
        ResultsError: the results cannot be written.
    """
    changes = {
        **(changes or {}),
        **{key: value for key, value in (("start", start), ("end", end), ("uncertainty", uncertainty)) if value is not None},
    }
    if isinstance(scenario, (str, Path)):
        from sim.scenario import read

        scenario = read(scenario, scenario_dir=scenario_dir, changes=changes)
    elif changes:
        raise ValueError("changes, uncertainty, start and end go with a scenario's name or file; this one is already read")
    options = {"replicates": replicates, "seed": seed, "dtype": dtype, "save": save, "workers": workers, "force": force}
    if engine != DEFAULTS.engine:
        options["engine"] = engine
    if replicates == "auto":
        options |= {"precision": precision, "measure": measure}
    if changes:
        options["overrides"] = [f"scenario={scenario.name}", *(f"{key}={_as_word(value)}" for key, value in changes.items())]
    if behaviours:
        from sim.agents.behaviours import locate

        options["behaviours"] = {code: locate(given) for code, given in behaviours.items()}
    from sim.results import open_run

    return open_run(obtain(scenario, options, Path(results), lambda: progress)[0])


def opened(given: Run | Scenario | Path | str, results: Path | str = "results", **options: Any) -> Run:
    """A finished run, from whatever names it: itself, its folder, a scenario's name (its newest run), or a `Scenario` or the
    file of one, which is simulated unless that run is finished.

    Args:
        given: what names it.
        results: the folder of all results.
        options: of :func:`run`, for what has to be simulated.

    Raises:
        ResultsError: there is no such run.
        ScenarioError: the scenario has mistakes.
    """
    from sim.results import Run, find, open_run

    if isinstance(given, Run):
        return given
    if not isinstance(given, (str, Path)) or Path(given).suffix in (".yaml", ".yml"):
        return run(given, results=results, **options)
    return open_run(find(given, results))


def obtain(
    scenario: Scenario, options: Mapping[str, Any], root: Path, start: Callable[[], Progress | None]
) -> tuple[Path, bool]:
    """The folder of the run, and whether it was there already; `start` is called before a simulation.

    Raises:
        ResultsError: the results cannot be written.
    """
    from sim.results import check_writable, digest, finished, write
    from sim.results.writing import check_name

    check_name(scenario.name)
    if not options.get("force"):
        whole = finished(root, scenario.name, digest(scenario, options), told=_make_again)
        if whole:
            return whole, True
    check_writable(root)
    from sim.simulation.precision import carry_out

    return write(carry_out(scenario, options, progress=start(), told=_say, folder=root), options, root), False


def _as_word(value: Any) -> str:
    """A value as it stands on a command line."""
    if value is None:
        return "null"
    return str(value) if isinstance(value, (str, Path)) else json.dumps(value, default=str, separators=(",", ":"))


def _make_again(why: str) -> None:
    _say(f"{why.rpartition('; ')[0]}; it is made again")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
