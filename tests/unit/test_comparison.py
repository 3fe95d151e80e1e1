"""Comparing two runs: on made-up runs whose differences are known."""

from __future__ import annotations

import csv
import json
import math
import os
import shutil
import warnings
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from sim import plots, results
from sim.questions.compare import CannotPair, compare, compare_all, open_comparison, write
from sim.questions.compare.answer import answer, began, ends, error_bars, levels, members_of, phrase, shares
from sim.questions.compare.difference import crossed, difference, quantiles
from sim.questions.compare.pairing import labels
from sim.questions.compare.selection import headline, put_in
from sim.questions.compare.story import others_states
from sim.questions.compare.writing import KIND, folder_name, robust_before
from sim.wording import not_nothing
from tests import synthetic
from tests.manifests import rewrite

OPTIONS = {"seed": 1, "replicates": 40, "dtype": "float64", "save": "measures"}
WITHOUT = {key: event for key, event in synthetic.EVENTS.items() if key not in ("india_joins_sco", "pakistan_joins_sco")}
JOINED = synthetic.months("2015-01", "2025-12").index("2017-07")
"""The step bound at the end of June 2017."""


def made(out, name="with_join", change=None, *, replicates=40, seed=1, **more):
    """A synthetic run; `change` edits the trajectory."""
    one = synthetic.trajectory(replicates, seed=seed, **more)
    one.scenario.name = name
    one.scenario.spec = {"title": name, "events": one.scenario.events}
    if change:
        change(one)
    return results.open_run(results.write(one, OPTIONS | {"seed": seed, "replicates": replicates}, out))


def add(amount, first=JOINED, subjects=("eight",), noise=0.0):
    """Add an amount to cooperation from a step on, with noise over replicates."""

    def edit(trajectory):
        series = trajectory.series["cooperation"]
        luck = np.random.default_rng(3).normal(0, noise, (len(series.values), 1)) if noise else 0.0
        for subject in subjects:
            series.values[:, first:, series.subjects.index(subject)] += amount + luck

    return edit


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("compared")


@pytest.fixture(scope="module")
def pair(place):
    """A run with the accession, where the eight cooperate .01 more from the end of June 2017, and one without."""
    return made(place, change=add(0.01, noise=0.004)), made(place, "without_join", events=WITHOUT)


@pytest.fixture(scope="module")
def c(pair):
    return compare(*pair)


def test_quantiles_are_numpys_also_with_gaps():
    d = np.random.default_rng(1).normal(size=(37, 5))
    d[:9, 1], d[:, 2], d[1:, 3] = np.nan, np.nan, np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        expected = np.nanquantile(d, (0.05, 0.25, 0.5, 0.75, 0.95), axis=0)
    assert quantiles(d) == pytest.approx(expected, nan_ok=True, abs=1e-12)


def test_a_known_difference_is_found(c):
    at = c.of("cooperation", "eight").at()
    luck = np.random.default_rng(3).normal(0, 0.004, 40)
    assert at["mean"] == pytest.approx(0.01 + luck.mean())
    assert at["median"] == pytest.approx(np.median(0.01 + luck))
    assert at["q05"] == pytest.approx(np.quantile(0.01 + luck, 0.05))
    assert at["standard_error"] == pytest.approx(luck.std(ddof=1) / math.sqrt(40))
    assert at["below"] == pytest.approx((0.01 + luck < 0).mean())
    assert at["above"] == pytest.approx((0.01 + luck > 0).mean())


def test_independent_seeds_would_have_the_error_of_two_samples(c):
    d = c.of("cooperation", "eight")
    times, a, b = c.values("cooperation", "eight")
    expected = math.sqrt((a[:, -1].var(ddof=1) + b[:, -1].var(ddof=1)) / 40)
    assert d.at()["independent_error"] == pytest.approx(expected)
    since = times.index("2017-07")
    means = [values[:, since:].mean(axis=1) for values in (a, b)]
    expected = math.sqrt((means[0].var(ddof=1) + means[1].var(ddof=1)) / 40)
    bars = error_bars(c, d)
    assert bars["ratio"] == pytest.approx(expected / ((means[0] - means[1]).std(ddof=1) / math.sqrt(40)))
    assert bars["replicates_needed"] == math.ceil(40 * bars["ratio"] ** 2)


