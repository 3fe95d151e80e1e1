"""What a test wants smaller is an argument: no test sets a constant of a module."""

from __future__ import annotations

import ast
import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]


def constants_set(text: str) -> list[int]:
    """Where a file sets a constant of a module: ``setattr(module, "NAME", ...)``, ``setattr("module.NAME", ...)``."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "setattr":
            names = [
                given.value for given in node.args[:2] if isinstance(given, ast.Constant) and isinstance(given.value, str)
            ]
            if any(re.fullmatch(r"_*[A-Z][A-Z0-9_]*", name.split(".")[-1]) for name in names):
                found.append(node.lineno)
    return found


def test_no_test_sets_a_constant():
    found = [f"{path}:{line}" for path in sorted(TESTS.rglob("*.py")) for line in constants_set(path.read_text("utf-8"))]
    assert not found, "make it an argument with the constant as its default:\n" + "\n".join(found)


def test_constants_that_are_set_are_seen():
    """The test of the test."""
    assert constants_set('m.setattr(memory, "MOST", 3)\nm.setattr("sim.a._MOST_1", 3)\nsetattr(a, "B", 1)') == [1, 2, 3]
    assert constants_set('m.setattr(memory, "most", "ALL")\nm.setattr("sim.a.Row.b", None)\nm.setenv("HOME", "A")') == []
