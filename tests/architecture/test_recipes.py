"""The recipes of CONTRIBUTING.md work as they are written, in a copy of the package: one file, and nothing else."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def code(file: str) -> str:
    """The block of code that a recipe gives for a file."""
    block = re.search(rf"a whole one, `{re.escape(file)}`:\n\n   ```python\n(.*?)\n   ```\n", GUIDE, re.DOTALL)
    return textwrap.dedent(block[1]) + "\n"


@pytest.fixture
def clone(tmp_path):
    for name in ("sim", "scenarios", "conf"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def call(clone: Path, *words: str) -> str:
    done = subprocess.run([sys.executable, "-m", "sim", *words], cwd=clone, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_event_type_is_one_file(clone):
    (clone / "sim" / "events" / "summit.py").write_text(code("summit.py"))
    event = "{type: summit, on: 2015-02, parties: [CHN, RUS], depth: .5, title: A summit, source: tss, basis: A}"
    (clone / "mine.yaml").write_text(
        "defaults: [baseline, _self_]\ntitle: Mine\nquestion: What does a summit do?\n"
        f"sources: {{tss: Somebody}}\nevents:\n  meeting: {event}\n"
    )
    assert "A summit of depth 0.5 is held between China and Russia." in call(clone, "show", "./mine.yaml")
    assert "how long (optional: 6)" in call(clone, "list", "events")
    small = ("replicates=4", "end=2015-06", "plots=false", "report=false")
    said = call(clone, "compare", "./mine.yaml", "baseline", "--measure", "trust:RUS>CHN", *small)
    assert "A summit" in said and "Russia's trust in China differs" in said


def test_a_mechanism_is_one_file(clone):
    (clone / "sim" / "mechanisms" / "thaw.py").write_text(code("thaw.py"))
    assert "thaw" in call(clone, "list", "mechanisms")