def test_the_first_month_that_differs_and_the_event_behind_it(c):
    assert c.first == "2017-06"
    assert [change.key for change in c.because] == ["events.india_joins_sco", "events.pakistan_joins_sco"]
    assert began(c) == ("Exactly the same until June 2017, when they part: India joins the SCO and Pakistan joins the SCO.")


def test_changes_are_sentences(c):
    said = [change.sentence(c.name_a, c.name_b) for change in c.changes]
    assert "only in with_join: 9 June 2017: India joins the Shanghai Cooperation Organisation" in said
    assert len(said) == 2


def test_a_date_and_a_parameter_that_differ_are_told(place):
    moved = {**synthetic.EVENTS, "us_withdrawal": {**synthetic.EVENTS["us_withdrawal"], "on": "2020-03"}}
    a = made(place, "moved", add(0.01, first=62), events=moved)
    b = made(place, "as_it_was", parameters={"trust": {"gain": 0.009}})
    one = compare(a, b)
    said = [change.sentence("moved", "as_it_was") for change in one.changes]
    assert "US leaves Afghanistan, on: 2020-03 in moved, 2021-08-15 in as_it_was" in said
    assert any(line.startswith("trust.gain (") and line.endswith("0.006 in moved, 0.009 in as_it_was") for line in said)
    assert one.first == "2020-02"  # a month before the event: then only the parameter can be behind it
    assert [change.key for change in one.because] == ["parameters.trust.gain"]
    c = compare(made(place, "moved_too", add(0.01, first=63), events=moved), b)
    assert [change.key for change in c.because] == ["events.us_withdrawal.on"]


def test_a_run_compared_with_itself_is_exactly_zero_and_says_so(pair):
    same = compare(pair[0], pair[0])
    assert same.same and same.first is None and not same.changes
    assert all((d.quantiles == 0).all() and (d.mean == 0).all() and not d.differs.any() for d in same.differences)
    assert "differ by exactly 0 everywhere" in answer(same, headline(same))
    assert error_bars(same, headline(same).difference) is None


def test_a_bloc_is_compared_by_shares_of_replicates(c):
    assert not any(d.measure == "bloc" for d in c.differences)
    shares = [c.of(f"bloc_{side}", "IND").mean_a for side in ("east", "west", "none")]
    assert np.sum(shares, axis=0) == pytest.approx(1)


def test_the_answer_is_about_where_the_change_shows(c):
    """In these runs cooperation of the eight moves, and nothing else."""
    chosen = headline(c)
    assert (chosen.difference.measure, chosen.difference.subject, chosen.direction) == ("cooperation", "eight", "higher")
    asked = headline(c, "trust:RUS>CHN")
    assert (asked.difference.subject, asked.looks) == ("RUS>CHN", 1)
    assert headline(c, "cooperation:RUS-CHN").difference.subject == "CHN-RUS"
    with pytest.raises(results.ResultsError, match="did you mean"):
        headline(c, "cooperation:eigth")


def test_the_answer_says_what_the_numbers_say(pair, place):
    for amount, side in ((0.5, "higher"), (-0.5, "lower")):
        one = compare(made(place / str(amount), "plus", add(amount)), pair[1])
        said = answer(one, headline(one, "cooperation:eight"))
        assert f"Cooperation of the eight is {side} in plus than in without_join, " in said
        assert ": by 0.500 on average from June 2017" in said
        assert "90 % interval of the mean" in said and f"Pair by pair: {side} in all; 90 % of pairs lie from" in said
    unsure = compare(made(place, "unsure", add(0.0, noise=0.01)), pair[1])
    assert answer(unsure, headline(unsure, "cooperation:eight")).startswith("No clear direction: ")
    untouched = answer(compare(*pair), compare(*pair).of("cooperation", "founders"))
    assert untouched.startswith("No difference: in every pair cooperation of the founders is exactly the same")


