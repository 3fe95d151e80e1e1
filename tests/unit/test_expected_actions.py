"""How often a state acts in the starting world, worked out: beside many draws, at the ends of the budget, smooth."""

import dataclasses

import numpy as np
import pytest

from sim import mechanisms
from sim.kernel.library import Control, library
from sim.kernel.start import start_of
from sim.mechanisms import decision
from sim.scenario import read
from sim.start.expectation import at_anchor
from sim.start.world import before_rest
from sim.world import CONFRONT, COOPERATE

MONTHS = 4000


def _perceived(story, replicates):
    """A world at its anchor with what states perceive, the parameters of their choices, and luck of its own."""
    world, rules, _ = before_rest(story, replicates, 1)
    world = at_anchor(world)
    for name in ("threat", "institutions"):
        world = world.replace(**mechanisms.get(name).update(world, rules.parameters[name], rules.draws))
    return world, rules.parameters["decision"], rules.draws.under("expectation")


@pytest.fixture(scope="module", params=["sco_expansion", "baseline_2025"])
def perceived(request):
    return _perceived(read(request.param), range(2))


def test_chances_are_those_of_many_draws(perceived):
    """Apart from the error of the draws, which is known, by less than .003, and not to one side."""
    world, p, luck = perceived
    cooperates, confronts = decision.expected(world, p)
    actions = [decision.update(world, p, luck.at(month))["action"] for month in range(MONTHS)]
    for chance, action in ((cooperates, COOPERATE), (confronts, CONFRONT)):
        share = np.mean([one == action for one in actions], axis=0)
        error = chance - share
        of_draws = np.mean(share * (1 - share)) / MONTHS
        assert np.mean(error**2) - of_draws < 0.003**2
        assert abs(error.mean()) < 0.001


def test_a_budget_without_end_keeps_all_offers_and_one_of_nothing_none(perceived):
    world, p, _ = perceived
    odds, _ = decision.probabilities(world, p)
    off = ~np.eye(odds.shape[-1], dtype=bool)
    for base, wanted in ((1000.0, odds / (1 + odds)), (0.0, 0.0)):
        cooperates, _ = decision.expected(world, dataclasses.replace(p, attention_base=base, attention_span=0.0))
        assert np.abs(cooperates - wanted)[:, off].max() < 1e-6, base


def test_they_are_smooth_in_the_parameters(perceived):
    world, p, _ = perceived
    one, two, three = (decision.expected(world, dataclasses.replace(p, reward=p.reward + k * 1e-4))[0] for k in range(3))
    assert 0 < np.abs(two - one).max() < 1e-3
    assert np.abs(three - 2 * two + one).max() < 1e-6


def test_the_kernel_has_the_same():
    kernel, story = library(), read("sco_expansion")
    if kernel is None:
        pytest.skip("no kernel here")
    world, p, _ = _perceived(story, range(3))
    start = start_of(kernel, story, range(3), seed=1)
    for row in range(3):
        counted = kernel.frequencies(start.plan, row, row, 4, 16, Control())
        for count, chance in zip(counted, decision.expected(world, p)):
            assert count / 64 == pytest.approx(chance[row % len(chance)], abs=1e-14)
