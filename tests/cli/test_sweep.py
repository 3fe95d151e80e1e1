"""`python -m sim run -m`, from the command line to the table; small runs, made once."""

from __future__ import annotations

import json

import pytest

from sim.results import open_run
from sim.sweep.folder import open_sweep
from tests.cli.command import call

SMALL = ("replicates=3", "end=2015-04", "workers=2")
WORDS = (
    "run",
    "-m",
    "scenario=no_expansion,sco_expansion",
    "parameters.trust.gain=.003,.012",
    *SMALL,
    "outcomes=[cooperation:eight,trust:IND>PAK]",
    "at=[2015-02]",
)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("sweeps")


@pytest.fixture(scope="module")
def first(place):
    return call(*WORDS, cwd=place)


@pytest.fixture(scope="module")
def sweep(first, place):
    assert first.returncode == 0, first.stderr
    return open_sweep(place / first.stdout.splitlines()[-1])


def test_the_table_and_what_is_said(first, sweep):
    assert first.stdout.splitlines()[-2].startswith("Next: ")
    assert "100 % (4 of 4)" in first.stderr and " left)" in first.stderr
    table = sweep.table()
    assert list(table["parameters.trust.gain"]) == [0.003, 0.012, 0.003, 0.012]
    assert "no_expansion minus sco_expansion, 3 replicates a run No difference at any point." in " ".join(
        first.stdout.split()
    )
    differences = table["trust:IND>PAK.end.mean"][:2].to_numpy() - table["trust:IND>PAK.end.mean"][2:].to_numpy()
    assert table["trust:IND>PAK.end.difference"][:2].to_numpy() == pytest.approx(differences, abs=1e-12)
    assert list(table["scenario"]) == ["no_expansion"] * 2 + ["sco_expansion"] * 2
    assert sweep.outcomes() == ["cooperation:eight", "trust:IND>PAK"]
    run = open_run(sweep.run_folder(2))
    times, values = run.series("trust", "IND>PAK")
    assert table["trust:IND>PAK.end.mean"][1] == pytest.approx(values[:, -1].mean())
    assert table["trust:IND>PAK.2015-02.mean"][1] == pytest.approx(values[:, times.index("2015-03")].mean())
    assert table["trust:IND>PAK.average.mean"][1] == pytest.approx(values.mean())


def test_pictures_of_one_axis(sweep):
    assert [path.name for path in sorted((sweep.path / "plots").glob("*"))] == ["even_odds.png"]


def test_a_row_is_the_single_run(sweep, place):
    done = call("run", "scenario=sco_expansion", "parameters.trust.gain=.012", *SMALL, "plots=false", cwd=place)
    assert "already finished" in done.stderr
    assert (place / done.stdout.splitlines()[-1]).resolve() == sweep.run_folder(4).resolve()


def test_again_and_as_json(sweep, place):
    again = json.loads(call(*WORDS, "--json", "plots=false", cwd=place).stdout)
    assert again["folder"] == str(sweep.path.resolve())
    assert [one["outcome"] for one in again["answers"]] == ["cooperation:eight", "trust:IND>PAK"]
    assert (again["reused"], again["counts"], again["failed"]) == (4, {"done": 4}, [])


def test_a_dry_run_writes_nothing(tmp_path):
    done = call(*WORDS, "dry_run=true", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "A sweep of 4 runs, design grid; 0 are finished already." in done.stdout
    assert not list(tmp_path.iterdir())


def test_two_rows_are_compared(sweep, place):
    done = call("compare", f"{sweep.path.name}#1", f"sweeps/{sweep.path.name}#3", "plots=false", cwd=place)
    assert done.returncode == 0, done.stderr
    assert "no_expansion" in done.stdout
    wrong = call("compare", f"{sweep.path.name}#1", f"{sweep.path.name}#9", cwd=place)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "no row 9; rows: 1 to 4" in wrong.stderr


def test_sweeps_and_runs_are_listed_with_state_and_size(sweep, place):
    rows = json.loads(call("list", "sweeps", "--json", cwd=place).stdout)["sweeps"]
    assert [(row["id"], row["state"], row["runs"]) for row in rows] == [(sweep.path.name, "finished", 4)]
    assert rows[0]["bytes"] > 1000
    assert all(row["bytes"] > 1000 for row in json.loads(call("list", "runs", "--json", cwd=place).stdout)["runs"])
    assert sweep.path.name in call("list", "sweeps", cwd=place).stdout


def test_a_bad_point_is_named_and_nothing_is_written(tmp_path):
    done = call("run", "-m", "parameters.trust.gain=.005,5", *SMALL, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "parameters.trust.gain=5" in done.stderr and "outside its bounds" in done.stderr
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