def test_the_answer_says_from_what_to_what(pair, place):
    """Both levels stand in the sentence, with a direction, without one, and of few pairs."""
    one = compare(made(place / "levels", "plus", add(0.5)), pair[1])
    d = one.of("cooperation", "eight")
    told = levels(d)
    first, second = map(float, told.split(" against "))
    assert first - second == pytest.approx(0.5, abs=0.001) and second == pytest.approx(d.means[1], abs=0.0005)
    assert f"higher in plus than in without_join, {told}: by 0.500" in answer(one, d)
    luck = compare(made(place / "luck", "luck", add(0, noise=0.01)), pair[1])
    none = luck.of("cooperation", "eight")
    assert answer(luck, none).startswith("No clear direction: cooperation of the eight differs by ")
    assert f"(luck minus without_join, {levels(none)}; 90 % interval" in answer(luck, none)
    few = compare(made(place, "few_plus", add(0.5), replicates=5), made(place, "few", replicates=5))
    assert f"(few_plus minus few, {levels(few.of('cooperation', 'eight'))}); 5 pairs" in few.answer("cooperation:eight")


def test_pairs_that_are_the_same_are_counted_and_not_left_over():
    """1 - .005 - .995 is 4e-18, which was told as `<1 %` of the pairs."""
    values = np.full((200, 1), 0.3)
    values[0] = -0.3
    d = difference("m", "s", "1", ["2026-01"], values, np.zeros((200, 1)), paired=True)
    assert (d.effect.below, d.effect.above, d.effect.same) == (0.005, 0.995, 0.0)
    assert shares(d) == "higher in >99 %, lower in <1 %"
    assert difference("m", "s", "1", ["2026-01"], values * 0, values * 0, paired=True).effect.same == 1


def test_a_set_whose_name_is_no_word_reads_well(c):
    run = SimpleNamespace(name=c.a.name, manifest=c.a.manifest | {"sets": {"nato_russia": ["RUS", "USA"], "eight": []}})
    assert phrase(run, "cooperation", "nato_russia") == "cooperation of the set nato_russia"
    assert members_of(run, "nato_russia") == "The set nato_russia: Russia and the United States."
    assert phrase(run, "cooperation", "eight") == "cooperation of the eight"
    assert phrase(run, "crises", "world") == "number of crises a year"
    assert phrase(run, "crises", "CHN-RUS") == "number of crises a year between China and Russia"


def test_small_rows_show_on_which_side_of_nothing_they_end():
    assert [not_nothing(x) for x in (4e-4, -4e-4, 0.0, 0.0006)] == ["+<0.001", "-<0.001", "0.000", "+0.001"]
    assert [not_nothing(x, 0) for x in (0.3, -12.0)] == ["+<1", "-12"]


def test_a_month_or_a_span_can_be_asked_for(pair):
    times, a, b = compare(*pair).values("cooperation", "eight")
    d = a - b
    at = compare(*pair, at="2018-06").of("cooperation", "eight")
    assert at.effect.mean == pytest.approx(d[:, times.index("2018-07")].mean())
    over = compare(*pair, over="2018-2019").of("cooperation", "eight")
    within = d[:, times.index("2018-02") : times.index("2020-01") + 1].mean(axis=1)
    assert over.effect.mean == pytest.approx(within.mean())
    assert over.effect.error == pytest.approx(within.std(ddof=1) / math.sqrt(40))
    assert over.span.said() == "on average from January 2018 to December 2019"
    for words, said in (
        ({"at": "2040-01"}, "outside the months that there are"),
        ({"over": "2019-2018"}, "ends before it begins"),
        ({"over": "soon"}, "such as 2018-2025"),
        ({"at": "2018-06", "over": "2018-2019"}, "cannot go together"),
    ):
        with pytest.raises(CannotPair, match=said):
            compare(*pair, **words)


