"""Writing: whole or not at all, the same bytes each time, never in each other's way."""

from __future__ import annotations

import errno
import os
import shutil
import threading
from pathlib import Path

import pytest

from sim import results
from sim.results import ResultsError, atomic, netcdf, tables, writing
from tests import synthetic

SAME = ("measures.parquet", "states.parquet", "ledger.nc", "events.csv", "summary.csv", "config/scenario.json")


def small(**changes):
    return synthetic.trajectory(3, end="2015-06", **changes)


def test_layout(folder, root):
    assert folder.parent == root / "made_up"
    assert len(folder.name) == 12
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == {*SAME, "manifest.json", ".entente", "config/run.json", "config/overrides.txt"}
    assert not (root / ".tmp").exists()


def test_the_same_trajectory_gives_the_same_bytes(tmp_path):
    one, two = (results.write(small(), {}, tmp_path / name) for name in "ab")
    assert one.name == two.name
    for name in SAME:
        assert (one / name).read_bytes() == (two / name).read_bytes(), name


def test_the_trajectory_of_every_replicate_repeats_too(tmp_path):
    one, two = (results.write(small(save="all"), {"save": "all"}, tmp_path / name) for name in "ab")
    assert (one / "trajectory.nc").read_bytes() == (two / "trajectory.nc").read_bytes()


def test_every_file_is_in_the_manifest_with_its_hash(run):
    names = {path.relative_to(run.path).as_posix() for path in run.path.rglob("*") if path.is_file()}
    assert set(run.manifest["files"]) == names - {"manifest.json", ".entente"}
    run.verify()


def test_a_finished_run_is_kept_unless_forced(tmp_path):
    folder = results.write(small(), {}, tmp_path)
    (folder / "plots").mkdir()
    assert results.write(small(), {}, tmp_path) == folder
    assert (folder / "plots").exists()
    assert results.write(small(), {"force": True}, tmp_path) == folder
    assert not (folder / "plots").exists()
    results.open_run(folder).verify()


def test_an_unfinished_folder_makes_way(tmp_path):
    folder = results.write(small(), {}, tmp_path)
    (folder / "manifest.json").unlink()
    assert results.write(small(), {}, tmp_path) == folder
    results.open_run(folder).verify()


def test_a_damaged_run_makes_way(tmp_path):
    folder = results.write(small(), {}, tmp_path)
    (folder / "measures.parquet").write_bytes(b"cut short")
    results.open_run(results.write(small(), {}, tmp_path)).verify()


def test_two_at_once_do_no_harm(tmp_path):
    found, wall = [], threading.Barrier(4)

    def job():
        trajectory = small()
        wall.wait()
        found.append(results.write(trajectory, {}, tmp_path))

    threads = [threading.Thread(target=job) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    results.open_run(found[0]).verify()
    assert [path.name for path in tmp_path.iterdir()] == ["made_up"]


@pytest.mark.parametrize("where", ["write_measures", "write_states"])
def test_a_full_disk_leaves_nothing(tmp_path, monkeypatch, where):
    def full(path: Path, *_):
        path.write_bytes(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(tables, where, full)
    with pytest.raises(ResultsError, match=r"No space left on device.*results=DIR"):
        results.write(small(), {}, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_interrupted_writing_leaves_nothing(tmp_path, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(tables, "write_states", stop)
    with pytest.raises(KeyboardInterrupt):
        results.write(small(), {}, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_place_of_the_folder_is_one_clear_error(tmp_path):
    (tmp_path / "results").write_text("not a folder")
    for act in (
        lambda: results.check_writable(tmp_path / "results"),
        lambda: results.write(small(), {}, tmp_path / "results"),
    ):
        with pytest.raises(ResultsError, match="cannot write results"):
            act()


def test_check_writable_leaves_no_trace(tmp_path):
    results.check_writable(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["sweeps", "compare", "../up", ".tmp", "a/b", "", "con nul"])
def test_names_that_are_no_folders_of_ours(tmp_path, name):
    with pytest.raises(ResultsError, match="cannot be called"):
        results.write(small(name=name), {}, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_leftovers_of_dead_processes_are_swept(tmp_path):
    dead = tmp_path / ".tmp" / "0123456789ab-999999999-0123abcd"
    atomic.begin(dead, "run")
    nobody = tmp_path / ".tmp" / "0123456789ab-999999999-89abcdef"
    nobody.mkdir()
    (nobody / "theirs").touch()
    begun = tmp_path / ".tmp" / "0123456789ab-999999999-00000000"
    begun.mkdir()  # killed before it could write its mark
    for path in (*dead.iterdir(), dead, *nobody.iterdir(), *nobody.iterdir(), nobody, begun):
        os.utime(path, (0, 0))
    living = tmp_path / ".tmp" / f"0123456789ab-{os.getpid()}-0123abcd"
    living.mkdir()
    os.utime(living, (0, 0))
    results.write(small(), {}, tmp_path)
    assert not dead.exists() and not begun.exists()
    assert living.exists() and nobody.exists()  # it has no mark: somebody else made it


def test_the_loser_of_a_race_takes_the_winner(tmp_path, monkeypatch):
    """Another process finishes between our last look and our move."""
    folder = results.write(small(), {}, tmp_path / "theirs")
    real = writing.build

    def build(*args):
        shutil.copytree(folder, tmp_path / "made_up" / folder.name)
        (tmp_path / "made_up" / folder.name / "mark").touch()
        return real(*args)

    monkeypatch.setattr(writing, "build", build)
    assert (results.write(small(), {}, tmp_path) / "mark").exists()


def test_a_folder_made_for_nothing_is_taken_away(tmp_path, monkeypatch):
    results.check_writable(tmp_path / "new")

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(tables, "write_states", stop)
    with pytest.raises(KeyboardInterrupt):
        results.write(small(), {}, tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


def test_no_signal_reaches_the_thread_that_writes_arrays(monkeypatch, tmp_path):
    """HDF5 that is stopped in the middle writes half a file or crashes, and Python raises signals in its first thread."""
    where = []
    whole = netcdf.write_ledger
    monkeypatch.setattr(netcdf, "write_ledger", lambda *args: (where.append(threading.current_thread()), whole(*args)))
    results.write(small(), {"seed": 1}, tmp_path)
    assert len(where) == 1 and where != [threading.main_thread()]
