"""The export of a comparison as pyam, the IAMC's own library, reads it; needs `pip install '.[iamc]'`."""

from __future__ import annotations

import warnings

import pytest

from sim.questions.compare import compare, write
from tests.unit.test_comparison import WITHOUT, add, made

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    pyam = pytest.importorskip("pyam", reason="pyam-iamc is not installed; pip install '.[iamc]'")

pytestmark = pytest.mark.filterwarnings("default")  # pyam's own warnings are not ours


def test_subtract_equals_our_difference(tmp_path):
    c = compare(made(tmp_path, change=add(0.01, noise=0.004)), made(tmp_path, "without_join", events=WITHOUT))
    table = pyam.IamDataFrame(write([c], tmp_path) / "differences.csv")
    minus = "with_join minus without_join"
    assert set(table.scenario) == {"with_join", "without_join", minus}
    means = table.filter(scenario=["with_join", "without_join"])
    theirs = means.subtract("with_join", "without_join", "by pyam", axis="scenario", ignore_units=True)
    ours = table.filter(scenario=minus, variable=means.variable)
    keys = ["region", "variable", "time"]
    theirs, ours = (frame.data.set_index(keys)["value"].sort_index() for frame in (theirs, ours))
    assert len(ours) > 10_000 and list(theirs.index) == list(ours.index)
    assert (theirs - ours).abs().max() < 5e-9  # nine decimals are written
    eight = ours.xs("eight", level="region").xs("cooperation", level="variable")
    assert eight.iloc[-1] == pytest.approx(c.of("cooperation", "eight").mean[-1], abs=2e-9)