def test_pairs_that_are_the_same_say_nothing_against_a_direction():
    """As found on version 0.1: 37 of 200 pairs lower, none higher, and `no clear direction`."""
    values = np.zeros((200, 1))
    values[:37] = -1 / 12
    d = difference("cooperation", "A-B", "share of months", ["2026-01"], values, np.zeros((200, 1)), paired=True)
    assert d.effect.direction() == "lower" and d.median[-1] == 0
    assert shares(d) == "lower in 18 %, the same in 82 %, never higher"
    few = np.zeros((200, 1))
    few[:5] = -1.0  # five signs alone prove nothing
    assert not difference("m", "s", "1", ["2026-01"], few, np.zeros((200, 1)), paired=True).effect.direction()


def test_what_was_put_in_and_who_is_counted_are_said(place):
    shocked = {
        **synthetic.EVENTS,
        "shock": {"type": "shock", "on": "2017-06-01", "variable": "trust", "from": ["IND"], "to": ["PAK"], "add": -0.5},
    }

    def fall(trajectory):
        series = trajectory.series["trust"]
        series.values[:, JOINED:, series.subjects.index("IND>PAK")] -= 0.5
        series.values[:, JOINED:, series.subjects.index("PAK>IND")] -= 0.1

    c = compare(made(place, "shocked", fall, events=shocked), made(place, "calm"))
    assert put_in(c, c.of("trust", "IND>PAK")) == ["shock"]
    assert headline(c).difference.subject != "IND>PAK"
    assert "this is put in, not found: shock sets this trust" in answer(c, headline(c, "trust:IND>PAK"))
    assert put_in(c, c.of("trust", "PAK>IND")) == [] and put_in(c, c.of("alignment", "IND")) == []  # Pakistan is no core
    turned = {**shocked, "shock": {**shocked["shock"], "to": ["CHN", "USA"]}}

    def turn(trajectory):
        series = trajectory.series["alignment"]
        series.values[:, JOINED:, series.subjects.index("IND")] -= 0.3

    away = compare(made(place, "turned", turn, events=turned), made(place, "calm"))
    assert put_in(away, away.of("alignment", "IND")) == ["shock"] and put_in(away, away.of("alignment", "CHN")) == []
    assert "shock sets trust that it is the mean of" in answer(away, headline(away, "alignment:IND"))
    joined = compare(made(place, "members", add(0.1, subjects=("SCO",))), made(place, "fewer", events=WITHOUT))
    assert "SCO has other members in the two" in answer(joined, headline(joined, "cooperation:SCO"))


@pytest.mark.parametrize("key", ["measure", "at", "over"])
@pytest.mark.parametrize("value", [3, ["2018"], {"a": 1}])
def test_a_question_that_nobody_asked_is_refused_by_its_key(pair, place, key, value):
    folder = write([compare(*pair)], place / "asked")
    rewrite(folder, **{key: value})
    with pytest.raises(results.ResultsError, match=rf"manifest.json: {key}: .* is no text; compare again"):
        open_comparison(folder)


def test_a_direction_allows_for_how_many_were_looked_at():
    luck = np.random.default_rng(3).normal(size=(200, 1))
    luck += 2.5 * luck.std(ddof=1) / math.sqrt(200) - luck.mean()
    effect = difference("m", "s", "1", ["2026-01"], luck, np.zeros((200, 1)), paired=True).effect
    assert effect.direction() == "higher" and effect.direction(looks=100) == ""


@pytest.mark.parametrize(
    ("change", "words"),
    [({"seed": 2}, r"different seeds \(1 and 2\)"), ({"dtype": "float32"}, "float types"), ({"code": "f" * 64}, "versions")],
)
def test_what_cannot_be_paired_is_refused_and_the_unpaired_comparison_offered(pair, change, words):
    other = SimpleNamespace(**{**vars(pair[1]), "manifest": pair[1].manifest | change})
    b = results.open_run(pair[1].path)
    b.manifest = other.manifest
    with pytest.raises(CannotPair, match=words) as refused:
        compare(pair[0], b)
    assert "--unpaired" in str(refused.value)
    loose = compare(pair[0], b, paired=False)
    assert not loose.paired and loose.first is None and not loose.same


