"""What the benchmarks time is the engine's model: the limit to rounding, the Mesa models by their means."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from benchmarks.worlds import Size, scenario_of
from sim.kernel import build
from sim.kernel.covers import not_there

pytestmark = pytest.mark.slow


@pytest.mark.skipif(shutil.which("gcc") is None, reason="the limit needs gcc")
def test_the_limit_is_the_kernel_to_rounding():
    from benchmarks.limit import library
    from sim.kernel import layout
    from tests.kernel.bits import results_by

    if why := not_there():
        pytest.skip(f"no kernel: {why}")
    story = scenario_of(Size(21, 3, 12))
    mine, its = (results_by(path, story, 3) for path in (build.find(), library()))
    assert np.array_equal(mine["dyads_action"], its["dyads_action"])
    assert np.abs(mine["dyads_trust"] - its["dyads_trust"]).max() < 1e-9
    assert set(mine) == {section.name for section in layout.RESULTS}


@pytest.mark.parametrize("title", ["Mesa by the book", "Mesa with arrays"])
def test_the_mesa_models_agree_and_would_not_if_a_parameter_were_another(title):
    import dataclasses

    from benchmarks.agreement import ALLOWED, with_mesa

    size = Size(21, 60, 24)
    assert max(abs(row[-1]) for row in with_mesa(title, size, 8)) < ALLOWED + 1  # the spread of eight is itself uncertain
    story = scenario_of(size)
    other = dataclasses.replace(story, parameters={**story.parameters, "decision": {"sucker": 0.5}})
    assert max(abs(row[-1]) for row in with_mesa(title, size, 8, other)) > 2 * ALLOWED
