"""Sixty made-up states: the model is not about these twenty-one."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest

from sim.ensemble import simulate
from sim.scenario import read
from tests.whole.runs import differences


def made_up(n):
    """The baseline without events in a world of n states on a ring, two organisations and one actor."""
    rng = np.random.default_rng(n)
    base = read("baseline", changes={"end": "2015-12", **{f"~scenario.events.{k}": None for k in read("baseline").events}})
    codes = [f"X{k:02d}" for k in range(n)]
    power = rng.lognormal(0, 1.5, n)
    power /= power.sum()
    states = [
        {"code": c, "name": c, "capability": float(power[k]), "affinity": float(rng.normal()), "world_reach": int(k < 2)}
        for k, c in enumerate(codes)
    ]
    dyads = []
    for (i, a), (j, b) in itertools.combinations(enumerate(codes), 2):
        near = min(j - i, n - j + i) <= 2
        tie = "defence" if rng.random() < 0.1 else "none"
        rival = int(near and tie == "none" and rng.random() < 0.2)
        dyads.append({"a": a, "b": b, "border": "land" if near else "none", "tie": tie, "rivalry": rival})
    organisations = [{"code": code, "name": code, "depth": 0.4} for code in ("ONE", "TWO")]
    memberships = [{"organisation": "ONE" if k % 2 else "TWO", "state": c} for k, c in enumerate(codes) if k % 3]
    actors = [{"code": "ACT", "name": "ACT", "host": codes[n // 2], "strength": 1000.0, "effort": 0.5}]
    reach = [{"actor": "ACT", "state": c, "reach": 0.2, "bias": 1.0} for c in codes]
    tables = dataclasses.replace(
        base.tables, states=states, dyads=dyads, trust=[], organisations=organisations, memberships=memberships,
        actors=actors, reach=reach,
    )  # fmt: skip
    return dataclasses.replace(
        base, tables=tables, cores={"east": (codes[0],), "west": (codes[1],)}, sets={"few": tuple(codes[:5])},
        watch=((codes[0], codes[1]),), estimates=[],
    )  # fmt: skip


@pytest.mark.parametrize("n", [3, 60])
def test_a_made_up_world_runs_and_stays_within_bounds(n):
    run = simulate(made_up(n), replicates=3, workers=1, save="dyads")
    assert run.dyads["trust"].shape == (3, 13, n, n)
    assert all(np.isfinite(series.values).all() for series in run.series.values())
    assert np.abs(run.dyads["trust"]).max() <= 0.99
    assert run.series["bloc_size"].values.sum(-1) == pytest.approx(n)
    assert differences(run, simulate(made_up(n), replicates=1, workers=1), slice(1)) == []


def test_attention_grows_with_the_number_of_states():
    """The budget's numbers are for twenty states: a state of sixty works with about three times as many."""
    most = {
        n: (simulate(made_up(n), replicates=2, workers=1, save="dyads").dyads["action"] == 1).sum(-1).max() for n in (20, 60)
    }
    assert 15 < most[60] <= round(15 * 59 / 19)
    assert most[20] <= 15
