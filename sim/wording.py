"""How numbers, shares, dates and codes are said, in a summary, a listing, a report or a picture."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

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
    "E": "estimated from data, with an interval",
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


def number(value: float, digits: int = 3, *, signed: bool = False, minus: str = "-") -> str:
    """A number with thousands parted and no sign on a zero; `-` where there is none."""
    if value != value:
        return "-"
    text = f"{abs(value):,.{digits}f}"
    if not any(digit in text for digit in "123456789"):
        return text
    return (minus if value < 0 else "+" if signed else "") + text


def signed(value: float, digits: int = 3) -> str:
    """A change: :func:`number` with its sign."""
    return number(value, digits, signed=True)


def not_nothing(value: float, digits: int = 3, *, minus: str = "-") -> str:
    """A change with its sign; one that rounds to zero is `+<0.001` or `-<0.001` unless it is exactly that."""
    text = number(value, digits, signed=True, minus=minus)
    if value == 0 or value != value or any(digit in text for digit in "123456789"):
        return text
    return f"{'+' if value > 0 else minus}<{10**-digits:.{digits}f}"


def listing(parts: Sequence[str]) -> str:
    """a; a and b; a, b and c."""
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def quoting(subjects: Iterable[str], subject: str) -> str:
    """A hint where somebody wrote `trust:RUS>CHN` to a shell, which takes the `>` for itself; else nothing."""
    cut = any(f"{subject}{sign}" == known[: len(subject) + 1] for known in subjects for sign in "<>")
    return " (a shell takes > and < for itself: put quotes around it, 'trust:RUS>CHN')" if cut else ""


def capital(text: str) -> str:
    """A phrase as a sentence begins."""
    return text[:1].upper() + text[1:]


def within_sentence(text: str) -> str:
    """A label as it stands inside a sentence; what begins with an acronym keeps it."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def with_article(name: str) -> str:
    """The name of a state as it stands inside a sentence."""
    return f"the {name}" if name.startswith("United ") else name


def basis(letter: str) -> str:
    """What the letter of a basis means."""
    return _FIELD.get(letter, letter)


class Sides(NamedTuple):
    """What the two sides are called: the names of the cores, the first of which is drawn in the East's place, and whose
    alignment is positive."""

    first: str = "east"
    second: str = "west"

    @classmethod
    def of(cls, cores: Iterable[str] | None) -> Sides:
        """From the cores of a scenario or of a manifest: east and west in this order, other names as they are written."""
        names = list(cores or ())
        return cls(*names) if len(names) == 2 and set(names) != {"east", "west"} else cls()

    @property
    def east(self) -> str:
        """The first, as it is shown: East, or `Allies` for `allies`."""
        return capital(self.first.replace("_", " "))

    @property
    def west(self) -> str:
        """The second, as it is shown."""
        return capital(self.second.replace("_", " "))

    @property
    def names(self) -> dict[int, str]:
        """By the number of a bloc."""
        return {0: "Non-aligned", 1: self.east, 2: self.west}

    @property
    def letters(self) -> dict[int, str]:
        """A letter each, by the number of a bloc; more where they begin alike, or as non-aligned does."""
        many = next((k for k in range(1, 10) if len({self.east[:k], self.west[:k], "N"[:k]}) == 3), 10)
        return {0: "N", 1: self.east[:many], 2: self.west[:many]}

    @property
    def key(self) -> str:
        """What the letters mean: `E East, N non-aligned, W West`."""
        letters = self.letters
        return f"{letters[1]} {self.east}, N non-aligned, {letters[2]} {self.west}"

    def said(self, text: str) -> str:
        """A text about East and West, about these sides."""
        return re.sub(r"\b(East|West)\b", lambda found: self.east if found[1] == "East" else self.west, text)

    @property
    def words(self) -> dict[str, str]:
        """What it is to stand on a side, by the measure that says so."""
        return {"bloc_none": "non-aligned", "bloc_east": f"in the {self.east} bloc", "bloc_west": f"in the {self.west} bloc"}


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

    def subject(self, text: str, known: Container[str]) -> str:
        """A subject as it is recorded, from what a person may write: codes or names, a dyad either way round, `CHN-RUS`,
        `china-russia`, `India in Pakistan`. What is none of those that are known stays as it is."""
        if text in known:
            return text
        codes = {name.lower(): code for code, name in self._names.items()} | {code.lower(): code for code in self._names}
        for apart, joined in (("", ""), (">", ">"), ("<", "<"), (" in ", ">"), ("-", "-"), (" and ", "-")):
            parts = [codes.get(part.strip().lower(), part.strip()) for part in (text.split(apart) if apart else [text])]
            for found in (joined.join(parts), "-".join(sorted(parts)) if joined == "-" else ""):
                if found in known:
                    return found
        return text
