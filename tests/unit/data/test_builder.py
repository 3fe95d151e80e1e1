"""Worlds of any states and any month: nothing later than the start enters, no state is lost, bytes repeat."""

from __future__ import annotations

import csv
import io
import os
import random
import re
import zipfile
from functools import cache
from pathlib import Path

import pytest

from sim import resources
from sim.data.builder import build_world
from sim.data.builder.curated import accession_pacts, began, ended
from sim.data.builder.of_pairs import distance
from sim.data.builder.presence import presence
from sim.data.builder.record import Record, record
from sim.data.public import DataError
from sim.scenario.columns import COLUMNS, OPTIONAL
from sim.scenario.problems import Position
from sim.scenario.worlds import more, read_world
from sim.worlds.files import place

ROOT = Path(__file__).resolve().parents[3]
WORLDS = resources.scenarios() / "worlds"
DATA = Path(os.environ.get("SIM_DATA") or ROOT.parent / "shared" / "data")
ATLASES = {"atlas_2015": "2015-01", "atlas_2025": "2025-01"}
MOST_BYTES = 2_000_000

needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"the public data are not at {DATA}; they do not ship")
each_atlas = pytest.mark.parametrize("name", sorted(ATLASES))


@cache
def built(start, words="all", name="w"):
    return build_world(DATA, start, words.split(","), name)


def rows(files, table, name="w"):
    return list(csv.DictReader(io.StringIO(files[f"{name}/{table}.csv"].decode("utf-8"))))


