"""The books of a dyad: they add up, both ways, for one run and for the difference between two."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sim.questions.explain import CannotExplain, explain, write
from sim.results import ResultsError, open_run
from tests.unit.told import finished, story

DYAD = ("RUS", "CHN")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("explain")


@pytest.fixture(scope="module")
def one(place):
    return finished(place, story("warm", "drill", "clash", "pact", name="one"))


@pytest.fixture(scope="module")
def two(place):
    return finished(place, story("clash", "pact", name="two"))


@pytest.mark.parametrize("window", [(None, None), ("2015-03", "2015-03"), ("2015-07", "2016-02")])
@pytest.mark.parametrize("dyad", [DYAD, ("USA", "CHN"), ("AFG", "USA")])
def test_accounts_sum_to_the_change(one, dyad, window):
    found = explain(one, dyad=dyad, first=window[0], last=window[1])
    assert found.error <= 1e-12
    np.testing.assert_allclose(found.start + found.terms.sum(axis=0), found.end, atol=1e-12, rtol=0)
    np.testing.assert_allclose(found.monthly.sum(axis=1), found.terms, atol=1e-15)
    np.testing.assert_allclose(found.terms[:, :2].mean(axis=1), found.terms[:, 2], atol=1e-15)


def test_start_and_end_are_the_measured_trust(one):
    found, run = explain(one, dyad=DYAD, first="2015-06", last="2015-12"), open_run(one)
    times, values = run.series("trust", "RUS>CHN")
    assert found.start[0] == pytest.approx(values[:, times.index("2015-06")].mean(), abs=1e-12)
    assert found.end[0] == pytest.approx(values[:, times.index("2016-01")].mean(), abs=1e-12)


def test_an_event_that_moves_trust_has_its_own_account(one):
    found = explain(one, dyad=DYAD)
    assert found.terms[found.accounts.index("warm"), 0] == pytest.approx(0.2, abs=1e-12)
    assert "warm" not in explain(one, dyad=("AFG", "USA")).accounts
    assert [part.event for part in found.parts] == ["drill"]
    drill = found.parts[0]
    assert drill.month == "2015-07"
    np.testing.assert_allclose(drill.value, found.terms[found.accounts.index("exercise")], atol=1e-12)
    assert found.events == ("pact (agreement, November 2015)",)


def test_a_difference_is_the_difference_of_the_books(one, two):
    found, a, b = (explain(*runs, dyad=DYAD) for runs in ((one, two), (one,), (two,)))
    assert found.error <= 1e-12
    np.testing.assert_allclose(found.end, a.end - b.end, atol=1e-15)
    assert found.start.tolist() == [0, 0, 0]
    for k, account in enumerate(found.accounts):
        minus = b.terms[b.accounts.index(account)] if account in b.accounts else 0
        np.testing.assert_allclose(found.terms[k], a.terms[a.accounts.index(account)] - minus, atol=1e-15)
    assert [event.split(" (")[0] for event in found.events] == ["warm", "drill"]
    assert all("only in the first" in event for event in found.events)


def test_a_run_less_itself_is_exactly_nothing(one):
    found = explain(one, one, dyad=DYAD)
    assert not found.terms.any() and not found.end.any() and not found.events
    assert "every difference is exactly 0" in found.cautions[0]


def test_other_seeds_are_said(place, one):
    other = finished(place, story("warm", "drill", "clash", "pact", name="one"), seed=2)
    assert "do not share their luck" in " ".join(explain(one, other, dyad=DYAD).cautions)


def test_other_numbers_of_replicates_are_refused(place, one):
    """Each mean would be over its own, and the difference at the end another than that of `compare`."""
    other = finished(place, story("warm", "drill", "clash", "pact", name="one"), replicates=6)
    with pytest.raises(CannotExplain, match=r"has 12 replicates and one-\w+ 6: .*Run one of them again with as many"):
        explain(one, other, dyad=DYAD)


def test_parameters_that_differ_are_named(place, one):
    changed = story("warm", "drill", "clash", "pact", name="changed")
    changed.parameters["trust"] = {"gain": 0.02}
    changed.spec["parameters"] = {"trust": {"gain": 0.02}}
    found = explain(finished(place, changed), one, dyad=DYAD)
    assert found.events == () and len(found.others) == 1
    assert found.others[0].startswith("trust.gain (") and "0.02 in changed" in found.others[0]
    assert found.plain()["others"] == list(found.others)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"dyad": ("RUSS", "CHN")}, r"no state 'RUSS'.*did you mean RUS \(Russia\)"),
        ({"dyad": ("chinaa", "RUS")}, r"did you mean CHN \(China\)"),
        ({"dyad": ("RUS", "RUS")}, "two different states"),
        ({"dyad": DYAD, "first": "2014-01"}, "outside 2015-01 to 2016-12"),
        ({"dyad": DYAD, "first": "yesterday"}, "'yesterday' is not a date"),
        ({"dyad": DYAD, "first": "2016-02", "last": "2015-02"}, "is later than"),
    ],
)
def test_questions_without_an_answer(one, question, said):
    with pytest.raises(CannotExplain, match=said):
        explain(one, **question)


def test_books_that_do_not_add_up_are_refused(one, monkeypatch):
    run = open_run(one)
    ledger = run.ledger()
    ledger.mean[0, 3] += 1e-9
    monkeypatch.setattr(type(run), "ledger", lambda self: ledger)
    with pytest.raises(ResultsError, match="does not add up"):
        explain(run, dyad=DYAD)


def test_it_is_written_beside_the_run_and_the_run_stays_whole(one, place):
    found = explain(one, dyad=DYAD, first="2015-06")
    from sim.plots.run import ledger_waterfall

    folder = write(found, draw=ledger_waterfall.draw)
    assert folder.parent.parent == one.parent.parent / "explain"
    assert {path.name for path in folder.iterdir()} == {
        "explain.json",
        "ledger.csv",
        "months.csv",
        "ledger_waterfall.png",
        "ledger_waterfall.svg",
        "manifest.json",
        ".entente",
    }
    about = json.loads((folder / "explain.json").read_text())
    assert about["from"] == "2015-06" and about["change"]["mean of both"] == pytest.approx(found.change[2])
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert write(found, draw=ledger_waterfall.draw) == folder
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    open_run(one).verify()
    assert not (one.parent.parent / ".tmp").exists()


def test_a_table_for_notebooks(one):
    table = explain(one, dyad=DYAD).table()
    assert table.index[0] == "start" and table.index[-1] == "end"
    assert table.iloc[:-1].sum().to_numpy() == pytest.approx(table.loc["end"].to_numpy())
