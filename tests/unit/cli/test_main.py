"""Dispatch: the right verb, the right exit status, and nothing heavy on the way to it."""

from __future__ import annotations

import errno
import subprocess
import sys

import pytest

from sim.cli import main as cli
from sim.cli.main import VERBS, main
from sim.processes.pool import WorkerDied

HEAVY = ("numpy", "pandas", "matplotlib", "mesa", "pyarrow", "hydra", "rich", "yaml", "pydantic")


def call(monkeypatch, capsys, *words):
    monkeypatch.setattr(sys, "argv", ["sim", *words])
    status = main(words)
    return status, *capsys.readouterr()


@pytest.mark.parametrize("words", [["--help"], *([verb, "--help"] for verb in VERBS), ["--version"], ["nonsense"]])
def test_help_imports_nothing_heavy(words):
    code = f"import sys\nfrom sim.cli.main import main\nmain({words!r})\nprint([m for m in {HEAVY!r} if m in sys.modules])"
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


def failing(error):
    def dispatch(_):
        raise error

    return dispatch


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (
            RuntimeError("a fault\non two lines\x1b[31m"),
            70,
            "sim: internal error: RuntimeError: a fault on two lines\\x1b[31m; SIM_DEBUG=1 shows where, please report it",
        ),
        (KeyError(), 70, "sim: internal error: KeyError; SIM_DEBUG=1 shows where, please report it"),
        (
            MemoryError("Unable to allocate 3 GiB"),
            71,
            "sim: there is not enough memory: Unable to allocate 3 GiB; "
            "use fewer replicates, fewer processes (workers=1), or save=measures",
        ),
        (
            WorkerDied("terminated abruptly"),
            71,
            "sim: a worker process was killed, most likely because memory ran out; use fewer replicates, fewer processes "
            "(workers=1), or save=measures",
        ),
        (
            OSError(errno.EAGAIN, "Resource temporarily unavailable"),
            71,
            "sim: the system has no memory or process left (Resource temporarily unavailable); use fewer replicates, fewer "
            "processes (workers=1), or save=measures",
        ),
        (
            RecursionError("maximum recursion depth exceeded"),
            2,
            "sim: something here is nested too deeply to be read; make it flatter (SIM_DEBUG=1 shows where)",
        ),
        (
            PermissionError(errno.EACCES, "Permission denied", "/a/b"),
            74,
            "sim: /a/b: Permission denied; change its rights, or choose another place",
        ),
        (
            OSError(errno.EROFS, "Read-only file system", "a\udce9"),
            74,
            r"sim: a\xe9: Read-only file system; choose another place",
        ),
        (
            OSError(errno.ENOSPC, "No space left on device"),
            74,
            "sim: No space left on device; make room, then give the same command again",
        ),
        (OSError("Unable to open file"), 74, "sim: Unable to open file; SIM_DEBUG=1 shows where"),
        (
            FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']"),
            74,
            "sim: No usable temporary directory found in ['/tmp']; SIM_DEBUG=1 shows where",
        ),
        (
            UnicodeEncodeError("utf-8", '{"folder": "/n\udce9/x"}', 14, 15, "surrogates not allowed"),
            2,
            r"sim: /n\xe9/x cannot be written as text: it is not in the character set UTF-8; use another name",
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_whatever_goes_wrong_is_one_line_and_a_status(monkeypatch, capsys, error, status, said):
    monkeypatch.delenv("SIM_DEBUG", raising=False)
    monkeypatch.setattr(cli, "_dispatch", failing(error))
    assert main(["run"]) == status
    assert capsys.readouterr().err == f"{said}\n"


def test_where_a_fault_of_ours_is_can_be_seen(monkeypatch, capsys):
    monkeypatch.setattr(cli, "_dispatch", failing(RuntimeError("a fault")))
    monkeypatch.setenv("SIM_DEBUG", "1")
    assert main(["run"]) == 70
    err = capsys.readouterr().err
    assert err.startswith("Traceback") and "in dispatch" in err and err.count("\nsim: internal error") == 1
    monkeypatch.setenv("HYDRA_FULL_ERROR", "1")
    with pytest.raises(RuntimeError, match="a fault"):
        main(["run"])


def test_a_closed_pipe_is_silent():
    code = "import sys\nfrom sim.cli.main import main\nsys.exit(main(['list', 'parameters']))"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    with process.stderr:
        assert process.stderr.read() == b""
    assert process.wait() == 0
