"""What Mesa 3.3.1 promises of a model, its agents, their sets, the DataCollector and batch_run holds for ours.

Each promise names the test of projectmesa/mesa, tag v3.3.1, that makes it (`test_model.py::test_seed`); the tests here are
our own. Three promises hold otherwise than in Mesa, on purpose, and have tests of their own:

- a model without a seed takes seed 1 instead of the operating system's entropy: a run can always be had again;
- a seed is a whole number, 0 or more: Mesa takes any number;
- a state or an actor has one agent: a second is refused until the first is removed.
"""

from __future__ import annotations

import copy
import gc
import pickle
import weakref
from itertools import pairwise

import mesa
import numpy as np
import pytest
from mesa.agent import AgentSet

from sim import ActorAgent, StateAgent, WorldModel, engine
from sim.start.world import begin
from tests.unit.tiny import STATES, changes, tiny


class Observer(mesa.Agent):
    """An agent of the user's own that is neither a state nor an actor."""

    def __init__(self, model, value=0, other=0):
        super().__init__(model)
        self.value, self.other, self.seen = value, other, 0

    def step(self):
        self.seen += 1

    def doubled(self):
        return 2 * self.value

    def leave(self):
        self.remove()


class Russia(StateAgent):
    """Follows the built-in rule, with a type of its own."""

    def decide(self):
        return super().decide()


def model(replicates=3, **more):
    return WorldModel(tiny(), replicates, **more)


def with_observers(count=10, **more):
    made = model(datacollector=None, **more)
    return made, [Observer(made, value=k) for k in range(count)]


def same(one, two):
    return all(np.array_equal(getattr(one, name), getattr(two, name)) for name in one.arrays)


# -- the model --------------------------------------------------------------------------------------------------------


def test_a_new_model_runs_and_counts_its_steps():
    """test_model.py::test_model_set_up: running is True, steps is 0, and 1 after a step."""
    made = model()
    assert made.running is True
    assert made.steps == 0
    made.step()
    assert made.steps == 1


def test_run_model_stops_where_running_ends():
    """test_model.py::test_running: run_model steps until running is False; ours at the scenario's end."""
    made = model()
    made.run_model()
    assert (made.steps, made.running, made.date) == (12, False, "2016-01")


def test_user_code_may_stop_a_model():
    """test_model.py::test_running: running may be set within step, and is left alone."""

    class Stops(WorldModel):
        def step(self):
            if self.steps == 5:
                self.running = False
            super().step()

    made = Stops(tiny(), 1)
    made.run_model()
    assert made.steps == 5


def test_steps_after_the_end_change_nothing():
    """test_model.py::test_model_set_up: every call of step counts; after the end ours does no more than that."""
    made = model(1)
    made.run_model()
    world = made.world
    made.step()
    assert made.steps == 13
    assert made.world is world
    assert len(made.datacollector.model_vars["date"]) == 13


def test_the_seed_is_kept_and_seeds_both_generators():
    """test_model.py::test_seed: _seed is the model's own; equal seeds give equal random and equal rng."""
    one, two = model(seed=23), model(seed=24)
    assert (one._seed, two._seed) == (23, 24)
    assert model(seed=42).random.random() == model(seed=42).random.random()
    assert np.array_equal(model(seed=42).rng.random(10), model(seed=42).rng.random(10))


def test_reset_randomizer():
    """test_model.py::test_reset_randomizer: keeps the seed, or takes a new one; the world's luck is not touched."""
    made, other = model(seed=3), model(seed=3)
    made.reset_randomizer()
    assert made._seed == 3
    made.reset_randomizer(seed=42)
    assert (made._seed, made.seed) == (42, 3)
    made.step()
    other.step()
    assert same(made.world, other.world)


def test_reset_rng():
    """test_model.py::test_reset_rng: an rng is taken, kept and exchanged."""
    made = model(rng=5)
    states = [made._rng]
    for rng in (6, None):
        made.reset_rng(rng=rng)
        states.append(made._rng)
    assert all(before != after for before, after in pairwise(states))


