"""Control characters of others become visible, and only they."""

import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.problems import Position, Problem
from sim.visible import visible, visible_but_styles, visible_json

HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")


def test_examples():
    assert visible("a\x1b[2J\u202eb\u200bc\n\x9b\U000e0041") == r"a\x1b[2J\u202eb\u200bc\n\x9b\U000e0041"
    assert visible("a\nb", keep="\n") == "a\nb"
    assert visible("Индия é 中国 – 🦊 \xa0") == "Индия é 中国 – 🦊 \xa0"


@given(st.text())
def test_nothing_hidden_is_left(text):
    assert not any(unicodedata.category(char) in HIDDEN for char in visible(text))
    shown = visible_json(json.dumps(text, ensure_ascii=False))
    assert not any(unicodedata.category(char) in HIDDEN for char in shown)
    assert json.loads(shown) == text


def test_our_own_styles_stay():
    assert visible_but_styles("\x1b[1mA\x1b[2Jb\x1b[0m") == "\x1b[1mA\\x1b[2Jb\x1b[0m"


def test_a_problem_is_one_visible_line():
    problem = Problem(Position("a\x1b.yaml", 1, 2), ("events", "x\u202e"), "quoted\nanother: line")
    assert str(problem) == r"a\x1b.yaml:1:2: events.x\u202e: quoted\nanother: line"
