"""A state with a behaviour of its own: what it sees, what it may answer, and how it is named."""

from __future__ import annotations

import hashlib
import json
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import sim
from sim import StateAgent, WorldModel, results
from sim.agents.behaviours import Behaviour, BehaviourError, describe
from sim.agents.views import Row, months_of
from sim.processes.memory import Limits
from sim.results import digest
from sim.scenario import ScenarioError, read
from tests.cli.command import call
from tests.unit.tiny import STATES, tiny

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "hedging_india.py"
HEDGING = f"{EXAMPLE}:HedgingIndia"


class Default(StateAgent):
    """The built-in rule, by way of a class."""

    def decide(self):
        return super().decide()


class Silent(StateAgent):
    """Never does anything."""

    def decide(self):
        return np.zeros_like(super().decide())


def answering(function):
    """A behaviour that answers what a function of the agent says."""

    class Answering(StateAgent):
        def decide(self):
            return function(self)

    return Answering


def run(behaviour, replicates=20, code="RUS", months=12, **more):
    made = WorldModel(tiny(), replicates, behaviours={code: behaviour}, **more)
    for _ in range(months):
        made.step()
    return made


def same(one, two):
    return all(np.array_equal(getattr(one, name), getattr(two, name)) for name in one.arrays)


# -- who decides ------------------------------------------------------------------------------------------------------


def test_the_default_answer_is_the_built_in_rule():
    plain = WorldModel(tiny(), 20)
    plain.run_model()
    assert same(plain.world, run(Default).world)
    assert same(plain.world, run(answering(lambda agent: agent.choices())).world)


def test_only_what_a_behaviour_touches_differs():
    """The others keep the built-in rule: in the first month all their choices are the same, and with only the decision
    and the record in the schedule, they stay so in every month."""
    alone = tiny(schedule=("threat", "institutions", "decision", "record"))
    one, two = WorldModel(alone, 20), WorldModel(alone, 20, behaviours={"RUS": Silent})
    others = [k for k, code in enumerate(STATES) if code != "RUS"]
    for _ in range(12):
        one.step()
        two.step()
        assert np.array_equal(one.world.action[:, others], two.world.action[:, others])
        assert not two.world.action[:, 2].any()
    apart = ~np.isin(np.arange(4), [2])
    memory = [m.world.cooperation_months[:, apart][:, :, apart] for m in (one, two)]
    assert np.array_equal(*memory)
    assert not two.world.cooperation_months[:, 2].any()


def test_differences_begin_where_the_behaviour_does():
    """Property 3 of the draws: replicates in which nothing differs stay the same to the bit."""

    def half(agent):
        first = np.arange(agent.model.replicates) < 10
        return np.where(first[:, None], 0, agent.choices())

    one, two = WorldModel(tiny(), 20), run(answering(half))
    one.run_model()
    assert np.array_equal(one.world.trust[10:], two.world.trust[10:])
    assert (one.world.trust[:10] != two.world.trust[:10]).any()


def test_all_are_asked_in_the_same_world():
    """An answer is seen by nobody before the month is over, whatever the order of the agents."""
    seen = {}

    def look(agent):
        seen[agent.code] = agent.model.world.action.copy()
        answer = super(type(agent), agent).decide()
        answer[:] = 0
        return answer

    kind = answering(look)
    made = WorldModel(tiny(), 5, behaviours={"CHN": kind, "RUS": kind})
    made.step()
    assert np.array_equal(seen["CHN"], seen["RUS"])
    assert not made.world.action[:, 1:3].any()


def test_a_replicate_behaves_the_same_alone_and_in_company():
    company, alone = run(Hedge), WorldModel(tiny(), [7], behaviours={"RUS": Hedge})
    alone.run_model()
    assert np.array_equal(company.world.trust[7], alone.world.trust[0])


class Hedge(StateAgent):
    """Cooperates with whom it cooperated less."""

    def decide(self):
        less = self.cooperation["CHN"] < self.cooperation["USA"]
        return self.choices(cooperate={"CHN": less, "USA": ~less})


