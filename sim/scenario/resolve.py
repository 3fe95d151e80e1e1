"""A draft against the model: every section checked, all problems at once, and the ``Scenario`` that a run takes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from sim.scenario import sections, starting_values
from sim.scenario.check import Check
from sim.scenario.check_events import check_events
from sim.scenario.consistency import check_story
from sim.scenario.inherit import Draft
from sim.scenario.problems import Key, ScenarioError
from sim.scenario.rules import calibration_of, drawn_by, needs_grounds, with_rules
from sim.scenario.scenario import Scenario

OPTIONAL = (
    "description",
    "sets",
    "watch",
    "events",
    "rules",
    "uncertainty",
    "parameters",
    "states",
    "organisations",
    "actors",
    "sources",
    "estimates",
    "baseline",
    "limits",
)
REQUIRED = {
    "title": "write `title:` and a few words",
    "question": "write `question:` and what the scenario is to answer",
    "world": "name a starting world, such as `world: eurasia_2015`",
    "start": "write the first month, such as `start: 2015-01`, or inherit with `defaults: [baseline, _self_]`",
    "end": "write the last month, such as `end: 2025-12`, or inherit with `defaults: [baseline, _self_]`",
    "schedule": "inherit it with `defaults: [baseline, _self_]`",
    "cores": "write `cores: {east: [RUS, CHN], west: [USA, GBR]}`",
}


def resolve(
    draft: Draft,
    *,
    spec: dict[str, Any] | None = None,
    changed: Collection[Key] = (),
    start: Any = None,
    end: Any = None,
    uncertainty: Any = None,
) -> Scenario:
    """Check a draft and make the scenario.

    Args:
        draft: what the files say.
        spec: the draft's ``spec`` with changes, if there are any.
        changed: the keys that were changed; their place is the command line.
        start: the run's own first month, as text; None leaves the scenario's.
        end: the run's own last month, as text; None leaves the scenario's.
        uncertainty: what differs between replicates; None leaves it to the scenario, or to the rules.

    Raises:
        ScenarioError: with everything that is wrong.
    """
    spec = _without_nulls(draft.spec if spec is None else spec)
    changed = set(changed)
    for bound, value in (("start", start), ("end", end), ("uncertainty", uncertainty)):
        if value is not None:
            spec[bound] = value
            changed.add((bound,))
    check = Check(draft, spec, changed)
    check.usable(spec)
    check.keys((), spec, (*REQUIRED, *OPTIONAL), of="a scenario")
    for name, advice in REQUIRED.items():
        if name not in spec:
            check.wrong((name,), f"is missing; {advice}")
    text = {name: check.text((name,), spec[name]) for name in ("title", "question", "description") if name in spec}
    first, stop = sections.months(check)
    own = starting_values.overrides(check)
    cores, sets, watch = sections.cores(check), sections.sets(check), sections.watch(check)
    schedule = sections.schedule(check)
    parameters = sections.parameters(check, schedule)
    rules = sections.rules(check)
    uncertainty = sections.uncertainty(check, rules)
    sources, estimates, limits = sections.sources(check), sections.estimates(check), sections.limits(check)
    events = check_events(check, first, stop, cache(lambda measure: sections.subjects(measure, check, sets, watch)))
    check_story(check, events)
    baseline = sections.baseline(check)
    sections.world_of_the_month(check, first)
    if check.problems or first is None or stop is None:
        raise ScenarioError(check.problems)
    parameters = with_rules(rules, parameters, spec)
    tables = starting_values.tables(check, own)
    if needs_grounds(parameters):
        tables = replace(tables, grounds=starting_values.grounds(check, check.states))
        if check.problems:
            raise ScenarioError(check.problems)
    story = {**spec, "actors": starting_values.present_actors(spec.get("actors"), check.states)}
    return Scenario(
        name=draft.name,
        title=text["title"],
        question=text["question"],
        description=text.get("description", ""),
        world=draft.world.name,
        start=first,
        end=stop,
        schedule=schedule,
        cores=cores,
        sets=sets,
        watch=watch,
        events=events,
        parameters=parameters,
        tables=tables,
        sources=sources,
        estimates=estimates,
        parents=draft.parents,
        spec=_whole(story, events, parameters, tables.digest()),
        baseline=baseline,
        limits=limits,
        warnings=tuple(check.warnings),
        file=draft.path,
        uncertainty=uncertainty,
        calibration=calibration_of(rules, spec.get("parameters")),
    )


def with_parameters(scenario: Scenario, draft: Draft, parameters: Mapping[str, Any], changed: Collection[Key]) -> Scenario:
    """The scenario with other parameters and all else as it is: what :func:`resolve` gives, at a tenth of its price.

    Args:
        scenario: resolved from the draft, with or without other changes.
        draft: what the files say.
        parameters: the section as a spec has it.
        changed: the keys that were changed, for the places of problems.

    Raises:
        ScenarioError: with everything that is wrong with the parameters.
    """
    check = Check(draft, {"parameters": _without_nulls(parameters)}, changed)
    check.usable(check.spec)
    found = with_rules(scenario.spec.get("rules"), sections.parameters(check, scenario.schedule), check.spec)
    tables = scenario.tables
    if needs_grounds(found) != bool(tables.grounds):
        tables = replace(tables, grounds=starting_values.grounds(check, scenario.states) if needs_grounds(found) else [])
    if check.problems:
        raise ScenarioError(check.problems)
    counts = _as_given(check.spec["parameters"], found, scenario.spec.get("rules"))
    digest = scenario.spec["tables"]
    after = [text for text in scenario.warnings if text.startswith(("events.", "start:"))]
    before = [text for text in scenario.warnings if not text.startswith(("parameters.", "events.", "start:"))]
    warnings = (*before, *(text for text in check.warnings if text not in draft.warnings), *after)
    spec = {**scenario.spec, "parameters": counts, "tables": tables.digest() if tables is not scenario.tables else digest}
    table = calibration_of(scenario.spec.get("rules"), check.spec["parameters"])
    return replace(scenario, parameters=found, tables=tables, spec=spec, warnings=warnings, calibration=table)


def _without_nulls(value: Any) -> Any:
    """A copy of plain data in which null is absence."""
    if isinstance(value, dict):
        return {key: _without_nulls(part) for key, part in value.items() if part is not None}
    return [_without_nulls(part) for part in value] if isinstance(value, list) else value


def _as_given(
    given: Mapping[str, Any], parameters: Mapping[str, Mapping[str, Any]], rules: str | None
) -> dict[str, dict[str, Any]]:
    """Parameters as the scenario writes them, those that come with the rules as they are there, and defaults that a scenario
    sets where the rules would draw."""
    counts = {
        m: {name: given.get(m, {}).get(name, value) for name, value in values.items()} for m, values in parameters.items()
    }
    for mechanism, name in (key.split(".") for key in drawn_by(rules)):
        if name in (given.get(mechanism) or {}):
            counts.setdefault(mechanism, {}).setdefault(name, given[mechanism][name])
    return counts


def _whole(spec: dict[str, Any], events: Collection[str], parameters: dict[str, dict], digest: str) -> dict[str, Any]:
    """The spec of what counts: events that can happen, parameters that differ, and the tables by their digest."""
    counts = _as_given(spec.get("parameters", {}), parameters, spec.get("rules"))
    own = {name: value for name, value in spec.items() if value not in ({}, [])}
    own |= {"events": {name: spec["events"][name] for name in events}, "parameters": counts, "tables": digest}
    # One order of sections, whoever composed them, so that the same story is the same text.
    return {name: own[name] for name in (*REQUIRED, *OPTIONAL, *own) if name in own}
