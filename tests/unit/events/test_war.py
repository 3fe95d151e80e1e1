"""A war is a crisis every month while it goes on, of the severity of its month, between two sides."""

from itertools import pairwise

import numpy as np
import pytest

from sim.events import types
from sim.mechanisms import blocs
from sim.scenario import ScenarioError, describe_event, read
from sim.simulation.ensemble import simulate
from tests.unit.test_events import at, dyads, month, start, steps

WAR = {"type": "war", "on": "2015-02", "attacker": ["RUS"], "defender": ["UKR"], "severity": [4, 3, 2], "until": "2015-07"}


def severities(war, months=8, replicates=4, of=("RUS", "UKR")):
    world, rules = start(replicates, war=war)
    found = []
    for k in range(months):
        world, *_ = month(world, rules, k)
        found.append(np.broadcast_to(world.imposed_crisis[at(world, *of)], replicates))
    return np.array(found)


def test_each_month_has_its_severity_and_the_last_lasts():
    assert severities(WAR)[:, 0].tolist() == [0, 4, 3, 2, 2, 2, 0, 0]


def test_one_number_is_every_months_and_without_an_end_it_goes_on():
    endless = {key: value for key, value in WAR.items() if key != "until"} | {"severity": 1.5}
    assert severities(endless)[:, 0].tolist() == [0, *[1.5] * 7]


def test_by_chance_each_replicate_counts_its_own_months():
    war = {**WAR, "hazard": 0.3, "until": "2016-01"}
    del war["on"]
    found = severities(war, months=10, replicates=40)
    begun = [int(np.flatnonzero(column)[0]) for column in found.T if column.any()]
    assert len(set(begun)) > 2
    for column in found.T:
        if column.any():
            first = int(np.flatnonzero(column)[0])
            assert column[first:].tolist() == [4, 3, 2, 2, 2, 2, 2, 2, 2, 2][: 10 - first]


def test_severity_may_be_uncertain_month_by_month():
    found = severities({**WAR, "severity": [{"uniform": [3, 5]}, 1]}, months=3, replicates=20)
    assert len(set(found[1])) == 20
    assert 3 <= found[1].min() < found[1].max() <= 5
    assert (found[2] == 1).all()


def test_it_is_between_the_sides_and_not_within_them():
    war = {**WAR, "defender": ["UKR", "TUR"]}
    world, rules = start(war=war)
    for k in range(2):
        world, *_ = month(world, rules, k)
    np.testing.assert_array_equal(world.imposed_crisis[0] > 0, dyads(world, ("RUS", "UKR"), ("RUS", "TUR")))


def test_trust_falls_while_it_goes_on_and_a_crisis_is_recorded_every_month():
    world, rules = start(war=WAR)
    after = [world for world, _ in steps(world, rules, 8)]
    for k in range(1, 6):
        assert (after[k].crisis[at(world, "RUS", "UKR")] == 1).all()
    trust = [np.mean(w.trust[at(world, "UKR", "RUS")]) for w in after]
    assert all(later < earlier for earlier, later in pairwise(trust[:6]))


def test_the_graver_of_a_war_and_a_crisis_counts():
    crisis = {"type": "crisis", "on": "2015-03", "parties": ["RUS", "UKR"], "severity": 3.5}
    world, rules = start(war=WAR, clash=crisis)
    for k in range(3):
        world, *_ = month(world, rules, k)
    assert (world.imposed_crisis[at(world, "RUS", "UKR")] == 3.5).all()


