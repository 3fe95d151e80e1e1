"""Every pair of states in every year, from the public series, as they were known at the end of one year.

:func:`read_series` reads the files of a data folder; :func:`panel` makes arrays of what they say up to a year. A row dated
after that year is dropped and a spell that ends after it is open, so that nothing later can reach what is made of a panel.
A spell that ends in the last year of its file is taken to go on.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.data.public import CONTINUES, ISO, DataError

FIRST = 1955
"""The first year of a panel."""
ORGANISATIONS = ("nato", "csto", "sco")
"""The organisations, by their code in the COW IGO data, whose members a panel names."""
FILES: dict[str, tuple[str, tuple[str, ...]]] = {
    "codes": ("codes/country_codes.csv", ("ccode", "gwcode", "first_year", "last_year", "ISO3")),
    "disputes": ("mid/dyadyear.csv.gz", ("ccode1", "ccode2", "year", "cowmidonset")),
    "alliances": (
        "atop/dyadyear.csv.gz",
        ("ccode1", "ccode2", "year", "atop_defense", "atop_offense", "atop_neutral", "atop_nonagg", "atop_consul"),
    ),
    "events": ("icews/dyadyear.csv.gz", ("i_iso3c", "j_iso3c", "year", "verbCoop", "matlCoop", "verbConf", "matlConf")),
    "votes": ("unga/idealpoints.csv.gz", ("ccode", "year", "idealpointfp")),
    "power": ("nmc/nmc.csv.gz", ("ccode", "year", "cinc")),
    "regimes": ("democracy/democracy.csv.gz", ("ccode", "year", "euds", "v2x_polyarchy")),
    "wealth": ("democracy/gdp_pop.csv.gz", ("ccode", "year", "pwtrgdp")),
    "capitals": ("geo/capitals.csv", ("ccode", "stdate", "lat", "lng")),
    "borders": ("geo/contiguity.csv", ("ccode1", "ccode2", "conttype", "stdate", "enddate")),
    "rivalries": ("rivalries/tss.csv", ("ccode1", "ccode2", "start", "end")),
    "organisations": ("igo/igo_membership_spells.csv.gz", ("igo", "ccode", "status", "start", "end")),
    "agreements": ("dca/dcad_agreements.csv", ("ccode1", "ccode2", "signYear")),
    "exercises": ("exercises/exercise_dyadyear.csv.gz", ("gwcode1", "gwcode2", "year", "n_ex")),
}
"""The files of a data folder by what they are called here, with the columns that are read."""
SPELLS = {"codes": ("first_year", "last_year"), "borders": ("stdate", "enddate"), "rivalries": ("start", "end")}
SPELLS["organisations"] = ("start", "end")
"""Files of spells: the columns in which one begins and ends."""
DATED = {"agreements": "signYear", "capitals": "stdate"}
"""Files whose rows hold from a year on: its column. The others have a column ``year``."""

Series = Mapping[str, pd.DataFrame]


def read_series(data: Path) -> Series:
    """The files of a data folder as tables, by the names of :data:`FILES`; dates become years.

    Raises:
        DataError: a file or a column is missing, or a cell is no number.
    """
    found = {}
    for name, (path, columns) in FILES.items():
        file = Path(data) / path
        if not file.is_file():
            raise DataError(
                f"{file}: there is no such file; --data names a folder with unga/, nmc/, atop/, geo/, icews/, ..."
            )
        try:
            table = pd.read_csv(file, usecols=lambda name, wanted=columns: name in wanted, low_memory=False)
        except (ValueError, OSError, EOFError) as error:
            raise DataError(f"{file}: cannot be read as CSV ({error})") from error
        if missing := [column for column in columns if column not in table]:
            raise DataError(f"{file}: no column {', '.join(missing)}")
        for column in ("stdate", "enddate"):
            if column in table:
                table[column] = table[column].astype(str).str[:4].astype(int)
        found[name] = table
    return found


def known(series: Series, until: int) -> Series:
    """The rows that were known at the end of a year: later ones dropped, spells that end later open (no end)."""
    cut = {}
    for name, table in series.items():
        first = SPELLS[name][0] if name in SPELLS else DATED.get(name, "year")
        kept = table[table[first] <= until].copy()
        if name in SPELLS:
            last = SPELLS[name][1]
            ends = kept[last].astype(float)
            kept[last] = ends.where(ends <= until)
            if kept[last].notna().all() and len(kept):  # the file itself ends before: what it last had goes on
                kept[last] = kept[last].where(kept[last] < kept[last].max())
        cut[name] = kept
    return cut


@dataclass
class Panel:
    """Arrays of the years ``FIRST`` to ``until`` for the ``n`` states of the codes.

    ``of`` holds by name arrays (years, n, n) of pairs: ``onset`` a militarised dispute began, ``defence``,
    ``consultation`` and ``treaty`` (of any kind) ties, ``cooperative`` and ``conflictual`` events of the first toward the
    second, ``land`` and ``near`` borders, ``rivalry``, ``shared`` organisations, ``agreements`` signed so far,
    ``exercises`` in the year. ``states`` holds (years, n): ``power`` (CINC), ``ideal`` point, ``regime`` (0..1),
    ``wealth`` (GDP, million), and ``present``; ``members`` those of some organisations. ``last`` is the last year that
    each file has; ``distance`` in kilometres between capitals; ``counted`` marks states that the event data know.
    """

    until: int
    codes: tuple[str, ...]
    of: dict[str, np.ndarray]
    states: dict[str, np.ndarray]
    members: dict[str, np.ndarray]
    distance: np.ndarray
    counted: np.ndarray
    first: dict[str, int] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)

    def at(self, name: str, year: int) -> np.ndarray:
        """A matrix or column in a year; the last that the file has where it ends before."""
        array = self.of[name] if name in self.of else self.states[name]
        return array[min(year, self.last.get(name, self.until)) - FIRST]

    def within(self, name: str, year: int, years: int) -> np.ndarray:
        """The sum over the last ``years`` up to and with ``year`` (or up to the last year that there is)."""
        end = min(year, self.last.get(name, self.until)) + 1 - FIRST
        return self.of[name][max(end - years, 0) : end].sum(axis=0)

    def affinity(self, year: int, sessions: int = 3) -> np.ndarray:
        """Mean ideal point over the last sessions, shape (n,); nan where a state voted in none."""
        end = min(year, self.last["ideal"]) + 1 - FIRST
        points = self.states["ideal"][end - sessions : end]
        count = (~np.isnan(points)).sum(axis=0)
        return np.where(count > 0, np.nansum(points, axis=0) / np.maximum(count, 1), np.nan)

    def there(self, year: int, chosen: Collection[str] | None = None) -> np.ndarray:
        """Positions, by code, of the states whose capability and votes are known at the end of a year."""
        ok = self.at("present", year) & ~np.isnan(self.at("power", year)) & ~np.isnan(self.affinity(year))
        if chosen is not None:
            ok &= np.isin(self.codes, list(chosen))
        return np.flatnonzero(ok)


def panel(series: Series, until: int, without: Collection[str] = ()) -> Panel:
    """What the series say up to the end of a year.

    Args:
        series: from :func:`read_series`.
        until: the last year; nothing later is read.
        without: states, by ISO3, that are left out of everything.

    Raises:
        DataError: a file has nothing up to that year.
    """
    return _Reader(known(series, until), until, without).panel()


class _Reader:
    """Turns the rows of a cut into arrays."""

    def __init__(self, series: Series, until: int, without: Collection[str]) -> None:
        self.series, self.until, self.years = series, until, until - FIRST + 1
        codes = series["codes"].sort_values("last_year", kind="stable", na_position="last")
        names: dict[int, str] = {}
        for number, iso in zip(codes["ccode"].astype(int), codes["ISO3"]):
            code = ISO.get(number) or (iso if isinstance(iso, str) else None)
            if code and code not in without:
                names[number] = code
        self.codes = tuple(sorted(set(names.values())))
        place = {code: k for k, code in enumerate(self.codes)}
        self.of_number = {number: place[code] for number, code in names.items()}
        for number, other in CONTINUES.items():  # a united state before its union is the larger part
            if other in self.of_number and number in self.of_number:
                self.of_number[other] = self.of_number[number]
        self.of_code = place
        self.of_gw = {
            int(gw): self.of_number[int(number)]
            for gw, number in zip(codes["gwcode"], codes["ccode"])
            if gw == gw and int(number) in self.of_number
        }
        self.first: dict[str, int] = {}
        self.last: dict[str, int] = {}

    def panel(self) -> Panel:
        of = self._disputes() | self._alliances() | self._events() | self._borders() | self._rivalries()
        shared, members = self._organisations()
        of |= {"shared": shared} | self._agreements() | self._exercises()
        states = {"present": self._present()}
        for name, file, column in (
            ("power", "power", "cinc"),
            ("ideal", "votes", "idealpointfp"),
            ("wealth", "wealth", "pwtrgdp"),
        ):
            states[name] = self._by_state(name, file, self.series[file][column])
        regimes = self.series["regimes"]
        euds = regimes["euds"]
        low, high = euds.min(), euds.max()
        states["regime"] = self._by_state("regime", "regimes", regimes["v2x_polyarchy"].fillna((euds - low) / (high - low)))
        counted = (of["cooperative"] + of["conflictual"]).any(axis=0)
        return Panel(
            self.until,
            self.codes,
            of,
            states,
            members,
            self._distance(),
            counted.any(0) | counted.any(1),
            self.first,
            self.last,
        )

    def _zeros(self) -> np.ndarray:
        return np.zeros((self.years, len(self.codes), len(self.codes)), np.float32)

    def _places(self, numbers: Any, of: Mapping[Any, int]) -> np.ndarray:
        return np.array([of.get(number if isinstance(number, str) else int(number), -1) for number in numbers], dtype=int)

    def _dated(self, names: tuple[str, ...], file: str, one: str, other: str, of: Mapping[Any, int]) -> Any:
        """Rows of a yearly file whose two states are known: their table, year's place, and places."""
        table = self.series[file].dropna(subset=[one, other])
        if not len(table):
            for name in names:
                self.first[name], self.last[name] = self.until, self.until
            return table, *(np.zeros(0, int),) * 3
        years = table["year"].astype(int)
        for name in names:
            self.first[name], self.last[name] = max(int(years.min()), FIRST), int(years.max())
        i, j = self._places(table[one], of), self._places(table[other], of)
        ok = (i >= 0) & (j >= 0) & (years >= FIRST).to_numpy() & (i != j)
        return table[ok], years[ok].to_numpy() - FIRST, i[ok], j[ok]

    def _disputes(self) -> dict[str, np.ndarray]:
        rows, t, i, j = self._dated(("onset",), "disputes", "ccode1", "ccode2", self.of_number)
        onset = self._zeros()
        np.maximum.at(onset, (t, i, j), rows["cowmidonset"].to_numpy(np.float32))
        return {"onset": _either(onset)}

    def _alliances(self) -> dict[str, np.ndarray]:
        names = ("defence", "consultation", "treaty")
        rows, t, i, j = self._dated(names, "alliances", "ccode1", "ccode2", self.of_number)
        kinds = [column for column in FILES["alliances"][1] if column.startswith("atop_")]
        found = {}
        for name, columns in zip(names, (["atop_defense"], ["atop_consul"], kinds)):
            ties = self._zeros()
            np.maximum.at(ties, (t, i, j), rows[columns].max(axis=1).to_numpy(np.float32))
            found[name] = _either(ties)
        return found

    def _events(self) -> dict[str, np.ndarray]:
        names = ("cooperative", "conflictual")
        rows, t, i, j = self._dated(names, "events", "i_iso3c", "j_iso3c", self.of_code)
        found = {}
        for name, columns in zip(names, (["verbCoop", "matlCoop"], ["verbConf", "matlConf"])):
            found[name] = self._zeros()
            found[name][t, i, j] = rows[columns].sum(axis=1).to_numpy(np.float32)
        return found

    def _spells(self, file: str) -> Any:
        """Rows of a file of spells with their first and last year's place in the panel."""
        first, last = SPELLS[file]
        table = self.series[file]
        ends = table[last].fillna(self.until).astype(int)
        table = table.assign(_first=table[first].astype(int).clip(lower=FIRST) - FIRST, _last=ends - FIRST)
        return table[table["_last"] >= table["_first"]]

    def _pair_spells(self, file: str, into: np.ndarray, rows: Any) -> np.ndarray:
        i, j = (self._places(rows[column], self.of_number) for column in ("ccode1", "ccode2"))
        for a, b, first, last in zip(i, j, rows["_first"], rows["_last"]):
            if a >= 0 and b >= 0:
                into[first : last + 1, a, b] = into[first : last + 1, b, a] = 1
        return into

    def _borders(self) -> dict[str, np.ndarray]:
        rows = self._spells("borders")
        land = self._pair_spells("borders", self._zeros(), rows[rows["conttype"] == 1])
        return {"near": self._pair_spells("borders", self._zeros(), rows), "land": land}

    def _rivalries(self) -> dict[str, np.ndarray]:
        return {"rivalry": self._pair_spells("rivalries", self._zeros(), self._spells("rivalries"))}

    def _organisations(self) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        rows = self._spells("organisations")
        rows = rows[rows["status"] == 1]
        names = {name: k for k, name in enumerate(sorted(rows["igo"].unique()))}
        belongs = np.zeros((self.years, len(self.codes), len(names)), np.float32)
        for igo, state, first, last in zip(
            rows["igo"], self._places(rows["ccode"], self.of_number), rows["_first"], rows["_last"]
        ):
            if state >= 0:
                belongs[first : last + 1, state, names[igo]] = 1
        shared = np.stack([year @ year.T for year in belongs]) if names else self._zeros()
        none = np.zeros((self.years, len(self.codes)), bool)
        return shared, {igo: belongs[:, :, names[igo]] > 0 if igo in names else none for igo in ORGANISATIONS}

    def _agreements(self) -> dict[str, np.ndarray]:
        rows = self.series["agreements"]
        signed = self._zeros()
        i, j = (self._places(rows[column], self.of_number) for column in ("ccode1", "ccode2"))
        for a, b, year in zip(i, j, rows["signYear"].astype(int).clip(lower=FIRST) - FIRST):
            if a >= 0 and b >= 0 and a != b:
                signed[year:, a, b] += 1
                signed[year:, b, a] += 1
        return {"agreements": signed}

    def _exercises(self) -> dict[str, np.ndarray]:
        rows, t, i, j = self._dated(("exercises",), "exercises", "gwcode1", "gwcode2", self.of_gw)
        held = self._zeros()
        held[t, i, j] = rows["n_ex"].to_numpy(np.float32)
        return {"exercises": _either(held)}

    def _present(self) -> np.ndarray:
        there = np.zeros((self.years, len(self.codes)), bool)
        rows = self._spells("codes")
        for number, first, last in zip(rows["ccode"].astype(int), rows["_first"], rows["_last"]):
            if number in self.of_number:
                there[first : last + 1, self.of_number[number]] = True
        return there

    def _by_state(self, name: str, file: str, values: Any) -> np.ndarray:
        table = self.series[file]
        if not len(table):
            raise DataError(f"{FILES[file][0]}: nothing up to {self.until}")
        found = np.full((self.years, len(self.codes)), np.nan)
        years, places = table["year"].astype(int).to_numpy(), self._places(table["ccode"], self.of_number)
        ok = (places >= 0) & (years >= FIRST) & values.notna().to_numpy()
        found[years[ok] - FIRST, places[ok]] = values.to_numpy()[ok]
        self.first[name], self.last[name] = FIRST, int(years.max())
        return found

    def _distance(self) -> np.ndarray:
        """Kilometres between the capitals, along great circles, (n, n)."""
        north, east = (np.full(len(self.codes), np.nan) for _ in range(2))
        rows = self.series["capitals"].sort_values("stdate", kind="stable")
        for state, lat, lng in zip(self._places(rows["ccode"], self.of_number), rows["lat"], rows["lng"]):
            if state >= 0:
                north[state], east[state] = math.radians(lat), math.radians(lng)
        half = np.sin((north[:, None] - north) / 2) ** 2
        half += np.cos(north[:, None]) * np.cos(north) * np.sin((east[:, None] - east) / 2) ** 2
        return 2 * 6371.0 * np.arcsin(np.sqrt(half.clip(0, 1)))


def _either(ties: np.ndarray) -> np.ndarray:
    return np.maximum(ties, ties.transpose(0, 2, 1))
