"""From a composed configuration to a checked run: options, and the scenario with what the command line changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.cli.hydra.options import RunConfig, check_options, check_sweep_options
from sim.cli.hydra.source import composed
from sim.scenario import Draft, Scenario, ScenarioError, resolve
from sim.scenario.changes import differing, settle
from sim.scenario.phrases import unusable_numbers
from sim.scenario.problems import COMMAND_LINE, Problem, did_you_mean, quote
from sim.scenario.subjects import NotMeasured, series_of

if TYPE_CHECKING:
    from sim.agents.behaviours import Behaviour

EXAMPLES = {"scenario": "title='Mine'", "parameters": "trust.gain=0.007"}


def assemble(config: Mapping[str, Any], draft: Draft, overrides: Sequence[str], *, sweeping: bool) -> RunConfig:
    """The run that a composed configuration describes.

    Args:
        config: the whole of it as plain data.
        draft: the scenario it was composed from, for the places in its files.
        overrides: what the command line said.
        sweeping: whether this is one run of many.

    Raises:
        ScenarioError: with everything that is wrong with options and scenario.
    """
    unusable = [key for key in unusable_numbers(dict(config)) if key[0] not in ("scenario", "parameters")]
    if unusable:
        said = "is not finite or far too large; write a smaller number"
        raise ScenarioError([Problem(COMMAND_LINE, key, said) for key in unusable])
    problems = [
        Problem(
            COMMAND_LINE, (name,), f"{quote(config[name])} is one value, where a mapping is needed; write {name}.{example}"
        )
        for name, example in EXAMPLES.items()
        if config.get(name) is not None and not isinstance(config[name], Mapping)
    ]
    if problems:
        raise ScenarioError(problems)
    options = check_options(config, problems)
    check_sweep_options(config, problems, sweeping=sweeping)
    scenario = None
    try:
        spec, changed = _spec(config, draft)
        scenario = resolve(draft, spec=spec, changed=changed, start=config.get("start"), end=config.get("end"))
    except ScenarioError as error:
        problems += error.problems
    if scenario is not None and isinstance(options["measure"], str):
        try:
            options["measure"] = ":".join(series_of(scenario, options["measure"]))
        except NotMeasured as error:
            problems.append(Problem(COMMAND_LINE, ("measure",), str(error)))
    behaviours = _behaviours(config.get("behaviour"), scenario, problems)
    if problems or scenario is None:
        raise ScenarioError(problems)
    said: dict[str, Any] = {"overrides": tuple(overrides), "sweeping": sweeping}
    return RunConfig(scenario=scenario, behaviours=behaviours, **said, **options)


def _behaviours(given: Any, scenario: Scenario | None, problems: list[Problem]) -> dict[str, Behaviour]:
    """The user's own classes by state, loaded once to be sure that they can be."""
    if not given:
        return {}
    from sim.agents import StateAgent
    from sim.agents.behaviours import EXAMPLE, Behaviour, BehaviourError

    if not isinstance(given, Mapping):
        problems.append(Problem(COMMAND_LINE, ("behaviour",), f"goes by state; write behaviour.IND={EXAMPLE}"))
        return {}
    found = {}
    for code, text in given.items():
        if text is None:
            continue
        key = ("behaviour", str(code))
        states = [row["code"] for row in scenario.tables.states] if scenario is not None else [code]
        if code not in states:
            text = f"there is no such state in this world{did_you_mean(code, states, what='states')}"
            problems.append(Problem(COMMAND_LINE, key, text))
            continue
        if scenario is not None and "decision" not in scenario.schedule:
            text = "this schedule has no `decision`, so that no behaviour would ever be asked"
            problems.append(Problem(COMMAND_LINE, key, text))
            continue
        try:
            found[str(code)] = Behaviour.find(text)
            found[str(code)].load(StateAgent)
        except BehaviourError as error:
            problems.append(Problem(COMMAND_LINE, key, str(error)))
    return found


def _spec(config: Mapping[str, Any], draft: Draft) -> tuple[dict[str, Any], set[tuple]]:
    """The scenario's spec with the changes of the command line, and the keys that it changed."""
    before = composed(draft)
    story = settle(before["scenario"], config.get("scenario") or {})
    spec = {**story, "parameters": own_parameters(config, draft, before)}
    base = {**before["scenario"], "parameters": draft.spec.get("parameters") or {}}
    return spec, differing(base, spec)


def own_parameters(
    config: Mapping[str, Any], draft: Draft, before: Mapping[str, Any] | None = None
) -> dict[str, dict[str, Any]]:
    """The section ``parameters`` of a composed configuration as a scenario has it: without the defaults of the code.

    Args:
        config: the whole configuration.
        draft: the scenario it was composed from.
        before: the draft as it was composed, if that is at hand.
    """
    was_all = (before or composed(draft))["parameters"]
    parameters = settle(was_all, config.get("parameters") or {})
    own = draft.spec.get("parameters") or {}
    kept: dict[str, Any] = {}
    for mechanism, values in parameters.items():
        if not isinstance(values, dict):
            kept[mechanism] = values
            continue
        was = was_all.get(mechanism, {})
        for name, value in values.items():
            if name in own.get(mechanism, {}) or name not in was or differing(was[name], value):
                kept.setdefault(mechanism, {})[name] = value
    return kept
