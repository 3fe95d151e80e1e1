"""Worker processes of a sweep: what one that ends in the middle takes away."""

from __future__ import annotations

import os

from sim.results import atomic
from sim.results.temporary import temporary_folder
from sim.sweep.engines import local


def test_what_is_moved_into_place_meanwhile_stays_whole(tmp_path, monkeypatch):
    """A worker's watch over its parent tidies up in a thread of its own, while another may just finish a run."""
    filled = atomic.begin(temporary_folder(tmp_path, "run"), "run")
    for name in "abc":
        (filled / name).write_text(name)
    target, unlink = tmp_path / "run", os.unlink

    def unlinked(path, **words):
        unlink(path, **words)
        if filled.exists():
            os.rename(filled, target)  # the other thread, after the first file is gone

    monkeypatch.setattr(os, "unlink", unlinked)
    local._clear(tmp_path, os.getpid())
    assert not filled.exists() and not list((tmp_path / ".tmp").iterdir())
    assert not target.exists() or sorted(os.listdir(target)) == [".entente", "a", "b", "c"]
