"""Rules by name: what they set, what goes before them, and what they read of the world."""

import shutil

import numpy as np
import pytest

from sim import resources
from sim.mechanisms import blocs, crisis
from sim.scenario import ScenarioError, read, read_draft
from sim.scenario.resolve import with_parameters
from sim.scenario.rules import RULES, needs_grounds, with_rules
from sim.start.world import begin
from sim.world import EAST, NON_ALIGNED, WEST

NEW = {"scenario.rules": "0.2", "uncertainty": "chance"}


@pytest.fixture(scope="module")
def new():
    story = read("baseline", changes=NEW)
    return story, *begin(story, range(3))[:2]


def test_rules_that_there_are_not_are_refused():
    with pytest.raises(ScenarioError, match=r"'9\.9' are no rules of the model; allowed: 0\.1, 0\.2"):
        read("baseline", changes={"scenario.rules": "9.9"})


def test_the_first_rules_change_nothing():
    story = read("baseline", changes={"scenario.rules": "0.1"})
    assert story.parameters == {}
    assert story.tables.grounds == []
    assert read("baseline").parameters == RULES["0.2"]


def test_what_a_scenario_sets_goes_before_even_where_it_is_the_default():
    story = read("baseline", changes=NEW | {"parameters.trust.noise": 0.01, "parameters.decision.exposure": 0.2})
    assert "noise" not in story.parameters["trust"]
    assert story.parameters["trust"]["reversion"] == RULES["0.2"]["trust"]["reversion"]
    assert story.parameters["decision"]["exposure"] == 0.2
    assert with_rules("0.2", {}, {"parameters": {"ties": {"mode": "off"}}}).get("ties") is None


def test_trust_starts_at_the_record_shrunk_toward_structure(new):
    story, world, rules = new
    p, names = rules.parameters["anchor"], world.names
    row = next(row for row in story.tables.grounds if (row["a"], row["b"]) == ("CHN", "RUS"))
    weight = row["events"] / (row["events"] + p.weight)
    start = weight * row["record"] + (1 - weight) * row["tone"]
    i, j = names.state("CHN"), names.state("RUS")
    assert world.trust[:, i, j] == pytest.approx(start)
    assert world.anchor[0, i, j] == pytest.approx(row["tone"] + p.lasting * (start - row["tone"]))


def test_hazards_are_those_of_the_dyad_where_trust_rests(new):
    _, world, rules = new
    at_rest = world.replace(p_confront=world.crisis_reference)
    hazard = crisis.hazard(at_rest, rules.parameters["crisis"])
    yearly = 1 - (1 - hazard) ** 12
    off = ~np.eye(len(world.names.states), dtype=bool)
    expected = np.broadcast_to(1 / (1 + np.exp(-world.onset)), yearly.shape)
    below = hazard < rules.parameters["crisis"].ceiling
    assert yearly[off & below] == pytest.approx(expected[off & below])


def test_sides_start_where_nobody_would_move_and_cores_hold_theirs(new):
    _, world, rules = new
    assert world.bloc[0, world.names.state("DEU")] == WEST
    assert world.bloc[0, world.names.state("KAZ")] == EAST
    assert world.bloc[0, world.names.state("IND")] == NON_ALIGNED
    first = world.select(slice(0, 1)).replace(bloc=world.bloc[:1], trust=world.trust[:1])
    again = blocs.settled_sides(first, rules.parameters["blocs"], np.arange(len(world.names.states)))
    assert np.array_equal(again, first.bloc)
    assert np.array_equal(world.regard, world.regard.swapaxes(-1, -2))


def test_a_world_without_grounds_runs_under_the_first_rules():
    story = read("cold_war_1985", changes=NEW)
    _, rules, _ = begin(story, range(2))
    assert story.tables.grounds == []
    assert rules.parameters["anchor"].start == "rule"
    assert rules.parameters["crisis"].hazards == "classes"
    assert rules.parameters["ties"].mode == "off"


def test_only_rules_that_read_grounds_ask_for_them():
    assert needs_grounds(RULES["0.2"])
    assert not needs_grounds({"trust": {"noise": 0.04}, "crisis": {"hazards": "classes"}})
    one = read("baseline", changes={"parameters.crisis.hazards": "dyads"})
    swept = with_parameters(read("baseline"), read_draft("baseline"), {"crisis": {"hazards": "dyads"}}, [])
    assert len(one.tables.grounds) == 210
    assert swept.spec == one.spec


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("nan", "'nan' is not a number from -3 to 3"),
        ("", "'' is not a number from -3 to 3"),
        ("9", "'9' is not a number from -3 to 3"),
    ],
)
def test_a_broken_cell_of_the_grounds_is_told(tmp_path, cell, says):
    shutil.copytree(resources.scenarios() / "worlds", tmp_path / "worlds")
    shutil.copy(resources.scenarios() / "baseline.yaml", tmp_path / "mine.yaml")
    file = tmp_path / "worlds" / "eurasia_2015" / "grounds.csv"
    lines = file.read_text().splitlines()
    first = lines[1].split(",")
    first[2] = cell
    file.write_text("\n".join([lines[0], ",".join(first), *lines[2:]]) + "\n")
    with pytest.raises(ScenarioError, match="grounds") as error:
        read("mine", scenario_dir=tmp_path, changes=NEW)
    assert says in str(error.value)
