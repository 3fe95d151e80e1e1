"""Plain words for codes and dates: what a summary, a listing or a picture calls things."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_FIELD = {
    "R": "read from a dataset",
    "P": "published",
    "C": "computed from data",
    "D": "estimated from data",
    "X": "derived",
    "A": "an assumption",
    "M": "from memory, unverified",
}


def date(text: str) -> str:
    """`9 June 2017` for 2017-06-09, `June 2017` for 2017-06."""
    parts = str(text).split("-")
    if len(parts) < 2:
        return str(text)
    day = f"{int(parts[2])} " if len(parts) > 2 else ""
    return f"{day}{MONTHS[int(parts[1]) - 1]} {parts[0]}"


def month_before(text: str) -> str:
    """`December 2020` for 2021-01: the last month in force of something that ends with 2021-01."""
    year, month = (int(part) for part in str(text).split("-")[:2])
    return date(f"{year - (month == 1):04d}-{(month - 2) % 12 + 1:02d}")


def percent(share: float) -> str:
    """A share in whole per cent that claims no certainty it does not have: 0 % and 100 % only where exact."""
    if 0 < share < 0.01:
        return "<1 %"
    return ">99 %" if 0.99 < share < 1 else f"{100 * share:.0f} %"


def basis(letter: str) -> str:
    """What the letter of a basis means."""
    return _FIELD.get(letter, letter)


class Namer:
    """Names for codes: of states, actors and organisations; a code it does not know stays as it is."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """`names` maps codes to names."""
        self._names = dict(names)

    @classmethod
    def of(cls, tables: Any) -> Namer:
        """From the tables of a scenario."""
        return cls({row["code"]: row.get("name") or row["code"] for row in (*tables.states, *tables.actors)})

    @classmethod
    def of_manifest(cls, manifest: Mapping[str, Any]) -> Namer:
        """From the manifest of a run."""
        return cls({row["code"]: row["name"] for row in (*manifest.get("states", ()), *manifest.get("actors", ()))})

    def one(self, code: str) -> str:
        """The name of one code."""
        return self._names.get(code, code)
