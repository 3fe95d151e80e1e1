"""The points of a sweep as runs: composed by Hydra once for each choice of structure, patched as plain data for the rest.

Hydra takes half a second to compose a scenario, so a sweep of a thousand values composes once and sets the value in the
composed configuration, as Hydra would. Where a value is more than a plain one (a mapping, something added or removed,
another scenario), it is composed. Where parameters alone differ, the scenario is not checked from the start again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from hydra.core.config_loader import ConfigLoader
from hydra.core.override_parser.types import Override, OverrideType
from omegaconf import DictConfig, OmegaConf, open_dict

from sim.calendar import parse_month
from sim.cli.hydra.assemble import PARAMETERS, assemble, changes
from sim.cli.hydra.axes import SweepAxes
from sim.cli.hydra.options import RunConfig, SweepConfig, check_options, check_sweep_options
from sim.cli.hydra.request import SweepRequest
from sim.cli.hydra.source import GROUP, Scenarios
from sim.cli.hydra.words import parse, shown
from sim.scenario import Draft, Scenario, ScenarioError
from sim.scenario.changes import apply_changes
from sim.scenario.distributions import KINDS, Distribution, parse_distribution
from sim.scenario.inherit import is_number_mapping
from sim.scenario.problems import COMMAND_LINE, Problem
from sim.scenario.resolve import resolve, with_parameters
from sim.scenario.subjects import NotMeasured, series_of
from sim.sweep import SweepError
from sim.sweep.design import SAMPLED, SAMPLES, UNMOVED, Axis, size
from sim.sweep.plan import Point

GROUPS_KEPT = 64
FIXED = ("workers", "pool", "results", "force", "plots", "report", "scenario_dir", "sweep", *SweepConfig.NAMES)
"""What is said of a whole sweep, and so is no axis."""
NOT_OF_A_RUN = tuple(name for name in FIXED if name != "scenario_dir")
"""Words that the command line of one run does without."""
WORDS_OF_A_RUN = ("seed", "replicates", "start", "end", "uncertainty", "dtype", "engine", "save", "precision", "measure")
"""Options that a named sweep may set, and that the command line of one of its runs has to repeat."""


@dataclass(frozen=True)
class _Group:
    """What points of one structure share: the first of them, composed by Hydra."""

    config: dict[str, Any]
    draft: Draft
    request: RunConfig
    plain: dict[str, Any]
    extra: tuple[str, ...]


class Composer:
    """Makes the runs of a sweep from the words of its points."""

    def __init__(self, swept: SweepAxes, master: DictConfig, loader: ConfigLoader) -> None:
        self.swept, self.master, self.loader = swept, master, loader
        self.groups: dict[tuple[str, ...], _Group] = {}
        for axis in swept.axes:
            if axis.key.startswith("~"):
                raise SweepError(f"{axis.key} takes away and has no values to go through; write {axis.key} alone")
            if axis.key.lstrip("+") in FIXED:
                raise SweepError(f"{axis.key} says how the whole sweep is run and takes one value")

    def points(self) -> Iterator[Point]:
        """The points, one after the other.

        Raises:
            ScenarioError: one of them cannot be run; the first line of the message says which.
        """
        keys = [axis.key.lstrip("+") for axis in self.swept.axes]
        for values in self.swept.points():
            words = self.swept.words(values)
            try:
                group, request = self.request(words)
            except ScenarioError as error:
                moved = [f"{key}={value}" for key, value in zip(keys, values) if value is not UNMOVED]
                where = Problem(COMMAND_LINE, (" ".join(moved),), "this point of the sweep cannot be run:")
                raise ScenarioError([where, *error.problems] if moved else error.problems) from None
            labels = {
                key: _plain(_standing(key, request) if value is UNMOVED else _value(axis, value))
                for key, axis, value in zip(keys, self.swept.axes, values)
            }
            yield Point(request.scenario, group.request.scenario, request.options, labels, request.overrides)

    def scenarios(self) -> Iterator[Scenario]:
        """One of each name that the sweep runs."""
        seen = set()
        for axis in self.swept.axes:
            if axis.key == GROUP:
                first = {a.key: a.values[0] if a.values else next(iter(a.ends())) for a in self.swept.axes}
                for name in axis.values:
                    seen.add(name)
                    words = self.swept.words([{**first, GROUP: name}[a.key] for a in self.swept.axes])
                    yield self.request(words)[1].scenario
        if not seen:
            yield self.request(self.swept.words(next(self.swept.points())))[1].scenario

    def request(self, words: Sequence[str]) -> tuple[_Group, RunConfig]:
        """The group of a point, and the run that it asks for."""
        overrides = [parse(word) for word in words]
        plain = {o.key_or_group: o.value() for o in overrides if self._is_plain(o)}
        name = tuple(word for word, o in zip(words, overrides) if o.key_or_group not in plain)
        name = (*name, *plain)
        if name not in self.groups:
            if len(self.groups) >= GROUPS_KEPT:
                del self.groups[next(iter(self.groups))]
            self.groups[name] = self._compose(words, plain)
            return self.groups[name], self.groups[name].request
        group = self.groups[name]
        return group, self._patched(group, words, plain)

    def _is_plain(self, override: Override) -> bool:
        """Whether an override sets one value, so that setting it in a composed configuration is all there is to it."""
        value = override.value()
        return (
            override.type == OverrideType.CHANGE
            and override.package is None
            and override.key_or_group not in (GROUP, "sweep")
            and "/" not in override.key_or_group
            and not isinstance(value, (dict, list))
            and "${" not in str(value)
        )

    def _compose(self, words: Sequence[str], plain: Mapping[str, Any]) -> _Group:
        config = self.loader.load_sweep_config(self.master, list(words))
        draft = Scenarios.draft(config.hydra.runtime.choices[GROUP])
        with open_dict(config):
            del config["hydra"]
        whole: Any = OmegaConf.to_container(config, resolve=True)
        extra = self._unsaid(words, whole, draft)
        request = assemble(whole, draft, [*extra, *_of_run(words)], sweeping=True)
        return _Group(whole, draft, request, dict(plain), extra)

    def _unsaid(self, words: Sequence[str], config: Mapping[str, Any], draft: Draft) -> tuple[str, ...]:
        """What a named sweep says, for the command line of one of its runs."""
        said = {word.partition("=")[0] for word in words}
        chosen = self.master.hydra.runtime.choices[GROUP]
        more = [f"{GROUP}={chosen}"] if GROUP not in said else []
        defaults = _defaults()
        return (
            *more,
            *(
                f"{name}={config[name]}"
                for name in WORDS_OF_A_RUN
                if name not in said and config.get(name) != defaults.get(name)
            ),
        )

    def _patched(self, group: _Group, words: Sequence[str], plain: Mapping[str, Any]) -> RunConfig:
        moved = {key: value for key, value in plain.items() if _differs(group.plain[key], value)}
        config: dict[str, Any] = group.config
        for key, value in plain.items():
            if key in moved:
                config = _set(config, key.split("."), value)
        overrides = (*group.extra, *_of_run(words))
        if not all(_is_quick(key, group) for key in moved):
            return assemble(config, group.draft, overrides, sweeping=True)
        request = replace(group.request, overrides=overrides)
        if any("." not in key for key in moved):
            problems: list[Problem] = []
            options = check_options(config, problems)
            if problems:
                raise ScenarioError(problems)
            request = replace(request, **options)
        if any("." in key for key in moved):
            moves = {key: value for key, value in changes(words, config, group.draft).items() if key.startswith(PARAMETERS)}
            spec, changed, _ = apply_changes({PARAMETERS: group.draft.spec.get(PARAMETERS) or {}}, moves)
            scenario = with_parameters(group.request.scenario, group.draft, spec.get(PARAMETERS, {}), changed)
            request = replace(request, scenario=scenario)
        return request


def requested(swept: SweepAxes, master: DictConfig, loader: ConfigLoader, name: str | None) -> SweepRequest:
    """The sweep that a command line asks for, its first point composed and checked.

    Raises:
        ScenarioError, SweepError: it cannot be planned.
    """
    composer = Composer(swept, master, loader)
    swept = composer.swept = with_distributions(swept, composer)
    count = size(swept.design, swept.axes, swept.samples)
    point = next(swept.points(), None)
    if point is None:
        empty = [swept.overrides[axis.key].input_line for axis in swept.axes if axis.key in swept.overrides]
        raise SweepError(f"this sweep has no run in it: {', '.join(empty)}; give each axis one value or more")
    group, first = composer.request(swept.words(point))
    problems: list[Problem] = []
    sweep = check_sweep_options(group.config, problems, sweeping=True)
    outcomes = sweep.outcomes
    if isinstance(outcomes, tuple):
        outcomes = tuple(_outcome(name, composer, problems) for name in outcomes)
    for month in sweep.at:
        if not first.scenario.start <= parse_month(month) < first.scenario.end:
            problems.append(Problem(COMMAND_LINE, ("at",), f"{month} is outside the run"))
    if problems:
        raise ScenarioError(problems)
    standing = replace(first, scenario=_unchanged(group, first))
    axes = tuple(_described(axis, standing) for axis in swept.axes)
    options = first.options | {"plots": bool(group.config["plots"])}
    return SweepRequest(
        name,
        swept.design,
        swept.samples or SAMPLES.get(swept.design),
        swept.seed,
        axes,
        count,
        composer.points,
        options,
        replace(sweep, outcomes=outcomes),
    )


def _unchanged(group: _Group, request: RunConfig) -> Scenario:
    """The scenario as its file has it, for what an axis would be without the sweep."""
    try:
        return resolve(group.draft)
    except ScenarioError:  # it can be run with these changes only
        return request.scenario


def _described(axis: Axis, standing: RunConfig) -> dict[str, Any]:
    """An axis for the plan, with the value that it has in the scenario itself."""
    key = axis.key.lstrip("+")
    about = {**axis.plain(), "key": key}
    if "." in key:
        about["standing"] = _plain(_standing(key, standing))
    if axis.range is None:
        about["values"] = [_plain(_value(axis, value)) for value in axis.values]
    return about


def _outcome(name: str, composer: Composer, problems: list[Problem]) -> str:
    """An outcome as a run records it, checked against every scenario of the sweep: one of them must have it."""
    said = None
    for scenario in composer.scenarios():
        try:
            return ":".join(series_of(scenario, name))
        except NotMeasured as error:
            said = said or error
    problems.append(Problem(COMMAND_LINE, ("outcomes",), str(said)))
    return name


def with_distributions(swept: SweepAxes, composer: Composer) -> SweepAxes:
    """A sampled design without a range takes the scenario's own distributions for its axes."""
    if swept.design not in SAMPLED or any(axis.range is not None for axis in swept.axes):
        return swept
    first = tuple(axis.values[0] for axis in swept.axes)
    scenario = composer.request(swept.words(first))[1].scenario
    found = [Axis(key, range=distribution) for key, distribution in uncertain(scenario.spec)]
    return replace(swept, axes=(*swept.axes, *found))


