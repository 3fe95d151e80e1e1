"""The engine: one month in the order of the schedule, and what the recorder reads off the worlds as they pass."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest

from sim import engine, measures
from sim.scenario import read
from sim.start.world import begin
from sim.world import DEFENCE, World

STEPS = 14


@pytest.fixture(scope="module")
def story():
    """Fourteen months around a shock and a clamp of trust, and an event of each kind that lasts."""
    changes = {
        "start": "2015-01",
        "end": "2016-02",
        "scenario.events.blow": {
            "type": "shock",
            "variable": "trust",
            "parties": ["CHN", "RUS"],
            "add": -0.2,
            "on": "2015-03",
            "basis": "A",
        },
        "scenario.events.hold": {
            "type": "clamp",
            "variable": "trust",
            "parties": ["IND", "PAK"],
            "value": 0.2,
            "on": "2015-04",
            "until": "2015-07",
            "basis": "A",
        },
        "scenario.events.chance": {"type": "join", "organisation": "SCO", "states": ["IND"], "hazard": 0.05, "basis": "A"},
    }
    return read("baseline", changes=changes)


@pytest.fixture(scope="module")
def run(story):
    """The worlds at all bounds, the bookings, and the recording of six replicates."""
    world, rules, _ = begin(story, range(6))
    recorder = engine.Recorder(world, rules, story.start, story.steps, "all")
    passed, booked = [world], []
    for month in range(story.start, story.end):
        world, moved = engine.step(world, rules, month)
        recorder.take(world, moved)
        passed.append(world)
        booked.append(moved)
    return SimpleNamespace(worlds=passed, booked=booked, rules=rules, kept=recorder.recording)


def test_a_step_does_not_touch_the_world_it_is_given(story):
    world, rules, _ = begin(story, range(3))
    frozen = {name: array.copy() for name, array in world.arrays.items()}
    for array in frozen.values():
        array.flags.writeable = False
    after, _ = engine.step(World(world.names, frozen), rules, story.start)
    expected, _ = engine.step(world, rules, story.start)
    for name, array in expected.arrays.items():
        assert np.array_equal(array, after.arrays[name]), name


def test_a_step_can_be_taken_again(story):
    world, rules, _ = begin(story, range(3))
    one, _ = engine.step(world, rules, story.start)
    engine.step(one, rules, story.start + 1)
    two, _ = engine.step(world, rules, story.start)
    assert all(np.array_equal(array, two.arrays[name]) for name, array in one.arrays.items())


def stub(seen, name, **writes):
    """A mechanism that notes when it ran and what trust it saw, and adds to it."""

    def update(world, p, draws):
        seen.append((name, float(world.trust[0, 0, 1]), draws.month))
        return {key: getattr(world, key) + value for key, value in writes.items()}

    return SimpleNamespace(READS=("trust",), WRITES=tuple(writes), update=update)


def test_mechanisms_run_in_the_schedule_s_order_each_seeing_what_the_last_one_wrote(story):
    world, rules, _ = begin(story, range(2))
    seen, first = [], float(world.trust[0, 0, 1])
    schedule = (("trust", stub(seen, "a", trust=0.1)), ("decision", stub(seen, "b")), ("ties", stub(seen, "c", trust=0.2)))
    rules = dataclasses.replace(rules, schedule=schedule)

    def decide(now, parameters):
        assert parameters is rules.parameters["decision"]
        seen.append(("decide", float(now.trust[0, 0, 1]), None))
        return now

    engine.step(world, rules, story.start, decide)
    assert [name for name, _, _ in seen] == ["a", "b", "decide", "c"]
    assert [trust for _, trust, _ in seen] == pytest.approx([first, first + 0.1, first + 0.1, first + 0.1])
    assert {month for _, _, month in seen} == {story.start, None}


def test_a_schedule_without_a_mechanism_leaves_its_arrays_alone(story):
    world, rules, _ = begin(dataclasses.replace(story, schedule=("trust", "record")), range(2))
    after, _ = engine.step(world, rules, story.start)
    for name in ("tie", "bloc", "affinity", "strength", "action"):
        assert getattr(after, name) is getattr(world, name)
    assert not np.array_equal(after.trust, world.trust)


# -- the recorder ----------------------------------------------------------------------------------------------------


def test_times_are_the_starts_of_the_months_and_one_more(run):
    assert run.kept.times[0] == "2015-01" and run.kept.times[-1] == "2016-03" and len(run.kept.times) == STEPS + 1


def test_series_hold_every_measure_at_its_months_and_at_the_end(run):
    assert list(run.kept.series) == measures.names()
    for name, series in run.kept.series.items():
        every = measures.all_measures()[name][0].every
        assert series.steps.tolist() == sorted({*range(0, STEPS + 1, every), STEPS})
        assert series.subjects == measures.subjects(name, run.rules.frame)
        for k, step in enumerate(series.steps):
            found = measures.all_measures()[name][1].read(run.worlds[step], run.rules.frame)[name]
            assert np.array_equal(series.values[:, k], np.broadcast_to(found, series.values[:, k].shape)), name


def test_states_and_dyads_are_those_of_the_worlds(run):
    for t, world in enumerate(run.worlds):
        assert np.array_equal(run.kept.states["affinity"][:, t], world.affinity.astype(np.float32))
        assert np.array_equal(run.kept.states["pacts"][:, t], (world.tie == DEFENCE).sum(-1))
        for name in engine.DYAD_VARIABLES:
            assert np.array_equal(run.kept.dyads[name][:, t], getattr(world, name)), name
        assert run.kept.trust[t] / 6 == pytest.approx(world.trust.mean(0), abs=1e-14)


def test_the_ledger_accounts_for_every_month_and_dyad_of_every_replicate(run):
    change = np.stack([b.trust - a.trust for a, b in zip(run.worlds, run.worlds[1:])], axis=1)
    assert run.kept.ledger_by_replicate.sum(axis=1) == pytest.approx(change, abs=1e-12)
    assert run.kept.ledger.total.sum(axis=0) == pytest.approx(change.sum(axis=0), abs=1e-12)
    assert run.kept.ledger.mean(6) == pytest.approx(run.kept.ledger_by_replicate.mean(axis=0), abs=1e-14)


def test_events_that_move_trust_have_accounts_of_their_own_in_the_months_they_act(run):
    names = run.kept.ledger.accounts
    assert names[:9] == list(run.worlds[0].names.accounts) and {"blow", "hold"} <= set(names)
    moving = {key: np.flatnonzero(np.abs(run.kept.ledger.total[names.index(key)]).sum((1, 2))) for key in ("blow", "hold")}
    assert moving["blow"].tolist() == [2]
    assert moving["hold"].tolist() == [3, 4, 5]
    i, j = (run.worlds[0].names.state(code) for code in ("CHN", "RUS"))
    assert run.kept.ledger.total[names.index("blow"), 2, i, j] == pytest.approx(6 * -0.2)


def test_rising_counts_the_replicates_whose_trust_rose(run):
    assert np.array_equal(run.kept.rising, (run.worlds[-1].trust > run.worlds[0].trust).sum(0))
    assert run.kept.rising.sum() > 0


def test_started_remembers_the_month_of_each_event(run):
    started = dict(zip(run.rules.frame.names.events, run.kept.started.T))
    assert (started["blow"] == 12 * 2015 + 2).all()
    assert set(started["chance"]) <= {-1, *range(12 * 2015, 12 * 2015 + STEPS)}
    assert np.unique(started["chance"]).size > 1


@pytest.mark.parametrize(("save", "dyads", "ledger"), [("measures", False, False), ("dyads", True, False)])
def test_only_what_is_asked_for_is_kept(story, save, dyads, ledger):
    world, rules, _ = begin(story, range(2))
    kept = engine.Recorder(world, rules, story.start, 2, save).recording
    assert bool(kept.dyads) is dyads and (kept.ledger_by_replicate is not None) is ledger