def test_the_scenario_still_holds_what_it_holds():
    """An event that imposes an action imposes it on a behaviour, too."""
    hold = {
        "type": "clamp",
        "title": "T",
        "on": "2015-02",
        "until": "2015-06",
        "variable": "action",
        "value": "confront",
        "from": ["RUS"],
        "to": ["USA"],
        "source": "assumed",
    }
    scenario = read("baseline", changes={"scenario.events.hold": hold, "end": "2015-08"})
    made, seen = WorldModel(scenario, 4, behaviours={"RUS": Silent}), []
    for _ in range(8):
        made.step()
        seen.append(int(made.state("RUS").actions["USA"].sum()))
    assert seen == [0, -4, -4, -4, -4, 0, 0, 0]


def test_a_schedule_without_decisions_has_no_use_for_a_behaviour():
    with pytest.raises(BehaviourError, match="no `decision`"):
        WorldModel(tiny(schedule=("threat", "record")), 1, behaviours={"RUS": Silent})


# -- answers ----------------------------------------------------------------------------------------------------------


def test_an_answer_may_be_of_any_number_type_and_its_own_column_is_ignored():
    for kind in (np.int64, np.float32, np.int8):
        made = run(answering(lambda agent, kind=kind: np.full((20, 4), -1, kind)), months=1)
        assert made.world.action[0, 2].tolist() == [-1, -1, 0, -1]


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (lambda agent: None, "returned an array of object"),
        (lambda agent: np.zeros((20, 3)), r"of shape \(20, 3\); it must return numbers of shape \(20, 4\)"),
        (lambda agent: np.zeros((20, 4), bool), "returned an array of bool"),
        (lambda agent: np.full((20, 4), 2), "returned 2; there are 1"),
        (lambda agent: np.full((20, 4), np.nan), "returned nan; there are 1"),
        (lambda agent: np.ones((20, 4)), "offers cooperation to 3 states, attention allows 1"),
        (lambda agent: agent.choices(cooperate=["IND"]), "no state 'IND' in this world"),
        (lambda agent: agent.choices(cooperate=["RUS"]), "cannot choose anything toward itself"),
        (lambda agent: agent.choices(cooperate=["USA"], neutral="USA"), "names USA twice"),
        (lambda agent: agent.choices(cooperate={"USA": np.ones(20)}), "needs true and false"),
        (lambda agent: agent.choices(cooperate={"USA": np.ones(3, bool)}), "broadcast"),
        (lambda agent: 1 / 0, "division by zero"),
    ],
)
def test_answers_that_cannot_be_taken(answer, text):
    """The error says who, when and what; the model stands where it stood before the month."""
    made = WorldModel(tiny(), 20, behaviours={"RUS": answering(answer)})
    before = made.world
    with pytest.raises((ValueError, KeyError, ArithmeticError), match=text) as found:
        made.step()
    assert found.value.__notes__ == ["in the behaviour of <Answering RUS Russia>, 2015-01"]
    assert made.world is before
    assert made.date == "2015-01"


def test_attention_is_scarce_for_behaviours_too():
    """`choices` keeps to the budget: named offers first, the more trusted first."""
    made = WorldModel(tiny(), 20)
    agent = made.state("RUS")
    assert agent.budget.tolist() == [1] * 20
    answer = agent.choices(cooperate=["AFG", "CHN", "USA"])
    assert np.array_equal((answer == 1).sum(-1), np.maximum(agent.budget, (agent.actions.array == 1).sum(-1)))
    assert (answer[:, STATES.index("CHN")] == 1).all()
    assert (answer[:, STATES.index("USA")] == 0).all()
    named = agent.choices(cooperate=["USA"], confront=["AFG"])
    assert (named[:, 3] == 1).all()
    assert (named[:, 0] == -1).all()


def test_the_budget_follows_the_parameters_in_force():
    """Events may change a parameter: the budget is that of the month."""
    seen = []

    def look(agent):
        seen.append(int(agent.budget[0]))
        return agent.choices()

    more = {
        "type": "set",
        "title": "T",
        "on": "2015-02",
        "parameter": "decision.attention_base",
        "value": 6,
        "source": "assumed",
    }
    scenario = read("baseline", changes={"scenario.events.more": more, "end": "2015-03"})
    made = WorldModel(scenario, 2, behaviours={"RUS": answering(look)})
    made.run_model()
    assert seen[0] < seen[1] == seen[2]
    assert made.state("RUS").budget[0] == seen[2]


# -- what an agent sees -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def model():
    made = WorldModel("sco_expansion", 6, remember=["trust", "affinity"], changes={"end": "2016-12"})
    made.run_model()
    return made


