"""Nothing in a text of somebody else is replaced by what is in the environment, whatever verb reads it."""

import json
import shutil
from pathlib import Path

import pytest

from sim.cli.hydra.source import Scenarios
from sim.scenario import ScenarioError, text
from tests.cli.command import call

SEEDS = Path(__file__).resolve().parents[1] / "fuzz" / "seeds"
SECRET = "hunter2-is-in-the-environment"
REFERENCE = "${oc.env:SECRET}"
OPTIONS = ("replicates=2", "end=2016-08", "workers=1", "plots=false")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A scenario and its world, and a secret in the environment."""
    shutil.copytree(SEEDS, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("SECRET", SECRET)
    return tmp_path


def spoil(folder, table, old, new):
    path = folder / "worlds" / "small" / f"{table}.csv"
    content = path.read_text()
    assert old in content
    path.write_text(content.replace(old, new, 1))


def told(folder, done):
    """All that a command said and wrote."""
    written = "".join(path.read_bytes().decode("utf-8", "replace") for path in folder.rglob("*") if path.is_file())
    return done.stdout + done.stderr + written


VERBS = {
    "check": ["check", "./small.yaml"],
    "check --json": ["check", "./small.yaml", "--json"],
    "show": ["show", "./small.yaml"],
    "show --json": ["show", "small", "--scenario-dir", "."],
    "sources": ["sources", "./small.yaml"],
    "new": ["new", "mine", "--from", "./small.yaml"],
    "run": ["run", "scenario=./small.yaml", *OPTIONS],
    "run --cfg": ["run", "scenario=./small.yaml", "--cfg", "job", "--resolve"],
    "run -m": ["run", "-m", "scenario=./small.yaml", *OPTIONS, "seed=1,2"],
    "compare": ["compare", "./small.yaml", "baseline", *OPTIONS],
    "ablate": ["ablate", "./small.yaml", "--measure", "cooperation:SCO", *OPTIONS],
}


@pytest.mark.parametrize(
    ("verb", "table", "old", "place"),
    [
        *((verb, "states", "China", "states.csv:2:2") for verb in VERBS),
        ("check", "actors", "Islamic", "actors.csv:2:2"),
        ("check", "trust", "said", "trust.csv:2:6"),
    ],
)
def test_a_table_is_refused_with_its_cell(folder, verb, table, old, place):
    spoil(folder, table, old, REFERENCE)
    before = sorted(folder.rglob("*"))
    done = call(*VERBS[verb], cwd=folder)
    said = done.stdout + done.stderr
    if "--json" in VERBS[verb]:
        said += "".join("{file}:{line}:{column}\n".format(**problem) for problem in json.loads(done.stdout)["problems"])
    assert place in said
    assert done.returncode == 2
    assert SECRET not in said
    assert sorted(folder.rglob("*")) == before


def test_neither_is_it_when_a_run_is_taken_up_again(folder):
    """fork, report and compare read what a finished run says and look for its world again."""
    assert call("run", "scenario=./small.yaml", *OPTIONS, "report=false", cwd=folder).returncode == 0
    run = next(folder.glob("results/small/*"))
    spoil(folder, "states", "China", REFERENCE)
    for words in (
        ["fork", str(run), "--at", "2016-02", "--with", "./small.yaml", "--workers", "1"],
        ["fork", str(run), "--at", "2016-02", "--with", "baseline", "--workers", "1"],
        ["report", str(run)],
        ["replay", str(run)],
        ["explain", "CHN", "RUS", str(run)],
        ["compare", str(run), "./small.yaml", "plots=false"],
    ):
        assert SECRET not in told(folder, call(*words, cwd=folder)), words


def test_the_words_of_a_received_run_are_not_followed(folder):
    assert call("run", "scenario=./small.yaml", *OPTIONS, "report=false", cwd=folder).returncode == 0
    path = next(folder.glob("results/small/*/manifest.json"))
    manifest = json.loads(path.read_text())
    manifest["overrides"] = [f"scenario.title={REFERENCE}"]
    path.write_text(json.dumps(manifest))
    done = call("compare", str(path.parent), "./small.yaml", "plots=false", "report=false", cwd=folder)
    assert done.returncode == 2
    assert SECRET not in told(folder, done)


def test_behind_the_readers_there_is_a_gate(folder, monkeypatch):
    """Even with the checks of the readers taken away, no reference reaches what would follow it."""
    from sim.scenario import world_tables

    spoil(folder, "states", "China", REFERENCE)
    monkeypatch.setattr(world_tables, "reference", lambda cell: None)
    monkeypatch.setattr(world_tables.Reader, "wrong", lambda *_: None)
    monkeypatch.chdir(folder)
    Scenarios.begin(None)
    with pytest.raises(ScenarioError, match=r"states\.csv:2:1: states\.CHN\.name: `\$\{` is not allowed"):
        Scenarios.draft("./small.yaml")
    assert text.reference("a ${b}") and text.reference("???") and not text.reference("a $b {c}?")


def test_files_whose_names_are_references(folder):
    """The names of files in a folder are text of others too; `glob` gives them to Hydra."""
    shutil.copy(folder / "small.yaml", folder / f"small{REFERENCE}.yaml")
    done = call("run", "-m", "scenario=glob(small*)", "scenario_dir=.", *OPTIONS, "dry_run=true", cwd=folder)
    assert SECRET not in done.stdout + done.stderr
    assert done.returncode == 0, done.stderr
