"""The digest: equal for what gives equal numbers, different for everything that can change one."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest

from sim.results import digest, run_digest
from sim.scenario.distributions import Distribution
from tests import synthetic


def test_same_scenario_and_options_give_the_same_digest():
    assert digest(synthetic.scenario(), {}) == digest(synthetic.scenario(), {})


def test_options_left_out_mean_their_defaults():
    full = {"seed": 1, "replicates": 200, "dtype": "float64", "save": "measures"}
    assert digest(synthetic.scenario(), {}) == digest(synthetic.scenario(), full)


@pytest.mark.parametrize("option", [{"workers": 3}, {"plots": False}, {"results": "elsewhere"}, {"precision": 0.1}])
def test_what_changes_no_number_is_left_out(option):
    assert digest(synthetic.scenario(), option) == digest(synthetic.scenario(), {})


@pytest.mark.parametrize("option", [{"seed": 2}, {"replicates": 199}, {"save": "all"}])
def test_options_that_change_numbers_count(option):
    assert digest(synthetic.scenario(), option) != digest(synthetic.scenario(), {})


@pytest.mark.parametrize(
    "change",
    [
        {"start": "2015-02"},
        {"end": "2025-11"},
        {"schedule": ("trust", "insurgency")},
        {"sets": {"six": synthetic.FOUNDERS}},
        {"events": {}},
        {"parameters": {"trust": {"gain": 0.0061}}},
        {"parameters": {"trust": {"gain": Distribution("uniform", (0.0, 0.1))}}},
        {"watch": (("CHN", "RUS"),)},
    ],
)
def test_every_part_of_the_story_counts(change):
    assert digest(synthetic.scenario(**change), {}) != digest(synthetic.scenario(), {})


def test_a_number_of_the_starting_world_counts():
    other = synthetic.scenario()
    other.tables.states[0]["capability"] += 1e-12
    assert digest(other, {}) != digest(synthetic.scenario(), {})


def test_automatic_replicates_depend_on_the_wanted_precision():
    auto = {"replicates": "auto", "precision": 0.01}
    assert digest(synthetic.scenario(), auto) != digest(synthetic.scenario(), auto | {"precision": 0.02})


def test_code_digest_reads_the_model_and_not_the_command_line():
    names = {
        path
        for pattern in run_digest.DETERMINING
        for path in (run_digest.Path(run_digest.__file__).parents[1]).glob(pattern)
    }
    found = {path.name for path in names}
    assert {"draws.py", "engine.py", "trust.py", "expectation.py", "cooperation.py"} <= found
    assert not {"main.py", "writing.py"} & found


def test_code_digest_counts_a_mechanism_from_outside(tmp_path):
    file = tmp_path / "mine.py"
    file.write_text("READS = ()")
    first = run_digest.code_digest((str(file),))
    file.write_text("READS = ('trust',)")
    assert run_digest.code_digest((str(file),)) != first


def test_code_digest_ignores_line_endings(tmp_path):
    file = tmp_path / "mine.py"
    file.write_bytes(b"a = 1\nb = 2\n")
    first = run_digest.code_digest((str(file),))
    file.write_bytes(b"a = 1\r\nb = 2\r\n")
    assert run_digest.code_digest((str(file),)) == first


def test_plain_knows_what_scenarios_are_made_of(tmp_path):
    @dataclasses.dataclass
    class Point:
        x: float

    value = {1: (Point(0.5), {"b", "a"}), "n": SimpleNamespace(k=np.float64(2)), "d": Distribution("normal", (0.0, 1.0))}
    plain = {"1": [{"x": 0.5}, ["a", "b"]], "n": {"k": 2.0}, "d": {"normal": [0.0, 1.0]}}
    assert run_digest.plain(value) == plain


def test_plain_refuses_what_it_does_not_know():
    with pytest.raises(TypeError, match="object"):
        run_digest.plain(object())


def test_an_empty_section_is_no_section():
    spec = synthetic.scenario().spec
    assert digest(synthetic.scenario(spec=spec | {"parameters": {}}), {}) == digest(synthetic.scenario(), {})
