"""Dispatch: the right verb, the right exit status, and nothing heavy on the way to it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sim.cli import main as cli
from sim.cli.main import VERBS, main

HEAVY = ("numpy", "pandas", "matplotlib", "mesa", "pyarrow", "hydra", "rich", "yaml", "pydantic")


def call(monkeypatch, capsys, *words):
    monkeypatch.setattr(sys, "argv", ["sim", *words])
    status = main(words)
    return status, *capsys.readouterr()


@pytest.mark.parametrize("words", [["--help"], *([verb, "--help"] for verb in VERBS), ["--version"], ["nonsense"]])
def test_help_imports_nothing_heavy(words):
    code = (
        f"import sys\nfrom sim.cli.main import main\nmain({words!r})\nprint([m for m in {HEAVY!r} if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.splitlines()[-1] == "[]"


def test_importing_the_package_imports_nothing_heavy():
    code = f"import sim, sys; print([m for m in {HEAVY!r} if m in sys.modules], 'WorldModel' in dir(sim))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out == "[] True\n"


def test_help_names_every_verb(monkeypatch, capsys):
    status, out, _ = call(monkeypatch, capsys, "--help")
    assert status == 0
    assert all(f"  {verb} " in out for verb in VERBS)
    assert all(len(line) <= 90 for line in out.splitlines())


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_examples(monkeypatch, capsys, verb):
    status, out, _ = call(monkeypatch, capsys, verb, "--help")
    assert status == 0
    assert "examples" in out.lower()
    assert f"sim {verb}" in out
    assert all(len(line) <= 92 for line in out.splitlines())


def test_unknown_verb(monkeypatch, capsys):
    status, _, err = call(monkeypatch, capsys, "shwo")
    assert status == 2
    assert "did you mean 'show'?" in err


def test_forgotten_verb(monkeypatch, capsys):
    status, _, err = call(monkeypatch, capsys, "scenario=sco_expansion")
    assert status == 2
    assert "sim run scenario=sco_expansion" in err


def test_no_verb_shows_help_and_fails(monkeypatch, capsys):
    status, out, _ = call(monkeypatch, capsys)
    assert status == 2
    assert "usage:" in out


@pytest.mark.parametrize(
    "words", [["list", "nonsense"], ["show"], ["plot", "--format", "bmp"], ["check", "--nonsense", "x"]]
)
def test_wrong_arguments_are_one_line_and_2(monkeypatch, capsys, words):
    status, _, err = call(monkeypatch, capsys, *words)
    assert status == 2
    assert len(err.splitlines()) == 1
    assert "--help" in err


def test_ctrl_c_is_one_line_and_130(monkeypatch, capsys):
    def stop(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_dispatch", stop)
    assert main(["run"]) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_a_fault_of_ours_is_not_hidden(monkeypatch):
    def broken(_):
        raise RuntimeError("a fault")

    monkeypatch.setattr(cli, "_dispatch", broken)
    with pytest.raises(RuntimeError, match="a fault"):
        main(["run"])


def test_a_closed_pipe_is_silent():
    code = "import sys\nfrom sim.cli.main import main\nsys.exit(main(['list', 'parameters']))"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    with process.stderr:
        assert process.stderr.read() == b""
    assert process.wait() == 0
