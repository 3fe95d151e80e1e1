"""A few kills of `python -m tests.chaos`, so that it stays true in between."""

from __future__ import annotations

import sys

import pytest

from tests.chaos.__main__ import kills
from tests.chaos.killing import WAYS


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="counts processes in /proc")
def test_a_few_kills_find_nothing(tmp_path):
    """The commands that start most processes, in some 15 s: kills cannot be had for less."""
    found = kills(4, 1, tmp_path, ["run", "sweep"], list(WAYS), at_once=2)
    assert [fault for one in found for fault in one.faults()] == []
