"""No result changes unnoticed: each scenario's main measures are what they were when last written on purpose."""

from __future__ import annotations

import pytest

from sim.kernel.covers import not_there
from sim.options import KERNEL
from tests.golden.measures import (
    FIRST_RULES,
    KERNEL_TOLERANCE,
    TOLERANCE,
    differences,
    means,
    scenarios,
    stored,
    stories_of_the_first_rules,
)

ADVICE = "if this is meant, run `python -m tests.golden.rewrite` and explain it in CHANGELOG under 'Results changed':\n"


def test_every_scenario_has_its_means_and_no_other_has():
    assert sorted(stored()) == sorted(scenarios()), "run `python -m tests.golden.rewrite`"


@pytest.mark.parametrize("scenario", scenarios())
def test_results_are_what_they_were(scenario):
    moved = differences(stored().get(scenario, {}), means(scenario))
    assert not moved, ADVICE + "\n".join(moved[:20])


@pytest.mark.parametrize("scenario", scenarios())
def test_the_kernel_has_the_same_results(scenario):
    if why := not_there():
        pytest.skip(f"no kernel: {why}")
    moved = differences(stored().get(scenario, {}), means(scenario, KERNEL), KERNEL_TOLERANCE)
    assert not moved, "\n".join(moved[:20])


@pytest.mark.parametrize("scenario", stories_of_the_first_rules())
def test_the_first_rules_go_on_to_give_what_version_0_1_gave(scenario):
    assert not differences(stored(FIRST_RULES / "measures.json")[scenario], means(FIRST_RULES / f"{scenario}.yaml"))


def test_a_change_beyond_the_tolerance_is_seen_and_one_within_it_is_not():
    """The test of the test; relative above 1, so that fighters are compared as shares are."""
    old = {"a": 0.5, "b": 2000.0}
    assert differences(old, {"a": 0.5 + 0.9 * TOLERANCE, "b": 2000 * (1 + 0.9 * TOLERANCE)}) == []
    assert differences(old, {"a": 0.5 + 2 * TOLERANCE, "b": 2000.0}) == ["a: 0.5 -> 0.5"]
    assert differences(old, {"a": 0.5, "b": 2000 * (1 + 2 * TOLERANCE)}) == ["b: 2000 -> 2000"]
    assert differences(old, {"a": 0.5, "c": 1.0}) == ["b: gone", "c: new, 1"]


def test_a_counterfactual_differs_from_its_parent_and_not_before_its_first_event():
    """Known before any snapshot: scenarios of one world share their start, and each changes something by its end."""
    from sim.scenario import read

    kept = stored()
    for name, means_ in kept.items():
        parents = [parent for parent in read(name).parents if parent in kept and read(parent).world == read(name).world]
        for parent in parents:
            assert differences(kept[parent], means_), f"{name} changes nothing in {parent}"
            start = read(name).spec["start"]
            for key in means_:
                if key.endswith(start):
                    assert means_[key] == kept[parent][key], key
