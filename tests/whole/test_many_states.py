"""Sixty made-up states: the model is not about these twenty-one."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.worlds import Size, scenario_of
from sim.simulation.ensemble import simulate
from tests.whole.runs import differences


def made_up(n):
    """The baseline without events in a world of n states on a ring, two organisations and one actor."""
    return scenario_of(Size(n, replicates=1, months=12))


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