def test_a_seed_or_an_rng_but_not_both():
    """mesa.Model.__init__ (its docstring): either seed or rng, else ValueError."""
    with pytest.raises(ValueError, match="not both"):
        model(seed=1, rng=2)


def test_an_rng_is_the_seed_of_the_world():
    """mesa.Model.__init__: rng takes all that numpy's default_rng takes. A whole number means the same as a seed."""
    start = {}
    for name, more in {"seed": {"seed": 7}, "rng": {"rng": 7}, "numpy": {"seed": np.int64(7)}}.items():
        start[name] = model(**more)
        start[name].step()
    assert same(start["seed"].world, start["rng"].world)
    assert same(start["seed"].world, start["numpy"].world)
    one, two = (model(rng=np.random.default_rng(7)) for _ in range(2))
    assert one.seed == two.seed
    assert same(one.world, two.world)
    shared = np.random.default_rng(7)
    assert model(rng=shared).seed != model(rng=shared).seed
    assert model(rng=np.random.SeedSequence(4)).seed == model(rng=np.random.SeedSequence(4)).seed


def test_without_a_seed_it_is_one():
    """Otherwise than mesa.Model, which draws one from the operating system: ours is reproducible by default."""
    assert model().seed == 1
    assert same(model().world, model(seed=1).world)


@pytest.mark.parametrize("seed", [-1, 1.5, "two", True, [1, 2]])
def test_a_seed_that_makes_no_sense(seed):
    """Otherwise than mesa.Model, which takes any number: the keyed draws need a whole one, and numpy none below 0."""
    with pytest.raises(ValueError, match="whole number, 0 or more"):
        model(seed=seed)


def test_agents_and_types():
    """test_model.py::test_agent_types: agents are in model.agents, their types in model.agent_types."""
    made = model(behaviours={"RUS": Russia})
    assert made.state("RUS") in made.agents
    assert made.agent_types == [StateAgent, Russia, ActorAgent]
    with pytest.raises(AttributeError, match=r"model\.agents"):
        made.agents = []


def test_agents_by_type():
    """test_model.py::test_agents_by_type: a set a type. Subclasses have their own, so `model.states` has all states."""
    made = model(behaviours={"RUS": Russia})
    assert list(made.agents_by_type[Russia]) == [made.state("RUS")]
    assert [agent.code for agent in made.agents_by_type[StateAgent]] == ["AFG", "CHN", "USA"]
    assert [agent.code for agent in made.states] == list(STATES)
    assert [agent.code for agent in made.actors] == ["ISK"]


def test_remove_all_agents():
    """test_model.py::test_agent_remove: none is left. The world goes on by the built-in rule, as without agents."""
    made, other = model(datacollector=None, behaviours={"RUS": Neutral}), model(datacollector=None)
    made.remove_all_agents()
    assert len(made.agents) == 0
    with pytest.raises(KeyError, match="was removed"):
        made.state("RUS")
    made.run_model()
    other.run_model()
    assert same(made.world, other.world)


class Neutral(StateAgent):
    """Never does anything."""

    def decide(self):
        return np.zeros_like(super().decide())


# -- agents -----------------------------------------------------------------------------------------------------------


def test_agent_removal():
    """test_agent.py::test_agent_removal: a removed agent is in no set; removing twice is no error."""
    made = model()
    agent = made.state("CHN")
    agent.remove()
    agent.remove()
    assert agent not in made.agents
    assert [a.code for a in made.states] == ["AFG", "RUS", "USA"]


def test_a_removed_behaviour_decides_no_more_and_another_may_take_its_place():
    """test_agent.py::test_agent_removal, and what it means here: the state follows the built-in rule again."""
    made = model(behaviours={"RUS": Neutral})
    made.step()
    assert not made.state("RUS").actions.array.any()
    made.state("RUS").remove()
    made.step()
    assert made.world.action[:, 2].any()
    Neutral(made, "RUS")
    made.step()
    assert not made.state("RUS").actions.array.any()


