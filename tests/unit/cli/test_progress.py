"""Progress: a line for every 10 % where there is no terminal."""

from __future__ import annotations

from sim.cli.progress import Progress


def test_one_line_for_every_tenth(capsys):
    with Progress("working") as progress:
        for done in range(1, 1001):
            progress(done, 1000)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [f"working: {tenth} %" for tenth in range(10, 101, 10)]


def test_quiet(capsys):
    with Progress("working", quiet=True) as progress:
        progress(1, 1)
    assert capsys.readouterr().err == ""
