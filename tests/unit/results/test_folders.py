"""Folders that take the place of others: a person's own files stay, and so does what is not ours."""

from __future__ import annotations

import os

import pytest

from sim import results
from sim.results import ResultsError, atomic
from sim.results.folders import new_folder, own_names
from tests import synthetic
from tests.manifests import without_checksum


def small():
    return synthetic.trajectory(3, end="2015-06")


@pytest.mark.parametrize("at_once", [True, False], ids=["in one step", "in two"])
def test_a_users_own_files_outlive_force(tmp_path, monkeypatch, at_once):
    if not at_once:
        monkeypatch.setattr(atomic, "_exchange", lambda one, other: False)
    folder = results.write(small(), {}, tmp_path)
    (folder / "notes.txt").write_text("mine")
    (folder / "figures" / "deep").mkdir(parents=True)
    (folder / "figures" / "deep" / "one.svg").write_text("drawn by hand")
    (folder / "link").symlink_to("notes.txt")
    (folder / "report.html").write_text("old")
    (folder / "plots").mkdir()
    (folder / "plots" / "old.png").write_bytes(b"old")
    before = (folder / "manifest.json").read_bytes()
    assert results.write(small(), {"force": True}, tmp_path) == folder
    assert (folder / "notes.txt").read_text() == "mine" and os.readlink(folder / "link") == "notes.txt"
    assert (folder / "figures" / "deep" / "one.svg").read_text() == "drawn by hand"
    assert not (folder / "report.html").exists() and not (folder / "plots").exists()
    assert (folder / "manifest.json").read_bytes() != before
    results.open_run(folder).verify()
    assert [path.name for path in tmp_path.iterdir()] == ["made_up"]


def test_a_run_of_an_earlier_version_makes_way(tmp_path):
    folder = results.write(small(), {}, tmp_path)
    without_checksum(folder)
    (folder / "notes.txt").write_text("mine")
    assert results.write(small(), {}, tmp_path) == folder
    results.open_run(folder).verify()
    assert atomic.kind_of_mark(folder) == "run" and (folder / "notes.txt").read_text() == "mine"


def test_what_is_not_ours_stays(tmp_path):
    folder = results.write(small(), {}, tmp_path / "first")
    theirs = tmp_path / "second" / "made_up" / folder.name
    theirs.mkdir(parents=True)
    (theirs / "thesis.txt").write_text("years of work")
    with pytest.raises(ResultsError, match=r"was not made by entente; move it away. Nothing was kept"):
        results.write(small(), {"force": True}, tmp_path / "second")
    assert [path.name for path in theirs.iterdir()] == ["thesis.txt"]
    assert not (tmp_path / "second" / ".tmp").exists()


def test_whose_a_folder_is(tmp_path):
    assert own_names(tmp_path / "nowhere") is None
    (tmp_path / "empty").mkdir()
    assert own_names(tmp_path / "empty")
    (tmp_path / "answer").mkdir()
    (tmp_path / "answer" / "explain.json").write_text("{}")
    assert "explain.json" in own_names(tmp_path / "answer")
    (tmp_path / "link").symlink_to("answer")
    assert own_names(tmp_path / "link") is None
    (tmp_path / "strange").mkdir()
    (tmp_path / "strange" / "manifest.json").write_text("[" * 200_000)
    assert own_names(tmp_path / "strange") is None


def test_a_folder_that_cannot_be_moved_leaves_what_was_there(tmp_path, monkeypatch):
    with new_folder(tmp_path, tmp_path / "a", "comparison") as place:
        (place / "one").write_text("first")
    real = os.rename

    def rename(one, other):
        if str(other) == str(tmp_path / "a") and not str(one).endswith("-old"):
            raise OSError(28, "No space left on device")
        real(one, other)

    monkeypatch.setattr(atomic, "_exchange", lambda one, other: False)
    monkeypatch.setattr(os, "rename", rename)
    with pytest.raises(ResultsError, match="No space left"), new_folder(tmp_path, tmp_path / "a", "comparison") as place:
        (place / "one").write_text("second")
    assert (tmp_path / "a" / "one").read_text() == "first" and not (tmp_path / ".tmp").exists()