def test_no_month_in_common_is_refused_paired_or_not(pair, place):
    early = made(place, "early", start="1990-01", end="1999-12", events={})
    for paired in (True, False):
        with pytest.raises(CannotPair, match="no month in common"):
            compare(pair[0], early, paired=paired)


def test_common_months_and_replicates_are_compared(pair, place):
    short = made(place, "short", replicates=25, end="2019-12")
    one = compare(pair[0], short)
    assert one.replicates == 25 and one.months[-1] == "2020-01"
    times, a, b = one.values("cooperation", "eight")
    assert times[-1] == "2020-01" and a.shape == b.shape == (25, 61)
    assert ends(one) == "December 2019"


def test_unpaired_errors_are_those_of_two_samples(pair):
    d = compare(*pair, paired=False).of("cooperation", "eight")
    assert d.standard_error == pytest.approx(d.independent_error)
    assert "independent" in answer(compare(*pair, paired=False), d)


def test_crossing_never_pairs_a_replicate_with_its_own_number():
    numbers = np.arange(30.0)[:, None]
    assert (crossed(numbers, numbers) != 0).all()
    assert crossed(numbers[:1], numbers[:1]).shape == (1, 1)
    assert len(crossed(np.zeros((3, 2)), np.zeros((50, 2)))) >= 50


def test_one_replicate_has_no_error():
    one = difference("m", "s", "1", ["2020-01"], np.ones((1, 1)), np.zeros((1, 1)), paired=True)
    assert one.at()["mean"] == 1 and math.isnan(one.at()["standard_error"])


def test_several_are_compared_with_the_first(pair, place):
    third = made(place, "third", add(0.02))
    many = compare_all([*pair, third])
    assert [(c.name_a, c.name_b) for c in many] == [("with_join", "without_join"), ("with_join", "third")]
    folder = write(many, place)
    assert folder.name == "with_join__vs__without_join__third"
    names = {file.stem for file in plots.draw(folder, format="png")}
    assert names == {"paired_difference", "trust_difference", "scenario_forest"}
    assert "exactly the same" in plots.missing(folder)["alignment_map"]


def test_names_tell_runs_of_one_scenario_apart(pair, place):
    other = made(place, "with_join", add(0.3), seed=5)
    names = labels([pair[0], other])
    assert len(set(names)) == 2 and all(name.startswith("with_join-") for name in names)
    assert labels([pair[0], pair[0]]) == ["with_join"] * 2
    assert len(folder_name(["x" * 80, "y" * 80])) <= 100
    assert folder_name(["a", "b"], ["trust:IND>PAK", None, "2018-2025"]) == "a__vs__b__of__trust-IND-in-PAK__2018-2025"


def test_a_run_with_changes_is_named_by_its_digest_and_shared_ones_are_said(pair, place, tmp_path):
    """Also beside a run of another scenario: two comparisons of changed runs do not overwrite each other."""
    changed = [results.open_run(shutil.copytree(run.path, tmp_path / run.path.parent.name / run.path.name)) for run in pair]
    for run, word in zip(changed, ("scenario.title=x", "scenario.title=y")):
        rewrite(run.path, overrides=["parameters.trust.gain=.02", "end=2025-12", word])
    changed = [results.open_run(run.path) for run in changed]
    c = compare(*changed)
    assert (c.name_a, c.name_b) == tuple(f"{run.manifest['scenario']}-{run.manifest['digest'][:6]}" for run in changed)
    assert c.in_both == ["trust.gain=.02"] and c.answer().endswith("In both: trust.gain=.02.")
    mixed = compare(changed[0], pair[1])
    assert mixed.name_b == "without_join" and mixed.in_both == [] and "In both" not in mixed.answer()


def test_each_question_has_a_folder_of_its_own(c, place):
    """An answer about one series does not take the place of the answer about another; the same question's does."""
    first, trust = write([c], place), write([c], place, measure="trust:China in India")
    assert trust.name == f"{first.name}__of__trust-CHN-in-IND"
    assert (first / "manifest.json").exists() and write([c], place, measure="trust:CHN>IND") == trust
    rows = (trust / "differences.csv").read_text().splitlines()[1:]
    assert rows and all(",CHN>IND,trust" in row for row in rows)
    assert len(rows) < len((first / "differences.csv").read_text().splitlines()) / 10
    assert open_comparison(trust)[0].name_a == c.name_a


