"""What every measure keeps to. A new file under sim/measures is covered the moment it is there."""

from __future__ import annotations

import numpy as np
import pytest

from sim import measures
from sim.world import VARIABLES
from tests.contract import worlds
from tests.contract.test_mechanisms import CASES, SIZES, spoilt

FAMILIES = {module.__name__.rsplit(".", 1)[1]: module for module in measures.modules()}


@pytest.fixture(params=list(FAMILIES))
def family(request):
    return FAMILIES[request.param]


@pytest.fixture(params=CASES)
def case(request):
    return worlds.cases()[CASES.index(request.param)]


RANGES = {"share": (0, 1), "trust": (-1, 1), "side": (0, 2), "fighters": (0, np.inf), "crises/year": (0, np.inf)}
"""What a unit allows, by its first word."""


def check(found, case, family):
    assert found.keys() == family.MEASURES.keys()
    for name, values in found.items():
        labels = measures.subjects(name, case.frame)
        assert values.shape in {(case.world.replicates, len(labels)), (1, len(labels))}, (name, values.shape)
        assert values.dtype == case.world.floating, (name, values.dtype)
        assert np.isfinite(values).all(), name
        low, high = RANGES.get(family.MEASURES[name].unit.split(" ")[0], (-np.inf, np.inf))
        rounding = 1e-12
        assert (values >= low - rounding).all() and (values <= high + rounding).all(), name


def same(one, two):
    return all(np.array_equal(*np.broadcast_arrays(one[name], two[name])) for name in one)


def test_it_says_what_it_is(family):
    assert family.__doc__ and family.read.__doc__
    assert set(family.READS) <= set(VARIABLES)
    for name, about in family.MEASURES.items():
        assert about.unit and about.meaning and about.subjects and about.every >= 1, name


def test_no_two_families_share_a_name():
    assert len(measures.names()) == sum(len(family.MEASURES) for family in FAMILIES.values())
    assert [info.name for info in measures.describe()] == measures.names()


def test_values_have_the_shape_type_and_range_they_say(family, case):
    check(family.read(case.world, case.frame), case, family)


@pytest.mark.parametrize("size", SIZES)
def test_worlds_of_any_size(family, size):
    case = worlds.sizes()[size]
    check(family.read(case.world, case.frame), case, family)


def test_alignment_and_bloc_sizes_stay_in_range(case):
    alignment = FAMILIES["alignment"].read(case.world, case.frame)["alignment"]
    assert (np.abs(alignment) <= 1 + 1e-12).all()
    sizes = FAMILIES["blocs"].read(case.world, case.frame)["bloc_size"]
    assert (sizes.sum(-1) == len(case.world.names.states)).all()


def test_inputs_are_not_modified(family, case):
    frozen = case.frozen()
    assert same(family.read(frozen.world, frozen.frame), family.read(case.world, case.frame))


def test_it_reads_only_what_it_declares(family, case):
    expected = family.read(case.world, case.frame)
    for other in (None, worlds.random(77)):
        assert same(family.read(spoilt(case, family.READS, other).world, case.frame), expected)


def test_it_reads_all_that_it_declares(family):
    case, other = worlds.random(0), worlds.random(78)
    other = other.with_arrays(core=np.roll(other.world.core, 4, axis=-1))
    by_trust = case.with_arrays(regard=np.zeros_like(case.world.regard))  # where sides go by trust alone
    for name in family.READS:
        assert any(
            not same(
                family.read(of.world, of.frame),
                family.read(of.with_arrays(**{name: other.world.arrays[name]}).world, of.frame),
            )
            for of in (case, by_trust, worlds.random(5))
        ), f"{name} is declared and makes no difference"


def test_a_replicate_alone_equals_the_replicate_in_company(family, case):
    company = family.read(case.world, case.frame)
    for r in range(case.world.replicates):
        alone = case.alone(r)
        found = family.read(alone.world, alone.frame)
        assert same(found, {name: v[r : r + 1] if len(v) > 1 else v for name, v in company.items()})


@pytest.mark.parametrize("seed", [0, 1])
def test_relabelling_states_relabels_the_values(family, case, seed):
    order = np.random.default_rng(seed).permutation(len(case.world.names.states))
    other = case.permuted(order)
    before, after = family.read(case.world, case.frame), family.read(other.world, other.frame)
    for name in before:
        one, two = measures.subjects(name, case.frame), measures.subjects(name, other.frame)
        assert sorted(one) == sorted(two)
        moved = after[name][:, [two.index(label) for label in one]]
        scale = np.abs(before[name]).max(initial=1.0)
        assert np.abs(moved - before[name]).max(initial=0.0) <= 1e-12 * scale, name


def test_one_value_by_name_equals_its_column():
    case = worlds.stepped()
    for name in measures.names():
        labels = measures.subjects(name, case.frame)
        found = measures.all_measures()[name][1].read(case.world, case.frame)[name]
        for k in {0, len(labels) // 2, len(labels) - 1}:
            assert np.array_equal(measures.value(case.world, case.frame, name, labels[k]), found[:, k])


def test_unknown_measures_and_subjects_are_refused_with_the_list():
    case = worlds.stepped()
    with pytest.raises(KeyError, match="no measure 'mood'; there are alignment"):
        measures.value(case.world, case.frame, "mood", "world")
    with pytest.raises(KeyError, match="cooperation is not taken of 'XXX'; it is of world, "):
        measures.value(case.world, case.frame, "cooperation", "XXX")
