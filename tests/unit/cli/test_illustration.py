"""Pictures and reports: whole or not at all, told when they fail, made the next time, and never through a link."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from sim import plots, report
from sim.cli.illustration import illustrate
from sim.results import ResultsError, atomic
from sim.results.endings import is_whole
from tests.cli.command import call

PICTURE = "cooperation_fan.png"


@pytest.fixture
def copy(run, tmp_path):
    return shutil.copytree(run.path, tmp_path / "results" / "made_up" / run.path.name)


@pytest.fixture(autouse=True)
def one_picture(monkeypatch):
    """A first look of one picture, here, which is quick."""
    monkeypatch.setitem(plots.FIRST_LOOK, "run", ("cooperation_fan",))
    monkeypatch.setattr("sim.processes.pool.cores", lambda: 1)


@pytest.fixture
def full(monkeypatch):
    """A disk with room for nothing once it is called: files are made, and then cannot be written."""

    def fill(after: int) -> None:
        def flush(file: Path) -> None:
            os.truncate(file, after)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(atomic, "_flush", flush)

    yield fill


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("after", [0, 1000])
def test_a_full_disk_leaves_no_picture_and_is_told_and_the_next_time_draws(copy, full, monkeypatch, capsys, after):
    before = files(copy)
    full(after)
    for reused in (False, True):
        made = illustrate(copy, "run", True, True, reused)
        assert made == ([], None, True)
        said = capsys.readouterr().err
        for what in ("pictures", "report"):
            assert f"the run is finished, but its {what} failed: No space left on device. The same command makes" in said
        assert files(copy) == before
    monkeypatch.undo()
    monkeypatch.setitem(plots.FIRST_LOOK, "run", ("cooperation_fan",))
    made = illustrate(copy, "run", True, True, reused=True)
    assert made == ([copy / "plots" / PICTURE], copy / "report.html", False)


@pytest.mark.parametrize("left", [b"", b"\x89PNG\r\n\x1a\n", None], ids=["empty", "begun", "cut"])
def test_what_is_empty_or_cut_is_made_again_and_what_is_whole_is_kept(copy, left):
    illustrate(copy, "run", True, True)
    whole = files(copy)
    assert is_whole(copy / "plots" / PICTURE) and is_whole(copy / "report.html")
    for name in (f"plots/{PICTURE}", "report.html"):
        (copy / name).write_bytes(whole[name][:-20] if left is None else left)
    assert not is_whole(copy / "plots" / PICTURE) and not is_whole(copy / "report.html")
    illustrate(copy, "run", True, True, reused=True)
    assert files(copy) == whole
    times = {name: (copy / name).stat().st_mtime_ns for name in whole}
    illustrate(copy, "run", True, True, reused=True)
    assert {name: (copy / name).stat().st_mtime_ns for name in whole} == times


def test_an_empty_picture_beside_the_first_look_is_not_shown(copy):
    (copy / "plots").mkdir()
    for name in ("dyads.png", "old.svg"):
        (copy / "plots" / name).touch()
    assert illustrate(copy, "run", True, False, reused=True).pictures == [copy / "plots" / PICTURE]


def test_svg_is_whole_when_it_is_closed(copy):
    (drawn,) = plots.draw(copy, ["cooperation_fan"], format="svg", workers=1)
    assert is_whole(drawn)
    drawn.write_bytes(drawn.read_bytes()[:-9])
    assert not is_whole(drawn)


def test_the_run_says_so_prints_its_summary_and_ends_with_its_own_status(tmp_path, monkeypatch):
    """Pictures that cannot be written, since a file stands where their folder would be."""
    words = ["run", "scenario=baseline", "replicates=2", "end=2015-12", "workers=1", "report=false"]
    monkeypatch.setattr("sim.cli.background.cores", lambda: 1)
    done = call(*words, "plots=false", cwd=tmp_path)
    assert done.returncode == 0
    folder = Path(done.stdout.splitlines()[-1])
    (tmp_path / folder / "plots").write_text("a file")
    done = call(*words, cwd=tmp_path)
    assert done.returncode == 3
    assert "the run is finished, but its pictures failed: File exists" in done.stderr
    assert "Mutual cooperation" in done.stdout and done.stdout.splitlines()[-1] == str(folder)
    (tmp_path / folder / "plots").unlink()
    done = call(*words, cwd=tmp_path)
    assert done.returncode == 0 and is_whole(tmp_path / folder / "plots" / PICTURE)


@pytest.mark.parametrize("link", ["plots", f"plots/{PICTURE}", "report.html"])
def test_nothing_is_written_through_a_link_in_a_received_folder(copy, tmp_path, link):
    target = tmp_path / "precious"
    if link == "plots":
        target.mkdir()
        (target / PICTURE).write_text("mine")
    else:
        target.write_text("mine")
    (copy / link).parent.mkdir(exist_ok=True)
    (copy / link).symlink_to(target)
    before = files(target) if target.is_dir() else target.read_bytes()
    verb = "report" if link == "report.html" else "plot"
    done = call(verb, str(copy), cwd=tmp_path)
    assert done.returncode == 2 and "is a symbolic link" in done.stderr and "--out" in done.stderr
    assert illustrate(copy, "run", link != "report.html", link == "report.html", reused=True).incomplete
    assert (files(target) if target.is_dir() else target.read_bytes()) == before
    assert (copy / link).is_symlink()
    with pytest.raises((plots.PictureError, ResultsError), match="symbolic link"):
        report.write(copy) if verb == "report" else plots.draw(copy, ["cooperation_fan"])


def test_where_the_person_says_so_anything_is_written(copy, tmp_path):
    (tmp_path / "linked").symlink_to(tmp_path / "real")
    (tmp_path / "real").mkdir()
    assert call("plot", str(copy), "cooperation_fan", "--out", "linked", cwd=tmp_path).returncode == 0
    assert is_whole(tmp_path / "real" / PICTURE)
    (tmp_path / "page.html").symlink_to(tmp_path / "real" / "page.html")
    (tmp_path / "real" / "page.html").write_text("old")
    assert call("report", str(copy), "--out", "page.html", cwd=tmp_path).returncode == 0
    assert (tmp_path / "page.html").is_symlink() and is_whole(tmp_path / "real" / "page.html")
    assert call("report", str(copy), "--out", os.devnull, cwd=tmp_path).returncode == 0
    assert not Path(os.devnull).is_file()


def test_a_place_that_cannot_be_written_is_one_sentence(copy, tmp_path):
    (tmp_path / "file").write_text("mine")
    done = call("plot", str(copy), "cooperation_fan", "--out", "file", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == "cannot write pictures to file: File exists"
    assert (tmp_path / "file").read_text() == "mine"
