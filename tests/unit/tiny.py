"""A world of four states and no events that starts in milliseconds."""

from __future__ import annotations

from functools import cache

from sim.scenario import Scenario, read

STATES = ("AFG", "CHN", "RUS", "USA")


def changes(**more: object) -> dict[str, object]:
    """What makes it of the baseline; keys of ``more`` go under ``scenario.``."""
    baseline = read("baseline")
    gone = [f"~scenario.states.{row['code']}" for row in baseline.tables.states if row["code"] not in STATES]
    gone += [f"~scenario.events.{key}" for key in baseline.events]
    small = {"cores": {"east": ["CHN", "RUS"], "west": ["USA"]}, "watch": ["CHN-RUS"], "sets": {}, "end": "2015-12"}
    new = {key: list(value) if isinstance(value, tuple) else value for key, value in {**small, **more}.items()}
    return {**dict.fromkeys(gone), **{f"scenario.{key}": value for key, value in new.items()}}


@cache
def tiny(**more: object) -> Scenario:
    """The scenario: twelve months."""
    return read("baseline", changes=changes(**more))
