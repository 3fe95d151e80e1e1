"""Which states of a world a scenario takes: words in order, lists and numbers together, inheritance, and what is wrong."""

import csv

import pytest

from sim import resources
from sim.scenario import ScenarioError, read
from sim.scenario.problems import Position
from sim.scenario.selection import Choice, select
from sim.scenario.worlds import read_world
from sim.start.world import begin

CHOICE = Choice(
    {"FIN": "Finland", "NOR": "Norway", "RUS": "Russia", "SWE": "Sweden", "USA": "United States"},
    {"nordic": ["FIN", "NOR", "SWE"], "majors": ["RUS", "USA"]},
    {"NATO": ["NOR", "USA"], "EU": ["FIN", "SWE"]},
    [("FIN", "NOR"), ("FIN", "RUS"), ("NOR", "RUS")],
)
ATLAS = "world: atlas_2015\n"


@pytest.mark.parametrize(
    ("words", "states"),
    [
        (["FIN", "USA"], "FIN USA"),
        (["USA", "FIN"], "FIN USA"),
        (["all"], "FIN NOR RUS SWE USA"),
        (["all", "-USA"], "FIN NOR RUS SWE"),
        (["-USA"], "FIN NOR RUS SWE"),
        (["region:nordic", "-FIN", "RUS"], "NOR RUS SWE"),
        (["members:NATO", "members:EU", "-region:nordic", "FIN"], "FIN USA"),
        (["neighbours:RUS"], "FIN NOR RUS"),
        (["neighbours:RUS", "-RUS"], "FIN NOR"),
        (["-FIN", "FIN"], "FIN NOR RUS SWE USA"),
        (["majors"], "RUS USA"),
    ],
)
def test_words_are_added_and_taken_away_in_order(words, states):
    assert select(words, CHOICE) == (states.split(), [])


@pytest.mark.parametrize(
    ("word", "what"),
    [
        ("FIM", "did you mean 'FIN'?"),
        ("Finland", "is a name; write its code, FIN"),
        ("region:nordik", "there is no region 'nordik'; did you mean 'nordic'?"),
        ("members:NATOO", "there is no organisation 'NATOO'; did you mean 'NATO'?"),
        ("neighbours:RUZ", "'RUZ' is not a state of this world; did you mean 'RUS'?"),
        ("member:NATO", "did you mean 'members:NATO'?"),
        ("al", "did you mean 'all'?"),
        ("-", "is not a word of a selection"),
        ("", "is not a word of a selection"),
        (3, "3 is not a word of a selection"),
        (None, "is not a word of a selection"),
        (["FIN"], "is not a word of a selection"),
    ],
)
def test_a_word_nobody_knows_is_one_error_with_the_one_meant(word, what):
    _, wrong = select(["USA", word], CHOICE)
    ((number, text),) = wrong
    assert number == 1
    assert what in text


def test_a_scenario_takes_the_states_it_lists(write):
    story = read(write(ATLAS + "states: [region:nordic, RUS, CHN, USA, GBR, FRA, DEU]\n"))
    assert set(story.states) == {"DNK", "FIN", "ISL", "NOR", "SWE", "RUS", "CHN", "USA", "GBR", "FRA", "DEU"}
    n = len(story.states)
    assert len(story.tables.dyads) == n * (n - 1) // 2
    organisations = {row["code"] for row in story.tables.organisations}
    assert "NATO" in organisations and "ASEAN" not in organisations
    assert {row["state"] for row in story.tables.memberships} <= set(story.states)
    assert not story.tables.actors  # the host of the only one is not there


@pytest.mark.parametrize(
    "words", ["[members:SCO, USA, -TJK]", "[majors]", "[neighbours:RUS, USA, GBR]", "[region:asia, majors]"]
)
def test_the_words_of_the_atlas(write, words):
    story = read(write(ATLAS + f"states: {words}\ncores: {{east: [RUS], west: [USA]}}\n"))
    assert {"RUS", "USA"} <= set(story.states)
    assert "TJK" not in story.states or "TJK" not in words


def test_every_state_without_a_list(write):
    assert len(read(write(ATLAS)).states) == 195


def test_numbers_stand_beside_a_list(write):
    story = read(write(ATLAS + "states: {select: [majors, FIN], FIN: {capability: .01}, JPN: null}\n"))
    rows = {row["code"]: row for row in story.tables.states}
    assert rows["FIN"]["capability"] == 0.01
    assert "JPN" not in rows and "DEU" in rows