def test_it_is_imposed_and_says_so():
    assert types()["war"].imposed
    assert describe_event(WAR) == "Imposed: A war of RUS against UKR goes on, of severity 4, then 3, then 2 until 2015-07."
    endless = {key: value for key, value in WAR.items() if key != "until"}
    assert describe_event(endless).endswith("then 2 to the end of the run.")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"defender": ["UKR", "RUS"]}, "RUS is attacker as well; name it on one side"),
        ({"severity": []}, "has 0 months; write one number, or a list by month"),
        ({"severity": [4, 11]}, "severity[1]: 11 is outside its bounds"),
        ({"severity": 0}, "severity: 0 is outside its bounds"),
        ({"defender": None}, "'defender' is missing"),
        ({"attacker": "RUS"}, "is the text 'RUS', where a list is needed"),
        ({"until": "2015-01"}, "2015-01 is not after its beginning"),
        ({"parties": ["RUS", "UKR"]}, "parties: is not a key of an event of type war"),
    ],
)
def test_mistakes(change, said):
    war = {key: value for key, value in {**WAR, **change}.items() if value is not None}
    with pytest.raises(ScenarioError) as error:
        read("baseline", changes={f"scenario.events.war.{key}": value for key, value in war.items()})
    assert said in str(error.value)


# -- solidarity: third states take a part

SHARED = {"parameters.trust.solidarity": 0.02}


def of_third_states(war, months=3, changes=SHARED, first=0):
    """The starting world, and what the war alone booked in each month."""
    world, rules = start(2, war=war, changes=changes)
    found, before = [], world
    for k in range(months):
        world, _, booked = month(world, rules, k)
        found.append(booked.get("war"))
    return before, world, found


def test_who_held_to_the_attacked_moves_toward_it_and_away_from_the_attacker():
    before, after, booked = of_third_states(WAR)
    assert booked[0] is None
    names, q = before.names, after.stance[0, list(before.names.events).index("war")]
    j, a, b = names.state("USA"), names.state("UKR"), names.state("RUS")
    regard = blocs.regard_of(before, blocs.Parameters())[0]
    assert q[j] == pytest.approx(regard[j, a] - regard[j, b])
    assert q[j] > 0
    t = before.trust[0]
    for i, k, sign in ((j, a, 1), (a, j, 1), (j, b, -1), (b, j, -1)):
        assert booked[1][0, i, k] == pytest.approx(sign * 0.02 * q[j] * (1 - sign * t[i, k]))
    assert not booked[1][:, [a, b], [b, a]].any()


def test_who_held_to_the_attacker_takes_part_only_with_a_pact_or_by_name():
    names = start(1, war=WAR)[0].names
    row = names.state("UKR")
    for supporters, moved in (([], False), (["IRN"], True)):
        changes = SHARED | {"parameters.trust.solidarity": 0.02}
        before, after, booked = of_third_states({**WAR, "supporters": supporters} if supporters else WAR, changes=changes)
        q = after.stance[0, list(names.events).index("war")]
        for code, bound in (("BLR", True), ("IRN", moved)):
            j = names.state(code)
            assert (q[j] < 0) == bound, code
            assert booked[1][0, j, row] == pytest.approx(0.02 * q[j] * (1 + before.trust[0, j, row]))
            assert booked[1][0, j, names.state("RUS")] == 0


def test_the_part_is_that_of_the_month_before_the_war_and_ends_with_it():
    world, rules = start(4, war=WAR, changes=SHARED)
    seen = steps(world, rules, 8)
    place = list(world.names.events).index("war")
    stances = [after.stance[:, place] for after, _ in seen]
    assert not stances[0].any()
    for later in stances[2:]:
        assert np.array_equal(later, stances[1])
    assert ["war" in booked for _, booked in seen] == [False, *[True] * 5, False, False]


def test_a_war_under_way_at_the_start_and_a_solidarity_of_0_move_nobody():
    assert of_third_states({**WAR, "on": "2015-01"})[2] == [None] * 3
    assert of_third_states(WAR, changes={"parameters.trust.solidarity": 0.0})[2] == [None] * 3


def test_the_ledger_books_it_and_still_adds_up():
    run = simulate(
        read(
            "baseline",
            changes={f"scenario.events.war.{k}": v for k, v in WAR.items()}
            | {"scenario.events.war.basis": "A", "scenario.end": "2016-06", **SHARED},
        ),
        replicates=3,
        workers=1,
    )
    booked = run.ledger.mean
    assert booked[run.ledger.accounts.index("war")].any()
    np.testing.assert_allclose(booked.sum(axis=(0, 1)), run.trust[-1] - run.trust[0], atol=1e-12)
