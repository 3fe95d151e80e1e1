"""The tutorial runs as it stands and prints what it says it prints."""

from __future__ import annotations

import pytest

from tests.tutorial.page import PAGE, carried_out


@pytest.mark.slow
def test_the_tutorial_prints_what_it_says(tmp_path, monkeypatch):
    """Where a number moved and the change is meant: python -m tests.tutorial.rewrite, then read what the words say."""
    monkeypatch.chdir(tmp_path)
    count = 0
    for block, printed in carried_out(PAGE.read_text(encoding="utf-8")):
        assert printed == (block["printed"] or ""), block["code"]
        count += 1
    assert count >= 8
    assert (tmp_path / "accession.png").stat().st_size > 10_000
