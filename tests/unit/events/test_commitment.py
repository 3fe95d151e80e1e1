"""Accession makes ties where an organisation carries a commitment; leaving ends those that no other commitment keeps."""

import numpy as np
import pytest

from sim.scenario import read, timeline
from sim.scenario.problems import ScenarioError
from sim.world import CONSULTATION, DEFENCE, NO_TIE
from tests.unit.test_events import at, month, start

SCO = "scenario.organisations.SCO.commitment"
JOIN = {"type": "join", "on": "2015-02", "organisation": "SCO", "states": ["IND", "PAK"]}
LEAVE = {"type": "leave", "on": "2015-03", "organisation": "SCO", "states": ["KGZ"]}


def run(changes, *, keep=(), months=3, **events):
    world, rules = start(changes=changes, keep=keep, **events)
    worlds = [world]
    for k in range(months):
        world, *_ = month(world, rules, k)
        worlds.append(world)
    return worlds


def members(world, organisation="SCO"):
    k = world.names.organisations.index(organisation)
    return [code for code, inside in zip(world.names.states, world.membership[0, :, k]) if inside]


@pytest.mark.parametrize(("word", "level"), [("consultation", CONSULTATION), ("defence", DEFENCE)])
def test_joining_makes_ties_of_the_level_with_all_members_and_among_those_who_join(word, level):
    before, _, after, _ = run({SCO: word}, joins=JOIN)
    inside = members(after)
    assert {"IND", "PAK", "CHN"} <= set(inside)
    for one in ("IND", "PAK"):
        for other in (code for code in inside if code != one):
            expected = np.maximum(before.tie[at(before, one, other)], level)
            np.testing.assert_array_equal(after.tie[at(after, one, other)], np.broadcast_to(expected, 4), f"{one}-{other}")
            np.testing.assert_array_equal(after.tie[at(after, other, one)], np.broadcast_to(expected, 4))
    named = [after.names.state(code) for code in ("IND", "PAK")]
    others = np.delete(np.arange(len(after.names.states)), named)
    assert (after.tie[:, others][:, :, others] == before.tie[:, others][:, :, others]).all()
    assert not np.diagonal(after.tie, axis1=1, axis2=2).any()


def test_an_organisation_without_a_commitment_makes_no_tie():
    before, _, after, _ = run({}, joins=JOIN)
    assert "IND" in members(after)
    assert (after.tie == before.tie).all()
    plain, said = (run({SCO: word}, joins=JOIN)[-1].tie for word in ("none", "defence"))
    assert (plain == before.tie).all()
    assert (said != plain).any()


def test_leaving_ends_what_only_this_organisation_keeps():
    before, *_, after = run({SCO: "defence", "scenario.organisations.CSTO.commitment": "defence"}, out=LEAVE)
    assert "KGZ" not in members(after)
    both = set(members(before, "CSTO")) - {"KGZ"}
    gone = [code for code in members(after) if code not in both]
    assert {"RUS", "KAZ"} <= both & set(members(after))
    for other in gone:
        assert (after.tie[at(after, "KGZ", other)] == NO_TIE).all(), other
    for other in both & set(members(after)):
        np.testing.assert_array_equal(
            after.tie[at(after, "KGZ", other)], np.broadcast_to(before.tie[at(before, "KGZ", other)], 4), other
        )


def test_leaving_keeps_a_tie_higher_than_the_organisation_promises():
    before, *_, after = run({SCO: "consultation"}, out=LEAVE)
    pacts = [code for code in members(after) if (before.tie[at(before, "KGZ", code)] == DEFENCE).all()]
    assert "RUS" in pacts
    assert all((after.tie[at(after, "KGZ", code)] == DEFENCE).all() for code in pacts)


def test_who_joins_by_chance_is_bound_where_it_happened_only():
    joins = {"type": "join", "hazard": 0.5, "organisation": "SCO", "states": ["IND"]}
    world, rules = start(64, changes={SCO: "defence"}, joins=joins)
    after, *_ = month(world, rules)
    happened = after.event_start[:, 0] >= 0
    assert 0 < happened.sum() < 64
    np.testing.assert_array_equal(after.tie[at(after, "IND", "CHN")] == DEFENCE, happened)


def test_the_sentence_says_what_joining_means():
    changes = {f"scenario.events.joins.{key}": value for key, value in JOIN.items()}
    said = {word: next(m.what for m in timeline(read("baseline", changes={**changes, SCO: word})) if m.key == "joins")
            for word in ("none", "consultation", "defence")}  # fmt: skip
    assert "pact" not in said["none"]
    assert said["consultation"].endswith("which makes a promise to consult with every other member.")
    assert said["defence"].endswith("which makes a defence pact with every other member.")


def test_another_word_is_refused_with_those_allowed():
    with pytest.raises(ScenarioError, match=r"SCO.commitment: 'defense' is not allowed; did you mean 'defence'\?"):
        read("baseline", changes={SCO: "defense"})