def test_a_state_has_one_agent():
    """Otherwise than mesa.Agent, of which there may be any number: a second agent of a state is refused."""
    made = model()
    with pytest.raises(ValueError, match=r"RUS has an agent, <StateAgent RUS Russia>; remove\(\) that one first"):
        Neutral(made, "RUS")
    assert len(made.agents) == 5


def test_ids_are_unique_in_a_model_and_count_from_one():
    """mesa.Agent (its docstring): unique_id is unique relative to a model and starts from 1, also for later agents."""
    made = model()
    assert made.agents.get("unique_id") == [1, 2, 3, 4, 5]
    assert [Observer(made).unique_id for _ in range(3)] == [6, 7, 8]
    made.state("CHN").remove()
    assert Neutral(made, "CHN").unique_id == 9
    assert model().agents.get("unique_id") == [1, 2, 3, 4, 5]
    again = copy.deepcopy(made)
    assert Observer(again).unique_id == 10


def test_an_agent_has_its_models_generators():
    """test_agent.py::test_agent_rng: agent.random and agent.rng are the model's."""
    made = model(seed=42)
    assert made.state("RUS").random is made.random
    assert made.actor("ISK").rng is made.rng


def test_create_agents():
    """test_agent.py::test_agent_create: sequences as long as the count are dealt out, all else is given to each."""
    made = model()
    values = made.rng.random(5)
    created = Observer.create_agents(made, 5, values, other=7)
    assert [agent.value for agent in created] == list(values)
    assert {agent.other for agent in created} == {7}
    for code in ("CHN", "RUS"):
        made.state(code).remove()
    Neutral.create_agents(made, 2, ["CHN", "RUS"])
    assert isinstance(made.state("RUS"), Neutral)


def test_stepping_agents_is_not_stepping_the_world():
    """mesa.Agent.step: there to be called by `agents.do("step")`. A state's does nothing: the world moves as one."""
    made = model()
    world = made.world
    made.agents.shuffle_do("step")
    assert made.world is world


def test_shuffling_changes_no_result():
    """test_agent.py::test_agentset_shuffle: the order is drawn from model.random, which the world does not use."""
    one, two = model(), model()
    one.agents.shuffle(inplace=True)
    one.random.random()
    one.rng.random(100)
    one.step()
    two.step()
    assert same(one.world, two.world)


# -- sets of agents ---------------------------------------------------------------------------------------------------


def test_select():
    """test_agent.py::test_agentset: by function, number, share, in place; test_agentset_select_by_type: by type."""
    made, observers = with_observers()
    agents = AgentSet(observers)
    assert [len(agents.select(at_most=share)) for share in (0.2, 0.549, 0.09, 1.0, 1)] == [2, 5, 0, 10, 1]
    assert len(agents.select(lambda agent: agent.value > 4, at_most=2)) == 2
    assert len(made.agents.select(agent_type=StateAgent)) == 4
    members = made.agents.select(lambda agent: isinstance(agent, StateAgent) and agent.memberships["SCO"].all())
    assert [agent.code for agent in members] == ["CHN", "RUS"]
    assert agents.select(lambda agent: agent.value > 4, inplace=True) is agents
    assert len(agents) == 5


def test_a_set_is_a_sequence_and_a_set():
    """test_agent.py::test_agentset, test_agentset_get_item, test_agent_membership, test_agent_add_remove_discard."""
    made, observers = with_observers()
    agents = AgentSet(observers[:9])
    assert agents[0] is observers[0]
    assert agents[-1] is observers[8]
    assert agents[1:3] == observers[1:3]
    with pytest.raises(IndexError):
        agents[20]
    assert observers[0] in agents
    assert observers[9] not in agents
    agents.add(observers[9])
    assert len(agents) == 10
    agents.discard(observers[9])
    agents.discard(observers[9])
    with pytest.raises(KeyError):
        agents.remove(observers[9])
    assert made.states[0].code == "AFG"
    assert made.state("USA") in made.states


