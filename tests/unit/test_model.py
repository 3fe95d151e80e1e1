"""WorldModel: the engine as a Mesa model, its agents views of the arrays."""

from __future__ import annotations

import gc
import weakref

import mesa
import numpy as np
import pytest

from sim import ActorAgent, StateAgent, WorldModel, measures
from sim.scenario import read
from sim.world import COOPERATE, DEFENCE


@pytest.fixture(scope="module")
def scenario():
    return read("sco_expansion", changes={"end": "2017-08"})


@pytest.fixture
def model(scenario):
    return WorldModel(scenario, replicates=4)


def test_it_is_a_mesa_model_of_states_and_actors(model):
    assert isinstance(model, mesa.Model) and model.replicates == 4
    assert [a.code for a in model.agents_by_type[StateAgent]] == list(model.world.names.states)
    assert [a.code for a in model.agents_by_type[ActorAgent]] == ["ISK"]
    assert len(model.agents) == len(model.world.names.states) + 1
    assert model.state("IND").name == "India" and "IND" in repr(model.state("IND"))


def test_it_runs_to_the_end_of_its_scenario_and_no_further(scenario):
    model = WorldModel(scenario, replicates=2)
    assert model.date == "2015-01" and model.running
    months = 0
    while model.running:
        model.step()
        months += 1
    assert months == scenario.steps == 32 and model.date == "2017-09"
    last = model.world
    model.step()
    assert model.world is last and not model.running


def test_views_are_the_rows_of_the_arrays(model):
    for _ in range(3):
        model.step()
    world, india = model.world, model.state("IND")
    i, j = world.names.state("IND"), world.names.state("PAK")
    for view, variable in (("trust", "trust"), ("ties", "tie"), ("threats", "threat"), ("actions", "action")):
        row = getattr(india, view)
        assert np.array_equal(row["PAK"], getattr(world, variable)[:, i, j])
        assert set(row) == set(world.names.states) - {"IND"} and len(row) == len(world.names.states) - 1
    assert np.array_equal(india.allies["PAK"], world.tie[:, i, j] == DEFENCE)
    assert np.array_equal(india.actor_threats["ISK"], world.actor_threat[:, i, 0])
    assert set(india.memberships) == set(world.names.organisations)
    assert india.capability.shape == india.affinity.shape == (4,)
    assert np.array_equal(india.alignment, model.measure("alignment", "IND"))
    assert np.array_equal(india.bloc, measures.value(world, model.rules.frame, "bloc", "IND"))
    isk = model.actor("ISK")
    assert np.array_equal(isk.strength, world.strength.sum(-1)[:, 0])
    assert np.array_equal(isk.territories["AFG"], world.strength[:, 0, world.names.state("AFG")])
    assert np.array_equal(isk.feared_by["RUS"], world.actor_threat[:, world.names.state("RUS"), 0])
    assert "PAK: " in repr(india.trust)


