"""Scratch memory and gathering: shared, without a trace, and the same numbers wherever they are kept."""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest

from sim.processes import memory
from sim.processes.memory import Limits
from sim.results import open_run, write
from sim.simulation.ensemble import simulate
from tests.unit.told import story
from tests.whole.runs import differences


@pytest.mark.parametrize("on_disk", [False, True])
def test_a_shared_array_is_seen_by_forked_processes_and_survives_its_release(tmp_path, on_disk):
    array = memory.shared((3, 4), np.float32, tmp_path if on_disk else None)
    assert not array.any() and array.shape == (3, 4) and array.dtype == np.float32
    if hasattr(os, "fork"):
        child = os.fork()
        if not child:
            array[1] = 7
            os._exit(0)
        os.waitpid(child, 0)
    else:
        array[1] = 7
    memory.release(array)
    memory.release(np.moveaxis(array, 0, -1)[:, :2])
    assert array[1].tolist() == [7] * 4 and not array[[0, 2]].any()
    assert list(tmp_path.iterdir()) == []


def test_release_leaves_other_arrays_alone():
    array = np.arange(6.0).reshape(2, 3)
    memory.release(array[1:])
    assert array.sum() == 15


def test_an_array_without_elements_can_be_shared(tmp_path):
    assert memory.shared((5, 0), float, tmp_path).shape == (5, 0)


@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_gathered_on_disk_is_what_is_gathered_in_memory(tmp_path, workers):
    """To the byte of every file, and nothing is left beside them."""
    scenario = story("uneasy")
    whole = simulate(scenario, engine="numpy", replicates=8, workers=1, save="all", limits=Limits(chunk=3 * 21 * 21))
    disk = tmp_path / "not there yet"
    limits = Limits(chunk=3 * 21 * 21, in_memory=0)
    other = simulate(scenario, engine="numpy", replicates=8, workers=workers, save="all", folder=disk, limits=limits)
    assert list(tmp_path.iterdir()) == []
    assert differences(whole, other) == []
    folders = [open_run(write(t, {"save": "all"}, tmp_path / name)) for name, t in (("a", whole), ("b", other))]
    for name, about in folders[0].manifest["files"].items():
        assert about == folders[1].manifest["files"][name], name


def test_sums_depend_neither_on_the_chunks_nor_on_who_adds_them_up():
    """Chunks of one, two or all in one stretch; the same stretches by one process and by two."""
    scenario = story("uneasy")
    whole = simulate(scenario, engine="numpy", replicates=6, workers=1, limits=Limits(stretches=1, sums=0))
    for size in (1, 2):
        limits = Limits(chunk=size * 21 * 21, stretches=1, sums=0)
        other = simulate(scenario, engine="numpy", replicates=6, workers=1, limits=limits)
        for one, two in ((whole.ledger.mean, other.ledger.mean), (whole.trust, other.trust), (whole.rising, other.rising)):
            assert np.array_equal(one, two)
    three = Limits(chunk=2 * 21 * 21, stretches=3, sums=0)
    one, two = (simulate(scenario, engine="numpy", replicates=6, workers=k, limits=three) for k in (1, 2))
    assert np.array_equal(one.ledger.mean, two.ledger.mean) and np.array_equal(one.trust, two.trust)


def test_processes_that_share_no_memory_send_what_they_recorded():
    scenario = story("uneasy")
    limits = Limits(chunk=2 * 21 * 21, stretches=2, sums=0)
    sent = simulate(scenario, engine="numpy", replicates=7, workers=2, save="all", limits=replace(limits, start="spawn"))
    shared = simulate(scenario, engine="numpy", replicates=7, workers=1, save="all", limits=limits)
    assert differences(sent, shared) == []
    assert np.array_equal(sent.ledger.mean, shared.ledger.mean) and np.array_equal(sent.rising, shared.rising)
