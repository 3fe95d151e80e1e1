"""Inheritance: mappings merge, lists replace, null removes; names are plain and circles are refused."""

import pytest

from sim import resources
from sim.scenario import ScenarioError, find, names, read, read_draft

EVENT = """events:
  extra: {type: join, on: 2018-03, organisation: SCO, states: [TKM], source: assumed}
"""


def test_built_in_names():
    known = names()
    assert {"baseline", "sco_expansion", "no_expansion"} <= set(known)
    assert known == sorted(known)
    assert find("baseline") == resources.scenarios() / "baseline.yaml"


def test_every_built_in_scenario_is_fine():
    for name in names():
        scenario = read(name)
        assert scenario.name == name
        assert scenario.question.endswith("?"), name


def test_merges_over_the_parent(write):
    parent = read_draft("baseline").spec
    draft = read_draft(write(EVENT + "watch: [RUS-CHN]\nsets: {pair: [RUS, CHN]}\n"))
    assert draft.parents == ("baseline",)
    assert list(draft.spec["events"]) == [*parent["events"], "extra"]
    assert draft.spec["watch"] == ["RUS-CHN"]
    assert set(draft.spec["sets"]) == {*parent["sets"], "pair"}
    assert str(draft.positions["events", "extra", "on"][1]) == "mine.yaml:5:27"


def test_states_and_organisations_of_the_world_are_part_of_the_spec(write):
    draft = read_draft(write("states: {IND: {capability: .1}}\n"))
    assert draft.spec["states"]["IND"] == {"name": "India", "capability": 0.1, "affinity": pytest.approx(-0.6, abs=1)}
    assert set(draft.spec["organisations"]["SCO"]) == {"name", "depth"}
    assert "states.csv" in str(draft.positions["states", "CHN"][0])


def test_null_removes(write, problems):
    child = read(write("events: {uri: null}\n"))
    assert "uri" not in child.events
    assert "uri" in read("baseline").events
    (line,) = problems("events: {urri: null}\n")
    assert line.startswith("mine.yaml:4:10: events.urri: null removes what is inherited, and nothing of that name is")
    assert "did you mean 'uri'?" in line


def test_a_heading_with_nothing_below_it_changes_nothing(write):
    assert read(write("events:\nparameters:\n# nothing yet\n")).events == read("baseline").events


def test_another_type_replaces_the_event(write):
    child = read(write("events: {uri: {type: rivalry, on: 2016-09, change: end, parties: [IND, PAK]}}\n"))
    assert child.events["uri"] == {"type": "rivalry", "on": "2016-09", "change": "end", "parties": ["IND", "PAK"]}


def test_the_same_type_merges(write):
    event = read(write("events: {uri: {severity: 2}}\n")).events["uri"]
    assert event == {**read("baseline").events["uri"], "severity": 2}


def test_another_time_replaces_the_time(write):
    event = read(write("events: {uri: {hazard: .1}}\n")).events["uri"]
    assert event["hazard"] == 0.1
    assert "on" not in event


def test_another_way_to_write_a_number_replaces_it(write):
    write("parameters: {trust: {gain: {uniform: [.004, .008]}}}\n", name="parent.yaml")
    head = "defaults: [parent]\ntitle: T\nquestion: Q?\n"
    child = read(write("parameters: {trust: {gain: {normal: [.006, .0005]}}}\n", head=head))
    assert child.parameters["trust"]["gain"].kind == "normal"


