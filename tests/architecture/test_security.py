"""Every promise of SECURITY.md names a test, and the test is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)
NO_PROMISES = ("What is trusted", "What is not promised", "To report a fault")


def promises() -> list[str]:
    """The items of all sections that promise something."""
    sections = re.split(r"^## (.+)$", TEXT, flags=re.M)[1:]
    bodies = [body for title, body in zip(sections[::2], sections[1::2]) if title not in NO_PROMISES]
    return [item for body in bodies for item in re.findall(r"^- .+(?:\n  .+)*", body, re.M)]


@pytest.mark.parametrize(("file", "name"), NAMED, ids=[name for _, name in NAMED])
def test_every_test_that_the_page_names_is_there(file, name):
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert name.startswith("test_")


def test_every_promise_names_its_test():
    assert len(promises()) > 10
    without = [item for item in promises() if not re.search(r"`tests/[\w/]+\.py::\w+`", item)]
    assert not without
    assert TEXT.count("::") == len(NAMED), "a test is named in another form than `tests/FILE.py::test_name`"


def test_the_page_is_part_of_what_is_distributed():
    assert '"SECURITY.md"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
