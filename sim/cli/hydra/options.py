"""The run options, checked, together with the scenario they are for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from sim.calendar import parse_month
from sim.options import DTYPES, ENGINES, NO_FLOAT32, SAVES, RunOptions
from sim.results.stored import MOST_REPLICATES
from sim.scenario import Scenario, ScenarioError
from sim.scenario.files import home_expanded
from sim.scenario.problems import COMMAND_LINE, Problem, did_you_mean, quote

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, kw_only=True)
class RunConfig(RunOptions):
    """One run, ready to be carried out: a resolved scenario and the options of conf/config.yaml.

    ``start`` and ``end`` are in the scenario already (``scenario.start``, ``scenario.end``); ``overrides`` is what the
    command line said, ``sweeping`` whether this is one run of many, ``behaviours`` the user's own classes by state.
    """

    scenario: Scenario
    workers: int = 1
    pool: str = "local"
    plots: bool = True
    report: bool = True
    results: Path = Path("results")
    scenario_dir: Path | None = None
    overrides: tuple[str, ...] = ()
    sweeping: bool = False

    @property
    def options(self) -> dict[str, Any]:
        """The options by name, without the scenario."""
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: own[name] for name in own if name not in ("scenario", "overrides", "sweeping")}


@dataclass(frozen=True)
class SweepConfig:
    """The options of a whole sweep: what is read off each run (``outcomes``, ``at``), and whether to plan and no more."""

    NAMES: ClassVar[tuple[str, ...]] = ("design", "samples", "outcomes", "at", "dry_run")

    outcomes: tuple[str, ...] | str | None = None
    at: tuple[str, ...] = ()
    dry_run: bool = False


def check_sweep_options(given: Mapping[str, Any], problems: list[Problem], *, sweeping: bool) -> SweepConfig:
    """The options of a sweep; what is wrong is added to ``problems``, and that one is given to a single run."""

    def wrong(name: str, text: str) -> None:
        problems.append(Problem(COMMAND_LINE, (name,), text))

    if not sweeping:
        for name in ("samples", "outcomes", "at", "dry_run"):
            if given.get(name) not in (None, [], False):
                wrong(name, "is of a sweep, and this is one run; add -m, or leave it out")
        if given.get("pool") == "ray":
            wrong("pool", "ray shares out the runs of a sweep, and this is one run; add -m, or leave it out")
        return SweepConfig()
    outcomes = given.get("outcomes")
    if isinstance(outcomes, str) and outcomes != "all":
        outcomes = [outcomes]
    if outcomes is not None and outcomes != "all":
        if not isinstance(outcomes, list) or not outcomes or not all(isinstance(item, str) for item in outcomes):
            wrong("outcomes", "is a list of series, such as 'outcomes=[cooperation:SCO,trust:IND>PAK]', or outcomes=all")
            outcomes = None
        else:
            outcomes = tuple(dict.fromkeys(outcomes))
    at = given.get("at") if isinstance(given.get("at"), list) else [given["at"]] if given.get("at") else []
    for month in at:
        try:
            parse_month(month)
        except (ValueError, TypeError, AttributeError):
            wrong("at", f"{quote(month)} is not a month; write 'at=[2017-12,2021-08]'")
    if not isinstance(given.get("dry_run"), bool):
        wrong("dry_run", f"{quote(given.get('dry_run'))} is neither true nor false; write dry_run=true")
    return SweepConfig(outcomes, tuple(map(str, at)), given.get("dry_run") is True)


def check_options(given: Mapping[str, Any], problems: list[Problem]) -> dict[str, Any]:
    """The options as :class:`RunConfig` takes them; what is wrong is added to ``problems``."""
    known = ["parameters", "start", "end", "uncertainty", "behaviour", *SweepConfig.NAMES]
    known += [f.name for f in fields(RunConfig) if f.name not in ("overrides", "sweeping", "behaviours")]

    def wrong(name: str, text: str) -> None:
        problems.append(Problem(COMMAND_LINE, (name,), text))

    def whole(name: str, low: int, high: int, advice: str) -> int:
        value = given.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            wrong(name, f"{quote(value)} is not allowed; give a whole number from {low} to {high:,}, {advice}")
            return low
        return value

    def truth(name: str) -> bool:
        if not isinstance(given.get(name), bool):
            wrong(name, f"{quote(given.get(name))} is neither true nor false; write {name}=true or {name}=false")
        return bool(given.get(name))

    def word(name: str, allowed: tuple[str, ...], advice: str = "") -> str:
        value = given.get(name)
        if value not in allowed:
            wrong(name, f"{quote(value)} is not allowed{did_you_mean(value, allowed)}{advice}")
        return str(value)

    def folder(name: str, path: str) -> Path:
        try:
            return home_expanded(path, name)
        except ScenarioError as error:
            wrong(name, error.problems[0].text)
            return Path(path)

    for name in given:
        if name not in known:
            wrong(str(name), f"is not an option{did_you_mean(name, known, what='options')}")
    precision = measure = None
    if given.get("replicates") == "auto":
        replicates: int | str = "auto"
        precision, measure = given.get("precision"), given.get("measure")
        if isinstance(precision, bool) or not isinstance(precision, (int, float)) or not 0 < precision < float("inf"):
            said = "is missing" if precision is None else f"{quote(precision)} is not allowed"
            wrong("precision", f"{said}; replicates=auto needs the half-width wanted, such as precision=0.01")
        if not isinstance(measure, str) or not measure:
            said = "is missing" if measure is None else f"{quote(measure)} is not allowed"
            wrong("measure", f"{said}; replicates=auto needs what is to be sure, such as measure=cooperation:SCO")
    else:
        replicates = whole("replicates", 1, MOST_REPLICATES, "such as replicates=200, or replicates=auto")
        for name in ("precision", "measure"):
            if given.get(name) is not None:
                wrong(name, f"goes with replicates=auto; leave it out, or write replicates=auto {name}={given[name]}")
    results = given.get("results")
    if not isinstance(results, str) or not results.strip():
        wrong("results", f"{quote(results)} is not a folder; write results=FOLDER, in quotes if it is a number")
        results = "results"
    scenario_dir = given.get("scenario_dir")
    if scenario_dir is not None and not isinstance(scenario_dir, str):
        wrong("scenario_dir", f"{quote(scenario_dir)} is not a folder; write scenario_dir=DIR, in quotes if it is a number")
        scenario_dir = None
    return {
        "seed": whole("seed", 0, 2**63 - 1, "such as seed=1"),
        "replicates": replicates,
        "precision": precision,
        "measure": measure,
        "workers": _cores() if given.get("workers") is None else whole("workers", 1, 1024, "or leave it to all cores"),
        "pool": word("pool", ("local", "ray")),
        "dtype": word("dtype", DTYPES, f" ({NO_FLOAT32})"),
        "save": word("save", SAVES),
        "engine": word("engine", ENGINES),
        "plots": truth("plots"),
        "report": truth("report"),
        "force": truth("force"),
        "results": folder("results", results),
        "scenario_dir": folder("scenario_dir", scenario_dir) if scenario_dir else None,
    }


def _cores() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
