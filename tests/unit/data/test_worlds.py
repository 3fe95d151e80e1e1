"""The starting worlds: built again from the data to the same bytes, complete, sourced, and with the known values."""

from __future__ import annotations

import csv
import itertools
from pathlib import Path

import pytest
import yaml

from sim.data import worlds
from sim.data.public import DataError

ROOT = Path(__file__).resolve().parents[3]
WORLDS = ROOT / "scenarios" / "worlds"
CURATED = WORLDS / "curated"
DATA = ROOT.parent / "shared" / "data"
BASES = set("PDXARCM")

needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"the public data are not at {DATA}; they do not ship")
each_world = pytest.mark.parametrize("world", sorted(worlds.WORLDS))


def rows(world, table):
    with (WORLDS / world / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by(world, table, *columns):
    return {tuple(row[column] for column in columns): row for row in rows(world, table)}


def head(world):
    return yaml.safe_load((WORLDS / f"{world}.yaml").read_text(encoding="utf-8"))


@needs_data
@each_world
def test_building_again_gives_the_same_bytes(world):
    for name, content in worlds.build(world, DATA, CURATED).items():
        assert (WORLDS / name).read_bytes() == content, f"{name} is not what the data give; run python -m sim.data.worlds"


@needs_data
def test_the_command_writes_and_says_what(tmp_path, capsys):
    assert worlds.main(["--data", str(DATA), "--out", str(tmp_path), "eurasia_2015"]) == 0
    written = capsys.readouterr().out.split()
    assert len(written) == 1 + len(worlds.TABLES)
    assert all(Path(name).is_file() for name in written)


def test_missing_data_is_one_line_and_status_2(tmp_path, capsys):
    assert worlds.main(["--data", str(tmp_path)]) == 2
    assert "country_codes.csv: there is no such file" in capsys.readouterr().err


def test_an_unknown_world_is_refused():
    with pytest.raises(DataError, match="allowed: eurasia_2012, eurasia_2015"):
        worlds.build("eurasia_1815", DATA, CURATED)


@each_world
def test_every_number_has_a_source_that_resolves(world):
    sources = head(world)["sources"]
    assert all(len(text) > 20 for text in sources.values())
    used = set()
    for table in worlds.TABLES:
        for row in rows(world, table):
            for column, text in row.items():
                if column.endswith("basis"):
                    assert text in BASES, (table, row)
                elif column.endswith("source"):
                    used.add(text)
                elif _is_number(text):
                    assert row.get(f"{column}_source") or row.get("source"), f"{table}.{column} of {row} has no source"
    assert used == set(sources)


@each_world
def test_assumed_numbers_say_so(world):
    for table in worlds.TABLES:
        for row in rows(world, table):
            for column in row:
                if column.endswith("_source") and row[column] == "assumed":
                    assert row[column.removesuffix("_source") + "_basis"] == "A"


@each_world
def test_pairs_are_complete_and_in_order(world):
    codes = [row["code"] for row in rows(world, "states")]
    assert codes == sorted(codes) == list(worlds.STATES)
    assert [(row["a"], row["b"]) for row in rows(world, "dyads")] == list(itertools.combinations(codes, 2))


@each_world
def test_trust_overrides_are_symmetric(world):
    anchors = {key: row["anchor"] for key, row in by(world, "trust", "from", "to").items()}
    assert anchors
    assert all(anchors[b, a] == anchor for (a, b), anchor in anchors.items())


@each_world
def test_members_and_reach_name_states_and_organisations_that_are_there(world):
    codes = {row["code"] for row in rows(world, "states")}
    organisations = {row["code"] for row in rows(world, "organisations")}
    members = by(world, "memberships", "organisation", "state")
    assert {organisation for organisation, _ in members} == organisations
    assert {state for _, state in members} <= codes
    actors = {row["code"] for row in rows(world, "actors")}
    assert set(by(world, "reach", "actor", "state")) == set(itertools.product(actors, codes))


def test_capability_is_that_of_the_last_year_before_the_start():
    """CINC shares of 2014 and 2011: National Material Capabilities 7.0."""
    share = {code: float(row["capability"]) for (code,), row in by("eurasia_2015", "states", "code").items()}
    assert share["CHN"] == pytest.approx(0.2290, abs=5e-5)
    assert share["USA"] == pytest.approx(0.1297, abs=5e-5)
    assert share["IND"] == pytest.approx(0.0840, abs=5e-5)
    assert share["RUS"] == pytest.approx(0.0392, abs=5e-5)
    assert float(by("eurasia_2012", "states", "code")["CHN",]["capability"]) == pytest.approx(0.2142, abs=5e-5)
    assert "value of 2014" in head("eurasia_2015")["sources"]["nmc"]


def test_affinity_is_the_mean_of_three_sessions():
    """Ideal points on final passage votes, version of July 2025: USA 2.4123, 2.5084, 2.4725 in 2012-14."""
    assert float(by("eurasia_2015", "states", "code")["USA",]["affinity"]) == pytest.approx(2.4644, abs=5e-5)
    assert "2012-2014" in head("eurasia_2015")["sources"]["unga"]
    assert "2009-2011" in head("eurasia_2012")["sources"]["unga"]


def test_rivalries_at_the_two_starts():
    """Thompson, Sakuwa and Suhas: 13 rivalries in January 2015; two of them began after January 2012."""
    at = {
        world: {key for key, row in by(world, "dyads", "a", "b").items() if row["rivalry"] == "1"} for world in worlds.WORLDS
    }
    assert len(at["eurasia_2015"]) == 13
    assert at["eurasia_2015"] - at["eurasia_2012"] == {("RUS", "UKR"), ("SAU", "TUR")}
    assert at["eurasia_2012"] < at["eurasia_2015"]


def test_ties_at_the_start_of_2015():
    """ATOP 5.1: 27 defence pacts among these states; Uzbekistan keeps Russia's after leaving the CSTO."""
    pairs = by("eurasia_2015", "dyads", "a", "b")
    assert sum(row["tie"] == "defence" for row in pairs.values()) == 27
    assert pairs["RUS", "UZB"]["tie"] == "defence"
    assert pairs["RUS", "UZB"]["tie_source"] == "atop_2018"
    assert pairs["CHN", "RUS"]["tie"] == "consultation"
    assert pairs["IND", "PAK"]["tie"] == "none"  # consultation is coded from 2015, with the accession to the SCO
    assert pairs["IND", "PAK"]["nonaggression"] == "1"


def test_borders():
    pairs = by("eurasia_2015", "dyads", "a", "b")
    assert {b if a == "AFG" else a for (a, b), row in pairs.items() if "AFG" in (a, b) and row["border"] == "land"} == {
        *("CHN", "IRN", "PAK", "TJK", "TKM", "UZB")
    }
    assert pairs["JPN", "RUS"]["border"] == "sea"
    assert pairs["DEU", "FRA"]["border"] == "land"
    assert pairs["IND", "USA"]["border"] == "none"


def test_members_at_the_two_starts():
    def members(world, organisation):
        return {row["state"] for row in rows(world, "memberships") if row["organisation"] == organisation}

    six = {"CHN", "KAZ", "KGZ", "RUS", "TJK", "UZB"}
    assert members("eurasia_2012", "SCO") == members("eurasia_2015", "SCO") == six
    assert "UZB" in members("eurasia_2012", "CSTO")
    assert "UZB" not in members("eurasia_2015", "CSTO")
    assert members("eurasia_2012", "NRC") == members("eurasia_2012", "NATO") | {"RUS"}
    assert not members("eurasia_2015", "NRC")


def test_islamic_state_in_afghanistan_exists_from_2015():
    assert rows("eurasia_2012", "actors") == rows("eurasia_2012", "reach") == []
    reach = {state: row for (_, state), row in by("eurasia_2015", "reach", "actor", "state").items()}
    near = {code: float(reach[code]["reach"]) for code in ("AFG", "PAK", "RUS", "USA", "JPN")}
    assert near == {"AFG": 1, "PAK": 0.75, "RUS": 0.5, "USA": 0.4, "JPN": 0.1}
    twice = {code for code, row in reach.items() if float(row["bias"]) == 2}
    assert twice == {"RUS", "KAZ", "KGZ", "TJK", "UZB", "TKM"}


def test_curated_rows_are_used_or_explained():
    """Every curated row has a source with a reference; a correction that no world uses yet says when it begins."""
    references = yaml.safe_load((CURATED / "sources.yaml").read_text(encoding="utf-8"))
    cited = set()
    for path in sorted(CURATED.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                ids = {text for column, text in row.items() if column.endswith("source")}
                assert ids <= set(references), (path.name, row)
                cited |= ids
    built = {"nmc", "unga", "cow_contiguity", "atop", "gdp", "vdem", "euds", "capitals", "mid", "mid_curated", "dca", "mme"}
    built |= {
        "igo_share",
        "icews",
        "gdelt",
        "derived_exposure",
        "derived_grounds",
        "imputed",
        "portfolios",
    }  # by the builders
    assert set(references) - cited == built


def _is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True
