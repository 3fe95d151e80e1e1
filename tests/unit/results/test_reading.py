"""Reading back: the same numbers, and errors that say what to do."""

from __future__ import annotations

import shutil

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from sim import results
from sim.results import ResultsError, tables
from sim.results.atomic import MARK
from tests import synthetic
from tests.manifests import rewrite


@pytest.fixture
def copy(folder, tmp_path):
    return shutil.copytree(folder, tmp_path / "results" / "made_up" / folder.name)


def test_every_series_comes_back_bit_for_bit(trajectory, run):
    assert run.measures() == sorted(trajectory.series)
    for measure, one in trajectory.series.items():
        assert run.subjects(measure) == sorted(one.subjects)
        for k, subject in enumerate(one.subjects):
            times, values = run.series(measure, subject)
            assert times == [trajectory.times[i] for i in one.steps]
            np.testing.assert_array_equal(values, one.values[:, :, k])


def test_the_table_is_long_tidy_and_sorted(trajectory, run):
    table = run.table()
    assert list(table.columns) == ["replicate", "time", "measure", "subject", "value"]
    keys = table[["measure", "subject", "replicate", "time"]].astype({"measure": str, "subject": str, "time": str})
    pd.testing.assert_frame_equal(keys, keys.sort_values(list(keys)).reset_index(drop=True))
    row = table.query("measure == 'trust' and subject == 'RUS>CHN' and replicate == 3 and time == '2015-06'")
    expected = trajectory.series["trust"]
    assert row["value"].item() == expected.values[3, 5, expected.subjects.index("RUS>CHN")]


def test_parquet_carries_no_trace_of_pandas_or_of_the_day(folder):
    metadata = pq.read_metadata(folder / "measures.parquet")
    assert b"pandas" not in (metadata.metadata or {})
    assert pq.read_schema(folder / "measures.parquet").field("replicate").type == "int32"


def test_large_runs_have_several_row_groups(tmp_path, trajectory, run):
    path = tmp_path / "measures.parquet"
    tables.write_measures(path, trajectory.series, trajectory.times, trajectory.replicates, rows=60)
    assert pq.read_metadata(path).num_row_groups > 50
    again = tables.Measures(path)
    for measure, one in trajectory.series.items():
        for k, subject in enumerate(one.subjects):
            np.testing.assert_array_equal(again.values(measure, subject), one.values[:, :, k])
    path = tmp_path / "states.parquet"
    tables.write_states(path, trajectory.states, trajectory.times, sorted(synthetic.STATES), rows=60)
    assert pq.read_metadata(path).num_row_groups > 5
    assert tables.read_table(path).equals(tables.read_table(run.path / "states.parquet"))


def test_ledger_comes_back_and_adds_up(trajectory, run):
    ledger = run.ledger()
    assert ledger.accounts == trajectory.ledger.accounts
    assert ledger.states == sorted(synthetic.STATES)
    assert ledger.months == trajectory.times[:-1]
    np.testing.assert_array_equal(ledger.mean, trajectory.ledger.mean)
    np.testing.assert_array_equal(ledger.rising, trajectory.rising)
    change = ledger.trust[-1] - ledger.trust[0]
    np.testing.assert_allclose(ledger.mean.sum(axis=(0, 1)), change, atol=1e-12)


def test_states_are_long_with_a_column_a_variable(trajectory, run):
    states = run.states()
    assert list(states.columns[:3]) == ["replicate", "time", "state"]
    row = states.query("replicate == 2 and time == '2015-03' and state == 'CHN'")
    index = sorted(synthetic.STATES).index("CHN")
    assert row["capability"].item() == trajectory.states["capability"][2, 2, index]
    assert row["bloc"].item() == trajectory.states["bloc"][2, 2, index]


