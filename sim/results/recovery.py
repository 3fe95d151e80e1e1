"""From the folder of a run back to its scenario, so that the run can be carried out again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sim.results.manifest import ResultsError
from sim.results.reading import Run
from sim.scenario import Scenario, ScenarioError
from sim.scenario.again import again

STORY = "config/scenario.json"


def options(run: Run) -> dict[str, Any]:
    """The run options as they were stored (config/run.json)."""
    try:
        return json.loads((run.path / "config" / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ResultsError(f"{run.path}/config/run.json cannot be read ({error})") from None


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
