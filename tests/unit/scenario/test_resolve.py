"""What a run takes from a scenario: numbers, sources, what is left out of a smaller world, and contradictions."""

import copy
import dataclasses
import json
import pickle
import re
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import mechanisms
from sim.calendar import parse_month
from sim.events import types
from sim.scenario import ScenarioError, names, read, read_draft, resolve, timeline
from sim.scenario.distributions import Distribution
from sim.scenario.stored import from_stored
from sim.start.world import begin


def test_the_flagship():
    scenario = read("sco_expansion")
    assert (scenario.start, scenario.end) == (parse_month("2015-01"), parse_month("2026-01"))
    assert scenario.steps == 132
    assert scenario.parents == ("baseline",)
    assert len(scenario.states) == 21
    assert set(scenario.cores) == {"east", "west"}
    assert not set(scenario.cores["east"]) & set(scenario.cores["west"])
    assert scenario.events["india_joins_sco"]["on"] == "2017-06-09"
    assert set(scenario.schedule) <= set(mechanisms.names())
    assert scenario.warnings == ()
    for event in scenario.events.values():
        cited = event.get("source", [])
        assert all(source in scenario.sources for source in ([cited] if isinstance(cited, str) else cited))


def test_a_scenario_can_be_sent_to_a_worker():
    scenario = read("sco_expansion")
    assert pickle.loads(pickle.dumps(scenario)) == scenario


def test_an_error_can_be_sent_back():
    with pytest.raises(ScenarioError) as error:
        read("sco_expnsion")
    assert str(pickle.loads(pickle.dumps(error.value))) == str(error.value)


def test_numbers_in_every_form(write):
    scenario = read(
        write(
            'rules: "0.1"\n'
            "parameters:\n"
            "  trust: {gain: .007, loss: {value: .02, source: assumed, basis: A},\n"
            "    crisis: {uniform: [.05, .4]}, noise: .01}\n"
            "  insurgency: {growth: {triangular: [.05, .1, .2], source: assumed}}\n"
            "states: {IND: {capability: {value: .09, source: nmc}}, CHN: {affinity: {normal: [-.5, .1]}}}\n"
        )
    )
    assert scenario.parameters == {
        "trust": {"gain": 0.007, "loss": 0.02, "crisis": Distribution("uniform", (0.05, 0.4))},
        "insurgency": {"growth": Distribution("triangular", (0.05, 0.1, 0.2))},
    }  # noise is the default, so nothing changes
    rows = {row["code"]: row for row in scenario.tables.states}
    assert rows["IND"]["capability"] == 0.09
    assert rows["CHN"]["affinity"] == Distribution("normal", (-0.5, 0.1))
    assert rows["IND"]["name"] == "India"


def test_own_sources_join_those_of_the_world(write):
    scenario = read(write("sources: {mine: My notes}\nevents: {uri: {source: [mine, tss]}}\n"))
    assert scenario.sources["mine"] == "My notes"
    assert "tss" in scenario.sources


@pytest.mark.parametrize("kind", types())
def test_a_type_of_event_is_data_that_prints_as_json(kind):
    about = types()[kind]
    assert json.loads(json.dumps(dataclasses.asdict(about)))["meaning"] == about.meaning
    assert not about.amount or about.amount in about.fields
    assert set(re.findall(r"{(\w+)", str(about.sentence))) <= {*about.fields, "who", "Variable"}


def test_without_a_state(write):
    """Without Mongolia in one line: lists lose it with a warning, events that are about it go."""
    text = (
        "events:\n"
        "  three: {type: exercise, on: 2018-01, parties: [CHN, MNG, RUS], size: 1}\n"
        "  two: {type: crisis, on: 2018-01, parties: [CHN, MNG], severity: 1}\n"
        "  joins: {type: join, on: 2018-01, organisation: SCO, states: [MNG]}\n"
        "  sides: {type: shock, on: 2018-01, variable: trust, add: .1, between: [[MNG], [CHN]]}\n"
        "  seen: {type: join, organisation: SCO, states: [BLR], when: {measure: 'alignment:MNG', above: .5}}\n"
        "sets: {neighbours: [MNG, RUS, CHN], couple: [MNG, CHN]}\n"
        "watch: [CHN-MNG, CHN-RUS]\n"
        "states: {MNG: null}\n"
    )
    scenario = read(write(text))
    assert "MNG" not in scenario.states
    assert scenario.events["three"]["parties"] == ["CHN", "RUS"]
    assert not {"two", "joins", "sides", "seen"} & set(scenario.events)
    assert scenario.sets["neighbours"] == ("RUS", "CHN")
    assert "couple" not in scenario.sets
    assert scenario.watch == (("CHN", "RUS"),)
    said = "\n".join(scenario.warnings)
    assert "events.three.parties: without MNG, not in this world" in said
    assert "events.two: left out: MNG not in this world" in said
    assert "sets.couple: left out" in said
    assert "watch[0]: CHN-MNG left out" in said


