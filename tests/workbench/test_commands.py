"""The commands that a page shows give what it shows."""

from __future__ import annotations

import shlex
import subprocess
import sys

import pytest

from sim.kernel.covers import not_there
from sim.scenario import read
from sim.workbench.content import gather
from tests.workbench.test_exact import NODE, told

CRISIS = {"type": "crisis", "on": "1936-06", "parties": ["DEU", "FRA"], "severity": 2}
EDITS = {
    "events": {},
    "added": [
        {"slot": 3, "raw": {"type": "crisis", "on": "1936-06", "parties": ["DEU", "FRA"], "severity": 2}, "assumed": False}
    ],
    "parameters": {"trust.gain": 0.012},
    "start": {"states.DEU.capability": 0.2},
    "both": True,
}


@pytest.mark.skipif(NODE is None, reason="there is no Node here: apt-get install nodejs")
@pytest.mark.skipif(not_there() is not None, reason=f"the kernel: {not_there()}")
@pytest.mark.parametrize("both", [True, False])
def test_the_commands_run_and_say_the_sentence(both, tmp_path):
    data = gather(read("europe_1936"), None, 1, 50)["data"]
    edits = EDITS | {"both": both}
    (found,) = told(tmp_path, data, [{"edits": edits, "asked": [["trust", "DEU>FRA"]]}])
    shown = found["reproduction"]
    assert [file["name"] for file in shown["files"]] == ["tried.yaml", "tried_beside.yaml"][: 1 + both]
    for file in shown["files"]:
        (tmp_path / file["name"]).write_text(file["text"], encoding="utf-8")
    for command in shown["commands"]:
        words = shlex.split(command)
        assert words[:3] == ["python", "-m", "sim"]
        more = ["plots=false", "report=false"]
        done = subprocess.run([sys.executable, *words[1:], *more], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    assert "tried minus" in done.stdout
