"""A checked scenario as JSON and back, equal to the last type, so that it can be run where its files are not.

JSON knows neither tuples nor distributions; each becomes a mapping with one key that no scenario can have. A table of draws
is the one that ships for some rules, by their name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from sim import mechanisms
from sim.scenario.calibration import Table, table_of
from sim.scenario.columns import COLUMNS, OPTIONAL, of_sources
from sim.scenario.distributions import Distribution
from sim.scenario.scenario import Scenario
from sim.scenario.sections import LONGEST
from sim.scenario.worlds import Tables

TUPLE, UNCERTAIN, TABLE = "(tuple)", "(distribution)", "(table of draws)"


def pack(value: Any) -> Any:
    """A value of a scenario as what JSON knows."""
    if isinstance(value, tuple):
        return {TUPLE: [pack(item) for item in value]}
    if isinstance(value, Distribution):
        return {UNCERTAIN: [value.kind, *value.args]}
    if isinstance(value, Table):
        return {TABLE: [value.about.get("rules"), *value.keys]}
    if isinstance(value, Mapping):
        return {key: pack(item) for key, item in value.items()}
    if isinstance(value, list):
        return [pack(item) for item in value]
    return value


def unpack(value: Any) -> Any:
    """What :func:`pack` was given."""
    if isinstance(value, dict):
        if TUPLE in value:
            return tuple(unpack(item) for item in value[TUPLE])
        if UNCERTAIN in value:
            kind, *args = value[UNCERTAIN]
            return Distribution(kind, tuple(args))
        if TABLE in value:
            rules, *keys = value[TABLE]
            table = table_of(rules)
            if table is None or not set(keys) <= set(table.keys):
                raise ValueError(f"there is no table of draws of rules {rules!r:.40} with its parameters")
            return table.without(set(table.keys) - set(keys))
        return {key: unpack(item) for key, item in value.items()}
    return [unpack(item) for item in value] if isinstance(value, list) else value


def parts_of(scenario: Scenario) -> dict[str, Any]:
    """A scenario as one tree of mappings: its fields, its tables by name."""
    own = {field.name: getattr(scenario, field.name) for field in fields(scenario)}
    own["tables"] = {field.name: getattr(scenario.tables, field.name) for field in fields(Tables)}
    own["file"] = None if scenario.file is None else str(scenario.file)
    return own


def scenario_of(parts: Mapping[str, Any]) -> Scenario:
    """What :func:`parts_of` was given.

    Raises:
        ValueError: the parts are not those of a scenario, or make one that no scenario file could: more months, or a
            mechanism that there is not.
    """
    _same_keys(parts, [field.name for field in fields(Scenario)], "a scenario")
    _same_keys(parts["tables"], [field.name for field in fields(Tables)], "the tables of a world")
    for table, rows in parts["tables"].items():
        if not isinstance(rows, list) or not all(isinstance(row, dict) and row.keys() >= _NEEDED[table] for row in rows):
            raise ValueError(f"tables.{table} is no list of rows with {', '.join(sorted(_NEEDED[table]))}")
    start, end, file = parts["start"], parts["end"], parts["file"]
    if type(start) is not int or type(end) is not int or not 1 <= end - start <= LONGEST:
        raise ValueError(f"it goes from month {start!r:.40} to {end!r:.40}; a run has 1 to {LONGEST} months")
    known = mechanisms.names()
    if not isinstance(parts["schedule"], tuple) or any(name not in known for name in parts["schedule"]):
        raise ValueError(f"its schedule is {parts['schedule']!r:.80}; mechanisms: {', '.join(known)}")
    if not isinstance(parts["spec"], dict) or not (file is None or isinstance(file, str)):
        raise ValueError("its spec is no mapping, or its file no text")
    return Scenario(**{**parts, "tables": Tables(**parts["tables"]), "file": None if file is None else Path(file)})


_NEEDED = {
    table: {name for name in columns if not of_sources(name)}
    for table, columns in (*COLUMNS.items(), ("grounds", OPTIONAL["grounds"]))
}


def _same_keys(value: Any, names: list[str], what: str) -> None:
    if not isinstance(value, dict) or set(value) != set(names):
        wrong = sorted(set(value) ^ set(names)) if isinstance(value, dict) else names
        raise ValueError(f"{what} has {', '.join(names)}; missing or unknown: {', '.join(map(repr, wrong)):.200}")


def difference(old: Any, new: Any) -> list[list[Any]]:
    """What turns one tree of mappings into another: ``[path, value]`` to set, ``[path]`` to remove."""
    if old is new:
        return []
    if not (isinstance(old, dict) and isinstance(new, dict)):
        # by their text as well: 1 equals 1.0, and is another number in a digest
        return [] if type(old) is type(new) and old == new and repr(old) == repr(new) else [[[], new]]
    if _order(old, new) != list(new):
        return [[[], new]]
    steps: list[list[Any]] = [[[key]] for key in old if key not in new]
    for key, value in new.items():
        if key not in old:
            steps.append([[key], value])
        else:
            steps += [[[key, *path], *rest] for path, *rest in difference(old[key], value)]
    return steps


def _order(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The keys of the new mapping in the order that setting and removing would leave."""
    return [*(key for key in old if key in new), *(key for key in new if key not in old)]


def apply_difference(old: Any, steps: list[list[Any]]) -> Any:
    """The new tree; the old one stays as it is, and they share what is the same."""
    for path, *rest in steps:
        if not path:
            return rest[0]
        root = old = dict(old)
        for key in path[:-1]:
            root[key] = dict(root[key])
            root = root[key]
        if rest:
            root[path[-1]] = rest[0]
        else:
            del root[path[-1]]
    return old
