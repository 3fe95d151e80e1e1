"""Our sweeper, as a plugin of Hydra: the axes of a command line and of a named sweep, combined by a design.

For this application it hands the points over to be planned and run by `sim.sweep`. For any other task function it does what
Hydra's contract asks of a sweeper: it gives the combinations to the configured launcher, in batches.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from hydra.core.config_loader import ConfigLoader
from hydra.core.config_store import ConfigStore
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.plugins import Plugins
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig, OmegaConf

if TYPE_CHECKING:
    from sim.cli.hydra.axes import SweepAxes

PACKAGE = "hydra_plugins"
PLUGIN = f"{PACKAGE}.entente.EntenteSweeper"
"""Hydra takes sweepers from this package only; ours is put there when it is registered."""


@dataclass
class EntenteSweeperConf:
    """`hydra.sweeper`: the design, how many samples, their seed, and the axes of a named sweep."""

    _target_: str = PLUGIN
    design: str = "grid"
    samples: int | None = None
    seed: int = 1
    max_batch_size: int | None = None
    params: dict[str, Any] | None = None


class EntenteSweeper(Sweeper):
    """See the module."""

    __module__ = PLUGIN.rpartition(".")[0]

    def __init__(
        self,
        design: str = "grid",
        samples: int | None = None,
        seed: int = 1,
        max_batch_size: int | None = None,
        params: dict[str, Any] | None = None,
    ) -> None:
        self.design, self.samples, self.seed = design, samples, seed
        self.max_batch_size, self.params = max_batch_size, params or {}
        self.hydra_context: HydraContext | None = None
        self.task_function: TaskFunction | None = None
        self.config: DictConfig | None = None

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Called by Hydra before :meth:`sweep`."""
        self.hydra_context, self.task_function, self.config = hydra_context, task_function, config

    def sweep(self, arguments: list[str]) -> Any:
        """Plan and run everything that the arguments ask for."""
        loader = self.hydra_context.config_loader
        swept = self._axes_of(arguments, loader)
        if hasattr(self.task_function, "sweep"):
            return self.task_function.sweep(swept, self.config, loader)
        return self._launch(swept)

    def _axes_of(self, arguments: Sequence[str], loader: ConfigLoader) -> SweepAxes:
        from sim.cli.hydra.axes import SweepAxes, axis_of

        named = [f"{key}={_in_words(value)}" for key, value in self.params.items()]
        parser = OverridesParser.create(config_loader=loader)
        overrides = {o.get_key_element(): o for o in parser.parse_overrides([*named, *arguments])}
        axes = [axis_of(key, override) for key, override in overrides.items() if override.is_sweep_override()]
        return SweepAxes(overrides, tuple(axes), self.design, self.samples, self.seed)

    def _launch(self, swept: SweepAxes) -> list[Any]:
        """Everything through the launcher, as Hydra's own sweeper does it."""
        launcher = Plugins.instance().instantiate_launcher(
            hydra_context=self.hydra_context, task_function=self.task_function, config=self.config
        )
        folder = Path(self.config.hydra.sweep.dir)
        folder.mkdir(parents=True, exist_ok=True)
        OmegaConf.save(self.config, folder / "multirun.yaml")
        jobs = [swept.words(point) for point in swept.points()]
        size = self.max_batch_size or max(1, len(jobs))
        returns = []
        for first in range(0, len(jobs), size):
            batch = jobs[first : first + size]
            self.validate_batch_is_legal(batch)
            returns.append(launcher.launch(batch, initial_job_idx=first))
            for job in returns[-1]:
                _ = job.return_value  # raises what the job raised
        return returns


def register() -> None:
    """Make the sweeper known to Hydra, as `hydra/sweeper=entente`."""
    module, _, name = PLUGIN.rpartition(".")
    if module not in sys.modules:
        if PACKAGE not in sys.modules and find_spec(PACKAGE) is None:
            sys.modules[PACKAGE] = ModuleType(PACKAGE)
            sys.modules[PACKAGE].__path__ = []  # Hydra walks it
        sys.modules[module] = ModuleType(module)
        setattr(importlib.import_module(PACKAGE), module.rpartition(".")[2], sys.modules[module])
    setattr(sys.modules[module], name, EntenteSweeper)
    Plugins.instance().register(EntenteSweeper)
    ConfigStore.instance().store(group="hydra/sweeper", name="entente", node=EntenteSweeperConf, provider="entente")


def _in_words(value: Any) -> str:
    """A value of `params` as on a command line; a list there is a list of values."""
    if isinstance(value, (list, tuple)):
        return ",".join(_in_words(item) for item in value)
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)
