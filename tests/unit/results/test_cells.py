"""Texts in CSV files are no formulas, numbers stay numbers, and readers get the text that was written."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.results.cells import Writer, guarded, read, unguarded


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "'=1", "-x", "="])
def test_a_formula_gets_an_apostrophe(text):
    assert guarded(text) == "'" + text
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("value", ["-1.5", "+2e-05", "-inf", "text", "'quoted'", "", "a=b", 1.5, -2, None, "-0"])
def test_all_else_stays(value):
    assert guarded(value) == value
    assert unguarded(guarded(value)) == value


@given(st.lists(st.text(alphabet="=+-@'\t\rab,1\" ;", max_size=6), min_size=1, max_size=4))
def test_what_is_written_is_read(cells):
    out = io.StringIO(newline="")
    writer = Writer(out)
    writer.row(f"c{k}" for k in range(len(cells) + 1))
    writer.row([*cells, "end"])
    (raw,) = list(csv.reader(io.StringIO(out.getvalue(), newline="")))[1:]
    assert not any(cell[:1] in tuple("=+-@\t\r") for cell in raw if not cell[1:].isdigit())
    assert list(next(read(io.StringIO(out.getvalue(), newline=""))).values()) == [*cells, "end"]


def test_a_title_reaches_every_reader_and_no_spreadsheet(tmp_path):
    from sim.plots.time import marks
    from sim.results.obtain import run
    from sim.scenario import read as read_scenario
    from tests.unit.tiny import changes

    title = "=HYPERLINK(A1)"
    event = {"type": "crisis", "on": "2015-03", "parties": ["CHN", "USA"], "severity": 1, "title": title}
    story = read_scenario("baseline", changes=changes(events={"row": event}))
    done = run(story, replicates=2, workers=1, results=tmp_path)
    with (done.path / "events.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["title"] == "'" + title
    assert done.events()["title"].tolist() == [title]
    assert [row["title"] for row in marks.rows(done)] == [title]
