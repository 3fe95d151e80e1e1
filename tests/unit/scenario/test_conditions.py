"""Conditions of events: several at once, within dates; what is wrong with them, and those that are true at the start."""

import numpy as np
import pytest

from sim.calendar import parse_month
from sim.scenario import describe_event, read
from sim.start.already import conditions_met
from tests.unit.test_events import START, month, start

EVENT = {"type": "agreement", "parties": ["RUS", "CHN"], "depth": 0.2}
MIDDLE = 0.215
"""About the median of Russia's cooperation in the starting worlds of the baseline."""
TRUE, FALSE = {"measure": "bloc_size:East", "above": -1}, {"measure": "bloc_size:East", "above": 999}


def began(when, months=8):
    """In which month of the run the event takes effect, -1 if never."""
    world, rules = start(2, meet={**EVENT, "when": when})
    for k in range(months):
        world, *_ = month(world, rules, k)
    found = world.event_start[:, 0]
    assert (found == found[0]).all()
    return int(found[0]) - START if found[0] >= 0 else -1


@pytest.mark.parametrize(
    ("when", "first"),
    [
        (TRUE, 0),
        (FALSE, -1),
        ({**TRUE, "months": 3}, 2),
        ({**TRUE, "after": "2015-04"}, 3),
        ({**TRUE, "after": "2015-04", "months": 3}, 5),
        ({**TRUE, "until": "2015-03", "months": 3}, -1),
        ({**TRUE, "until": "2015-04", "months": 3}, 2),
        ({"all": [TRUE, TRUE]}, 0),
        ({"all": [TRUE, FALSE]}, -1),
        ({"any": [TRUE, FALSE]}, 0),
        ({"any": [FALSE, FALSE]}, -1),
        ({"all": [TRUE, {**TRUE, "after": "2015-05"}], "months": 2}, 5),
        ({"any": [{**TRUE, "until": "2015-02"}, {**TRUE, "after": "2015-03"}], "months": 2}, 3),
        ({"all": [TRUE, {"any": [FALSE, {**TRUE, "after": "2015-03"}]}], "after": "2015-02"}, 2),
    ],
)
def test_when_it_takes_effect(when, first):
    assert began(when) == first


def test_the_first_month_is_that_of_the_run():
    assert parse_month("2015-01") == START


def test_replicates_decide_for_themselves():
    when = {"all": [{"measure": "cooperation:RUS", "above": MIDDLE}, TRUE]}
    world, rules = start(40, meet={**EVENT, "when": when})
    met = rules.events[0].when.met(world, rules.frame, START)
    alone = next(rules.events[0].when.leaves()).met(world, rules.frame, START)
    assert met.shape == (40,)
    assert 5 < met.sum() < 35
    np.testing.assert_array_equal(met, alone)


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("{all: []}", "when.all: has 0 conditions; two or more are needed"),
        ("{all: [{measure: polarisation, above: 1}]}", "when.all: has 1 condition; two or more are needed"),
        ("{all: {measure: polarisation, above: 1}}", "when.all: is a mapping, where a list is needed"),
        ("{al: [], below: 1}", "when.al: is not a key of a condition; did you mean 'all'?"),
        ("{measure: polarisation, above: 1, all: []}", "has all and measure; a condition has one of measure, all and any"),
        (
            "{any: [{measure: polarisation, above: 1, months: 2}, {measure: polarisation, below: 0}]}",
            "when.any[0].months: stands beside all or any",
        ),
        ("{any: [{measure: polarisatio, above: 1}, {measure: polarisation}]}", "when.any[0].measure: 'polarisatio' is not"),
        ("{any: [{measure: polarisatio, above: 1}, {measure: polarisation}]}", "when.any[1]: needs exactly one of below"),
        ("{measure: polarisation, above: 1, after: 2020}", "when.after: 2020 is a year; write a month"),
        ("{measure: polarisation, above: 1, after: 2020-01, until: 2019-01}", "2019-01 is not later than after, 2020-01"),
        ("{measure: polarisation, above: 1, befor: 2020-01}", "when.befor: is not a key of a condition"),
        ("{all: [], below: .1}", "when.below: is not a key of a condition of several"),
    ],
)
def test_mistakes_are_all_named(problems, when, said):
    text = f"events:\n  meet: {{type: agreement, parties: [RUS, CHN], depth: .2, when: {when}}}\n"
    assert any(said in line for line in problems(text)), problems(text)


