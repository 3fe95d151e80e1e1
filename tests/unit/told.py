"""Small stories with events, over two years of the tiny world, for the questions asked of runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.results.obtain import run
from sim.scenario import Scenario, read
from tests.unit.tiny import changes

EVENTS: dict[str, dict[str, Any]] = {
    "warm": {"type": "shock", "variable": "trust", "parties": ["CHN", "RUS"], "add": 0.2, "on": "2015-03"},
    "leaves": {"type": "leave", "organisation": "SCO", "states": ["CHN"], "on": "2015-05"},
    "drill": {"type": "exercise", "parties": ["CHN", "RUS"], "size": 2, "on": "2015-07"},
    "clash": {"type": "crisis", "parties": ["CHN", "USA"], "severity": 2, "on": "2015-08"},
    "returns": {"type": "join", "organisation": "SCO", "states": ["CHN"], "on": "2015-10"},
    "pact": {"type": "agreement", "parties": ["CHN", "RUS"], "depth": 0.8, "on": "2015-11", "until": "2016-06"},
    "uneasy": {"type": "set", "parameter": "trust.noise", "value": 0.03, "on": "2016-02"},
    "luck": {"type": "shock", "variable": "trust", "parties": ["RUS", "USA"], "add": -0.1, "hazard": 0.05},
}


def story(*keys: str, name: str = "told", **more: Any) -> Scenario:
    """A scenario with some of the events; ``more`` goes under ``scenario.``, such as ``**{"events.x": {...}}``."""
    events = {f"events.{key}": EVENTS[key] for key in keys}
    given = {"end": "2016-12", **events, **more}
    scenario = read("baseline", changes={"scenario.rules": "0.1", **changes(**given)})
    return named(scenario, name)


def named(scenario: Scenario, name: str) -> Scenario:
    """The scenario under another name."""
    from dataclasses import replace

    return replace(scenario, name=name)


def finished(place: Path, scenario: Scenario, **options: Any) -> Path:
    """Run it under a folder of results."""
    return run(scenario, results=place, workers=1, **{"replicates": 12, **options}).path