def test_an_empty_set_needs_a_generator():
    """test_agent.py::test_agentset_initialization(_w_random): without one it warns; `model.actors` may be empty."""
    made = model()
    made.actor("ISK").remove()
    assert len(made.actors) == 0
    assert made.actors.random is made.random
    assert AgentSet(made.states).random is made.random
    with pytest.warns(UserWarning, match="random"):
        AgentSet([])


def test_sort_and_shuffle():
    """test_agent.py::test_agentset: sort by attribute or function, descending unless told; test_agentset_shuffle."""
    made, observers = with_observers(12)
    by_power = made.states.sort(lambda agent: agent.capability[0])
    assert [agent.code for agent in by_power] == ["CHN", "USA", "RUS", "AFG"]
    assert [agent.code for agent in made.states.sort("code", ascending=True)] == list(STATES)
    agents = AgentSet(observers, random=made.random)
    assert list(agents.shuffle()) != observers
    assert list(agents.shuffle(inplace=True)) != observers
    assert set(agents) == set(observers)


def test_do_and_map():
    """test_agent.py::test_agentset_do_str, _do_callable, _map_str, _map_callable: by name or function; do returns the
    set, map the answers; agents may go while it runs; what an agent does not have is an AttributeError."""
    made, observers = with_observers()
    agents = AgentSet(observers)
    assert agents.do("step") is agents
    assert agents.do(lambda agent: agent.step()) is agents
    assert {agent.seen for agent in observers} == {2}
    assert agents.map("doubled") == agents.map(lambda agent: 2 * agent.value) == list(range(0, 20, 2))
    assert [len(ties) for ties in made.states.map(lambda agent: agent.ties)] == [3] * 4
    for wrong in ("no_such_thing", lambda agent: agent.no_such_thing()):
        with pytest.raises(AttributeError):
            agents.do(wrong)
    made.agents.select(agent_type=Observer).do("leave")
    assert len(made.agents) == 5


def test_shuffle_do():
    """test_agent.py::test_agentset_shuffle_do: each agent once, in a new order; agents may go while it runs."""
    made, observers = with_observers(50)
    order = []
    agents = AgentSet(observers, random=made.random)
    agents.shuffle_do(order.append)
    agents.shuffle_do("step")
    assert order != observers
    assert set(order) == set(observers)
    assert {agent.seen for agent in observers} == {1}
    made.agents.select(agent_type=Observer).shuffle_do("leave")
    assert len(made.agents) == 5


def test_get_and_set():
    """test_agent.py::test_agentset_get, _get_attribute, _set_method: one or several attributes, missing ones by rule."""
    made = model()
    assert made.states.get("code") == list(STATES)
    assert made.states.get(["code", "unique_id"])[3] == ["USA", 4]
    assert all(values.shape == (3,) for values in made.states.get("alignment"))
    with pytest.raises(AttributeError):
        made.agents.get("alignment")  # an actor has none
    assert made.agents.get("alignment", handle_missing="default", default_value=0)[-1] == 0
    with pytest.raises(ValueError, match="handle_missing"):
        made.agents.get("code", handle_missing="nonsense")
    made.states.set("mood", "calm").set("age", 5)
    assert {(agent.mood, agent.age) for agent in made.states} == {("calm", 5)}


def test_agg():
    """test_agent.py::test_agentset_agg: one function or several over an attribute."""
    made = model()
    alignments = made.states.get("alignment")
    assert made.states.agg("alignment", np.mean) == np.mean(alignments)
    assert made.states.agg("alignment", [np.min, np.max]) == [np.min(alignments), np.max(alignments)]
    total = made.states.agg("capability", lambda shares: np.sum(shares, axis=0))
    assert total.shape == (3,)


