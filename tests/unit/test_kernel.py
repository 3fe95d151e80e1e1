"""The kernel: what it is generated from, that it does what numpy does, the same bits by any compiler, when it is used."""

from __future__ import annotations

import platform
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import compare, mechanisms, resources
from sim.engine import booking, step
from sim.kernel import build, covers, generate, layout
from sim.kernel.library import Control, KernelError, library
from sim.kernel.plan import results_of
from sim.kernel.start import start_of
from sim.kernel.translate import NotPlain, translated
from sim.mechanisms.trust import ACCOUNTS
from sim.options import ENGINES
from sim.questions.compare.pairing import CannotPair, compare_all
from sim.questions.fork import CannotFork, fork
from sim.questions.replay import replay
from sim.results import open_run
from sim.results.obtain import run
from sim.results.recovery import told_by
from sim.results.run_digest import digest
from sim.scenario import ScenarioError, read
from sim.scenario.rules import RULES
from sim.simulation.engines import engine_of
from sim.simulation.ensemble import simulate
from sim.simulation.precision import simulate_until
from sim.start.world import begin
from tests.kernel.agreement import CLOSE, both, difference
from tests.kernel.bits import plan_for, results_by, results_in_node
from tests.kernel.stories import story as random_story
from tests.unit.tiny import changes, tiny
from tests.unit.told import EVENTS, story

BUILT_IN = sorted(path.stem for path in resources.scenarios().glob("*.yaml"))


@cache
def _why_not() -> str:
    if build.find() is None:
        try:
            build.build()
        except build.CannotBuild as error:
            return str(error)
    return ""


@pytest.fixture
def kernel():
    if _why_not():
        pytest.skip(f"the kernel cannot be compiled here: {_why_not()}")
    return library()


# ---- what the sources share with Python


def test_generated_sources_are_up_to_date():
    """Otherwise: python -m sim.kernel generate."""
    assert generate.stale() == []


def plain(p, x, y):
    """A docstring, which is left out."""
    a, b = x - y, 2 * y
    a = a / b
    return np.maximum(a, p.rate) if x < y else -np.exp(b), abs(a)


def test_a_plain_function_of_numbers_becomes_c():
    text = translated(plain, "thaw")
    assert text.splitlines() == [
        "static inline void thaw_plain(const thaw_parameters *p, double x, double y, double *out0, double *out1) {",
        "    double a = (x - y);",
        "    double b = (2.0 * y);",
        "    a = (a / b);",
        "    *out0 = ((x < y) ? larger(a, p->rate) : (-exp_of(b)));",
        "    *out1 = fabs(a);",
        "}",
    ]


def loops(x):
    for _ in range(3):
        x = x + 1
    return x


def calls_others(x):
    return np.cumsum(x)


def reads_what_is_not_there(x):
    return x + LARGEST  # noqa: F821


def gives_nothing(x):
    x = x + 1


@pytest.mark.parametrize("function", [loops, calls_others, reads_what_is_not_there, gives_nothing])
def test_what_leaves_the_subset_is_an_error_with_its_place(function):
    with pytest.raises(NotPlain, match=r"test_kernel\.py:\d+: `.*` in thaw\." + function.__name__):
        translated(function, "thaw")


# ---- the same as numpy


@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("name", BUILT_IN)
def test_built_in_scenarios_agree_with_numpy(name, rules, kernel):
    found = difference(*both(read(name, changes={"scenario.rules": rules}), replicates=3))
    assert found.agree, found


@settings(max_examples=12, deadline=None)
@given(number=st.integers(0, 10**6))
def test_random_stories_agree_with_numpy(number):
    """Five hundred of them: python -m tests.kernel --stories 500."""
    if _why_not():
        pytest.skip(f"the kernel cannot be compiled here: {_why_not()}")
    found = difference(*both(random_story(number), replicates=3, seed=number))
    assert found.agree, found


def test_a_difference_is_found(kernel):
    """The test of the tests: one choice, one number and one event start that are otherwise."""
    one, other = both(story("luck", "pact"), replicates=3)
    other.dyads["action"][1, 3, 0, 1] += 1
    other.trust[2, 0, 1] += 10 * CLOSE
    other.fired["luck"] = other.fired["luck"] + 1
    found = difference(one, other)
    assert set(found.choices) == {"dyads/action", "start of luck"} and found.largest > CLOSE
    assert found.where == "mean trust" and not found.agree


