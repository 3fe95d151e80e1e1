"""What differs between replicates: chance, the parameters that are estimated, or both."""

import json
from importlib import import_module

import numpy as np
import pytest

from sim import run
from sim.mechanisms import all_parameters
from sim.questions.compare import compare
from sim.questions.compare.answer import parameters_share
from sim.results import recovery
from sim.results.run_digest import digest
from sim.results.shares import share_of, table_behind
from sim.scenario import ScenarioError, basis, calibration, read
from sim.scenario.calibration import parse, table_of
from sim.scenario.rules import RULES, WITH_REVERSION
from sim.start.world import begin
from sim.sweep.packing import pack, parts_of, scenario_of, unpack

NEW = {"scenario.rules": "0.2"}
OLD = {"scenario.rules": "0.1"}


@pytest.fixture(scope="module")
def table():
    """The table that ships."""
    return table_of("0.2")


def first(story, replicates, seed=1):
    return begin(story, replicates, seed=seed)[1].parameters


def test_a_table_is_read_as_it_was_written(table):
    again = parse(table.text())
    assert again == table
    assert again.about == table.about
    for broken in ("# rules: 0.2\n", "a,b\n1,2\n1\n", "a\nx\n", "a\nnan\n"):
        with pytest.raises(ValueError, match=r"\w"):
            parse(broken)


def test_rules_with_a_table_vary_both_and_the_first_rules_only_chance():
    assert read("baseline", changes=NEW).uncertainty == "both"
    old = read("baseline", changes=OLD)
    assert (old.uncertainty, old.calibration) == ("chance", None)
    assert "uncertainty" not in old.spec


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (OLD | {"uncertainty": "both"}, "both needs a table of draws, and rules 0.1 have none"),
        (NEW | {"uncertainty": "luck"}, "'luck' is not allowed"),
    ],
)
def test_what_cannot_vary_is_refused(changes, says):
    with pytest.raises(ScenarioError, match=says):
        read("baseline", changes=changes)


def test_a_replicate_has_one_row_of_the_table_for_all_its_parameters(table):
    numbers = first(read("baseline", changes=NEW), range(30))
    values = [np.ravel(getattr(numbers[m], name)) for m, name in (key.split(".") for key in table.keys)]
    rows = [np.flatnonzero(table.column("trust.noise") == noise) for noise in values[0]]
    for k, key in enumerate(table.keys):
        assert values[k] == pytest.approx([table.column(key)[row[0]] for row in rows])
    assert len({row[0] for row in rows}) > 10


def test_the_row_hangs_on_seed_and_number_alone():
    one, other = (read(name, changes=NEW).calibration for name in ("baseline", "sco_expansion"))
    assert one == other
    many = first(read("baseline", changes=NEW), range(20))["trust"].noise.ravel()
    few = first(read("sco_expansion", changes=NEW), range(5, 9))["trust"].noise.ravel()
    assert few == pytest.approx(many[5:9])
    assert not np.array_equal(many, first(read("baseline", changes=NEW), range(20), seed=2)["trust"].noise.ravel())
    alone = first(read("baseline", changes=NEW), range(7, 8))["trust"].noise
    assert np.unique(alone) == pytest.approx(many[7])


def test_what_is_set_stays_as_set():
    story = read("baseline", changes=NEW | {"parameters.trust.noise": 0.02})
    assert "trust.noise" not in story.calibration.keys
    assert "trust.reversion" in story.calibration.keys
    numbers = first(story, range(5))
    assert numbers["trust"].noise == 0.02
    assert len(np.unique(numbers["trust"].reversion)) > 1


def test_a_stored_story_read_again_sets_what_it_set_and_no_more(tmp_path):
    for changes in ({}, {"parameters.trust.noise": 0.01}, {"uncertainty": "chance"}):
        got = run("baseline", changes=NEW | changes, replicates=2, end="2015-02", results=tmp_path)
        again = recovery.scenario(got)
        first = read("baseline", changes=NEW | changes)
        assert again.calibration == first.calibration
        assert again.parameters == first.parameters
        assert again.uncertainty == first.uncertainty


def test_by_chance_alone_all_parameters_stand_at_their_estimates():
    story = read("baseline", changes=NEW | {"uncertainty": "chance"})
    assert story.spec["uncertainty"] == "chance"
    assert first(story, range(5))["trust"].noise == story.parameters["trust"]["noise"]


def test_by_parameters_alone_replicates_of_one_row_are_the_same(tmp_path, table):
    got = run("baseline", changes=NEW, uncertainty="parameters", replicates=60, end="2015-06", results=tmp_path)
    rows = table.rows_of(begin(read("baseline", changes=NEW), range(60))[1].draws)
    values = got.series("trust", "CHN>IND")[1]
    assert len(np.unique(values[:, -1])) == len(np.unique(rows))
    one, two = next((a, b) for a in range(60) for b in range(a) if rows[a] == rows[b])
    assert np.array_equal(values[one], values[two])
    assert "with the same chance in all" in " ".join(got.manifest["validity"])