def test_groupby():
    """test_agent.py::test_agentset_groupby: by attribute or function; iteration, length, count, agg, map and do."""
    made, observers = with_observers()
    groups = made.states.groupby("core")
    assert groups.count() == {None: 1, "east": 2, "west": 1}
    assert len(groups) == 3
    assert {name: [agent.code for agent in group] for name, group in groups}["east"] == ["CHN", "RUS"]
    assert groups.agg("unique_id", max) == {None: 1, "east": 3, "west": 4}
    assert made.states.groupby("side").map("get", "code")["West"] == ["USA"]
    assert made.states.groupby(lambda agent: agent.code < "D", result_type="list").map(len) == {True: 2, False: 2}
    even = AgentSet(observers).groupby(lambda agent: agent.value % 2)
    assert even.do("do", "step") is even
    assert even.do(lambda group: group.do("step")) is even
    assert {agent.seen for agent in observers} == {2}


# -- copies -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("again", [copy.deepcopy, lambda made: pickle.loads(pickle.dumps(made))])
def test_a_model_can_be_copied_and_pickled(again):
    """test_agent.py::test_agentset_serialization and test_agentset: sets of agents are pickled, and with them their
    model; mesa.DataCollector (its docstring): a model can be pickled unless reporters are lambdas. The copy goes on to
    the same bits, on its own."""
    made = WorldModel(tiny(), 3, behaviours={"RUS": Neutral}, record="all", remember=["trust"])
    for _ in range(4):
        made.step()
    other = again(made)
    assert other.state("RUS").model is other
    assert isinstance(other.state("RUS"), Neutral)
    assert [agent.unique_id for agent in other.agents] == [agent.unique_id for agent in made.agents]
    made.run_model()
    assert (other.steps, other.date) == (4, "2015-05")
    other.run_model()
    assert same(made.world, other.world)
    assert np.array_equal(made.recorder.recording.ledger.total, other.recorder.recording.ledger.total)
    assert made.datacollector.model_vars == other.datacollector.model_vars
    assert np.array_equal(made.state("USA").history("trust", "RUS"), other.state("USA").history("trust", "RUS"))


def test_a_set_of_agents_can_be_pickled():
    """test_agent.py::test_agentset_serialization: the same agents in the same order."""
    made = model()
    other, agents = pickle.loads(pickle.dumps([made, made.states]))
    assert agents.get("code") == list(STATES)
    assert agents[0] is other.state("AFG")


# -- DataCollector ----------------------------------------------------------------------------------------------------


def times(agent, factor, more):
    return float(agent.alignment.mean()) * factor + more


def collector():
    return mesa.DataCollector(
        model_reporters={
            "agents": lambda made: len(made.agents),
            "date": "date",
            "sum": [lambda a, b: a + b, [3, 4]],
            "cooperation": lambda made: made.measure("cooperation", "CHN-RUS"),
        },
        agent_reporters={"code": "code", "name": lambda agent: agent.name, "none": "no_such_thing"},
        agenttype_reporters={
            StateAgent: {"alignment": "alignment", "scaled": [times, [2, 1]]},
            ActorAgent: {"strength": lambda agent: float(agent.strength.mean())},
        },
        tables={"blocs": ["code", "side"]},
    )


@pytest.fixture(scope="module")
def collected():
    made = model(datacollector=collector)
    for month in range(8):
        if month == 4:
            made.state("AFG").remove()
        made.step()
    for agent in made.states:
        made.datacollector.add_table_row("blocs", {"code": agent.code, "side": agent.side})
    return made


def test_a_collector_collects_at_the_start_and_after_every_month(collected):
    """test_datacollector.py::TestDataCollector.test_model_vars: a value a collection, by attribute, function, or
    function with parameters; arrays are kept as they were."""
    found = collected.datacollector.model_vars
    assert found["agents"] == [5] * 5 + [4] * 4
    assert found["date"][0] == "2015-01"
    assert found["date"][-1] == "2015-09"
    assert set(found["sum"]) == {7}
    assert [values.shape for values in found["cooperation"]] == [(3,)] * 9
    assert np.array_equal(found["cooperation"][-1], collected.measure("cooperation", "CHN-RUS"))


