"""The Python API: names in place of runs, what a notebook shows, functions that stay functions."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sim
from tests.unit.told import finished, story


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("api")


@pytest.fixture(scope="module")
def one(place):
    return sim.open_run(finished(place, story("warm", "clash", "drill"), replicates=5, seed=3))


@pytest.fixture(scope="module")
def other():
    return story("clash", "drill", name="cold")


def test_functions_stay_functions_whatever_was_imported():
    """`from sim import compare` gives a module if a package of that name exists and was imported: none may."""
    code = (
        "import pkgutil, sim, sim.cli.compare, sim.cli.fork\n"
        "for m in pkgutil.iter_modules(sim.__path__, 'sim.'):\n"
        "    if m.name != 'sim.__main__': __import__(m.name)\n"
        "assert all(callable(getattr(sim, name)) for name in sim.__all__ if name != '__version__')\n"
        "from sim import load, run, compare, explain, ablate, fork, replay, plot\n"
        "print(*[f.__name__ for f in (load, run, compare, explain, ablate, fork, replay, plot)])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["load", "run", "compare", "explain", "ablate", "fork", "replay", "plot"]


def test_what_is_not_simulated_yet_takes_seed_and_replicates_of_the_run_that_is(one, other, place):
    c = sim.compare(one, other, results=place, workers=1)
    assert (c.b.manifest["seed"], c.b.manifest["replicates"], c.b.manifest["scenario"]) == (3, 5, "cold")
    assert c.paired and [change.key for change in c.because] == ["events.warm"]
    again = sim.compare(str(one.path), c.b.path, results=place)
    assert np.array_equal(again.of("trust", "CHN>RUS").mean, c.of("trust", "CHN>RUS").mean)


def test_several_are_each_compared_with_the_first(one, other, place):
    found = sim.compare(one, other, one, results=place, workers=1)
    assert [c.name_b for c in found] == ["cold", "told"] and found[1].same


def test_other_seeds_are_refused_and_offered_unpaired(one, other, place):
    with pytest.raises(sim.CannotPair, match="different seeds"):
        sim.compare(one, other, results=place, workers=1, seed=4)
    assert not sim.compare(one, other, results=place, workers=1, seed=4, paired=False).paired


def test_a_name_that_is_no_scenario(one, place):
    with pytest.raises(sim.ScenarioError, match="did you mean"):
        sim.compare(one, "no_expansio", results=place)
    with pytest.raises(sim.ResultsError, match="results/nowhere"):
        sim.compare(one, "results/nowhere", results=place)


def test_load_takes_changes():
    late = sim.load("sco_expansion", changes={"scenario.events.us_withdrawal.on": "2025-01"})
    assert late.events["us_withdrawal"]["on"].startswith("2025-01")
    with pytest.raises(ValueError, match="already read"):
        sim.run(late, changes={"end": "2016-01"})


def test_a_run_stands_for_its_folder(one):
    assert Path(one) == one.path
    assert sim.open_run(one).manifest == one.manifest


def test_a_series_as_a_table(one):
    times, values = one.series("cooperation", "CHN-RUS")
    table = one.frame("cooperation", "CHN-RUS")
    assert table.shape == values.T.shape and str(table.index[0])[:7] == times[0]
    assert (table.to_numpy() == values.T).all()
    assert set(one.frame("bloc", "CHN").to_numpy().ravel()) <= {"non-aligned", "East", "West"}


@pytest.mark.parametrize("name", ["RUS-CHN", "China-Russia", "russia-china", "Russia and China"])
def test_a_dyad_is_taken_as_it_is_printed(one, name):
    assert one.frame("cooperation", name).equals(one.frame("cooperation", "CHN-RUS"))


def test_a_measure_that_the_shell_cut_is_explained(one):
    with pytest.raises(sim.ResultsError, match="put quotes around it"):
        one.series("trust", "CHN")


@pytest.mark.parametrize("end", ["csv", "parquet", "nc"])
def test_a_run_is_exported_as_one_table(one, end, tmp_path):
    import h5netcdf
    import pandas as pd

    from sim.questions.export import export, table_of

    file = export(one.path, tmp_path / f"table.{end}")
    whole = table_of(one.path)
    values = one.series("trust", "CHN>RUS")[1]
    own = whole[(whole["measure"] == "trust") & (whole["subject"] == "CHN>RUS")]
    assert own["median"].to_numpy() == pytest.approx(np.median(values, axis=0))
    assert own["p95"].to_numpy() == pytest.approx(np.quantile(values, 0.95, axis=0))
    if end == "nc":
        with h5netcdf.File(file) as read:
            place = [(a.decode(), b.decode()) for a, b in zip(read["measure"][:], read["subject"][:])].index(
                ("trust", "CHN>RUS")
            )
            assert read["mean"][place] == pytest.approx(own["mean"].to_numpy())
    else:
        found = pd.read_csv(file, parse_dates=["month"]) if end == "csv" else pd.read_parquet(file)
        assert found["mean"].to_numpy() == pytest.approx(whole["mean"].to_numpy(), nan_ok=True)
        assert list(found.columns) == list(whole.columns) and (found["month"] == whole["month"]).all()
    with pytest.raises(sim.ResultsError, match=r"ends in \.csv, \.parquet, \.nc"):
        export(one.path, tmp_path / "table.xls")


def test_every_object_shows_itself_in_a_notebook(one, other, place):
    c = sim.compare(one, other, results=place, workers=1)
    why = sim.explain(one, dyad=("CHN", "RUS"))
    events = sim.ablate(story("warm", "clash"), measure="trust:CHN>RUS", replicates=4, workers=1)
    future = sim.fork(one, [story("warm", "clash", name="later")], at="2015-07", workers=1)
    again = sim.replay(one, workers=1)
    for thing in (one, c, why, events, future, again, other):
        assert repr(thing).startswith("<") and "\n" not in repr(thing)
        assert thing._repr_html_().startswith("<div><p><b>")
    assert "cooperation" in c._repr_html_() and c.answer() in c._repr_html_().replace("&#x27;", "'")
    assert set(future.runs) == {"later"} and future.runs["later"].manifest["replicates"] == 5


def test_what_a_notebook_shows_is_escaped(other):
    evil = replace(other, title="<script>alert(1)</script>")
    assert "<script>" not in evil._repr_html_() and "&lt;script&gt;" in evil._repr_html_()


def test_pictures_of_all_that_has_one(one, other, place):
    c = sim.compare(one, other, results=place, workers=1)
    answers = [
        sim.explain(one, dyad=("CHN", "RUS")),
        sim.ablate(story("warm"), measure="trust:CHN>RUS", replicates=3, workers=1),
    ]
    for thing in (one, c, [c], one.path, *answers):
        sheet = sim.plot(thing)
        assert sheet._repr_png_().startswith(b"\x89PNG")
    assert sim.plot(one, "dyads", ["CHN-RUS"]).figure.axes
    with pytest.raises(sim.PictureError, match="no picture"):
        sim.plot(one, "cooperation_fam")


def test_the_last_month_is_an_option_of_run(tmp_path):
    made = sim.run("baseline", replicates=2, start="2015-01", end="2015-03", results=tmp_path, workers=1)
    assert (made.manifest["start"], made.manifest["end"]) == ("2015-01", "2015-03")
    with pytest.raises(ValueError, match="end go with a scenario's name"):
        sim.run(sim.load("baseline"), end="2015-03", results=tmp_path)


def test_explain_and_fork_take_a_scenario_file(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("defaults: [baseline, _self_]\nend: 2015-06\n")
    found = sim.explain(file, dyad=("RUS", "CHN"), results=tmp_path / "results")
    assert found.runs[0].manifest["scenario"] == "mine"
    other = tmp_path / "other.yaml"
    other.write_text(
        "defaults: [mine, _self_]\nevents: {it: {type: tie, on: 2015-04, parties: [RUS, CHN], level: defence}}\n"
    )
    forked = sim.fork(file, [other], at="2015-04", results=tmp_path / "results", workers=1)
    assert list(forked.folders) == ["other"]