def test_without_a_state_from_the_command_line():
    for name in (name for name in names() if name != "europe_1936"):
        scenario = read(name, changes={"~scenario.states.MNG": None})
        assert "MNG" not in str(scenario.events)


def test_without_an_organisation(write):
    scenario = read(write("organisations: {CSTO: null}\n"))
    assert {row["code"] for row in scenario.tables.organisations} == {"NATO", "SCO"}
    assert all(row["organisation"] != "CSTO" for row in scenario.tables.memberships)


def test_without_an_actor(write):
    scenario = read(write("actors: {ISK: null}\n"))
    assert scenario.tables.actors == scenario.tables.reach == scenario.estimates == []
    assert "foreign_effort" not in scenario.events
    assert "events.foreign_effort: left out: ISK not in this world" in scenario.warnings
    world, _, _ = begin(scenario, range(2))
    assert world.strength.shape[1] == world.bias.shape[2] == 0


def test_actors(write):
    """Strength, effort, and by state bias and reach: plain, with a source, or drawn once per replicate."""
    text = (
        "actors:\n"
        "  ISK:\n"
        "    name: IS-K\n"
        "    strength: {uniform: [1000, 3000]}\n"
        "    effort: {value: .7, source: assumed}\n"
        "    bias: {RUS: 5, KAZ: {uniform: [1, 3]}}\n"
        "    reach: {IND: {uniform: [.2, .6]}, CHN: 0}\n"
    )
    scenario = read(write(text))
    (row,) = scenario.tables.actors
    assert (row["name"], row["effort"], row["host"]) == ("IS-K", 0.7, "AFG")
    rows = {row["state"]: row for row in scenario.tables.reach}
    assert (rows["RUS"]["bias"], rows["TJK"]["bias"], rows["CHN"]["reach"]) == (5, 2, 0)
    world, _, _ = begin(scenario, range(200))
    place = world.names.state
    strength = world.strength[:, 0, place("AFG")]
    assert 1000 <= strength.min() < 1100
    assert 2900 < strength.max() <= 3000
    assert np.all(world.bias[:, place("RUS"), 0] == 5)
    assert 1 <= world.bias[:, place("KAZ"), 0].min() < 1.1
    assert 0.2 <= world.reach[:, place("IND"), 0].min() < 0.25
    assert np.all(world.reach[:, place("PAK"), 0] == 0.75)
    assert read("baseline").tables.actors[0]["strength"] == 1500  # the world itself is left alone


def test_an_observer_that_is_not_there_is_left_out(write):
    scenario = read(write("states: {MNG: null}\nactors: {ISK: {bias: {MNG: 3, CHN: 2}}}\n"))
    assert "MNG" not in {row["state"] for row in scenario.tables.reach}
    assert scenario.warnings.count("actors.ISK.bias.MNG: left out: MNG is not in this world") == 1
    smaller = read(write("states: {MNG: null}\n"))
    assert not any("ISK" in warning for warning in smaller.warnings)
    assert from_stored(smaller.spec, name="x", parents=(), file=smaller.file).warnings == smaller.warnings


def test_mistakes_with_actors(problems):
    text = "actors:\n  ISK: {bias: {RUS: -1, CHNA: 3}, strength: {uniform: [0, 9e9]}, host: AFG, reach: 1}\n  ISKK: {}\n"
    lines = problems(text)
    assert [line.split(": ")[1] for line in lines] == [
        "actors.ISK.bias.RUS",
        "actors.ISK.bias.CHNA",
        "actors.ISK.strength",
        "actors.ISK.host",
        "actors.ISK.reach",
        "actors.ISKK",
    ]
    assert lines[0].startswith("mine.yaml:5:21:")
    assert "did you mean 'CHN'?" in lines[1]
    assert "from 0 to 1,000,000" in lines[2]
    assert "where a mapping is needed, such as {RUS: 1}" in lines[4]
    assert "did you mean 'ISK'?" in lines[5]
    (line,) = problems("actors: {ISK: {bias: {uniform: [1, 2]}}}\n")
    assert "actors.ISK.bias: is one number, and this goes by state" in line


def test_limits(write, problems):
    assert read(write("limits: [One., Two.]\n")).limits == ("One.", "Two.")
    assert read(write()).limits == read("baseline").limits != ()
    assert read(write("limits: []\n")).limits == read(write("limits: null\n")).limits == ()
    assert "limits: is the text 'none', where a list is needed" in problems("limits: none\n")[0]
    assert "limits[1]: is the number 3, where text is needed" in problems("limits: [One., 3]\n")[0]


