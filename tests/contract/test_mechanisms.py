"""What every mechanism keeps to. A new file under sim/mechanisms is covered the moment it is there."""

from __future__ import annotations

import dataclasses
from functools import cache
from types import ModuleType

import numpy as np
import pytest

from sim import mechanisms
from sim.parameters import BASES, describe
from sim.scenario import read
from sim.start.world import begin
from sim.world import VARIABLES
from tests.contract import worlds

NAMES = mechanisms.names()
CASES = ["stepped", "random 0", "random 1", "random 2"]
SIZES = list(worlds.sizes())


@pytest.fixture(params=NAMES)
def name(request):
    return request.param


@pytest.fixture
def mechanism(name):
    return mechanisms.get(name)


@pytest.fixture(params=CASES)
def case(request):
    return worlds.cases()[CASES.index(request.param)]


def assert_same(one, two):
    """The same to the bit, array by array."""
    assert one.keys() == two.keys()
    for key in one:
        a, b = np.broadcast_arrays(one[key], two[key])
        assert a.dtype == b.dtype and np.array_equal(a, b), key


def of(answer, r):
    """Replicate r of an answer."""
    return {key: array[r : r + 1] if len(array) > 1 else array for key, array in answer.items()}


def check_answer(answer, world, mechanism):
    """What an answer may hold: only WRITES, in shape, type, bounds and symmetry of the table, diagonals zero."""
    assert set(answer) == set(mechanism.WRITES)
    for key, array in answer.items():
        about = VARIABLES[key]
        assert array.shape[1:] == world.shape(key) and array.shape[0] in (1, world.replicates), (key, array.shape)
        assert array.dtype == (world.floating if about.dtype == "float" else np.dtype(about.dtype)), (key, array.dtype)
        assert np.isfinite(array).all(), key
        if array.size:
            assert about.bounds[0] <= array.min() and array.max() <= about.bounds[1], (key, array.min(), array.max())
        if about.dims[-2:] == ("state", "other"):
            assert not np.diagonal(array, axis1=-2, axis2=-1).any(), f"{key} has a diagonal"
            if about.symmetric:
                assert array == pytest.approx(array.swapaxes(-1, -2), rel=1e-6, abs=1e-12), f"{key} is not symmetric"


def test_there_are_mechanisms():
    assert len(NAMES) >= 11


def test_it_says_what_it_is(mechanism):
    """Docstring with rule, reads, writes and source; the names in the table; every array it declares in the prose."""
    assert mechanism.__doc__ and mechanism.update.__doc__ and mechanism.Parameters.__doc__
    for word in ("Rule:", "Reads:", "Writes:", "Source:"):
        assert word in mechanism.__doc__, word
    assert set(mechanism.READS) | set(mechanism.WRITES) <= set(VARIABLES)
    assert len(set(mechanism.READS)) == len(mechanism.READS)
    prose = mechanism.__doc__
    reads, writes = prose[prose.index("Reads:") : prose.index("Writes:")], prose[prose.index("Writes:") :]
    writes = writes[: writes.index("Source:")]

    def listed(text):
        return {word.strip(" .\n") for word in text.split(":", 1)[1].replace("\n", " ").split(",")}

    assert listed(reads) == set(mechanism.READS)
    assert listed(writes) == set(mechanism.WRITES)


def test_every_parameter_is_complete(mechanism):
    for info in describe(mechanism.Parameters):
        assert info.meaning.strip() and info.source.strip() and info.basis in BASES, info.name
        assert info.problem(info.default) is None, info.name
        if info.choices is None and not isinstance(info.default, bool):
            low, high = info.bounds
            assert low < high and info.unit.strip(), info.name
        if info.basis in ("P", "E"):
            assert info.source.strip().lower() != "assumed", f"{info.name} claims to be {BASES[info.basis]}"


def test_answers_are_what_the_table_says(name, mechanism, case):
    for p in worlds.settings(name):
        check_answer(mechanism.update(case.world, p, case.draws), case.world, mechanism)


