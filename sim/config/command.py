"""One command line of `run` through Hydra, all of it: `-m`, `--cfg job`, `--info`, `glob()`, completion.

Hydra leaves nothing behind: no output folders, no log files, no change of the working directory. Every error that a
person can mend ends as one message on stderr and exit status 2.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import hydra
from hydra.core.global_hydra import GlobalHydra
from hydra.core.hydra_config import HydraConfig
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.plugins import Plugins
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf

from sim import resources
from sim.config import completion
from sim.config.assemble import assemble
from sim.config.complaint import EXPECTED, complaint, flags
from sim.config.options import RunConfig
from sim.config.source import GROUP, Scenarios, ScenarioSearchPath, ScenarioSource
from sim.config.words import prepare, shown, value_of

FULL = "HYDRA_FULL_ERROR"


def run(argv: list[str], task: Callable[[RunConfig], int], prog: str) -> int:
    """Compose and run; see :func:`sim.config.compose`."""
    if completion.wanted(argv) and (status := completion.answer(argv, prog)) is not None:
        return status
    if any(word.startswith("--") for word in argv) and (error := flags(argv, _options())) is not None:
        print(error, file=sys.stderr)
        return 2
    words = prepare(argv)
    Scenarios.begin(value_of(argv, "scenario_dir"))
    Plugins.instance().register(ScenarioSource)
    Plugins.instance().register(ScenarioSearchPath)
    jobs = _Jobs(task, os.environ.get(FULL), words)
    main = hydra.main(config_path=str(resources.conf()), config_name="config", version_base="1.3")(jobs.job)
    try:
        with _hydra_alone(prog, words):
            main()
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
        return status or jobs.status
    except EXPECTED as error:
        if os.environ.get(FULL) == "1":
            raise
        jobs.refuse(complaint(error, argv, _options()))
    if jobs.failure is not None:
        raise jobs.failure
    return jobs.status


class _Jobs:
    """What Hydra calls: once, or once a job. Errors are kept here, since Hydra would print them in its own way."""

    def __init__(self, task: Callable[[RunConfig], int], full: str | None, words: list[str]) -> None:
        self.task, self.full, self.words = task, full, words
        self.status = 0
        self.failure: BaseException | None = None

    def job(self, cfg: DictConfig) -> None:
        if self.failure is not None:
            return
        about = HydraConfig.get()
        overrides = [shown(word) for word in about.overrides.task]
        sweeping = about.mode == RunMode.MULTIRUN
        fixed = _fixed(self.words) if sweeping else set(map(_key, overrides))
        varied = [word for word in overrides if _key(word) not in fixed]
        with _environment(FULL, self.full):
            try:
                draft = Scenarios.draft(about.runtime.choices[GROUP])
                config: Any = OmegaConf.to_container(cfg, resolve=True)
                request = assemble(config, draft, overrides, sweeping=sweeping, varied=varied)
            except EXPECTED as error:
                if self.full == "1":
                    self.failure = error
                    return
                if sweeping:
                    print(f"{' '.join(varied or overrides)}:", file=sys.stderr)
                self.refuse(complaint(error, overrides, list(cfg)))
                return
            except Exception as error:
                self.failure = error
                return
            try:
                self.status = max(self.status, self.task(request) or 0)
            except BaseException as error:
                self.failure = error
                if not isinstance(error, Exception):
                    raise

    def refuse(self, error: Exception) -> None:
        """Say what is wrong; the status is that of a mistake the user can mend."""
        print(error, file=sys.stderr)
        self.status = max(self.status, 2)


def _key(word: str) -> str:
    """What an override changes: ``seed`` for ``seed=2``, ``scenario.events.uri`` for ``~scenario.events.uri``."""
    return word.lstrip("+~").partition("=")[0]


def _fixed(words: list[str]) -> set[str]:
    """What the command line itself gives one value for, and so is the same in every job of a sweep."""
    plain = [word for word in words if not word.startswith("-") and ("=" in word or word.startswith("~"))]
    return {_key(word) for word, override in zip(plain, OverridesParser.create().parse_overrides(plain))
            if not override.is_sweep_override()}  # fmt: skip


@cache
def _options() -> list[str]:
    from sim.scenario.text import read_file

    return [name for name in read_file(resources.conf() / "config.yaml", []).value if name not in ("defaults", "hydra")]


@contextmanager
def _hydra_alone(prog: str, words: list[str]) -> Iterator[None]:
    """Hydra with our words as its command line, raising its errors, and no trace of it afterwards."""
    made: list[str] = []

    def scratch() -> str:
        if not made:
            made.append(tempfile.mkdtemp(prefix="entente-"))
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
        for folder in made:
            shutil.rmtree(folder, ignore_errors=True)


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
