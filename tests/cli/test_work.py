"""`work`: a page, refused with one clear sentence where there can be none."""

from __future__ import annotations

import json

import pytest

from tests.cli.command import sim


def test_it_writes_a_page_and_says_where(tmp_path):
    done = sim("work", "baseline", "--no-open", cwd=tmp_path)
    assert done.returncode == 0 and done.stdout.splitlines()[-1] == "baseline.work.html"
    text = (tmp_path / "baseline.work.html").read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>") and "Workbench" in text


def test_json_names_the_page_and_both_stories(tmp_path):
    done = sim("work", "no_expansion", "--json", "--out", "page.html", cwd=tmp_path)
    told = json.loads(done.stdout)
    assert told["scenario"] == "no_expansion" and told["against"] == "sco_expansion"
    assert (tmp_path / "page.html").is_file()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["sco_expansoin"], "did you mean"),
        ([], "name a scenario"),
        (["baseline", "--site", "there"], "name a scenario"),
        (["baseline", "--against", "europe_1936"], "they have other states"),
        (["baseline", "--replicates", "3"], "give 8 to 1000"),
        (["baseline", "--out", "no/such/folder/page.html"], "cannot write"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_nothing_is_written(words, said, tmp_path):
    done = sim("work", *words, cwd=tmp_path)
    assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
