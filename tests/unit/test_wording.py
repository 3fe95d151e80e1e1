"""How a percentage is said: one function, for summaries, answers, pictures and reports."""

from __future__ import annotations

import pytest

from sim.cli import summary
from sim.plots.sheet import text
from sim.questions.compare import wording as answers
from sim.wording import percent


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.0, "0 %"), (0.004, "<1 %"), (0.05, "5 %"), (0.5, "50 %"), (0.993, ">99 %"), (0.999, ">99 %"), (1.0, "100 %")],
)
def test_a_percentage_claims_no_certainty_it_does_not_have(share: float, said: str) -> None:
    assert percent(share) == said


def test_summary_answer_and_picture_say_percentages_with_the_same_function() -> None:
    assert summary.percent is text.percent is answers.percent is percent
