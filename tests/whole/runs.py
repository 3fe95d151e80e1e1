"""Comparing trajectories bit by bit."""

from __future__ import annotations

import numpy as np


def differences(one, two, rows=slice(None), until=None):
    """Names of what differs between two trajectories: series, states and events of the first's ``rows``, to a step bound
    (events only where there is none)."""
    found = []
    for name, series in one.series.items():
        other = two.series[name]
        assert series.subjects == other.subjects and np.array_equal(series.steps, other.steps)
        keep = slice(None) if until is None else series.steps <= until
        if not np.array_equal(series.values[rows][:, keep], other.values[:, keep]):
            found.append(name)
    last = None if until is None else until + 1
    found += [name for name in one.states if not np.array_equal(one.states[name][rows, :last], two.states[name][:, :last])]
    if until is None:
        found += [key for key in one.fired if not np.array_equal(one.fired[key][rows], two.fired.get(key))]
    return found
