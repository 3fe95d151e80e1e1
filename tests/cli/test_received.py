"""Folders of results that somebody else may have written: nothing that they name runs or is read unless the command says so.

A behaviour leaves a mark when its file is run, so that a test sees whether it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from sim.sweep import array
from sim.sweep.checking import digests
from tests.cli.command import call, sim
from tests.manifests import list_again
from tests.manifests import rewrite as rewrite_manifest
from tests.unit.sweep.plans import tampered

TINY = ("replicates=2", "end=2015-04", "workers=1")
QUIET = ("plots=false", "report=false")
SWEEP = ("run", "-m", "scenario=baseline", "seed=1,2", *TINY, "plots=false")


class Code:
    """A file with a behaviour, and the mark that it leaves."""

    def __init__(self, folder: Path) -> None:
        self.mark, self.file = folder / "it-ran", folder / "own.py"
        self.file.write_text(
            f"from pathlib import Path\nPath({str(self.mark)!r}).touch()\nfrom sim import StateAgent\n\n\n"
            "class Own(StateAgent):\n    def decide(self):\n        return super().decide()\n"
        )

    @property
    def word(self) -> str:
        return f"behaviour.CHN={self.file}:Own"

    @property
    def plain(self) -> dict[str, str]:
        return {"class": "Own", "file": str(self.file), "sha256": hashlib.sha256(self.file.read_bytes()).hexdigest()}

    def ran(self) -> bool:
        """Whether its file was run since this was asked last."""
        for name in [name for name in sys.modules if name.startswith("entente_behaviour_")]:
            del sys.modules[name]
        there = self.mark.exists()
        self.mark.unlink(missing_ok=True)
        return there


@pytest.fixture
def code(tmp_path):
    own = Code(tmp_path)
    assert not own.ran()
    return own


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A finished run with a behaviour, made by its owner's own command, which needs no flag."""
    place = tmp_path_factory.mktemp("made")
    own = Code(place)
    done = call("run", "scenario=baseline", *TINY, *QUIET, own.word, cwd=place)
    assert done.returncode == 0, done.stderr
    assert own.ran()
    return place, place / done.stdout.splitlines()[-1]


@pytest.fixture
def received(made, tmp_path):
    """A copy of it in another folder of results, with the code beside."""
    place, folder = made
    shutil.copytree(place / "results", tmp_path / "results")
    own = Code(place)
    own.ran()
    return own, tmp_path / folder.relative_to(place)


def everything(place: Path) -> list[tuple[str, bytes]]:
    paths = sorted(place.rglob("*"))
    return [(str(path.relative_to(place)), path.read_bytes() if path.is_file() else b"") for path in paths]


def rewrite(path: Path, change) -> None:
    """Change a file of a run, with checksums that fit: whoever sends a folder can compute them too."""
    stored = json.loads(path.read_text())
    change(stored)
    path.write_text(json.dumps(stored))
    list_again(path.parent.parent)


def refused(done, own: Code, *said: str) -> None:
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    for words in said:
        assert words in done.stderr
    assert not own.ran()


# -- replay -----------------------------------------------------------------------------------------------------------


def test_replay_runs_no_code_of_a_folder(received, tmp_path):
    own, folder = received
    before = everything(tmp_path)
    refused(call("replay", str(folder), cwd=tmp_path), own, "the class Own in", str(own.file), "for CHN", "--allow-code")
    assert everything(tmp_path) == before


def test_replay_runs_it_if_the_command_says_so(received, tmp_path):
    own, folder = received
    done = call("replay", str(folder), "--allow-code", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert own.ran()


def test_replay_runs_nothing_of_a_file_that_was_changed(received, tmp_path):
    own, folder = received
    text = own.file.read_text()
    try:
        own.file.write_text(text + "# changed\n")
        refused(call("replay", str(folder), "--allow-code", cwd=tmp_path), own, "is not the file that was meant", "sha256")
        own.file.unlink()
        refused(call("replay", str(folder), "--allow-code", cwd=tmp_path), own, "does not exist")
    finally:
        own.file.write_text(text)


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"sha256": "0" * 64}, "is not the file that was meant"),
        ({"sha256": None}, "behaviours.CHN.sha256: None is not a sha256"),
        ({"class": "os.system"}, "behaviours.CHN.class: 'os.system' is not the name of a class"),
        ({"file": 5}, "behaviours.CHN.file: 5 is not a file"),
        ({"more": 1}, "behaviours.CHN: is no behaviour"),
    ],
)
def test_replay_runs_nothing_of_a_behaviour_that_was_tampered_with(received, tmp_path, about, said):
    own, folder = received
    rewrite(folder / "config" / "run.json", lambda stored: stored["behaviours"]["CHN"].update(about))
    refused(call("replay", str(folder), "--allow-code", cwd=tmp_path), own, said)


