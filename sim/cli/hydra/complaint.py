"""Hydra's errors in our words: what is wrong, did you mean, what is allowed, what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException, OverrideParseException
from omegaconf.errors import OmegaConfBaseException

from sim.cli.hydra.source import GROUP, Scenarios, composed
from sim.events import fields_of_any
from sim.scenario import ScenarioError, names
from sim.scenario.check_events import COMMON
from sim.scenario.inherit import is_path
from sim.scenario.problems import COMMAND_LINE, Problem, did_you_mean, nearest, quote

EXPECTED = (ScenarioError, HydraException, OmegaConfBaseException)


def complaint(error: BaseException, argv: Sequence[str], options: Sequence[str]) -> ScenarioError:
    """An error of Hydra's as problems of the command line.

    Args:
        error: one of ``EXPECTED``.
        argv: the words of the command line.
        options: names of the run options.
    """
    if isinstance(error, ScenarioError):
        return error
    if "=" in argv[1:]:
        at = argv.index("=", 1)
        said = " ".join(argv[at - 1 : at + 2])
        return _one(f"{quote(said)} has spaces around its = sign; write {said.replace(' ', '')}")
    words = [word for word in argv if (not word.startswith("-") and "=" in word) or word.startswith("~")]
    if isinstance(error, OverrideParseException):
        return _one(_unreadable(error))
    try:
        overrides = OverridesParser.create().parse_overrides(words)
    except OverrideParseException as unreadable:
        return _one(_unreadable(unreadable))
    tree: dict[str, Any] = dict.fromkeys(options)
    drafts = list(Scenarios.drafts.values())
    if drafts:
        tree |= composed(drafts[-1])
    if problems := [problem for override in overrides if (problem := _unknown(override, tree))]:
        return ScenarioError(problems)
    return _one(_with_word(_in_words(error), words))


def _with_word(text: str, words: Sequence[str]) -> str:
    """A sentence of Hydra's that says which word it is about: the one that refers to something, else the only ones there
    are."""
    if any(key in text for word in words if (key := word.lstrip("+~").partition("=")[0])):
        return text
    suspects = [word for word in words if "${" in word] or words
    return f"{', '.join(quote(word) for word in suspects[:3])}: {text}" if suspects else text


def unexplained(error: Exception, word: str | None) -> ScenarioError:
    """An error of Hydra's that nobody foresaw, with the word that it comes from, if one alone is enough for it."""
    said = (str(error).splitlines() or [""])[0][:200]
    what = quote(word) if word else "these words together"
    return _one(f"{what} cannot be used here ({type(error).__name__}: {said}); leave it out, or write it otherwise")


def interrupted(error: BaseException | None) -> bool:
    """Whether an error came up while the command was being stopped: OmegaConf's own tidying up fails then."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None


def _one(text: str) -> ScenarioError:
    return ScenarioError([Problem(COMMAND_LINE, (), text)])


def _unreadable(error: OverrideParseException) -> str:
    word = error.override
    if "=" not in word and (is_path(word) or word in names(Scenarios.folder)):
        return f"{quote(word)} is not a change; did you mean scenario={word}?"
    if "=" not in word:
        return f"{quote(word)} is not a change; write option=value, such as scenario=sco_expansion or seed=2"
    key, _, value = word.partition("=")
    if re.search(r"\s", key):
        return f"{quote(word)} cannot be read: no spaces around the = sign; write {key.strip()}={value.strip()}"
    return (
        f"{quote(word)} cannot be read; check brackets and quotes, and put text with spaces or signs in two pairs of "
        f"quotes: \"{key}='{value}'\""
    )


def _unknown(override: Override, tree: dict[str, Any]) -> Problem | None:
    """Why the key of an override leads nowhere, if it does."""
    path = str(override.key_or_group).split(".")
    if path[0] == "hydra" or "/" in path[0] or override.is_add() or override.is_force_add():
        return None
    node: Any = tree
    for number, part in enumerate(path):
        if isinstance(node, dict) and part in node:
            node = node[part]
            continue
        done = ".".join(path[:number])
        if not isinstance(node, dict):
            text = f"leads nowhere: {done} is one value; write {done}=VALUE"
        elif override.is_delete():
            text = f"there is nothing to remove{did_you_mean(part, node, what=f'{done} has' if done else 'options')}"
        elif path[:2] == [GROUP, "events"] and number == 3 and part in {*COMMON, *fields_of_any()}:
            text = f"this event has no {part} so far; to add it, write '+{override.input_line}'"
        else:
            text = f"is not a key{did_you_mean(part, node, what=f'{done} has' if done else 'options')}"
            # A new event, source or set is added with +; parameters and options cannot be.
            if path[0] == GROUP and nearest(part, node) is None:
                text += f". To add it, write '+{override.input_line}'"
        return Problem(COMMAND_LINE, tuple(path), text)
    return None


def _in_words(error: BaseException) -> str:
    text = str(error) or str(error.__cause__ or "") or type(error).__name__
    if found := re.search(r"Ambiguous value for argument '(.*?)'", text):
        key, _, value = found[1].partition("=")
        ways = f"a list is written '{key}=[{value}]', a text with commas \"{key}='{value}'\""
        return f"{key}={value} has several values; add -m to run each ({ways})"
    if found := re.search(r"Sweep parameters '(.*?)' requires --multirun", text):
        return f"{found[1]} has several values; add -m to run each"
    if found := re.search(r"Could not find '(.+)/(.*?)'", text):
        there = re.findall(r"^\t(\S+)$", text.split("Config search path")[0], re.M)
        return f"there is no {found[1]} {quote(found[2])}{did_you_mean(found[2], there, what=found[1] + 's')}"
    cause = error.__cause__
    found, new = re.search(r"Could not override '(.*?)'", text), re.search(r"Key '(.*?)' is not in struct", str(cause))
    if found and new:
        word = re.search(r"use \+(.*)", text)
        return f"{found[1]} has no {new[1]!r} so far; to add it, write '++{word[1] if word else found[1] + '=...'}'"
    if found := re.search(r"An item is already at '(.*?)'", text):
        return f"{found[1]} is there already; write it without the + to change it"
    detail = str(cause).splitlines()[0] if isinstance(cause, OmegaConfBaseException) and str(cause) else ""
    first = text.split("\nSearch path:")[0].split("\nSee https")[0].strip()
    return re.sub(r"\s*\n\s*", "; ", first) + (f" ({detail})" if detail and detail not in first else "")
