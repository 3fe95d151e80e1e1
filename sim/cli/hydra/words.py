"""The words of a command line, made safe for Hydra's grammar: paths with spaces or letters of any language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override, OverrideType, ValueType

MANY = ("-m", "--multirun")
PATHS = ("scenario", "scenario_dir", "results")
LISTS = ("outcomes", "at")
"""Lists of words such as `trust:IND>PAK`, with brackets or without; never axes."""
BEHAVIOUR = "behaviour."
"""Before a state's code; its value is a path and a class."""
_NUMBER = re.compile(r"([a-zA-Z_][\w.]*)=(-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]+)?(?:e-?[0-9]{1,3})?)")
_SAFE = re.compile(r"[A-Za-z_./@%+-][A-Za-z0-9_./@%+-]*\Z")
_GRAMMAR = re.compile(r"\s*(?:['\"\[{]|[A-Za-z_]\w*\s*\()")  # quoted, a list, or a function such as glob(no_*)
_RESERVED = ("null", "true", "false", "nan", "inf")


def prepare(argv: Sequence[str]) -> list[str]:
    """The words with paths quoted where Hydra would stumble over them, and ``-m`` first, where Hydra looks for it."""
    flags = [word for word in argv if word in MANY]
    several = bool(flags) or any(word.startswith("hydra.mode=") for word in argv)
    return [*flags[:1], *(_quoted(_addable(word), several) for word in argv if word not in MANY)]


def shown(word: str) -> str:
    """A prepared word as the user writes it."""
    return word.removeprefix("++") if word.startswith("++" + BEHAVIOUR) else word


def _addable(word: str) -> str:
    """Any state can be given a behaviour: to Hydra that is a new key, which the user need not know."""
    plain = word.lstrip("+")
    return "++" + plain if plain.startswith(BEHAVIOUR) and "=" in plain else word


@lru_cache(maxsize=4096)
def parse(word: str) -> Override:
    """A word as Hydra parses it; plain numbers, of which a sweep has thousands, without its grammar."""
    if plain := _NUMBER.fullmatch(word):
        key, number = plain.groups()
        value = float(number) if set(number) & set(".e") else int(number)
        return Override(OverrideType.CHANGE, key, ValueType.ELEMENT, value, input_line=word)
    return OverridesParser.create().parse_override(word)


def value_of(argv: Sequence[str], name: str) -> str | None:
    """The last value given to an option, without quotes; None when it is not given."""
    values = [word.partition("=")[2] for word in argv if word.lstrip("+").partition("=")[0] == name]
    if not values or values[-1] in ("", "null"):
        return None
    value = values[-1]
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"" else value


def _quoted(word: str, several: bool) -> str:
    name, equals, value = word.partition("=")
    if name in LISTS and value not in ("null", "all") and not set(value) & set("'\""):
        items = [item.strip() for item in value.removeprefix("[").removesuffix("]").split(",")]
        return f"{name}=[{','.join(_quote(item) for item in items if item)}]"
    free = name.lstrip("+") in (*PATHS, "measure") or name.startswith("++" + BEHAVIOUR)
    if not free or not equals or not value or _GRAMMAR.match(value):
        return word
    parts = value.split(",") if several else [value]
    return f"{name}={','.join(_quote(part) for part in parts)}"


def _quote(value: str) -> str:
    if value == "null" or (_SAFE.match(value) and value.lower() not in _RESERVED):
        return value
    # In Hydra's grammar a backslash is special only before a quote and at the end.
    value = re.sub(r"(\\*)'", lambda found: found[1] * 2 + r"\'", value)
    return "'" + re.sub(r"\\+$", lambda found: found[0] * 2, value) + "'"