@pytest.mark.parametrize("size", SIZES)
def test_worlds_of_any_size(name, mechanism, size):
    case = worlds.sizes()[size]
    for p in worlds.settings(name):
        check_answer(mechanism.update(case.world, p, case.draws), case.world, mechanism)


def test_inputs_are_not_modified(name, mechanism, case):
    """Arrays that refuse to be written to: an update in place raises. The answer is the same as with plain ones."""
    frozen = case.frozen()
    together, _ = worlds.uncertain(name, case.world.replicates)
    for field in dataclasses.fields(together):
        value = getattr(together, field.name)
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
    for p in (*worlds.settings(name), together):
        assert_same(mechanism.update(frozen.world, p, frozen.draws), mechanism.update(case.world, p, case.draws))


def test_same_seed_same_bits(name, mechanism, case):
    for p in worlds.settings(name):
        assert_same(mechanism.update(case.world, p, case.draws), mechanism.update(case.world, p, case.draws))


def spoilt(case, keep, other=None):
    """The case with every array but ``keep`` spoilt: NaN and the type's largest integer, or another world's values."""
    new = {}
    for key, array in case.world.arrays.items():
        if key in keep:
            continue
        if other is not None:
            new[key] = np.resize(other.world.arrays[key], array.shape).astype(array.dtype)
        elif array.dtype.kind == "f":
            new[key] = np.full_like(array, np.nan)
        else:
            new[key] = np.full_like(array, np.iinfo(array.dtype).max)
    return case.with_arrays(**new)


def test_it_reads_only_what_it_declares(name, mechanism, case):
    """Arrays outside READS may be NaN, at the end of their type, or another world's: the answer stays."""
    for p in worlds.settings(name):
        expected = mechanism.update(case.world, p, case.draws)
        for other in (None, worlds.random(77)):
            world = spoilt(case, mechanism.READS, other).world
            assert_same(mechanism.update(world, p, case.draws), expected)


def test_it_reads_all_that_it_declares(name, mechanism):
    """Other values in a declared array change the answer, in some world and setting."""
    large = worlds.sizes()["sixty states"]
    tries = [(case, p) for case in (worlds.random(0), large) for p in (*worlds.settings(name), worlds.strong(name))]

    @cache
    def before(k):
        case, p = tries[k]
        return mechanism.update(case.world, p, case.draws)

    for read_ in mechanism.READS:
        assert any(
            differ(before(k), mechanism.update(changed.world, p, case.draws))
            for k, (case, p) in enumerate(tries)
            for changed in other_values(case, read_)
        ), f"{read_} is declared and makes no difference"


def differ(one, two):
    return any(not np.array_equal(*np.broadcast_arrays(one[key], two[key])) for key in one)


def other_values(case, name):
    """The case with another world's values in one array, and, of whole numbers, with zeros."""
    names = case.world.names
    size = (case.world.replicates, len(names.states), len(names.actors), len(names.organisations))
    yield case.with_arrays(**{name: worlds.random(78, *size).world.arrays[name]})
    if case.world.arrays[name].dtype.kind != "f":
        yield case.with_arrays(**{name: np.zeros_like(case.world.arrays[name])})


def test_a_replicate_alone_equals_the_replicate_in_company(name, mechanism, case):
    for p in worlds.settings(name):
        company = mechanism.update(case.world, p, case.draws)
        for r in (0, case.world.replicates - 1):
            alone = case.alone(r)
            assert_same(mechanism.update(alone.world, p, alone.draws), of(company, r))


def test_a_replicate_of_sixty_states_alone_equals_it_in_company(name, mechanism):
    """Larger matrices take other paths through the linear algebra library."""
    case = worlds.sizes()["sixty states"]
    company = mechanism.update(case.world, mechanism.Parameters(), case.draws)
    alone = case.alone(1)
    assert_same(mechanism.update(alone.world, mechanism.Parameters(), alone.draws), of(company, 1))