def test_dates_outside_the_run_are_warned_of(write):
    when = "{measure: polarisation, above: 1, after: 2030-01}"
    (said,) = read(write(f"events:\n  meet: {{type: agreement, parties: [RUS, CHN], depth: .2, when: {when}}}\n")).warnings
    assert "when.after: 2030-01 is after the run ends, so this never counts" in said


def test_in_words():
    when = {
        "all": [{"measure": "cooperation:SCO", "below": 0.2}, {"measure": "polarisation", "above": 1}],
        "after": "2018-01",
    }
    assert describe_event({**EVENT, "when": {**when, "months": 6}}).endswith(
        "once (cooperation of SCO has been below 0.2 and polarisation has been above 1) from 2018-01 on for 6 months."
    )


def test_what_is_true_at_the_start_is_said(write):
    def said(when):
        text = f"events:\n  meet: {{type: agreement, parties: [RUS, CHN], depth: .2, when: {when}}}\n"
        return conditions_met(read(write(text)), replicates=10)

    (line,) = said("{measure: 'bloc_size:East', above: 0, months: 3}")
    assert line.startswith("events.meet.when: bloc size of East is above 0 already at the start, so it happens after 3 ")
    (line,) = said(f"{{measure: 'cooperation:RUS', above: {MIDDLE}}}")
    assert "of 10 starting worlds" in line
    assert said("{measure: 'bloc_size:East', above: 99}") == []
    assert said("{measure: 'bloc_size:East', above: 0, after: 2016-01}") == []


@pytest.mark.parametrize("key", ["tpye", "typ", "Type"])
def test_a_misspelt_type_is_named_at_once_with_the_other_mistakes(problems, key):
    found = problems(f"events:\n  clash: {{{key}: crisis, on: 2016-13, parties: [IND, PAQ], severty: 1}}\n")
    assert any(f"events.clash.{key}: is not a key of an event; did you mean 'type'?" in line for line in found)
    for said in ("2016-13", "'PAQ' is not a state", "severty: is not a key of an event of type crisis"):
        assert any(said in line for line in found), (said, found)


def test_a_type_that_is_nearly_right_is_taken_for_the_one_meant(problems):
    found = problems("events:\n  clash: {type: criss, on: 2016-13, parties: [IND, PAK], severity: 1}\n")
    assert len(found) == 2
    assert "'criss' is not a type of event; did you mean 'crisis'?" in "".join(found)


def test_without_a_type_what_all_events_have_is_checked(problems):
    found = problems("events:\n  clash: {on: 2016-10, partis: [IND, PAK], basis: Z}\n")
    assert [line.partition(": events.clash")[2].partition(":")[0] for line in found] == ["", ".partis", ".basis"]


def test_a_dyad_that_nobody_watches_can_be_asked_about():
    world, rules = start(5, meet={**EVENT, "when": {"measure": "trust:USA>MNG", "above": -1}})
    assert ("USA", "MNG") not in rules.frame.watch
    condition = rules.events[0].when
    trust = world.trust[:, world.names.state("USA"), world.names.state("MNG")]
    assert condition.met(world, rules.frame, START).all()
    for limit in (np.median(trust) - 1e-9, np.median(trust) + 1e-9):
        world, rules = start(5, meet={**EVENT, "when": {"measure": "trust:USA>MNG", "above": float(limit)}})
        np.testing.assert_array_equal(rules.events[0].when.met(world, rules.frame, START), trust > limit)
