"""Parameters that say what they are."""

import dataclasses
from dataclasses import dataclass

import numpy as np
import pytest

from sim.parameters import at_rows, describe, parameter


@dataclass(frozen=True)
class Parameters:
    rate: float = parameter(0.5, unit="1/month", bounds=(0, 2), meaning="how fast", source="Doe (2020)", basis="P", axes=1)
    mode: str = parameter("fast", choices=("fast", "slow"), meaning="which way", source="assumed")
    open: bool = parameter(True, meaning="whether", source="definition", basis="X")


def test_describe_gives_every_field_in_order_with_all_it_says():
    rate, mode, switch = describe(Parameters)
    assert (rate.name, rate.default, rate.unit, rate.bounds, rate.axes) == ("rate", 0.5, "1/month", (0, 2), 1)
    assert (rate.meaning, rate.source, rate.basis, rate.choices) == ("how fast", "Doe (2020)", "P", None)
    assert (mode.choices, mode.bounds, mode.basis, mode.axes) == (("fast", "slow"), None, "A", 2)
    assert (switch.default, switch.basis) == (True, "X")


def test_the_field_is_a_plain_default_for_the_model():
    assert Parameters().rate == 0.5
    assert dataclasses.replace(Parameters(), rate=1.0).rate == 1.0


@pytest.mark.parametrize("value", [0, 2, 0.5, 1])
def test_values_within_the_bounds_have_no_problem(value):
    assert describe(Parameters)[0].problem(value) is None


@pytest.mark.parametrize(
    ("which", "value", "said"),
    [
        (0, 2.1, "2.1 is outside its bounds; it takes a number from 0 to 2 (1/month; default 0.5)"),
        (0, -1, "-1 is outside its bounds; it takes a number from 0 to 2 (1/month; default 0.5)"),
        (0, "x", "'x' is not a number; it takes a number from 0 to 2 (1/month; default 0.5)"),
        (0, True, "True is not a number; it takes a number from 0 to 2 (1/month; default 0.5)"),
        (0, None, "None is not a number; it takes a number from 0 to 2 (1/month; default 0.5)"),
        (1, "fst", "'fst' is not one of fast, slow"),
        (1, 1, "1 is not one of fast, slow"),
        (2, 1, "1 is neither true nor false"),
    ],
)
def test_a_problem_says_what_is_allowed(which, value, said):
    assert describe(Parameters)[which].problem(value) == said


def test_a_number_that_is_not_one_is_outside_every_bound():
    assert "outside" in describe(Parameters)[0].problem(float("nan"))


def test_truth_values_and_choices_have_no_problem():
    _, mode, switch = describe(Parameters)
    assert mode.problem("slow") is None
    assert switch.problem(False) is None


def test_a_number_without_bounds_and_an_unknown_basis_are_refused_at_once():
    with pytest.raises(ValueError, match="needs bounds"):
        parameter(1.0, meaning="m")
    with pytest.raises(ValueError, match="one of P, E, X, A"):
        parameter(1.0, bounds=(0, 1), meaning="m", basis="Z")


def test_at_picks_replicates_only_where_they_differ():
    rows = np.array([2, 0])
    assert at_rows(3.0, rows) == 3.0
    assert at_rows(np.array([[7.0]]), rows).tolist() == [[7.0]]
    assert at_rows(np.array([[1.0], [2.0], [3.0]]), rows).tolist() == [[3.0], [1.0]]
