"""The report as a file: what it says is checked, what scenarios say is escaped, and nothing is loaded."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from sim import report
from sim.results import open_run
from tests.unit.plots import runs
from tests.unit.report import made

VOID = {"meta", "input", "img", "br", "link"}


class Page(HTMLParser):
    """Elements with their attributes, the text of scripts and styles, and the text that a reader sees."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements, self.inline, self.seen, self._inside = [], {"script": [], "style": []}, [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self._inside.append(tag)
        if tag in self.inline:
            self.inline[tag].append("")

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data):
        if self._inside and self._inside[-1] in self.inline:
            self.inline[self._inside[-1]][-1] += data
        else:
            self.seen.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.seen).replace("\u00a0", " ").split())

    def data(self) -> dict:
        at = [attributes for tag, attributes in self.elements if tag == "script"]
        return json.loads(self.inline["script"][[a.get("id") for a in at].index("data")])


@pytest.fixture(scope="module")
def usual(tmp_path_factory) -> Path:
    return made.usual(tmp_path_factory.mktemp("usual"))


@pytest.fixture(scope="module")
def comparison(tmp_path_factory) -> Path:
    return made.compared(tmp_path_factory.mktemp("compared"))


@pytest.fixture(scope="module")
def page(usual) -> Page:
    return Page(report.write(usual).read_text("utf-8"))


def test_the_same_folder_gives_the_same_bytes_and_stays_a_whole_run(usual, tmp_path):
    one, two = report.write(usual), report.write(usual, tmp_path / "again.html")
    assert one == usual / "report.html"
    assert one.read_bytes() == two.read_bytes()
    assert [path.name for path in usual.glob(".*")] == [".entente"]
    open_run(usual).verify()  # the manifest was written before and does not list it
    assert "report.html" not in open_run(usual).manifest["files"]


