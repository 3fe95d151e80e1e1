"""Small pieces of the sentences that say what is wrong with a value and what is allowed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

from sim.scenario.problems import Key, quote

LARGEST = 10**18
"""Whole numbers from here on are none that anybody means; a file cannot hold them."""


def count(number: int) -> str:
    """How many states, in words."""
    return "nobody" if number == 0 else "one state" if number == 1 else f"{number} states"


def in_words(words: Iterable[str]) -> str:
    """Words with commas and an and."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def what_is(value: Any) -> str:
    """What a value is, to begin a sentence."""
    if isinstance(value, dict):
        return "is a mapping"
    if isinstance(value, list):
        return "is a list"
    if value is None:
        return "is empty"
    if isinstance(value, bool):
        return f"is {quote(value)}"
    return f"is the text {quote(value)}" if isinstance(value, str) else f"is the number {value}"


def number_range(low: float, high: float, above: bool, whole: bool) -> str:
    """Which numbers are allowed."""
    kind = "whole numbers" if whole else "numbers"
    if high == math.inf:
        return f"{kind} {'above' if above else 'from'} {low:,.9g}"
    if low == -math.inf:
        return f"{kind} up to {high:,.9g}"
    return f"{kind} {'above' if above else 'from'} {low:,.9g} {'up ' if above else ''}to {high:,.9g}"


def unusable_numbers(value: Any, path: Key = ()) -> Iterator[Key]:
    """The places of numbers that are not finite, or too large to be written with all their digits."""
    if (isinstance(value, float) and not math.isfinite(value)) or (isinstance(value, int) and abs(value) >= LARGEST):
        yield path
    elif isinstance(value, (dict, list, tuple)):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from unusable_numbers(part, (*path, key))


def not_a_number(value: Any) -> str:
    """That a value is no number."""
    what = quote(value) if isinstance(value, (str, bool)) else what_is(value).removeprefix("is ")
    return f"{what} is not a number"


def meant_number(text: str) -> float | None:
    """The number that ``0,7``, ``50%`` or ``1_000`` probably stands for."""
    bare = text.strip().replace("_", "").replace(" ", "")
    try:
        number = float(bare[:-1]) / 100 if bare.endswith("%") else float(bare.replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None
