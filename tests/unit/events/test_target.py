"""Whom an event concerns: one reading for masks, sentences, pictures, explanations and the headline of a comparison."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sim.events.target import target_of
from sim.questions.compare.selection import concerned, concerns

EVENTS = {
    "parties": {"type": "crisis", "parties": ["IND", "PAK"]},
    "between": {"type": "shock", "between": [["RUS"], ["USA", "GBR"]]},
    "from": {"type": "shock", "from": ["RUS"], "to": ["UKR"]},
    "states": {"type": "join", "states": ["IND", "PAK"], "organisation": "SCO"},
    "actor": {"type": "intervention", "actor": "ISK"},
    "organisation": {"type": "exercise", "organisation": "SCO"},
    "": {"type": "set", "parameter": "trust.gain", "value": 0.01},
}


@pytest.mark.parametrize("way", EVENTS)
def test_every_way_is_read(way):
    assert target_of(EVENTS[way]).way == way


def test_states_dyads_and_directions():
    two_sided, directed = target_of(EVENTS["between"]), target_of(EVENTS["from"])
    assert two_sided.named == ["RUS", "USA", "GBR"] and directed.named == ["RUS", "UKR"]
    assert two_sided.dyads() == [("GBR", "RUS"), ("RUS", "USA")]
    assert two_sided.concerns("USA", "RUS") and not two_sided.concerns("USA", "GBR")
    assert directed.concerns("UKR", "RUS") and len(directed.sides) == 1
    assert target_of(EVENTS["states"]).organisation == "SCO" and target_of(EVENTS["actor"]).actor == "ISK"
    assert target_of(EVENTS["parties"]).dyads() == [("IND", "PAK")]


@pytest.mark.parametrize("way", ["parties", "between", "from", "states", "actor"])
def test_the_headline_of_a_comparison_is_about_whom_the_changed_event_concerns(way):
    """Before, an event with `between` or `from` and `to` named nobody, and the first set was taken."""
    event = EVENTS[way]
    target = target_of(event)
    run = SimpleNamespace(story=lambda: {"events": {"it": event}})
    c = SimpleNamespace(a=run, b=run, changes=[SimpleNamespace(event="it")])
    about = concerned(c)
    assert about == {*target.named, *([target.actor] if target.actor else [])} and about
    one = sorted(about)[0]
    assert concerns(f"{one}>XXX", about) and concerns(f"XXX-{one}", about) and concerns(one, about)
    assert not concerns("XXX-YYY", about) and not concerns("world", about)