def test_the_policy_allows_what_is_inline_and_nothing_else(page):
    policies = [a["content"] for tag, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"]
    assert len(policies) == 1
    rules = dict(rule.strip().split(" ", 1) for rule in policies[0].split(";"))
    assert rules.pop("default-src") == "'none'"
    assert rules.pop("base-uri") == rules.pop("form-action") == "'none'"
    kinds = [a.get("type") for tag, a in page.elements if tag == "script"]
    running = [text for text, kind in zip(page.inline["script"], kinds, strict=True) if kind is None]
    for rule, texts in (("script-src", running), ("style-src", page.inline["style"])):
        wanted = {f"'sha256-{base64.b64encode(hashlib.sha256(t.encode()).digest()).decode()}'" for t in texts}
        assert set(rules.pop(rule).split()) == wanted
    assert rules == {}
    assert set(kinds) == {None, "application/json"}


def loading(elements) -> list:
    """Whatever would be fetched, run or styled from an attribute."""
    found = []
    for tag, attributes in elements:
        bad = [
            name for name in attributes if name.startswith("on") or name in ("style", "src", "srcset", "data", "background")
        ]
        if tag in ("img", "iframe", "object", "embed", "link", "base", "form", "image", "use", "foreignobject"):
            bad.append(tag)
        if not re.match(r"(https?://|#)", attributes.get("href", "#")):
            bad.append(attributes["href"])
        found += bad
    return found


def test_nothing_is_loaded(page, comparison):
    assert loading(page.elements) == []
    assert loading(Page(report.write(comparison).read_text("utf-8")).elements) == []


def test_what_would_be_loaded_is_seen():
    """The test of the test."""
    bad = '<img src=x><a href="javascript:x">a</a><p style="color:red" onclick=x>'
    assert loading(Page(bad).elements) == ["src", "img", "javascript:x", "style", "onclick"]


def test_texts_of_a_scenario_are_text(tmp_path):
    text = report.write(made.attacked(tmp_path)).read_text("utf-8")
    attacked = Page(text)
    assert loading(attacked.elements) == []
    assert [tag for tag, _ in attacked.elements].count("script") == 3  # the numbers, uPlot, the page's own
    assert attacked.text.count(made.ATTACK) >= 6  # title, question, description, limit, event, note, source
    names = [name for one in attacked.data()["measures"] for group in one["groups"] for _, name in group["subjects"]]
    assert made.NAME in names
    assert any(event["title"] == made.ATTACK for event in attacked.data()["events"])
    links = [a["href"] for tag, a in attacked.elements if tag == "a" and not a["href"].startswith("#")]
    assert links == ["https://example.org/a?b=1&c="]


def test_a_run_says_its_question_events_parameters_limits_and_how_to_make_it_again(page, usual):
    about = open_run(usual).manifest
    said = ["seed=1", "India joins the SCO", "9 June 2017", "imposed", "trust.gain"]
    for words in (about["question"], about["digest"], *about["limits"], *about["sources"].values(), *said):
        assert words in page.text, words


def test_findings_are_the_numbers_of_the_run(page, usual):
    run = open_run(usual)
    values = run.series("cooperation", "eight")[1]
    start, end = np.median(values[:, 0]), np.median(values[:, -1])
    low, high = np.quantile(values[:, -1], (0.05, 0.95))
    said = f"Cooperation of the eight goes from {start:.2f} to {end:.2f} [{low:.2f}, {high:.2f}] at the end of December 2025"
    assert said in page.text
    higher = (values[:, -1] > values[:, 0]).mean()
    assert f"; it ends higher in {100 * higher:.0f} % of replicates" in page.text


def test_the_answer_of_a_comparison_is_the_comparison_s_own(comparison):
    from sim.questions.compare import open_comparison
    from sim.questions.compare.answer import answer
    from sim.questions.compare.selection import headline
    from sim.report.findings import typeset

    c = open_comparison(comparison)[0]
    text = Page(report.write(comparison).read_text("utf-8")).text
    assert typeset(answer(c, headline(c))).replace("\u00a0", " ") in text
    assert "only in first" in text
    assert "python -m sim compare first second" in text


def test_a_comparison_has_one_question_that_of_the_counterfactual():
    from sim.report.content import question_of

    story, other, third = (
        SimpleNamespace(manifest={"scenario": name, "baseline": base, "question": asked})
        for name, base, asked in (
            ("story", "base", "What happens?"),
            ("without", "story", "What did it do?"),
            ("base", None, ""),
        )
    )
    assert question_of([story, other]) == question_of([other, story]) == "What did it do?"
    assert question_of([story, third]) == "What happens?"
    assert question_of([third, third]) == ""
    assert question_of([third, other]) == "What did it do?"  # neither is the other's baseline: the first that asks


def test_embedded_numbers_are_the_run_s(page, usual):
    data, run = page.data(), open_run(usual)
    digits, first, gap, count, *rows = data["views"][0]["series"]["trust"]["CHN>IND"]
    values = run.series("trust", "CHN>IND")[1]
    assert (first, gap, count, len(rows)) == (2015 * 12, 1, values.shape[1], 5)
    assert np.allclose(np.cumsum(rows[2]) / 10**digits, np.median(values, axis=0), atol=0.51 * 10**-digits)
    shown, ledger = data["ledgers"][0], run.ledger()
    terms = np.array([account["terms"] for account in shown["accounts"]]).sum(axis=0) / 10_000
    assert np.allclose(terms, ledger.trust[-1] - ledger.trust[0], atol=1e-3)


@pytest.mark.parametrize("name", [name for name in runs.CASES if name not in ("usual", "thousand")])
def test_every_extreme_has_a_report(name, tmp_path):
    file = report.write(runs.case(name, tmp_path))
    assert file.stat().st_size < 1_500_000
    assert loading(Page(file.read_text("utf-8")).elements) == []


def test_the_size_of_a_report_does_not_depend_on_the_replicates(tmp_path):
    file = report.write(runs.write(tmp_path, 200))
    assert file.stat().st_size < 1_000_000


def test_it_needs_neither_matplotlib_nor_pandas(usual, tmp_path):
    code = (
        "import sys\nfrom sim import report\n"
        f"report.write({str(usual)!r}, {str(tmp_path / 'r.html')!r})\n"
        "print([m for m in ('matplotlib', 'pandas', 'mesa', 'hydra') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_folder_that_is_neither_is_refused(tmp_path):
    from sim.results import ResultsError

    with pytest.raises(ResultsError, match=r"holds no run: it has no manifest.json. python -m sim list runs") as told:
        report.write(tmp_path)
    assert "delete" not in str(told.value)
    assert not list(tmp_path.iterdir())
