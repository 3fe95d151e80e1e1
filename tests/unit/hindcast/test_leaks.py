"""Nothing dated after the origin reaches the model or a rival; the same question has the same answer to the byte."""

from __future__ import annotations

import dataclasses
from functools import cache

import numpy as np
import pytest

from sim.data.panel import FILES, known, panel
from tests.unit.hindcast import few

pytestmark = [few.needs_data]
each_file = pytest.mark.parametrize("name", sorted(FILES))
each_change = pytest.mark.parametrize("change", [few.removed, few.noise], ids=["removed", "noise"])


@cache
def as_known(until):
    return panel(few.series(), until)


@cache
def as_it_is():
    return few.told(few.series())


def same(one, other):
    """The names of what differs between two panels."""
    found = []
    for field in dataclasses.fields(one):
        a, b = getattr(one, field.name), getattr(other, field.name)
        pairs = [(key, a[key], b.get(key)) for key in a] if isinstance(a, dict) else [(field.name, a, b)]
        for key, x, y in pairs:
            number = getattr(x, "dtype", np.dtype(int)).kind == "f"
            found += [key] * (not np.array_equal(x, y, equal_nan=number))
    return found


@each_file
@each_change
def test_what_a_file_says_of_later_years_is_not_in_the_panel(name, change):
    """The panel is all that a forecast or a rival is made of; equal to the bit."""
    until = few.SOONER.get(name, few.ORIGIN)
    changed = change(few.series(), name, until)
    assert not changed[name].equals(few.series()[name]), "nothing was changed: the test could not fail"
    assert same(as_known(until), panel(changed, until)) == []


@pytest.mark.slow
@each_change
@pytest.mark.parametrize("name", ["codes", "capitals"])
def test_states_founded_and_capitals_moved_later_are_not_in_the_panel_of_all_states(name, change):
    """The sixteen states have none after the origin."""
    changed = change(few.whole(), name)
    assert (few.whole()[name][few.beginning(name)] > few.ORIGIN).any()
    assert same(panel(few.whole(), few.ORIGIN), panel(changed, few.ORIGIN)) == []


@pytest.mark.slow
@each_change
def test_forecasts_and_rivals_do_not_know_what_came(change):
    """All files at once, to the byte; `python -m tests.hindcast_table --leaks` does it for each file by itself."""
    changed = few.series()
    for name in FILES:
        changed = change(changed, name)
    table, rivals = few.told(changed)
    assert table == as_it_is()[0]
    assert [name for name, said in rivals.items() if said != as_it_is()[1][name]] == []


@pytest.mark.slow
def test_under_rules_that_read_grounds_nothing_later_is_known_either():
    changed = few.series()
    for name in FILES:
        changed = few.noise(changed, name)
    assert few.told(changed, rules="0.2") == few.told(few.series(), rules="0.2")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["power", "votes", "disputes", "alliances"])
def test_a_loader_that_looks_a_year_ahead_is_found(name, monkeypatch):
    """The test of the test: one file is cut a year too late, its rows dated back."""

    def leaking(series, until):
        column = few.beginning(name)
        cut = dict(known(series, until))
        early = series[name].copy()
        early[column] -= 1
        cut[name] = known({name: early}, until)[name]
        return cut

    monkeypatch.setattr("sim.data.panel.known", leaking)
    plain = panel(few.series(), few.ORIGIN)
    assert same(plain, panel(few.noise(few.series(), name), few.ORIGIN)) != []


@pytest.mark.slow
def test_a_leak_reaches_the_forecasts(monkeypatch):
    """The test of the test: power a year ahead moves the table and the rivals."""

    def leaking(series, until):
        early = series["power"].assign(year=series["power"]["year"] - 1)
        return {**known(series, until), "power": known({"power": early}, until)["power"]}

    monkeypatch.setattr("sim.data.panel.known", leaking)
    table, rivals = few.told(few.noise(few.series(), "power"))
    assert table != as_it_is()[0]
    assert rivals["gravity"] != as_it_is()[1]["gravity"]


@pytest.mark.slow
def test_the_same_forecasts_twice_and_with_two_workers():
    assert few.told(few.series(), workers=2) == as_it_is()
