"""Numbers and text for a page: series as steps of whole numbers, and JSON that cannot end its own element."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def dumps(value: Any) -> str:
    """JSON without spaces; what could end a script element or open another is escaped.

    Raises:
        ValueError: there is a number that JSON has no word for.
    """
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    for sign, escape in _ESCAPES.items():
        text = text.replace(sign, escape)
    return text


def steps(values: np.ndarray, digits: int) -> int | list[int | None] | None:
    """Values as whole multiples of 10**-digits: the first one, then by how much each moves.

    A constant is one number. A value that is missing is null, and the next one counts from the last that is known.
    """
    known = np.isfinite(values)
    if not known.any():
        return None
    whole = np.rint(np.where(known, values, 0.0) * 10**digits).astype(np.int64)
    if known.all():
        if (whole == whole[0]).all():
            return int(whole[0])
        return np.diff(whole, prepend=0).tolist()
    found: list[int | None] = []
    last = 0
    for value, there in zip(whole.tolist(), known.tolist(), strict=True):
        found.append(value - last if there else None)
        last = value if there else last
    return found


def whole(values: np.ndarray, digits: int) -> list[Any]:
    """An array as nested lists of whole multiples of 10**-digits; nothing may be missing."""
    return np.rint(values * 10**digits).astype(np.int64).tolist()


def digits_for(values: np.ndarray, unit: str, *, difference: bool) -> int:
    """Decimals to keep: none for what counts in hundreds, three for shares and trust, four for differences."""
    known = np.abs(values[np.isfinite(values)])
    most = float(known.max()) if known.size else 0.0
    if unit in ("fighters", "states") or most >= 100:
        return 0 if most >= 100 else 2
    if difference and 0 < most < 0.01:
        return min(7, 3 - math.floor(math.log10(most)))
    return 4 if difference else 3


def plain(value: Mapping[str, Any]) -> str:
    """A mapping of a manifest as one line of text."""
    return ", ".join(f"{key} {item}" for key, item in value.items())
