"""`python -m sim compare`, from scenario names to the folder; small runs, made once."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from sim import plots, results
from tests.cli.command import call, sim

OPTIONS = ("replicates=24", "end=2017-12", "workers=1")
PAIR = ("compare", "sco_expansion", "no_expansion")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("compare")


@pytest.fixture(scope="module")
def first(place):
    """Two scenarios by name, neither run before, as the user sees it."""
    return sim(*PAIR, "--", *OPTIONS, cwd=place)


@pytest.fixture(scope="module")
def folders(first, place):
    return [
        str(path.parent.relative_to(place))
        for name in ("sco_expansion", "no_expansion")
        for path in place.glob(f"results/{name}/*/manifest.json")
    ]


def test_runs_what_is_missing_and_says_where(first, place):
    assert first.returncode == 0, first.stderr
    assert "simulating sco_expansion: 100 %" in first.stderr and "simulating no_expansion: 100 %" in first.stderr
    folder = place / first.stdout.splitlines()[-1]
    assert folder == place / "results" / "compare" / "sco_expansion__vs__no_expansion"
    assert first.stdout.splitlines()[-2].startswith("Next: python -m sim ")
    wanted = {".entente", "differences.csv", "effects.csv", "manifest.json", "plots", "report.html"}
    assert {path.name for path in folder.iterdir()} == wanted
    pictures = {path.stem for path in (folder / "plots").iterdir()}
    assert pictures == set(plots.FIRST_LOOK["comparison"])


def test_prints_an_answer_a_person_can_read(first):
    words = " ".join(first.stdout.split())
    assert "90 % interval of the mean" in words and "Pair by pair: " in words and "December 2017" in words
    assert "Chosen among " in words
    assert "only in sco_expansion: 9 June 2017: India joins the Shanghai Cooperation Organisation" in words
    assert "Exactly the same until June 2017, when they part: India joins the SCO and Pakistan joins the SCO." in words
    assert "Common random numbers: mean difference" in words and "with independent seeds" in words
    assert "* not the same members in both" in words
    assert "parameters are assumptions" in words
    assert all(len(line) <= 80 for line in first.stdout.splitlines()[:-2])
    assert "\x1b" not in first.stdout


@pytest.mark.slow
def test_finished_runs_are_found_with_the_same_options(first, folders, place):
    assert len(folders) == 2
    again = call(*PAIR, "--", *OPTIONS, "plots=false", "report=false", cwd=place)
    assert again.returncode == 0, again.stderr
    assert "simulating" not in again.stderr
    assert again.stdout.splitlines()[2:20] == first.stdout.splitlines()[2:20]


def test_folders_in_any_mixture(folders, place):
    for runs in (folders, [folders[0], "no_expansion"], ["sco_expansion", folders[1]], [Path(folders[0]).name, folders[1]]):
        done = call("compare", *runs, "--json", "plots=false", "report=false", cwd=place)
        assert done.returncode == 0, done.stderr
        assert [Path(run).name for run in json.loads(done.stdout)["runs"]] == [Path(folder).name for folder in folders]
        assert "simulating" not in done.stderr


def test_json_is_one_object(folders, place):
    about = json.loads(call("compare", *folders, "--json", "plots=false", "report=false", cwd=place).stdout)
    assert Path(about["folder"]).name == "sco_expansion__vs__no_expansion"
    (pair,) = about["pairs"]
    assert (pair["first"], pair["second"], pair["same"]) == ("sco_expansion", "no_expansion", False)
    assert pair["first_month"] == "2017-06" and pair["because"] == ["events.india_joins_sco", "events.pakistan_joins_sco"]
    assert pair["direction"] in ("higher", "lower") and pair["looked_at"] > 10
    rows = {(row["measure"], row["subject"]): row for row in pair["differences"]}
    _, a = results.open_run(place / folders[0]).series("cooperation", "eight")
    _, b = results.open_run(place / folders[1]).series("cooperation", "eight")
    row = rows["cooperation", "eight"]
    assert (row["from"], row["to"]) == ("2017-06", "2017-12")
    assert row["mean"] == pytest.approx((a - b)[:, -7:].mean()) and row["low"] < row["mean"] < row["high"]
    assert row["at_the_end"]["mean"] == pytest.approx((a - b)[:, -1].mean())
    with (Path(about["folder"]) / "differences.csv").open(newline="") as file:
        assert next(csv.reader(file)) == ["model", "scenario", "region", "variable", "unit", "time", "value"]


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    """Two scenarios of one year, `growing` and `still`, in a folder of their own."""
    place = tmp_path_factory.mktemp("short")
    for name, more in (("growing", ""), ("still", "parameters: {insurgency: {growth: .01}}\n")):
        (place / f"{name}.yaml").write_text(f"defaults: [no_expansion]\ntitle: {name}\nend: 2015-06\n{more}")
    return place


SHORT = ("compare", "growing", "still", "--scenario-dir", ".", "--json", "--", "plots=false", "report=false")
QUICK = ("scenario_dir=.", "workers=1", "plots=false", "report=false")


def runs_of(done) -> list[dict]:
    assert done.returncode == 0, done.stderr
    return [json.loads((Path(run) / "manifest.json").read_text()) for run in json.loads(done.stdout)["runs"]]


def changed_in(about):
    return {f"{mechanism}.{name}" for mechanism, values in about["parameters_changed"].items() for name in values}


def test_a_name_means_the_scenario_as_its_file_says(short):
    """Neither a run with another parameter nor a sweep, though newer, changes what `growing` and `still` are."""
    own = call("run", "scenario=growing", "replicates=30", *QUICK, cwd=short)
    assert own.returncode == 0, own.stderr
    changed = call("run", "scenario=growing", "replicates=21", "parameters.trust.balance=.02", *QUICK, cwd=short)
    assert changed.returncode == 0, changed.stderr
    axes = ("seed=1,2", "parameters.trust.balance=.02,.01")
    swept = call("run", "-m", "scenario=growing", *axes, "replicates=22", *QUICK, cwd=short)
    assert swept.returncode == 0, swept.stderr
    done = call(*SHORT, cwd=short)
    for about in runs_of(done):
        assert (about["replicates"], about["seed"]) == (30, 1) and "trust.balance" not in changed_in(about)
    folder = Path(own.stdout.splitlines()[-1])
    assert f"taken over from {folder}: replicates=30" in done.stderr
    assert call("explain", "growing", "--dyad", "RUS", "CHN", "--no-plot", "--json", cwd=short).returncode == 0
    assert results.find("growing", short / "results") == short / folder
    listed = call("list", "runs", cwd=short).stdout
    assert "trust.balance=.02" in listed and "of sweep" in listed
    rows = {row["run"]: row for row in json.loads(call("list", "runs", "--json", cwd=short).stdout)["runs"]}
    assert rows[folder.name]["changed"] == [] and rows[folder.name]["sweep"] == ""
    assert sum(bool(row["sweep"]) for row in rows.values()) == 4


def test_where_only_changed_runs_are_there_reading_says_so_and_compare_simulates(short, tmp_path):
    for file in short.glob("*.yaml"):
        (tmp_path / file.name).write_text(file.read_text())
    made = call("run", "scenario=still", "replicates=21", "parameters.trust.balance=.02", *QUICK, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    read = call("explain", "still", "--dyad", "RUS", "CHN", "--no-plot", "--json", cwd=tmp_path)
    assert read.returncode == 0 and "no finished run of still as its file says" in read.stderr
    assert "trust.balance=.02" in read.stderr
    done = call("compare", "still", "growing", *SHORT[3:], "replicates=20", cwd=tmp_path)
    assert all("trust.balance" not in changed_in(about) for about in runs_of(done))


def test_what_was_changed_in_both_is_said_and_has_a_folder_of_its_own(short, tmp_path):
    for file in short.glob("*.yaml"):
        (tmp_path / file.name).write_text(file.read_text())
    folders = []
    for gain in (".02", ".03"):
        words = (*SHORT, "replicates=20", f"parameters.trust.gain={gain}")
        about = json.loads(call(*words, cwd=tmp_path).stdout)
        (pair,) = about["pairs"]
        assert pair["in_both"] == [f"trust.gain={gain}"] and f"In both: trust.gain={gain}." in pair["answer"]
        assert pair["first"].startswith("growing-") and pair["second"].startswith("still-")
        folders.append(about["folder"])
    assert folders[0] != folders[1] and Path(folders[0]).is_dir()


@pytest.mark.slow
def test_a_scenario_with_itself_is_exactly_zero_and_says_so(first, place):
    same = call("compare", "sco_expansion", "sco_expansion", "--", *OPTIONS, cwd=place)
    assert same.returncode == 0, same.stderr
    assert "exactly 0 everywhere" in " ".join(same.stdout.split())
    about = json.loads(call("compare", "sco_expansion", "sco_expansion", "--json", "--", *OPTIONS, cwd=place).stdout)
    assert about["pairs"][0]["same"] is True and about["pictures"] == []
    zero = ("q05", "q25", "median", "q75", "q95", "mean", "standard_error", "below", "above")
    assert all(row["at_the_end"][key] == 0 for row in about["pairs"][0]["differences"] for key in zero)


def test_a_measure_can_be_asked_for(folders, place):
    done = call("compare", *folders, "--measure", "trust:IND>CHN", "plots=false", "report=false", cwd=place)
    assert "India's trust in China" in " ".join(done.stdout.split())
    wrong = call("compare", *folders, "--measure", "cooperation:eigth", "plots=false", "report=false", cwd=place)
    assert wrong.returncode == 2 and "did you mean 'eight'" in wrong.stderr


def test_several_scenarios_are_compared_with_the_first(first, place):
    done = call(*PAIR, "us_stays", "--", "plots=false", "report=false", *OPTIONS, cwd=place)
    assert done.returncode == 0, done.stderr
    assert "sco_expansion minus no_expansion" in done.stdout and "sco_expansion minus us_stays" in done.stdout
    assert done.stdout.splitlines()[-1].endswith("sco_expansion__vs__no_expansion__us_stays")


def test_other_seeds_are_refused_and_can_be_compared_unpaired(folders, place):
    made = call("run", "scenario=no_expansion", *OPTIONS, "seed=2", "plots=false", "report=false", cwd=place)
    other = place / made.stdout.splitlines()[-1]
    refused = call("compare", folders[0], str(other), cwd=place)
    assert refused.returncode == 2 and refused.stdout == ""
    assert "different seeds (1 and 2)" in refused.stderr and "--unpaired" in refused.stderr
    done = call("compare", folders[0], str(other), "--unpaired", cwd=place)
    assert done.returncode == 0, done.stderr
    assert "not paired" in done.stdout and "independent" in done.stdout
    assert "Common random numbers" not in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "none was given"),
        (("sco_expansion",), "only sco_expansion was given"),
        (("sco_expansion", "no_expansoin"), "no_expansion"),
        (("sco_expansion", "results/nowhere/123"), "no such folder"),
        (("results/sweeps/grid", "sco_expansion"), "is a whole sweep; compare rows of it, such as grid#1"),
        (("sco_expansion", "no_expansion", "--", "seed=1,2"), "several values"),
        (("sco_expansion", "no_expansion", "--", "replicats=5"), "replicates"),
        (("sco_expansion", "no_expansion", "--", "scenario=baseline"), "name the scenarios before"),
        (("results/compare/sco_expansion__vs__no_expansion", "sco_expansion"), "is a comparison"),
    ],
)
def test_mistakes_are_one_message_and_write_nothing(words, said, first, place):
    before = sorted(place.rglob("manifest.json"))
    done = call("compare", *words, cwd=place)
    assert done.returncode == 2 and done.stdout == ""
    assert said in done.stderr and "Traceback" not in done.stderr
    assert sorted(place.rglob("manifest.json")) == before


def test_pictures_are_listed_and_drawn_again_from_the_folder(first, place):
    folder = first.stdout.splitlines()[-1]
    listed = call("plot", folder, "--list", cwd=place)
    assert "paired_difference" in listed.stdout and "cooperation_fan" not in listed.stdout
    assert "paired_difference" not in call("plot", "sco_expansion", "--list", cwd=place).stdout
    drawn = call("plot", folder, "paired_difference", "--subject", "founders", "--format", "png", "--out", "x", cwd=place)
    assert drawn.returncode == 0, drawn.stderr
    assert (place / "x" / "paired_difference.png").is_file()


def test_help_has_examples():
    text = call("compare", "--help", cwd=Path.cwd()).stdout
    assert "examples:" in text and "-- replicates=50 seed=2" in text
