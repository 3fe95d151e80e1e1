"""`python -m sim run`, from the command line to the folder."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sim import results
from sim.sweep.folder import open_sweep
from tests.cli.command import SMALL, environment, sim

FLAGSHIP = ("run", "scenario=sco_expansion", *SMALL)
PLAIN = (*FLAGSHIP, "plots=false", "report=false")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("analyst")


@pytest.fixture(scope="module")
def first(place):
    """One small run with pictures, as its user sees it."""
    return sim(*FLAGSHIP, cwd=place)


@pytest.fixture(scope="module")
def folder(first, place):
    return place / first.stdout.splitlines()[-1]


def folders(place: Path) -> list[Path]:
    return sorted(path.parent for path in place.rglob("manifest.json"))


def test_writes_a_run_and_says_where(first, folder):
    assert first.returncode == 0, first.stderr
    assert folder.parts[-3:-1] == ("results", "sco_expansion")
    assert first.stdout.splitlines()[-2].startswith("Next: python -m sim ")
    results.open_run(folder).verify()


def test_prints_a_summary_a_person_can_read(first):
    text = first.stdout
    for words in ("founders", "eight", "China-Russia", "India-Pakistan", "China-India", "ISK", "Kazakhstan", "East "):
        assert words in text
    assert "Validity: " in text
    assert "parameters are assumptions" in text
    assert "2 events impose an outcome: russia_turkey_crisis, uri." in " ".join(text.split())
    assert all(len(line) <= 80 for line in text.splitlines())
    assert "\x1b" not in text


def test_progress_is_on_stderr_a_line_for_ten_per_cent(first):
    assert "simulating sco_expansion: 100 %" in first.stderr.splitlines()
    assert "%" not in first.stdout.splitlines()[0]


def test_pictures_come_with_it(folder):
    names = {path.name for path in (folder / "plots").iterdir()}
    assert names == {"cooperation_fan.png", "bloc_strip.png", "map_strip.png", "dyads.png"}


def test_the_report_comes_with_it(first, folder):
    text = (folder / "report.html").read_text("utf-8")
    assert "default-src &#39;none&#39;" in text and "The SCO grows" in text
    line = next(line for line in first.stdout.splitlines() if line.startswith("Report: "))
    assert line.endswith("report.html")


def test_config_says_how_it_was_made(folder):
    assert "replicates=8" in (folder / "config/overrides.txt").read_text().splitlines()
    assert json.loads((folder / "config/run.json").read_text())["replicates"] == 8
    assert json.loads((folder / "config/scenario.json").read_text())["events"]
    assert "replicates=8" in results.open_run(folder).manifest["command"]


def test_a_finished_run_is_not_run_again(first, folder, place):
    before = (folder / "manifest.json").read_bytes()
    again = sim(*FLAGSHIP, cwd=place)
    assert again.returncode == 0
    assert "already finished" in again.stderr
    assert "simulating" not in again.stderr
    assert again.stdout == first.stdout
    assert (folder / "manifest.json").read_bytes() == before


def test_force_runs_again(folder, tmp_path):
    before = (folder / "measures.parquet").read_bytes()
    copy = tmp_path / "results" / "sco_expansion" / folder.name
    shutil.copytree(folder, copy)
    again = sim(*PLAIN, "force=true", "--json", cwd=tmp_path)
    assert "simulating" in again.stderr
    assert json.loads(again.stdout)["reused"] is False
    assert (copy / "measures.parquet").read_bytes() == before
    assert json.loads((copy / "manifest.json").read_text())["finished"] > results.open_run(folder).manifest["finished"]


def test_json_is_one_object_and_nothing_else(first, folder, place):
    about = json.loads(sim(*PLAIN, "--json", cwd=place).stdout)
    assert Path(about["folder"]) == folder.resolve()
    assert about["reused"] is True
    assert {"scenario", "digest", "summary", "validity", "imposed"} <= set(about)


def test_another_folder_gets_the_same_bytes(folder, tmp_path):
    other = sim(*PLAIN, "results=elsewhere", cwd=tmp_path)
    found = tmp_path / other.stdout.splitlines()[-1]
    assert found.name == folder.name
    for name in ("measures.parquet", "states.parquet", "ledger.nc", "summary.csv", "events.csv"):
        assert (found / name).read_bytes() == (folder / name).read_bytes(), name
    assert "results=elsewhere" in other.stdout.splitlines()[-2]


def test_the_same_from_python(folder, tmp_path):
    import sim as package

    found = package.run("sco_expansion", replicates=8, workers=1, changes={"end": "2016-12"}, results=tmp_path).path
    assert (found / "measures.parquet").read_bytes() == (folder / "measures.parquet").read_bytes()
    assert found.name == folder.name


def test_several_runs_at_once(tmp_path):
    many = sim("run", "-m", "scenario=baseline", "seed=1,2", "replicates=2", "end=2015-06", "workers=1", cwd=tmp_path)
    assert many.returncode == 0, many.stderr
    sweep = open_sweep(tmp_path / many.stdout.splitlines()[-1])
    assert [sweep.run_folder(number) for number in (1, 2)] == [
        path
        for seed in (1, 2)
        for path in folders(tmp_path / "results" / "baseline")
        if results.open_run(path).manifest["seed"] == seed
    ]


def test_every_dyad_on_request(tmp_path):
    done = sim(
        "run",
        "scenario=baseline",
        "save=all",
        "replicates=2",
        "end=2015-06",
        "workers=1",
        "plots=false",
        "report=false",
        cwd=tmp_path,
    )
    assert (tmp_path / done.stdout.splitlines()[-1] / "trajectory.nc").is_file()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["scenario=sco_expanson"], "did you mean 'sco_expansion'"),
        (["parameters.trust.gain=5"], "gain"),
        (["replicates=many"], "replicates"),
        (["end=2014-01"], "end"),
        (["nonsense=1"], "nonsense"),
    ],
)
def test_mistakes_are_one_message_and_2_and_nothing_is_written(tmp_path, words, said):
    done = sim("run", *words, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_results_folder_that_cannot_be(tmp_path):
    (tmp_path / "results").write_text("a file")
    done = sim(*FLAGSHIP, cwd=tmp_path)
    assert done.returncode == 2
    assert "cannot write results in results" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_ascii_terminals(place, first):
    done = sim(*PLAIN, cwd=place, PYTHONIOENCODING="ascii")
    assert done.stdout.isascii()
    assert "?" not in done.stdout.replace("?\n", "")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
def test_ctrl_c_is_one_line_and_leaves_nothing(tmp_path):
    words = [sys.executable, "-m", "sim", "run", "scenario=baseline", "replicates=1000", "workers=1"]
    process = subprocess.Popen(
        words, cwd=tmp_path, env=environment(), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    for line in process.stderr:
        if "simulating" in line:
            break
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert out == ""
    assert "stopped" in err
    assert "Traceback" not in err
    assert folders(tmp_path) == []
    assert not (tmp_path / "results" / ".tmp").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of Unix")
def test_a_reader_that_leaves_is_no_error(place, first):
    words = [sys.executable, "-m", "sim", *PLAIN]
    process = subprocess.Popen(
        words, cwd=place, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    process.stdout.close()
    with process.stderr:
        assert "Error" not in process.stderr.read()
    assert process.wait() == 0


def test_a_picture_that_fails_leaves_the_run(folder, tmp_path):
    copy = tmp_path / "results" / "sco_expansion" / folder.name
    shutil.copytree(folder, copy)
    shutil.rmtree(copy / "plots")
    (copy / "plots").write_text("in the way")
    done = sim(*FLAGSHIP, cwd=tmp_path)
    assert done.returncode == 3
    assert "its pictures failed" in done.stderr
    results.open_run(copy)


def test_it_takes_no_time_to_know_that_it_is_done(first, place):
    """Not a timing: a finished run never imports what simulates or draws."""
    code = (
        "import sys\nfrom sim.cli.main import main\n"
        f"main({[*FLAGSHIP, '--json']!r})\n"
        "heavy = ('mesa', 'pandas', 'matplotlib', 'sim.simulation.ensemble')\n"
        "print([name for name in heavy if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=place, env=environment(), capture_output=True, text=True)
    assert done.stderr.splitlines()[-1] == "[]", done.stderr


def test_a_run_without_behaviours_loads_neither_mesa_nor_pandas(tmp_path):
    """Not a timing: each takes about as long to load as a small run to simulate."""
    words = ["run", "replicates=2", "end=2015-03", "plots=false", "report=false", "workers=1"]
    code = (
        f"import sys\nfrom sim.cli.main import main\nmain({words!r})\n"
        "print([m for m in ('mesa', 'pandas', 'matplotlib') if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment(), capture_output=True, text=True)
    assert done.stderr.splitlines()[-1] == "[]", done.stderr
