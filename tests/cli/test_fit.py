"""`sim fit`: what is printed, what a program gets, and one clear error for what cannot be done."""

from __future__ import annotations

import json
import re

import pytest

from tests.cli.command import ROOT, call, sim

DATA = ROOT.parent / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"the public data are not at {DATA}; they do not ship")
FOUR = ("--states", "CHN,IND,PAK,RUS")


@pytest.fixture(autouse=True)
def no_folder_from_outside(monkeypatch):
    monkeypatch.delenv("SIM_DATA", raising=False)


def test_without_data_one_sentence_says_what_to_do(tmp_path):
    done = call("fit", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("no data folder: give --data DIR or set SIM_DATA")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--data", "nowhere"), "there is no folder nowhere"),
        (("--data", "."), "there is no such file; --data names a folder with"),
        (("--data", ".", "--mode", "actor"), "--mode actor: one or more of actor_oriented, one_alter, hazard"),
        (("--data", ".", "--mode", ","), "--mode is empty"),
        (("--data", ".", "--trust", "blind"), "invalid choice: 'blind'"),
        (("--data", ".", "--replicates", "3"), "--replicates 3: from 50 to 100000 are allowed"),
        (("--data", ".", "--from", "soon"), "invalid int value: 'soon'"),
        (("--data", ".", "--from", "2005", "--to", "2001"), "--from must be an earlier year than --to"),
        (
            ("--data", ".", "--states", "everyone"),
            "--states 'everyone': `all`, one of atlas_2015, atlas_2025, cold_war_1985, eurasia_2012, eurasia_2015, "
            "europe_1936, or ISO3 codes",
        ),
        (("--data", ".", "parameters.ties.rate=2"), "parameters.ties.rate: 2 is outside its bounds"),
        (("--data", ".", "parameters.ties.rate=nan"), "nan is outside its bounds"),
        (("--data", ".", "parameters.ties.speed=2"), "ties has no 'speed'; it has mode, rate"),
        (("--data", ".", "parameters.ties.mode=hazard"), "give the mode with --mode"),
        (("--data", ".", "parameters.blocs.rate=.1"), "the fit does not use 'blocs'"),
        (("--data", ".", "rate=.1"), "'rate=.1' is not understood"),
    ],
)
def test_bad_input_is_one_error(tmp_path, words, said):
    done = call("fit", *words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.slow
@needs_data
def test_json(tmp_path):
    words = (
        "fit",
        *FOUR,
        "--from",
        "2000",
        "--to",
        "2003",
        "--replicates",
        "50",
        "--mode",
        "actor_oriented,nothing",
        "parameters.ties.rate=.5",
        "--json",
    )
    done = sim(*words, cwd=tmp_path, SIM_DATA=str(DATA))
    assert done.returncode == 0, done.stderr
    got = json.loads(done.stdout)
    assert (got["from"], got["to"], got["states"]) == (2000, 2003, ["CHN", "IND", "PAK", "RUS"])
    assert got["parameters"] == {"ties": {"rate": 0.5}}
    assert list(got["modes"]) == ["actor_oriented", "nothing"]
    triads = got["modes"]["actor_oriented"]["statistics"]["triads"]
    assert triads["levels"] == ["0", "1", "2", "3"]
    assert sum(triads["observed"]) == 4
    assert 1 / 51 <= triads["p"] <= 1
    assert got["modes"]["nothing"]["statistics"]["triads"]["p"] is None


@pytest.mark.slow
@needs_data
def test_the_page_shows_what_the_command_prints(tmp_path):
    """The first command of docs/fit.md, run again, prints the block below it."""
    page = (ROOT / "docs" / "fit.md").read_text(encoding="utf-8")
    command, printed = re.search(r"```\npython -m sim fit --data DIR (.*?)\n```\n\n```text\n(.*?)```", page, re.S).groups()
    done = call("fit", "--data", str(DATA), *command.split(), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.partition("\nNext:")[0].strip() == printed.strip(), "docs/fit.md is stale: put in what is printed"
    assert all(len(line) <= 80 for line in done.stdout.partition("\nNext:")[0].splitlines())