@pytest.mark.parametrize(
    ("defaults", "what"),
    [
        ("[../secret]", "plain names only"),
        ("[/etc/passwd]", "plain names only"),
        ("['hydra: x']", "plain names only"),
        ("[{scenario: x}]", "plain names only"),
        ("[baseline@_global_]", "plain names only"),
        ("baseline", "is a list"),
        ("[_self_, baseline]", "_self_ stands last"),
        ("[mine]", "cannot inherit from its own name 'mine'"),
        ("[baselin]", "did you mean 'baseline'?"),
        ("[worlds/eurasia_2015]", "plain names only"),
        ("[3]", "plain names only"),
    ],
)
def test_defaults_takes_plain_names(problems, defaults, what):
    head = f"defaults: {defaults}\ntitle: T\nquestion: Q?\nworld: eurasia_2015\n"
    line = problems(head=head)[0]
    assert line.startswith("mine.yaml:1:1")
    assert "defaults" in line
    assert what in line


def test_what_tells_of_one_file_is_not_inherited(write):
    """A title, a question and known limits are; a description is not, and a baseline is the parent unless said."""
    write("description: The first.\nbaseline: sco_expansion\nlimits: [One.]\n", name="middle.yaml")
    child = read(write(name="child.yaml", head="defaults: [middle]\nquestion: Why?\n"))
    assert (child.title, child.question, child.limits) == ("Mine", "Why?", ("One.",))
    assert (child.description, child.baseline) == ("", "middle")
    assert read("middle.yaml").description == "The first."
    own = read(write("description: Mine.\nbaseline: baseline\n", name="child.yaml", head="defaults: [middle]\n"))
    assert (own.description, own.baseline) == ("Mine.", "baseline")
    assert read(write("description: null\nbaseline: null\n", name="child.yaml", head="defaults: [middle]\n")).baseline
    assert read("baseline").baseline is None


@pytest.mark.parametrize("name", names())
def test_no_counterfactual_wears_the_description_of_another(name):
    scenario = read(name)
    assert not scenario.description or all(scenario.description != read(parent).description for parent in scenario.parents)


def test_circles(write, problems):
    write(name="other.yaml", head="defaults: [mine]\n")
    assert "circle: mine -> other -> mine" in problems(head="defaults: [other]\n")[0]


def test_own_folder_comes_before_the_built_in(write, tmp_path):
    write(EVENT, name="folder/middle.yaml")
    path = write("", name="folder/child.yaml", head="defaults: [middle]\nquestion: Q?\n")
    assert "extra" in read(path).events
    assert read("child", scenario_dir=tmp_path / "folder").parents == ("baseline", "middle")
    assert "child" in names(tmp_path / "folder")


def test_a_built_in_scenario_never_inherits_from_the_users_files(write, tmp_path):
    write("title: [not, a, scenario]\n", name="folder/baseline.yaml", head="")
    assert read("sco_expansion", scenario_dir=tmp_path / "folder").title


def test_not_found(write, tmp_path):
    write()
    for name, what in (
        ("sco_expnsion", "did you mean 'sco_expansion'"),
        ("mine", r"did you mean the file \./mine\.yaml\?"),
        ("./mine.yml", r"did you mean 'mine\.yaml'"),
        ("./nowhere/mine.yaml", "no such file"),
        (tmp_path, "is a folder"),
        ("", "no scenario ''"),
    ):
        with pytest.raises(ScenarioError, match=what):
            read(name)
    with pytest.raises(ScenarioError, match="no folder 'nope'"):
        read("baseline", scenario_dir="nope")


def test_reserved_names(write):
    for name in ("sweeps", "compare"):
        with pytest.raises(ScenarioError, match=f"{name}.yaml:1:1: a scenario cannot be called '{name}'"):
            read(write(name=f"{name}.yaml"))


def test_paths_in_any_language_and_with_spaces(write):
    assert read(write(name="mes scénarios/Индия и Пакистан, 2.yaml")).name == "Индия и Пакистан, 2"


def test_unknown_world(problems):
    line = problems("world: eurasia_2051\n")[0]
    assert line.startswith("mine.yaml:4:8: world: there is no world 'eurasia_2051'; did you mean 'eurasia_20")
    assert "is missing; name one" in problems(head="title: T\n")[0]
    assert "is not the name of a world" in problems("world: ../eurasia_2015\n")[0]
