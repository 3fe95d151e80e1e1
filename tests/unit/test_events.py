"""Events do what they say: each type on a real starting world, the month it happens, while it lasts and after."""

from __future__ import annotations

import numpy as np
import pytest

from sim import engine
from sim.calendar import parse_month
from sim.events import event, types
from sim.mechanisms.trust import LIMIT
from sim.scenario import read
from sim.start.world import begin
from sim.world import CONSULTATION, COOPERATE, DEFENCE, NO_TIE
from tests.contract import worlds

START = parse_month("2015-01")
QUIET = {f"~scenario.events.{key}": None for key in read("baseline").events}


def start(replicates=4, dtype="float64", keep=(), changes=None, **happenings):
    """The baseline's world with these events and no others (but ``keep``): world, rules."""
    quiet = {key: value for key, value in QUIET.items() if key.rsplit(".", 1)[1] not in keep}
    new = {f"scenario.events.{key}": {"basis": "A", **spec} for key, spec in happenings.items()}
    new["scenario.uncertainty"] = "chance"
    numbers = range(replicates) if isinstance(replicates, int) else replicates
    world, rules, _ = begin(read("baseline", changes={**quiet, **new, **(changes or {})}), numbers, dtype=dtype)
    return world, rules


def month(world, rules, k=0):
    """What events alone do in the k-th month: world, parameters, booked trust."""
    world = event.begin(world, rules.events, START + k, rules.frame, rules.draws.at(START + k))
    return event.apply(world, rules.events, START + k, rules.parameters)


def steps(world, rules, count, first=0):
    """Whole months of the model: the worlds after each, and what was booked."""
    found = []
    for k in range(first, first + count):
        world, booked = engine.step(world, rules, START + k)
        found.append((world, booked))
    return found


def at(world, a, b=None):
    i = world.names.state(a)
    return (slice(None), i) if b is None else (slice(None), i, world.names.state(b))


def changed(before, after):
    """Names of the arrays whose values differ."""
    return {k for k in before.arrays if not np.array_equal(*np.broadcast_arrays(before.arrays[k], after.arrays[k]))}


def dyads(world, *pairs):
    """A mask of the dyads, both directions."""
    mask = np.zeros((len(world.names.states),) * 2, bool)
    for a, b in pairs:
        i, j = world.names.state(a), world.names.state(b)
        mask[i, j] = mask[j, i] = True
    return mask


NOW = {"on": "2015-01-15"}
MEMORY = {"event_start", "event_held"}


def test_a_quiet_month_changes_nothing():
    world, rules = start()
    after, parameters, booked = month(world, rules)
    assert after.arrays == world.arrays and parameters is rules.parameters and booked == {}


def test_join_and_leave_change_membership_and_nothing_else():
    world, rules = start(
        join={"type": "join", "organisation": "SCO", "states": ["IND", "PAK"], **NOW},
        leave={"type": "leave", "organisation": "SCO", "states": ["UZB"], "on": "2015-03"},
    )
    sco = world.names.organisations.index("SCO")
    before = world.membership[0, :, sco]
    after, _, _ = month(world, rules)
    assert changed(world, after) == MEMORY & {"event_start"} | {"membership"}
    gained = np.flatnonzero(after.membership[0, :, sco] != before)
    assert [world.names.states[k] for k in gained] == ["IND", "PAK"]
    assert np.array_equal(np.delete(after.membership, sco, -1), np.delete(world.membership, sco, -1))
    later, _, _ = month(month(after, rules, 1)[0], rules, 2)
    assert (later.membership[(*at(world, "UZB"), sco)] == 0).all()
    assert (later.membership[..., sco].sum(-1) == before.sum() + 1).all()


def test_an_agreement_holds_from_its_month_until_the_first_no_longer_in_force_and_agreements_add_up_to_one():
    world, rules = start(
        one={"type": "agreement", "parties": ["CHN", "RUS"], "depth": 0.5, "on": "2015-02", "until": "2015-05"},
        two={"type": "agreement", "parties": ["CHN", "RUS", "KAZ"], "depth": 0.3, "on": "2015-03"},
        three={"type": "agreement", "parties": ["CHN", "RUS"], "depth": 0.4, "on": "2015-04"},
    )
    depths, third = [], []
    for k in range(6):
        world, _, _ = month(world, rules, k)
        assert np.array_equal(world.agreement, world.agreement.swapaxes(-1, -2))
        assert not np.diagonal(world.agreement, axis1=1, axis2=2).any()
        depths.append(float(world.agreement[at(world, "RUS", "CHN")].min()))
        third.append(float(world.agreement[at(world, "KAZ", "CHN")].max()))
    assert depths == pytest.approx([0, 0.5, 0.8, 1.0, 0.7, 0.7])
    assert third == pytest.approx([0, 0, 0.3, 0.3, 0.3, 0.3])