def test_agents_are_collected_by_step_and_id(collected):
    """test_datacollector.py::TestDataCollector.test_agent_records: a record an agent and collection, under the step."""
    records = collected.datacollector._agent_records
    assert list(records) == list(range(9))
    assert [len(found) for found in records.values()] == [5] * 5 + [4] * 4
    frame = collected.datacollector.get_agent_vars_dataframe()
    assert list(frame.columns) == ["code", "name", "none"]
    assert frame.loc[(8, 3), "code"] == "RUS"
    assert frame["none"].isna().all()


def test_tables(collected):
    """test_datacollector.py::TestDataCollector.test_table_rows: rows are added; unknown tables and gaps are refused."""
    found = collected.datacollector
    assert found.tables["blocs"]["code"] == ["CHN", "RUS", "USA"]
    for table, row in (("no_table", {}), ("blocs", {"side": "East"})):
        with pytest.raises(Exception, match=r"able|column"):
            found.add_table_row(table, row)


def test_exports(collected):
    """test_datacollector.py::TestDataCollector.test_exports: frames of the right shapes; an unknown table is refused."""
    found = collected.datacollector
    assert found.get_model_vars_dataframe().shape == (9, 4)
    assert found.get_agent_vars_dataframe().shape == (41, 3)
    assert found.get_table_dataframe("blocs").shape == (3, 2)
    with pytest.raises(Exception, match="No such table"):
        found.get_table_dataframe("no_table")


def test_reporters_by_type(collected):
    """test_datacollector.py::TestDataCollectorWithAgentTypes.test_agenttype_vars, _agenttype_and_agent_vars,
    _reporter_string_attribute, _reporter_function_with_params, _reporter_multiple_types."""
    states = collected.datacollector.get_agenttype_vars_dataframe(StateAgent)
    actors = collected.datacollector.get_agenttype_vars_dataframe(ActorAgent)
    assert list(states.columns) == ["alignment", "scaled"]
    assert len(states) == 4 * 5 + 3 * 4
    assert (actors["strength"] > 0).all()
    last = states.loc[(8, 3)]
    assert last["scaled"] == 2 * last["alignment"].mean() + 1


def test_reporters_by_superclass():
    """test_datacollector.py::TestDataCollectorWithAgentTypes.test_agenttype_superclass_reporter: mesa.Agent is all."""
    own = mesa.DataCollector(agenttype_reporters={mesa.Agent: {"code": "code"}})
    made = model(datacollector=own)
    made.step()
    assert len(made.datacollector.get_agenttype_vars_dataframe(mesa.Agent)) == 10


def test_a_type_without_reporters_warns(collected):
    """test_datacollector.py::TestDataCollectorWithAgentTypes.test_nonexistent_agenttype: a warning, an empty frame."""
    with pytest.warns(UserWarning, match="No agent-type reporters"):
        assert collected.datacollector.get_agenttype_vars_dataframe(Observer).empty


@pytest.mark.parametrize(
    ("reporter", "error"),
    [
        (lambda made: made.no_such_thing, RuntimeError),
        ("no_such_thing", AttributeError),
        (["not_callable", [1, 2]], ValueError),
    ],
)
def test_reporters_that_cannot_work_are_errors(reporter, error):
    """test_datacollector.py::TestDataCollectorErrorHandling.test_lambda_error, _method_error, _attribute_error,
    _function_error: at the first collection, which is when the model is made."""
    with pytest.raises(error):
        model(datacollector=mesa.DataCollector(model_reporters={"x": reporter}))


def test_one_collector_serves_many_models():
    """Ours: a collector that is handed over is copied, so that models (of batch_run) do not mix their data."""
    own = mesa.DataCollector({"date": "date"}, {"code": "code"})
    one, two = model(datacollector=own), model(datacollector=own)
    one.step()
    assert [len(made.datacollector.model_vars["date"]) for made in (one, two)] == [2, 1]
    assert own.model_vars["date"] == []