@pytest.mark.parametrize("name", names())
def test_every_built_in_scenario_says_its_limits_shortly(name):
    """One line of a summary each."""
    limits = read(name).limits
    assert limits
    assert all(len(f"  - {limit}") <= 80 and limit.endswith(".") for limit in limits)


def test_coalitions(write):
    text = "events: {foreign_effort: {effort: {USA: 1, GBR: {uniform: [.1, .2]}}}}\n"
    effort = read(write(text)).events["foreign_effort"]["effort"]
    assert effort["USA"] == 1
    assert effort["GBR"] == Distribution("uniform", (0.1, 0.2))
    smaller = read(write(text + "states: {GBR: null}\n"))
    assert "GBR" not in smaller.events["foreign_effort"]["effort"]


def test_a_shorter_run_leaves_later_events_out(write):
    for scenario in (
        read("sco_expansion", changes={"end": "2018-12"}),
        read("sco_expansion", changes={"scenario.end": "2018-12"}),
        read(write("end: 2018-12\n", head="defaults: [sco_expansion, _self_]\ntitle: T\nquestion: Q?\n")),
    ):
        assert scenario.end == parse_month("2019-01")
        assert "us_withdrawal" not in scenario.events
        assert "events.us_withdrawal.on: 2021-08-30 is after the run ends (2018-12); left out" in scenario.warnings


def test_an_event_after_the_scenarios_own_end_is_a_mistake(problems):
    (line,) = problems("end: 2018-12\nevents: {x: {type: crisis, on: 2019-01, parties: [IND, PAK], severity: 1}}\n")
    assert line.startswith("mine.yaml:5:32: events.x.on: 2019-01 is after the run ends (2018-12)")


@pytest.mark.parametrize("start", ["1937-01", "2014-12", "2015-02", "2025-01"])
def test_a_run_starts_in_the_month_of_its_world(write, start):
    """A world of 2015 run as 1936 was once fine."""
    with pytest.raises(ScenarioError) as error:
        read(write(f"world: atlas_2015\nstart: {start}\nend: 2026-12\n"))
    (line,) = (line for line in str(error.value).splitlines() if "is not the month of" in line)
    assert f"start: {start} is not the month of atlas_2015, which is 2015-01" in line
    assert f"python -m sim world build NAME --data DIR --states ... --start {start}" in line
    fitting = "worlds of 2025-01: atlas_2025" if start == "2025-01" else f"there is no world of {start} here"
    assert fitting in line


def test_the_month_of_another_world_is_its_own(write):
    """Inherited events of before are left out: the world that the scenario names is as it was after them."""
    story = read(write("world: atlas_2025\nstart: 2025-01\nend: 2026-12\n"))
    assert story.start == parse_month("2025-01")
    left = "events.uri.on: 2016-09-18 is before the starting world (2025-01), which is as it was after that; left out"
    assert left in story.warnings


def test_an_own_event_before_the_starting_world_is_a_mistake(problems):
    own = "events: {x: {type: crisis, on: 2024-11, parties: [IND, PAK], severity: 1}}\n"
    (line,) = problems(f"world: atlas_2025\nstart: 2025-01\nend: 2026-12\n{own}")
    assert "2024-11 is before the run begins (2025-01)" in line


def test_a_later_start_is_told_of_worlds_and_not_of_events_to_take_out(problems):
    (line,) = problems(changes={"start": "2016-12"})
    assert line.startswith("command line: start: 2016-12 is not the month of eurasia_2015, which is 2015-01")


def test_a_start_that_loses_inherited_events_names_them(write, problems):
    """The parent's world is of a later month than its own events: its start was."""
    own = "events: {x: {type: crisis, on: 2014-06, parties: [IND, PAK], severity: 1}}\n"
    write(f"start: 2014-01\n{own}", name="parent.yaml")
    (line,) = problems("start: 2015-01\n", head="defaults: [parent, _self_]\ntitle: T\nquestion: Q?\n")
    assert "start: 2015-01 is after events that would then never happen: x (2014-06)" in line
    assert "begin at or before 2014-06" in line


def test_the_last_month_is_simulated(write):
    event = "events: {x: {type: crisis, on: 2025-12-31, parties: [IND, PAK], severity: 1}}\n"
    assert "x" in read(write(event)).events


def test_digest_of_the_spec_knows_the_tables(write):
    one, two = read("baseline").spec, read("baseline", changes={"~scenario.states.MNG": None}).spec
    assert one["tables"] != two["tables"]
    assert "MNG" not in two["states"]