def test_agents_show_their_world_by_name(model):
    india, world = model.state("IND"), model.world
    i, p = world.names.state("IND"), world.names.state("PAK")
    assert np.array_equal(india.trust["PAK"], world.trust[:, i, p])
    assert np.array_equal(india.threats["PAK"], world.threat[:, i, p])
    assert np.array_equal(india.common_threat["PAK"], world.common_threat[:, i, p])
    assert np.array_equal(india.actions["PAK"], world.action[:, i, p])
    assert np.array_equal(india.row("rivalry")["PAK"], np.ones(6))
    assert list(india.actor_threats) == ["ISK"]
    assert model.state("RUS").memberships["SCO"].tolist() == [1] * 6
    assert india.memberships["SCO"].tolist() == [0] * 6
    assert india.ties["PAK"].tolist() == [0] * 6
    assert model.state("KAZ").allies["RUS"].all()
    assert np.array_equal(india.capability, np.broadcast_to(world.capability[:, i], 6))
    assert np.array_equal(india.affinity, world.affinity[:, i])
    assert np.array_equal(india.alignment, model.measure("alignment", "IND"))
    assert np.array_equal(india.bloc, model.measure("bloc", "IND"))
    assert (india.core, model.state("CHN").core, model.state("USA").core) == (None, "east", "west")
    assert model.state("USA").side == "West"
    isk = model.actor("ISK")
    assert np.array_equal(isk.strength, model.measure("strength", "ISK"))
    assert np.array_equal(isk.territories["AFG"], isk.strength)
    assert np.array_equal(isk.feared_by["PAK"], model.state("PAK").actor_threats["ISK"])


def test_memory_of_cooperation_and_crises(model):
    india = model.state("IND")
    months = india.history("cooperation", "RUS")
    assert months.shape == (6, 12)
    assert np.array_equal(months.mean(-1), india.cooperation["RUS"])
    assert india.history("crises")["PAK"].shape == (6, 60)
    assert np.array_equal(india.history("crises", "PAK").sum(-1), india.crises["PAK"])
    assert india.history("crises", "PAK")[:, -4].all()  # Uri, September 2016


def test_memory_of_what_is_remembered(model):
    india = model.state("IND")
    past = india.history("trust", "PAK")
    assert past.shape == (6, 25)
    assert np.array_equal(past[:, -1], india.trust["PAK"])
    assert india.history("affinity").shape == (6, 25)
    assert india.history("trust").mean(["RUS", "CHN"]).shape == (6, 25)
    with pytest.raises(KeyError, match=r"does not remember 'tie': write remembers = \('tie',\)"):
        india.history("tie")
    with pytest.raises(KeyError, match="cannot remember 'depth'; a state has"):
        WorldModel(tiny(), 1, remember="depth")


def test_a_behaviour_says_what_it_remembers():
    lengths = []

    class Elephant(StateAgent):
        remembers = ("trust",)

        def decide(self):
            past = self.history("trust", "USA")
            assert np.array_equal(past[:, -1], self.trust["USA"])
            lengths.append(past.shape)
            return self.choices()

    made = run(Elephant, months=3)
    assert lengths == [(20, 1), (20, 2), (20, 3)]
    with pytest.raises(KeyError, match="does not remember"):
        made.state("USA").history("trust")


def test_months_are_bits_with_the_newest_last():
    bits = np.array([[0b000000000101, 0b100000000000]], np.uint16)
    months = months_of(bits, 12)
    assert months.shape == (1, 12, 2)
    assert months[0, :, 0].tolist() == [False] * 9 + [True, False, True]
    assert months[0, :, 1].tolist() == [True] + [False] * 11


def test_views_cannot_be_written_to(model):
    india = model.state("IND")
    for view in (
        india.trust["PAK"],
        india.trust.array,
        india.capability,
        india.alignment,
        india.cooperation["PAK"],
        india.history("trust", "PAK"),
        india.history("affinity"),
        model.actor("ISK").feared_by["PAK"],
        india.actor_threats["ISK"],
        india.memberships["SCO"],
        model.measure("cooperation"),
    ):
        with pytest.raises(ValueError, match="read-only"):
            view[0] = 1
    answer = india.decide()
    answer[:] = 0  # a copy, there to be changed
    assert india.actions.array.any()


