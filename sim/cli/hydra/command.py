"""One command line of `run` through Hydra, all of it: `-m`, `--cfg job`, `--info`, `glob()`, completion.

Hydra leaves nothing behind: no output folders, no log files, no change of the working directory. Every error that a
person can mend ends as one message on stderr and exit status 2.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

import hydra
from hydra.core.config_loader import ConfigLoader
from hydra.core.global_hydra import GlobalHydra
from hydra.core.hydra_config import HydraConfig
from hydra.core.plugins import Plugins
from omegaconf import DictConfig, OmegaConf

from sim import resources
from sim.cli.hydra import completion
from sim.cli.hydra.allowed import flags_first, misuse
from sim.cli.hydra.assemble import assemble
from sim.cli.hydra.complaint import EXPECTED, complaint, interrupted, unexplained
from sim.cli.hydra.options import RunConfig
from sim.cli.hydra.source import GROUP, Scenarios, ScenarioSearchPath, ScenarioSource
from sim.cli.hydra.sweeper import register
from sim.cli.hydra.words import prepare, shown, value_of
from sim.processes.short_lived import short_lived_folder
from sim.sweep import SweepError
from sim.visible import visible

if TYPE_CHECKING:
    from sim.cli.hydra.axes import SweepAxes
    from sim.cli.hydra.request import SweepRequest

FULL = "HYDRA_FULL_ERROR"


Sweeping: TypeAlias = "Callable[[SweepRequest], int] | None"


def run(argv: list[str], task: Callable[[RunConfig], int], sweep: Sweeping, prog: str) -> int:
    """Compose and run; see :func:`sim.cli.hydra.compose`."""
    if completion.wanted(argv) and (status := completion.answer(argv, prog)) is not None:
        return status
    words = prepare(argv)
    application = _Application(task, sweep, os.environ.get(FULL), value_of(argv, "sweep"))
    conf, task = str(resources.conf()), application.task()
    if (misused := misuse(words, _options())) is not None:
        application.refuse(misused)
        return application.status
    words = flags_first(words)
    Plugins.instance().register(ScenarioSource)
    Plugins.instance().register(ScenarioSearchPath)
    register()
    try:
        Scenarios.begin(value_of(argv, "scenario_dir"))
        with _hydra_alone(prog, words):
            whole = _composed(conf, words) if _changes_alone(words) else None
            if whole is not None:
                task(whole)
            else:
                hydra.main(config_path=conf, config_name="config", version_base="1.3")(task)()
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
        return status or application.status
    except EXPECTED as error:
        if os.environ.get(FULL) == "1" or interrupted(error):
            raise
        application.refuse(complaint(error, argv, _options()))
    except SweepError as error:
        application.refuse(error)
    except Exception as error:
        if application.began or os.environ.get(FULL) == "1" or interrupted(error):
            raise
        application.refuse(unexplained(error, _culprit(prog, conf, words)))
    if application.failure is not None:
        raise application.failure
    return application.status


class _Application:
    """What Hydra calls: with one run, or through our sweeper with many. Errors are kept here, since Hydra would print them
    in its own way."""

    def __init__(self, run: Callable[[RunConfig], int], sweep: Sweeping, full: str | None, name: str | None) -> None:
        self.run, self.sweep, self.full, self.name = run, sweep, full, name
        self.status, self.began = 0, False
        self.failure: BaseException | None = None

    def task(self) -> Callable[[DictConfig], None]:
        """The task function; `EntenteSweeper` finds the sweep on it."""

        def task(cfg: DictConfig) -> None:
            about = HydraConfig.get()
            overrides = [shown(word) for word in about.overrides.task]
            names = [name for name in cfg if name != "hydra"]

            def carry_out() -> int:
                draft = Scenarios.draft(about.runtime.choices[GROUP])
                config = {name: _plain(cfg[name]) for name in names}
                return self.run(assemble(config, draft, overrides, sweeping=False))

            self.attempt(carry_out, overrides, names)

        def sweep(asked: SweepAxes, master: DictConfig, loader: ConfigLoader) -> None:
            from sim.cli.hydra.points import requested

            def carry_out() -> int:
                if self.sweep is None:
                    raise SweepError("this takes one value for each option, and not several")
                return self.sweep(requested(asked, master, loader, self.name))

            words = [override.input_line for override in asked.overrides.values()]
            self.attempt(carry_out, words, [name for name in master if name != "hydra"])

        task.sweep = sweep
        return task

    def attempt(self, work: Callable[[], int], words: list[str], options: list[str]) -> None:
        self.began = True
        with _environment(FULL, self.full):
            try:
                self.status = work() or 0
            except EXPECTED as error:
                if self.full == "1" or interrupted(error):
                    self.failure = error
                else:
                    self.refuse(complaint(error, words, options))
            except BaseException as error:
                self.failure = error
                if not isinstance(error, Exception):
                    raise

    def refuse(self, error: Exception) -> None:
        """Say what is wrong; the status is that of a mistake the user can mend."""
        print(visible(error, keep="\n"), file=sys.stderr)
        self.status = 2


def _changes_alone(words: list[str]) -> bool:
    """Whether a command line asks for one run and nothing else of Hydra: no flag, no named sweep, no key of Hydra's own."""
    return not any(word.startswith("-") or word.lstrip("+~").startswith(("hydra", "sweep")) for word in words)


