"""Compiled kernels: only where they were asked for, and then the same as their numpy twins."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import numpy as np
import pytest

from sim import fast, kernels
from sim.draws import Draws, codes_of
from sim.quantile import normal_quantile
from sim.scenario import read
from sim.simulation.ensemble import simulate
from tests.unit.told import story

needs_numba = pytest.mark.skipif(importlib.util.find_spec("numba") is None, reason="numba is not installed (extra `fast`)")


@pytest.fixture
def nothing_compiled(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("ENTENTE_FAST", "1")
    monkeypatch.setattr(kernels, "in_use", None)


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    """A folder in which `python -m sim.fast` has put the machine code."""
    folder = tmp_path_factory.mktemp("cache")
    import os

    environment = {**os.environ, "XDG_CACHE_HOME": str(folder)}
    subprocess.run([sys.executable, "-m", "sim.fast"], env=environment, check=True, capture_output=True)
    return folder


@pytest.fixture
def compiled(cache, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    monkeypatch.setenv("ENTENTE_FAST", "1")
    monkeypatch.setattr(kernels, "in_use", None)


def test_a_run_never_compiles(nothing_compiled, tmp_path):
    assert not fast.ready() and not fast.use(10**12) and kernels.in_use is None
    simulate(story("uneasy"), replicates=2, workers=1)
    assert kernels.in_use is None and list(tmp_path.iterdir()) == []


def test_without_numba_there_is_no_folder_and_the_command_says_what_to_do(monkeypatch, capsys):
    def absent(name):
        raise fast.PackageNotFoundError(name)

    monkeypatch.setattr(fast, "version", absent)
    assert fast.folder() is None and not fast.ready()
    assert fast.main() == 2 and "pip install" in capsys.readouterr().err


@needs_numba
@pytest.mark.slow
def test_small_runs_and_those_who_say_so_do_without(compiled, monkeypatch):
    assert fast.ready()
    monkeypatch.delenv("ENTENTE_FAST")
    assert not fast.use(fast.ENOUGH - 1) and kernels.in_use is None
    monkeypatch.setenv("ENTENTE_FAST", "0")
    assert not fast.use(fast.ENOUGH) and kernels.in_use is None
    monkeypatch.delenv("ENTENTE_FAST")
    assert fast.use(fast.ENOUGH) and kernels.in_use is not None


@needs_numba
@pytest.mark.slow
def test_compiled_draws_are_the_draws(compiled):
    codes = {"state": codes_of(["CHN", "IND", "RUS"]), "actor": codes_of(["ISK"])}
    draws = Draws(2**63 + 5, [0, 7, 2**40], codes, month=24_000)
    axes = [(), ("state",), ("state", "other"), ("pair",), ("actor", "state")]
    plain = [draws.uniform("any", *names) for names in axes]
    assert fast.use(1)
    for names, expected in zip(axes, plain, strict=True):
        assert np.array_equal(draws.uniform("any", *names), expected), names
        assert np.array_equal(draws.normal("any", *names), normal_quantile(expected)), names


BUSY = {"parameters.ties.rate": 0.5, "parameters.ties.keep": 3.0, "parameters.blocs.rate": 0.8, "end": "2015-09"}
UNCERTAIN = {
    "parameters.ties.trust": {"uniform": [1.5, 2.5]},
    "parameters.ties.rate": {"uniform": [0.1, 0.9]},
    "parameters.blocs.temperature": {"beta": [2, 2, 0.01, 0.03]},
    "scenario.states.CHN.capability": {"uniform": [0.2, 0.25]},
}


@needs_numba
@pytest.mark.slow
@pytest.mark.parametrize(
    "changes",
    [
        {},
        UNCERTAIN,
        {"parameters.ties.directed": True},
        {"parameters.ties.consent": False},
        {"parameters.blocs.temperature": 0.0, "parameters.blocs.third_way": False},
        {"parameters.trust.balance_step": "exact"},
        {
            "parameters.decision.precision": 2e3,
            "parameters.decision.attention_base": 0,
            "parameters.trust.saturation": False,
        },
    ],
    ids=["plain", "uncertain", "directed", "without consent", "two sides", "exact balance", "sharp choices"],
)
def test_a_run_with_them_is_the_run_without(compiled, monkeypatch, changes):
    """Of many turns a month: every choice, and real numbers but for rounding."""
    scenario = read("sco_expansion", changes={**BUSY, **changes})
    quick = simulate(scenario, replicates=12, workers=2, save="dyads")
    assert kernels.in_use is not None
    monkeypatch.setenv("ENTENTE_FAST", "0")
    plain = simulate(scenario, replicates=12, workers=1, save="dyads")
    assert kernels.in_use is None
    for name, values in plain.dyads.items():
        assert np.array_equal(values, quick.dyads[name]) or name == "trust", name
    assert np.abs(plain.dyads["trust"] - quick.dyads["trust"]).max() < 1e-12
    for name, series in plain.series.items():
        assert np.allclose(series.values, quick.series[name].values, rtol=1e-12, atol=1e-12), name
    assert np.allclose(plain.ledger.mean, quick.ledger.mean, rtol=0, atol=1e-12)
    changed = plain.dyads["tie"][:, 1:] != plain.dyads["tie"][:, :-1]
    assert changed.sum() > 100  # so that the turns of ties were tried
