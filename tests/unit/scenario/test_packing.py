"""A scenario as JSON and back, and as what differs from another: the same to the last type."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.results import digest
from sim.results.run_digest import remember
from sim.scenario import ScenarioError, names, read, read_draft, resolve
from sim.scenario.resolve import with_parameters
from sim.sweep.packing import apply_difference, difference, pack, parts_of, scenario_of, unpack


@pytest.mark.parametrize("name", names())
def test_a_scenario_survives_json(name):
    scenario = read(name, changes={"parameters.trust.gain": {"uniform": [0.004, 0.008]}})
    again = scenario_of(unpack(json.loads(json.dumps(pack(parts_of(scenario))))))
    assert again == scenario
    assert repr(again) == repr(scenario)  # 1 is not 1.0, a tuple is not a list
    assert digest(again, {}) == digest(scenario, {})


TREES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from([0.0, 1.0, "a"]) | st.tuples(st.integers(0, 1)),
    lambda child: st.lists(child, max_size=2) | st.dictionaries(st.sampled_from("abcd"), child, max_size=4),
    max_leaves=12,
)


@given(TREES, TREES)
def test_a_difference_makes_the_one_of_the_other(old, new):
    before = repr(old)
    steps = unpack(json.loads(json.dumps(pack(difference(old, new)))))
    assert repr(apply_difference(old, steps)) == repr(new)
    assert repr(old) == before
    assert difference(old, old) == []


@pytest.mark.parametrize("given_", [{"gain": 0.005}, {"gain": 0.006}, {"gain": None, "loss": {"value": 0.03}}])
def test_other_parameters_give_what_resolving_gives(given_):
    draft = read_draft("sco_expansion")
    base = resolve(draft, end="2016-06")
    parameters = {"trust": given_, "triads": {"updates": 2}} if "triads" not in base.schedule else {"trust": given_}
    changed = {("parameters", "trust")}
    slow = resolve(draft, spec={**draft.spec, "parameters": parameters}, changed=changed, end="2016-06")
    quick = with_parameters(base, draft, parameters, changed)
    assert quick == slow
    assert list(quick.spec) == list(slow.spec)
    assert quick.warnings == slow.warnings
    assert digest(quick, {}, remember(base)) == digest(slow, {})


def test_parameters_are_checked_as_ever():
    draft = read_draft("sco_expansion")
    with pytest.raises(ScenarioError, match="outside its bounds"):
        with_parameters(resolve(draft), draft, {"trust": {"gain": 5}}, set())
