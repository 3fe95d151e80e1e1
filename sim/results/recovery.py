"""From the folder of a run back to its scenario, so that the run can be carried out again.

What the folder says may have been written by somebody else: it is read like a scenario file, within the limits of the
command line, and no place that it names is looked into.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.agents.behaviours import Behaviour, BehaviourError
from sim.options import DEFAULTS, NUMPY
from sim.results.changed import OF_THE_RUN
from sim.results.manifest import ResultsError
from sim.results.reading import OPTIONS, STORY, Run
from sim.results.stored import check_options, check_override
from sim.scenario import Scenario, ScenarioError
from sim.scenario.stored import from_stored

SHARED = ("seed", "replicates", "dtype")
"""Options that the manifest of a run tells, and that a run it is compared with shares."""


def options(run: Run) -> dict[str, Any]:
    """The run options as they were stored (config/run.json).

    Raises:
        ResultsError: they cannot be read, or the command line would not take them.
    """
    stored = dict(run.options())
    stored.setdefault("engine", engine_name(run.manifest))
    check_options(stored, f"{run.path / OPTIONS}: ")
    return stored


def behaviours(run: Run) -> dict[str, Behaviour]:
    """The behaviours of a run by state, as it names them; no file of theirs is opened.

    Raises:
        BehaviourError: they are not named as a run names them.
    """
    return _behaviours(options(run).get("behaviours"), f"{run.path / OPTIONS}: behaviours")


def engine_name(manifest: Mapping[str, Any]) -> str:
    """The engine that carried out a run."""
    about = manifest.get("engine")
    return str(about.get("name")) if isinstance(about, Mapping) else NUMPY


def told_by(manifest: Mapping[str, Any], where: Path) -> tuple[dict[str, Any], list[str]]:
    """What of a run another one takes over: seed, replicates, dtype and the kernel, and its months, as words. Nothing of its
    story: a scenario's name means the scenario as its file says.

    Raises:
        ResultsError: something that the command line would not take.
    """
    shared = {name: manifest.get(name) for name in SHARED}
    if (engine := engine_name(manifest)) != DEFAULTS.engine:
        shared["engine"] = engine
    check_options(shared, f"{where}/manifest.json: ")
    given = manifest.get("overrides") or ()
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise ResultsError(f"{where}/manifest.json: overrides: is not a list of words")
    words = [word for word in given if not isinstance(word, str) or OF_THE_RUN.match(word)]
    for word in words:
        check_override(word, f"{where}/manifest.json: overrides")
    return {name: value for name, value in shared.items() if value is not None}, words


def scenario(run: Run, folders: Sequence[Path] = ()) -> Scenario:
    """The scenario of a run, from its stored story and the starting world that it names.

    The scenario's file is not looked at: it may have changed, or be gone. The tables of the starting world are not part
    of a run, only their digest is; whether they are still the same shows in ``scenario.spec["tables"]``.

    Args:
        run: the run.
        folders: where its starting world is looked for before the built-in ones.

    Raises:
        ResultsError: the story cannot be read, or no longer makes sense to this version of the package.
    """
    about = run.manifest
    parents = about.get("parents") or []
    if not isinstance(parents, list) or not all(isinstance(name, str) for name in parents):
        raise ResultsError(f"{run.path}/manifest.json: parents: is not a list of names")
    story = run.story()
    try:
        return from_stored(story, name=about["scenario"], parents=parents, file=run.path / STORY, folders=folders)
    except ScenarioError as error:
        world = any(problem.key == ("world",) for problem in error.problems)
        hint = "\nA world of your own is looked for where you say: --scenario-dir (in Python scenario_dir)" if world else ""
        raise ResultsError(f"{run.path}: the story of this run can no longer be read: {error}{hint}") from None


def size(scenario: Scenario, options: Mapping[str, Any]) -> str:
    """How much is simulated, for the user to see before it begins."""
    count = options.get("replicates", 200)
    many = f"{count:,} replicates" if isinstance(count, int) else "as many replicates as its precision asks for"
    return f"{many} of {scenario.steps:,} months, {len(scenario.states):,} states"


def _behaviours(named: Any, where: str) -> dict[str, Behaviour]:
    if not named:
        return {}
    if not isinstance(named, dict):
        raise BehaviourError(f"{where}: is not a mapping of states to behaviours")
    return {code: Behaviour.stored(about, f"{where}.{code}") for code, about in named.items()}
