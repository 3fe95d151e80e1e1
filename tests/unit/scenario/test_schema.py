"""The schema refuses what the reader refuses, as far as a schema can know, and nothing that the reader takes."""

from __future__ import annotations

import json
import random
from collections import Counter

import pytest
from jsonschema import Draft202012Validator

from sim.scenario import ScenarioError, find, names, read
from sim.scenario.schema import schema, words_of_scenario, words_of_world
from sim.scenario.text import read_file
from tests.unit.scenario import samples

SOUND, SPOILT = 1000, 100


@pytest.fixture
def taken(small):
    """Whether the reader takes a story; problems as text."""

    def by_reader(story):
        path = small / "sample.yaml"
        path.write_text(json.dumps(story, ensure_ascii=False), encoding="utf-8")
        try:
            read(path)
        except ScenarioError as error:
            return str(error)
        return ""

    return by_reader


@pytest.fixture
def validator(small):
    """The schema of a file on the small world that inherits nothing."""
    return Draft202012Validator(schema(words_of_scenario(small / "small.yaml", heirs=False)))


@pytest.fixture(scope="module")
def general():
    """The schema of any scenario."""
    return Draft202012Validator(schema())


def test_they_are_schemas(general):
    Draft202012Validator.check_schema(general.schema)
    Draft202012Validator.check_schema(schema(words_of_scenario("sco_expansion", heirs=True)))


@pytest.mark.parametrize("name", names())
def test_every_shipped_scenario_is_accepted(name, general):
    plain = read_file(find(name), []).plain()
    own = Draft202012Validator(schema(words_of_scenario(find(name), heirs=False)))
    for validator in (general, own):
        assert [error.message for error in validator.iter_errors(plain)] == []


EVENT = {"type": "join", "on": "2018-01", "organisation": "SCO", "states": ["MNG"]}
HEIR = {
    "an event less": ({"events": {"india_joins_sco": None}}, True),
    "an event moved": ({"events": {"india_joins_sco": {"on": "2018-01"}}}, True),
    "two times": ({"events": {"india_joins_sco": {"on": "2018-01", "hazard": 0.1}}}, False),
    "no field": ({"events": {"india_joins_sco": {"onn": "2018-01"}}}, False),
    "no state": ({"events": {"india_joins_sco": {"states": ["XYZ"]}}}, False),
    "another type": ({"events": {"india_joins_sco": {"type": "crisis", "on": "2018-01", "severity": 1}}}, False),
    "nothing to remove": ({"events": {"indian_joins_sco": None}}, False),
    "no event to move": ({"events": {"indian_joins_sco": {"on": "2018-01"}}}, False),
    "an event more": ({"events": {"mine": EVENT}}, True),
    "a state from elsewhere": ({"events": {"mine": {**EVENT, "states": ["NOR"]}}}, False),
    "a state less": ({"states": {"MNG": None}}, True),
    "no state less": ({"states": {"NOR": None}}, False),
    "no parameter to remove": ({"parameters": {"trust": {"gain": None}}}, False),
    "a parameter": ({"parameters": {"trust": {"gain": 0.005}}}, True),
    "a dyad": ({"watch": ["USA-IRN"]}, True),
    "no dyad": ({"watch": ["USA-USA"]}, False),
    "headings alone": ({"events": None, "baseline": None}, True),
    "no title": ({"title": None}, False),
}


@pytest.mark.parametrize("name", HEIR)
def test_a_file_that_inherits_is_checked_by_what_is_there(name, write):
    own, allowed = HEIR[name]
    story = {"defaults": ["sco_expansion", "_self_"], **own}
    validator = Draft202012Validator(schema(words_of_scenario("sco_expansion", heirs=True)))
    assert validator.is_valid(story) == allowed
    path = write(json.dumps(story), head="")
    if allowed:
        read(path)
    else:
        with pytest.raises(ScenarioError):
            read(path)


@pytest.mark.parametrize(
    ("states", "sound"),
    [
        (["members:NATO", "-TUR", "region:nordic"], True),
        ({"select": ["all"], "IND": {"capability": 0.08}}, True),
        ({"select": None}, True),
        (["nordic"], False),
        ([], False),
        ({"select": "all"}, False),
        ({"IND": {"capabilty": 0.08}}, False),
    ],
)
def test_states_are_a_selection_or_numbers(states, sound, general):
    spec = {"defaults": ["baseline", "_self_"], "title": "t", "question": "q?", "states": states}
    assert general.is_valid(spec) is sound


def test_a_world_fixes_its_codes():
    head = {"title": "x", "question": "y?", "start": "2012-01", "end": "2013-01", "schedule": ["trust"]}
    story = {**head, "world": "eurasia_2012", "cores": {"east": ["CHN"], "west": ["USA"]}}
    validator = Draft202012Validator(schema(words_of_world("eurasia_2012")))
    assert validator.is_valid(story)
    assert not validator.is_valid({**story, "cores": {"east": ["CHN"], "west": ["NOR"]}})
    assert not validator.is_valid({key: value for key, value in story.items() if key != "end"})


def test_no_sound_scenario_is_refused(taken, validator, general):
    for seed in range(SOUND):
        story = samples.sound(random.Random(seed))
        assert taken(story) == "", f"the sample of seed {seed} is none"
        assert validator.is_valid(story), (seed, [e.message for e in validator.iter_errors(story)], story)
        assert seed % 10 or general.is_valid(story), seed


def spoilt(kinds, taken, count):
    """So many scenarios that the reader refuses, one kind after the other: kind, story."""
    seed, found = 0, Counter()
    while sum(found.values()) < count:
        kind = kinds[sum(found.values()) % len(kinds)]
        seed += 1
        try:
            story = samples.wrong(random.Random(10_000 + seed), kind)
        except (IndexError, KeyError):  # nothing to be spoilt in this one
            continue
        if story is not None and taken(story):
            found[kind] += 1
            yield kind, story


def test_of_a_hundred_spoilt_ones_ninety_five_are_refused(taken, validator):
    refused, all_of = Counter(), Counter()
    for kind, story in spoilt(list(samples.WRONG), taken, SPOILT):
        all_of[kind] += 1
        refused[kind] += not validator.is_valid(story)
    assert sum(refused.values()) >= 0.95 * SPOILT, {kind: f"{refused[kind]} of {all_of[kind]}" for kind in all_of}


def test_what_a_schema_cannot_know_is_left_to_the_reader(taken, validator):
    for kind, story in spoilt(list(samples.BEYOND), taken, 12):
        assert validator.is_valid(story), kind