def test_what_was_found_of_other_parameters_is_kept(c, place):
    """Asked again without --robust, the answer still says what is known, and only of the same runs."""
    folder = write([c], place, robust=["It holds in 97 %."])
    assert robust_before(folder, [c]) == ["It holds in 97 %."]
    other = replace(c, b=c.a)
    assert robust_before(folder, [other]) is None
    assert robust_before(place / "nowhere", [c]) is None
    write([c], place)
    assert robust_before(folder, [c]) is None


def test_the_folder_is_whole_and_replaced(c, place):
    folder = write([c], place, note="first")
    assert folder == place / "compare" / "with_join__vs__without_join"
    (folder / "plots").mkdir(exist_ok=True)
    (folder / "plots" / "old.png").touch()
    again = write([c], place)
    about = json.loads((again / "manifest.json").read_text())
    assert again == folder and not (folder / "plots").exists() and "note" not in about
    assert about["kind"] == KIND
    assert about["files"]["differences.csv"]["bytes"] == (folder / "differences.csv").stat().st_size
    assert not list(place.glob(".tmp/*"))
    assert [info.scenario for info in results.runs(place)].count("with_join") >= 1
    (opened,) = open_comparison(folder)
    assert opened.of("cooperation", "eight").at() == c.of("cooperation", "eight").at()


def test_the_table_is_long_and_agrees(c, place):
    with (write([c], place) / "differences.csv").open(newline="") as file:
        reader = csv.DictReader(file)
        assert reader.fieldnames == ["model", "scenario", "region", "variable", "unit", "time", "value"]
        rows = [row for row in reader if row["region"] == "eight" and row["time"] == "2026-01-01"]
    found = {(row["scenario"], row["variable"]): float(row["value"]) for row in rows}
    at, minus = c.of("cooperation", "eight").at(), "with_join minus without_join"
    assert found["with_join", "cooperation"] - found["without_join", "cooperation"] == pytest.approx(at["mean"], abs=2e-9)
    for word, key in {
        "": "mean",
        "|median": "median",
        "|p05": "q05",
        "|p95": "q95",
        "|share below zero": "below",
        "|standard error": "standard_error",
    }.items():
        assert found[minus, f"cooperation{word}"] == pytest.approx(at[key], abs=2e-9)


def test_a_run_that_is_gone_is_named(c, place, pair):
    folder = write([c], place)
    runs = json.loads((folder / "manifest.json").read_text())["runs"]
    gone = {"folder": "../../nowhere", "scenario": "nowhere", "digest": "0" * 64}
    rewrite(folder, runs=[runs[0], runs[1] | gone])
    with pytest.raises(results.ResultsError, match=r"cannot be read.*nowhere"):
        open_comparison(folder)
    with pytest.raises(results.ResultsError, match="holds no comparison"):
        open_comparison(pair[0].path)


def test_a_comparison_reads_no_run_outside_its_results(c, place, pair, tmp_path, monkeypatch):
    folder = write([c], place)
    runs = json.loads((folder / "manifest.json").read_text())["runs"]
    elsewhere = tmp_path / "with_join" / "secret"
    shutil.copytree(pair[0].path, elsewhere)
    there = {"folder": os.path.relpath(elsewhere, folder), "absolute": str(elsewhere), "scenario": "gone"}
    rewrite(folder, runs=[runs[0] | there, *runs[1:]])
    monkeypatch.setattr("sim.questions.compare.writing._compared", {})
    with pytest.raises(results.ResultsError, match=r"secret is not in .* compare again"):
        open_comparison(folder)
    rewrite(folder, runs=[runs[0] | there | {"scenario": "../../../with_join"}, *runs[1:]])
    with pytest.raises(results.ResultsError, match="is not a folder inside"):
        open_comparison(folder)
    again = write([compare(elsewhere, pair[1].path)], place)  # where the command itself names the place, it is read
    assert open_comparison(again)[0].a.path == elsewhere.resolve()


