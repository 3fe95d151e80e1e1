"""From the folder of a run back to its scenario, so that the run can be carried out again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.results import fields
from sim.results.manifest import ResultsError
from sim.results.reading import OPTIONS, STORY, Run
from sim.scenario import Scenario, ScenarioError
from sim.scenario.again import again

FORM = {
    "overrides": ([str], None), "scenario_dir": (str, None), "dtype": (str, None), "save": (str, None),
    "behaviours": ({str: {"class": str, "file": str, "sha256": str}}, None),
}  # fmt: skip
"""What is used of the stored options, where it is there."""


def options(run: Run) -> dict[str, Any]:
    """The run options as they were stored (config/run.json).

    Raises:
        ResultsError: they cannot be read.
    """
    found = run.options()
    wrong = fields.problem(dict.fromkeys(FORM) | found, FORM)
    if wrong:
        raise ResultsError(f"{run.path / OPTIONS} is damaged: {wrong}; run it again with force=true")
    return found


def scenario(run: Run) -> Scenario:
    """The scenario of a run, from its stored story and the starting world that it names.

    The scenario's file is not looked at: it may have changed, or be gone. The tables of the starting world are not part
    of a run, only their digest is; whether they are still the same shows in ``scenario.spec["tables"]``.

    Raises:
        ResultsError: the story cannot be read, or no longer makes sense to this version of the package.
    """
    about = run.manifest
    try:
        return again(run.story(), name=about["scenario"], parents=about.get("parents") or (),
                     file=run.path / STORY, folders=folders(run))  # fmt: skip
    except ScenarioError as error:
        raise ResultsError(f"{run.path}: the story of this run can no longer be read: {error}") from None


def folders(run: Run) -> list[Path]:
    """Where its starting world is looked for before the built-in ones: beside the user's file, in the user's folder."""
    chosen = options(run)
    found = []
    for word in chosen.get("overrides") or ():
        if word.startswith("scenario="):
            path = Path(word.partition("=")[2].strip("'\"")).expanduser()
            found += [path.parent] if path.suffix in (".yaml", ".yml") else []
    if chosen.get("scenario_dir"):
        found.append(Path(chosen["scenario_dir"]))
    return [folder for folder in found if folder.is_dir()]
