"""Pictures of what a change did to alignment and trust: they say the numbers, draw at the extremes, and repeat."""

from __future__ import annotations

import numpy as np
import pytest

from sim import plots
from sim.plots.comparison import alignment_map, dyad_difference, state_difference
from sim.plots.sheet import palette
from sim.questions.compare import compare, open_comparison, write
from sim.results import open_run
from tests.unit.plots import runs

NEW = ("alignment_map", "dyad_difference", "state_difference")


def shifted(trajectory) -> None:
    """From June 2017 on India leans .1 further East, and Russia and China trust each other .05 less."""
    lean, trust = trajectory.series["alignment"], trajectory.series["trust"]
    lean.values[:, 30:, lean.subjects.index("IND")] += 0.1
    for dyad in ("RUS>CHN", "CHN>RUS"):
        trust.values[:, 30:, trust.subjects.index(dyad)] -= 0.05


def compared(place, replicates=40, a="with", b="without", paired=True):
    """A comparison folder of two made-up runs that differ by `shifted` alone."""

    def named(name, change):
        def edit(trajectory):
            trajectory.scenario.name = name
            trajectory.scenario.spec = {"title": name, "events": trajectory.scenario.events}
            if change:
                change(trajectory)

        return edit

    both = [open_run(runs.write(place, replicates, named(*one))) for one in ((a, shifted), (b, None))]
    return write([compare(*both, paired=paired)], place)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return compared(tmp_path_factory.mktemp("compared"))


def words_of(picture, folder, **more) -> list[str]:
    with palette.drawing():
        return [t.get_text() for t in picture.figure(open_comparison(folder), **more).figure.texts]


def test_the_map_says_how_far_each_state_is_moved(folder):
    words = words_of(alignment_map, folder)
    assert "IND +10" in words, "in hundredths"
    assert "KAZ 0" in words and "CHN 0" in words
    assert any("with minus without" in word for word in words)


def test_states_that_differ_most_come_first_and_equal_ones_say_so(folder):
    words = words_of(state_difference, folder)
    assert words.index("India") < words.index("China")
    assert words.count("the same") == 20 and "E 100 %" in words
    assert "+0.10" in words


def test_dyads_say_the_paired_difference_or_that_there_is_none(folder):
    words = words_of(dyad_difference, folder)
    assert "pairs −0.050" in words and words.count("no difference") == 2


def test_the_shared_past_is_drawn_once_and_in_grey(folder):
    from matplotlib.colors import to_rgba

    with palette.drawing():
        sheet = dyad_difference.figure(open_comparison(folder))
    first, second, *_ = [axes for axes in sheet.figure.axes if axes is not sheet.over]
    colours = [to_rgba(line.get_color()) for line in first.lines]
    assert colours.count(to_rgba(palette.PAST)) == 1 and to_rgba(palette.RUN) in colours
    assert {to_rgba(line.get_color()) for line in second.lines} == {to_rgba(palette.PAST)}
    (past,) = (line for line in first.lines if line.get_color() == palette.PAST)
    assert past.get_xdata()[-1] == 12 * 2017 + 6  # the first bound that differs closes it


@pytest.mark.parametrize("replicates", [1, 7])
def test_few_replicates_draw_without_claims(replicates, tmp_path):
    folder = compared(tmp_path, replicates)
    assert {file.stem for file in plots.draw(folder, NEW)} == set(NEW)
    words = " ".join(words_of(state_difference, folder))
    assert "90 %" not in words and "100 %" not in words


def test_runs_that_are_not_paired_draw(tmp_path):
    folder = compared(tmp_path, paired=False)
    assert {file.stem for file in plots.draw(folder, NEW)} == set(NEW)
    assert any(word.startswith("medians ") for word in words_of(dyad_difference, folder))


def test_subjects(folder, tmp_path):
    assert plots.draw(folder, ["dyad_difference"], subjects=["CHN-RUS"], out=tmp_path)
    assert plots.draw(folder, ["state_difference"], subjects=["IND", "CHN"], out=tmp_path)
    assert plots.draw(folder, ["alignment_map"], subjects=["NATO"], out=tmp_path)
    for name, subject in (("dyad_difference", "AFG-USA"), ("state_difference", "XXX"), ("alignment_map", "EU")):
        with pytest.raises(plots.PictureError, match=subject):
            plots.draw(folder, [name], subjects=[subject], out=tmp_path)


def test_they_repeat_to_the_byte(folder, tmp_path):
    first, again = (
        {f.name: f.read_bytes() for f in plots.draw(folder, NEW, format="both", out=tmp_path / str(n), workers=n)}
        for n in (1, 2)
    )
    assert first == again and len(first) == 6


def test_a_difference_in_trust_alone_has_no_map(tmp_path):
    def trust_only(trajectory):
        trust = trajectory.series["trust"]
        trust.values[:, 40:] = np.clip(trust.values[:, 40:] + 0.01, -0.99, 0.99)

    a, b = (open_run(runs.write(tmp_path / str(k), 20, change)) for k, change in enumerate((trust_only, None)))
    missing = plots.missing(write([compare(a, b)], tmp_path))
    assert "exactly the same" in missing["alignment_map"] and "dyad_difference" not in missing
