"""Changes by dotted keys: the Python road does what the command line does."""

import pytest

from sim.scenario import ScenarioError, read
from sim.scenario.changes import apply_changes, differing, settle


def test_one_line_counterfactuals():
    changed = read(
        "sco_expansion",
        changes={
            "scenario.events.us_withdrawal.on": "2025-01",
            "~scenario.events.pakistan_joins_sco": None,
            "scenario.rules": "0.1",
            "parameters.trust.gain": 0.01,
            "scenario.states.IND.capability": 0.1,
            "scenario.organisations.SCO.depth": {"uniform": [0.3, 0.5]},
            "scenario.events.doklam": None,
        },
    )
    assert changed.events["us_withdrawal"]["on"] == "2025-01"
    assert not {"pakistan_joins_sco", "doklam"} & set(changed.events)
    assert changed.parameters == {"trust": {"gain": 0.01}}
    assert next(row for row in changed.tables.states if row["code"] == "IND")["capability"] == 0.1
    assert next(row for row in changed.tables.organisations if row["code"] == "SCO")["depth"].kind == "uniform"


def test_adding():
    event = {"type": "join", "on": "2018-01", "organisation": "SCO", "states": ["TUR"]}
    assert read("baseline", changes={"+scenario.events.turkey": event}).events["turkey"] == event
    assert read("baseline", changes={"scenario.events.turkey": event}).events["turkey"] == event


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"parameters.trust.gain": 5}, "command line: parameters.trust.gain: 5 is outside its bounds"),
        ({"parameters.trust.gian": 1}, "parameters.trust.gian: is not a parameter of trust; did you mean 'gain'?"),
        ({"parameters.trst.gain": 1}, "parameters.trst: is not a mechanism; did you mean 'trust'?"),
        ({"scenario.events.uri.on": 2017}, "scenario.events.uri.on: 2017 is a year; write a month, such as 2017-06"),
        ({"scenario.events.uri.parties": ["IND", "NO"]}, "command line: scenario.events.uri.parties[1]: 'NO'"),
        ({"scenario.schedule": ["trst"]}, "command line: scenario.schedule[0]: 'trst' is not a"),
        ({"~scenario.events.urri": None}, "there is nothing to remove; did you mean 'events.uri'?"),
        ({"events.uri.on": "2017-01"}, "a change begins with scenario. or parameters."),
        ({"scenario.title.x": 1}, "leads into a value that is not a mapping"),
        ({"start": "2030-01"}, "is before the start, 2030-01"),
    ],
)
def test_the_same_checks(changes, what):
    with pytest.raises(ScenarioError) as error:
        read("baseline", changes=changes)
    assert what in str(error.value)


def test_settle():
    event = {"events": {"x": {"type": "crisis", "on": "2016-01", "parties": ["A", "B"], "severity": 1, "title": "X"}}}

    def changed(**new):
        return settle(event, {"events": {"x": {**event["events"]["x"], **new}}})["events"]["x"]

    assert "on" not in changed(hazard=0.1)
    assert "title" not in changed(title=None)
    assert changed(type="exercise", size=1) == {
        "type": "exercise",
        "on": "2016-01",
        "parties": ["A", "B"],
        "size": 1,
        "title": "X",
    }
    value, uniform, normal = {"value": 1, "source": "s"}, {"uniform": [0, 1]}, {"normal": [0, 1]}
    assert settle({"gain": value}, {"gain": {**value, **uniform}}) == {"gain": {**uniform, "source": "s"}}
    assert settle({"gain": uniform}, {"gain": {**uniform, **normal}}) == {"gain": normal}


def test_the_original_is_left_alone():
    spec = {"events": {"x": {"on": "2016-01"}}}
    new, changed, run = apply_changes(spec, {"scenario.events.x.on": "2017-01", "end": "2020-12"})
    assert spec == {"events": {"x": {"on": "2016-01"}}}
    assert new == {"events": {"x": {"on": "2017-01"}}}
    assert changed == {("events", "x", "on")}
    assert run == {"end": "2020-12"}


def test_differing():
    assert differing({"a": {"b": 1, "c": [1]}}, {"a": {"b": 1, "c": [2]}, "d": 0}) == {("a", "c"), ("d",)}
    assert differing({"a": 1}, {"a": True}) == {("a",)}
    assert differing({"a": {"b": 1}}, {}) == {("a",)}