STORY = [
    ("{type: join, on: 2016-01, organisation: SCO, states: [CHN]}", "CHN joins SCO but is already a member"),
    ("{type: leave, on: 2016-01, organisation: SCO, states: [IND]}", "IND leaves SCO but is not a member"),
    ("{type: leave, organisation: SCO, states: [IND], hazard: .1}", "IND leaves SCO but is not a member"),
    ("{type: rivalry, on: 2016-01, change: begin, parties: [IND, PAK]}", "but they are rivals already"),
    ("{type: rivalry, on: 2016-01, change: end, between: [[IND], [RUS, PAK]]}", "IND and RUS ends but"),
]


@pytest.mark.parametrize(("event", "what"), STORY)
def test_contradictions_with_the_world(problems, event, what):
    (line,) = problems(f"events:\n  x: {event}\n")
    assert what in line
    assert line.startswith("mine.yaml:5:")


def test_contradictions_follow_the_dates(write, problems):
    joins = "  a: {type: join, on: 2018-01, organisation: SCO, states: [TUR]}\n"
    leaves = "  b: {type: leave, on: 2019-01, organisation: SCO, states: [TUR]}\n"
    again = "  c: {type: join, on: 2020-01, organisation: SCO, states: [TUR]}\n"
    assert {"a", "b", "c"} <= set(read(write(f"events:\n{again}{leaves}{joins}")).events)
    (line,) = problems(f"events:\n{again}{joins}")
    assert "TUR joins SCO but is already a member through a on 2018-01" in line
    assert "events.c.states[0]" in line
    early = leaves.replace("2019-01", "2017-01")
    assert "TUR leaves SCO but is not a member" in problems(f"events:\n{joins}{early}")[0]
    twice = leaves + leaves.replace("b:", "d:").replace("2019", "2021")
    (line,) = problems(f"events:\n{joins}{twice}")
    assert "is not a member (it left through b on 2019-01)" in line


def test_undated_events_are_not_judged_against_others(write):
    text = (
        "events:\n"
        "  perhaps: {type: join, hazard: .01, organisation: SCO, states: [TUR]}\n"
        "  leaves: {type: leave, on: 2019-01, organisation: SCO, states: [TUR]}\n"
    )
    assert {"perhaps", "leaves"} <= set(read(write(text)).events)


def test_all_errors_at_once(problems):
    text = (
        "tilte: x\nstart: 2014\n"
        "parameters: {trust: {gian: 1, loss: 5}}\n"
        "events: {x: {type: jion}, y: {type: crisis, on: 2016, parties: [IND, PKA], severity: 99}}\n"
    )
    lines = problems(text)
    assert len(lines) == 11  # what is missing of the type that was meant is among them
    assert [int(line.split(":")[1]) for line in lines] == sorted(int(line.split(":")[1]) for line in lines)


def test_reading_twice_gives_the_same():
    assert read("sco_expansion") == read("sco_expansion")


def test_resolve_does_not_change_the_draft():
    draft = read_draft("sco_expansion")
    before = pickle.dumps(draft.spec)
    resolve(draft, end="2018-12")
    assert pickle.dumps(draft.spec) == before


def _paths(value, path=()):
    if path:
        yield path
    if isinstance(value, (dict, list)):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _paths(part, (*path, key))


FLAGSHIP = cache(lambda: read_draft("sco_expansion"))
JUNK = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=5),
        st.sampled_from(["IND", "SCO", "2017-06", "trust", "join", "cooperation:SCO", 1e308, -1, 10**30]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["type", "on", "when", "value", "uniform", "source", "parties", "between", "USA", "x"]),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=5,
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_stands_in_a_file_the_answer_is_a_scenario_or_its_problems(data):
    """One value of the flagship replaced by anything: never another exception."""
    draft = FLAGSHIP()
    spec = copy.deepcopy(draft.spec)
    spec["events"]["seen"] = {
        "type": "set",
        "variable": "conflict",
        "value": 0.1,
        "between": [["IND"], ["PAK"]],
        "when": {"measure": "cooperation:SCO", "below": 0.2, "months": 3},
    }
    path = data.draw(st.sampled_from(sorted(_paths(spec), key=str)))
    node = spec
    for part in path[:-1]:
        node = node[part]
    node[path[-1]] = data.draw(JUNK)
    try:
        scenario = resolve(draft, spec=spec, changed={path})
    except ScenarioError as error:
        assert str(error)
    else:
        assert timeline(scenario) is not None
        assert pickle.loads(pickle.dumps(scenario)) == scenario


@pytest.mark.parametrize(
    "months", ["{uniform: [1, 3]}", "{value: {uniform: [1, 3]}}", "{value: {choice: [1, 2]}, basis: A}"]
)
def test_what_must_be_one_number_is_no_distribution_however_it_is_written(problems, months):
    text = f"events:\n  x: {{type: crisis, on: 2016-01, parties: [IND, PAK], severity: 1, months: {months}}}\n"
    (line,) = problems(text)
    assert "events.x.months: is a distribution, and this must be one number" in line