def test_more_replicates_threads_or_fewer_at_a_time_change_no_bit(kernel):
    told = read("sco_expansion", changes={"end": "2016-12"})
    one = simulate(told, replicates=250, workers=1, engine="kernel")
    two = simulate(told, replicates=250, workers=2, engine="kernel")
    few = simulate(told, replicates=7, workers=2, engine="kernel")
    for name, series in one.series.items():
        assert series.values.tobytes() == two.series[name].values.tobytes()
        assert np.array_equal(series.values[:7], few.series[name].values)
    assert one.ledger.mean.tobytes() == two.ledger.mean.tobytes() and one.trust.tobytes() == two.trust.tobytes()


def test_one_replicate_with_an_uncertain_number_is_the_first_of_many(kernel):
    told = story("luck", **{"events.luck.add": {"normal": [-0.1, 0.05]}})
    alone, many = (simulate(told, replicates=count, engine="kernel", workers=1) for count in (1, 5))
    assert np.array_equal(alone.series["trust"].values, many.series["trust"].values[:1])


def test_uncertain_numbers_of_sides_give_each_replicate_its_start(kernel):
    told = read("baseline_2025", changes={"parameters.blocs.non_alignment": {"uniform": [0.05, 0.2]}, "end": "2025-06"})
    one, other = both(told, replicates=5)
    assert difference(one, other).agree and len(np.unique(one.series["bloc"].values[:, 0], axis=0)) > 1


def test_as_many_replicates_as_precision_asks_for(kernel):
    found = [
        simulate_until(tiny(), precision=0.02, measure="cooperation:CHN-RUS", engine=engine, workers=1, most=300)
        for engine in ("numpy", "kernel")
    ]
    assert found[0].stopped["blocks"] == found[1].stopped["blocks"]
    assert difference(*found).agree


@pytest.mark.parametrize("imposing", [False, True])
@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_month_by_month_every_array_of_the_world_agrees(number, imposing, kernel):
    told = random_story(number)
    plan = start_of(kernel, told, range(3), seed=number).plan
    world, rules, _ = begin(told, range(3), seed=number)
    states = [kernel.begin(plan, row) for row in range(3)]
    n = len(told.states)
    imposed = np.full((n, n), layout.CHOSEN_BY_ITSELF, np.int8)
    imposed[0, 1:], imposed[1, 0] = 1, -1

    def decide(world, _):
        chosen = imposed[None] != layout.CHOSEN_BY_ITSELF
        return world.replace(action=np.where(chosen, imposed, world.action).astype(np.int8))

    for month in range(told.start, told.end + 1):
        for name in layout.STATE:
            mine = np.broadcast_to(world.arrays[name], (3, *world.arrays[name].shape[1:])).reshape(3, -1)
            its = np.stack([layout.read(state, layout.SAVED)[name][0] for state in states])
            apart = np.abs(mine.astype(float) - its.astype(float)) / np.maximum(1, np.abs(mine.astype(float)))
            assert apart.max(initial=0) <= (CLOSE if mine.dtype == float else 0), (name, month)
        if month == told.end:
            break
        world, events = step(world, rules, month, decide if imposing else None)
        took = [kernel.step(plan, row, month, state, imposed if imposing else None) for row, state in enumerate(states)]
        states = [state for state, _ in took]
        booked = np.stack([terms for _, terms in took])
        accounts = len(ACCOUNTS)
        assert np.abs(booked[:, :accounts] - world.trust_terms).max() <= CLOSE
        for k, key in enumerate(booking(rules.events)):
            assert np.abs(booked[:, accounts + k] - events.get(key, 0)).max() <= CLOSE