def test_a_collector_of_the_users_own_is_left_to_the_user():
    """mesa.DataCollector (its docstring): `collect(model)` is called by the user's code, as often as that likes."""

    class Mine(WorldModel):
        def __init__(self, **more):
            super().__init__(tiny(), 2, datacollector=None, **more)
            self.datacollector = mesa.DataCollector({"date": "date"})

        def step(self):
            super().step()
            self.datacollector.collect(self)

    made = Mine(seed=2)
    made.run_model()
    assert made.datacollector.model_vars["date"] == [f"2015-{month:02d}" for month in range(2, 13)] + ["2016-01"]
    assert not hasattr(model(datacollector=None), "datacollector")


# -- batch_run --------------------------------------------------------------------------------------------------------


def batch(parameters, **more):
    return mesa.batch_run(WorldModel, parameters, display_progress=False, **more)


def test_batch_run_crosses_parameters():
    """test_batch_run.py::test_batch_run_with_params, test_make_model_kwargs: every combination once; text is one value;
    Step is the number of months simulated."""
    rows = batch(
        {"scenario": ["sco_expansion", "no_expansion"], "replicates": 2, "seed": [1, 2]},
        max_steps=3,
        data_collection_period=1,
    )
    runs = {(row["RunId"], row["scenario"], row["seed"]) for row in rows}
    assert runs == {(0, "sco_expansion", 1), (1, "sco_expansion", 2), (2, "no_expansion", 1), (3, "no_expansion", 2)}
    assert [row["Step"] for row in rows] == [0, 1, 2, 3] * 4
    assert [row["date"] for row in rows[:4]] == ["2015-01", "2015-02", "2015-03", "2015-04"]
    by_hand = WorldModel("no_expansion", 2, 2)
    for _ in range(3):
        by_hand.step()
    assert rows[-1]["cooperation"] == by_hand.measure("cooperation").mean()
    assert rows[3]["cooperation"] == rows[11]["cooperation"]  # nothing differs before 2017
    assert rows[3]["cooperation"] != rows[7]["cooperation"]


def test_batch_run_reports_agents():
    """test_batch_run.py::test_batch_run: a row an agent, with AgentID; the last step unless a period is given."""
    own = mesa.DataCollector({"date": "date"}, {"code": "code"})
    rows = batch({"scenario": tiny(), "replicates": 1, "datacollector": own}, max_steps=5)
    assert [(row["Step"], row["AgentID"], row["code"], row["date"]) for row in rows] == [
        (5, k + 1, code, "2015-06") for k, code in enumerate((*STATES, "ISK"))
    ]


def test_batch_run_without_agent_reporters():
    """test_batch_run.py::test_batch_run_no_agent_reporters, test_batch_run_single_core: a row a run; iterations."""
    rows = batch({"scenario": tiny(), "replicates": 1}, iterations=6, max_steps=2)
    assert [(row["RunId"], row["iteration"], row["Step"]) for row in rows] == [(k, k, 2) for k in range(6)]


def test_batch_run_stops_with_the_scenario():
    """mesa.batchrunner._model_run_func: it steps while running, at most max_steps; and its last row is one step before
    the model's, which for ours that end by themselves is the last month but one. The model has the last one, too."""
    rows = batch({"scenario": tiny(), "replicates": 1})
    assert [(row["Step"], row["date"]) for row in rows] == [(11, "2015-12")]


def test_batch_run_with_parameters_that_cannot_be_hashed():
    """test_batch_run.py::test_batch_run_unhashable_param: in a list, mappings are values: changes and behaviours."""
    quick = {"scenario": "baseline", "changes": [changes()], "replicates": 1}
    rows = batch({**quick, "behaviours": [{}, {"RUS": Neutral}]}, max_steps=12)
    assert [row["behaviours"] for row in rows] == [{}, {"RUS": Neutral}]
    assert rows[0]["cooperation"] > rows[1]["cooperation"]