def test_views_cannot_be_written_to(model):
    with pytest.raises(ValueError, match="read-only"):
        model.state("IND").trust["PAK"][:] = 1


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda m: m.state("XXX"), "no state 'XXX' in this world; its states: AFG"),
        (lambda m: m.actor("XXX"), "no actor 'XXX' in this world; its actors: ISK"),
        (lambda m: m.state("IND").trust["XXX"], "'XXX' is not one of AFG"),
        (lambda m: m.state("IND").trust["IND"], "'IND' is not one of AFG"),
        (lambda m: m.measure("cooperation", "XXX"), "cooperation is not taken of 'XXX'"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(model, ask, said):
    with pytest.raises(KeyError, match=said):
        ask(model)


def test_replicates_may_be_named(scenario):
    model, some = WorldModel(scenario, replicates=6), WorldModel(scenario, replicates=range(4, 6))
    for _ in range(4):
        model.step()
        some.step()
    assert np.array_equal(model.world.trust[4:], some.world.trust)


def test_changes_go_with_a_name_only(scenario):
    model = WorldModel("baseline", replicates=2, changes={"parameters.trust.gain": 0.01})
    assert model.rules.parameters["trust"].gain == 0.01
    with pytest.raises(TypeError, match="changes go with a scenario's name"):
        WorldModel(scenario, replicates=2, changes={"parameters.trust.gain": 0.01})


class Follower(StateAgent):
    """Decides as the built-in rule does."""

    def decide(self):
        return super().decide()


class Friend(StateAgent):
    """Works with as many states as its attention allows, the most trusted first, and confronts nobody."""

    def decide(self):
        return self.choices(cooperate=list(self.trust))


def test_an_agent_that_repeats_the_built_in_rule_changes_no_bit(scenario):
    plain, follower = WorldModel(scenario, 3), WorldModel(scenario, 3, behaviours={"IND": Follower})
    for _ in range(5):
        plain.step()
        follower.step()
    assert all(np.array_equal(a, follower.world.arrays[k]) for k, a in plain.world.arrays.items())


def test_an_agent_s_own_behaviour_reaches_all_replicates_and_the_trust_of_others(scenario):
    plain, friendly = WorldModel(scenario, 3), WorldModel(scenario, 3, behaviours={"IND": Friend})
    plain.step()
    friendly.step()
    i = friendly.world.names.state("IND")
    mine, built_in = friendly.world.action[:, i], plain.world.action[:, i]
    assert (mine != -1).all() and (mine[:, i] == 0).all()
    assert ((mine == COOPERATE).sum(-1) > (built_in == COOPERATE).sum(-1)).all()
    others = np.delete(np.arange(len(friendly.world.names.states)), i)
    assert np.array_equal(friendly.world.action[:, others], plain.world.action[:, others])
    # trust in India follows what India did: up where it now offers what it did not, the same where nothing changed
    toward_india = (friendly.world.trust - plain.world.trust)[:, others, i]
    change = (mine - built_in)[:, others]
    assert (toward_india[change > 0] > 0).all() and (change > 0).any()
    assert (toward_india[change == 0] == 0).all()


@pytest.mark.parametrize("answer", [np.zeros(3), np.full((3, 21), 2), [1, 0]])
def test_a_decision_of_the_wrong_kind_is_refused_in_words(scenario, answer):
    class Odd(StateAgent):
        def decide(self):
            return answer

    model = WorldModel(scenario, 3, behaviours={"IND": Odd})
    with pytest.raises(ValueError, match=r"<Odd IND India>\.decide\(\)"):
        model.step()


def test_a_behaviour_for_a_state_that_is_not_there_is_refused(scenario):
    with pytest.raises(ValueError, match=r"XXX.* not in this world; its states: AFG"):
        WorldModel(scenario, 2, behaviours={"XXX": Friend})


def test_a_model_is_freed_after_use(scenario):
    """Mesa's counter of ids would keep every model alive."""
    model = WorldModel(scenario, 2)
    model.step()
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None


def test_mesa_s_collector_and_agent_sets_work(model):
    collector = mesa.DataCollector(
        model_reporters={"friends": lambda m: float(m.state("RUS").trust["CHN"].mean())},
        agenttype_reporters={StateAgent: {"capability": lambda a: float(a.capability.mean())}},
    )
    for _ in range(3):
        model.step()
        collector.collect(model)
    assert len(collector.get_model_vars_dataframe()) == 3
    assert set(model.agents_by_type[StateAgent].get("code")) == set(model.world.names.states)
    assert model.steps == 3


def test_its_recorder_is_there_when_asked_for(scenario):
    model = WorldModel(scenario, 2, record="measures")
    assert WorldModel(scenario, 2).recorder is None
    while model.running:
        model.step()
    kept = model.recorder.recording
    assert len(kept.times) == scenario.steps + 1
    assert np.array_equal(kept.series["cooperation"].values[:, -1, 0], model.measure("cooperation"))
