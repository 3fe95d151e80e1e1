"""A small command loads few modules of the package: most of what there is belongs to other commands."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.architecture.test_imports import ROOT

LOADED = """
import contextlib, io, sys
from sim.cli.main import main
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    assert main({words!r}) == 0
print(*sorted(name for name in sys.modules if name.split(".")[0] == "sim"))
"""


def loaded(*words: str) -> list[str]:
    """The modules of the package that a fresh Python has loaded after a command."""
    command = [sys.executable, "-c", LOADED.format(words=list(words))]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The folder of the results, and what making a run in it loaded."""
    results = tmp_path_factory.mktemp("results")
    words = ("scenario=no_expansion", "plots=false", "report=false", "replicates=2", "end=2015-12", "workers=1")
    return results, loaded("run", *words, f"results={results}")


def test_a_run_loads_nothing_of_sweeps_questions_agents_and_pictures(run):
    """What is left is the model, the reading and checking of a story, and the writing of a run."""
    _, names = run
    other = ("sim.agents", "sim.data", "sim.landscape", "sim.plots", "sim.questions", "sim.report", "sim.verification")
    assert [name for name in names if name.startswith((*other, "sim.sweep."))] == []
    assert len(names) <= 144, names


def test_a_picture_of_a_run_loads_neither_the_model_nor_scenarios(run):
    results, _ = run
    (folder,) = (results / "no_expansion").iterdir()
    names = loaded("plot", str(folder), "cooperation_fan")
    other = ("sim.questions", "sim.scenario", "sim.simulation", "sim.sweep")
    assert [name for name in names if name.startswith(other)] == []
    assert len(names) <= 60, names
