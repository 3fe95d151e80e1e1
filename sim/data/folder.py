"""The public series that worlds are built from: where each lies in a data folder, its terms as known, what it is for.

The full reference of each is in ``scenarios/worlds/curated/sources.yaml``, under ``source``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from sim import resources
from sim.data.public import read_table

COW = "free for research with citation; no formal open licence"


@dataclass(frozen=True)
class Series:
    """One file of a data folder."""

    path: str
    what: str
    year: str
    """Its column of years or dates; empty where it has none."""
    terms: str
    source: str
    needed: bool = True


SERIES = (
    Series(
        "codes/country_codes.csv", "codes and life of states", "", "codes are facts; compiled in a GPL-2 package", "", True
    ),
    Series("nmc/nmc.csv.gz", "capability (CINC)", "year", COW, "nmc"),
    Series("unga/idealpoints.csv.gz", "affinity (UN ideal points)", "year", "CC0 1.0 as deposited", "unga"),
    Series("geo/contiguity.csv", "borders", "stdate", COW, "cow_contiguity"),
    Series("geo/capitals.csv", "capitals and their coordinates", "stdate", "facts; compiled in a GPL-2 package", "capitals"),
    Series(
        "atop/dyadyear.csv.gz",
        "alliance treaties",
        "year",
        "free for academic use with citation; no formal open licence",
        "atop",
    ),
    Series("rivalries/tss.csv", "strategic rivalries", "end", "free for research with citation; no formal licence", "tss"),
    Series("igo/igo_membership_spells.csv.gz", "organisations", "end", COW, "cow_igo"),
    Series("mid/dyadyear.csv.gz", "militarised disputes", "year", COW, "mid"),
    Series(
        "dca/dcad_agreements.csv", "defence agreements", "signYear", "free with citation; no formal licence", "dca", False
    ),
    Series(
        "exercises/exercise_dyadyear.csv.gz", "joint exercises", "year", "Dataverse deposit; terms not seen", "mme", False
    ),
    Series("icews/dyadyear.csv.gz", "events, directed", "year", "Dataverse terms, with citation", "icews", False),
    Series("gdelt/monthly.csv.gz", "events, undirected", "ym", "open with attribution", "gdelt", False),
    Series("democracy/gdp_pop.csv.gz", "GDP and population", "year", "not stated", "gdp", False),
    Series(
        "democracy/democracy.csv.gz",
        "democracy indices",
        "year",
        "V-Dem CC BY-SA 4.0; extended UDS not stated",
        "vdem",
        False,
    ),
)


@dataclass(frozen=True)
class Found:
    """What a folder has of a series: first and last year, None where the file is missing or has no years."""

    series: Series
    there: bool
    first: str | None
    last: str | None
    citation: str


def look(data: Path) -> list[Found]:
    """Every series, found or not, with its years and its citation.

    Raises:
        DataError: a file that is there lacks its column of years.
    """
    curated = resources.scenarios() / "worlds" / "curated" / "sources.yaml"
    references = yaml.safe_load(curated.read_text(encoding="utf-8"))
    found = []
    for series in SERIES:
        path = data / series.path
        years = (
            {row[series.year][:4] for row in read_table(path, (series.year,)) if row[series.year]}
            if series.year and path.is_file()
            else set()
        )
        citation = references[series.source].replace(" {years}", " the years above") if series.source else ""
        found.append(Found(series, path.is_file(), min(years, default=None), max(years, default=None), citation))
    return found
