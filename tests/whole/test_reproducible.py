"""Common random numbers from end to end: the same bits whatever the company, the workers, the way there."""

from __future__ import annotations

import dataclasses
import pickle
from types import ModuleType

import numpy as np
import pytest

from sim import WorldModel, engine, mechanisms
from sim.calendar import parse_month
from sim.processes.chunks import chunks
from sim.processes.memory import Limits
from sim.scenario import read
from sim.simulation.ensemble import simulate
from sim.start.world import begin, settled_once
from tests.whole.runs import differences

UNCERTAIN = {
    "parameters.trust.gain": {"uniform": [0.004, 0.008]},
    "parameters.decision.reward": {"triangular": [0.8, 0.9, 1.0]},
    "parameters.crisis.rival": {"lognormal": [0.0158, 0.2]},
    "parameters.threat.half_strength": {"uniform": [2000, 4000]},
    "parameters.institutions.dilution": {"choice": [0, 4]},
    "parameters.insurgency.growth": {"normal": [0.1, 0.01]},
    "parameters.anchor.pact": {"uniform": [0.4, 0.5]},
    "parameters.ties.trust": {"uniform": [1.5, 2.5]},
    "parameters.blocs.temperature": {"beta": [2, 2, 0.01, 0.03]},
    "parameters.affinity.stubbornness": {"uniform": [0.6, 0.8]},
    "scenario.states.CHN.capability": {"uniform": [0.2, 0.25]},
    "scenario.states.IND.affinity": {"uniform": [-1, 0]},
    "scenario.organisations.SCO.depth": {"uniform": [0.1, 0.5]},
    "scenario.events.uri.severity": {"uniform": [0.5, 1.5]},
    "scenario.events.foreign_effort.effort": {"USA": {"uniform": [0.6, 1.0]}, "GBR": 0.1},
}


def short(changes=None, end="2015-12", name="sco_expansion"):
    return read(name, changes={**(changes or {}), "end": end})


def test_twenty_replicates_are_the_first_of_sixty(expansion):
    twenty = simulate(expansion.scenario, replicates=20, workers=1)
    assert differences(expansion, twenty, slice(20)) == []
    for key, months in expansion.fired.items():
        assert np.array_equal(months[:20], twenty.fired[key])


def test_the_number_of_workers_changes_no_bit():
    """Chunks of five, so that there is work for two; the sums over replicates come out the same as well."""
    limits = Limits(chunk=7 * 21 * 21)
    scenario = short(end="2017-12")
    assert len(chunks(20, 21, limits)) == 4
    one, two = (simulate(scenario, replicates=20, workers=k, limits=limits) for k in (1, 2))
    assert differences(one, two) == []
    assert np.array_equal(one.ledger.mean, two.ledger.mean) and np.array_equal(one.trust, two.trust)
    assert np.array_equal(one.rising, two.rising)


@pytest.mark.parametrize("changes", [{}, UNCERTAIN], ids=["certain", "uncertain"])
@pytest.mark.parametrize("size", [1, 4])
def test_the_size_of_a_chunk_changes_no_bit(size, changes):
    """Four leaves a last chunk of one."""
    scenario = short(changes)
    whole = simulate(scenario, replicates=5, workers=1)
    cut = simulate(scenario, replicates=5, workers=1, limits=Limits(chunk=size * 21 * 21))
    assert differences(whole, cut) == []


def test_the_expectation_of_the_starting_world_is_the_same_however_it_is_shared():
    limits = Limits(chunk=50 * 21 * 21, alone=0)
    certain = short({"scenario.uncertainty": "chance"})
    (one, _), (two, _) = (settled_once(certain, workers=k, limits=limits) for k in (1, 2))
    assert all(np.array_equal(one.arrays[name], two.arrays[name]) for name in one.arrays)
    assert one.expected_terms.any()