def uncertain(spec: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, Distribution]]:
    """The distributions of a story, each with its key on the command line."""
    for key, value in spec.items():
        here = (*path, str(key))
        if is_number_mapping(value):
            value = value["value"] if isinstance(value.get("value"), dict) else value
            kinds = {kind: args for kind, args in value.items() if kind in KINDS}
            if kinds:
                yield ".".join(here if here[0] == "parameters" else (GROUP, *here)), parse_distribution(kinds)
        elif isinstance(value, Mapping):
            yield from uncertain(value, here)


def _of_run(words: Sequence[str]) -> list[str]:
    """The words that one run of a sweep would be given by itself."""
    return [shown(word) for word in words if word.partition("=")[0] not in NOT_OF_A_RUN]


@lru_cache(maxsize=1)
def _defaults() -> dict[str, Any]:
    from sim import resources
    from sim.scenario.text import read_file

    return read_file(resources.conf() / "config.yaml", []).plain()


def _is_quick(key: str, group: _Group) -> bool:
    """Whether a change at this key leaves the story as it is, but for one parameter."""
    path = key.split(".")
    if len(path) == 1:
        return path[0] not in ("start", "end", "uncertainty", "measure", "precision", "replicates", "behaviour")
    return len(path) == 3 and path[0] == "parameters" and isinstance(group.config["parameters"].get(path[1]), dict)


