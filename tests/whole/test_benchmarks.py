"""What the benchmarks time is the engine's model: the C reference to rounding, the Mesa models by their means."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from benchmarks.worlds import Size, scenario_of

pytestmark = pytest.mark.slow
needs_gcc = pytest.mark.skipif(shutil.which("gcc") is None, reason="the C reference needs gcc")


@needs_gcc
@pytest.mark.parametrize("size", ["21x6x30", "33x3x14", "6x5x40"])
def test_the_c_reference_is_the_engine_to_rounding(size):
    from benchmarks.agreement import with_reference

    rows = with_reference(Size.parse(size))
    assert {"cooperation", "bloc", "ties", "ledger", "mean trust"} <= {name for name, *_ in rows}
    assert [row for row in rows if row[1] > 1e-9] == []


@needs_gcc
def test_the_c_reference_in_float32_draws_what_float32_draws():
    from benchmarks.agreement import with_reference

    gaps = {name: (gap, share) for name, gap, share in with_reference(Size(21, 4, 2), "float32")}
    assert gaps["trust"][0] < 1e-5
    assert gaps["crises"][0] == gaps["ties"][0] == 0


@pytest.mark.parametrize("title", ["Mesa by the book", "Mesa with arrays"])
def test_the_mesa_models_agree_and_would_not_if_a_parameter_were_another(title):
    import dataclasses

    from benchmarks.agreement import ALLOWED, with_mesa

    size = Size(21, 60, 24)
    assert max(abs(row[-1]) for row in with_mesa(title, size, 8)) < ALLOWED + 1  # the spread of eight is itself uncertain
    story = scenario_of(size)
    other = dataclasses.replace(story, parameters={**story.parameters, "decision": {"sucker": 0.5}})
    assert max(abs(row[-1]) for row in with_mesa(title, size, 8, other)) > 2 * ALLOWED


def test_shares_add_up_to_the_whole():
    from benchmarks.shares import measure

    total, parts, draws = measure(Size(6, 10, 6))
    assert parts.total() == pytest.approx(total)
    assert set(scenario_of(Size(6, 1, 1)).schedule) < set(parts)
    assert 0 < draws.total() < total
    assert np.all(np.array(list(parts.values())) >= 0)
