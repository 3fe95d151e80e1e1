"""A real file system that is too small: what does not fit is told, what is finished is whole, with more room it goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.results import open_run
from sim.results.endings import ENDS, is_whole
from tests.cli.command import sim
from tests.faults.checks import contents, differences

RUN = ("run", "scenario=baseline", "replicates=2", "end=2015-12", "workers=1", "results=disk/results")


@pytest.fixture
def disk(tmp_path):
    """Mounts a file system of so many kB, or gives it another size."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root on Linux may mount a file system")
    place = tmp_path / "disk"
    place.mkdir()

    def mount(size: int, *more: str) -> None:
        options = ",".join((f"size={size}k", *more))
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "faults", str(place)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")

    yield mount
    subprocess.run(["umount", str(place)], capture_output=True, check=False)


def test_a_disk_that_fills_up(disk, tmp_path):
    disk(100)
    done = sim(*RUN, cwd=tmp_path)
    assert done.returncode == 2 and "No space left on device. Nothing was kept" in done.stderr
    assert list((tmp_path / "disk").iterdir()) == []

    fitting = sum(path.stat().st_size for path in _undisturbed(tmp_path).rglob("*") if path.is_file())
    pictures = sum(path.stat().st_size for path in (tmp_path / "whole").rglob("plots/*"))
    disk((fitting - pictures // 2) // 1024, "remount")  # room for the run and for some of its pictures
    done = sim(*RUN, cwd=tmp_path)
    assert done.returncode == 3, done.stderr
    assert "the run is finished, but its" in done.stderr and "No space left on device" in done.stderr
    folder = tmp_path / done.stdout.splitlines()[-1]
    open_run(folder).verify()
    assert all(is_whole(path) for path in folder.rglob("*") if path.suffix in ENDS)
    assert not [path for path in folder.rglob("*") if path.suffix == ".part"]

    disk(100_000, "remount")
    done = sim(*RUN, cwd=tmp_path)
    assert done.returncode == 0 and "already finished" in done.stderr, done.stderr
    assert differences(_results(tmp_path / "disk" / "results"), _results(tmp_path / "whole" / "results")) == []


def _undisturbed(place: Path) -> Path:
    """The same run where there is room."""
    (place / "whole").mkdir()
    done = sim(*RUN[:-1], "results=whole/results", cwd=place)
    assert done.returncode == 0, done.stderr
    return place / "whole"


def _results(root: Path) -> dict:
    """What is in the results, but for the command line, which is kept in some of it and names another folder."""
    found = contents(root)
    for name in list(found):
        if name.endswith(("config/run.json", "config/overrides.txt", "report.html", "manifest.json")):
            found[name] = bool(found[name])
    assert json.dumps(sorted(found))
    return found