def test_each_kind_has_a_digest_of_its_own_and_the_usual_one_is_not_written():
    usual = read("baseline", changes=NEW)
    digests = {kind: digest(read("baseline", changes=NEW | {"uncertainty": kind}), {}) for kind in calibration.KINDS}
    assert len(set(digests.values())) == 3
    assert digests["both"] == digest(usual, {})


def test_a_sweep_carries_the_table_by_name():
    story = read("baseline", changes=NEW | {"parameters.trust.noise": 0.02})
    packed = json.loads(json.dumps(pack(parts_of(story))))
    assert scenario_of(unpack(packed)) == story
    packed["calibration"]["(table of draws)"] = ["../0.2", "trust.noise"]
    with pytest.raises(ValueError, match="there is no table of draws"):
        unpack(packed)


def test_the_rules_stand_at_the_estimates_of_their_table(table):
    for key in table.estimated:
        mechanism, name = key.split(".")
        told = float(table.about[f"estimate {key}"].split()[0])
        assert RULES["0.2"][mechanism][name] == pytest.approx(told, rel=0.03), key
    pull = table.column("trust.reversion") / RULES["0.2"]["trust"]["reversion"]
    for key in WITH_REVERSION:
        assert table.column(key) == pytest.approx(RULES["0.2"]["trust"][key.split(".")[1]] * pull, rel=1e-4)


def test_draws_lie_within_the_bounds_of_their_parameters(table):
    infos = {f"{m}.{i.name}": i for m, each in all_parameters().items() for i in each}
    for key in table.keys:
        assert all(infos[key].problem(float(x)) is None for x in table.column(key)), key


def test_what_a_story_reads_is_counted():
    new, old = (read("baseline", changes=rules) for rules in (NEW, OLD))
    found = {one.key: one.basis for one in basis.used(new.schedule, new.parameters, new.calibration)}
    assert found["trust.noise"] == "E"
    assert found["trust.gain"] == "A"
    assert not {"ties.rate", "crisis.rival", "anchor.level", "insurgency.spillover"} & set(found)
    assert {"ties.rate", "crisis.rival", "anchor.level"} <= {one.key for one in basis.used(old.schedule, old.parameters)}
    assert basis.counted(new)[1] - basis.counted(old)[1] == 5


def test_numbers_of_the_code_that_are_counted_are_there():
    for path in (*basis.CODE, *basis.UNDIRECTED):
        module, _, name = path.rpartition(".")
        assert any(known.startswith(name) for known in vars(import_module(module))), path


def test_what_lies_outside_the_calibration_is_said():
    assert basis.beyond(read("baseline", changes=OLD)) == ""
    said = basis.beyond(read("baseline", changes=NEW | {"parameters.trust.noise": 0.3}))
    assert "it ends 11 years after the data" in said
    assert "trust.noise is 0.3 (" in said
    assert "trust.noise" not in basis.beyond(read("baseline", changes=NEW | {"parameters.trust.noise": 0.08}))


def test_shares_are_found_again():
    luck = np.random.default_rng(2)
    x = luck.normal(size=(300, 4))
    held = []
    for true in (0.0, 0.3, 0.8):
        for _ in range(100):
            y = np.sqrt(true) * x[:, 0] + np.sqrt(1 - true) * luck.normal(size=300)
            share = share_of(y, x)
            held.append(share.low <= true <= share.high)
    assert 0.85 < np.mean(held) < 0.99
    assert share_of(x[:20, 0], x[:20]) is None
    assert share_of(np.ones(300), x) is None


def test_the_share_of_parameters_agrees_with_what_is_left_without_them(tmp_path):
    options = {"changes": NEW, "replicates": 200, "end": "2018-12", "results": tmp_path}
    both, chance = (run("baseline", uncertainty=kind, **options) for kind in ("both", "chance"))
    shares = both.manifest["uncertainty"]["shares"]
    for subject in ("CHN>IND", "USA>RUS"):
        ends = [one.series("trust", subject)[1][:, -1].var(ddof=1) for one in (both, chance)]
        share, _, high = shares[f"trust:{subject}"]
        assert 1 - ends[1] / ends[0] == pytest.approx(share, abs=0.25), (share, high)
    assert chance.manifest["uncertainty"]["shares"] == {}


def test_a_comparison_says_the_share_of_the_parameters(tmp_path):
    options = {"replicates": 60, "end": "2018-12", "results": tmp_path}
    one, other = (run(name, changes=NEW, **options) for name in ("sco_expansion", "no_expansion"))
    c = compare(one, other)
    share = parameters_share(c, c.of("cooperation", "eight"))
    assert 0 <= share.low <= share.share <= share.high <= 1
    assert table_behind(one.manifest) is not None
    changed = dict(one.manifest, uncertainty=one.manifest["uncertainty"] | {"digest": "0" * 64})
    assert table_behind(changed) is None