def test_a_saved_state_goes_on_as_the_run_does(kernel):
    told = story("luck", "clash")
    plan, results = plan_for(told, 1)
    kernel.run(plan, 0, 1, results, Control())
    whole = layout.read(results, layout.RESULTS)["dyads_trust"].reshape(told.steps + 1, -1)
    state = kernel.begin(plan, 0)
    for k, month in enumerate(range(told.start, told.end)):
        assert layout.read(state, layout.SAVED)["trust"].tobytes() == whole[k].tobytes()
        kept = state.copy()
        later, _ = kernel.step(plan, 0, month, state)
        assert state.tobytes() == kept.tobytes() != later.tobytes()
        state = later
    with pytest.raises(KernelError, match="does not understand"):
        kernel.step(plan, 0, told.start, state[:-64])
    with pytest.raises(ValueError, match="imposed actions have shape"):
        kernel.step(plan, 0, told.start, state, np.zeros((2, 2)))


# ---- the same bits


@pytest.mark.slow
@pytest.mark.parametrize("compiler", ["gcc", "clang", "zig"])
def test_compilers_and_processors_give_the_same_bits(compiler, kernel, tmp_path):
    if compiler not in build.compilers():
        pytest.skip(f"{compiler} is not there")
    told = read("sco_expansion", changes={"end": "2016-12"})
    mine = results_by(kernel.path, told, replicates=3)
    libraries = [build.build(tmp_path, compiler)]
    if build.level() == "x86-64-v3":
        libraries.append(tmp_path / "least" / build.library_name("x86_64"))
        build.compile_to(libraries[-1], build.compilers()[compiler], "x86_64")
    for one in libraries:
        its = results_by(one, told, replicates=3)
        assert [name for name in mine if mine[name].tobytes() != its[name].tobytes()] == []


@pytest.mark.slow
def test_wheels_for_this_platform_have_a_kernel_that_is_found_and_gives_the_same_bits(kernel, tmp_path):
    """Those of others are compiled the same way; `python -m sim.kernel build --all` makes all five."""
    here = f"{sys.platform}-{platform.machine().lower()}"
    if "zig" not in build.compilers() or here not in build.TARGETS:
        pytest.skip(f"zig is not there, or no wheel is made for {here}")
    told = read("sco_expansion", changes={"end": "2015-12"})
    mine = results_by(kernel.path, told, replicates=2)
    made = build.build_for(here, tmp_path)
    assert build.library_name() in {path.name for path in made}
    for path in made:
        its = results_by(path, told, replicates=2)
        assert [name for name in mine if mine[name].tobytes() != its[name].tobytes()] == []


@pytest.mark.slow
def test_the_kernel_for_browsers_gives_the_same_bits_in_node(kernel, tmp_path):
    if "zig" not in build.compilers() or shutil.which("node") is None:
        pytest.skip("zig or node is not there")
    told = read("sco_expansion", changes={"end": "2016-12"})
    mine, its = results_by(kernel.path, told, 3), results_in_node(build.build_wasm(tmp_path), told, 3)
    assert [name for name in mine if mine[name].tobytes() != its[name].tobytes()] == []


# ---- when it is used


def test_the_default_is_the_kernel_and_numpy_can_be_asked_for(kernel, monkeypatch):
    assert engine_of(tiny()) == ("kernel", "") and simulate(tiny(), replicates=1, workers=1).engine["name"] == "kernel"
    monkeypatch.setattr(covers, "reason_against", lambda *_, **__: pytest.fail("asked"))
    assert engine_of(tiny(), "numpy") == ("numpy", "")


def test_what_the_kernel_cannot_is_said(kernel, monkeypatch):
    exact = read("baseline", changes={"parameters.trust.balance_step": "exact"})
    outside = type(mechanisms)("outside")
    vars(outside).update({k: getattr(mechanisms.get("anchor"), k) for k in ("READS", "WRITES", "Parameters", "update")})
    for told, more, why in (
        (tiny(), {"behaviours": {"CHN": object}}, "behaviours of your own decide for CHN"),
        (exact, {}, "it has no trust.balance_step=exact"),
        (
            story("uneasy", **{"events.uneasy.parameter": "triads.updates"}),
            {},
            "it cannot set triads.updates (events.uneasy)",
        ),
    ):
        engine = engine_of(told, "auto", **more)
        assert engine.name == "numpy" and why in engine.reason
        with pytest.raises(ScenarioError, match=r"engine: the kernel cannot carry out .*; write engine=auto"):
            engine_of(told, "kernel", **more)
    monkeypatch.setitem(mechanisms._registered, "anchor", outside)
    assert "it has no mechanism 'anchor'" in engine_of(tiny(), "auto").reason
    with pytest.raises(ValueError, match="one of auto, kernel, numpy"):
        engine_of(tiny(), "fortran")
    with pytest.raises(ValueError, match="it is float64"):
        engine_of(tiny(), dtype="float32")