@pytest.mark.parametrize(
    ("file", "about", "said"),
    [
        ("run.json", {"replicates": 10**12}, "replicates: 1000000000000 is not allowed; it is a whole number from 1 to"),
        ("run.json", {"replicates": True}, "replicates: True is not allowed"),
        ("run.json", {"replicates": "auto", "precision": 0, "measure": "trust:CHN>RUS"}, "precision: 0 is not allowed"),
        ("run.json", {"seed": "x"}, "seed: 'x' is not allowed"),
        ("run.json", {"dtype": ["float64"]}, "dtype: ['float64'] is not allowed"),
        ("run.json", {"behaviours": 5}, "behaviours: is not a mapping"),
        ("scenario.json", {"end": "9999-12"}, "at most 1200 (a hundred years) are allowed"),
        ("scenario.json", {"world": "../../../secret"}, "'../../../secret' is not the name of a world"),
        ("scenario.json", {"schedule": ["..cli.main"]}, "'..cli.main' is not a mechanism"),
        ("scenario.json", {"events": {"x": {"type": "code"}}}, "type"),
        ("scenario.json", {"events": 7}, "events"),
        ("scenario.json", {"_target_": "os.system"}, "_target_"),
    ],
)
def test_a_stored_run_is_read_like_a_scenario_file_and_within_the_limits(received, tmp_path, file, about, said):
    own, folder = received
    rewrite(folder / "config" / "run.json", lambda stored: stored.pop("behaviours", None))
    rewrite(folder / "config" / file, lambda stored: stored.update(about))
    done = call("replay", str(folder), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr and "Traceback" not in done.stderr
    assert not own.ran()


@pytest.mark.parametrize("file", ["run.json", "scenario.json"])
@pytest.mark.parametrize("text", ["[" * 200_000, "{", "7", '{"seed": NaN}', '{"a": ' * 70 + "1" + "}" * 70, "\udcff"])
def test_stored_json_that_is_none_is_a_sentence(received, tmp_path, file, text):
    own, folder = received
    data = text.encode("utf-8", "surrogateescape")
    (folder / "config" / file).write_bytes(data)
    list_again(folder)
    refused(call("replay", str(folder), "--allow-code", cwd=tmp_path), own, f"config/{file}")


def test_it_is_said_how_much_is_simulated(received, tmp_path):
    _, folder = received
    done = call("replay", str(folder), "--allow-code", cwd=tmp_path)
    assert f"{folder}: 2 replicates of 4 months, 21 states" in done.stderr


# -- compare ----------------------------------------------------------------------------------------------------------


def test_compare_takes_no_code_over_from_a_folder(received, tmp_path):
    """The other scenario is the one of its file: seed, replicates and months are taken over, and no behaviour."""
    own, folder = received
    done = call("compare", str(folder), "sco_expansion", "--json", *QUIET, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "replicates=2" in done.stderr and "end=2015-04" in done.stderr
    assert not own.ran()
    other = json.loads((Path(json.loads(done.stdout)["runs"][1]) / "manifest.json").read_text())
    assert other["behaviours"] == {} and (other["replicates"], other["end"]) == (2, "2015-04")


@pytest.mark.parametrize("word", ["end=2015-04 hydra.run.dir=x", "start=${oc.env:HOME}", "+end=[1]"])
def test_compare_takes_over_plain_months_only(received, tmp_path, word):
    own, folder = received
    rewrite_manifest(folder, behaviours={}, overrides=["end=2015-04", word])
    refused(call("compare", str(folder), "sco_expansion", *QUIET, cwd=tmp_path), own, "is not a plain change of a story")


@pytest.mark.parametrize(
    "word", ["scenario.title=${oc.env:HOME}", "parameters.trust.balance=${oc.env:HOME}", "+scenario.x@hydra.run=y"]
)
def test_compare_takes_over_nothing_of_a_story(received, tmp_path, word):
    _, folder = received
    rewrite_manifest(folder, behaviours={}, overrides=["end=2015-04", word])
    done = call("compare", str(folder), "sco_expansion", "--json", *QUIET, cwd=tmp_path)
    assert done.returncode == 0 and word not in done.stderr, done.stderr
    other = json.loads((Path(json.loads(done.stdout)["runs"][1]) / "manifest.json").read_text())
    assert "balance" not in other["parameters_changed"]["trust"] and other["title"] != "x"


@pytest.mark.parametrize("word", [5, ["scenario.title=x"]])
def test_compare_takes_over_words_only(received, tmp_path, word):
    own, folder = received
    rewrite_manifest(folder, behaviours={}, overrides=["end=2015-04", word])
    refused(call("compare", str(folder), "sco_expansion", *QUIET, cwd=tmp_path), own, "overrides[1]: must be text")


def test_compare_keeps_to_the_limits(received, tmp_path):
    own, folder = received
    rewrite_manifest(folder, behaviours={}, overrides=[], replicates=10**12)
    refused(call("compare", str(folder), "sco_expansion", *QUIET, cwd=tmp_path), own, "from 1 to 1,000,000")


# -- sweeps -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def planned(tmp_path):
    """The plan of a sweep without behaviours, of which nothing was run."""
    done = call("submit", *SWEEP[2:], "--slurm", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    return Path(json.loads(done.stdout)["folder"])


def test_a_planted_plan_runs_nothing_for_the_ordinary_command(planned, code, tmp_path):
    for fitting in (False, True):  # also where whoever planted it computed all digests again
        tampered(planned, lambda rows: [row["options"].update(behaviours={"CHN": code.plain}) for row in rows], fitting)
        done = call(*SWEEP, cwd=tmp_path)
        refused(done, code, f"{planned.relative_to(tmp_path)} is not the plan that its id names", "clean --sweep")
    assert not list((tmp_path / "results").glob("baseline/*"))


def test_a_plan_that_was_cut_short_is_refused(planned, code, tmp_path):
    jobs = planned / "jobs.jsonl"
    jobs.write_bytes(jobs.read_bytes().splitlines(keepends=True)[0])
    refused(call(*SWEEP, cwd=tmp_path), code, "jobs.jsonl has 1 of the 2 rows that plan.json speaks of", "clean --sweep")
    done = call("clean", "--sweep", planned.name, "--yes", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    done = call(*SWEEP, "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["counts"] == {"done": 2}


def test_a_sweep_with_behaviours_of_its_own_command_needs_no_flag(code, tmp_path):
    words = (*SWEEP, code.word)
    first = json.loads(call(*words, "--json", cwd=tmp_path).stdout)
    assert first["counts"] == {"done": 2} and code.ran()
    shutil.rmtree(next((tmp_path / "results" / "baseline").iterdir()))
    again = json.loads(call(*words, "--json", cwd=tmp_path).stdout)
    assert (again["counts"], again["reused"], again["folder"]) == ({"done": 2}, 1, first["folder"])
    assert code.ran()
    code.file.write_text(code.file.read_text() + "# another\n")  # the command names what is there now: another sweep
    assert json.loads(call(*words, "--json", cwd=tmp_path).stdout)["folder"] != first["folder"]


def test_submit_and_its_tasks_run_the_code_of_a_plan_only_if_told(code, tmp_path, capsys):
    mine = json.loads(call("submit", *SWEEP[2:], code.word, "--slurm", "--json", cwd=tmp_path).stdout)
    script = Path(mine["array"])
    assert " --allow-code " in script.read_text()  # the command itself named the behaviour
    code.ran()
    shutil.rmtree(script.parent)
    folder = Path(mine["folder"])
    refused(call("submit", folder.name, "--slurm", cwd=tmp_path), code, "the class Own in", "--allow-code")
    assert not script.exists()
    task = [str(folder), "--task", "0", "--of", "2", "--workers", "1"]
    assert array.main(task) == 2
    assert "the class Own in" in capsys.readouterr().err and not code.ran()
    assert call("submit", folder.name, "--slurm", "--allow-code", cwd=tmp_path).returncode == 0
    assert " --allow-code " in script.read_text() and not code.ran()
    text = code.file.read_text()
    code.file.write_text(text + "# changed\n")
    assert array.main([*task, "--allow-code"]) == 2
    assert "is not the file that was meant" in capsys.readouterr().err and not code.ran()
    refused(call("submit", folder.name, "--slurm", "--allow-code", cwd=tmp_path), code, "is not the file that was meant")
    code.file.write_text(text)
    assert array.main([*task, "--allow-code"]) == 0
    assert code.ran()


def test_a_stored_command_is_shown_only_if_it_is_one(planned, tmp_path):
    from sim.sweep import SweepError
    from sim.sweep.folder import open_sweep, sweeps

    head = json.loads((planned / "plan.json").read_text())
    for command, shown in [
        ("sim run -m 'seed=1,2' x=$(id)", "python -m sim run -m seed=1,2 'x=$(id)'"),
        ("rm -rf ~", ""),
        ("sim run -m behaviour.CHN=x.py:X", ""),
        ("sim run\x1b[2J", ""),
        ("sim '", ""),
        ("python -m sim replay x", ""),
    ]:
        (planned / "plan.json").write_text(json.dumps(head | {"command": command}))
        assert sweeps(tmp_path / "results")[0].command == shown
        with pytest.raises(SweepError) as error:
            open_sweep(planned)
        assert str(error.value).endswith(f"again: {shown}" if shown else "(plan.json has it)")


# -- the working folder -----------------------------------------------------------------------------------------------


def test_modules_in_the_working_folder_are_not_imported(tmp_path):
    mark = tmp_path / "it-ran"
    for name in ("numpy", "pandas", "argparse", "typing", "json", "numba", "hydra"):
        (tmp_path / f"{name}.py").write_text(f"open({str(mark)!r}, 'w')\nraise SystemExit('planted')\n")
    done = sim("list", "runs", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert not mark.exists()


def test_a_behaviour_still_finds_what_lies_beside_the_user(tmp_path):
    (tmp_path / "helper.py").write_text("SHARE = 0.5\n")
    (tmp_path / "own.py").write_text(
        "import helper\nfrom sim import StateAgent\n\n\nclass Own(StateAgent):\n"
        "    def decide(self):\n        return super().decide() * (helper.SHARE > 0)\n"
    )
    done = sim("run", "scenario=baseline", *TINY, *QUIET, "behaviour.CHN=own.py:Own", cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_fork_and_replay_read_no_place_that_a_folder_names(received, tmp_path):
    _, folder = received
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "worlds").mkdir(parents=True)
    (elsewhere / "baseline.yaml").write_text("title: secret")
    (elsewhere / "worlds" / "eurasia_2015.yaml").write_text("title: secret")
    named = {"scenario_dir": str(elsewhere), "overrides": [f"scenario={elsewhere}/baseline.yaml"]}

    def change(stored):
        stored.pop("behaviours")
        stored.update(named)

    rewrite(folder / "config" / "run.json", change)
    rewrite_manifest(folder, behaviours={})
    opened, watching = [], [True]

    def watch(event, arguments):  # it cannot be taken away again
        if watching and event == "open":
            opened.append(str(arguments[0]))

    sys.addaudithook(watch)
    for words in (
        ("fork", str(folder), "--at", "2015-03", "--with", "baseline", "--no-plot", "--no-report"),
        ("replay", str(folder)),
    ):
        call(*words, "--workers", "1", cwd=tmp_path)
    watching.clear()
    assert any("eurasia_2015" in path for path in opened)
    assert not [path for path in opened if path.startswith(os.fspath(elsewhere))]


def test_digests_of_a_plan_are_of_all_that_determines_it(planned):
    head = json.loads((planned / "plan.json").read_text())
    lines = hashlib.sha256((planned / "jobs.jsonl").read_bytes()).hexdigest()
    assert digests(head, lines).items() <= head["digests"].items()