def shipped(name, table):
    with (WORLDS / name / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def atlas(name):
    problems = []
    world = read_world(name, [resources.scenarios()], Position("x"), problems)
    assert problems == []
    return world


# -- what ships --------------------------------------------------------------------------------------------------------


@needs_data
@each_atlas
def test_the_atlas_is_what_the_data_give(name):
    for path, content in built(ATLASES[name], "all", name).items():
        assert (WORLDS / path).read_bytes() == content, (
            f"{path}: run python -m sim world build {name} --out scenarios --force"
        )


def test_both_atlases_take_two_megabytes_compressed(tmp_path):
    with zipfile.ZipFile(tmp_path / "atlas.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(WORLDS.glob("atlas_*")) + sorted(WORLDS.glob("atlas_*/*")):
            if path.is_file():
                archive.write(path, path.relative_to(WORLDS))
    assert (tmp_path / "atlas.zip").stat().st_size < MOST_BYTES


@each_atlas
def test_every_state_is_in_every_table_of_states(name):
    """The joins that lost Vietnam: each state has its capability, affinity, capital, region, GDP and democracy."""
    states = {row["code"]: row for row in shipped(name, "states")}
    assert len(states) == 195
    for code, row in states.items():
        assert all(row.values()), (code, row)
        assert float(row["capability"]) > 0
    assert {row["code"] for row in shipped(name, "economy")} == set(states)
    assert {row["code"] for row in shipped(name, "democracy")} == set(states)
    related = {code for row in shipped(name, "relations") for code in (row["a"], row["b"])}
    assert related == set(states)
    assert {row["state"] for row in shipped(name, "regions")} == set(states)


@pytest.mark.parametrize("code", ["VNM", "CZE", "YEM", "DEU", "TWN", "XKX", "SRB", "ROU", "COD", "SSD", "TUR", "MNE", "TLS"])
@each_atlas
def test_states_that_a_join_could_lose(name, code):
    world = atlas(name)
    (row,) = (row for row in world.tables.states if row["code"] == code)
    assert row["capability"] > 0
    pairs = [row for row in world.tables.dyads if code in (row["a"], row["b"])]
    assert len(pairs) == 194
    assert any(row["border"] != "none" for row in pairs)


@each_atlas
def test_every_column_has_its_source_with_a_reference_and_imputed_values_are_marked(name):
    world = atlas(name)
    origins = shipped(name, "sources")
    assert {row["source"] for row in origins} == set(world.sources)
    told = {(row["table"], row["column"]) for row in origins}
    for table in (*COLUMNS, *OPTIONAL):
        path = WORLDS / name / f"{table}.csv"
        if table == "sources" or not path.is_file() or not shipped(name, table):
            continue
        keys = ("code", "name", "a", "b", "from", "to", "organisation", "actor", "host", "region", "state")
        for column in shipped(name, table)[0]:
            assert column in keys or (table, column) in told or (table, "*") in told or column == "commitment", (
                table,
                column,
            )
    imputed = {row["row"] for row in origins if row["source"] == "imputed"}
    assert imputed == {"TWN", "XKX"}
    assert all(row["basis"] == "D" and row["note"] for row in origins if row["source"] == "imputed")


@each_atlas
def test_no_year_of_a_source_is_after_the_start(name):
    for row in shipped(name, "sources"):
        if (row["table"], row["column"]) == ("reach", "bias"):
            assert row["basis"] == "A" and row["note"]  # a ratio counted later, assumed to hold, and said so
            continue
        for year in re.findall(r"\b(?:19|20)[0-9]{2}\b", row["year"]):
            assert int(year) <= int(ATLASES[name][:4]), row
            if not row["year"].startswith(ATLASES[name]):
                assert int(year) < int(ATLASES[name][:4]), row


def test_holes_are_named():
    """Where a source has nothing of a state, this is said, and is not a record without events."""
    unrecorded = {row["row"] for row in shipped("atlas_2015", "sources") if row["table"] == "record" and row["row"] != "*"}
    assert {"TUR", "VEN", "SRB", "TWN"} <= unrecorded
    recorded = {code for row in shipped("atlas_2015", "record") for code in (row["a"], row["b"])}
    assert not unrecorded & recorded
    exceptions = {
        row["row"]: row for row in shipped("atlas_2025", "sources") if row["column"] == "affinity" and row["row"] != "*"
    }
    assert (exceptions["AFG"]["year"], exceptions["VEN"]["year"]) == ("2022-2023", "2021")


@pytest.mark.parametrize(
    ("a", "b", "before", "after"),
    [
        ("FIN", "USA", "none", "defence"),
        ("SWE", "USA", "none", "defence"),
        ("MKD", "USA", "none", "defence"),
        ("PRK", "RUS", "consultation", "defence"),
        ("JPN", "KOR", "none", "consultation"),
        ("AZE", "TUR", "defence", "defence"),
        ("PAK", "SAU", "none", "none"),
    ],
)
def test_2025_has_what_changed_since_2015(a, b, before, after):
    a, b = sorted((a, b))
    ties = [
        next(row["tie"] for row in atlas(name).tables.dyads if (row["a"], row["b"]) == (a, b)) for name in sorted(ATLASES)
    ]
    assert ties[1] == after
    assert ties[0] == before or (before == "none" and ties[0] == "consultation")


def test_members_of_2025():
    members = {}
    for row in atlas("atlas_2025").tables.memberships:
        members.setdefault(row["organisation"], set()).add(row["state"])
    assert len(members["NATO"]) == 32 and {"FIN", "SWE", "MKD", "MNE"} <= members["NATO"]
    assert len(members["SCO"]) == 10 and {"IND", "PAK", "IRN", "BLR"} <= members["SCO"]
    assert members["AUKUS"] == {"AUS", "GBR", "USA"} and members["QUAD"] == {"AUS", "IND", "JPN", "USA"}
    assert "ARM" in members["CSTO"]  # frozen, not left
    assert "GBR" not in members["EU"] and len(members["EU"]) == 27
    assert "IDN" not in members["BRICS"]  # joined on 6 January 2025
    assert members["AES"] == {"BFA", "MLI", "NER"} <= members["ECOWAS"]


def test_the_atlas_says_what_the_small_world_says():
    """The same states in the same month: equal but for rounding, and for treaties of 2013 and 2014, which the small world
    does not use."""
    small = read_world("eurasia_2015", [resources.scenarios()], Position("x"), [])
    large = {(row["a"], row["b"]): row for row in atlas("atlas_2015").tables.dyads}
    differ = set()
    for row in small.tables.dyads:
        other = large[row["a"], row["b"]]
        assert (row["border"], row["rivalry"]) == (other["border"], other["rivalry"])
        differ |= {(row["a"], row["b"])} if row["tie"] != other["tie"] else set()
    assert differ == {("CHN", "TKM"), ("CHN", "UKR")}
    states = {row["code"]: row for row in atlas("atlas_2015").tables.states}
    for row in small.tables.states:
        assert states[row["code"]]["capability"] == pytest.approx(row["capability"], rel=6e-3, abs=1e-6)
        assert states[row["code"]]["affinity"] == pytest.approx(row["affinity"], abs=6e-3)


def test_tables_that_no_rule_reads_are_kept_and_can_be_asked_for():
    problems = []
    world = atlas("atlas_2015")
    assert len(more(world, "relations", problems)) == 195 * 194 // 2
    assert all(0 <= row["disputes_20"] <= 1 for row in more(world, "history", problems))
    assert problems == []
    assert more(world, "nothing", problems) == []


# -- what a build does -------------------------------------------------------------------------------------------------


@needs_data
def test_the_same_data_give_the_same_bytes():
    assert build_world(DATA, "1985-01", ["majors"], "w") == build_world(DATA, "1985-01", ["majors"], "w")


@needs_data
@pytest.mark.parametrize(
    ("start", "state", "why"),
    [
        ("1960-01", "ARE", "ARE: it became a state in 1971; the data are yearly, so it can be had from 1972-01"),
        ("1985-01", "UKR", "UKR: it became a state in 1991"),
        ("2010-01", "SSD", "SSD: it became a state in 2011"),
        ("1995-01", "CSK", "CSK: it ended in 1993-01"),
        ("1991-01", "DDR", "DDR: it ended in 1990-10"),
        ("2010-01", "YUG", "YUG: it ended in 2006-06; its successors have codes of their own"),
        ("1976-01", "RVN", "RVN: it ended in 1975-05"),
        ("1952-01", "DEU", "DEU: it "),
    ],
)
def test_a_state_that_was_not_there_is_refused_by_name(start, state, why):
    with pytest.raises(DataError) as error:
        build_world(DATA, start, ["USA", "FRA", state], "w")
    assert f"not in a world of {start}: {why}" in str(error.value)


@needs_data
@pytest.mark.parametrize(
    ("start", "states"),
    [
        ("1955-06", "USA RUS FRA GBR"),
        ("1970-01", "VNM RVN DDR DEU CSK YUG YEM YMD"),
        ("1990-09", "DDR DEU YEM CSK"),
        ("1990-11", "DEU CSK YUG"),
        ("1991-01", "DEU YEM"),
        ("1994-01", "CZE SVK YUG RUS"),
        ("2007-01", "SRB VNM"),
    ],
)
def test_states_are_there_when_they_were(start, states):
    there = presence(DATA, start).names
    assert set(states.split()) <= set(there)
    assert there["RUS"] == ("Soviet Union" if start < "1992" else "Russia")


@needs_data
@pytest.mark.parametrize(
    ("start", "why"), [("1935-12", "from 1936-01 to 2025-01"), ("2025-02", "from 1936-01"), ("2000", "month")]
)
def test_a_start_outside_the_years_is_refused(start, why):
    with pytest.raises(DataError, match=why):
        build_world(DATA, start, ["USA", "FRA"], "w")


@needs_data
def test_unknown_words_are_refused_together():
    with pytest.raises(DataError) as error:
        build_world(DATA, "2000-01", ["region:nordc", "members:NATTO", "USB"], "w")
    assert str(error.value).count("--states: ") == 3
    assert "did you mean 'nordic'?" in str(error.value)


def test_a_folder_without_data_is_one_error(tmp_path):
    with pytest.raises(DataError, match=r"nmc\.csv\.gz: there is no such file"):
        build_world(tmp_path, "2000-01", ["USA", "FRA"], "w")


@needs_data
def test_numbers_of_a_state_do_not_depend_on_who_else_is_built():
    few, many = built("1999-01", "FIN,RUS,USA"), built("1999-01", "majors,region:nordic")
    for table in ("states", "dyads", "history", "relations"):
        mine = rows(few, table)
        assert all(row in rows(many, table) for row in mine)
        assert mine or table == "history"


@needs_data
def test_spells_that_end_with_their_table_are_open_and_those_that_ended_are_not():
    members = {(row["organisation"], row["state"]) for row in rows(built("2018-01"), "memberships")}
    assert ("NATO", "HRV") in members and ("CSTO", "UZB") not in members and ("SCO", "IND") in members
    rivals = {(row["a"], row["b"]): row["rivalry"] for row in rows(built("2018-01"), "dyads")}
    assert rivals["IND", "PAK"] == "1"
    assert rivals.get(("KAZ", "UZB"), "0") == "0"  # ended in 2017


@needs_data
def test_nothing_dated_after_the_start_enters():
    """A world of 2004 knows neither the NATO of April 2004 nor the members of the European Union of May."""
    files = built("2004-01")
    members = {(row["organisation"], row["state"]) for row in rows(files, "memberships")}
    assert ("NATO", "POL") in members and ("NATO", "EST") not in members and ("EU", "POL") not in members
    assert {row["year"] for row in rows(files, "sources") if row["table"] == "record" and row["row"] == "*"} == {"2002-2003"}
    assert not rows(files, "trust") and not rows(files, "actors")


@needs_data
def test_before_the_record_there_is_neither_record_nor_exposure():
    files = built("1985-01")
    assert "w/record.csv" not in files
    assert all(row["exposure"] == "" for row in rows(files, "relations"))


@needs_data
@pytest.mark.parametrize("seed", range(4))
def test_random_draws_of_states_and_months_build_and_can_be_read(seed, tmp_path):
    drawn = random.Random(seed)
    start = f"{drawn.randint(1950, 2024)}-{drawn.randint(1, 12):02d}"
    states = sorted(presence(DATA, start).names)
    chosen = drawn.sample(states, drawn.randint(3, min(60, len(states))))
    place(build_world(DATA, start, chosen, "drawn"), "drawn", tmp_path)
    problems = []
    world = read_world("drawn", [tmp_path], Position("x"), problems)
    assert problems == []
    assert sorted(row["code"] for row in world.tables.states) == sorted(chosen)
    for table in OPTIONAL:
        more(world, table, problems)
    assert problems == []


@needs_data
def test_the_record_is_directed_where_its_source_is():
    events = record(DATA, presence(DATA, "2015-01"), "2015-01")
    assert (events.source, events.years, events.directed) == ("icews", "2012-2014", True)
    assert events.cells["USA", "RUS"] != events.cells["RUS", "USA"]
    later = record(DATA, presence(DATA, "2025-01"), "2025-01")
    assert (later.source, later.directed) == ("gdelt", False)
    assert record(DATA, presence(DATA, "1990-01"), "1990-01") is None


# -- parts, without data -----------------------------------------------------------------------------------------------


def test_rows_of_a_record():
    cells = {("FIN", "SWE"): (1.23456, 123.0), ("SWE", "FIN"): (-0.5, 7.0), ("FIN", "USA"): (0.0, 1234.0)}
    first, second = Record(cells, "icews", "2012", True, frozenset()).rows()
    assert first == {"a": "FIN", "b": "SWE", "ratio": "1.23", "weight": "120", "ratio_back": "-0.5", "weight_back": "7"}
    assert second["weight"] == "1200" and second["ratio_back"] == ""


def test_distance_of_two_capitals():
    assert distance((55.75, 37.62), (39.91, 116.39)) == pytest.approx(5795, abs=15)  # Moscow and Beijing
    assert distance((10.0, 20.0), (10.0, 20.0)) == 0


@pytest.mark.parametrize(
    ("first", "until", "day", "holds"),
    [
        ("", "", "2015-01-01", True),
        ("2015", "", "2015-01-01", False),
        ("2014", "", "2015-01-01", True),
        ("2015-01-01", "", "2015-01-01", True),
        ("2015-01", "", "2015-01-01", False),
        ("2014", "2015-01-01", "2015-01-01", False),
    ],
)
def test_what_holds_on_a_day(first, until, day, holds):
    row = {"from": first, "until": until}
    assert (began(row, day) and not ended(row, day)) is holds


def test_who_joins_a_commitment_has_it_with_all_members_from_then_on():
    organisations = [{"code": "NATO", "commitment": "defence"}, {"code": "EU", "commitment": "none"}]
    members = [
        {"organisation": "NATO", "state": "USA", "joined": "1949", "source": "x"},
        {"organisation": "NATO", "state": "FRA", "joined": "1949", "source": "x"},
        {"organisation": "NATO", "state": "FIN", "joined": "2023-04-04", "source": "y"},
        {"organisation": "EU", "state": "HRV", "joined": "2023", "source": "z"},
        {"organisation": "EU", "state": "FRA", "joined": "1993", "source": "z"},
    ]
    found = accession_pacts(Path("unused"), organisations, members, 2018)
    assert set(found) == {("FIN", "USA"), ("FIN", "FRA")}
    assert {row["tie"] for row in found.values()} == {"defence"}
