"""A command that is stopped or killed leaves no worker, nothing half-written, and says so with a status of its own."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time

import pytest

from tests.chaos.processes import Command
from tests.cli.command import call, environment

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals of Unix, and /proc to count processes")
STOPPED = "stopped; nothing half-written was left behind\n"
LARGE = ("replicates=500", "end=2018-12")
COMMANDS = {
    "run": ("run", "scenario=baseline", *LARGE, "workers=2"),
    "sweep": ("run", "-m", "scenario=baseline", *LARGE, "workers=2", "seed=1,2"),
    "compare": ("compare", "baseline", "no_expansion", *LARGE),
    "ablate": ("ablate", "baseline", "--measure", "polarisation", "replicates=300", "end=2018-12"),
    "fork": ("fork", "baseline", "--at", "2015-06", "--with", "no_expansion", "--workers", "2"),
    "replay": ("replay", "baseline", "--workers", "2"),
}
WORKING = {"sweep": "planned"}
"""What a command says once it works; the others count in per cent."""


@pytest.fixture(scope="module")
def finished_run(tmp_path_factory):
    place = tmp_path_factory.mktemp("finished")
    done = call("run", "scenario=baseline", "replicates=500", "end=2019-12", "plots=false", "report=false", cwd=place)
    assert done.returncode == 0, done.stderr
    return place / "results"


def start(verb, place, request):
    if verb in ("fork", "replay"):
        shutil.copytree(request.getfixturevalue("finished_run"), place / "results")
    command = Command(COMMANDS[verb], place)
    command.wait_for(WORKING.get(verb, " %"))
    return command


@pytest.mark.parametrize(
    ("verb", "number"), [*((verb, signal.SIGTERM) for verb in COMMANDS), ("run", signal.SIGHUP), ("run", signal.SIGINT)]
)
def test_a_signal_ends_every_process_and_leaves_nothing(tmp_path, request, verb, number):
    command = start(verb, tmp_path, request)
    before = sorted(tmp_path.glob("results/[!.]*/*"))
    command.signal(number)
    status, out, err = command.end()
    assert status == 128 + number
    assert err.endswith(STOPPED) and "Traceback" not in err
    assert out == ""
    assert command.left() == []
    assert list(command.temporary.iterdir()) == []
    assert not (tmp_path / "results" / ".tmp").exists()
    assert sorted(tmp_path.glob("results/[!.]*/*")) == before


@pytest.mark.parametrize("verb", ["run", "sweep", "ablate"])
def test_workers_of_a_killed_command_leave_and_let_go_of_its_output(tmp_path, request, verb):
    command = start(verb, tmp_path, request)
    command.signal(signal.SIGKILL)
    assert command.end()[0] == -signal.SIGKILL
    assert command.left() == []


def test_the_process_that_draws_leaves_with_a_killed_run(tmp_path):
    command = Command(("run", "scenario=baseline", "replicates=8", "end=2015-06", "workers=1"), tmp_path)
    command.wait_for("drawing pictures")  # which it says itself
    command.signal(signal.SIGKILL)
    assert command.end()[0] == -signal.SIGKILL
    assert command.left() == []


def script(code):
    """A process that runs some lines and says when it is ready."""
    return subprocess.Popen([sys.executable, "-c", code], env=environment(), stdout=subprocess.PIPE, text=True)


TIDYING = """
import time
from sim.cli import stopping
stopping.listen()
try:
    print("ready", flush=True)
    time.sleep(60)
except stopping.Stopped:
    print("tidying", flush=True)
    time.sleep({seconds})
    print("tidy", flush=True)
"""


def test_a_second_signal_while_things_are_tidied_up_ends_at_once():
    with script(TIDYING.format(seconds=60)) as process:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        assert process.stdout.readline() == "tidying\n"
        time.sleep(0.6)  # sooner it would be the same wish
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 143
        assert process.stdout.read() == ""


def test_signals_that_come_together_are_one_wish():
    with script(TIDYING.format(seconds=0.2)) as process:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        assert process.stdout.readline() == "tidying\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == "tidy\n"


def test_a_signal_that_python_drops_is_raised_again():
    code = """
import signal, time
from sim.cli import stopping
class Thing:
    def __del__(self):
        signal.raise_signal(signal.SIGTERM)
        for _ in range(10):
            pass
stopping.listen()
try:
    Thing()
    time.sleep(60)
except stopping.Stopped:
    print("stopped", stopping.status())
"""
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, timeout=50)
    assert (done.stdout, done.stderr) == ("stopped 143\n", "")


def test_ctrl_c_while_a_library_is_loaded_is_no_failed_import():
    """Libraries in C answer an interrupt while they load another with an ImportError of their own."""
    code = """
import signal, sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "numpy":
            try:
                signal.raise_signal(signal.SIGINT)
                for _ in range(10):
                    pass
            except KeyboardInterrupt as error:
                raise ImportError("numpy failed to import") from error
sys.meta_path.insert(0, Finder())
sys.argv = ["sim", "run", "scenario=baseline", "replicates=2", "plots=false", "report=false"]
from sim.cli.main import main
sys.exit(main())
"""
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True)
    assert done.returncode == 130
    assert done.stderr == f"\n{STOPPED}"


def test_a_signal_while_hydra_composes_is_no_mistake_in_the_command():
    """OmegaConf stumbles over what was stopped in the middle when it tidies up, and raises an error of its own."""
    code = """
import signal, sys
from hydra._internal.config_loader_impl import ConfigLoaderImpl
def stumble(*args, **kwargs):
    try:
        signal.raise_signal(signal.SIGTERM)
        for _ in range(10):
            pass
    finally:
        None.missing
ConfigLoaderImpl.load_configuration = stumble
sys.argv = ["sim", "run", "scenario=baseline", "replicates=2", "plots=false", "report=false"]
from sim.cli.main import main
sys.exit(main())
"""
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (143, f"\n{STOPPED}")


def test_no_library_tidies_up_after_a_stop():
    """HDF5 crashes where it was stopped in the middle; the exit status has to be that of the signal all the same."""
    code = """
import atexit, os, signal, sys
from sim.cli import main as command, stopping
def listen():
    stopping_listen()
    signal.raise_signal(signal.SIGTERM)
atexit.register(os.abort)  # runs after what is registered later
stopping_listen, stopping.listen = stopping.listen, listen
sys.argv = ["sim", "list"]
sys.exit(command.main())
"""
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (143, f"\n{STOPPED}")


def test_nohup_stays_in_force():
    code = """
import signal
from sim.cli import stopping
signal.signal(signal.SIGHUP, signal.SIG_IGN)
stopping.listen()
signal.raise_signal(signal.SIGHUP)
print("still here")
"""
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "still here\n")


def test_a_library_leaves_signals_and_streams_alone(tmp_path):
    kept = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)], sys.unraisablehook
    assert (
        call(
            "run",
            "scenario=baseline",
            "replicates=2",
            "end=2015-03",
            "workers=2",
            "plots=false",
            "report=false",
            cwd=tmp_path,
        ).returncode
        == 0
    )
    assert kept == (
        [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)],
        sys.unraisablehook,
    )


def test_nothing_is_listened_to_in_another_thread():
    code = """
import signal, threading
from sim.cli import stopping
thread = threading.Thread(target=stopping.listen)
thread.start()
thread.join()
print(signal.getsignal(signal.SIGTERM) == signal.SIG_DFL)
"""
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True)
    assert done.stdout == "True\n"
