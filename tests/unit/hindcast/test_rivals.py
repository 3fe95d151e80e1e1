"""The rivals are as good as they were when they were first measured: none is more than two percent worse."""

from __future__ import annotations

import pytest

from tests import hindcast_table as table
from tests.unit.hindcast import few

ORIGINS = {"disputes": 2005, "net share": 2005, "volume": 2005, "votes": 2005, "pacts": 2005}
"""One origin a target; `python -m tests.hindcast_table` has all of them, and the model."""
ROWS = [row for row in table.wanted() if row[4] != "model" and row[1] == "all" and ORIGINS[row[0]] == row[3]]


@pytest.mark.slow
@few.needs_data
@pytest.mark.parametrize(
    ("target", "who", "metric", "origin", "name", "value"), ROWS, ids=[f"{r[0]} {r[2]} {r[4]}" for r in ROWS]
)
def test_a_rival_is_as_good_as_it_was(target, who, metric, origin, name, value):
    half_a_digit = 0.5 * 10.0 ** -(4 if metric == "brier" else 3)
    here = table.scored(target, who, origin, False)[name][metric]
    assert here <= (value + half_a_digit) * (1 + table.WITHIN)
    assert here >= (value - half_a_digit) * 0.9, "much better than it was: is something of the future in it?"


def test_the_table_has_every_number():
    assert len(list(table.wanted())) == 4 * 4 + 4 + 2 * 4 + 2 * 4 + 2 * 4 + 5 * 4 + 5 * 4 + 2 * 4
    assert {row[0] for row in ROWS} == set(ORIGINS)
