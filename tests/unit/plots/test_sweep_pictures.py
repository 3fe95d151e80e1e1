"""Pictures of sweeps: each draws what suits its axes, says why it does not, and repeats byte for byte."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import plots
from sim.sweep.design import Axis, Range, points
from sim.sweep.folder import open_sweep, run_plan
from sim.sweep.odds import crossings, odds, wilson
from tests.unit.sweep.plans import plan, point

GAIN, LOSS = "parameters.trust.gain", "parameters.trust.loss"


def swept(root, axes, design, samples=None):
    """A finished sweep of the tiny world over one or two parameters."""
    from dataclasses import replace

    rows = []
    for values in points(design, axes, samples):
        numbers = {axis.key: float(value) for axis, value in zip(axes, values) if not repr(value).startswith("as it")}
        one = point(0.006)
        given_ = {"trust": {key.rsplit(".", 1)[1]: value for key, value in numbers.items()}}
        scenario = replace(one.scenario, parameters=given_, spec={**one.scenario.spec, "parameters": given_})
        standing = {GAIN: 0.006, LOSS: 0.015}
        labels = {axis.key: numbers.get(axis.key, standing[axis.key]) for axis in axes}
        rows.append(replace(one, scenario=scenario, values=labels, options={"replicates": 4, "seed": 1}))
    about = [{**axis.plain(), "standing": {GAIN: 0.006, LOSS: 0.015}[axis.key]} for axis in axes]
    made = plan(root, rows, axes=about, design=design, samples=samples, sample_seed=1)
    return run_plan(made, workers=2).folder


LISTED = (Axis(GAIN, values=("0.003", "0.006", "0.02")), Axis(LOSS, values=("0.01", "0.03")))
RANGED = (Axis(GAIN, range=Range(0.003, 0.02)), Axis(LOSS, range=Range(0.01, 0.05)))


@pytest.mark.parametrize(
    ("axes", "design", "samples", "picture", "words"),
    [
        (LISTED[:1], "grid", None, "even_odds", ["trust.gain", "even odds", "0.006"]),
        (LISTED, "grid", None, "heat_map", ["trust.gain", "trust.loss", "0.03"]),
        (RANGED, "one", None, "tornado", ["One number at a time", "trust.loss"]),
        (RANGED, "morris", 3, "tornado", ["Elementary effects", "trust.gain"]),
    ],
)
def test_each_design_has_its_picture(tmp_path, monkeypatch, axes, design, samples, picture, words):
    folder = swept(tmp_path, axes, design, samples)
    assert plots.kind_of(folder) == "sweep"
    said = []
    from sim.plots.sheet.sheet import Sheet

    real = Sheet.write
    monkeypatch.setattr(Sheet, "write", lambda self, x, y, text, **more: said.append(text) or real(self, x, y, text, **more))
    written = plots.draw(folder, format="both")
    assert [path.name for path in written] == [f"{picture}.png", f"{picture}.svg"]
    assert set(plots.missing(folder)) == set(plots.names("sweep")) - {picture}
    text = " ".join(said) + " ".join(re.findall(r"<!-- (.*?) -->", written[1].read_text()))
    for word in words:
        assert word in text
    before = [path.read_bytes() for path in written]
    assert [path.read_bytes() for path in plots.draw(folder, format="both")] == before
    with pytest.raises(plots.PictureError, match="there are: cooperation:world"):
        plots.draw(folder, [picture], subjects=["nothing:x"])


def test_odds_of_one_scenario_are_of_its_own_direction(tmp_path):
    sweep = open_sweep(swept(tmp_path, LISTED[:1], "grid"))
    from sim.results import open_run

    for number, one in enumerate(odds(sweep, "trust:CHN>RUS"), 1):
        values = open_run(sweep.run_folder(number)).series("trust", "CHN>RUS")[1]
        assert one.share == (values[:, -1] > values[:, 0]).mean()
        assert one.low <= one.share <= one.high


@given(st.lists(st.floats(0, 1), min_size=2, max_size=8))
def test_the_line_crosses_where_it_changes_sides(shares):
    x = np.arange(len(shares), dtype=float)
    for cross in crossings(x, np.array(shares)):
        assert np.interp(cross, x, shares) == pytest.approx(0.5, abs=1e-6)


def test_wilson_against_a_published_value():
    """Newcombe (1998), table I: 81 of 263 gives .2553 to .3662."""
    assert wilson(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
