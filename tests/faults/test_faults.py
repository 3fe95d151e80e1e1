"""A minute's worth of faults by number; all of them: python -m tests.faults."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.cli.command import ROOT
from tests.faults import checks
from tests.faults.library import Call, preloaded, why_not

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "runs here")


@pytest.mark.parametrize("command", ["run", "replace", "sweep", "compare", "draw"])
def test_no_fault_loses_or_spoils_anything(command):
    words = [sys.executable, "-m", "tests.faults", "--quick", "--only", command]
    done = subprocess.run(
        words, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"^(\d+) faults", done.stdout, re.M)[1]) >= 5, done.stdout


PROBE = """
import os, sys
from pathlib import Path
from tests.faults.library import Library
place = Path(sys.argv[1])
library = Library(place / "watched")
library.arm("mkdir", 2, sys.argv[2])
(place / "elsewhere").mkdir()
(place / "watched").mkdir()
for step in (lambda: (place / "watched" / "in").mkdir(), lambda: (place / "watched" / "file").write_text("text")):
    try:
        step()
    except OSError as error:
        print(error.strerror)
print(library.disarm(), [(call.kind, call.path) for call in library.calls()])
"""


@pytest.mark.parametrize(
    ("error", "said"), [("EIO", ["Input/output error"]), ("full", ["No space left on device"] * 2), ("kill", [])]
)
def test_of_the_test_the_call_that_is_named_fails(tmp_path, error, said):
    (tmp_path / "library").mkdir()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **preloaded(tmp_path / "library")}
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(tmp_path), error], env=environment, capture_output=True, text=True, check=False
    )
    assert (tmp_path / "elsewhere").is_dir() and not (tmp_path / "watched" / "in").exists()
    if error == "kill":
        assert done.returncode == -9
        return
    *errors, last = done.stdout.splitlines()
    assert errors == said, done.stderr
    writes = [("write", "/file")] if error == "EIO" else []
    assert last == f"True {[('mkdir', ''), ('mkdir', '/in'), ('open', '/file'), *writes]}"


def test_of_the_test_what_was_moved_before_it_was_flushed_is_told():
    def call(kind: str, path: str, other: str = "") -> Call:
        return Call(kind, 1, 0, path, other)

    write, flush = call("write", "/.tmp/a/data"), call("fsync", "/.tmp/a/data")
    move, last = call("rename", "/.tmp/a", "/runs/a"), call("fsync", "/runs")
    assert checks.unflushed([write, flush, move, last]) == []
    assert "before it was flushed" in checks.unflushed([write, move, last])[0]
    assert "before it was flushed" in checks.unflushed([flush, write, move, last])[0]
    assert checks.unflushed([write, flush, move]) == ["/runs was not flushed after /runs/a was moved there"]
