"""What of Hydra a command line may use, looked at before Hydra sees it.

Hydra keeps the grammar of words, the composing, and what only shows (`--cfg job`, `--info`). Its own folders, logs and
settings are not set from here, since nothing but results is ever written; what names a scenario or a named sweep is one
name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import ChoiceSweep, Glob, Override, QuotedString
from hydra.errors import HydraException

from sim.cli.hydra.source import GROUP
from sim.scenario import ScenarioError
from sim.scenario.problems import COMMAND_LINE, Problem, quote

SHOWN = ("job", "hydra", "all")
TOLD = ("all", "config", "defaults", "defaults-tree", "plugins", "searchpath")
FLAGS: dict[str, tuple[str, ...] | str | None] = {
    "-m": None,
    "--multirun": None,
    "-r": None,
    "--run": None,
    "--resolve": None,
    "--hydra-help": None,
    "--version": None,
    "-sc": None,
    "--shell-completion": None,
    "-c": SHOWN,
    "--cfg": SHOWN,
    "-i": TOLD,
    "--info": TOLD,
    "-p": "KEY",
    "--package": "KEY",
    "-cd": "FOLDER",
    "--config-dir": "FOLDER",
}
"""Flags of Hydra and what follows them: nothing, one of a few words, or any word."""
SETTINGS = (
    "hydra.mode",
    "hydra.verbose",
    "hydra.job.name",
    "hydra.sweeper.design",
    "hydra.sweeper.samples",
    "hydra.sweeper.seed",
    "hydra.sweeper.max_batch_size",
    "hydra/sweeper",
    "hydra/launcher",
)
"""Settings of Hydra that can do no harm."""
MODES = ("-m", "--multirun", "-r", "--run", "-c", "--cfg", "-i", "--info", "-sc", "--shell-completion")
"""Flags of which Hydra takes one."""


_TOO_LONG = re.compile(r"[0-9]{400}")


def misuse(argv: Sequence[str], options: Sequence[str]) -> ScenarioError | None:
    """What is wrong with a command line before it is composed; None where Hydra may have it.

    Args:
        argv: the words.
        options: names of the run options.
    """
    problems = [Problem(COMMAND_LINE, (), text) for text in _flags(argv, options)]
    for word in argv:
        if _TOO_LONG.search(word):
            problems.append(Problem(COMMAND_LINE, (), f"{quote(word)} has a number that is too long; write it shorter"))
        elif "\0" in word:
            problems.append(Problem(COMMAND_LINE, (), f"{quote(word)} has a character that is in no text; remove it"))
        elif not word.startswith("-") and word != "=" and not word.lstrip("+~").partition("=")[0].strip():
            problems.append(Problem(COMMAND_LINE, (), f"{quote(word)} says no option; write one, such as seed=2"))
        elif not word.startswith("-") and (text := _setting(word) or _group(word)):
            problems.append(Problem(COMMAND_LINE, (), text))
    return ScenarioError(problems) if problems else None


def _flags(argv: Sequence[str], options: Sequence[str]) -> Iterator[str]:
    """What is wrong with the flags: options written as flags, and flags that are not for here."""
    taken = -1
    names = []
    for number, word in enumerate(argv):
        if number == taken or not word.startswith("-") or word == "-":
            continue
        name, equals, value = word.partition("=")
        names.append(name)
        option = name.lstrip("-").replace("-", "_")
        follows = next(iter(argv[number + 1 : number + 2]), "")
        if word.startswith("--") and option in (GROUP, *options):
            given = value if equals else follows
            yield f"{quote(word)} is not a flag; write {option}={given if given and not given.startswith('-') else 'VALUE'}"
        elif name not in FLAGS:
            yield f"{quote(word)} is not a flag here; flags: -m, --cfg job, --info. Options are written seed=2"
        elif (allowed := FLAGS[name]) is None:
            if equals:
                yield f"{quote(word)} takes no value; write {name}"
        else:
            bare = name in ("-i", "--info") and not equals and (not follows or follows.startswith("-"))
            if not equals and not bare:
                taken, value = number + 1, follows
            missing = not value or (not equals and value.startswith("-"))
            if not bare and (missing or (isinstance(allowed, tuple) and value not in allowed)):
                words = allowed if isinstance(allowed, str) else f"one of {', '.join(allowed)}"
                yield f"{quote(f'{name} {value}'.strip())}: {name} takes {words}"
    modes = [name for name in names if name in MODES]
    if len(modes) > 1:
        yield f"{' and '.join(modes)} do not go together; give one of them"
    shows = any(name in ("-c", "--cfg") for name in names)
    for name in ("--resolve", "-p", "--package"):
        if name in names and not shows:
            yield f"{quote(name)} goes with --cfg job, which shows the options; add it, or leave {name} out"


def flags_first(argv: Sequence[str]) -> list[str]:
    """The words with flags and what follows them in front, since Hydra reads no changes on both sides of a flag."""
    first, rest, takes = [], [], False
    for word in argv:
        if takes and not word.startswith("-"):
            first.append(word)
            takes = False
        elif word.startswith("-") and word != "-":
            first.append(word)
            takes = FLAGS.get(word) is not None
        else:
            rest.append(word)
    return first + rest


def _setting(word: str) -> str | None:
    """Why a setting of Hydra's own cannot be changed."""
    key = word.lstrip("+~").partition("=")[0].partition("@")[0]
    if not key.startswith("hydra") or (key != "hydra" and key[5] not in "./:"):
        return None
    if key in SETTINGS:
        return None
    advice = f"results=FOLDER says where results go. Allowed: {', '.join(SETTINGS)}"
    return f"{quote(word)}: this setting of Hydra is not to be changed here; {advice}"


def _group(word: str) -> str | None:
    """Why a word that picks a scenario, a named sweep or a part of Hydra does not name one."""
    key = word.lstrip("+~").partition("=")[0]
    bare = key.partition("@")[0]
    if bare not in (GROUP, "sweep") and "/" not in bare:
        return None
    if "@" in key:
        return f"{quote(word)}: a {bare} goes to no other place; write {bare}=NAME"
    if word == f"~{GROUP}" or word.startswith(f"~{GROUP}="):
        return f"{quote(word)}: a run needs a scenario; write scenario=NAME"
    try:
        override = OverridesParser.create().parse_override(word)
    except HydraException:
        return None  # said better where it is read
    if all(_is_name(value, bare) for value in _values(override)):
        return None
    example = {GROUP: "scenario=sco_expansion", "sweep": "sweep=is_growth"}.get(bare, f"{bare}=NAME")
    return f"{quote(word)} is not a name; write one, such as {example}, in quotes if it is a number: \"{bare}='2'\""


def _values(override: Override) -> list[Any]:
    value = override.value()
    return list(value.list) if isinstance(value, ChoiceSweep) else [value]


def _is_name(value: Any, group: str) -> bool:
    return isinstance(value, (str, QuotedString, Glob)) or (value is None and group != GROUP)