def test_dyadic_trajectories(tmp_path):
    import h5netcdf

    trajectory = synthetic.trajectory(3, end="2015-06", save="all")
    folder = results.write(trajectory, {"save": "all"}, tmp_path)
    with h5netcdf.File(folder / "trajectory.nc", "r") as file:
        assert file["trust"].dimensions == ("replicate", "bound", "state", "other")
        np.testing.assert_array_equal(file["trust"][:], trajectory.dyads["trust"])
        np.testing.assert_array_equal(file["ledger"][:], trajectory.ledger_by_replicate)


def test_events_say_what_happened_how_often_and_when(trajectory, run):
    events = run.events().set_index("key")
    assert events.loc["uri_crisis", "share"] == 1.0
    assert events.loc["uri_crisis", "first"] == "2016-09"
    assert bool(events.loc["uri_crisis", "imposed"])
    assert not bool(events.loc["india_joins_sco", "imposed"])
    fired = trajectory.fired["mediation"]
    assert events.loc["mediation", "share"] == pytest.approx((fired >= 0).mean())
    assert "India" in events.loc["uri_crisis", "what"]


def test_manifest_says_what_was_run(run):
    about = run.manifest
    assert about["start"], about["end"] == ("2015-01", "2016-12")
    assert about["steps"] == 24
    assert about["states"][0] == {"code": "AFG", "name": "Afghanistan"}
    assert about["imposed"] == ["uri_crisis", "doklam", "peace_mission_2018", "galwan"]
    assert any("assumptions" in sentence for sentence in about["validity"])


def test_no_such_folder(tmp_path):
    with pytest.raises(ResultsError, match="no such folder"):
        results.open_run(tmp_path / "nowhere")


def test_no_manifest_is_an_unfinished_run(copy):
    (copy / "manifest.json").unlink()
    with pytest.raises(ResultsError, match=r"unfinished run.*python -m sim clean"):
        results.open_run(copy)


@pytest.mark.parametrize("what", ["", "made by somebody else\n", "\xff\xfe"])
def test_a_folder_that_is_not_ours_is_no_run_and_nobody_advises_to_delete_it(tmp_path, what):
    folder = tmp_path / "Documents" / "tax_2023_doc"
    folder.mkdir(parents=True)
    if what:
        (folder / MARK).write_bytes(what.encode("latin-1"))
    with pytest.raises(ResultsError, match=r"holds no run: it has no manifest\.json") as told:
        results.open_run(folder)
    assert not {"delete", "remove", "clean"} & set(str(told.value).split())
    assert results.runs(tmp_path) == []


@pytest.mark.parametrize("text", ["{", "[]", '{"scenario": "x"}', "\0"])
def test_a_damaged_manifest_is_named(copy, text):
    (copy / "manifest.json").write_text(text)
    with pytest.raises(ResultsError, match=r"manifest.json is damaged"):
        results.open_run(copy)


def test_a_missing_or_short_file_is_named(copy):
    (copy / "measures.parquet").write_bytes(b"")
    with pytest.raises(ResultsError, match=r"measures\.parquet has 0 bytes"):
        results.open_run(copy)
    (copy / "measures.parquet").unlink()
    with pytest.raises(ResultsError, match=r"measures\.parquet is missing"):
        results.open_run(copy)


def test_verify_finds_a_changed_byte(copy):
    content = bytearray((copy / "ledger.nc").read_bytes())
    content[-1] ^= 1
    (copy / "ledger.nc").write_bytes(content)
    with pytest.raises(ResultsError, match=r"ledger\.nc was changed"):
        results.open_run(copy).verify()


def test_unknown_measures_and_subjects_are_answered(run):
    with pytest.raises(ResultsError, match="did you mean 'cooperation'"):
        run.series("coperation")
    with pytest.raises(ResultsError, match="did you mean 'founders'"):
        run.series("cooperation", "founder")


def test_a_dyad_may_be_written_either_way_round(run):
    np.testing.assert_array_equal(run.series("cooperation", "RUS-CHN")[1], run.series("cooperation", "CHN-RUS")[1])


