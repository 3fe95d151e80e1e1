"""Whose a temporary folder is, and when it is nobody's any more."""

from __future__ import annotations

import os

import pytest

from sim.results import temporary
from sim.results.temporary import leftovers, machine, of_process, old_leftovers, temporary_folder

GONE = 999_999_999
"""No process has this number."""


def folder(root, what: str, process: int, where: str, days: float):
    """A temporary folder with a file in it, both untouched for some days."""
    path = root / ".tmp" / f"{what}-{process}-0123abcd-{where}"
    path.mkdir(parents=True)
    (path / "part").touch()
    for place in (path / "part", path):
        then = place.stat().st_mtime - 86400 * days
        os.utime(place, (then, then))
    return path


def test_a_new_folder_is_of_this_process_and_machine(tmp_path):
    path = temporary_folder(tmp_path, "a-1-89abcdef-run")
    path.mkdir(parents=True)
    assert of_process(tmp_path, os.getpid()) == [path]
    assert of_process(tmp_path, 1) == []
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize(
    ("alive", "here", "days", "left", "old"),
    [
        (False, True, 0, True, False),
        (False, True, 0.1, True, True),
        (True, True, 9, False, False),
        (False, False, 0.9, False, False),  # this machine cannot see whether it is gone
        (True, False, 0.9, False, False),
        (True, False, 1.1, True, True),
    ],
)
def test_leftovers(tmp_path, alive, here, days, left, old):
    process = os.getpid() if alive else GONE
    path = folder(tmp_path, "run", process, machine() if here else "elsewhere", days)
    assert leftovers(tmp_path) == [path] * left
    assert old_leftovers(tmp_path) == [path] * old


def test_a_folder_that_is_written_into_is_not_left(tmp_path):
    path = folder(tmp_path, "table", 7, "elsewhere", 3)
    (path / "part").write_text("more")
    assert leftovers(tmp_path) == []


def test_what_is_not_ours_is_left_alone(tmp_path):
    (tmp_path / ".tmp" / "notes").mkdir(parents=True)
    assert leftovers(tmp_path) == []
    assert leftovers(tmp_path / "nowhere") == []


def test_a_machine_without_a_name_has_one(monkeypatch):
    monkeypatch.setattr(temporary.platform, "node", lambda: "--")
    machine.cache_clear()
    assert machine() == "unnamed"
    machine.cache_clear()
