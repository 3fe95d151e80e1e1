"""Closed and full streams, a working folder that is gone, other character sets: a sentence and a status, never a trace."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from sim import results
from tests.cli.command import environment

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/dev/full, and streams of a shell of Unix")
RUN = "run scenario=baseline replicates=2 end=2015-03 plots=false report=false workers=1"
FULL = "sim: cannot write to standard output: No space left on device\n"


def shell(line, place, **more):
    """A line for a shell, where `sim` is this checkout's."""
    line = line.replace("sim ", f"{sys.executable} -m sim ", 1)
    return subprocess.run(["bash", "-c", line], cwd=place, env=environment(**more), capture_output=True)


@pytest.mark.parametrize("buffered", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize("words", ["--help", "run --help", "list --help", "list", "list parameters --json"])
def test_a_full_disk_under_standard_output(tmp_path, words, buffered):
    done = shell(f"sim {words} > /dev/full", tmp_path, PYTHONUNBUFFERED=buffered)
    assert (done.returncode, done.stderr.decode()) == (74, FULL)


def test_standard_output_that_can_only_be_read(tmp_path):
    done = shell("sim list 1< /dev/null", tmp_path)
    assert done.returncode == 74
    assert done.stderr == b"sim: cannot write to standard output: Bad file descriptor\n"


def test_messages_that_cannot_be_shown_stop_nothing(tmp_path):
    done = shell(f"sim {RUN} 2> /dev/full", tmp_path)
    assert done.returncode == 0
    results.open_run(tmp_path / done.stdout.decode().splitlines()[-1])


def test_closed_streams_are_as_the_null_device(tmp_path):
    """And no file of results gets their number, and with it what a library writes to them."""
    done = shell(f"sim {RUN} <&- >&- 2>&-", tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    found = results.runs(tmp_path / "results")
    assert [info.problem for info in found] == [""]
    results.open_run(found[0].path)


def test_an_error_message_does_not_go_to_standard_output_when_stderr_is_closed(tmp_path):
    done = shell("sim nonsense 2>&-", tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")


def test_a_question_with_closed_input_is_answered_with_no(tmp_path):
    done = shell("sim clean <&-", tmp_path)
    assert done.returncode == 0 and done.stderr == b""


def test_a_working_folder_that_is_gone(tmp_path):
    place = tmp_path / "gone"
    place.mkdir()
    done = shell(f"rmdir {place} && sim list", place)
    assert done.returncode == 2
    assert done.stderr.startswith(b"the working folder is gone: it was deleted or moved; change to one that is there (cd)")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("words", ["run results=n\udce9", "show n\udce9", "n\udce9"])
def test_words_that_are_not_text(tmp_path, words):
    done = shell(f"sim {words}", tmp_path)
    assert done.returncode == 2
    *_, last = words.split()
    shown = last.replace("\udce9", r"\xe9")
    number = len(words.split())
    assert done.stderr.decode() == f"argument {number}, {shown}, is not text in the character set UTF-8; use another name\n"
    assert list(tmp_path.iterdir()) == []


POSIX = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def test_letters_that_the_locale_does_not_have(tmp_path):
    done = shell(f"sim {RUN} results=né", tmp_path, **POSIX)
    assert done.returncode == 2
    said = r"results=n\xc3\xa9, is not text in the character set ascii; set one that has it, such as LC_ALL=C.UTF-8"
    assert said in done.stderr.decode()
    assert list(tmp_path.iterdir()) == []


def test_output_in_a_posix_locale_is_plain(tmp_path):
    place = tmp_path / "né"
    place.mkdir()
    done = shell(f"sim {RUN} --json", place, **POSIX)
    assert done.returncode == 0 and done.stdout.isascii() and b"n\\udcc3\\udca9/results" in done.stdout
    done = shell("sim show sco_expansion", place, **POSIX)
    assert done.returncode == 0 and done.stdout.isascii()


def test_a_folder_whose_name_is_not_text(tmp_path):
    place = os.fsencode(tmp_path / "n") + b"\xe9"
    os.mkdir(place)
    done = shell(f"sim {RUN}", place)
    assert done.returncode == 0
    done = shell("sim compare baseline no_expansion replicates=2 end=2015-03 plots=false report=false", place)
    assert done.returncode == 2
    assert rb"n\xe9" in done.stderr and b"cannot be written as text" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["HOME", "TMPDIR"])
def test_a_folder_of_the_system_that_is_not_there(tmp_path, name):
    done = shell(f"sim {RUN}", tmp_path, **{name: "/proc/none"})
    assert done.returncode == 0 and b"Traceback" not in done.stderr


def test_a_reader_that_leaves_is_no_error(tmp_path):
    done = shell("sim list parameters | head -1; exit ${PIPESTATUS[0]}", tmp_path)
    assert (done.returncode, done.stderr, done.stdout.count(b"\n")) == (0, b"", 1)


def test_a_process_that_a_library_starts_has_the_usual_signals(tmp_path):
    """Workers ignore what their parent decides about; nobody else inherits that."""
    code = (
        "import signal, subprocess, sys\nfrom sim.cli.main import main\nsys.argv = ['sim', 'list']\nmain()\n"
        "print(subprocess.run(['sh', '-c', 'kill -TERM $$']).returncode)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment(), capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == str(-signal.SIGTERM)