def test_an_exercise_of_an_organisation_takes_its_members_of_that_month_for_one_month():
    world, rules = start(
        drill={"type": "exercise", "organisation": "SCO", "size": 2, "on": "2015-02"},
        join={"type": "join", "organisation": "SCO", "states": ["IND"], "on": "2015-02"},
        other={"type": "exercise", "parties": ["USA", "JPN"], "size": 1, "on": "2015-02"},
    )
    sizes = []
    for k in range(3):
        world, _, _ = month(world, rules, k)
        sizes.append(
            [float(world.exercise[at(world, a, b)].max()) for a, b in (("IND", "UZB"), ("USA", "JPN"), ("PAK", "CHN"))]
        )
    assert sizes == [[0, 0, 0], [2, 1, 0], [0, 0, 0]]


def test_an_exercise_books_its_size_times_the_gain_times_the_room_left():
    world, rules = start(drill={"type": "exercise", "parties": ["CHN", "RUS"], "size": 2, **NOW})
    after, _ = steps(world, rules, 1)[0][0], None
    account = world.names.accounts.index("exercise")
    booked, gain = after.trust_terms[:, account], rules.parameters["trust"].gain
    here = dyads(world, ("CHN", "RUS"))
    assert booked[:, here] == pytest.approx(2 * gain * (1 - world.trust[:, here]), abs=1e-15)
    assert not booked[:, ~here].any()


def test_an_imposed_crisis_happens_with_its_severity_for_its_months_and_the_gravest_counts():
    world, rules = start(
        grave={"type": "crisis", "parties": ["IND", "PAK"], "severity": 2, "on": "2015-02", "months": 2},
        slight={"type": "crisis", "parties": ["IND", "PAK", "CHN"], "severity": 0.5, "on": "2015-02"},
    )
    found = steps(world, rules, 4)
    severity = [[float(w.imposed_crisis[at(w, a, b)].max()) for a, b in (("IND", "PAK"), ("CHN", "PAK"))] for w, _ in found]
    assert severity == [[0, 0], [2, 0.5], [2, 0], [0, 0]]
    hot = dyads(world, ("IND", "PAK"), ("IND", "CHN"), ("PAK", "CHN"))
    assert (found[1][0].crisis[:, hot] == 1).all()
    # what the trust equation takes for it, beyond the expectation of the starting world
    account, before, after = world.names.accounts.index("crisis"), found[0][0], found[1][0]
    a_c, i_p = rules.parameters["trust"].crisis, at(world, "IND", "PAK")
    expected = -a_c * 2 * (1 + before.trust[i_p]) - world.expected_terms[:, account][(0, *i_p[1:])]
    assert after.trust_terms[:, account][i_p] == pytest.approx(expected, abs=1e-15)


def test_a_shock_to_trust_moves_trust_books_it_and_leaves_its_lasting_share_in_the_anchor():
    spec = {"type": "shock", "variable": "trust", "from": ["RUS"], "to": ["USA", "GBR"], "add": -0.2, "lasting": 0.25, **NOW}
    world, rules = start(blow=spec)
    after, _, booked = month(world, rules)
    here = np.zeros_like(dyads(world))
    here[world.names.state("RUS"), [world.names.state("GBR"), world.names.state("USA")]] = True
    assert changed(world, after) == {"trust", "anchor", "anchor_base", "event_start"}
    assert after.trust - world.trust == pytest.approx(-0.2 * np.broadcast_to(here, world.trust.shape), abs=1e-15)
    for name in ("anchor", "anchor_base"):
        moved = getattr(after, name) - getattr(world, name)
        assert moved == pytest.approx(-0.05 * np.broadcast_to(here, moved.shape), abs=1e-15)
    assert list(booked) == ["blow"] and np.array_equal(booked["blow"], after.trust - world.trust)


