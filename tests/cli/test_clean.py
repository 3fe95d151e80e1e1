"""`clean` removes what we began and nobody needs; nothing of a person's, and nothing that somebody works on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.cli.clean import STAYED
from sim.results.atomic import begin, temporary
from sim.results.temporary import machine
from sim.sweep.folder import run_plan
from tests.cli.command import ROOT, call, environment
from tests.unit.sweep.plans import gains, plan, point

GONE = 999_999_999
"""No process has this number."""


def tree(root: Path) -> dict[str, bytes | None]:
    """Every folder and file below a folder, with what is in it."""
    return {str(path.relative_to(root)): path.read_bytes() if path.is_file() else None for path in root.rglob("*")}


def write(path: Path, text: str = "mine") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def results(tmp_path):
    """Results with a leftover, an unfinished and a damaged run, and an unfinished sweep, all of them ours."""
    root = tmp_path / "results"
    begin(root / ".tmp" / f"0123456789ab-{GONE}-deadbeef-{machine()}", "run")
    begin(root / "baseline" / "0123456789ab", "run")
    begin(root / "baseline" / "ba9876543210", "run")
    (root / "baseline" / "ba9876543210" / "manifest.json").write_text("{")
    begin(root / "sweeps" / "feedfeedfeed", "sweep")
    return root


def test_it_lists_and_removes_nothing_where_nobody_can_be_asked(results, tmp_path):
    before = tree(tmp_path)
    for words in ([], ["--dry-run"], ["--json"], ["--json", "--dry-run"]):
        done = call("clean", *words, cwd=tmp_path)
        assert done.returncode == (0 if "--dry-run" in words else STAYED), words
        assert tree(tmp_path) == before
        assert len(json.loads(done.stdout)["would_remove"] if "--json" in words else done.stdout.splitlines()) >= 4
        assert ("clean --yes" in done.stderr) == ("--dry-run" not in words)
    listed = call("clean", cwd=tmp_path).stdout
    for why in ("left by a process that is gone", "a run, unfinished", "a run, damaged", "a sweep, damaged", "bytes)"):
        assert why in listed


def test_with_yes_it_removes_what_it_listed_and_no_parent(results, tmp_path):
    done = call("clean", "--yes", cwd=tmp_path)
    assert done.returncode == 0 and done.stdout.count("removed ") == 4
    assert set(tree(results)) == {".tmp", "baseline", "sweeps"}
    assert "Nothing to clean" in call("clean", "--yes", cwd=tmp_path).stdout


@pytest.mark.parametrize(("answer", "removed"), [("y\n", 4), ("n\n", 0), ("\n", 0), ("", 0)])
def test_on_a_terminal_it_asks_once(results, tmp_path, monkeypatch, answer, removed):
    class Typed:
        def isatty(self):
            return True

        def readline(self):
            return answer

    monkeypatch.setattr(sys, "stdin", Typed())
    done = call("clean", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stderr.count("Remove these 4? [y/N]") == 1
    assert done.stdout.count("removed ") == removed


def test_a_home_folder_loses_nothing(tmp_path):
    """Folders that look like ours in every way but the mark, in `~` taken for a folder of results."""
    home = tmp_path / "home"
    write(home / "Documents" / "tax_2023_doc" / "return.pdf")
    write(home / "Documents" / "0123456789ab" / "return.pdf")
    write(home / "Pictures" / "abcdefabcdef" / "manifest.json", "{")
    write(home / "code" / "my_extension" / "manifest.json", '{"manifest_version": 3}')
    write(home / "code" / "123456abcdef" / ".entente", "made by me")
    write(home / "sweeps" / "chimney" / "bill.txt")
    write(home / "sweeps" / "feedfeedfeed" / "bill.txt")
    write(home / ".tmp" / f"work-{GONE}-deadbeef-{machine()}" / "half.doc")
    write(home / ".tmp" / "notes")
    (home / "empty" / "0123456789ab").mkdir(parents=True)
    begin(tmp_path / "elsewhere" / "0123456789ab", "run")
    (home / "link").symlink_to(tmp_path / "elsewhere")
    (home / "code" / "aaaaaaaaaaaa").symlink_to(tmp_path / "elsewhere" / "0123456789ab")
    before = tree(tmp_path)
    done = call("clean", "--yes", "--results", str(home), cwd=tmp_path)
    assert done.returncode == 0
    assert "Nothing to clean" in done.stdout
    assert tree(tmp_path) == before


def test_a_folder_of_temporary_ones_that_is_a_link_is_left_alone(tmp_path):
    begin(tmp_path / "elsewhere" / f"work-{GONE}-deadbeef-{machine()}", "run")
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / ".tmp").symlink_to(tmp_path / "elsewhere")
    before = tree(tmp_path)
    assert call("clean", "--yes", cwd=tmp_path).returncode == 0
    assert tree(tmp_path) == before


@pytest.mark.parametrize(("option", "parent"), [("--run", "Documents"), ("--sweep", "sweeps")])
def test_what_is_named_and_not_ours_is_said_and_left_alone(tmp_path, option, parent):
    for name in ("tax_2023_doc", "0123456789ab"):
        write(tmp_path / "home" / parent / name / "return.pdf")
        before = tree(tmp_path)
        done = call("clean", option, f"home/{parent}/{name}", "--yes", "--results", "home", cwd=tmp_path)
        assert done.returncode == STAYED
        assert "left alone: it is not marked as ours" in done.stdout
        assert tree(tmp_path) == before


def test_what_is_named_has_to_be_inside_the_results(results, tmp_path):
    begin(tmp_path / "other" / "baseline" / "0123456789ab", "run")
    (results / "linked").symlink_to(tmp_path / "other" / "baseline")
    write(tmp_path / "other" / "sweeps" / "feedfeedfeed" / "plan.json", "{}")
    before = tree(tmp_path)
    for words in (["--sweep", "../.."], ["--sweep", "other/sweeps/feedfeedfeed"], ["--run", "other/baseline/0123456789ab"]):
        assert call("clean", *words, "--yes", cwd=tmp_path).returncode == 2
        assert tree(tmp_path) == before
    done = call("clean", "--run", "results/linked/0123456789ab", "--dry-run", cwd=tmp_path)
    assert done.returncode == STAYED and "through a symbolic link" in done.stdout


def test_a_finished_run_goes_when_it_is_named(tmp_path):
    done = run_plan(plan(tmp_path / "results", [point(gain) for gain in gains(2)]), workers=1)
    first, second = sorted((tmp_path / "results" / "baseline").iterdir())
    for folder in (first, second):
        write(folder / ".entente", "made by entente: run\n")
    write(done.folder / ".entente", "made by entente: sweep\n")
    assert "Nothing to clean" in call("clean", "--yes", cwd=tmp_path).stdout
    assert call("clean", "--run", first.name, "--yes", cwd=tmp_path).returncode == 0
    assert not first.exists() and second.is_dir() and done.folder.is_dir()
    assert call("clean", "--sweep", done.folder.name[:6], "--yes", cwd=tmp_path).returncode == 0
    assert second.is_dir() and not done.folder.exists() and done.folder.parent.is_dir()


@pytest.mark.parametrize("where", ["here", "elsewhere"])
@pytest.mark.parametrize("what", ["run", "sweep"])
def test_what_somebody_works_on_stays_even_when_it_is_named(results, tmp_path, where, what):
    """On this machine a living process; on another one that was touched within a day."""
    name, folder = ("0123456789ab", "baseline/0123456789ab") if what == "run" else ("feedfeedfeed", "sweeps/feedfeedfeed")
    owner = f"{name}" if what == "run" else f"sweep-{name}"
    process = os.getpid() if where == "here" else GONE
    at = begin(results / ".tmp" / f"{owner}-{process}-01234567-{machine() if where == 'here' else 'elsewhere'}", what)
    done = call("clean", f"--{what}", str(results / folder), "--yes", cwd=tmp_path)
    assert done.returncode == STAYED
    assert f"{results / folder} (" in done.stdout and "left alone: a process is at work on it" in done.stdout
    assert (results / folder).is_dir() and at.is_dir()
    long_ago = time.time() - 2 * 86400
    for path in (at / ".entente", at):
        os.utime(path, (long_ago, long_ago))
    call("clean", "--yes", cwd=tmp_path)
    assert (results / folder).is_dir() == at.is_dir() == (where == "here")  # a living process may sleep


def test_a_sweep_whose_tasks_may_wait_in_a_queue_goes_only_when_named(tmp_path):
    folder = plan(tmp_path / "results", [point(gains(1)[0])]).folder
    write(folder / ".entente", "made by entente: sweep\n")
    write(folder / "slurm" / "array.sh")
    assert "may wait in a queue" in call("clean", "--yes", cwd=tmp_path).stdout
    assert folder.is_dir()
    assert call("clean", "--sweep", folder.name, "--yes", cwd=tmp_path).returncode == 0
    assert not folder.exists()


@pytest.mark.parametrize("how", ["sweep", "array"])
def test_cleaning_during_a_sweep_does_it_no_harm(tmp_path, how):
    points = [point(gain) for gain in gains(4)]
    undisturbed = run_plan(plan(tmp_path / "a", points), workers=2)
    root = tmp_path / "b"
    folder = plan(root, points).folder
    command = {
        "sweep": ["tests.unit.sweep.plans", str(root), "4"],
        "array": ["sim.sweep.array", str(folder), "--task", "0", "--of", "1", "--workers", "2"],
    }[how]
    times = 0
    quiet = {"cwd": ROOT, "env": environment(), "stdout": subprocess.DEVNULL}
    with subprocess.Popen([sys.executable, "-m", *command], **quiet) as process:
        while process.poll() is None:
            if (root / ".tmp").is_dir():
                write(folder / ".entente", "made by entente: sweep\n")
                done = call("clean", "--yes", "--results", str(root), cwd=tmp_path)
                times += "a sweep, unfinished; left alone: a process is at work on it" in done.stdout
            time.sleep(0.02)
    assert process.returncode == 0 and times
    finished = run_plan(plan(root, points), workers=1)
    assert finished.reused == len(points)
    for name in ("experiments.csv", "experiments.parquet"):
        assert (finished.folder / name).read_bytes() == (undisturbed.folder / name).read_bytes()
    assert not (root / ".tmp").exists()


def test_a_sweep_that_begins_while_it_is_removed_gets_its_folder_back(results, tmp_path, monkeypatch):
    from sim.results import removal

    folder, real, looks = results / "sweeps" / "feedfeedfeed", removal._is_in_hand, []

    def looked(root, path):
        looks.append(path)
        if len(looks) == 1:
            return False
        with temporary(root, "sweep-feedfeedfeed"):
            return real(root, path)

    monkeypatch.setattr(removal, "_is_in_hand", looked)
    before = tree(folder)
    assert removal.take_away(results, folder) == removal.BUSY
    assert tree(folder) == before and len(looks) == 2


def test_a_sweep_that_is_gone_when_it_begins_says_so(tmp_path):
    from sim.sweep import SweepError

    planned = plan(tmp_path, [point(gains(1)[0])])
    (planned.folder / "plan.json").unlink()
    with pytest.raises(SweepError, match="was taken away meanwhile; give the sweep's command again"):
        run_plan(planned, workers=1)
    assert not (tmp_path / ".tmp").exists()
