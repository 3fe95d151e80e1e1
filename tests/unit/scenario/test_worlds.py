"""The tables of a starting world: every number within bounds, every source known, every pair present."""

import re
import shutil

import pytest

from sim import resources
from sim.scenario import ScenarioError, read
from sim.scenario.columns import COLUMNS
from sim.scenario.problems import Position
from sim.scenario.worlds import read_world

WORLDS = sorted(path.stem for path in (resources.scenarios() / "worlds").glob("*.yaml"))


@pytest.fixture
def world(tmp_path, monkeypatch):
    """A copy of a world that can be spoilt: `world(table, old, new)`, then what is wrong with it."""
    monkeypatch.chdir(tmp_path)
    source = resources.scenarios() / "worlds"
    shutil.copytree(source / "eurasia_2015", tmp_path / "worlds" / "mine")
    shutil.copy(source / "eurasia_2015.yaml", tmp_path / "worlds" / "mine.yaml")

    def spoilt(table, old, new):
        path = tmp_path / "worlds" / (f"mine/{table}.csv" if table else "mine.yaml")
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        problems = []
        try:
            read_world("mine", [tmp_path], Position("x"), problems)
        except ScenarioError as error:
            problems += error.problems
        return [str(problem) for problem in problems]

    return spoilt


@pytest.mark.parametrize("name", WORLDS)
def test_built_in_worlds(name):
    problems = []
    found = read_world(name, [resources.scenarios()], Position("x"), problems)
    assert problems == []
    n = len(found.tables.states)
    assert n == {"eurasia": 21, "atlas": 195, "cold": 41, "europe": 17}[name.split("_")[0]]
    assert len(found.tables.dyads) == n * (n - 1) // 2
    assert all(isinstance(row["capability"], float) for row in found.tables.states)
    assert (
        sum(row["capability"] for row in found.tables.states) < 1.01
    )  # shares of the world; the series itself sums to 1.007


@pytest.mark.parametrize(
    ("table", "old", "new", "what"),
    [
        ("states", "0.003014", "3", "worlds/mine/states.csv:2:3: states.AFG.capability: '3' is not a"),
        ("states", "0.003014", "nan", "'nan' is not a number from 0 to 1"),
        ("states", ",nmc,", ",nmcc,", "'nmcc' is not a source of this world; did you mean 'nmc'?"),
        ("states", "BLR,", "AFG,", "states.csv:3:1: states.AFG: is already on line 2"),
        ("states", "Afghanistan,", "", "cells, the header has"),
        ("states", "code,name", "code,nam", "columns missing: name"),
        ("dyads", "AFG,CHN,land", "AFG,CHN,lend", "dyads.AFG.CHN.border: 'lend' is not one of land, sea, none"),
        ("dyads", "AFG,CHN,", "CHN,AFG,", "in alphabetical order"),
        ("dyads", "AFG,CHN,", "AFG,XXX,", "'XXX' is not a state of this world"),
        ("memberships", "CSTO,BLR,2002-10-07", "CSTO,BLR,2002-13-07", "months run from 01 to 12"),
        ("memberships", "CSTO,BLR", "CSTOO,BLR", "did you mean 'CSTO'?"),
        ("reach", "ISK,BLR,", "ISK,AFG,", "has no row for ISK-BLR"),
        ("actors", ",AFG,1500", ",AFG,-1", "'-1' is not a number from 0 to inf"),
        ("states", "Afghanistan", "${oc.env:HOME}", "worlds/mine/states.csv:2:2: states.AFG.name: `${` is not allowed"),
        ("states", "Afghanistan", "US$", "worlds/mine/states.csv:2:2: states.AFG.name: 'US$' is not a name: it has a $"),
        ("states", "Afghanistan", "???", "worlds/mine/states.csv:2:2: states.AFG.name: `???` is not a value"),
        ("trust", "value assumed", "${x}", "worlds/mine/trust.csv:2:6: trust.CHN.IND.note: `${` is not allowed"),
        ("states", "AFG,", "$AFG,", "states.csv:2:1: states.$AFG.code: '$AFG' is not a code"),
        ("states", "0.003014", "０.003", "states.csv:2:3: states.AFG.capability: '０.003' is not a number"),
        ("states", "0.003014", "0_1", "'0_1' is not a number"),
        ("states", "code,name,", "code,name,name,", "states.csv:1:3: the column 'name' is there twice"),
        ("states", "Afghanistan", '"Afghan', "states.csv:2:1: this row is not CSV"),
        ("states", "Afghanistan", '"Afghan\nistan",x', "states.csv:2:1: states: has 10 cells, the header has 9"),
        ("memberships", "CSTO,BLR,2002-10-07", "CSTO,BLR,２００２", "memberships.csv:2:3: memberships.CSTO.BLR.joined"),
        ("dyads", "AFG,CHN,", "CHN,AFG,", "dyads.csv:3:1: dyads.CHN.AFG: a pair is two different states"),
        ("dyads", "AFG,CHN,", "AFG,BLR,", "dyads.csv:211:1: dyads: has no row for AFG-CHN"),
        ("reach", "ISK,BLR,", "ISK,AFG,", "reach.csv:22:1: reach: has no row for ISK-BLR"),
        (None, "title:", "titel:", "is not a key of a world; did you mean 'title'?"),
        (None, 'date: "2015-01"', "date: 2015", "date: 2015 is not a date"),
    ],
)
def test_what_is_wrong_with_a_table(world, table, old, new, what):
    found = world(table, old, new)
    assert any(what in line for line in found), found
    assert all(re.match(r"worlds/mine[^:]*:[1-9][0-9]*:[1-9][0-9]*: ", line) for line in found), found


def test_a_missing_table(world, tmp_path):
    (tmp_path / "worlds/mine/reach.csv").unlink()
    assert "reach.csv:1:1: this table of the world is missing" in world("states", "AFG", "AFG")[0]


def test_tables_without_a_state():
    full, without = read("baseline").tables, read("baseline", changes={"~scenario.states.MNG": None}).tables
    assert len(without.states) == len(full.states) - 1
    assert not any("MNG" in row.values() for name in COLUMNS for row in getattr(without, name))
    assert without.digest() != full.digest()
    assert [row for row in full.dyads if "MNG" not in row.values()] == without.dyads


def test_an_actor_goes_with_its_host(write):
    scenario = read(write("estimates: []\n"), changes={"~scenario.states.AFG": None})
    assert scenario.tables.actors == []
    assert scenario.tables.reach == []


def test_a_world_of_ones_own(world, write):
    assert world("states", "0.003014", "0.004") == []
    scenario = read(write("world: mine\n"))
    assert scenario.tables.states[0]["capability"] == 0.004
