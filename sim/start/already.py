"""Conditions of events that hold already in the starting world: then the event tells of the start and not of a change."""

from __future__ import annotations

from sim.scenario.describe import condition_said
from sim.scenario.scenario import Scenario
from sim.start.world import begin

REPLICATES = 20
"""So many starting worlds are looked at; they differ by the year before the start, which is drawn."""


def conditions_met(scenario: Scenario, *, replicates: int = REPLICATES) -> list[str]:
    """A sentence for each event whose condition holds in the month in which the run begins, with the share of starting
    worlds; empty where there is none, and then nothing is computed."""
    if not any("when" in event for event in scenario.events.values()):
        return []
    world, rules, _ = begin(scenario, range(replicates))
    said = []
    for event in rules.events:
        if event.when is None:
            continue
        met = int(event.when.met(world, rules.frame, scenario.start).sum())
        if met:
            worlds = "" if met == replicates else f" in {met} of {replicates} starting worlds"
            months = event.when.months
            then = "in the first month" if months == 1 else f"after {months} months if nothing changes"
            what = condition_said(scenario.events[event.key]["when"], "is")
            said.append(
                f"events.{event.key}.when: {what} already at the start{worlds}, so it happens {then}; "
                "move the limit, or write `after:`"
            )
    return said
