"""The ledger closes: accounts add up to the change of trust, for the mean and for every replicate."""

from __future__ import annotations

import numpy as np
import pytest

from sim.scenario import read
from sim.simulation.ensemble import simulate


def test_accounts_add_up_to_the_change_of_mean_trust_month_by_month_and_over_all(expansion):
    booked = expansion.ledger.mean.sum(axis=0)
    assert np.abs(booked - np.diff(expansion.trust, axis=0)).max() < 1e-12
    assert np.abs(booked.sum(axis=0) - (expansion.trust[-1] - expansion.trust[0])).max() < 1e-12


def test_accounts_add_up_for_every_replicate(to_2018):
    _, run = to_2018
    trust = run.dyads["trust"]
    assert np.abs(run.ledger_by_replicate.sum(axis=(1, 2)) - (trust[:, -1] - trust[:, 0])).max() < 1e-12
    assert np.abs(run.ledger_by_replicate.mean(axis=0) - run.ledger.mean).max() < 1e-14
    assert np.abs(trust.mean(axis=0) - run.trust).max() < 1e-14


def test_accounts_hold_what_their_names_say(expansion):
    """Signs and places: chance averages out, exercises and shocks only where and when they happen."""
    accounts = {name: expansion.ledger.mean[k] for k, name in enumerate(expansion.ledger.accounts)}
    month = expansion.times.index
    i, j = (expansion.scenario.states.index(code) for code in ("RUS", "TUR"))
    repair = accounts["russia_turkey_repair"]
    assert repair[month("2016-06"), i, j] == pytest.approx(0.2, abs=0.02)  # the bound may cut a little
    assert np.abs(np.delete(repair, month("2016-06"), axis=0)).max() == 0
    i, j = (expansion.scenario.states.index(code) for code in ("USA", "UKR"))
    war = accounts["russia_ukraine_war"]
    assert not war[: month("2022-02")].any()
    assert (war[month("2022-02") :, i, j] > 0).all()
    drills = np.flatnonzero(accounts["exercise"].any(axis=(1, 2)))
    assert [expansion.times[k] for k in drills] == ["2018-08", "2018-09", "2021-09"]
    assert (accounts["exercise"] >= 0).all()
    # noise .082 a month, R = 60, 132 months: the mean sum has standard deviation .082 sqrt(132 / 60) = .12 at most
    assert np.abs(accounts["chance"].sum(axis=0)).max() < 5 * 0.12
    assert np.abs(expansion.ledger.mean[:, :, range(21), range(21)]).max() == 0


@pytest.mark.parametrize(
    "changes", [{"scenario.rules": "0.1"}, {"parameters.anchor.lasting": 1.0, "scenario.uncertainty": "chance"}]
)
def test_the_starting_world_is_at_rest(changes):
    """Under the first rules, and under those of today where trust starts at its anchor. Centring: in the first month no
    behavioural account moves trust on average. Standard errors over replicates; the expectation itself is a mean of 4096
    draws. Of 420 dyads and three accounts the largest stays below 5.
    """
    scenario = read("sco_expansion", changes={"end": "2015-01", **changes})
    run = simulate(scenario, replicates=400, workers=1, save="all")
    for name in ("cooperation", "confrontation", "institutions"):
        term = run.ledger_by_replicate[:, run.ledger.accounts.index(name), 0]
        error = np.sqrt(term.var(axis=0) * (1 / 400 + 1 / 4096))
        moved = error > 1e-12
        assert (np.abs(term.mean(axis=0)[moved]) < 5 * error[moved] + 1e-5).all()
    for name in ("balance", "reversion"):
        term = run.ledger_by_replicate[:, run.ledger.accounts.index(name), 0]
        # an anchor may lie beyond trust's bound of .99, by .01 at most, at a reversion of .015
        assert np.abs(term).max() < 1.6e-4, name
