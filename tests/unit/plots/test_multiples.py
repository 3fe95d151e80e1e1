"""Small multiples and bonds: what is drawn is what the numbers say, nothing meets, two groups are shown as two."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgba
from matplotlib.image import AxesImage

from sim import plots
from sim.plots.run import alignment_network, state_alignment
from sim.plots.sheet import blocs, bonds, palette
from sim.plots.sheet.bonds import LEAST, NODE
from sim.plots.time import multiples
from sim.results import open_run
from tests.unit.plots import runs

ENDS = ((1.0, "East"), (0.0, "0"), (-1.0, "West"))


def texts(sheet) -> list[str]:
    return [t.get_text() for t in sheet.figure.texts]


# small multiples


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 15, 21, 24, 35, 40, 48])
def test_panels_stay_on_the_sheet_and_apart(count):
    grid = multiples.plan(10.0, count, (-1.0, 1.0), ENDS)
    assert grid.columns * grid.step - multiples.GAP <= 10.0 - 0.6 - grid.left + 1e-9
    assert grid.step > 3 * multiples.GAP
    assert grid.body(count) < 12


def test_two_groups_are_shown_as_density_and_one_as_a_fan(tmp_path):
    with palette.drawing():
        sheet = state_alignment.figure(open_run(runs.case("two_sided", tmp_path)))
    images = [a for a in sheet.over.get_children() if isinstance(a, AxesImage)]
    assert len(images) == 1, "only the state that ends in two groups"
    curve = np.asarray(images[0].get_array())[:, -1]
    assert curve[:40].max() > 0.5 and curve[41:].max() > 0.5 and curve[40] < 0.05
    assert "two groups" in " ".join(texts(sheet))


def test_groups_too_near_to_tell_apart_are_one():
    near, far = (
        np.repeat([[-gap], [gap]], 100, axis=0) + np.random.default_rng(1).normal(0, 0.002, (200, 1)) for gap in (0.03, 0.3)
    )
    assert not multiples.parted(near, (-1.0, 1.0))
    assert multiples.parted(near, (-0.1, 0.1))
    assert multiples.parted(far, (-1.0, 1.0))


def test_a_name_without_room_gives_way_to_the_code_and_never_to_an_ambiguous_stump(tmp_path):
    names = {"USA": "United States of a Long Name", "GBR": "United Kingdom of a Long Name", "CHN": "China", "RUS": "Russia"}
    with runs.states(names | {f"S{k:02d}": f"State {k}" for k in range(20)}), palette.drawing():
        sheet = state_alignment.figure(open_run(runs.write(tmp_path, 40, **runs.story(events={}))))
    words = texts(sheet)
    assert {"USA", "GBR", "China"} <= set(words)
    assert not [word for word in words if word.startswith("United")]


def test_of_many_states_the_liveliest_are_shown_and_the_rest_counted(tmp_path):
    values = {f"S{k:02d}": np.full((5, 3), 0.1) + k * np.linspace(0, 0.01, 3) for k in range(60)}
    kept = blocs.liveliest(values, 48)
    assert kept == [f"S{k:02d}" for k in range(12, 60)]
    with runs.states({code: code for code in values}), palette.drawing():
        sheet = state_alignment.figure(open_run(runs.write(tmp_path, 20, **runs.story(events={}))))
    assert "Not shown: 12 states that move and spread less." in texts(sheet)


# bonds


def test_bonds_are_kept_new_and_lost():
    before = np.full((4, 4), -0.5)
    after = before.copy()
    for trust, pairs in ((before, {(0, 1): 0.5, (2, 3): 0.4}), (after, {(0, 1): 0.5, (1, 2): 0.6})):
        for (i, j), value in pairs.items():
            trust[i, j] = trust[j, i] = value
    found = bonds.top(before, after, 2)
    assert (found.kept, found.new, found.lost) == ([(0, 1)], [(1, 2)], [(2, 3)])


def test_a_change_of_order_without_a_change_of_trust_is_neither_new_nor_lost():
    before = np.array([[0, 0.300, 0.301], [0.3, 0, -1], [0.301, -1, 0]])
    after = before.copy()
    after[0, 1] = after[1, 0] = 0.302
    found = bonds.top(before, after, 1)
    assert not found.new and not found.lost and (0, 1) in found.kept
    after[0, 1] = after[1, 0] = 0.3 + LEAST + 0.001
    assert bonds.top(before, after, 1).new == []  # row 1 trusted 0 most before, too
    assert (0, 1) in bonds.top(before, after, 1).kept


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0.5, 9.5), min_size=3, max_size=60), st.integers(0, 5))
def test_discs_stay_inside_and_clear_of_each_other(xs, seed):
    x = np.array(xs)
    trust = np.random.default_rng(seed).uniform(-1, 1, (len(x), len(x)))
    high, radius = bonds.height(x)
    y = bonds.spread_out(x, bonds.top(trust, trust, 3), high, radius)
    assert 0 < radius <= NODE
    assert (y >= radius).all() and (y <= high - radius).all()
    far = np.hypot(x[:, None] - x, y[:, None] - y) + 9 * np.eye(len(x))
    assert far.min() > 1.9 * radius
    again = bonds.spread_out(x, bonds.top(trust, trust, 3), high, radius)
    assert (again == y).all()


def test_the_network_counts_its_lines_and_claims_nothing_of_a_flat_run(tmp_path):
    with palette.drawing():
        sheet = alignment_network.figure(open_run(runs.case("flat", tmp_path)))
    words = texts(sheet)
    assert sheet.title.startswith("Bonds of trust")
    assert not [word for word in words if word.startswith(("new (", "lost ("))]
    with palette.drawing():
        sheet = alignment_network.figure(open_run(runs.case("usual", tmp_path / "b")))
    assert [word for word in texts(sheet) if word.startswith("new (")] and sheet.title.startswith("New and lost")


def test_lines_that_differ_in_meaning_differ_in_more_than_hue():
    kept, new, lost = (bonds.STYLES[kind] for kind in ("kept", "new", "lost"))
    assert lost["linestyle"] != "solid" and "linestyle" not in kept
    shade = [sum(to_rgba(how["color"])[:3]) for how in (kept, new)]
    assert shade[0] - shade[1] > 1.5


def test_a_waterfall_of_nothing_has_an_axis_that_reads_as_one(tmp_path):
    (file,) = plots.draw(runs.case("flat", tmp_path), ["ledger_waterfall"], format="svg")
    words = re.findall("<!-- (.*?) -->", file.read_text(encoding="utf-8"))
    assert "0.0" in words or "0.00" in words
    assert not [word for word in words if word.startswith("1e")]
