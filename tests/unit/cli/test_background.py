"""A process that stands by does its work once it is told, and is gone afterwards, whatever happens."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import time

import pytest

from sim.cli import background
from sim.cli.background import Background

forks = pytest.mark.skipif(sys.platform != "linux", reason="nothing stands by where nothing is forked")


@pytest.fixture(autouse=True)
def two_cores(monkeypatch):
    monkeypatch.setattr(background, "cores", lambda: 2)
    yield
    assert not multiprocessing.active_children()


def nothing():
    pass


def where(number):
    return number, os.getpid()


@forks
def test_the_work_is_done_by_the_process_that_prepared(tmp_path):
    def prepare():
        (tmp_path / "prepared").write_text(str(os.getpid()))

    with Background(prepare, where) as work:
        number, process = work(7)
    assert number == 7
    assert process == int((tmp_path / "prepared").read_text()) != os.getpid()


def test_with_one_core_the_work_is_done_here(monkeypatch):
    monkeypatch.setattr(background, "cores", lambda: 1)
    with Background(lambda: 1 / 0, where) as work:
        assert work(7) == (7, os.getpid())


@forks
@pytest.mark.parametrize("prepare", [lambda: 1 / 0, lambda: os._exit(1)], ids=["fails", "dies"])
def test_a_process_that_did_not_get_ready_is_stood_in_for(prepare, capfd):
    with Background(prepare, where) as work:
        assert work(7) == (7, os.getpid())
    assert capfd.readouterr().err == ""


@forks
def test_an_error_shows_here(capfd):
    def work(number):
        raise ValueError(f"{number} is wrong")

    with pytest.raises(ValueError, match="7 is wrong"), Background(nothing, work) as failing:
        failing(7)
    assert capfd.readouterr().err == ""


@forks
@pytest.mark.parametrize("prepare", [nothing, lambda: time.sleep(60)], ids=["ready", "not ready"])
def test_it_ends_when_there_is_nothing_to_do(prepare, capfd):
    began = time.monotonic()
    with Background(prepare, where):
        time.sleep(0.1)
    assert time.monotonic() - began < 10
    assert capfd.readouterr().err == ""


@forks
def test_work_that_is_interrupted_ends(capfd):
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt), Background(nothing, lambda: time.sleep(60)) as work:
        work._busy = True
        work._pipe.send(())
        time.sleep(0.2)
        os.kill(work._process.pid, signal.SIGINT)  # as from a terminal; on leaving comes a second one
        raise KeyboardInterrupt
    assert time.monotonic() - began < 10
    assert capfd.readouterr().err == ""


@forks
def test_two_signals_at_once_are_one_interrupt_and_silent(capfd):
    def work():
        sys.unraisablehook = sys.__unraisablehook__  # which prints
        both = (signal.SIGINT, signal.SIGTERM)
        signal.pthread_sigmask(signal.SIG_BLOCK, both)
        for number in both:
            os.kill(os.getpid(), number)
        with contextlib.suppress(KeyboardInterrupt):
            signal.pthread_sigmask(signal.SIG_UNBLOCK, both)
        return "interrupted once"

    with Background(nothing, work) as working:
        assert working() == "interrupted once"
    assert capfd.readouterr().err == ""