def test_pictures_of_comparisons_are_not_pictures_of_runs(c, pair, place):
    assert not set(plots.names("comparison")) & set(plots.names())
    assert all(answer.endswith("?") for answer in plots.names("comparison").values())
    with pytest.raises(plots.PictureError, match="no picture 'paired_difference'"):
        plots.draw(pair[0].path, ["paired_difference"])
    same = write([compare(pair[0], pair[0])], place)
    assert set(plots.missing(same)) == set(plots.names("comparison"))
    with pytest.raises(plots.PictureError, match="exactly 0"):
        plots.draw(same, ["paired_difference"])


@pytest.mark.slow
def test_pictures_draw_repeat_and_take_subjects(c, place, tmp_path):
    folder = write([c], place)
    files = plots.draw(folder)
    assert {file.stem for file in files} == set(plots.names("comparison")) - set(plots.missing(folder))
    assert len(files) >= 3 and all(file.parent == folder / "plots" for file in files)
    for file in plots.draw(folder, out=tmp_path):
        assert file.read_bytes() == (folder / "plots" / file.name).read_bytes()
    asked = {
        "paired_difference": ["eight", "trust:RUS>CHN"],
        "scenario_forest": ["strength:ISK"],
        "trust_difference": ["IND", "PAK"],
    }
    for name, subjects in asked.items():
        assert plots.draw(folder, [name], subjects=subjects, out=tmp_path / "some", format="png")
    with pytest.raises(plots.PictureError, match="eigth"):
        plots.draw(folder, ["paired_difference"], subjects=["cooperation:eigth"])


@pytest.mark.parametrize("count", [1, 7])
def test_few_replicates_draw_and_claim_no_interval(count, place):
    root = place / str(count)
    c = compare(made(root, change=add(0.01), replicates=count), made(root, "without_join", events=WITHOUT, replicates=count))
    assert "too few for an interval" in answer(c, headline(c))
    assert {file.stem for file in plots.draw(write([c], root), format="png")} == {"paired_difference", "trust_difference"}


@pytest.mark.slow
def test_with_every_replicate_kept_all_dyads_get_signs(place):
    root = place / "dyads"
    a, b = (made(root, name, save="dyads", events=events) for name, events in (("a", synthetic.EVENTS), ("b", WITHOUT)))
    from sim.plots.comparison.trust_difference import _agreement

    shares = _agreement(compare(a, b), ["IND", "PAK", "CHN"])
    assert shares.shape == (3, 3) and (shares == 0.5).all()  # the same trust in both: neither sign


def test_other_states_are_one_change_that_names_them():
    """Neither a row for each number of a state that only one has, nor "one version, another"."""

    def run(*names):
        return SimpleNamespace(manifest={"states": [{"code": name[:3].upper(), "name": name} for name in names]})

    (change,) = others_states(run("Georgia", "Finland"), run("Finland"))
    assert change.sentence("mine", "theirs") == "the states: 2, Georgia only here in mine, 1 in theirs"
    assert others_states(run("Finland"), run("Finland")) == []
    many = [chr(ord("A") + k) * 4 for k in range(12)]
    (change,) = others_states(run(*many, "Finland"), run("Finland", "Norway"))
    assert "and 4 more only here" in change.first and change.second == "2, Norway only here"


@pytest.mark.parametrize(
    ("means", "by", "said"),
    [
        ((0.250_14, 0.251_06), -0.000_92, "0.25014 against 0.25106"),  # 0.2501 against 0.2511 would be by 0.0010
        ((0.251_0, 0.245_8), 0.005_2, "0.2510 against 0.2458"),
        ((math.nan, 0.2), math.nan, "- against 0.2000"),
    ],
)
def test_who_subtracts_the_levels_gets_the_difference(means, by, said):
    d = SimpleNamespace(means=means, effect=SimpleNamespace(mean=by), pairs=(0.001,) * 5, unit="1")
    assert levels(d) == said