@pytest.mark.parametrize(
    ("table", "left", "why"),
    [
        ("EVENT_TYPES", ("crisis",), "it has no event type 'exercise' (events.drill)"),
        ("EVENT_FIELDS", (), "it does not know the field 'parties' of events.drill"),
        ("STATE", (), "it cannot change trust (events.luck)"),
        ("CONDITION_FIELDS", ("measure", "all", "months"), "it does not know 'above' in the condition of events.luck"),
        ("PARAMETERS", {**layout.PARAMETERS, "trust": ()}, "it does not know the parameter trust.gain"),
        ("WORDS", {}, "it has no decision.expected="),
        ("MECHANISMS", (), "it has no mechanism"),
        ("YEARLY", (), "it does not have the same measures: "),
    ],
)
def test_what_comes_after_the_kernel_is_not_left_out_in_silence(table, left, why, kernel, monkeypatch):
    """A rule, field, array or measure that numpy has and the kernel does not: then numpy carries it out."""
    when = {"all": [{"measure": "crises:world", "above": 1}, {"measure": "crises:world", "above": 2}]}
    told = read("baseline", changes={**changes(**{"events.drill": EVENTS["drill"]}), "parameters.trust.gain": 0.01})
    if table in ("STATE", "CONDITION_FIELDS"):
        luck = {key: value for key, value in EVENTS["luck"].items() if key != "hazard"}
        told = story("luck", **{"events.luck": {**luck, "when": when}})
    assert engine_of(told, "auto").name == "kernel"
    monkeypatch.setattr(layout, table, left)
    engine = engine_of(told, "auto")
    assert engine.name == "numpy" and engine.reason.startswith(why)


def test_every_parameter_that_the_kernel_knows_is_read_by_it_or_belongs_to_the_start():
    text = "".join(path.read_text(encoding="utf-8") for path in generate.SOURCES.glob("*.c"))
    text += (generate.SOURCES / "equations.h").read_text(encoding="utf-8")
    start = {f"decision.conflict_{name}" for name in ("base", "border")} | {"trust.centring", "trust.balance_step"}
    start |= {f"anchor.{name}" for name in ("level", "consultation", "start", "weight", "lasting")} | {"blocs.past"}
    start |= {f"anchor.per_{name}" for name in ("pact", "distance", "rivalry")}
    for mechanism, name in layout.parameters():
        read_there = re.search(rf"\b(p|p->{mechanism})(\.|->){name}\b", text)
        assert read_there or f"{mechanism}.{name}" in start, f"{mechanism}.{name}"


def test_where_it_is_not_compiled_runs_go_on_with_numpy_and_say_so(monkeypatch, tmp_path):
    monkeypatch.setattr(covers, "library", lambda: None)
    found = run(tiny(), replicates=2, engine="auto", results=tmp_path, workers=1)
    assert found.manifest["engine"]["name"] == "numpy"
    assert any("python -m sim.kernel build" in sentence for sentence in found.manifest["validity"])
    with pytest.raises(ScenarioError, match="not compiled here"):
        run(tiny(), replicates=2, engine="kernel", results=tmp_path, workers=1)


def test_the_manifest_says_which_engine_and_the_digest_tells_them_apart(kernel, tmp_path):
    by = {engine: run(tiny(), replicates=2, engine=engine, results=tmp_path, workers=1) for engine in ENGINES}
    assert by["auto"].path == by["kernel"].path != by["numpy"].path
    assert open_run(by["kernel"].path).manifest["engine"] == {"name": "kernel", "reason": ""}
    assert "Carried out by the kernel." in by["kernel"].manifest["validity"]
    assert not any("kernel" in sentence for sentence in by["numpy"].manifest["validity"])
    options = {"seed": 1, "replicates": 2}
    assert digest(tiny(), options) == digest(tiny(), options | {"engine": "kernel"})
    assert digest(tiny(), options) != digest(tiny(), options | {"engine": "numpy"})


