"""Which states a picture of a large world shows."""

from types import SimpleNamespace

import pandas as pd
import pytest

from sim.results.foremost import foremost, left_out, organisation


class Run:
    """A run with a manifest and the capability of its states."""

    def __init__(self, count, power, **about):
        codes = [f"S{k:02d}" for k in range(count)]
        self.manifest = {"states": [{"code": code} for code in codes], **about}
        frame = {"replicate": 0, "time": "2015-01", "state": codes, "capability": power}
        self.table = pd.DataFrame(frame)

    def has(self, name):
        return True

    def states(self):
        return self.table


def test_a_small_world_is_shown_whole():
    run = Run(5, [1.0] * 5)
    assert foremost(run, 5) == [f"S{k:02d}" for k in range(5)]
    assert left_out(run, 5) == ""


def test_cores_watched_pairs_and_sets_come_first_then_the_most_powerful():
    run = Run(
        9, [0.1 * k for k in range(9)], cores={"east": ["S00"], "west": []}, watch=[["S01", "S02"]], sets={"x": ["S03"]}
    )
    assert foremost(run, 6) == ["S00", "S01", "S02", "S03", "S07", "S08"]
    assert (
        left_out(run, 6) == "6 of 9 states: those of the cores, watched pairs and sets, then the most powerful at the start."
    )


@pytest.mark.parametrize("most", [1, 3])
def test_never_more_than_asked_for(most):
    run = Run(9, [1.0] * 9, sets={"x": [f"S{k:02d}" for k in range(9)]})
    assert len(foremost(run, most)) == most


@pytest.mark.parametrize(
    ("question", "moves", "chosen"),
    [
        ("What did the SCO change?", {"NATO": 3}, "SCO"),
        ("What changed?", {"SCO": 1}, "SCO"),
        ("What changed?", {}, "NATO"),
        ("What of nATO?", {"EU": 2}, "EU"),
    ],
)
def test_the_organisation_that_a_story_is_about(question, moves, chosen):
    """Named in the question, else moved most, else the largest with a commitment."""
    rows = [{"code": code, "members": ["A"] * size} for code, size in (("EU", 9), ("NATO", 5), ("CSTO", 2), ("SCO", 3))]
    story = {"organisations": {"NATO": {"commitment": "defence"}, "CSTO": {"commitment": "defence"}, "EU": {}}}
    run = SimpleNamespace(
        manifest={"title": "T", "question": question, "organisations": rows}, has=lambda _: True, story=lambda: story
    )
    assert organisation(run, ["EU", "NATO", "CSTO", "SCO"], moves) == chosen