def test_rows_are_mappings(model):
    trust = model.state("IND").trust
    assert len(trust) == 20
    assert "PAK" in trust
    assert "IND" not in trust
    with pytest.raises(KeyError, match="'INX' is not one of AFG, BLR"):
        trust["INX"]
    assert np.allclose(trust.mean(["RUS", "IND"]), trust["RUS"])
    assert trust.mean(["IND"]).tolist() == [0] * 6
    assert trust.array.shape == (6, 21)
    assert repr(Row(np.array([[0.5, -1.0], [0.7, -1.0]]), ["A", "B"])) == "{A: +0.60, B: -1.00}"
    assert repr(Row(np.array([[1, 0]]), ["A", "B"], "B")) == "{A: 1}"


def test_asking_for_what_is_not_there(model):
    with pytest.raises(KeyError, match="no state 'INX'"):
        model.state("INX")
    with pytest.raises(KeyError, match="no actor 'INX'"):
        model.actor("INX")
    with pytest.raises(KeyError, match="no measure 'nonsense'"):
        model.measure("nonsense")
    with pytest.raises(KeyError, match="not taken of 'INX'"):
        model.measure("alignment", "INX")


# -- file.py:Class ----------------------------------------------------------------------------------------------------

SOURCE = """from sim import StateAgent
import numpy as np

class Quiet(StateAgent):
    def decide(self):
        return np.zeros_like(super().decide())

class Greedy(StateAgent):
    def decide(self):
        return np.ones_like(super().decide())

class Nothing(StateAgent):
    pass

class Stranger:
    def decide(self): ...

number = 3
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.py").write_text(SOURCE)
    return tmp_path


def test_a_class_in_a_file(folder):
    found = Behaviour.find("own.py:Quiet")
    kind = found.load(StateAgent)
    assert issubclass(kind, StateAgent)
    assert kind is found.load(StateAgent)
    assert pickle.loads(pickle.dumps(kind)) is kind
    assert describe("own.py:Quiet") == found.plain()
    assert found.sha256 == hashlib.sha256(SOURCE.encode()).hexdigest()
    made = run("own.py:Quiet", months=2)
    assert repr(made.state("RUS")) == "<Quiet RUS Russia>"
    assert same(made.world, run(Silent, months=2).world)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("own.py", "'own.py' is not a file and a class; write FILE.py:CLASS, such as examples/"),
        ("own.py:", "is not a file and a class"),
        (":Quiet", "is not a file and a class"),
        ("own.py:a b", "is not a file and a class"),
        ("other.py:Quiet", "the file 'other.py' does not exist; write"),
        (".:Quiet", "the file '.' is a folder; write"),
        ("own.py:Quite", "own.py has no class 'Quite'; did you mean 'Quiet'?"),
        ("own.py:Xyz", "own.py has no class 'Xyz'; its behaviours: Quiet, Greedy, Nothing"),
        ("own.py:Stranger", "Stranger in own.py is not a behaviour; write `class Stranger(StateAgent):`"),
        ("own.py:number", "number in own.py is not a behaviour"),
        ("own.py:Nothing", "Nothing in own.py has no decide() of its own, so it would change nothing"),
        ("own.py:StateAgent", "has no decide() of its own"),
        ("bad.py:X", "bad.py cannot be loaded: line 2, ZeroDivisionError: division by zero"),
        ("broken.py:X", "broken.py cannot be loaded: line 1, SyntaxError:"),
        ("leaves.py:X", "leaves.py cannot be loaded: line 1, SystemExit: 3"),
    ],
)
def test_files_and_classes_that_cannot_be_used(folder, given, text):
    """From Python and from the command line: one sentence, exit status 2, nothing written."""
    (folder / "bad.py").write_text("x = 1\n1 / 0\n")
    (folder / "broken.py").write_text("def\n")
    (folder / "leaves.py").write_text("raise SystemExit(3)\n")
    with pytest.raises(BehaviourError) as found:
        WorldModel(tiny(), 1, behaviours={"RUS": given})
    assert text in str(found.value)
    before = sorted(folder.rglob("*"))
    done = call("run", f"behaviour.RUS={given}", cwd=folder)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("command line: behaviour.RUS: ")
    assert text in done.stderr
    assert done.stderr.count("\n") == 1
    assert sorted(folder.rglob("*")) == before


def test_only_a_state_of_the_world_can_have_one():
    with pytest.raises(BehaviourError, match="'IND' has a behaviour but is not in this world; its states: AFG, CHN"):
        WorldModel(tiny(), 1, behaviours={"IND": Silent})
    with pytest.raises(BehaviourError, match="must be a subclass of StateAgent"):
        WorldModel(tiny(), 1, behaviours={"RUS": int})


def test_a_file_that_changes_under_way_is_noticed(folder):
    found = Behaviour.find("own.py:Quiet")
    (folder / "own.py").write_text(SOURCE + "# changed, and new to this process\n")
    sys.modules.pop(f"entente_behaviour_{found.sha256}", None)
    with pytest.raises(BehaviourError, match=r"own\.py' is not the file that was meant: .* Nothing of it was run"):
        found.load(StateAgent)


# -- the ensemble and runs on disk ------------------------------------------------------------------------------------

SMALL = ("replicates=8", "end=2015-06", "workers=1", "plots=false", "report=false")


def test_the_ensemble_takes_behaviours_whatever_the_workers():
    """Chunks, processes and classes that cannot be pickled (this one is local) change no bit."""
    scenario = read("sco_expansion", changes={"end": "2015-04"})
    runs = [
        sim.simulate(scenario, replicates=110, workers=workers, behaviours={"IND": kind})
        for workers, kind in ((1, HEDGING), (2, HEDGING), (2, _hedging()))
    ]
    one = runs[0].series["cooperation"].values
    assert all(np.array_equal(one, other.series["cooperation"].values) for other in runs[1:])
    default = sim.simulate(scenario, replicates=110, workers=1)
    assert (one != default.series["cooperation"].values).any()
    assert runs[0].behaviours["IND"]["class"] == "HedgingIndia"
    assert default.behaviours == {}


def _hedging():
    kind = Behaviour.find(HEDGING).load(StateAgent)

    class Local(kind):
        pass

    return Local


def test_a_behaviour_is_part_of_the_run(folder):
    """In the digest by class and text, in the manifest with the file's sha256, in the summary as a warning."""
    done = call("run", *SMALL, "scenario=baseline", "behaviour.RUS=own.py:Quiet", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    manifest = json.loads((Path(found["folder"]) / "manifest.json").read_text())
    digest_of_file = hashlib.sha256(SOURCE.encode()).hexdigest()
    assert manifest["behaviours"] == {"RUS": {"class": "Quiet", "file": "own.py", "sha256": digest_of_file}}
    assert "RUS does not follow the built-in rule but Quiet in own.py." in manifest["validity"]
    (folder / "moved").mkdir()
    (folder / "moved" / "same.py").write_text(SOURCE)
    again = [
        json.loads(call("run", *SMALL, "scenario=baseline", *more, "--json", cwd=folder).stdout)
        for more in ([], ["behaviour.RUS=null"], ["behaviour.RUS=moved/same.py:Quiet"], ["behaviour.CHN=own.py:Quiet"])
    ]
    assert [run["reused"] for run in again] == [False, True, True, False]
    assert again[2]["folder"] == found["folder"]
    (folder / "own.py").write_text(SOURCE + "# another text\n")
    other = json.loads(call("run", *SMALL, "scenario=baseline", "behaviour.RUS=own.py:Quiet", "--json", cwd=folder).stdout)
    assert not other["reused"]
    assert other["folder"] != found["folder"]


def test_paths_with_spaces_and_sweeps(folder):
    (folder / "of my own").mkdir()
    (folder / "of my own" / "my rule.py").write_text(SOURCE)
    done = call("run", "-m", *SMALL, "scenario=baseline", "behaviour.RUS=null,of my own/my rule.py:Quiet", cwd=folder)
    assert done.returncode == 0, done.stderr
    manifests = [json.loads(path.read_text()) for path in folder.glob("results/baseline/*/manifest.json")]
    assert sorted(list(m["behaviours"]) for m in manifests) == [[], ["RUS"]]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["behaviour.INX=own.py:Quiet"], "behaviour.INX: there is no such state in this world; did you mean"),
        (["behaviour.RUS=own.py:Quiet", "~scenario.states.RUS", "scenario.cores.east=[CHN]"], "behaviour.RUS: there is"),
        (["behaviour=own.py:Quiet"], "behaviour: goes by state; write behaviour.IND="),
        (["behavior.RUS=own.py:Quiet"], "behavior.RUS: is not a key; did you mean 'behaviour'?"),
        (["behaviour.RUS.x=3"], "behaviour.RUS: {'x': '3'} is not a file and a class"),
        (["behaviour.RUS=own.py:Quiet", "scenario.schedule=[threat,record]"], "behaviour.RUS: this schedule has no"),
        (["+scenario.behaviour.RUS=own.py:Quiet"], "scenario.behaviour"),
    ],
)
def test_command_lines_that_cannot_be_used(folder, words, text):
    done = call("run", "scenario=baseline", *words, cwd=folder)
    assert done.returncode == 2
    assert text in done.stderr
    assert not (folder / "results").exists()


