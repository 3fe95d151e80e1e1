"""A module imports only from lower levels, at its top and inside its functions; heavy libraries have one door each."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "sim"

DOORS = {"mesa": ("agents",), "matplotlib": ("plots",), "hydra": ("cli", "hydra"), "omegaconf": ("cli", "hydra")}
"""The one folder that may import a library."""


def levels(text: str) -> dict[str, int]:
    """The level of every module and folder of ``sim``, in the order in which a drawing of the package lists them."""
    (tree,) = re.findall(r"^sim/\n((?:  .*\n)+)", text, re.MULTILINE)
    words = [word for line in tree.splitlines() for word in re.split(r" {2,}", line.strip())[0].split()]
    return {word.rstrip("/"): level for level, word in enumerate(words)}


LEVELS = levels((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))


def unit(path: Path) -> str:
    """The part of the package that a file belongs to, such as ``scenario`` for sim/scenario/check.py."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def imports(path: Path, root: Path = ROOT) -> list[tuple[int, str]]:
    """Line and full name of everything a file imports, wherever in the file: ``from sim import x`` counts as sim.x;
    names given to ``import_module`` as plain text count too."""
    found = []
    module = path.relative_to(root).with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join([*module[: len(module) - node.level], *([base] if base else [])])
            found += [(node.lineno, f"{base}.{alias.name}") for alias in node.names]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            first = node.args[0]
            if isinstance(first, ast.Constant):
                found.append((node.lineno, first.value))
            elif isinstance(first, ast.JoinedStr) and isinstance(first.values[0], ast.Constant):
                found.append((node.lineno, first.values[0].value))
    return found


FILES = sorted(PACKAGE.rglob("*.py"))


def test_the_walk_sees_imports_inside_functions_relative_ones_and_those_by_name(tmp_path):
    """The test of the test: each way of importing is found with its line."""
    file = tmp_path / "sim" / "plots" / "x.py"
    file.parent.mkdir(parents=True)
    file.write_text(
        "import numpy as np\nfrom sim import agents\nfrom . import y\nfrom ..engine import step\n"
        "def f():\n    import mesa.space\n    from sim.cli.main import main\n    import_module(f'sim.plots.{a}')\n"
    )
    assert imports(file, tmp_path) == [
        (1, "numpy"),
        (2, "sim.agents"),
        (3, "sim.plots.y"),
        (4, "sim.engine.step"),
        (6, "mesa.space"),
        (7, "sim.cli.main.main"),
        (8, "sim.plots."),
    ]


def test_every_module_has_a_level_and_every_level_a_module():
    assert set(LEVELS) == {unit(path) for path in FILES}, "draw the package in CONTRIBUTING.md as it is"


def test_the_drawing_gives_levels_from_the_ground_up():
    """The test of the test."""
    assert levels("x\nsim/\n  a b/   both at the ground\n  c\n") == {"a": 0, "b": 1, "c": 2}


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(ROOT)) for path in FILES])
def test_modules_import_only_from_lower_levels(path):
    own = unit(path)
    upward = []
    for line, name in imports(path):
        parts = name.split(".")
        if parts[0] != "sim" or len(parts) < 2 or not parts[1]:
            continue
        other = parts[1]
        if other in LEVELS and other != own and LEVELS[other] >= LEVELS[own]:
            edge = f"{own} (level {LEVELS[own]}) imports {name} (level {LEVELS[other]})"
            upward.append(f"{path.relative_to(ROOT)}:{line}: {edge}")
    assert not upward, "\n".join(upward)


@pytest.mark.parametrize("library", DOORS)
def test_heavy_libraries_have_one_door(library):
    elsewhere = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in FILES
        for line, name in imports(path)
        if name.split(".")[0] == library and path.relative_to(PACKAGE).parts[: len(DOORS[library])] != DOORS[library]
    ]
    assert not elsewhere, f"only sim/{'/'.join(DOORS[library])} may import {library}:\n" + "\n".join(elsewhere)
    assert any(name.split(".")[0] == library for path in FILES for _, name in imports(path)), f"nobody imports {library}"


HEAVY = ("numpy", "pandas", "scipy", "mesa", "matplotlib", "hydra", "pyarrow", "pydantic", "yaml")
TELL = f"import sys; print(*sorted(set({HEAVY}) & set(sys.modules)))"
QUIETLY = """
import contextlib, io, runpy, sys
sys.argv = ["sim", *{arguments!r}]
nowhere = io.StringIO()
with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere), contextlib.suppress(SystemExit):
    runpy.run_module("sim", run_name="__main__")
"""


def imported_by(code):
    """Which heavy libraries a fresh Python has imported after the code."""
    command = [sys.executable, "-c", f"{code}\n{TELL}"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], []])
def test_help_imports_nothing_heavy(arguments):
    """`--help` is to answer in .15 s; numpy alone takes .1."""
    assert imported_by(QUIETLY.format(arguments=arguments)) == []


def test_what_imports_numpy_is_seen():
    """The test of the test."""
    assert imported_by("import numpy") == ["numpy"]


def test_help_says_something():
    answer = subprocess.run([sys.executable, "-m", "sim", "--help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "run" in answer.stdout and "scenario" in answer.stdout


def test_import_sim_costs_nothing():
    assert imported_by("import sim") == []


def test_mechanisms_know_nothing_of_agents_scenarios_or_each_other_s_schedule():
    """A mechanism may use another's numbers (level 1), but nothing above: no engine, model, scenario or events."""
    for path in (PACKAGE / "mechanisms").glob("*.py"):
        used = {name.split(".")[1] for _, name in imports(path) if name.startswith("sim.")}
        assert used <= {"draws", "hazards", "parameters", "world", "mechanisms"}, path.name
