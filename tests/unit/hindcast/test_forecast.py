"""A forecast is the same by either engine, and by any number of workers."""

from __future__ import annotations

import numpy as np
import pytest

from sim.hindcast.forecast import forecast
from sim.kernel.covers import not_there
from tests.unit.told import story

NUMBERS = ("trust", "position", "cooperation", "crisis", "pact")


def test_both_engines_make_the_same_forecast():
    if why := not_there():
        pytest.skip(f"no kernel: {why}")
    told = story("warm", "luck")
    one, other, again = (
        forecast(told, np.arange(4), 50, engine=engine, workers=workers)
        for engine, workers in (("numpy", 1), ("kernel", 1), ("kernel", 2))
    )
    for name in NUMBERS:
        assert np.abs(getattr(one, name) - getattr(other, name)).max() < 1e-11, name
        assert np.array_equal(getattr(other, name), getattr(again, name)), name
    assert one.crisis.any() and (np.diff(one.crisis, axis=0) >= 0).all()
