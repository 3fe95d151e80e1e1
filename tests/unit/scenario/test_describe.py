"""Scenarios in words."""

import pytest

from sim.scenario import describe_event, differences, names, read, read_parent, state_names, timeline

SENTENCES = [
    ({"type": "join", "organisation": "SCO", "states": ["IND", "PAK"]}, "IND and PAK join SCO."),
    ({"type": "leave", "organisation": "SCO", "states": ["IND"]}, "IND leaves SCO."),
    (
        {"type": "agreement", "parties": ["RUS", "CHN"], "depth": 0.5, "until": "2021-01"},
        "An agreement of depth 0.5 between RUS and CHN comes into force until 2021-01.",
    ),
    (
        {"type": "exercise", "organisation": "SCO", "size": 1},
        "Imposed: A joint exercise of size 1 is held by the members of SCO.",
    ),
    (
        {"type": "crisis", "parties": ["IND", "PAK"], "severity": 2, "months": 3},
        "Imposed: A crisis of severity 2 breaks out between IND and PAK for 3 months.",
    ),
    (
        {"type": "shock", "variable": "trust", "add": -0.3, "lasting": 0.5, "from": ["RUS"], "to": ["USA", "GBR"]},
        "Trust of RUS toward USA and GBR falls by 0.3, 0.5 of it lasting.",
    ),
    ({"type": "rivalry", "change": "end", "parties": ["KGZ", "UZB"]}, "A rivalry between KGZ and UZB ends."),
    ({"type": "set", "parameter": "insurgency.growth", "value": 0.2}, "The parameter insurgency.growth becomes 0.2."),
    ({"type": "set", "variable": "depth", "organisation": "SCO", "value": 0.2}, "Depth of SCO becomes 0.2."),
    ({"type": "intervention", "actor": "ISK", "effort": 0}, "The foreign effort against ISK becomes 0."),
    (
        {"type": "intervention", "actor": "ISK", "effort": {"USA": 0.8, "GBR": 0.1}},
        "The foreign effort against ISK becomes the sum of USA 0.8 and GBR 0.1.",
    ),
    (
        {"type": "tie", "level": "defence", "between": [["RUS"], ["CHN", "IRN"]]},
        "The tie between RUS on one side and CHN and IRN on the other becomes a defence pact.",
    ),
    (
        {"type": "clamp", "variable": "action", "value": "confront", "from": ["RUS"], "to": ["UKR"], "until": "2022-06"},
        "Imposed: Action of RUS toward UKR is held at confront until 2022-06.",
    ),
    (
        {"type": "shock", "variable": "strength", "actor": "ISK", "add": {"uniform": [100, 500]}, "hazard": 0.01},
        "Strength of ISK changes by 100 to 500 (uniform), with probability 0.01 a month, once.",
    ),
    (
        {
            "type": "join",
            "organisation": "SCO",
            "states": ["BLR"],
            "when": {"measure": "cooperation:SCO", "below": 0.2, "months": 6},
        },
        "BLR joins SCO, once cooperation of SCO has been below 0.2 for 6 months.",
    ),
]


@pytest.mark.parametrize(("event", "sentence"), SENTENCES)
def test_sentences(event, sentence):
    assert describe_event(event) == sentence


def test_names():
    scenario = read("sco_expansion")
    said = describe_event(scenario.events["india_joins_sco"], state_names(scenario))
    assert said == "India joins the Shanghai Cooperation Organisation."


@pytest.mark.parametrize("name", names())
def test_every_event_of_every_scenario_has_its_sentence(name):
    scenario = read(name)
    moments = timeline(scenario)
    assert {moment.key for moment in moments} == set(scenario.events)
    dates = [moment.month for moment in moments if moment.month is not None]
    assert dates == sorted(dates)
    for moment in moments:
        assert moment.imposed == moment.what.startswith("Imposed: ")
        assert moment.what.endswith(".")
        assert moment.title


def test_differences():
    child = read("no_expansion")
    assert [str(found) for found in differences(child, read_parent(child))] == [
        "events.india_joins_sco: removed (2017-06-09: IND joins SCO)",
        "events.pakistan_joins_sco: removed (2017-06-09: PAK joins SCO)",
    ]
    growth = read("is_growth")
    (found,) = differences(growth, read_parent(growth))
    assert [str(found)] == ["parameters.insurgency.growth: 0.1 -> 0.2"]
    assert read_parent(read("baseline")) is None


def test_differences_of_a_file_of_ones_own(write):
    child = read(write("states: {MNG: null}\nevents: {uri: {on: 2016-10}}\nwatch: [RUS-CHN]\nend: 2024-12\n"))
    said = [str(found) for found in differences(child, read_parent(child))]
    assert "states.MNG: removed (Mongolia)" in said
    assert "events.uri.on: 2016-09-18 -> 2016-10" in said
    assert "end: 2025-12 -> 2024-12" in said
    actors = read(write("actors: {ISK: {bias: {RUS: 5}}}\norganisations: {CSTO: null}\n"))
    assert [str(found) for found in differences(actors, read_parent(actors))] == [
        "organisations.CSTO: removed (Collective Security Treaty Organization)",
        "actors.ISK.bias.RUS: 2 -> 5",
    ]
    assert any(line.startswith("watch: RUS-CHN") and line.endswith("-> RUS-CHN") for line in said)
