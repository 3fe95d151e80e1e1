"""Every verb that is asked the same question says the same: the sign, the mean and its interval.

Every shipped scenario that names a baseline, against it: terminal, report, the tables of the comparison, and `ablate`.
"""

from __future__ import annotations

import csv
import json
from html.parser import HTMLParser

import pytest

from sim import resources
from sim.questions.ablate import ablate
from sim.questions.compare import compare
from sim.questions.compare.answer import digits_for
from sim.questions.compare.selection import headline
from sim.questions.explain import explain
from sim.results import find
from sim.scenario import names, read
from sim.wording import number
from tests.cli.command import call

QUICK = ("replicates=24", "plots=false")
SCENARIOS = [name for name in names(None) if read(name).baseline not in (None, name)]
"""Those that say what they are to be compared with."""


def test_there_are_scenarios_to_ask_about():
    assert len(SCENARIOS) >= 10 and resources.scenarios().is_dir()


class Text(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.parts = []
        self.feed(page)

    def handle_data(self, data):
        self.parts.append(data)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("agree")


@pytest.mark.slow
@pytest.mark.parametrize("name", SCENARIOS)
def test_terminal_report_tables_and_ablation_agree(name, place):
    baseline = read(name).baseline
    about = json.loads(call("compare", name, baseline, "--json", "report=false", *QUICK, cwd=place).stdout)
    done = call("compare", name, baseline, *QUICK, cwd=place)
    assert done.returncode == 0, done.stderr
    (pair,) = about["pairs"]
    effect = pair["effect"]
    measure, _, subject = pair["measure"].partition(":")
    c = compare(*about["runs"])
    chosen = headline(c)
    d, digits = chosen.difference, digits_for(chosen.difference)
    assert (d.measure, d.subject) == (measure, subject)
    assert effect["mean"] == d.effect.mean and pair["direction"] == chosen.direction

    said = " ".join(done.stdout.split())
    assert pair["answer"] in said
    if not pair["same"] and effect["same"] < 1:
        assert number(abs(effect["mean"]), digits) in pair["answer"] or "points" in pair["answer"]
    if chosen.direction and "points" not in pair["answer"]:
        assert f" {chosen.direction} in {name} than in {baseline}" in pair["answer"]
        ends = sorted((abs(effect["low"]), abs(effect["high"])))
        assert f"{number(ends[0], digits)} to {number(ends[1], digits)}" in pair["answer"]
        assert (effect["mean"] > 0) == (chosen.direction == "higher") and effect["low"] * effect["high"] > 0

    folder = place / "results" / "compare" / f"{name}__vs__{baseline}"
    page = " ".join("".join(Text((folder / "report.html").read_text("utf-8")).parts).split())
    assert pair["answer"] in page.replace("\N{MINUS SIGN}", "-").replace("\N{NO-BREAK SPACE}", " ")
    with (folder / "effects.csv").open(newline="", encoding="utf-8") as file:
        rows = {(row["measure"], row["subject"]): row for row in csv.DictReader(file)}
    row = rows[measure, subject]
    for key, column in (("mean", "mean"), ("low", "low"), ("high", "high"), ("above", "higher"), ("below", "lower")):
        assert float(row[column]) == pytest.approx(effect[key], rel=1e-12, abs=1e-15)
    minus = f"{name} minus {baseline}"
    with (folder / "differences.csv").open(newline="", encoding="utf-8") as file:
        monthly = [
            row
            for row in csv.DictReader(file)
            if (row["scenario"], row["variable"], row["region"]) == (minus, measure, subject.replace("world", "World"))
        ]
    months = {f"{row['time'][:7]}": float(row["value"]) for row in monthly}
    assert len(months) > 12
    within = [value for time, value in months.items() if _month_before(time) >= effect["from"]]
    assert sum(within) / len(within) == pytest.approx(effect["mean"], abs=2e-9)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ("cooperation:CHN-RUS", {}),
        ("cooperation:CHN-RUS", {"over": "2018-2025"}),
        ("cooperation:CHN-RUS", {"at": "2025-12"}),
        ("trust:IND>PAK", {}),
    ],
)
def test_compare_ablate_and_explain_agree_on_one_event(measure, words, place):
    event = "india_joins_sco"
    changes = f"~scenario.events.{event}"
    for name, more in (("with", ()), ("without", (changes,))):
        folder = place / name
        done = call("run", "scenario=sco_expansion", *QUICK, "report=false", f"results={folder}", *more, cwd=place)
        assert done.returncode == 0, done.stderr
    runs = [find("sco_expansion", place / name) for name in ("with", "without")]
    compared = compare(*runs, **words).of(*measure.split(":")).effect
    ablation = ablate("sco_expansion", measure=measure, replicates=24, workers=1, **words)
    ablated = ablation.effect(event)
    for key in ("mean", "low", "high", "error", "above", "below"):
        assert getattr(ablated, key) == pytest.approx(getattr(compared, key), rel=1e-9, abs=1e-12), key
    assert ablated.direction() == compared.direction()
    if measure.startswith("trust"):
        found = explain(*runs, dyad=("IND", "PAK"))
        assert found.effects[0] == compared
        assert found.end[0] == pytest.approx(compared.mean, abs=1e-12)


def _month_before(time):
    year, month = int(time[:4]), int(time[5:7])
    return f"{year - (month == 1):04d}-{(month - 2) % 12 + 1:02d}"
