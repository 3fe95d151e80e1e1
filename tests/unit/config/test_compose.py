"""One command line through Hydra: overrides, sweeps, what is only shown, and errors in our words."""

import os

import pytest

from sim.cli import hydra
from sim.cli.hydra.source import ScenarioSource
from sim.scenario import read
from sim.scenario.distributions import Distribution


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Compose a command line in an empty folder: (status, the runs asked for, stdout, stderr); nothing is written."""
    monkeypatch.chdir(tmp_path)

    def composed(*argv, task=None):
        before = sorted(tmp_path.rglob("*"))
        runs = []
        task = task or (lambda request: runs.append(request) or 0)
        status = hydra.compose(list(argv), task, sweep=lambda request: runs.extend(request.points()) or 0)
        assert sorted(tmp_path.rglob("*")) == before
        assert os.getcwd() == str(tmp_path)
        out, err = capsys.readouterr()
        return status, runs, out, err

    return composed


def only(result):
    status, runs, _, err = result
    assert (status, err) == (0, "")
    (request,) = runs
    return request


def test_defaults(run):
    request = only(run())
    assert request.scenario == read("sco_expansion")
    assert request.options["replicates"] == 200
    assert request.overrides == ()
    assert not request.sweeping


@pytest.mark.parametrize("more", [(), ("hydra.job.name=run",)], ids=["composed once", "by Hydra's application"])
def test_both_ways_through_hydra_are_one(run, more):
    words = ("seed=3", "results=${hydra:job.name}/${seed}", "scenario.title=seed_${seed}", "+scenario.events.x.type=end")
    status, _, _, err = run(*words, *more)
    assert status == 2  # an event without a time
    assert "scenario.events.x" in err
    request = only(run(*words[:-1], *more))
    assert str(request.results) == "run/3"
    assert request.scenario.title == "seed_3"
    assert request.overrides == ("seed=3", "results='run/3'", "scenario.title=seed_3")


def test_several_values_for_a_single_run(run):
    status, runs, _, err = run("scenario=baseline", "parameters.trust.gain=1,2")
    assert (status, runs) == (2, [])
    assert "gain=1,2 has several values; add -m" in err


def test_a_single_run_is_composed_once(run, monkeypatch):
    read = []
    load = ScenarioSource.load_config
    monkeypatch.setattr(
        ScenarioSource, "load_config", lambda self, config_path: read.append(config_path) or load(self, config_path)
    )
    only(run("seed=2"))
    assert read == ["scenario/sco_expansion"]


def test_the_command_line_goes_over_the_scenario_over_the_code(run):
    first = "scenario.rules=0.1"
    assert only(run("scenario=baseline", first)).scenario.parameters == {}
    assert only(run("scenario=is_growth", first)).scenario.parameters == {"insurgency": {"growth": 0.2}}
    both = only(run("scenario=is_growth", first, "parameters.insurgency.growth=.15", "parameters.trust.gain=.005"))
    assert both.scenario.parameters == {"insurgency": {"growth": 0.15}, "trust": {"gain": 0.005}}
    back = only(run("scenario=is_growth", first, "parameters.insurgency.growth=.1"))
    assert back.scenario.parameters == {}


def test_one_line_counterfactuals(run):
    scenario = only(
        run(
            "scenario.events.us_withdrawal.on=2025-01",
            "~scenario.events.pakistan_joins_sco",
            "~scenario.states.MNG",
            "scenario.states.IND.capability=.1",
            "scenario.organisations.SCO.depth=.5",
            "end=2025-06",
            "scenario.watch=[RUS-CHN]",
            "parameters.trust.gain={uniform: [.004, .008]}",
        )
    ).scenario
    assert scenario.events["us_withdrawal"]["on"] == "2025-01"
    assert "pakistan_joins_sco" not in scenario.events
    assert "MNG" not in scenario.states
    assert scenario.steps == 126
    assert scenario.watch == (("RUS", "CHN"),)
    assert scenario.parameters["trust"]["gain"] == Distribution("uniform", (0.004, 0.008))
    changes = {
        "scenario.events.us_withdrawal.on": "2025-01",
        "~scenario.events.pakistan_joins_sco": None,
        "~scenario.states.MNG": None,
        "scenario.states.IND.capability": 0.1,
        "scenario.organisations.SCO.depth": 0.5,
        "end": "2025-06",
        "scenario.watch": ["RUS-CHN"],
        "parameters.trust.gain": {"uniform": [0.004, 0.008]},
    }
    assert scenario == read("sco_expansion", changes=changes)


def test_actors(run):
    scenario = only(run("scenario.actors.ISK.bias.RUS=5", "scenario.actors.ISK.strength=3500")).scenario
    assert scenario.tables.actors[0]["strength"] == 3500
    assert {row["state"]: row["bias"] for row in scenario.tables.reach if row["bias"] > 2} == {"RUS": 5}
    assert scenario == read(
        "sco_expansion", changes={"scenario.actors.ISK.bias.RUS": 5, "scenario.actors.ISK.strength": 3500}
    )
    gone = only(run("~scenario.actors.ISK")).scenario
    assert gone.tables.actors == gone.tables.reach == []


def test_what_differs_between_the_runs_of_a_sweep(run):
    gains = "parameters.trust.gain=choice(.005,.007)"
    _, points, _, _ = run("-m", "scenario=baseline", "seed=1,2", "plots=false", "~scenario.events.uri", gains)
    assert [point.values for point in points] == [
        {"seed": seed, "parameters.trust.gain": gain} for seed in (1, 2) for gain in (0.005, 0.007)
    ]
    assert points[0].overrides == ("scenario=baseline", "seed=1", "~scenario.events.uri", "parameters.trust.gain=0.005")
    assert [point.values for point in run("-m", "scenario=baseline")[1]] == [{}]


def test_adding_an_event(run):
    word = "+scenario.events.turkey={type: join, organisation: SCO, states: [TUR], on: 2018-01}"
    assert only(run(word)).scenario.events["turkey"]["on"] == "2018-01"


def test_another_time_and_another_type(run):
    event = only(run("+scenario.events.doklam.hazard=.1")).scenario.events["doklam"]
    assert event["hazard"] == 0.1
    assert "on" not in event
    word = "++scenario.events.doklam={type: rivalry, change: end}"
    assert only(run(word)).scenario.events["doklam"]["type"] == "rivalry"


def test_values_keep_their_types(run):
    """A date is text, a title that looks like one too; a state called NO stays NO."""
    scenario = only(run("scenario.title=a: b", "scenario.events.uri.on=2016-10", "scenario.question=2017-06")).scenario
    assert scenario.title == "a: b"
    assert scenario.question == "2017-06"
    assert scenario.events["uri"]["on"] == "2016-10"


FILE = "defaults: [baseline, _self_]\ntitle: T\nquestion: Q?\n"


@pytest.mark.parametrize("path", ["./mine.yaml", "mine.yaml", "mes scénarios/Индия и Пакистан, 2.yaml", "a'b/c.yaml"])
def test_files(run, tmp_path, path):
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / path).write_text(FILE)
    assert only(run(f"scenario={path}")).scenario.title == "T"
    assert only(run(f"scenario={tmp_path / path}")).scenario.title == "T"


def test_a_folder_of_ones_own(run, tmp_path):
    folder = tmp_path / "mes scénarios"
    folder.mkdir()
    (folder / "mine.yaml").write_text(FILE)
    (folder / "child.yaml").write_text("defaults: [mine]\nquestion: Why?\n")
    for given in ("mes scénarios", str(folder)):
        request = only(run("scenario=child", f"scenario_dir={given}", "results=mes résultats"))
        assert request.scenario.parents == ("baseline", "mine")
        assert str(request.scenario_dir) == given
        assert str(request.results) == "mes résultats"
    assert len(run("-m", "scenario=mine,child", "scenario_dir=mes scénarios")[1]) == 2


def test_many_runs(run):
    status, points, _, err = run("-m", "scenario=baseline,no_expansion", "seed=range(1,3)", "replicates=5")
    assert (status, err) == (0, "")
    assert [(point.scenario.name, point.options["seed"]) for point in points] == [
        ("baseline", 1),
        ("baseline", 2),
        ("no_expansion", 1),
        ("no_expansion", 2),
    ]
    points = run("hydra.mode=MULTIRUN", "scenario=glob(no_r*)")[1]
    assert [point.scenario.name for point in points] == ["no_roadmap", "no_rupture"]


def test_a_point_that_cannot_be_run_is_named(run):
    status, _, _, err = run("-m", "parameters.trust.gain=.005,5,.007")
    assert status == 2
    assert "parameters.trust.gain=5" in err
    assert "5 is outside its bounds" in err


def test_what_is_only_shown(run):
    status, runs, out, _ = run("--cfg", "job", "-p", "scenario.events.us_withdrawal")
    assert (status, runs) == (0, [])
    assert "type: intervention" in out
    _, _, out, _ = run("--cfg", "job")
    assert "us_withdrawal:" in out
    assert "gain: 0.006" in out
    _, _, out, _ = run("--info", "searchpath")
    assert "built-in scenarios" in out


def test_completion(run, monkeypatch):
    for line, expected in (
        ("sim run scenario=no_e", "scenario=no_expansion"),
        ("python -m sim run parameters.trust.ga", "parameters.trust.gain="),
        ("/usr/bin/python3.11 -m sim run see", "seed="),
    ):
        monkeypatch.setenv("COMP_LINE", line)
        status, _, out, _ = run("-sc", "query=bash")
        assert status == 0
        assert out.split() == [expected]
    assert "complete -o nospace" in run("-sc", "install=bash")[2]
    assert run("-sc", "install=fish")[0] == 2


@pytest.mark.parametrize(
    ("argv", "what"),
    [
        (["parameters.trust.gian=1"], "parameters.trust.gian: is not a key; did you mean 'gain'? parameters.trust has:"),
        (["sed=3"], "sed: is not a key; did you mean 'seed'? options:"),
        (["scenario.events.us_withdrwal.on=2025-01"], "did you mean 'us_withdrawal'? scenario.events has:"),
        (["~scenario.events.pakistan_joins"], "there is nothing to remove; did you mean 'pakistan_joins_sco'?"),
        (["parameters.trust.gain.x=1"], "is one value; write parameters.trust.gain=VALUE"),
        (["scenario.events.uri.until=2017-01"], "to add it, write '+scenario.events.uri.until=2017-01'"),
        (["scenario.events.uri={size: 1}"], "has no 'size' so far; to add it, write '++scenario.events.uri={size: 1}'"),
        (["+scenario.title=x"], "scenario.title is there already; write it without the +"),
        (["+sede=1"], "sede: is not an option; did you mean 'seed'?"),
        (["seed=1,2"], "seed=1,2 has several values; add -m to run each"),
        (["seed=range(1,3)"], "seed=range(1,3) has several values; add -m to run each"),
        (["seed"], "'seed' is not a change; write option=value"),
        (["sco_expansion"], "'sco_expansion' is not a change; did you mean scenario=sco_expansion?"),
        (["mine.yaml"], "'mine.yaml' is not a change; did you mean scenario=mine.yaml?"),
        (["--seed", "3"], "'--seed' is not a flag; write seed=3"),
        (["--scenario-dir=mine", "--force"], "'--scenario-dir=mine' is not a flag; write scenario_dir=mine"),
        (["scenario.actors.ISKK.strength=1"], "scenario.actors.ISKK.strength: is not a key; did you mean 'ISK'?"),
        (["scenario.actors.ISK.bias.RUSS=1"], "is not a key; did you mean 'RUS'? scenario.actors.ISK.bias has:"),
        (["scenario.actors.ISK.bias.RUS=500"], "500 is outside its bounds; allowed: numbers from 0 to 100"),
        (["scenario.actors.ISK.strength=2e6"], "outside its bounds; allowed: numbers from 0 to 1,000,000, fighters"),
        (["+scenario.actors.TTP={strength: 5}"], "'TTP' is not an actor of eurasia_2015; actors: ISK"),
        (["seed", "=", "3"], "'seed = 3' has spaces around its = sign; write seed=3"),
        (["scenario.title=[a"], "'scenario.title=[a' cannot be read; check brackets and quotes"),
        (["scenario=sco_expnsion"], "there is no scenario 'sco_expnsion'; did you mean 'sco_expansion'?"),
        (["scenario=./nope.yaml"], "./nope.yaml: there is no such file"),
        (["scenario=../config.yaml"], "there is no such file"),
        (["scenario=a,b"], "there is no scenario 'a,b'"),
        (["scenario_dir=nope"], "there is no folder 'nope'"),
        (["parameters.trust.gain=5"], "5 is outside its bounds; it takes a number from 0 to 1"),
        (["parameters.trust.gain=high"], "'high' is not a number"),
        (["scenario.events.uri.on=2017"], "2017 is a year; write a month, such as 2017-06"),
        (["scenario.events.uri.on=2016-13"], "months run from 01 to 12"),
        (["scenario.events.uri.parties=[IND, NO]"], "scenario.events.uri.parties[1]: 'NO' is not a state"),
        (["start=2016-12"], "start: 2016-12 is not the month of eurasia_2015, which is 2015-01"),
        (["end=2014"], "end: 2014 is a year; write a month"),
        (["replicates=auto"], "needs the half-width wanted, such as precision=0.01"),
        (["pool=ray"], "pool: ray shares out the runs of a sweep, and this is one run; add -m, or leave it out"),
        (["hydra/sweeper=nope"], "hydra/sweeper"),
    ],
)
def test_one_clear_message(run, argv, what):
    status, runs, out, err = run(*argv)
    assert status == 2
    assert (runs, out) == ([], "")
    assert what in err
    assert "Traceback" not in err
    assert "HYDRA_FULL_ERROR" not in err


def test_all_problems_at_once(run):
    _, _, _, err = run("parameters.trust.gain=5", "seed=x", "scenario.events.uri.on=2017", "dtype=f")
    assert len(err.splitlines()) == 4
    _, _, _, err = run("parameters.trust.gian=5", "sed=x", "~scenario.events.nope")
    assert len(err.splitlines()) == 3


def test_a_traceback_for_those_who_ask(run, monkeypatch):
    monkeypatch.setenv("HYDRA_FULL_ERROR", "1")
    with pytest.raises(Exception, match="gian"):
        run("parameters.trust.gian=1")
    assert os.environ["HYDRA_FULL_ERROR"] == "1"


def test_the_status_and_the_errors_of_the_task_come_through(run, monkeypatch):
    monkeypatch.delenv("HYDRA_FULL_ERROR", raising=False)
    assert run(task=lambda request: 3)[0] == 3

    def broken(request):
        assert "HYDRA_FULL_ERROR" not in os.environ
        raise ZeroDivisionError("in the task")

    with pytest.raises(ZeroDivisionError, match="in the task"):
        run(task=broken)

    def stopped(request):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(task=stopped)