def test_a_newer_list_replaces_the_older_and_numbers_are_inherited(write):
    head = "defaults: [{}, _self_]\ntitle: T\nquestion: Q?\n"
    write(
        ATLAS + "states: {select: [majors, FIN, SWE], FIN: {capability: .01}, SWE: {capability: .02}}\n", name="parent.yaml"
    )
    story = read(write("states: [majors, FIN]\n", name="child.yaml", head=head.format("parent")))
    rows = {row["code"]: row for row in story.tables.states}
    assert rows["FIN"]["capability"] == 0.01
    assert "SWE" not in rows
    assert "states.SWE: left out: not among the states selected" in story.warnings
    again = read(write("states: {FIN: {capability: .03}}\n", name="third.yaml", head=head.format("child")))
    assert {row["code"]: row for row in again.tables.states}["FIN"]["capability"] == 0.03
    assert set(again.states) == set(story.states)
    whole = read(write("states: {select: null}\n", name="fourth.yaml", head=head.format("child")))
    assert len(whole.states) == 195


def test_a_null_for_a_state_that_is_not_selected_has_done_its_work(write):
    assert "FIN" not in read(write(ATLAS + "states: {select: [majors], FIN: null}\n")).states


def test_a_number_for_a_state_that_is_not_selected_is_a_mistake(problems):
    (line,) = problems(ATLAS + "states: {select: [majors], FIN: {capability: .01}}\n")
    assert "states.FIN: is not among the states selected; add it to the list, or remove this" in line


def test_all_that_is_wrong_with_a_list_has_its_place(problems):
    first, second = problems(ATLAS + "states: [FIM, majors, region:nordc]\n")
    assert first.startswith("mine.yaml:5:10: states[0]: 'FIM' is neither")
    assert second.startswith("mine.yaml:5:23: states[2]: there is no region 'nordc'; did you mean 'nordic'?")


@pytest.mark.parametrize(("words", "count"), [("[]", 0), ("[FIN]", 1), ("[FIN, -FIN]", 0)])
def test_too_few(problems, words, count):
    lines = problems(ATLAS + f"states: {words}\n")
    assert any(f"{count} states are selected; a world needs two or more" in line for line in lines)


def test_a_selection_that_is_no_list(problems):
    (line,) = problems(ATLAS + "states: {select: majors}\n")
    assert "states.select: is a list, such as [members:SCO, USA, -TJK]" in line


def test_a_small_world_can_be_selected_from_too(write):
    assert set(read(write("states: [-MNG]\n")).states) == set(read("baseline").states) - {"MNG"}


def test_a_state_of_another_world_is_told_where_it_is(problems):
    (line,) = problems("states: {FIN: {capability: .01}}\n")
    assert "'FIN' is not a state of eurasia_2015" in line
    assert "atlas_2015 has it: write `world: atlas_2015` and list your states under `states:`" in line
    line = next(
        line for line in problems("world: eurasia_2012\nstart: 2012-01\nstates: {FIN: {capability: .01}}\n") if "FIN" in line
    )
    assert "python -m sim world build NAME --data DIR --start 2012-01 --states ..." in line
    assert "atlas" not in line  # advice never leads to a world of another month


def test_the_tables_of_a_selection_are_those_of_the_world(write):
    """What a selection reads is what the files have: nothing of a pair is lost or made up."""
    story = read(write(ATLAS + "states: [region:nordic, majors]\n"))
    with (resources.scenarios() / "worlds" / "atlas_2015" / "dyads.csv").open(encoding="utf-8", newline="") as file:
        listed = {(row["a"], row["b"]): row for row in csv.DictReader(file)}
    for row in story.tables.dyads:
        told = listed.get((row["a"], row["b"]), {"border": "none", "tie": "none", "rivalry": 0})
        assert (row["border"], row["tie"], row["rivalry"]) == (told["border"], told["tie"], float(told["rivalry"]))


def test_numbers_of_a_state_do_not_depend_on_who_else_is_selected(write):
    few, many = (
        read(write(ATLAS + f"states: [{words}]\n", name=f"{name}.yaml"))
        for name, words in (("a", "majors"), ("b", "majors, region:nordic"))
    )
    small, _, _ = begin(few, range(2))
    large, _, _ = begin(many, range(2))
    i, j = few.states.index("RUS"), few.states.index("USA")
    k, m = many.states.index("RUS"), many.states.index("USA")
    assert small.arrays["capability"][..., i] == large.arrays["capability"][..., k]
    assert (small.arrays["tie"][..., i, j] == large.arrays["tie"][..., k, m]).all()


def test_a_list_under_another_type_is_one_error(problems):
    with_text = problems(ATLAS + "states: majors\n")
    assert any("states" in line for line in with_text)


def test_a_world_that_is_not_there_says_how_to_make_one():
    with pytest.raises(ScenarioError, match=r"python -m sim world build NAME --data DIR --states \.\.\. --start YYYY-MM"):
        read_world("atlas_1936", [resources.scenarios()], Position("x"), [])