def test_batch_run_refuses_empty_parameters():
    """test_batch_run.py::test_batch_run_with_params_with_empty_content: an empty list is an error that names it."""
    with pytest.raises(ValueError, match="'seed' contains an empty iterable"):
        batch({"scenario": tiny(), "seed": []})


def test_batch_run_needs_a_collector():
    """mesa.batch_run (its docstring): it assumes an attribute datacollector; a model told to have none has none."""
    with pytest.raises(AttributeError, match="datacollector"):
        batch({"scenario": tiny(), "replicates": 1, "datacollector": None}, max_steps=1)


@pytest.mark.slow
def test_batch_run_in_two_processes():
    """test_batch_run.py::test_batch_run: number_processes=2 gives what one gives, in the order in which runs end."""
    parameters = {"scenario": tiny(), "replicates": 2, "seed": [1, 2, 3]}
    alone = batch(parameters, max_steps=4)
    shared = batch(parameters, max_steps=4, number_processes=2)
    assert sorted(shared, key=lambda row: row["RunId"]) == alone


# -- ours on top ------------------------------------------------------------------------------------------------------


def test_a_plain_loop_over_the_engine_gives_the_same_bits():
    made = WorldModel("sco_expansion", 5, changes={"end": "2018-12"})
    world, rules, _ = begin(made.scenario, range(5))
    for month in range(made.scenario.start, made.scenario.end):
        world, _ = engine.step(world, rules, month)
    made.run_model()
    assert made.steps == 48
    assert same(made.world, world)


@pytest.mark.slow
def test_no_model_stays_alive():
    """1,000 models, used and dropped: none is left, and Mesa's counter of ids (which would keep them all) is empty."""
    quick, everything = tiny(schedule=("threat", "record")), {"behaviours": {"RUS": Russia}, "record": "all"}
    left = []
    for k in range(1000):
        made = WorldModel(tiny(), 1, **everything) if k % 100 == 0 else WorldModel(quick, 1, remember=["trust"])
        made.step()
        Observer(made)
        left.append(weakref.ref(made))
    del made
    gc.collect()
    assert sum(ref() is not None for ref in left) == 0
    assert not any(isinstance(known, WorldModel) for known in mesa.Agent._ids)


@pytest.mark.parametrize(
    ("replicates", "count"),
    [(4, 4), (np.int64(4), 4), (np.array(4), 4), (range(50, 53), 3), ([7, 2], 2), (np.arange(3), 3), ((5,), 1)],
)
def test_replicates_are_a_number_or_numbers(replicates, count):
    assert model(replicates).replicates == count


def test_a_replicate_is_the_same_alone_and_in_company():
    one, all_of_them = model([2]), model(4)
    one.run_model()
    all_of_them.run_model()
    assert np.array_equal(one.world.trust[0], all_of_them.world.trust[2])


@pytest.mark.parametrize("replicates", [0, -3, "10", 2.5, None, True, [], [-1], [1.5], [True, False], [3, 3], {}])
def test_replicates_that_make_no_sense(replicates):
    with pytest.raises((TypeError, ValueError), match=r"replicates (is|names a number twice)"):
        model(replicates)


def test_other_arguments_that_make_no_sense():
    with pytest.raises(ValueError, match="it can be float64"):
        model(dtype="int8")
    with pytest.raises(TypeError, match="read already"):
        model(changes={"end": "2016-12"})
    with pytest.raises(ValueError, match="it can be float64"):
        model(dtype="float32")


def test_reprs():
    made = model()
    assert repr(made) == "<WorldModel baseline: 3 replicates, 2015-01 of 2015-12>"
    assert repr(made.state("RUS")) == "<StateAgent RUS Russia>"
    assert repr(made.actor("ISK")).startswith("<ActorAgent ISK ")
