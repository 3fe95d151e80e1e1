"""The arithmetic of the benchmarks."""

from __future__ import annotations

import pytest

from benchmarks.contestants import Contestant
from benchmarks.turns import Timings, growth, ratios, spread
from benchmarks.worlds import Size, scenario_of


def test_a_size_is_read_from_its_name_and_counts_dyads():
    size = Size.parse("21x200x132")
    assert (size, str(size)) == (Size(21, 200, 132), "21x200x132")
    assert size.dyad_steps == 21 * 21 * 200 * 132


@pytest.mark.parametrize("text", ["21x200", "21x200xlong", "21x0x5", ""])
def test_what_is_no_size_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match=r"21x200x132|1 or more"):
        Size.parse(text)


@pytest.mark.parametrize(
    ("size", "given"), [("20x200x100", "20x2x100"), ("100x5x50", "100x1x10"), ("500x9x9", "500x1x1"), ("10x2x10", "10x2x10")]
)
def test_a_slow_contestant_is_given_part_of_a_size(size, given):
    slow = Contestant("slow", lambda size: None, most=100_000)
    assert slow.given(Size.parse(size)) == Size.parse(given)
    assert Contestant("fast", lambda size: None).given(Size.parse(size)) == Size.parse(size)


def test_spread_and_ratios_are_turn_by_turn():
    slow, fast = (Timings(Size(2, 1, 1), times) for times in ([30.0, 20.0, 80.0], [10.0, 10.0, 20.0]))
    assert ratios(slow, fast) == [3, 2, 4]
    assert spread(ratios(slow, fast)) == "3.0 (2.0 to 4.0)"
    assert slow.median == 30


@pytest.mark.parametrize("states", [21, 40])
def test_worlds_have_the_size_asked_for_and_no_events(states):
    story = scenario_of(Size(states, 1, 14))
    assert (len(story.tables.states), story.steps, story.events) == (states, 14, {})


def test_growth_is_two_where_a_dyad_costs_the_same_and_three_where_it_costs_as_many_times_more():
    few = Timings(Size(10, 1, 1), [5.0])
    assert growth(few, Timings(Size(40, 1, 1), [5.0])) == 2
    assert growth(few, Timings(Size(40, 1, 1), [20.0])) == pytest.approx(3)
