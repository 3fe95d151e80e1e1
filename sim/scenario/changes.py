"""Changes to a scenario by dotted keys, as on the command line, from Python."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from sim.events import types
from sim.scenario.check_events import COMMON
from sim.scenario.distributions import KINDS
from sim.scenario.inherit import TIMES, is_number_mapping
from sim.scenario.problems import COMMAND_LINE, Key, Problem, ScenarioError, dotted, nearest

RUN = ("start", "end", "uncertainty")


def apply_changes(spec: dict[str, Any], changes: Mapping[str, Any]) -> tuple[dict[str, Any], set[Key], dict[str, Any]]:
    """The changed spec, the keys that were changed, and the run's own ``start``, ``end`` and ``uncertainty``.

    Keys are ``scenario.events.us_withdrawal.on``, ``parameters.trust.gain``, ``start``, ``end`` or
    ``uncertainty``. A value of None, or
    a key that begins with ``~``, removes; a ``+`` before a key is allowed and changes nothing.

    Raises:
        ScenarioError: a key that leads nowhere, or nothing to remove.
    """
    old, spec = spec, copy.deepcopy(spec)
    changed: set[Key] = set()
    run: dict[str, Any] = {}
    problems: list[Problem] = []
    for text, value in changes.items():
        remove = text.startswith("~") or value is None
        path = tuple(text.lstrip("~+").split("."))
        if path[0] in RUN and len(path) == 1:
            run[path[0]] = value
            continue
        if path[0] == "scenario" and len(path) > 1:
            path = path[1:]
        elif path[0] != "parameters" or len(path) < 2:
            hint = "; did you mean 'scenario'?" if nearest(path[0], ["scenario"]) else ""
            said = "a change begins with scenario. or parameters., or is start, end or uncertainty"
            problems.append(Problem(COMMAND_LINE, (text,), f"is not a key that can be changed{hint} {said}"))
            continue
        node: Any = spec
        for part in path[:-1]:
            if node.get(part) is None and not remove:
                node[part] = {}
            node = node.get(part)
            if not isinstance(node, dict):
                break
        if not isinstance(node, dict) or (remove and path[-1] not in node):
            near = nearest(path[-1], node) if isinstance(node, dict) else None
            what = "there is nothing to remove" if remove else "leads into a value that is not a mapping"
            hint = f"; did you mean {dotted((*path[:-1], near))!r}?" if near else ""
            problems.append(Problem(COMMAND_LINE, path, what + hint))
            continue
        if remove:
            del node[path[-1]]
        else:
            node[path[-1]] = copy.deepcopy(value)
        changed.add(path)
    if problems:
        raise ScenarioError(problems)
    return settle(old, spec), changed, run


def settle(old: Mapping[str, Any], new: Mapping[str, Any], path: Key = ()) -> dict[str, Any]:
    """Changed values without what the change makes void.

    None removes; another way to write a number takes the place of the old one (``{uniform: ...}`` that of a value or of
    another distribution), another way to time an event that of the old one; an event of another type keeps of the old
    one what the new type has too.
    """
    result: dict[str, Any] = {}
    number = is_number_mapping(old) and is_number_mapping(new)
    timed = path[:1] == ("events",) and len(path) == 2
    fresh = {key for key in new if key not in old or differing(old[key], new[key])}
    kind = types().get(str(new.get("type")))
    fields = {*COMMON, *(kind.keeps() if kind else ())}
    retyped = timed and "type" in fresh and "type" in old
    renumbered = number and bool(fresh & {*KINDS, "value"})
    for key, value in new.items():
        if value is None or (renumbered and key not in fresh and key not in ("source", "basis")):
            continue
        if retyped and key not in fresh and key not in fields:
            continue
        if timed and key in TIMES and key not in fresh and fresh & set(TIMES):
            continue
        before = old.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            value = settle(before, value, (*path, key))
        result[key] = value
    return result


def differing(old: Any, new: Any, path: Key = ()) -> set[Key]:
    """The keys at which two plain values differ, as deep as can be said."""
    if isinstance(old, dict) and isinstance(new, dict):
        keys = [*old, *(key for key in new if key not in old)]
        return set().union(*(differing(old.get(key), new.get(key), (*path, key)) for key in keys))
    same = type(old) is type(new) and old == new
    return set() if same else {path}
