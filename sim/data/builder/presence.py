"""Which states there are on the first day of a world, under which code, and why another is not.

Codes are ISO3; a state that has ended bears its code of ISO 3166-3 (CSK, YUG, DDR, YMD), the Soviet Union RUS, the Republic
of Vietnam and Zanzibar, which have none of their own, those of the Correlates of War. A state is there when the yearly list
of states has it in the year before the start (what was founded in the year of the start itself is dated after its first
day in the data), when it has not ended by that day, and when the data know its capabilities.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from sim.data.public import CONTINUES, ISO, DataError, read_table

SERBIA, YUGOSLAVIA_ENDS = 345, "2006-06"
ENDED = {260: "1990-10", 265: "1990-10", 315: "1993-01", 511: "1964-04", 678: "1990-05", 680: "1990-05", 817: "1975-05"}
"""The first month in which a state is no longer there; the table has years only."""
BEGAN = {255: "1990-10", 679: "1990-05"}
BEFORE_THE_WAR = "1945-05"
"""Germany of before 1945 bears the code of the one of after 1990."""
"""The first month of a state that the table takes back to those before it."""
NAMES = {
    "TUR": "Turkey",
    "CSK": "Czechoslovakia",
    "CZE": "Czechia",
    "VNM": "Vietnam",
    "YEM": "Yemen",
    "YUG": "Yugoslavia",
    "RVN": "Republic of Vietnam",
}
FORMER = {"YEM": "Yemen Arab Republic", "DEU": "Federal Republic of Germany", "RUS": "Soviet Union"}
"""Names before 1990 or, of the Soviet Union, before 1992."""
GW = {255: 260, 345: 340, 679: 678}
"""Codes of Gleditsch and Ward where they differ from the COW code and the table has another row first."""


@dataclass(frozen=True)
class Presence:
    """The states of a day: code by COW code (with those of the states they continue) and by Gleditsch-Ward code, names."""

    now: dict[int, str]
    before: dict[int, str]
    gleditsch_ward: dict[int, str]
    names: dict[str, str]
    absent: dict[str, str]

    def refuse(self, states: Collection[str], start: str) -> None:
        """Raises: DataError for states that are not there, each by name with the reason."""
        gone = [code for code in states if code not in self.names]
        if gone:
            why = "; ".join(f"{code}: {self.absent.get(code, 'no state of that code is known')}" for code in gone)
            raise DataError(f"not in a world of {start}: {why}")


def presence(data: Path, start: str) -> Presence:
    """The states on the first day of ``start`` (``2015-01``) whose capabilities are known.

    Raises:
        DataError: a file is missing or broken.
    """
    year = int(start[:4])
    known, last = _with_capabilities(data, year)
    now: dict[int, str] = {}
    before: dict[int, str] = {}
    gleditsch_ward: dict[int, str] = {}
    names: dict[str, str] = {}
    absent: dict[str, str] = {}
    columns = ("ccode", "stateabb", "gwcode", "name", "first_year", "last_year", "name_short", "ISO3")
    for row in read_table(data / "codes" / "country_codes.csv", columns):
        number = int(float(row["ccode"]))
        code = _code(number, row["ISO3"], start)
        if code is None:
            continue
        before[number] = code
        reason = _reason(number, int(float(row["first_year"])), int(float(row["last_year"])), start)
        united = number in CONTINUES and BEGAN[number] <= start and year == int(BEGAN[number][:4])
        if united and CONTINUES[number] in known:
            now[CONTINUES[number]], reason = code, None
        elif reason is None and number not in known:
            reason = f"no capability in {last}, the last year of data before {start}"
        if reason:
            absent.setdefault(code, reason)
            continue
        now[number] = code
        gleditsch_ward[GW.get(number, int(float(row["gwcode"] or number)))] = code
        names[code] = _name(code, row["name_short"] or row["name"], start)
    if year > 2006:  # Yugoslavia by its own name, for the message
        absent.setdefault("YUG", f"it ended in {YUGOSLAVIA_ENDS}; its successors have codes of their own, such as SRB")
    return Presence(now, before, gleditsch_ward, names, {code: why for code, why in absent.items() if code not in names})


def _code(number: int, iso3: str, start: str) -> str | None:
    if number == SERBIA:
        return "YUG" if start < YUGOSLAVIA_ENDS else "SRB"
    return ISO.get(number) or iso3 or None


def _reason(number: int, first: int, last: int, start: str) -> str | None:
    """Why a state is not there in a month; None where it is."""
    year = int(start[:4])
    if number in BEGAN and start < BEGAN[number] and not (number == 255 and start < BEFORE_THE_WAR):
        return f"it began in {BEGAN[number]}"
    if first >= year:
        return f"it became a state in {first}; the data are yearly, so it can be had from {first + 1}-01"
    if number in ENDED and start >= ENDED[number]:
        return f"it ended in {ENDED[number]}"
    return f"it ended in {last}" if last < min(year, 2024) and number not in ENDED else None


def _name(code: str, name: str, start: str) -> str:
    if code == "DEU" and start < BEFORE_THE_WAR:
        return "Germany"
    if code in FORMER and start < ("1992-01" if code == "RUS" else BEGAN[679] if code == "YEM" else BEGAN[255]):
        return FORMER[code]
    return NAMES.get(code, name)


def _with_capabilities(data: Path, year: int) -> tuple[set[int], int]:
    """COW codes with a CINC in the last years before ``year``: the last of the table, or up to five before it."""
    path = data / "nmc" / "nmc.csv.gz"
    years: dict[int, int] = {}
    for row in read_table(path, ("ccode", "year", "cinc")):
        when, number = int(float(row["year"])), int(float(row["ccode"]))
        if when < year and row["cinc"]:
            years[number] = max(when, years.get(number, 0))
    if not years:
        raise DataError(f"{path}: nothing before {year}; the world needs an earlier year")
    last = max(years.values())
    return {number for number, when in years.items() if when >= last - 5}, last
