"""The two sides have the names that a scenario gives them; east and west are what they were."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from sim import measures, results
from sim.measures import Frame
from sim.results import digest
from sim.results.obtain import obtain
from sim.scenario import ScenarioError, read
from sim.simulation.ensemble import simulate
from sim.wording import Sides
from tests.unit.tiny import changes

NAMED = {"allies": ["USA"], "axis": ["CHN", "RUS"]}


def named(**cores):
    return dataclasses.replace(read("baseline", changes={**changes(), "scenario.cores": cores}), name="sides")


@pytest.mark.parametrize(
    ("cores", "labels", "letters"),
    [
        ({"east": (), "west": ()}, ("East", "West"), ("E", "W")),
        ({"west": (), "east": ()}, ("East", "West"), ("E", "W")),
        ({"allies": (), "axis": ()}, ("Allies", "Axis"), ("Al", "Ax")),
        ({"third_rome": (), "rest": ()}, ("Third rome", "Rest"), ("T", "R")),
        ({"north": (), "south": ()}, ("North", "South"), ("No", "So")),
        ({}, ("East", "West"), ("E", "W")),
    ],
)
def test_what_they_are_called(cores, labels, letters):
    sides = Sides.of(cores)
    assert (sides.east, sides.west) == labels
    assert (sides.letters[1], sides.letters[2]) == letters


def test_the_first_is_in_the_easts_place():
    story, plain = named(**NAMED), named(east=["USA"], west=["CHN", "RUS"])
    one, other = (simulate(s, replicates=4, workers=1) for s in (story, plain))
    assert one.series["bloc_size"].subjects == ["none", "Allies", "Axis"]
    for measure in ("alignment", "bloc", "bloc_size"):
        np.testing.assert_array_equal(one.series[measure].values, other.series[measure].values)
    alignment = one.series["alignment"]
    ends = dict(zip(alignment.subjects, alignment.values[:, -1].mean(axis=0)))
    assert ends["USA"] > 0 > ends["CHN"], "positive is the first side"


def test_their_order_tells_runs_apart_and_that_of_east_and_west_does_not():
    options = {"seed": 1, "replicates": 4}
    there, back = named(**NAMED), named(**dict(reversed(NAMED.items())))
    assert digest(there, options) != digest(back, options)
    east = {"east": ["CHN"], "west": ["USA"]}
    assert digest(named(**east), options) == digest(named(**dict(reversed(east.items()))), options)


def test_other_names_take_the_place_of_inherited_ones(tmp_path):
    (tmp_path / "mine.yaml").write_text("defaults: [baseline, _self_]\ncores: {allies: [USA, GBR], axis: [RUS]}\n")
    assert read(tmp_path / "mine.yaml").cores == {"allies": ("USA", "GBR"), "axis": ("RUS",)}
    (tmp_path / "mine.yaml").write_text("defaults: [baseline, _self_]\ncores: {east: [RUS]}\n")
    assert set(read(tmp_path / "mine.yaml").cores) == {"east", "west"}


@pytest.mark.parametrize(
    ("cores", "said"),
    [
        ({"allies": ["USA"]}, "cores: names 1 side; two sides are needed"),
        ({"a": ["USA"], "b": ["CHN"], "c": ["RUS"]}, "cores: names 3 sides; two sides are needed"),
        ({"east": ["CHN"], "axis": ["USA"]}, "cores.axis: is not a key of cores"),
        ({"allies": ["USA"], "none": ["CHN"]}, "cores.none: cannot be the name of a side"),
        ({"allies": ["USA"], "axis": ["USA"]}, "USA is in both cores"),
        ({"allies": ["USA"], "axis": ["NOR"]}, "'NOR' is not a state"),
    ],
)
def test_mistakes(cores, said):
    with pytest.raises(ScenarioError) as error:
        named(**cores)
    assert said in str(error.value)


def test_a_condition_takes_them_and_a_set_cannot():
    event = {"type": "tie", "parties": ["USA", "RUS"], "level": "defence"}
    when = {"measure": "bloc_size:Allies", "above": 1}
    story = read("baseline", changes={**changes(), "scenario.cores": NAMED, "scenario.events.m": {**event, "when": when}})
    frame = Frame(None, story.cores, {}, ())  # type: ignore[arg-type]
    assert measures.subjects("bloc_size", frame) == ["none", "Allies", "Axis"]
    with pytest.raises(ScenarioError, match="the name of a set is taken by something else"):
        read("baseline", changes={**changes(), "scenario.cores": NAMED, "scenario.sets.Allies": ["USA", "RUS"]})


def test_whatever_is_shown_of_a_run_says_their_names(tmp_path):
    from sim.plots.run import alignment_network, bloc_strip, map_strip, state_alignment
    from sim.report import write

    options = {"replicates": 30, "seed": 1, "workers": 1}
    run = results.open_run(obtain(named(**NAMED), options, tmp_path, lambda: None)[0])
    assert run.sides == Sides("allies", "axis")
    assert {row.label for row in run.summary_rows() if row.measure == "bloc_east"} >= {
        "Share of replicates with China in the Allies bloc"
    }
    assert set(np.unique(run.frame("bloc", "USA"))) == {"Allies"}
    for picture in (bloc_strip, map_strip, state_alignment, alignment_network):
        words = " ".join(text.get_text() for text in picture.figure(run).figure.texts).replace("\n", " ")
        assert "Allies and Axis are the sides of USA and of CHN, RUS." in words
        assert "East" not in words
    page = write(run.path).read_text(encoding="utf-8")
    shown = page.replace("About half of the East bloc", "").replace("East bloc", "")
    assert "Allies" in shown
    assert ">East<" not in shown
