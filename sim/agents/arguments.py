"""A model's seed and replicates, from all the ways to say them."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np


def seed_of(seed: Any, rng: Any) -> int:
    """The world's seed, from one of Mesa's two ways to say it."""
    if seed is not None and rng is not None:
        raise ValueError("give a seed or an rng, not both")
    if seed is None and rng is None:
        return 1
    given, name = (seed, "seed") if rng is None else (rng, "rng")
    if rng is not None and not hasattr(rng, "__index__"):
        return int(np.random.default_rng(rng).integers(2**63))
    try:
        whole = operator.index(given)
    except TypeError:
        whole = -1
    if whole < 0 or isinstance(given, (bool, np.bool_)):
        raise ValueError(f"{name} is {given!r}; it must be a whole number, 0 or more")
    return whole


def numbers_of(replicates: Any) -> Sequence[int]:
    """The numbers of the replicates."""
    wrong = f"replicates is {replicates!r}; give how many, 1 or more, or their numbers, such as range(50, 100)"
    if isinstance(replicates, (str, bytes, bool, np.bool_)):
        raise TypeError(wrong)
    try:
        count = operator.index(replicates)
    except TypeError:
        try:
            given = list(replicates)
            numbers = [operator.index(number) for number in given]
        except TypeError:
            raise TypeError(wrong) from None
        if not numbers or min(numbers) < 0 or any(isinstance(number, (bool, np.bool_)) for number in given):
            raise ValueError(wrong) from None
        if len(set(numbers)) < len(numbers):
            raise ValueError(f"replicates names a number twice: {replicates!r}") from None
        return numbers
    if count < 1:
        raise ValueError(wrong)
    return range(count)
