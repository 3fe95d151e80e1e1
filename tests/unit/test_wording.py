"""How numbers and shares are said: one function for each, in summaries, answers, pictures and reports."""

from __future__ import annotations

import pytest

from sim.cli import summary
from sim.plots.sheet import text
from sim.questions.compare import answer as answers
from sim.wording import capital, number, percent, signed, with_article, within_sentence


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.0, "0 %"), (0.004, "<1 %"), (0.05, "5 %"), (0.5, "50 %"), (0.993, ">99 %"), (0.999, ">99 %"), (1.0, "100 %")],
)
def test_a_percentage_claims_no_certainty_it_does_not_have(share: float, said: str) -> None:
    assert percent(share) == said


def test_summary_answer_and_picture_say_percentages_with_the_same_function() -> None:
    assert summary.percent is text.percent is answers.percent is percent


@pytest.mark.parametrize(
    ("value", "digits", "said"),
    [(0.0004, 3, "0.000"), (-0.0004, 3, "0.000"), (0.009, 3, "0.009"), (12345.6, 0, "12,346"), (float("nan"), 3, "-")],
)
def test_a_number_has_no_sign_on_a_zero(value: float, digits: int, said: str) -> None:
    assert number(value, digits) == said


def test_a_change_has_its_sign() -> None:
    assert [signed(0.009), signed(-0.009), signed(-0.0001), number(-1.5, 1, minus="−")] == [
        "+0.009",
        "-0.009",
        "0.000",
        "−1.5",
    ]


def test_an_acronym_stays_one_inside_a_sentence() -> None:
    assert [within_sentence("SCO members"), within_sentence("Eurasian trust"), capital("trust in NATO")] == [
        "SCO members",
        "eurasian trust",
        "Trust in NATO",
    ]
    assert [with_article("United States"), with_article("China")] == ["the United States", "China"]
