"""What is printed fits the terminal it is printed on."""

from __future__ import annotations

import io

import pytest

from sim.cli.terminal import ASCII_LEVELS, BLOCKS, Terminal, clean, sparkline


def stream(encoding="utf-8", tty=False):
    made = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    made.isatty = lambda: tty
    return made


@pytest.fixture(autouse=True)
def terminal_variables(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)


def test_colour_only_on_a_terminal_that_wants_it(monkeypatch):
    assert Terminal(stream(tty=True)).bold("x") == "\x1b[1mx\x1b[0m"
    assert Terminal(stream()).bold("x") == "x"
    monkeypatch.setenv("NO_COLOR", "1")
    assert Terminal(stream(tty=True)).bold("x") == "x"


def test_a_dumb_terminal_gets_plain_ascii(monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    terminal = Terminal(stream(tty=True))
    assert not terminal.colour
    assert not terminal.unicode


def test_ascii_where_the_encoding_has_nothing_else():
    terminal = Terminal(stream("ascii"))
    assert terminal.text("Türkiye – 5 × 3 → “yes”…") == 'Turkiye - 5 x 3 -> "yes"...'
    assert terminal.rule() == "-" * 80
    assert Terminal(stream()).text("Türkiye – 5") == "Türkiye – 5"


def test_a_file_cannot_steer_the_terminal():
    assert clean("a\x1b[2Jb\x07\u202ec\nd") == r"a\x1b[2Jb\x07\u202ec d"


def test_columns_fit_and_wrap():
    terminal = Terminal(stream())
    lines = terminal.columns([("a" * 20, "word " * 40), ("b" * 60, "below " * 20), ("c", "")])
    assert all(len(line) <= 80 for line in lines)
    assert terminal.columns([]) == []


def test_sparkline_rises_and_falls():
    assert sparkline([0, 1, 2, 3], 4) == "▁▃▆█"
    assert sparkline([0, 1, 2, 3], 4, unicode=False) == "_-+#"
    assert sparkline(list(range(100)), 10)[0] == BLOCKS[0]


def test_sparkline_of_little_is_little():
    flat = sparkline([1.0] * 8, 8)
    assert flat == BLOCKS[4] * 8
    assert sparkline([1.0, 1.001, 1.0], 3, span=1.0) == "▄▅▄"
    assert sparkline([0.0, 0.0, 0.001], 3, span=1.0) == "▁▁▁"
    assert sparkline([1.0] * 3, 3, unicode=False) == ASCII_LEVELS[4] * 3


def test_sparkline_shows_gaps_and_short_series():
    nan = float("nan")
    assert sparkline([nan, 0, 1], 3) == " ▁█"
    assert sparkline([nan, nan], 2) == "  "
    assert sparkline([], 5) == ""
    assert len(sparkline([1, 2], 16)) == 2
