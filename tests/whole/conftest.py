"""Runs that several whole-model tests look at, made once."""

from __future__ import annotations

import pytest

from sim.scenario import read
from sim.simulation.ensemble import simulate


@pytest.fixture(scope="session")
def expansion():
    """Sixty replicates of the flagship to its end."""
    return simulate(read("sco_expansion"), replicates=60, workers=1)


@pytest.fixture(scope="session")
def to_2018():
    """The flagship to the end of 2018, everything kept, six replicates: scenario and trajectory."""
    scenario = read("sco_expansion", changes={"end": "2018-12"})
    return scenario, simulate(scenario, replicates=6, workers=1, save="all")
