"""The parts of the pictures: nothing overlaps, two peaks are found and not invented, words say what the numbers say."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from sim.plots.sheet import callouts, captions, text
from sim.plots.time import banner, marks, spread
from sim.plots.time.reach import Reach
from sim.plots.time.timeline import month_of, timeline

TIMES = [f"{y}-{m:02d}" for y in range(2015, 2026) for m in range(1, 13)] + ["2026-01"]


def _marks(count: int, seed: int, words: str = "An event with a name") -> list[marks.Mark]:
    rng = np.random.default_rng(seed)
    months = np.sort(rng.integers(2015 * 12, 2026 * 12, count)) + rng.integers(0, 3, count) / 3
    return sorted(
        (marks.Mark(float(m), f"{words} {i}", bool(i % 3), 1.0, i % 5) for i, m in enumerate(months)), key=lambda m: m.month
    )


@pytest.mark.parametrize(("count", "seed"), list(itertools.product((1, 3, 8, 14, 30, 80), (1, 2))))
def test_event_labels_never_overlap_and_stay_on_the_sheet(count, seed):
    plan = banner.plan(_marks(count, seed), timeline(TIMES, 0.75, 7.0), 10.0)
    assert plan.tags
    for tag in plan.tags:
        assert 0.2 <= tag.left < tag.right <= 9.75
    for a, b in itertools.combinations(plan.tags, 2):
        assert a.lane != b.lane or a.right <= b.left or b.right <= a.left
        for tag, other in ((a, b), (b, a)):
            assert not (other.lane > tag.lane and tag.left < other.at < tag.right), "a leader line crosses a label"


def test_few_events_are_written_out_and_many_are_numbered_with_a_key():
    few, many = (banner.plan(_marks(n, 1), timeline(TIMES, 0.75, 7.0), 10.0) for n in (4, 80))
    assert not few.key and {t.words for t in few.tags} == {m.label for m in few.marks}
    assert len(many.marks) == banner.MOST and many.key[-1] == f"and {80 - banner.MOST} more, in events.csv"
    assert {m.rank for m in many.marks} <= {0, 1, 2}, "the kinds that come first are kept"


def test_events_outside_the_axis_are_not_marked():
    late = [marks.Mark(2030 * 12.0, "late", False, 1.0, 0)]
    assert banner.plan(late, timeline(TIMES, 0.75, 7.0), 10.0).marks == []


@pytest.mark.parametrize("count", [1, 14, 60])
def test_callouts_overlap_neither_each_other_nor_points_unless_numbered(count):
    rng = np.random.default_rng(count)
    xs = np.sort(rng.uniform(1, 7.5, count))
    points = [
        callouts.Point(float(x), float(y), float(y) + 0.4 * (i % 2), f"Observer {i} 2,000")
        for i, (x, y) in enumerate(zip(xs, rng.uniform(0.5, 3, count), strict=True))
    ]
    placed, key = callouts.place(points, (0.75, 7.8, 0.2, 3.9))
    assert len(placed) == count
    assert len(key) == sum(c.words.isdigit() for c in placed)
    words = [c for c in placed if not c.words.isdigit()]
    for a, b in itertools.combinations(words, 2):
        assert a.right <= b.left or b.right <= a.left or abs(a.y - b.y) >= callouts.HIGH - 1e-9
    for label in words:
        assert label.left >= 0.75 and label.right <= 7.8


def test_two_peaks_are_found_with_their_shares():
    rng = np.random.default_rng(1)
    ends = np.concatenate([rng.normal(0.3, 0.03, 120), rng.normal(0.6, 0.04, 80)])
    found = spread.two_peaks(ends)
    assert found.low == pytest.approx(0.3, abs=0.03) and found.high == pytest.approx(0.6, abs=0.03)
    assert found.share_low == pytest.approx(0.6, abs=0.02)


@pytest.mark.parametrize("count", [40, 200, 1000])
def test_one_peak_is_not_taken_for_two(count):
    rng = np.random.default_rng(2)
    shapes = (
        lambda: rng.normal(0.3, 0.05, count),
        lambda: rng.uniform(0, 1, count),
        lambda: rng.lognormal(0, 0.5, count),
        lambda: rng.binomial(12, 0.3, count) / 12,
        lambda: rng.binomial(180, 0.3, count) / 180,
    )
    wrong = sum(spread.two_peaks(shape()) is not None for shape in shapes for _ in range(60))
    assert wrong <= 6, f"{wrong} of 300 samples"
    assert spread.two_peaks(np.full(count, 0.2)) is None


def test_quantiles_leave_out_what_is_missing():
    values = np.array([[np.nan, 1.0, np.nan], [np.nan, 3.0, 5.0]])
    assert spread.quantiles(values, [0.5]) == pytest.approx(np.array([[np.nan, 2.0, 5.0]]), nan_ok=True)


def test_statements_follow_the_numbers():
    start = np.zeros((100, 2))
    start[:93, 1], start[93:, 1] = 0.1, -0.1
    assert captions.change_words(start) == "0.00 → 0.10 [−0.10, 0.10], higher in 93 % of replicates"
    assert captions.change_words(-start[:93]).endswith("lower in all replicates")
    even = np.array([[0.0, 0.1]] * 50 + [[0.0, -0.1]] * 50)
    assert captions.change_words(even).endswith("higher in 50 %, lower in 50 % of replicates")
    assert captions.change_words(np.zeros((30, 2))).endswith("unchanged in every replicate")
    assert captions.change_words(np.full((30, 2), np.nan)) == "no value"


def test_numbers_and_shares_as_text():
    assert [text.number(v, 2, signed=True) for v in (0.041, -0.2, -0.001)] == ["+0.04", "−0.20", "0.00"]
    assert text.number(12345.6, 0) == "12,346"
    assert [text.percent(s) for s in (0.0, 0.004, 0.5, 0.996, 1.0)] == ["0 %", "<1 %", "50 %", ">99 %", "100 %"]


def test_text_is_measured_wrapped_and_cleaned():
    assert text.width("W" * 20, 10) > text.width("i" * 20, 10) > 0
    lines = text.wrap("word " * 200, 3.0, 9, lines=3)
    assert len(lines) == 3 and lines[-1].endswith("…") and all(text.width(line, 9) <= 3.0 for line in lines)
    assert text.width(text.shorten("x" * 500, 2.0, 9), 9) <= 2.0
    assert text.clean("a\n b\x00\t中") == "a b\N{REPLACEMENT CHARACTER} \N{REPLACEMENT CHARACTER}"


def test_positions_are_kept_apart_in_order():
    places = text.apart([1.0, 1.02, 0.99], 0.2, 0.0, 3.0)
    assert sorted(range(3), key=lambda i: places[i]) == [2, 0, 1]
    assert min(b - a for a, b in itertools.pairwise(sorted(places))) >= 0.2 - 1e-6


def test_dates_and_ticks():
    assert month_of("2017-06") == 12 * 2017 + 5 and month_of("2017") == 12 * 2017
    assert 12 * 2017 + 5 < month_of("2017-06-09") < 12 * 2017 + 6
    assert month_of("") is None and month_of("soon") is None
    years = timeline(["1990-01", "2030-01"], 0, 6.0).ticks()[1]
    assert years[0] == "1990" and 4 <= len(years) <= 12
    assert timeline(["2017-03", "2017-09"], 0, 6.0).ticks()[1][0] == "Mar 2017"


def test_an_event_bears_on_those_it_names():
    crisis = Reach(pairs=((frozenset({"IND", "PAK"}),) * 2,))
    assert crisis.involves({"IND", "PAK", "CHN"}) and not crisis.involves({"IND", "CHN"})
    shock = Reach(pairs=((frozenset({"RUS"}), frozenset({"USA", "GBR"})),))
    assert shock.involves({"RUS", "GBR"}) and not shock.involves({"USA", "GBR"})
    assert Reach(actor="ISK").bears_on(["ISK"]) and not Reach(actor="ISK").involves({"AFG", "USA"})
