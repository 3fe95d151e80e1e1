"""Files of a run: what is not what its manifest says is not read, and what a library cannot read is one sentence."""

from __future__ import annotations

import random
import shutil
import time

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim import results
from sim.results import ResultsError, files
from tests import synthetic
from tests.manifests import list_again

READERS = {
    "summary.csv": [lambda run: run.summary_rows(), lambda run: run.summary()],
    "events.csv": [lambda run: run.event_rows(), lambda run: run.events()],
    "measures.parquet": [lambda run: run.series("cooperation", "CHN-RUS"), lambda run: run.table()],
    "states.parquet": [lambda run: run.states()],
    "ledger.nc": [lambda run: run.ledger()],
    "trajectory.nc": [lambda run: run.trust_at("2015-03", ["CHN", "RUS"])],
    "config/scenario.json": [lambda run: run.story()],
    "config/run.json": [lambda run: run.options()],
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A run that keeps everything."""
    trajectory = synthetic.trajectory(3, end="2015-06", save="all")
    return results.write(trajectory, {"save": "all"}, tmp_path_factory.mktemp("kept"))


@pytest.fixture
def copy(kept, tmp_path):
    return shutil.copytree(kept, tmp_path / "results" / "made_up" / kept.name)


@pytest.mark.parametrize("name", READERS)
def test_no_reader_takes_a_changed_byte(copy, name):
    path = copy / name
    whole = path.read_bytes()
    for place in random.Random(name).sample(range(8 * len(whole)), 5):
        data = bytearray(whole)
        data[place // 8] ^= 1 << place % 8
        path.write_bytes(data)
        for read in READERS[name]:
            with pytest.raises(ResultsError, match=rf"is damaged: {name} was changed"):
                read(results.open_run(copy))
    path.write_bytes(whole)
    for read in READERS[name]:
        assert read(results.open_run(copy)) is not None


@pytest.mark.parametrize("name", READERS)
def test_what_is_no_such_file_is_one_sentence(copy, name):
    """Though the manifest says that it has to be so: somebody made both."""
    for data in (b"", b"\0" * 500, b"PAR1" + b"\xff" * 300 + b"PAR1", b"\x89HDF\r\n\x1a\n" + b"\0" * 90, b"[" * 200_000):
        (copy / name).write_bytes(data)
        list_again(copy)
        for read in READERS[name]:
            with pytest.raises(ResultsError) as error:
                read(results.open_run(copy))
            assert name in str(error.value) and "\n" not in str(error.value)


def test_a_ledger_that_declares_more_than_it_can_hold(copy):
    import h5py

    with h5py.File(copy / "ledger.nc", "r+") as file:
        old = file["ledger"].shape
        del file["ledger"]
        file.create_dataset("ledger", (old[0], old[1], 100_000, 10_000), "f8", chunks=(1, 1, 100, 100))
    list_again(copy)
    with pytest.raises(ResultsError, match=r"ledger declares 4.*bytes, more than a file of its size can hold"):
        results.open_run(copy).ledger()


def test_arrays_of_another_shape_are_not_read(copy):
    import h5py

    with h5py.File(copy / "ledger.nc", "r+") as file:
        values = file["rising"][:]
        del file["rising"]
        file["rising"] = values[:, :-1]
    list_again(copy)
    with pytest.raises(ResultsError, match="rising has the shape"):
        results.open_run(copy).ledger()


@pytest.mark.parametrize("layout", ["{}", "[]", '{"replicates": 3, "times": {"a": []}, "groups": [["b", ["c"]]]}', "{"])
def test_a_table_whose_layout_says_otherwise(copy, layout):
    table = pq.read_table(copy / "measures.parquet").replace_schema_metadata({b"entente.series": layout})
    pq.write_table(table, copy / "measures.parquet")
    list_again(copy)
    with pytest.raises(ResultsError, match=r"measures\.parquet cannot be read"):
        results.open_run(copy).series("cooperation")


def test_pages_have_checksums_of_their_own(tmp_path):
    """Whoever reads the tables without this package sees damage too."""
    trajectory = synthetic.trajectory(3, end="2015-06")
    folder = results.write(trajectory, {}, tmp_path)
    for name in ("measures.parquet", "states.parquet"):
        whole = (folder / name).read_bytes()
        end = int.from_bytes(whole[-8:-4], "little") + 8  # the footer, which has none
        found, same = 0, pq.read_table(folder / name)
        for place in random.Random(name).sample(range(4, len(whole) - end), 40):
            data = bytearray(whole)
            data[place] ^= 16
            try:
                table = pq.read_table(pa.BufferReader(bytes(data)), page_checksum_verification=True)
                assert table.equals(same) or str(table) == str(same), (name, place)
            except (OSError, pa.ArrowException):
                found += 1
        assert found > 20


def test_a_file_is_compared_once(copy, monkeypatch):
    monkeypatch.setattr(files, "_known", {})
    time.sleep(2 * files._SETTLED / 1e9)
    run, digested = results.open_run(copy), []
    real = files.hashlib.file_digest
    monkeypatch.setattr(files.hashlib, "file_digest", lambda *given: digested.append(given) or real(*given))
    for _ in range(3):
        run.ledger()
    assert len(digested) == 1


def test_a_file_that_was_just_written_is_not_taken_for_known(copy, monkeypatch):
    """Two changes within the grain of a clock look alike."""
    monkeypatch.setattr(files, "_known", {})
    files.listed(copy)
    now = list(files._known)
    (copy / "new").write_bytes(b"new")
    files.listed(copy)
    assert list(files._known) == now


def test_a_changed_run_is_not_used_again_but_made_again(tmp_path, monkeypatch, capsys):
    from sim.calendar import parse_month
    from sim.results.obtain import obtain
    from sim.scenario import read

    story = read("baseline", changes={"end": "2015-02"})
    assert story.end == parse_month("2015-03")
    options = {"replicates": 2, "workers": 1}
    folder, reused = obtain(story, options, tmp_path, lambda: None)
    assert not reused and obtain(story, options, tmp_path, lambda: None) == (folder, True)
    text = (folder / "summary.csv").read_text()
    (folder / "summary.csv").write_text(text.replace("0.1", "0.9"))
    capsys.readouterr()
    assert obtain(story, options, tmp_path, lambda: None) == (folder, False)
    assert "summary.csv was changed since it was written; it is made again" in capsys.readouterr().err
    assert (folder / "summary.csv").read_text() == text


def test_numbers_come_back_with_checksums_of_pages(copy):
    run = results.open_run(copy)
    assert np.isfinite(run.series("cooperation", "CHN-RUS")[1]).all()