@pytest.mark.parametrize("save", ["dyads", "all"])
def test_what_is_kept_of_dyads_is_the_same_from_one_process_and_two(save):
    limits = Limits(chunk=2 * 21 * 21, in_memory=0)
    one, two = (simulate(short(end="2015-04"), replicates=5, workers=k, save=save, limits=limits) for k in (1, 2))
    assert all(np.array_equal(one.dyads[name], two.dyads[name]) for name in one.dyads)
    assert one.dyads["trust"][:, -1].any()
    if save == "all":
        assert np.array_equal(one.ledger_by_replicate, two.ledger_by_replicate) and one.ledger_by_replicate[4].any()


def test_chunks_cover_every_replicate_once():
    for replicates, states in ((1, 21), (200, 21), (203, 60), (7, 400)):
        parts = chunks(replicates, states)
        assert [r for part in parts for r in part] == list(range(replicates))


def test_a_scenario_compared_with_itself_differs_by_exactly_nothing(to_2018):
    _, run = to_2018
    again = simulate(read("sco_expansion", changes={"end": "2018-12"}), replicates=6, workers=1, save="all")
    assert differences(run, again) == []
    assert np.array_equal(run.ledger_by_replicate, again.ledger_by_replicate)
    assert all(np.array_equal(run.dyads[name], again.dyads[name]) for name in run.dyads)


def test_another_seed_is_another_story(to_2018):
    scenario, run = to_2018
    other = simulate(scenario, replicates=6, workers=1, seed=2)
    assert {"cooperation", "trust", "alignment", "strength", "affinity"} <= set(differences(run, other))


def test_with_and_without_the_expansion_are_the_same_to_the_bit_until_june_2017(expansion):
    """The state at the start of June 2017 is the last that knows nothing of the accession; afterwards they part."""
    without = simulate(read("no_expansion"), replicates=60, workers=1)
    june = expansion.times.index("2017-06")
    assert differences(expansion, without, until=june) == []
    assert np.array_equal(expansion.ledger.mean[:, :june], without.ledger.mean[:, :june])
    assert np.array_equal(expansion.trust[: june + 1], without.trust[: june + 1])
    assert {"cohesion", "cooperation"} <= set(differences(expansion, without, until=june + 1))
    assert {"cooperation", "trust", "alignment", "cohesion"} <= set(differences(expansion, without))


def test_without_mongolia_everyone_else_draws_the_same():
    """The raw draws of a month, by the codes of those who are left."""
    draws = []
    for changes in ({}, {"~scenario.states.MNG": None}):
        world, rules, _ = begin(short(changes), range(5))
        draws.append((world.names.states, rules.draws.at(parse_month("2017-06"))))
    (all_states, one), (fewer, two) = draws
    assert set(all_states) - set(fewer) == {"MNG"}
    keep = [all_states.index(code) for code in fewer]
    for stream, axes in (("decision", ("state", "other")), ("crisis", ("pair",)), ("trust", ("state", "other"))):
        with_all = one.uniform(stream, *axes)[:, keep][:, :, keep]
        assert np.array_equal(with_all, two.uniform(stream, *axes))
    assert np.array_equal(one.normal("affinity", "state")[:, keep], two.normal("affinity", "state"))
    assert np.array_equal(one.normal("insurgency", "actor", "state")[:, :, keep], two.normal("insurgency", "actor", "state"))


def test_the_order_of_a_world_s_rows_changes_nothing(to_2018):
    scenario, _ = to_2018
    rng = np.random.default_rng(0)
    tables = scenario.tables

    def shuffled(rows):
        return [rows[k] for k in rng.permutation(len(rows))]

    parts = {field.name: shuffled(getattr(tables, field.name)) for field in dataclasses.fields(tables)}
    other = dataclasses.replace(scenario, tables=dataclasses.replace(tables, **parts))
    one, two = (simulate(s, replicates=3, workers=1) for s in (scenario, other))
    assert differences(one, two) == []