def test_a_shock_without_a_lasting_share_leaves_the_anchor_and_happens_once():
    world, rules = start(blow={"type": "shock", "variable": "trust", "parties": ["IND", "PAK"], "add": 0.1, **NOW})
    after, _, _ = month(world, rules)
    assert changed(world, after) == {"trust", "event_start"}
    again, _, booked = month(after, rules, 1)
    assert again.trust is after.trust and booked == {}


def test_shocks_stop_at_the_bounds():
    world, rules = start(
        love={"type": "shock", "variable": "trust", "parties": ["CHN", "RUS"], "add": 2, **NOW},
        hate={"type": "shock", "variable": "trust", "parties": ["IND", "PAK"], "add": -2, **NOW},
        calm={"type": "shock", "variable": "conflict", "parties": ["CHN", "RUS"], "add": -1, **NOW},
        heat={"type": "shock", "variable": "conflict", "parties": ["IND", "PAK"], "add": 1, **NOW},
        rout={"type": "shock", "variable": "strength", "actor": "ISK", "add": -1e6, **NOW},
    )
    after, _, _ = month(world, rules)
    assert (after.trust[at(world, "CHN", "RUS")] == LIMIT).all() and (after.trust[at(world, "PAK", "IND")] == -LIMIT).all()
    assert (after.conflict[at(world, "CHN", "RUS")] == 0).all() and (after.conflict[at(world, "PAK", "IND")] == 1).all()
    assert (after.strength == 0).all()


def test_shocks_to_numbers_of_states_and_actors():
    world, rules = start(
        drift={"type": "shock", "variable": "affinity", "states": ["IND", "TUR"], "add": 0.5, **NOW},
        rise={"type": "shock", "variable": "capability", "states": ["IND"], "add": 0.02, **NOW},
        influx={"type": "shock", "variable": "strength", "actor": "ISK", "add": 1800, **NOW},
    )
    after, _, _ = month(world, rules)
    assert changed(world, after) == {"affinity", "capability", "strength", "event_start"}
    moved = after.affinity - world.affinity
    assert moved[at(world, "IND")] == pytest.approx(0.5) and moved[at(world, "TUR")] == pytest.approx(0.5)
    assert np.count_nonzero(moved[0]) == 2
    assert (after.capability - world.capability)[at(world, "IND")] == pytest.approx(0.02)
    gained = (after.strength - world.strength)[:, 0]
    assert gained[at(world, "AFG")] == pytest.approx(1800) and np.count_nonzero(gained[0]) == 1


