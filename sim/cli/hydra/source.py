"""Scenarios as Hydra configurations: ``scenarios://`` serves our own, already inherited and read safely.

This is the one gate: Hydra never opens a scenario file itself. A scenario arrives under ``scenario.``, its parameters
under ``parameters.<mechanism>.<name>`` over the defaults beside the code.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hydra.core.config_search_path import ConfigSearchPath
from hydra.core.object_type import ObjectType
from hydra.plugins.config_source import ConfigResult, ConfigSource
from hydra.plugins.search_path_plugin import SearchPathPlugin
from omegaconf import OmegaConf

from sim import mechanisms, resources
from sim.scenario import Draft, ScenarioError, names, read_draft
from sim.scenario.files import home_expanded
from sim.scenario.problems import Key, Problem
from sim.scenario.text import reference

GROUP = "scenario"


class Scenarios:
    """The scenarios of one command line, each read once."""

    folder: Path | None = None
    drafts: dict[str, Draft] = {}  # noqa: RUF012  (one command line a process at a time)

    @classmethod
    def begin(cls, folder: str | None) -> None:
        """Forget what was read before; ``folder`` is the user's own."""
        cls.drafts = {}
        cls.folder = None
        cls.folder = home_expanded(folder, "scenario_dir") if folder else None

    @classmethod
    def draft(cls, name: str) -> Draft:
        """A scenario's draft.

        Raises:
            ScenarioError: it cannot be read, or its text is not safe to compose.
        """
        if name not in cls.drafts:
            draft = read_draft(name, scenario_dir=cls.folder)
            if problems := [*draft.problems, *references(draft)]:
                raise ScenarioError(problems)
            cls.drafts[name] = draft
        return cls.drafts[name]


def references(draft: Draft) -> list[Problem]:
    """Every text of a draft that OmegaConf would follow or take for missing. Readers refuse them already; this is the gate
    behind which none can be, whatever file it came from."""
    found = []

    def look(value: Any, key: Key) -> None:
        if isinstance(value, str) and (text := reference(value)):
            found.append(Problem(draft.place(key), key, text))
        elif isinstance(value, dict):
            for name, part in value.items():
                look(name, (*key, name))
                look(part, (*key, name))
        elif isinstance(value, list):
            for number, part in enumerate(value):
                look(part, (*key, number))

    look(draft.spec, ())
    return found


def composed(draft: Draft) -> dict[str, Any]:
    """A draft as it stands in the composed configuration, as plain data."""
    parameters: dict[str, dict[str, Any]] = {
        mechanism: {info.name: info.default for info in infos}
        for mechanism, infos in mechanisms.all_parameters().items()
        if infos
    }
    own = draft.spec.get("parameters")
    for mechanism, values in (own if isinstance(own, dict) else {}).items():
        parameters[mechanism] = {**parameters.get(mechanism, {}), **values} if isinstance(values, dict) else values
    story = {name: value for name, value in draft.spec.items() if name != "parameters"}
    return {GROUP: {"events": {}, "rules": None, **story}, "parameters": parameters}


class ScenarioSource(ConfigSource):
    """Serves the group ``scenario``: names and files."""

    @staticmethod
    def scheme() -> str:
        """The scheme of its addresses."""
        return "scenarios"

    def load_config(self, config_path: str) -> ConfigResult:
        """The composed form of a scenario.

        Raises:
            ScenarioError: with everything that is wrong with its text.
        """
        # A new one each time: Hydra changes what it gets.
        config = OmegaConf.create(composed(Scenarios.draft(config_path.removeprefix(f"{GROUP}/"))))
        return ConfigResult(self.provider, self.full_path(), config, {"package": "_global_"})

    def available(self) -> bool:
        """Whether the folder is there."""
        return Path(self.path).is_dir()

    def is_group(self, config_path: str) -> bool:
        """Whether this is the group of scenarios, or what holds it."""
        return config_path.strip("/") in ("", GROUP)

    def is_config(self, config_path: str) -> bool:
        """Anything in the group is ours, so that a name that does not exist is our message and nobody else's file."""
        return config_path.startswith(f"{GROUP}/")

    def list(self, config_path: str, results_filter: ObjectType | None) -> list[str]:
        """Names of scenarios, for completion, ``glob()`` and help."""
        if config_path.strip("/") == GROUP:
            return names(Scenarios.folder) if results_filter != ObjectType.GROUP else []
        return [GROUP] if config_path == "" and results_filter != ObjectType.CONFIG else []


class ScenarioSearchPath(SearchPathPlugin):
    """Puts the scenarios before all else that Hydra looks through."""

    def manipulate_search_path(self, search_path: ConfigSearchPath) -> None:
        """Add the built-in folder and the user's own."""
        search_path.prepend("built-in scenarios", f"scenarios://{resources.scenarios()}")
        if Scenarios.folder is not None:
            search_path.prepend("scenario_dir", f"scenarios://{Scenarios.folder.absolute()}")