def _composed(conf: str, words: list[str]) -> DictConfig | None:
    """The configuration of one run, Hydra's own part with it, composed once. Hydra's application would compose it twice
    and copy it twice, which takes longer than all of our own reading. None where there is a mistake, which the application
    finds again: when it does, the scenario has been read, and the message can say what keys there are."""
    try:
        with hydra.initialize_config_dir(conf, job_name="run", version_base="1.3"):
            whole = hydra.compose("config", words, return_hydra_config=True)
    except EXPECTED:
        return None
    HydraConfig.instance().set_config(whole)
    return whole


def _culprit(prog: str, conf: str, words: list[str]) -> str | None:
    """The first word that by itself brings Hydra to an error of another kind than those it means to raise."""
    for word in words:
        try:
            with _hydra_alone(prog, [word]):
                _composed(conf, [word])
        except Exception:
            return word
    return None


def _plain(value: Any) -> Any:
    """A value of a configuration as plain data."""
    return OmegaConf.to_container(value, resolve=True) if OmegaConf.is_config(value) else value


@cache
def _options() -> list[str]:
    from sim.scenario.text import read_file

    own = read_file(resources.conf() / "config.yaml", []).value
    return ["sweep", *(name for name in own if name not in ("defaults", "hydra"))]


@contextmanager
def _hydra_alone(prog: str, words: list[str]) -> Iterator[None]:
    """Hydra with our words as its command line, raising its errors, and no trace of it afterwards."""
    made, until_the_end = [], ExitStack()

    def scratch() -> str:
        if not made:
            made.append(str(until_the_end.enter_context(short_lived_folder("sweeper"))))
        return made[0]

    OmegaConf.register_new_resolver("entente_scratch", scratch, replace=True)
    argv, sys.argv = sys.argv, [prog, *words]
    logger = logging.getLogger()
    handlers, level = logger.handlers[:], logger.level
    try:
        with _environment(FULL, "1"):
            yield
    finally:
        sys.argv = argv
        logger.handlers[:] = handlers  # `--info` had set up its own
        logger.setLevel(level)
        GlobalHydra.instance().clear()
        HydraConfig.instance().cfg = None
        until_the_end.close()


@contextmanager
def _environment(name: str, value: str | None) -> Iterator[None]:
    before = os.environ.get(name)
    _set(name, value)
    try:
        yield
    finally:
        _set(name, before)


def _set(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value