def test_runs_of_both_engines_are_not_paired_and_a_comparison_by_name_takes_the_kernel_over(kernel, tmp_path):
    told = {engine: run(tiny(), replicates=2, engine=engine, results=tmp_path, workers=1) for engine in ("numpy", "kernel")}
    with pytest.raises(CannotPair, match="numpy and kernel carried them out"):
        compare_all(list(told.values()))
    assert len(compare_all(list(told.values()), paired=False)) == 1
    assert told_by(told["kernel"].manifest, tmp_path)[0]["engine"] == "kernel"
    assert told_by(told["numpy"].manifest, tmp_path)[0]["engine"] == "numpy"


def test_a_run_by_the_kernel_is_replayed_by_it(kernel, tmp_path):
    one = run(tiny(), replicates=2, engine="kernel", results=tmp_path, workers=1)
    assert replay(one, workers=1).same


def test_a_future_that_the_kernel_cannot_carry_out_is_refused(kernel, tmp_path, monkeypatch):
    past = run(story("warm", name="past"), replicates=2, results=tmp_path, workers=1)
    monkeypatch.setattr(covers, "not_there", lambda: "it is gone")
    with pytest.raises(CannotFork, match=r"cannot carry out future: it is gone; .*engine=numpy"):
        fork(past, [story("warm", "drill", name="future")], at="2015-06")


def test_runs_made_to_be_compared_come_of_one_engine(kernel, tmp_path):
    exact = read("baseline", changes=changes() | {"parameters.trust.balance_step": "exact"})
    found = compare(tiny(), replace(exact, name="exact"), replicates=2, results=tmp_path, workers=1)
    assert {one.manifest["engine"]["name"] for one in (found.a, found.b)} == {"numpy"}


# ---- blocks and errors


def test_the_kernel_refuses_what_it_does_not_understand(kernel):
    plan, results = plan_for(tiny(), 2)
    for spoilt in (plan[:40], plan[:-64], np.concatenate([plan[1:], plan[:1]])):
        with pytest.raises(KernelError, match="does not understand"):
            kernel.run(np.ascontiguousarray(spoilt), 0, 2, results, Control())
    other = plan.copy()
    other[8:12].view("<u4")[:] = layout.VERSION + 1
    for arguments in ((other, 0, 2, results), (plan, 1, 2, results), (plan, 0, 2, plan), (plan, -1, 1, results)):
        with pytest.raises(KernelError, match="does not understand"):
            kernel.run(*arguments, Control())


def test_a_number_that_is_not_finite_is_an_error_with_its_month_and_replicate(kernel):
    plan, results = plan_for(tiny(), 2)
    layout.read(plan, layout.PLAN)["anchor"][:, 1] = np.nan
    with pytest.raises(KernelError, match="replicate 0: a number is not finite after the events in 2015-01"):
        kernel.run(plan, 0, 2, results, Control())


def test_a_fault_names_the_mechanism(kernel):
    start = start_of(kernel, story("uneasy", **{"events.uneasy.on": "2015-04"}), range(2, 4), seed=1)
    numbers = layout.read(start.plan, layout.PLAN)["event_numbers"]
    numbers[numbers == 0.03] = np.nan  # the noise of trust from April on
    results = results_of(start.rules.frame, 0, 2, 24, "measures")
    with pytest.raises(KernelError, match="replicate 2: a number is not finite after the mechanism trust in 2015-04"):
        kernel.run(start.plan, 0, 2, results, Control())


def test_somebody_may_ask_it_to_stop(kernel):
    plan, results = plan_for(tiny(), 2)
    control = Control(stop=1)
    assert not kernel.run(plan, 0, 2, results, control)
    assert control.done == 2


LONG = """
import sys
from sim.scenario import read
from sim.simulation.ensemble import simulate
simulate(read("sco_expansion"), replicates=20_000, engine="kernel",
         progress=lambda done, total: print(done, flush=True) if done else None)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT between processes")
def test_ctrl_c_stops_it(kernel):
    child = subprocess.Popen([sys.executable, "-c", LONG], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert int(child.stdout.readline()) > 0
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=60)
    finally:
        child.kill()
    assert child.returncode != 0 and "KeyboardInterrupt" in said
