"""The verbs beside `run`, as a person meets them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from sim import results
from tests import synthetic
from tests.cli.command import ROOT, call, sim

SCENARIOS = sorted(path.stem for path in (ROOT / "scenarios").glob("*.yaml"))


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("analyst")


@pytest.fixture(scope="session")
def run(place):
    return results.write(synthetic.trajectory(8, end="2016-12"), {}, place / "results")


def said(*words: str, cwd: Path) -> str:
    """What a command prints, which must succeed and fit the terminal."""
    done = call(*words, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(*words: str, cwd: Path) -> str:
    """The message of a command, which must fail with 2 and print nothing else."""
    done = call(*words, cwd=cwd)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize("words", [["list"], ["show", "no_expansion"]])
def test_as_a_command_of_its_own(place, words):
    done = sim(*words, cwd=place)
    assert done.returncode == 0
    assert "Next: python -m sim " in done.stdout
    assert done.stderr == ""


def test_list_shows_every_scenario_with_its_question(place):
    text = said("list", cwd=place)
    rows = json.loads(said("list", "--json", cwd=place))["scenarios"]
    assert [row["name"] for row in rows] == SCENARIOS
    for row in rows:
        assert row["name"] in text
        assert row["question"].endswith("?")
    assert all(len(line) <= 80 for line in text.splitlines())


@pytest.mark.parametrize(
    ("kind", "word"),
    [("mechanisms", "insurgency"), ("parameters", "trust.gain"), ("measures", "cohesion"), ("events", "crisis")],
)
def test_list_the_rest(place, kind, word):
    text = said("list", kind, cwd=place)
    assert word in text
    assert all(len(line) <= 80 for line in text.splitlines())
    assert word in [row["name"] for row in json.loads(said("list", kind, "--json", cwd=place))[kind]]
    assert "Next: " in text.splitlines()[-1]


def test_list_only_what_has_a_word_in_it(place):
    names = [row["name"] for row in json.loads(said("list", "parameters", "insurgency", "--json", cwd=place))["parameters"]]
    assert names
    assert all(name.startswith("insurgency.") for name in names)
    assert "nothing in parameters" in refused("list", "parameters", "zzz", cwd=place)


def test_list_runs(place, run):
    assert run.name in said("list", "runs", cwd=place)
    assert "No runs yet" in said("list", "runs", "--results", "nowhere", cwd=place)


def test_list_own_scenarios_beside_the_built_in_ones(tmp_path):
    (tmp_path / "mine").mkdir()
    own = "defaults: [baseline, _self_]\ntitle: Mine\nquestion: Why?\n"
    (tmp_path / "mine" / "my_story.yaml").write_text(own)
    (tmp_path / "mine" / "broken.yaml").write_text("defaults: [")
    text = said("list", "--scenario-dir", "mine", cwd=tmp_path)
    assert "my_story" in text
    assert "has mistakes" in text
    assert "Mine (my_story)" in said("show", "my_story", "--scenario-dir", "mine", cwd=tmp_path)


def test_show_says_what_changes_and_what_happens(place):
    text = said("show", "no_expansion", cwd=place)
    assert "- events.india_joins_sco" in text
    assert "IMPOSED: A crisis" in text
    assert "What will happen" in text
    assert "[" in text
    assert all(len(line) <= 80 for line in text.splitlines())
    about = json.loads(said("show", "no_expansion", "--json", cwd=place))
    assert {change["key"] for change in about["changes"]} == {"events.india_joins_sco", "events.pakistan_joins_sco"}
    assert "galwan" in about["imposed"]
    assert all(event["what"] for event in about["events"])


def test_show_ends_with_the_known_limits(place):
    text = said("show", "sco_expansion", cwd=place)
    assert "+ 25 events, marked + below" in text
    assert sum(line.startswith("+ 2") for line in text.splitlines()) == 25
    limits = json.loads(said("show", "sco_expansion", "--json", cwd=place))["limits"]
    after = text[text.index("Known limits") :].splitlines()
    assert [line.removeprefix("  - ") for line in after[1 : len(limits) + 1]] == limits


def test_help_of_run(place):
    text = said("run", "--help", cwd=place)
    assert "no_expansion" in text
    assert "report=true" in text
    assert "write report.html, one file to send on" in text
    assert all(len(line) <= 80 for line in text.splitlines())


def test_help(place):
    assert all(len(line) <= 80 for line in said("--help", cwd=place).splitlines())


def test_show_tells_events_in_order(place):
    about = json.loads(said("show", "sco_expansion", "--json", cwd=place))
    months = [event["month"] for event in about["events"] if event["month"] is not None]
    assert months == sorted(months)


@pytest.mark.parametrize("name", SCENARIOS)
def test_built_in_scenarios_pass_their_check(place, name):
    assert json.loads(said("check", name, "--json", cwd=place))["ok"]


def test_sources_give_references_and_what_rests_on_them(place):
    about = json.loads(said("sources", "sco_expansion", "--json", cwd=place))
    uses = {use for row in about["sources"] for use in row["used_by"]}
    assert "events.india_joins_sco" in uses
    assert "capability of states" in uses
    assert about["events_without_source"] == []
    assert not [row for row in about["sources"] if row["reference"].startswith("(no reference")]
    assert "Sources of sco_expansion" in said("sources", "sco_expansion", cwd=place)


@pytest.mark.parametrize("parent", ["baseline", "sco_expansion", "ukraine_rupture", "us_stays"])
def test_new_gives_a_file_that_holds_with_and_without_its_examples(tmp_path, parent):
    assert "wrote my_story.yaml" in said("new", "my_story", "--from", parent, cwd=tmp_path)
    file = tmp_path / "my_story.yaml"
    assert json.loads(said("check", "./my_story.yaml", "--json", cwd=tmp_path))["ok"]
    text = file.read_text()
    assert text.count("#| ") > 10
    file.write_text("\n".join(line.removeprefix("#| ") for line in text.splitlines()))
    assert json.loads(said("check", "./my_story.yaml", "--json", cwd=tmp_path))["ok"]
    keys = {change["key"] for change in json.loads(said("show", "./my_story.yaml", "--json", cwd=tmp_path))["changes"]}
    assert "events.my_agreement" in keys


def test_new_never_overwrites(tmp_path):
    (tmp_path / "mine.yaml").write_text("precious")
    assert "exists already" in refused("new", "mine", cwd=tmp_path)
    assert (tmp_path / "mine.yaml").read_text() == "precious"


@pytest.mark.parametrize("name", ["../up", "a b", "sweeps", "baseline", ".hidden", ""])
def test_new_refuses_names_that_would_not_work(tmp_path, name):
    assert "name" in refused("new", name, cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_new_from_nothing_known(tmp_path):
    assert "did you mean 'sco_expansion'" in refused("new", "mine", "--from", "sco_expansio", cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_check_finds_everything_at_once_with_its_place(tmp_path):
    (tmp_path / "bad.yaml").write_text(
        "defaults: [baseline, _self_]\ntitle: Bad\nquestion: Why?\nevents:\n"
        "  uri: {on: 2030-01-01}\nparameters:\n  trust: {gian: 1}\n  insurgency: {growth: 99}\n"
    )
    message = refused("check", "./bad.yaml", cwd=tmp_path)
    assert "bad.yaml:7:" in message
    assert "did you mean 'gain'" in message
    assert "growth" in message
    about = call("check", "./bad.yaml", "--json", cwd=tmp_path)
    assert about.returncode == 2
    assert len(json.loads(about.stdout)["problems"]) >= 2


def test_plot_draws_what_is_asked(run, place, tmp_path):
    names = [row["name"] for row in json.loads(said("plot", "--list", "--json", cwd=place))["pictures"]]
    assert "cooperation_fan" in names
    text = said("plot", "made_up", "cooperation_fan", "--format", "svg", "--out", str(tmp_path), cwd=place)
    assert text.split() == [str(tmp_path / "cooperation_fan.svg")]
    assert "cooperation_fan" in said("plot", "made_up", "--list", cwd=place)


def test_report_of_a_run(run, place, tmp_path):
    text = said("report", "made_up", "--out", str(tmp_path / "r.html"), cwd=place)
    assert text.splitlines()[-1] == str(tmp_path / "r.html")
    about = json.loads(said("report", str(run), "--json", cwd=place))
    assert about["kind"] == "run" and Path(about["report"]) == run / "report.html"
    assert (run / "report.html").read_bytes() == (tmp_path / "r.html").read_bytes()


def test_report_refuses_with_a_hint(run, place, tmp_path):
    assert "did you mean 'made_up'" in refused("report", "madeup", cwd=place)
    assert "cannot write" in refused("report", "made_up", "--out", str(tmp_path / "no" / "r.html"), cwd=place)


def test_plot_refuses_with_a_hint(run, place):
    assert "did you mean 'cooperation_fan'" in refused("plot", "made_up", "coperation_fan", cwd=place)
    assert "did you mean 'made_up'" in refused("plot", "madeup", cwd=place)
    assert "which run?" in refused("plot", cwd=place)


def test_plot_of_an_unfinished_run(run, tmp_path):
    copy = shutil.copytree(run, tmp_path / "copy")
    (copy / "manifest.json").unlink()
    assert "unfinished run" in refused("plot", "copy", cwd=tmp_path)
    (copy / ".entente").unlink()
    for words in ("plot", "report", "explain --dyad IND PAK", "replay", "fork --with baseline --at 2016-02"):
        verb, *more = words.split()
        said = refused(verb, "copy", *more, cwd=tmp_path)
        assert "holds no run" in said and "delete" not in said


def test_a_scenario_cannot_steer_the_terminal(tmp_path):
    own = 'defaults: [baseline, _self_]\ntitle: "Mine\\e[2J"\nquestion: "Why\\a?"\n'
    (tmp_path / "mine.yaml").write_text(own)
    for verb in ("show", "check", "sources"):
        done = call(verb, "./mine.yaml", cwd=tmp_path)
        assert "\x1b" not in done.stdout + done.stderr
        assert "\x07" not in done.stdout + done.stderr


def test_new_says_as_json_which_file_it_wrote(tmp_path):
    about = json.loads(said("new", "mine", "--from", "us_stays", "--json", cwd=tmp_path))
    assert Path(about["file"]) == tmp_path / "mine.yaml" and (tmp_path / "mine.yaml").is_file()
    assert (about["name"], about["from"]) == ("mine", "us_stays")
