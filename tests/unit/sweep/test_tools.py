"""The table in pandas, SALib and EMA Workbench without glue, and the indices against known answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.sweep import SweepError
from sim.sweep.design import Axis, Range, points
from sim.sweep.folder import open_sweep, run_plan
from sim.sweep.sensitivity import indices, problem
from tests.unit.sweep.plans import plan, point

GAIN = "parameters.trust.gain"


@pytest.fixture(scope="module")
def sweep(tmp_path_factory):
    """A Morris sweep of one parameter."""
    axis = Axis(GAIN, range=Range(0.002, 0.02))
    sample = [point(value) for (value,) in points("morris", [axis], 4)]
    about = {"axes": [axis.plain()], "design": "morris", "samples": 4, "sample_seed": 1}
    return open_sweep(run_plan(plan(tmp_path_factory.mktemp("morris"), sample, **about), workers=2).folder)


def test_pandas(sweep):
    csv, parquet = pd.read_csv(sweep.path / "experiments.csv"), pd.read_parquet(sweep.path / "experiments.parquet")
    assert list(csv.columns) == list(parquet.columns)
    for column in csv.columns:
        if parquet[column].dtype.kind == "f":
            assert np.array_equal(csv[column].to_numpy(float), parquet[column].to_numpy(), equal_nan=True), column
    assert csv.set_index(GAIN)["cooperation:world.end.median"].between(0, 1).all()


def test_salib(sweep):
    from SALib.analyze import morris

    table = sweep.table()
    found = morris.analyze(problem(sweep), table[[GAIN]].to_numpy(), table["trust:CHN>RUS.end.mean"].to_numpy(), seed=1)
    assert list(found["names"]) == [GAIN] and np.isfinite(found["mu_star"]).all()
    (row,) = indices(sweep, "trust:CHN>RUS.end.mean")
    assert row["parameter"] == GAIN and row["mu_star"] >= 0
    with pytest.raises(SweepError, match="no column"):
        indices(sweep, "trust:CHN>RUS.end.middle")


@pytest.mark.filterwarnings("ignore")
def test_ema_workbench(sweep):
    """PRIM: in which part of the range is trust high?"""
    prim = pytest.importorskip("ema_workbench.analysis.prim", reason="ema_workbench is not installed")
    table = sweep.table()
    high = (table["trust:CHN>RUS.end.mean"] >= table["trust:CHN>RUS.end.mean"].median()).to_numpy()
    box = prim.Prim(table[[GAIN]], high, threshold=0.5, peel_alpha=0.25).find_box()
    assert 0 < box.peeling_trajectory["density"].iloc[-1] <= 1


def test_ishigami():
    """Ishigami and Homma (1990) through our sample and our indices: S1 .314 .442 0, ST .558 .442 .244."""
    from sim.sweep.design import unit_sample
    from sim.sweep.sensitivity import analyse

    axes = [Axis(f"x{k}", range=Range(-np.pi, np.pi)) for k in range(3)]
    x = np.array(list(points("sobol", axes, 8192)))
    y = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    rows = analyse("sobol", ["x0", "x1", "x2"], unit_sample("sobol", 3, 8192, 1), y)
    assert [row["S1"] for row in rows] == pytest.approx([0.314, 0.442, 0.0], abs=0.01)
    assert [row["ST"] for row in rows] == pytest.approx([0.558, 0.442, 0.244], abs=0.01)


def test_morris_of_a_linear_function_gives_its_slopes():
    from sim.sweep.design import unit_sample
    from sim.sweep.sensitivity import analyse

    unit = unit_sample("morris", 3, 6, 1)
    rows = analyse("morris", ["a", "b", "c"], unit, unit @ np.array([3.0, -2.0, 0.0]))
    assert [row["mu_star"] for row in rows] == pytest.approx([3, 2, 0])
