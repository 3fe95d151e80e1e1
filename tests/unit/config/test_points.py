"""The points of a sweep: each is the run that its own command line gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import resources
from sim.cli import hydra
from sim.results import digest
from sim.scenario.text import read_file


@pytest.fixture
def sweep(tmp_path, monkeypatch, capsys):
    """Compose a sweep in an empty folder: (status, the request, its points, stderr)."""
    monkeypatch.chdir(tmp_path)

    def composed(*argv):
        got = []

        def take(request):
            got.append((request, list(request.points())))
            return 0

        status = hydra.compose(list(argv), lambda request: pytest.fail("not a sweep"), sweep=take)
        request, points = got[0] if got else (None, [])
        return status, request, points, capsys.readouterr().err

    return composed


def single(words):
    """The run that a command line gives."""
    got = []
    assert hydra.compose(list(words), lambda request: got.append(request) or 0) == 0
    return got[0]


@pytest.mark.parametrize(
    "words",
    [
        ["-m", "scenario=no_expansion,is_growth", "parameters.insurgency.growth=.1,.15", "seed=2"],
        ["-m", "scenario.events.us_withdrawal.on=2020-01,2025-01", "parameters.trust.gain=.005,{uniform: [.004,.008]}"],
        ["-m", "design=zip", "scenario=baseline", "end=2016-12,2017-12", "replicates=5,6", "save=dyads"],
        ["-m", "design=lhs", "samples=2", "parameters.trust.gain=tag(log,interval(.003,.012))", "~scenario.events.uri"],
        ["-m", "design=one", "scenario=is_growth", "parameters.insurgency.growth=.1,.3", "scenario.events.uri=null"],
        ["-m", "+scenario.events.doklam.hazard=.1,.2", "scenario=sco_expansion"],
    ],
    ids=["scenarios", "story", "options", "sampled", "one", "added"],
)
def test_a_point_is_what_its_own_command_line_gives(sweep, words):
    status, request, points, err = sweep(*words)
    assert (status, err) == (0, "")
    assert len(points) == request.size > 1
    for point in points[-3:]:
        own = single(point.overrides)
        assert own.scenario == point.scenario
        assert own.scenario.warnings == point.scenario.warnings
        assert digest(own.scenario, own.options) == digest(point.scenario, point.options)


def test_one_at_a_time_says_what_stands(sweep):
    points = sweep("-m", "design=one", "scenario=is_growth", "parameters.insurgency.growth=.1,.3", "seed=1,5")[2]
    assert [point.values for point in points] == [
        {"parameters.insurgency.growth": growth, "seed": seed}
        for growth, seed in ((0.2, 1), (0.1, 1), (0.3, 1), (0.2, 1), (0.2, 5))
    ]


def test_distributions_of_the_scenario_are_the_axes(sweep):
    words = ["parameters.trust.gain={uniform: [.003,.012]}", "scenario.events.road_map.depth={triangular: [0,.5,1]}"]
    _, request, points, _ = sweep("-m", "design=random", "samples=20", *words)
    assert {axis["key"] for axis in request.axes} == {"parameters.trust.gain", "scenario.events.road_map.depth"}
    gains = [point.values["parameters.trust.gain"] for point in points]
    assert len(set(gains)) == 20 and all(0.003 <= gain <= 0.012 for gain in gains)
    assert points[0].scenario.parameters["trust"]["gain"] == gains[0]


@pytest.mark.parametrize("path", sorted((resources.conf() / "sweep").glob("*.yaml")), ids=lambda path: path.stem)
def test_named_sweeps(sweep, path):
    """Each can be planned, says in its head what it asks, and is in the folder's README."""
    status, request, points, err = sweep(f"sweep={path.stem}")
    assert (status, err) == (0, "")
    assert request.name == path.stem and len(points) == request.size
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# @package _global_" and lines[1].startswith(f"# {path.stem}: ") and lines[1].endswith("?")
    assert f"`{path.stem}`" in (path.parent / "README.md").read_text(encoding="utf-8")
    assert read_file(path, []).value


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-m", "workers=1,2"], "workers says how the whole sweep is run"),
        (["-m", "parameters.trust.gain=interval(.01,.02)"], "sample it with design=lhs"),
        (["-m", "seed=1,2", "design=latin"], "design=latin is not a design"),
        (["-m", "seed=1,2", "outcomes=[cooperation:eigth]"], "did you mean 'eight'"),
        (["-m", "seed=1,2", "at=[1999-01]"], "1999-01 is outside the run"),
        (["-m", "seed=1,2", "at=[2017]"], "is not a month"),
        (["dry_run=true"], "dry_run: is of a sweep"),
        (["sweep=is_grwth"], "did you mean 'is_growth'? sweeps: "),
    ],
)
def test_mistakes_are_one_message(sweep, words, said, capsys):
    from sim.results import ResultsError

    try:
        status = hydra.compose(words, lambda request: pytest.fail("ran"), sweep=lambda request: pytest.fail("planned"))
        err = capsys.readouterr().err
    except ResultsError as error:  # told by the command line's main
        status, err = 2, str(error)
    assert status == 2
    assert said in err
    assert "Traceback" not in err


@given(st.one_of(st.integers(-(10**6), 10**6), st.floats(allow_nan=False, allow_infinity=False)))
def test_numbers_are_parsed_as_hydra_does(number):
    from hydra.core.override_parser.overrides_parser import OverridesParser

    from sim.cli.hydra.words import parse

    ours, theirs = parse(f"a.b_1={number!r}"), OverridesParser.create().parse_override(f"a.b_1={number!r}")
    assert ours == theirs and repr(ours.value()) == repr(theirs.value())
