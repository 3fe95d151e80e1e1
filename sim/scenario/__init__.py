"""Scenarios: short, sourced YAML files, read strictly and safely, with every problem named at once.

``read("sco_expansion")`` gives a :class:`Scenario`; ``sim.start.world`` makes the initial world from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.scenario.changes import apply_changes
from sim.scenario.describe import Difference, Moment, describe_event, differences, read_parent, state_names, timeline
from sim.scenario.inherit import Draft, find, names, read_draft
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.resolve import Scenario, resolve
from sim.scenario.worlds import Tables

__all__ = [
    "Difference",
    "Draft",
    "Moment",
    "Problem",
    "Scenario",
    "ScenarioError",
    "Tables",
    "describe_event",
    "differences",
    "find",
    "names",
    "read",
    "read_draft",
    "read_parent",
    "resolve",
    "state_names",
    "timeline",
]


def read(name: str | Path, *, scenario_dir: str | Path | None = None, changes: Mapping[str, Any] | None = None) -> Scenario:
    """Read and check a scenario by name or path.

    Args:
        name: ``sco_expansion``, or a file such as ``./mine.yaml``.
        scenario_dir: a folder of your own, looked into before the built-in scenarios.
        changes: dotted keys as on the command line, such as ``{"scenario.events.us_withdrawal.on": "2025-01",
            "parameters.trust.gain": .01, "~scenario.states.MNG": None, "end": "2020-12"}``.

    Raises:
        ScenarioError: everything that is wrong, each with file, line and column.
    """
    draft = read_draft(name, scenario_dir=scenario_dir)
    if not changes:
        return resolve(draft)
    if draft.problems:
        raise ScenarioError(draft.problems)
    spec, changed, run = apply_changes(draft.spec, changes)
    return resolve(draft, spec=spec, changed=changed, **run)