def _differs(old: Any, new: Any) -> bool:
    return type(old) is not type(new) or old != new


def _set(tree: Mapping[str, Any], path: Sequence[str], value: Any) -> dict[str, Any]:
    """A copy with another value at a path that is there; what is the same is shared."""
    if len(path) == 1:
        return {**tree, path[0]: value}
    return {**tree, path[0]: _set(tree[path[0]], path[1:], value)}


def _value(axis: Axis, value: Any) -> Any:
    """A value as data: listed ones are text in Hydra's grammar."""
    return parse(f"{axis.key}={value}").value() if isinstance(value, str) else value


def _standing(key: str, request: RunConfig) -> Any:
    """The value of an axis in a run that does not move it."""
    from sim import mechanisms

    path = key.split(".")
    if path[0] == "parameters" and len(path) == 3:
        given = request.scenario.parameters.get(path[1], {})
        defaults = {info.name: info.default for info in mechanisms.all_parameters().get(path[1], ())}
        return given.get(path[2], defaults.get(path[2]))
    if len(path) == 1:
        return {**request.options, GROUP: request.scenario.name}.get(key)
    node: Any = request.scenario.spec
    for part in path[1:]:
        node = node.get(part) if isinstance(node, Mapping) else None
    return node.get("value", node) if isinstance(node, Mapping) else node


def _plain(value: Any) -> Any:
    """A value for a cell of the table: what is not one number or word is written as JSON."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    import json

    from sim.results.run_digest import plain

    return json.dumps(plain(value), sort_keys=True)