def test_find_by_folder_name_and_digits(folder, root):
    assert results.find(folder) == folder
    assert results.find("made_up", root) == folder
    assert results.find(folder.name[:6], root) == folder
    assert results.find(folder.parent, root) == folder


def test_find_takes_the_newest(copy):
    newer = shutil.copytree(copy, copy.with_name("ffffffffffff"))
    rewrite(newer, finished="2999-01-01T00:00:00+00:00")
    root = copy.parents[1]
    assert results.find("made_up", root) == newer
    (newer / "manifest.json").unlink()
    assert results.find("made_up", root) == copy
    assert [info.problem for info in results.runs(root)] == ["", "unfinished"]


@pytest.mark.parametrize(
    "other",
    [
        {"overrides": ["scenario=made_up", "parameters.trust.gain=.02"]},
        {"overrides": ["scenario=made_up", "+scenario.events.uri_crisis.severity=3"]},
        {"overrides": ["scenario=made_up", "end=2016-06"]},
        {"behaviours": {"IND": {"class": "Own", "file": "own.py", "sha256": "0" * 64}}},
        {"forked": {"scenario": "other", "digest": "0" * 64, "at": "2016-01"}},
        {"sweep": "0123456789ab"},
    ],
)
def test_a_name_is_never_a_changed_run_where_there_is_another(copy, other, capsys):
    """Newer ones with other parameters, months or rules, and those of a sweep, are found by their folders."""
    newer, root = shutil.copytree(copy, copy.with_name("ffffffffffff")), copy.parents[1]
    rewrite(newer, finished="2999-01-01T00:00:00+00:00", **other)
    assert results.find("made_up", root) == results.find(copy.parent, root) == copy
    assert results.find("ffffff", root) == newer
    assert capsys.readouterr().err == ""
    shutil.rmtree(copy)
    assert results.find("made_up", root, quiet=True) == newer and capsys.readouterr().err == ""
    assert results.find("made_up", root) == newer
    assert ("no finished run of made_up as its file says" in capsys.readouterr().err) is ("sweep" not in other)


def test_find_says_what_there_is(folder, root, tmp_path):
    with pytest.raises(ResultsError, match="did you mean 'made_up'"):
        results.find("madeup", root)
    with pytest.raises(ResultsError, match="holds no finished run"):
        results.find("made_up", tmp_path)


def test_a_scenario_with_only_an_unfinished_run(copy):
    (copy / "manifest.json").unlink()
    with pytest.raises(ResultsError, match="is unfinished"):
        results.find("made_up", copy.parents[1])


def test_runs_passes_over_what_is_not_a_run(copy):
    root = copy.parents[1]
    (root / "sweeps" / "0123456789ab").mkdir(parents=True)
    (root / "made_up" / "my notes").mkdir()
    (root / "made_up" / "fedcba987654").mkdir()  # our looks, but not our mark
    (root / "my_extension").mkdir()
    (root / "my_extension" / "source").mkdir()
    (root / "my_extension" / "source" / "manifest.json").write_text('{"manifest_version": 3}')
    (root / "README.md").touch()
    assert [info.path for info in results.runs(root)] == [copy]


def test_validity_ends_with_the_known_limits(run):
    assert run.manifest["limits"] == ["The numbers are made up.", "Nothing follows from them."]
    assert run.manifest["validity"][-2:] == run.manifest["limits"]


def test_validity_names_few_warnings_and_counts_many():
    from sim.results.run_manifest import validity

    trajectory = synthetic.trajectory(2, end="2015-02", limits=())
    assert validity(trajectory)[-1] == "The run gave no warnings."
    trajectory.warnings = ["trust left its bounds."]
    assert validity(trajectory)[-1] == "Warning: trust left its bounds."
    trajectory.warnings = [f"note {k}" for k in range(20)]
    assert validity(trajectory)[-1] == "20 warnings, all in manifest.json; the first: note 0."
