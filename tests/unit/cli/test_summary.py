"""The table that a run prints: readable, at most 80 columns, for any scenario."""

from __future__ import annotations

import io
import json

import pytest

from sim import results
from sim.cli import summary
from sim.cli.terminal import Terminal
from sim.hindcast.record import sentence
from tests import synthetic


def terminal(encoding="utf-8"):
    return Terminal(io.TextIOWrapper(io.BytesIO(), encoding=encoding))


def test_says_what_a_person_asks_first(run):
    text = "\n".join(summary.render(run, terminal()))
    for words in ("founders (6 states)", "eight (8 states)", "China-Russia", "India-Pakistan", "China-India", "IS-K"):
        assert words in text
    for name in synthetic.STATES.values():
        assert name in text
    assert "East 100 %" in text
    assert "12 replicates, January 2015 to December 2016, 21 states" in text


def test_ends_with_the_validity_line(run):
    text = "\n".join(summary.render(run, terminal()))
    validity = " ".join(text[text.index("Validity:") :].split())
    assert "parameters are assumptions" in validity
    assert "4 events impose an outcome: uri_crisis, doklam, peace_mission_2018, galwan." in validity


def test_the_known_limits_come_last_and_once_before_how_such_forecasts_scored(run, tmp_path):
    lines = summary.render(run, terminal())
    scored = summary.tried(terminal())
    assert " ".join(line.strip() for line in scored) == sentence()
    assert lines[-len(scored) :] == scored
    lines = lines[: -len(scored)]
    assert lines[-3:] == ["Known limits:", "  - The numbers are made up.", "  - Nothing follows from them."]
    assert "\n".join(lines).count("made up.") == 1
    trajectory = synthetic.trajectory(2, end="2015-02", limits=())
    lines = summary.render(results.open_run(results.write(trajectory, {}, tmp_path)), terminal())
    assert "Known limits" not in "\n".join(lines)


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1"])
def test_fits_80_columns_in_any_encoding(run, encoding):
    for line in summary.render(run, terminal(encoding)):
        assert len(line) <= 80
        line.encode(encoding)


@pytest.mark.parametrize(
    "shape",
    [
        {"replicates": 1},
        {"replicates": 300},
        {"actors": False},
        {"sets": {}, "watch": ()},
        {"end": "2015-01"},
        {"question": "", "sets": {"a_very_long_name_for_a_named_set_of_states": ("CHN", "RUS")}},
        {"watch": (("GBR", "USA"), ("KGZ", "SAU"))},
    ],
)
def test_any_scenario(tmp_path, shape):
    trajectory = synthetic.trajectory(**{"replicates": 2, "end": "2015-06", **shape})
    lines = summary.render(results.open_run(results.write(trajectory, {}, tmp_path)), terminal())
    assert all(len(line) <= 80 for line in lines)
    assert not any("nan" in line.split() for line in lines)


def test_json_is_json(run):
    about = json.loads(json.dumps(summary.as_json(run), allow_nan=False))
    assert about["folder"] == str(run.path.resolve())
    assert {"measure", "subject", "end_median"} <= set(about["summary"][0])