def test_an_answer_that_cannot_be_taken_ends_the_run_with_one_sentence(folder):
    done = call("run", *SMALL, "behaviour.RUS=own.py:Greedy", cwd=folder)
    assert done.returncode == 2
    assert "<Greedy RUS Russia>.decide() in 2015-01 offers cooperation to 20 states" in done.stderr
    assert not list(folder.rglob("manifest.json"))


@pytest.mark.parametrize("key", ["behaviour", "behaviours", "Behaviour", "behaviour.RUS"])
def test_a_scenario_file_cannot_name_code(folder, key):
    (folder / "mine.yaml").write_text(
        f"defaults: [baseline, _self_]\ntitle: T\nquestion: Q?\n{key}: {{RUS: own.py:Quiet}}\n"
    )
    with pytest.raises(ScenarioError, match=r"mine\.yaml:4:1: .*a behaviour is code, and a scenario file never runs code"):
        read("./mine.yaml")
    done = call("run", "scenario=./mine.yaml", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "give it on the command line: behaviour.IND=FILE.py:CLASS" in done.stderr


def test_runs_from_python(folder):
    one = sim.run("baseline", changes={"end": "2015-03"}, replicates=4, behaviours={"RUS": "own.py:Quiet"}).path
    kind = Behaviour.find("own.py:Quiet").load(StateAgent)
    assert sim.run("baseline", changes={"end": "2015-03"}, replicates=4, behaviours={"RUS": kind}).path == one
    assert sim.run("baseline", changes={"end": "2015-03"}, replicates=4).path != one


def test_a_behaviour_in_no_file_is_not_written_to_disk(folder):
    """Its run could not be told from another."""
    space: dict = {"StateAgent": StateAgent, "__name__": "__console__"}
    exec("class Typed(StateAgent):\n    def decide(self):\n        return self.choices()", space)
    scenario = read("baseline", changes={"end": "2015-02"})
    trajectory = sim.simulate(scenario, replicates=2, behaviours={"RUS": space["Typed"]})
    with pytest.raises(BehaviourError, match="Typed is in no file, and a run on disk must name its code"):
        results.write(trajectory, {}, folder)
    with pytest.raises(BehaviourError, match="in no file"):
        digest(scenario, {"behaviours": {"RUS": space["Typed"]}})


# -- the example ------------------------------------------------------------------------------------------------------


def test_india_hedges():
    """Paired with the built-in rule: more cooperation with the West, less alignment with the East."""
    space: dict = {"__name__": "hedging_india"}
    exec(compile(EXAMPLE.read_text(), str(EXAMPLE), "exec"), space)
    found = space["compare"](replicates=12, end="2018-12")
    rule, own = found["cooperation with the West"]
    assert (own >= rule).all()
    assert np.median(own - rule) > 0.03
    rule, own = found["alignment (+ East, - West)"]
    assert np.median(own - rule) < 0


@pytest.mark.slow
def test_the_example_prints_its_effect(tmp_path):
    done = subprocess.run(
        [sys.executable, str(EXAMPLE)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "100 replicates, paired" in done.stdout
    assert "alignment (+ East, - West)" in done.stdout
    assert "share in the West bloc" in done.stdout


@pytest.mark.slow
def test_workers_that_start_afresh_load_the_file_themselves(folder):
    """Where processes start by spawn (macOS, Windows), ``file.py:Class`` works too."""
    afresh = Limits(start="spawn")
    scenario = read("sco_expansion", changes={"end": "2015-02"})
    two = sim.simulate(scenario, replicates=110, workers=2, behaviours={"IND": HEDGING}, limits=afresh)
    one = sim.simulate(scenario, replicates=110, workers=1, behaviours={"IND": HEDGING})
    assert np.array_equal(one.trust, two.trust)
