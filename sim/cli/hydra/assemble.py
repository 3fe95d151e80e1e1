"""From a composed configuration to a checked run: options, and the scenario with what the command line changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.cli.hydra.options import RunConfig, check_options, check_sweep_options
from sim.cli.hydra.source import GROUP
from sim.cli.hydra.words import parse
from sim.scenario import Draft, Scenario, ScenarioError, resolve
from sim.scenario.changes import RUN, apply_changes
from sim.scenario.phrases import unusable_numbers
from sim.scenario.problems import COMMAND_LINE, Problem, did_you_mean, quote
from sim.scenario.subjects import NotMeasured, series_of

if TYPE_CHECKING:
    from sim.agents.behaviours import Behaviour

PARAMETERS = "parameters"
SECTIONS = (GROUP, PARAMETERS)
"""Where a scenario stands in a composed configuration."""
EXAMPLES = {GROUP: "title='Mine'", PARAMETERS: "trust.gain=0.007"}


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
    unusable = [key for key in unusable_numbers(dict(config)) if key[0] not in SECTIONS]
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
        spec, changed, _ = apply_changes(draft.spec, changes(overrides, config, draft))
        scenario = resolve(draft, spec=spec, changed=changed, **{name: config.get(name) for name in RUN})
    except ScenarioError as error:
        problems += error.problems
    if scenario is not None and isinstance(options["measure"], str):
        try:
            options["measure"] = ":".join(series_of(scenario, options["measure"], any_dyad=True))
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


def changes(words: Sequence[str], config: Mapping[str, Any], draft: Draft) -> dict[str, Any]:
    """What a command line changes in a scenario: dotted keys, with the values that they have once all is composed.

    This is all that is taken over from Hydra; :func:`sim.scenario.apply_changes` does the rest, as it does for Python.

    Args:
        words: the command line, with one value a word.
        config: what Hydra composed from it.
        draft: the scenario it was composed from.
    """
    own = {GROUP: draft.spec, PARAMETERS: draft.spec.get(PARAMETERS)}
    found: dict[str, Any] = {}
    for override in map(parse, words):
        path = override.key_or_group.split(".")
        if path[0] not in SECTIONS or (path == [GROUP]):
            continue
        for key in _leaves(path, override.value()):
            value = None if override.is_delete() else _at(config, key)
            if value is not None or _at(own, key) is not None:  # else a default of the code, which stays
                found[".".join(key)] = value
    return found


def _leaves(path: list[str], value: Any) -> list[list[str]]:
    """The keys that are set: those of each parameter, where a mapping sets several."""
    if path[0] == PARAMETERS and len(path) < 3 and isinstance(value, Mapping):
        return [leaf for name, part in value.items() for leaf in _leaves([*path, str(name)], part)]
    return [path]


def _at(tree: Any, path: Sequence[str]) -> Any:
    """What stands at a path; None where it leads nowhere."""
    for part in path:
        tree = tree.get(part) if isinstance(tree, Mapping) else None
    return tree