def test_a_rivalry_that_begins_and_ends_restores_the_world():
    world, rules = start(
        feud={"type": "rivalry", "change": "begin", "parties": ["KAZ", "MNG"], **NOW},
        peace={"type": "rivalry", "change": "end", "parties": ["KAZ", "MNG"], "on": "2015-02"},
    )
    p, here = rules.parameters, dyads(world, ("KAZ", "MNG"))
    during, _, _ = month(world, rules)
    assert changed(world, during) == {"rivalry", "conflict", "anchor", "anchor_base", "event_start"}
    assert (during.rivalry[:, here] == 1).all() and np.array_equal(
        during.rivalry[:, ~here], np.repeat(world.rivalry, len(during.rivalry) // len(world.rivalry), 0)[:, ~here]
    )
    assert during.conflict[:, here] == pytest.approx(world.conflict[:, here] + p["decision"].conflict_rivalry)
    assert during.anchor[:, here] == pytest.approx(world.anchor[:, here] - p["anchor"].rivalry)
    after, _, _ = month(during, rules, 1)
    for name in ("rivalry", "conflict", "anchor", "anchor_base"):
        assert getattr(after, name) == pytest.approx(
            np.broadcast_to(getattr(world, name), getattr(after, name).shape), abs=1e-15
        )


@pytest.mark.parametrize("of_rules", ["0.1", "0.2"])
def test_the_end_of_an_old_rivalry_gives_back_what_the_rule_took(of_rules):
    world, rules = start(
        changes={"scenario.rules": of_rules},
        peace={"type": "rivalry", "change": "end", "between": [["KAZ"], ["UZB"]], **NOW},
    )
    pair = at(world, "KAZ", "UZB")
    assert (world.rivalry[pair] == 1).all()
    after, _, _ = month(world, rules)
    assert (after.rivalry[pair] == 0).all()
    assert after.anchor[pair] == pytest.approx(world.anchor[pair] + rules.parameters["anchor"].rivalry)
    assert after.conflict[pair] == pytest.approx(world.conflict[pair] - rules.parameters["decision"].conflict_rivalry)


SETS = {
    "capability": ({"states": ["IND"]}, 0.2, "capability", lambda w: at(w, "IND")),
    "affinity": ({"states": ["IND"]}, -1.5, "affinity", lambda w: at(w, "IND")),
    "depth": ({"organisation": "SCO"}, 0.9, "depth", lambda w: (slice(None), w.names.organisations.index("SCO"))),
    "effort": ({"actor": "ISK"}, 2.0, "effort", lambda w: (slice(None), 0)),
    "conflict": ({"between": [["IND"], ["CHN"]]}, 0.3, "conflict", lambda w: at(w, "CHN", "IND")),
    "strength": ({"actor": "ISK"}, 123.0, "strength", lambda w: (slice(None), 0, w.names.state("AFG"))),
    "anchor": ({"from": ["RUS"], "to": ["USA"]}, 0.25, "anchor", lambda w: at(w, "RUS", "USA")),
}


@pytest.mark.parametrize("variable", SETS)
def test_set_gives_a_variable_its_value(variable):
    target, value, array, where = SETS[variable]
    world, rules = start(put={"type": "set", "variable": variable, "value": value, **target, **NOW})
    after, _, _ = month(world, rules)
    assert not np.any(getattr(world, array)[where(world)] == value)
    assert getattr(after, array)[where(world)] == pytest.approx(value, abs=1e-15)
    others = np.ones(getattr(after, array).shape, bool)
    others[where(world)] = False
    if variable == "conflict":
        others[at(world, "IND", "CHN")] = False
    assert np.array_equal(getattr(after, array)[others], np.broadcast_to(getattr(world, array), others.shape)[others])


def test_an_anchor_that_is_set_stays_there_while_nothing_else_moves_it():
    world, rules = start(
        put={"type": "set", "variable": "anchor", "value": 0.25, "from": ["RUS"], "to": ["USA"], **NOW},
        changes={"parameters.affinity.noise": 0, "parameters.affinity.rate": 0, "parameters.ties.mode": "off"},
    )
    for after, _ in steps(world, rules, 3):
        assert after.anchor[at(world, "RUS", "USA")] == pytest.approx(0.25, abs=1e-12)


def test_an_anchor_at_its_bound_that_is_set_stays_where_it_was_put():
    """Pacts and votes may add up to more than 1, which the bound cuts off; setting the anchor starts from the cut."""
    world, rules = start(
        put={"type": "set", "variable": "anchor", "value": 0.25, "from": ["RUS"], "to": ["KAZ"], **NOW},
        changes={
            "scenario.rules": "0.1",
            "parameters.anchor.pact": 1.8,
            "parameters.affinity.noise": 0,
            "parameters.affinity.rate": 0,
            "parameters.ties.mode": "off",
        },
    )
    assert (world.anchor[at(world, "RUS", "KAZ")] == 1).all()
    after = steps(world, rules, 1)[0][0]
    assert after.anchor[at(world, "RUS", "KAZ")] == pytest.approx(0.25, abs=1e-12)


def test_a_set_parameter_holds_until_its_end():
    world, rules = start(
        faster={"type": "set", "parameter": "insurgency.growth", "value": 0.2, "on": "2015-02", "until": "2015-04"}
    )
    values = []
    for k in range(5):
        world, parameters, _ = month(world, rules, k)
        values.append(parameters["insurgency"].growth)
    default = rules.parameters["insurgency"].growth
    assert values == [default, 0.2, 0.2, default, default]


def test_a_parameter_set_by_chance_holds_only_where_it_has_happened():
    world, rules = start(
        replicates=40,
        faster={"type": "set", "parameter": "insurgency.growth", "value": 0.2, "hazard": 0.5, "until": "2015-05"},
    )
    for k in range(3):
        world, parameters, _ = month(world, rules, k)
        began = world.event_start[:, 0] >= 0
        values = np.broadcast_to(parameters["insurgency"].growth, (40, 1, 1))[:, 0, 0]
        assert np.array_equal(values, np.where(began, 0.2, rules.parameters["insurgency"].growth))
        assert began.sum() > 0
    assert month(world, rules, 4)[1] is rules.parameters


@pytest.mark.parametrize(("parameter", "value"), [("ties.mode", "off"), ("blocs.third_way", False)])
def test_a_mode_set_by_chance_is_refused_or_runs(parameter, value):
    """Replicates cannot be in different modes at once: either the scenario says so, or a month passes."""
    from sim.scenario import ScenarioError

    try:
        world, rules = start(replicates=40, switch={"type": "set", "parameter": parameter, "value": value, "hazard": 0.5})
    except ScenarioError as refusal:
        assert parameter.split(".")[1] in str(refusal)
    else:
        steps(world, rules, 2)


def test_the_latest_intervention_counts_a_coalition_adds_up_and_the_earlier_one_comes_back():
    world, rules = start(
        first={"type": "intervention", "actor": "ISK", "effort": {"USA": 0.8, "GBR": 0.1}, "on": "2015-02"},
        surge={"type": "intervention", "actor": "ISK", "effort": 1.5, "on": "2015-03", "until": "2015-05"},
        exit={"type": "intervention", "actor": "ISK", "effort": 0, "on": "2015-06", "until": "2015-07"},
    )
    efforts, at_start = [], float(world.effort_start[0, 0])
    for k in range(7):
        world, _, _ = month(world, rules, k)
        assert np.ptp(world.effort) == 0
        efforts.append(float(world.effort[0, 0]))
    assert efforts == pytest.approx([at_start, 0.9, 1.5, 1.5, 0.9, 0, 0.9])


def test_without_an_intervention_under_way_the_start_s_effort_returns():
    world, rules = start(raid={"type": "intervention", "actor": "ISK", "effort": 3, "on": "2015-01", "until": "2015-02"})
    during, _, _ = month(world, rules)
    after, _, _ = month(during, rules, 1)
    assert (during.effort == 3).all() and np.array_equal(after.effort, np.repeat(world.effort_start, 4, 0))


@pytest.mark.parametrize(("level", "number"), [("none", NO_TIE), ("consultation", CONSULTATION), ("defence", DEFENCE)])
def test_a_tie_is_made_or_dropped_both_ways(level, number):
    world, rules = start(bond={"type": "tie", "level": level, "between": [["RUS"], ["KAZ", "USA"]], **NOW})
    after, _, _ = month(world, rules)
    here = dyads(world, ("RUS", "KAZ"), ("RUS", "USA"))
    assert (after.tie[:, here] == number).all() and np.array_equal(after.tie[:, ~here], world.tie[:, ~here])
    assert changed(world, after) <= {"tie", "event_start"}


CLAMPS = {
    "trust": ({"parties": ["IND", "PAK"], "value": 0.4}, lambda w: w.trust[:, dyads(w, ("IND", "PAK"))], 0.4),
    "conflict": ({"parties": ["IND", "PAK"], "value": 0.1}, lambda w: w.conflict[:, dyads(w, ("IND", "PAK"))], 0.1),
    "tie": ({"parties": ["IND", "PAK"], "value": "defence"}, lambda w: w.tie[:, dyads(w, ("IND", "PAK"))], DEFENCE),
    "affinity": ({"states": ["IND"], "value": -2}, lambda w: w.affinity[at(w, "IND")], -2),
    "strength": ({"actor": "ISK", "value": 750}, lambda w: w.strength[:, 0, w.names.state("AFG")], 750),
    "action": ({"from": ["IND"], "to": ["PAK"], "value": "cooperate"}, lambda w: w.action[at(w, "IND", "PAK")], COOPERATE),
}


@pytest.mark.parametrize("variable", CLAMPS)
def test_a_clamp_holds_its_value_through_whole_months_and_then_lets_go(variable):
    spec, look, value = CLAMPS[variable]
    world, rules = start(hold={"type": "clamp", "variable": variable, "on": "2015-02", "until": "2015-04", **spec})
    found = steps(world, rules, 4)
    held = [bool((look(after) == value).all()) for after, _ in found]
    assert held[1:3] == [True, True]
    assert held[0] is False
    if variable in ("trust", "affinity", "strength", "action"):  # these move by themselves
        assert held[3] is False


def test_a_clamped_action_is_what_the_other_state_s_trust_answers():
    world, rules = start(
        gift={"type": "clamp", "variable": "action", "from": ["IND"], "to": ["PAK"], "value": "cooperate", **NOW}
    )
    after = steps(world, rules, 1)[0][0]
    account, pair = world.names.accounts.index("cooperation"), at(world, "PAK", "IND")
    gain = rules.parameters["trust"].gain * (1 - world.trust[pair])
    expected = gain - np.broadcast_to(world.expected_terms, after.trust_terms.shape)[:, account][pair]
    assert after.trust_terms[:, account][pair] == pytest.approx(expected, abs=1e-15)


def test_a_clamp_of_trust_is_an_account_of_the_ledger():
    world, rules = start(hold={"type": "clamp", "variable": "trust", "parties": ["IND", "PAK"], "value": 0.4, **NOW})
    for after, booked in steps(world, rules, 2):
        assert after.trust - world.trust == pytest.approx(after.trust_terms.sum(1) + booked["hold"], abs=1e-12)
        world = after


# -- when, and by chance ---------------------------------------------------------------------------------------------


def test_a_condition_must_hold_for_its_months_in_a_row_and_fires_once():
    world, rules = start(
        peak={"type": "set", "variable": "strength", "actor": "ISK", "value": 5000, "on": "2015-01"},
        dip={"type": "set", "variable": "strength", "actor": "ISK", "value": 50, "on": "2015-03"},
        back={"type": "set", "variable": "strength", "actor": "ISK", "value": 5000, "on": "2015-05"},
        alarm={
            "type": "join",
            "organisation": "SCO",
            "states": ["IND"],
            "when": {"measure": "strength:ISK", "above": 4000, "months": 3},
        },
        never={"type": "join", "organisation": "SCO", "states": ["PAK"], "when": {"measure": "strength:ISK", "below": 0}},
    )
    # no mechanisms between the months: strength is what the events say; a condition sees the world as the month begins
    held, began = [], []
    k_alarm, k_never = (rules.frame.names.events.index(key) for key in ("alarm", "never"))
    for k in range(10):
        world, _, _ = month(world, rules, k)
        held.append(int(world.event_held[0, k_alarm]))
        began.append(int(world.event_start[0, k_alarm]))
    assert held == [0, 1, 2, 0, 0, 1, 2, 3, 4, 5]
    assert began == [-1] * 7 + [START + 7] * 3
    assert (world.event_start[:, k_never] == -1).all()
    sco = world.names.organisations.index("SCO")
    assert (world.membership[(*at(world, "IND"), sco)] == 1).all() and (
        world.membership[(*at(world, "PAK"), sco)] == 0
    ).all()


def test_conditions_are_met_replicate_by_replicate():
    world, rules = start(
        replicates=20,
        spread={"type": "set", "variable": "strength", "actor": "ISK", "value": {"uniform": [0, 6000]}, "on": "2015-01"},
        alarm={
            "type": "crisis",
            "parties": ["IND", "PAK"],
            "severity": 1,
            "when": {"measure": "strength:ISK", "above": 3000},
        },
    )
    assert world.strength.sum() < 20 * 3000
    world, _, _ = month(world, rules, 0)
    strong = world.strength.sum((1, 2)) > 3000
    assert 0 < strong.sum() < 20
    world, _, _ = month(world, rules, 1)
    assert np.array_equal(world.imposed_crisis[at(world, "IND", "PAK")] > 0, strong)
    world, _, _ = month(world, rules, 2)
    assert not world.imposed_crisis.any()


def hazards(**chances):
    """A tiny world of 20,000 replicates whose events come by chance."""
    case = worlds.random(4, 20_000, 2, 0, 1)
    happenings = [
        event.Event(key, "join", k, hazard=p, variable="membership", where=([0], 0), amount=1.0)
        for k, (key, p) in enumerate(chances.items())
    ]
    shape = (20_000, len(happenings))
    arrays = {"event_start": np.full(shape, -1, np.int32), "event_held": np.zeros(shape, np.int32)}
    return case.with_arrays(**arrays), happenings


def test_a_hazard_strikes_at_its_monthly_rate_once_and_events_strike_apart():
    """By month k a share 1 - (1 - p)^k has been struck, binomial; two events of one hazard are independent."""
    case, happenings = hazards(one=0.1, two=0.1, sure=1.0)
    world, n = case.world, 20_000
    for k in range(6):
        world = event.begin(world, happenings, START + k, case.frame, case.draws.at(START + k))
        share = 1 - 0.9 ** (k + 1)
        for column in (0, 1):
            struck = (world.event_start[:, column] >= 0).mean()
            assert abs(struck - share) < 4 * np.sqrt(share * (1 - share) / n)
    assert (world.event_start[:, 2] == START).all()
    one, two = world.event_start[:, 0] >= 0, world.event_start[:, 1] >= 0
    assert abs(np.corrcoef(one, two)[0, 1]) < 4 / np.sqrt(n)
    assert set(np.unique(world.event_start[:, 0])) == {-1, *range(START, START + 6)}


# -- uncertain numbers and the two types -----------------------------------------------------------------------------


def test_an_uncertain_number_of_an_event_is_drawn_once_a_replicate_and_kept_in_any_company():
    spec = {"type": "crisis", "parties": ["IND", "PAK"], "severity": {"uniform": [1, 2]}, "on": "2015-01", "months": 3}
    world, rules = start(replicates=8, storm=spec)
    severities = []
    for k in range(3):
        world, _, _ = month(world, rules, k)
        severities.append(world.imposed_crisis[at(world, "IND", "PAK")])
    assert np.array_equal(severities[0], severities[2])
    assert np.unique(severities[0]).size == 8 and severities[0].min() >= 1 and severities[0].max() <= 2
    other, rules = start(replicates=[5], storm=spec)
    assert month(other, rules)[0].imposed_crisis[at(other, "IND", "PAK")] == severities[0][5]


UNCERTAIN = {
    "agreement": {"type": "agreement", "parties": ["CHN", "RUS"], "depth": {"beta": [2, 2]}},
    "exercise": {"type": "exercise", "organisation": "SCO", "size": {"uniform": [1, 2]}},
    "crisis": {"type": "crisis", "parties": ["IND", "PAK"], "severity": {"choice": [1, 2]}},
    "shock": {
        "type": "shock",
        "variable": "trust",
        "parties": ["IND", "PAK"],
        "add": {"normal": [0.1, 0.01]},
        "lasting": {"uniform": [0, 1]},
    },
    "set": {"type": "set", "variable": "capability", "states": ["IND"], "value": {"triangular": [0.1, 0.2, 0.3]}},
    "anchor": {"type": "set", "variable": "anchor", "from": ["RUS"], "to": ["USA"], "value": {"uniform": [-0.5, 0.5]}},
    "parameter": {"type": "set", "parameter": "threat.half_strength", "value": {"uniform": [1000, 5000]}},
    "intervention": {"type": "intervention", "actor": "ISK", "effort": {"USA": {"lognormal": [0.8, 0.2]}, "GBR": 0.1}},
    "clamp": {"type": "clamp", "variable": "trust", "parties": ["IND", "PAK"], "value": {"uniform": [0, 0.5]}},
}


ALWAYS = {"measure": "trust:IND>PAK", "above": -1}


@pytest.mark.parametrize("kind", UNCERTAIN)
@pytest.mark.parametrize("time", [{"on": "2015-01"}, {"hazard": 0.5}, {"when": ALWAYS}], ids=["on", "hazard", "when"])
def test_uncertain_events_run_and_a_replicate_alone_equals_it_in_company(kind, time):
    spec = {**UNCERTAIN[kind], **time}
    world, rules = start(replicates=6, it=spec)
    alone, own = start(replicates=[4], it=spec)
    for after, lone in zip(steps(world, rules, 3), steps(alone, own, 3)):
        for name, array in after[0].arrays.items():
            assert np.array_equal(array[4] if len(array) > 1 else array[0], lone[0].arrays[name][0]), name


def test_imposed_events_are_labelled():
    assert {name for name, kind in types().items() if kind.imposed} == {"crisis", "war", "exercise", "clamp"}
    assert all(kind.meaning and all(field.meaning for field in kind.fields.values()) for kind in types().values())


def test_passing_over_idle_events_changes_nothing(monkeypatch):
    """``Event.idle`` only saves time: with every event looked at each month the bits are the same."""

    def run():
        world, rules, _ = begin(read("sco_expansion", changes={"end": "2018-12"}), range(3))
        for after, _ in steps(world, rules, 47):
            world = after
        return world

    quick = run()
    monkeypatch.setattr(event.Event, "idle", lambda self, month: self.on is not None and month < self.on)
    assert changed(quick, run()) == set()
