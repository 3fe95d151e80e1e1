"""Whether plain data from a file has the form that its readers count on: a word for what is wrong, with the key's path.

A form is a type (`str`, `int`, `float`, `bool`, `dict`, `list`), `[form]` for a list of such values, `{str: form}` for a
mapping by name, `{"key": form, ...}` for a mapping with at least these keys, `(form, None)` for a value or null, or a
function that says what is wrong with a value.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

DEEPEST = 64
"""Mappings and lists inside each other, at most."""
_WORDS = {str: "text", int: "a whole number", float: "a number", bool: "true or false", dict: "a mapping", list: "a list"}


def parse(data: bytes) -> Any:
    """The value of a JSON text, without NaN and infinity, which are no JSON.

    Raises:
        ValueError: it is none, or lists and mappings are nested deeper than `DEEPEST`.
    """
    try:
        value = json.loads(data.decode("utf-8"), parse_constant=_no_number)
    except RecursionError:
        raise ValueError(f"nested deeper than {DEEPEST} levels") from None
    level, depth = [value], 0
    while level := [item for one in level if isinstance(one, (dict, list)) for item in _items(one)]:
        depth += 1
        if depth > DEEPEST:
            raise ValueError(f"nested deeper than {DEEPEST} levels")
    return value


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number")


def _items(value: Any) -> Any:
    return value.values() if isinstance(value, dict) else value


def problem(value: Any, form: Any, key: str = "") -> str | None:
    """What is wrong with a value, after the path of its key (`files.summary.csv.bytes: ...`); None when nothing is."""
    if isinstance(form, tuple):
        return None if value is None else problem(value, form[0], key)
    if isinstance(form, type):
        return None if _is(value, form) else _said(key, f"must be {_WORDS[form]}, not {_shown(value)}")
    if isinstance(form, list):
        if not isinstance(value, list):
            return _said(key, f"must be a list, not {_shown(value)}")
        return _first(problem(item, form[0], f"{key}[{k}]") for k, item in enumerate(value))
    if isinstance(form, Mapping):
        if not isinstance(value, dict):
            return _said(key, f"must be a mapping, not {_shown(value)}")
        if str in form:
            return _first(problem(item, form[str], _path(key, name)) for name, item in value.items())
        missing = [name for name in form if name not in value]
        if missing:
            return _said(_path(key, missing[0]), "is missing")
        return _first(problem(value[name], inner, _path(key, name)) for name, inner in form.items())
    wrong = form(value)
    return _said(key, wrong) if wrong else None


def positive(value: Any) -> str | None:
    """A whole number from 1."""
    return None if _is(value, int) and value > 0 else f"must be a whole number from 1, not {_shown(value)}"


def count(value: Any) -> str | None:
    """A whole number from 0."""
    return None if _is(value, int) and value >= 0 else f"must be a whole number from 0, not {_shown(value)}"


def month(value: Any) -> str | None:
    """A month such as 2015-01."""
    from sim.calendar import parse_month

    try:
        parse_month(value)
    except (ValueError, TypeError, AttributeError):
        return f"must be a month such as 2015-01, not {_shown(value)}"
    return None


def path(value: Any) -> str | None:
    """A path that a file can have."""
    return None if _is(value, str) and "\0" not in value else f"must be a path, not {_shown(value)}"


def one_of(*words: str) -> Any:
    """One of these words."""
    return lambda value: None if value in words else f"must be {' or '.join(words)}, not {_shown(value)}"


def _is(value: Any, kind: type) -> bool:
    if kind in (int, float) and isinstance(value, bool):
        return False
    return isinstance(value, (int, float) if kind is float else kind) and not (kind is float and not math.isfinite(value))


def _first(found: Any) -> str | None:
    return next((wrong for wrong in found if wrong), None)


def _path(key: str, name: str) -> str:
    name = name[:80] if name.isprintable() else ascii(name[:80])
    return f"{key}.{name}" if key else name


def _said(key: str, what: str) -> str:
    return f"{key}: {what}" if key else what


def _shown(value: Any) -> str:
    """A value as an error quotes it: short, on one line, without control characters."""
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