def test_a_mechanism_that_only_draws_disturbs_nobody(monkeypatch):
    """Property 2 in a whole run: one more mechanism in the schedule, with draws of its own."""
    monkeypatch.setattr(mechanisms, "_registered", {})
    idle = ModuleType("idle")
    idle.READS = idle.WRITES = ()
    idle.Parameters = mechanisms.get("record").Parameters

    def update(world, p, draws):
        draws.uniform("idle", "state", "other")
        list(draws.turns("idle", 0.5))
        return {}

    idle.update = update
    mechanisms.register("idle", idle)
    scenario = short()
    more = dataclasses.replace(scenario, schedule=("idle", *scenario.schedule[:4], "idle", *scenario.schedule[4:]))
    assert differences(*(simulate(s, replicates=3, workers=1, engine="numpy") for s in (scenario, more))) == []


# -- the ways to run it ----------------------------------------------------------------------------------------------


def same_world(one, two):
    return [k for k, a in one.arrays.items() if not np.array_equal(*np.broadcast_arrays(a, two.arrays[k]))]


def test_a_plain_loop_over_steps_is_the_model():
    scenario = short(end="2017-08")
    model = WorldModel(scenario, replicates=3)
    world, rules, _ = begin(scenario, range(3))
    for month in range(scenario.start, scenario.end):
        world, _ = engine.step(world, rules, month)
        model.step()
        assert same_world(world, model.world) == []


def test_a_run_broken_off_and_carried_on_from_its_world_is_the_run():
    """From a model's world after k months, as it is and after a pickle; k falls within an agreement and a memory."""
    scenario = short(end="2018-10")
    model = WorldModel(scenario, replicates=3)
    world = None
    while model.running:
        if model.month == parse_month("2017-09"):
            world, carried = pickle.loads(pickle.dumps(model.world)), model.world
        model.step()
    _, rules, _ = begin(scenario, range(3))
    for start in (world, carried):
        for month in range(parse_month("2017-09"), scenario.end):
            start, _ = engine.step(start, rules, month)
        assert same_world(start, model.world) == []


def test_a_later_end_changes_nothing_before_it(expansion, to_2018):
    _, run = to_2018
    last = len(run.times) - 1
    for name in ("cooperation", "trust", "alignment", "strength"):
        assert np.array_equal(run.series[name].values, expansion.series[name].values[:6, : last + 1]), name


# -- uncertain numbers -----------------------------------------------------------------------------------------------


def test_uncertain_numbers_of_every_kind_run_end_to_end():
    """Parameters of every mechanism, states, organisations and events; finite, and the first replicates stay the same."""
    scenario = short(UNCERTAIN, end="2017-12")
    six = simulate(scenario, replicates=6, workers=1)
    assert all(np.isfinite(series.values).all() for series in six.series.values())
    assert np.unique(six.states["capability"][:, 0, 2]).size == 6
    assert differences(six, simulate(scenario, replicates=3, workers=1), slice(3)) == []


@pytest.mark.parametrize("number", UNCERTAIN)
def test_one_uncertain_number_gives_a_lone_replicate_what_it_has_in_company(number):
    scenario = short({number: UNCERTAIN[number]}, end="2016-12" if "events" in number else "2015-06")
    world, rules, _ = begin(scenario, range(3))
    lone, own, _ = begin(scenario, [2])
    for month in range(scenario.start, scenario.end):
        world, _ = engine.step(world, rules, month)
        lone, _ = engine.step(lone, own, month)
    different = [k for k, a in world.arrays.items() if not np.array_equal(a[-1], lone.arrays[k][-1])]
    assert different == []


def test_a_distribution_that_is_nearly_a_point_is_nearly_the_number(to_2018):
    """Uncertain growth of .1 give or take 1e-9 moves strengths by no more than that allows; discrete choices stay."""
    scenario = short()
    point = short({"parameters.insurgency.growth": {"uniform": [0.1 - 1e-9, 0.1 + 1e-9]}})
    one, two = (simulate(s, replicates=4, workers=1) for s in (scenario, point))
    assert two.series["strength"].values == pytest.approx(one.series["strength"].values, rel=1e-6)
    assert differences(one, two) and np.array_equal(one.series["bloc"].values, two.series["bloc"].values)
