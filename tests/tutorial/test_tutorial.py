"""The tutorial runs as it stands and prints what it says it prints."""

from __future__ import annotations

import re

import pytest

from tests.tutorial.page import PAGE, carried_out


def anonymous(text: str) -> str:
    """Without the digits that tell a changed run from others: they are of its digest, which any change of the code moves."""
    return re.sub(r"(?<=[a-z])-[0-9a-f]{6}\b", "-......", text)


@pytest.mark.slow
def test_the_tutorial_prints_what_it_says(tmp_path, monkeypatch):
    """Where a number moved and the change is meant: python -m tests.tutorial.rewrite, then read what the words say."""
    monkeypatch.chdir(tmp_path)
    count = 0
    for block, printed in carried_out(PAGE.read_text(encoding="utf-8")):
        assert anonymous(printed) == anonymous(block["printed"] or ""), block["code"]
        count += 1
    assert count >= 8
    assert (tmp_path / "accession.png").stat().st_size > 10_000
