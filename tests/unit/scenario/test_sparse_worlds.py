"""A world that lists what differs and has its sources apart: what its head and tables may say, and what is then read."""

import shutil

import pytest

from sim import resources
from sim.scenario import ScenarioError
from sim.scenario.problems import Position
from sim.scenario.text import Node
from sim.scenario.worlds import more, read_world

DEFAULTS = "  dyads: {border: none, tie: none, rivalry: 0, nonaggression: 0, consultation: 0}"
PAIR = "AFG,CHN,land,none,"
NOWHERE = Position("x", 1, 1)


@pytest.fixture
def spoilt(tmp_path, monkeypatch):
    """Replace a text of a copy of the atlas (`None` removes the table), and read it, whole or in part: what is wrong."""
    monkeypatch.chdir(tmp_path)
    source = resources.scenarios() / "worlds"
    shutil.copytree(source / "atlas_2015", tmp_path / "worlds" / "mine")
    shutil.copy(source / "atlas_2015.yaml", tmp_path / "worlds" / "mine.yaml")

    def reading(table, old, new, *states):
        path = tmp_path / "worlds" / (f"mine/{table}.csv" if table else "mine.yaml")
        if new is None:
            path.unlink()
        else:
            text = path.read_text(encoding="utf-8")
            assert old in text
            path.write_text(text.replace(old, new, 1), encoding="utf-8")
        problems = []
        chosen = Node([Node(code, NOWHERE) for code in states], NOWHERE) if states else None
        try:
            reading.world = read_world("mine", [tmp_path], NOWHERE, problems, chosen)
        except ScenarioError as error:
            problems += error.problems
        return [str(problem) for problem in problems]

    return reading


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (DEFAULTS, "  dyad: {border: none}", "'dyad' is not a table that may list only what differs; did you mean 'dyads'?"),
        (DEFAULTS, "  dyads: none", "is a mapping of tables to columns, such as"),
        ("border: none", "border: sand", "dyads: border is 'sand'; allowed: land, sea, none"),
        ("rivalry: 0,", "rivalry: 2,", "dyads: rivalry is 2; allowed: a number from 0 to 1"),
        ("rivalry: 0,", "rivalry: [0],", "dyads: rivalry is [0]; allowed: a number from 0 to 1"),
        ("rivalry: 0,", "rivalry: true,", "dyads: rivalry is true; allowed"),
        ("border: none, ", "", "dyads: border is missing; write what pairs that are not listed have"),
        ("border: none", "border: none, bordr: none", "dyads: 'bordr' is not a column of it; did you mean 'border'?"),
    ],
)
def test_what_the_head_says_of_pairs_that_are_not_listed(spoilt, old, new, what):
    found = spoilt("", old, new)
    assert any(line.startswith("worlds/mine.yaml:") and "defaults: " in line and what in line for line in found), found


def test_without_defaults_every_pair_needs_its_row(spoilt):
    (line,) = spoilt("", DEFAULTS + "\n", "")
    assert "worlds/mine/dyads.csv" in line and "has no row for" in line and "every pair needs one" in line


@pytest.mark.parametrize(
    ("table", "old", "new", "what"),
    [
        ("dyads", PAIR, "AFG,CHN,lend,none,", "dyads.AFG.CHN.border: 'lend' is not one of land, sea, none"),
        ("dyads", PAIR, "AFG,XXX,land,none,", "'XXX' is not a state of this world"),
        ("states", ",western_europe,", ",Western Europe,", "is not a word of small letters, such as nordic"),
        ("states", ",34.53,", ",134.53,", "'134.53' is not a number from -90 to 90"),
        ("organisations", ",defence", ",defense", "'defense' is not one of"),
        ("sources", ",nmc,", ",nmcc,", "'nmcc' is not a source of this world; did you mean 'nmc'?"),
    ],
)
def test_tables_are_as_strict_as_ever(spoilt, table, old, new, what):
    assert any(what in line for line in spoilt(table, old, new))


def test_without_its_sources_a_table_needs_its_columns_of_sources(spoilt):
    (line,) = spoilt("sources", "", None)
    assert "worlds/mine/states.csv:1:1: columns missing: capability_source, affinity_source, world_reach_basis" in line


def test_a_selection_checks_the_rows_that_it_uses(spoilt):
    assert spoilt("dyads", PAIR, "AFG,CHN,lend,none,", "FIN", "SWE", "USA") == []
    assert spoilt("dyads", "FIN,SWE,land,", "FIN,SWE,lend,", "FIN", "SWE", "USA") != []


def test_a_code_that_nobody_knows_is_wrong_in_every_selection(spoilt):
    assert any("'XXX' is not a state" in line for line in spoilt("dyads", PAIR, "AFG,XXX,land,none,", "FIN", "SWE", "AFG"))


@pytest.mark.parametrize("table", ["economy", "regime", "democracy", "history", "relations", "record"])
def test_a_world_goes_on_without_what_no_rule_reads(spoilt, table):
    assert spoilt(table, "", None) == []
    assert more(spoilt.world, table, []) == []


def test_a_table_that_no_rule_reads_is_of_the_states_selected(spoilt):
    assert spoilt("states", "", "", "FIN", "SWE", "USA") == []
    problems = []
    assert {row["code"] for row in more(spoilt.world, "economy", problems)} == {"FIN", "SWE", "USA"}
    assert {(row["a"], row["b"]) for row in more(spoilt.world, "relations", problems)} == {
        ("FIN", "SWE"),
        ("FIN", "USA"),
        ("SWE", "USA"),
    }
    assert problems == []
