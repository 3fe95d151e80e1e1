"""The summary: right numbers for any scenario, from one replicate to many."""

from __future__ import annotations

import numpy as np
import pytest

from sim.results import summary
from tests import synthetic


def row(rows, measure, subject):
    return next(one for one in rows if (one.measure, one.subject) == (measure, subject))


def test_numbers_are_quantiles_of_start_end_and_paired_change(trajectory):
    found = row(summary.rows(trajectory), "trust", "RUS>CHN")
    one = trajectory.series["trust"]
    values = one.values[:, :, one.subjects.index("RUS>CHN")]
    for triple, sample in (
        (found.start, values[:, 0]),
        (found.end, values[:, -1]),
        (found.change, values[:, -1] - values[:, 0]),
    ):
        assert triple == pytest.approx(tuple(np.quantile(sample, (0.5, 0.05, 0.95))))


def test_blocs_are_summarised_as_shares_that_add_up(trajectory):
    rows = summary.rows(trajectory)
    shares = [row(rows, name, "IND").end[0] for name, *_ in summary.SIDES]
    assert sum(shares) == pytest.approx(1)
    assert np.isnan(row(rows, "bloc_east", "CHN").end[1])
    assert not [one for one in rows if one.measure == "bloc"]


def test_csv_reads_back(trajectory):
    rows = summary.rows(trajectory)
    again = summary.from_csv(summary.to_csv(rows))
    assert [(a.measure, a.subject, a.label) for a in again] == [(a.measure, a.subject, a.label) for a in rows]
    assert again[0].end == pytest.approx(rows[0].end, rel=1e-5)


def test_one_replicate_has_a_band_of_no_width():
    found = row(summary.rows(synthetic.trajectory(1, end="2015-06")), "cooperation", "founders")
    assert found.end[0] == found.end[1] == found.end[2]


def test_without_actors_sets_and_watched_dyads():
    trajectory = synthetic.trajectory(2, end="2015-06", actors=False, sets={}, watch=(("CHN", "RUS"),))
    rows = summary.rows(trajectory)
    assert {one.subject for one in rows if one.measure == "cooperation_weighted"} == {"world", "CSTO", "NATO", "SCO"}
    assert not [one for one in rows if one.measure == "strength"]


def test_a_series_that_begins_late_starts_at_its_first_value(trajectory):
    values = np.array([[[np.nan], [1.0], [3.0]], [[np.nan], [2.0], [6.0]]])
    assert summary.first_known(values).tolist() == [1]
    partly = synthetic.trajectory(2, end="2015-06")
    partly.series["cohesion"].values[0, :, 0] = np.nan
    partly.series["cohesion"].values[:, :, 1] = np.nan
    rows = summary.rows(partly)
    names = partly.series["cohesion"].subjects
    assert np.isfinite(row(rows, "cohesion", names[0]).end[0])
    assert np.isnan(row(rows, "cohesion", names[1]).end[0])


def test_labels_are_words(trajectory):
    rows = summary.rows(trajectory)
    assert row(rows, "cooperation", "CHN-RUS").label == "Mutual cooperation, China-Russia"
    assert row(rows, "trust", "RUS>CHN").label == "Trust, Russia in China"
    assert row(rows, "actor_threat", "KAZ<ISK").label == "Threat of IS-K as seen by Kazakhstan"
