"""What a sweep says of itself agrees with its table and its runs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.questions.effect import Effect
from sim.results import open_run
from sim.sweep import SweepError
from sim.sweep.answer import Point, _reversals, answer, extremes, line
from sim.sweep.design import Axis, Range
from sim.sweep.folder import open_sweep, run_plan
from sim.sweep.odds import contrast, odds
from sim.sweep.sensitivity import indices
from tests.unit.plots.test_sweep_pictures import GAIN, LOSS, swept
from tests.unit.sweep.plans import plan, point

OUTCOME = "trust:CHN>RUS"


@pytest.fixture(scope="module")
def grid(tmp_path_factory):
    """Three gains, two losses."""
    axes = (Axis(GAIN, values=("0.003", "0.006", "0.02")), Axis(LOSS, values=("0.01", "0.03")))
    return open_sweep(swept(tmp_path_factory.mktemp("grid"), axes, "grid"))


@pytest.fixture(scope="module")
def paired(tmp_path_factory):
    """Two scenarios, the second with more gain, over two seeds."""
    rows = []
    for seed in (1, 2):
        for name, gain in (("plain", 0.006), ("more", 0.02)):
            one = point(gain)
            spec = {**one.scenario.spec, "parameters": {"trust": {"gain": gain}}}
            about = {"name": name, "baseline": None if name == "plain" else "plain", "spec": spec}
            scenario = replace(one.scenario, parameters={"trust": {"gain": gain}}, uncertainty="chance", **about)
            values = {"scenario": name, "seed": seed}
            rows.append(replace(one, scenario=scenario, values=values, options={"replicates": 4, "seed": seed}))
    axes = [{"key": "scenario", "values": ["plain", "more"]}, {"key": "seed", "values": [1, 2]}]
    made = plan(tmp_path_factory.mktemp("paired"), rows, axes=axes, design="grid")
    return open_sweep(run_plan(made, workers=2).folder)


def test_the_ranking_is_what_the_table_says(grid):
    table, column = grid.table(), f"{OUTCOME}.end.mean"
    found = answer(grid, OUTCOME)
    for one in found.ranking:
        means = table.groupby(one.axis)[column].mean()
        assert one.size == pytest.approx(means.max() - means.min(), abs=1e-12)
        assert one.low <= one.size <= one.high
        assert f"highest at {means.idxmax():.4g}" in one.said
    assert [one.size for one in found.ranking] == sorted((one.size for one in found.ranking), reverse=True)
    assert found.ranking[0].axis == GAIN


def test_the_highest_and_the_lowest_row_are_named(grid):
    table, found = grid.table(), answer(grid, OUTCOME)
    column = table[f"{OUTCOME}.end.mean"]
    assert found.highest.rows == (int(table["number"][column.idxmax()]),)
    assert found.lowest.rows == (int(table["number"][column.idxmin()]),)
    said = extremes(found)
    assert f"row {found.highest.rows[0]}" in said[0] and said[0].startswith("highest")
    assert found.highest.mean == pytest.approx(column.max())


def test_two_scenarios_have_a_column_of_differences(paired):
    """The changed scenario's rows say how far they are from the other's, as the runs do, replicate by replicate."""
    table = paired.table()
    assert contrast(paired) == ("more", "plain")
    column = f"{OUTCOME}.end.difference"
    assert table.columns.get_loc(column) == table.columns.get_loc(f"{OUTCOME}.end.se") + 1
    for row in table.itertuples():
        value = table[column][row.Index]
        if row.scenario == "plain":
            assert np.isnan(value)
            continue
        other = next(one for one in table.itertuples() if one.scenario == "plain" and one.seed == row.seed)
        ends = [open_run(paired.folder_of(one.folder)).series("trust", "CHN>RUS")[1][:, -1] for one in (row, other)]
        assert value == pytest.approx(float((ends[0] - ends[1]).mean()), abs=1e-12) and value != 0
    found = answer(paired, OUTCOME)
    assert found.pair == ("more", "plain") and "more minus plain" in found.title
    assert found.highest.mean == pytest.approx(table[column].max(), abs=1e-12)
    assert len(found.highest.rows) == 2


def test_an_outcome_that_never_differs_is_no_difference(paired):
    table = paired.table()
    outcome = next(name for name in paired.outcomes() if (table[f"{name}.end.difference"].dropna() == 0).all())
    assert "no difference" in line(answer(paired, outcome))
    assert all(one.differing == 0 for one in odds(paired, outcome))


def test_the_heading_says_the_replicates_and_lines_name_their_rows(grid, paired):
    found = answer(grid, OUTCOME)
    count = open_run(grid.folder_of(grid.table()["folder"].iloc[0])).manifest["replicates"]
    assert found.title.endswith(f", {count} replicates a run")
    (low,), (high,) = found.lowest.rows, found.highest.rows
    assert f"(row {low}) to " in line(found) and f"(row {high})" in line(found)
    assert "replicates a run" not in line(found) and "(rows " in line(answer(paired, OUTCOME))


def test_with_several_axes_it_says_at_how_many_points_it_is_higher(grid):
    found, shares = answer(grid, OUTCOME), [one.share for one in odds(grid, OUTCOME)]
    above, below = sum(share > 0.5 for share in shares), sum(share < 0.5 for share in shares)
    assert f"in more than half of the replicates at {above} of 6 points, in fewer at {below}" in found.odds
    assert ("it tips between them" if above and below else "it tips nowhere among them") in found.odds


def test_an_effect_that_turns_with_the_other_axis_is_noted(grid):
    """Made up: gain raises the outcome with little loss, and lowers it with much."""
    luck = np.random.default_rng(1).normal(0, 0.01, 40)

    def points(turns):
        made = []
        for gain in (1, 2):
            for loss in (3, 4):
                values = luck + (gain - 1) * (-1 if turns and loss == 4 else 1) * (0.5 + luck)
                made.append(Point({GAIN: gain, LOSS: loss}, (1,), values.mean(), Effect.of(values), values))
        return made

    (said,) = _reversals(grid, points(True))
    assert "trust.gain from 1 to 2 raises it at trust.loss=3 and lowers it at trust.loss=4" in said
    assert _reversals(grid, points(False)) == []


def test_an_unknown_outcome_names_those_that_there_are(grid):
    with pytest.raises(SweepError, match=r"it has: .*trust:CHN>RUS"):
        answer(grid, "trust:XXX>RUS")


def test_one_at_a_time_is_told_from_the_run_as_it_stands(tmp_path):
    axes = (Axis(GAIN, range=Range(0.003, 0.02)), Axis(LOSS, range=Range(0.01, 0.05)))
    sweep = open_sweep(swept(tmp_path, axes, "one"))
    found = answer(sweep, OUTCOME)
    assert {one.axis for one in found.ranking} == {GAIN, LOSS}
    means = sweep.table()[f"{OUTCOME}.end.mean"]
    of_gain = [means[0], means[1], means[2]]
    one = next(one for one in found.ranking if one.axis == GAIN)
    assert one.size == pytest.approx(max(of_gain) - min(of_gain), abs=1e-12)


def test_indices_take_the_name_of_the_outcome(tmp_path):
    axes = (Axis(GAIN, range=Range(0.003, 0.02)), Axis(LOSS, range=Range(0.01, 0.05)))
    sweep = open_sweep(swept(tmp_path, axes, "morris", 3))
    assert indices(sweep, OUTCOME) == indices(sweep, f"{OUTCOME}.end.mean")
    found = answer(sweep, OUTCOME)
    assert found.ranking[0].size == max(row["mu_star"] for row in indices(sweep, OUTCOME))


def test_a_random_sample_is_ranked_by_correlation(tmp_path):
    axes = (Axis(GAIN, range=Range(0.003, 0.02)), Axis(LOSS, range=Range(0.01, 0.05)))
    sweep = open_sweep(swept(tmp_path, axes, "lhs", 12))
    found = answer(sweep, OUTCOME)
    assert found.what.startswith("rank correlation")
    gain = next(one for one in found.ranking if one.axis == GAIN)
    table = sweep.table()
    rho = float(table[GAIN].rank().corr(table[f"{OUTCOME}.end.mean"].rank()))
    assert gain.size == pytest.approx(abs(rho)) and gain.size > 0.8
    assert gain.said == ("higher" if rho > 0 else "lower") + " with more of it"