@pytest.mark.parametrize("seed", [0, 1])
def test_relabelling_states_relabels_the_answer(name, mechanism, case, seed):
    """To 1e-12 of the largest value: products of matrices add in another order."""
    order = np.random.default_rng(seed).permutation(len(case.world.names.states))
    other = case.permuted(order)
    for p in worlds.settings(name):
        before, after = mechanism.update(case.world, p, case.draws), mechanism.update(other.world, p, other.draws)
        for key, array in before.items():
            expected = worlds.permute(key, array, order)
            if array.dtype.kind == "f":
                scale = np.abs(expected).max(initial=1.0)
                assert np.abs(after[key] - expected).max(initial=0.0) <= 1e-12 * scale, key
            else:
                assert np.array_equal(after[key], expected), key


def test_parameters_may_differ_between_replicates(name, mechanism, case):
    """Replicate r with its own numbers is what a run with those numbers for all gives it, to the bit."""
    together, single = worlds.uncertain(name, case.world.replicates)
    mixed = mechanism.update(case.world, together, case.draws)
    check_answer(mixed, case.world, mechanism)
    for r in (0, case.world.replicates - 1):
        alone = case.alone(r)
        expected = mechanism.update(alone.world, single[r], alone.draws)
        assert_same(expected, of(mixed, r))


def test_one_parameter_alone_may_differ_between_replicates(name, mechanism):
    """Each number by itself in the shape of its axes, the others plain."""
    case = worlds.random(0)
    for info in worlds.numbers(name):
        same = np.full(case.world.replicates, info.default).reshape((-1,) + (1,) * info.axes)
        p = mechanism.Parameters(**{info.name: same})
        expected = mechanism.update(case.world, mechanism.Parameters(), case.draws)
        assert_same(mechanism.update(case.world, p, case.draws), expected)


def test_a_scenario_s_uncertain_parameters_keep_the_type_of_the_world(name, mechanism):
    """Every number of the mechanism a distribution, as a run has them."""
    parameters, _ = _uncertain(name)
    case = worlds.stepped()
    check_answer(mechanism.update(case.world, parameters, case.draws), case.world, mechanism)


def _uncertain(name):
    changes = {}
    for info in worlds.numbers(name):
        low, high = info.bounds
        spread = 0.2 * abs(info.default) or 0.01 * (high - low)
        changes[f"parameters.{name}.{info.name}"] = {
            "uniform": [max(low, info.default - spread), min(high, info.default + spread)]
        }
    _, rules, warnings = begin(read("sco_expansion", changes=changes), range(6))
    for info in worlds.numbers(name):
        assert getattr(rules.parameters[name], info.name).shape == (6,) + (1,) * info.axes
    return rules.parameters[name], warnings


def test_extreme_parameters_keep_answers_within_bounds(name, mechanism):
    """Each number at either end of its bounds."""
    case = worlds.random(8, 3, 4, 1, 1)
    for info in worlds.numbers(name):
        for value in set(info.bounds) - set(worlds.EXACT.get(name, {}).get(info.name, ())):
            p = mechanism.Parameters(**{info.name: float(value)})
            check_answer(mechanism.update(case.world, p, case.draws), case.world, mechanism)


# -- finding and registering -----------------------------------------------------------------------------------------


def test_an_unknown_mechanism_is_refused_with_the_list():
    with pytest.raises(KeyError, match="no mechanism 'mood'; there are affinity"):
        mechanisms.get("mood")


def test_a_module_from_outside_may_be_registered(monkeypatch):
    monkeypatch.setattr(mechanisms, "_registered", {})
    mine = ModuleType("mine")
    with pytest.raises(TypeError, match="lacks READS, WRITES, Parameters, update"):
        mechanisms.register("mine", mine)
    mine.READS = mine.WRITES = ("bloc",)
    mine.Parameters = mechanisms.get("record").Parameters
    mine.update = lambda world, p, draws: {"bloc": world.bloc}
    mechanisms.register("mine", mine)
    assert "mine" in mechanisms.names() and mechanisms.get("mine") is mine
