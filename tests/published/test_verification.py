"""The verification table (section 7 of the model's specification): every row must pass at full size.

Citation, setting and the derivation of the tolerance are in the docstring of the row's function under sim/verification/.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import numpy as np
import pytest

from sim import verification
from sim.cli.main import main
from sim.landscape.model import landscape
from sim.verification import balance, page, printed
from sim.verification.row import Claim, Row
from sim.verification.worlds import after, bare_rules, bare_world
from sim.world import VARIABLES

ROWS = verification.rows()
PAGE = Path(__file__).resolve().parents[2] / "docs" / "verification.md"


@cache
def result(name):
    return verification.carry_out(verification.get(name), verification.Effort(data=verification.data_folder()))


@pytest.mark.parametrize("name", [pytest.param(r.id, marks=[pytest.mark.slow] if r.long else []) for r in ROWS])
def test_row(name):
    found = result(name)
    if found.verdict == verification.SKIPPED:
        pytest.skip(found.reason)
    pairs = zip(found.row.claims, found.obtained, found.verdicts, strict=True)
    wrong = [f"{c.what}: expected {c.expected} within {c.tolerance}, got {value}" for c, value, v in pairs if v != "pass"]
    assert not wrong, "; ".join(wrong)


def test_all_rows_are_there():
    assert [row.id for row in ROWS] == [f"V{k}" for k in range(1, 22)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_says_what_it_is(row):
    """A citation with a year or a derivation, a setting, a tolerance; names of values that fit the table."""
    assert re.search(r"\b(19|20)\d\d\b", row.section("Source")) or "erived" in row.section("Source")
    assert row.section("Setting") and row.section("Tolerance")
    assert row.title.endswith(".") and row.claims
    assert all(len(claim.what) <= 34 for claim in row.claims)


def test_the_page_is_not_stale():
    assert PAGE.is_file(), "write it with: python -m sim verify --write docs/verification.md"
    assert page.stale(PAGE.read_text(encoding="utf-8"), ROWS) == []


def _row(**changes):
    def obtain(effort):
        """A thing.

        Source: Somebody (2001).
        Setting: none.
        Tolerance: some.
        """
        return [changes.get("value", 1.0)]

    return Row("V1", obtain, (Claim("one", changes.get("expected", 1.0), changes.get("tolerance", 0.01)),))


def test_the_page_tells_when_it_is_stale():
    text = page.of_results([verification.carry_out(_row(), verification.Effort())])
    assert page.stale(text, [_row()]) == []
    assert page.stale(text.replace("| 1 | 1 |", "| 1 | 1.005 |"), [_row()]) == []  # another processor
    assert page.stale(text.replace("| 1 | 1 |", "| 1 | 1.5 |"), [_row()])
    assert page.stale(text, [_row(expected=1.001)])
    assert page.stale(text, [_row(tolerance=0.02)])
    assert page.stale(text.replace("(2001)", "(2002)"), [_row()])
    assert page.stale(text, [_row(), Row("V2", _row().obtain, _row().claims)])


@pytest.mark.parametrize("value", [1.02, float("nan"), float("inf"), "1"])
def test_a_wrong_value_fails(value):
    assert verification.carry_out(_row(value=value), verification.Effort()).verdict == verification.FAIL


def test_a_wrong_mechanism_fails():
    """The rows would see a mistake: balance by the wrong product, a step too large, a term left on."""
    row = verification.get("V1")
    for wrong in ({"balance_step": "euler"}, {"reversion": 0.01}, {"balance_product": "square", "balance_step": "euler"}):
        mistaken = replace(row, obtain=partial(balance.exact_map, trust={**balance.EXACT, **wrong}))
        assert verification.carry_out(mistaken, verification.Effort(quick=True)).verdict == "FAIL"


def test_without_data_a_row_is_skipped_with_the_reason(tmp_path, monkeypatch):
    for folder in (None, tmp_path):
        found = verification.carry_out(verification.get("V9"), verification.Effort(data=folder))
        assert found.verdict == "skipped" and "licence" in found.reason


def test_the_command_prints_the_table(capsys):
    assert main(["verify", "--only", "v18, V16,V8", "--quick"]) == 0
    out = capsys.readouterr().out
    assert all(len(line) <= 80 for line in out.splitlines())
    assert re.search(r"^V18 +signed modularity +0\.5 +0\.5 +1\.0e-12 +pass$", out, re.MULTILINE)
    assert out.index("V8 ") < out.index("V16") < out.index("V18") and "3 of 3 rows pass" in out


def test_the_command_gives_json(capsys):
    assert main(["verify", "--only", "V16,V17", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["ok"] and not found["failed"] and [row["id"] for row in found["rows"]] == ["V16", "V17"]
    claim = found["rows"][0]["claims"][3]
    assert claim["expected"] == pytest.approx(2 / 3) and claim["verdict"] == "pass"
    assert abs(claim["obtained"] - claim["expected"]) <= claim["tolerance"]


def test_a_failing_row_gives_exit_status_1(capsys, monkeypatch):
    monkeypatch.setattr(verification, "rows", lambda: [_row(value=2.0)])
    assert main(["verify"]) == 1
    assert "V1 FAILS" in capsys.readouterr().out
    assert main(["verify", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["failed"] == ["V1"]


@pytest.mark.parametrize(
    "words, part",
    [
        (["--only", "V5,V99"], "no row V99"),
        (["--only", ","], "names no row"),
        (["--quick", "--write", "x.md"], "whole table"),
        (["--data", "/nowhere"], "no folder /nowhere"),
    ],
)
def test_bad_words_get_one_message(words, part, capsys):
    assert main(["verify", *words]) == 2
    assert part in capsys.readouterr().err


def test_a_bare_world_is_neutral():
    world = bare_world(3, 2, organisations=("O",), trust=0.5 * np.ones((3, 3)))
    assert set(world.arrays) == set(VARIABLES)
    assert world.trust.shape == (2, 3, 3) and world.membership.shape == (2, 3, 1)
    assert not world.conflict.any() and world.capability.sum(-1) == pytest.approx(1)
    with pytest.raises(KeyError, match="no array trusts"):
        bare_world(3, trusts=0)


def test_bare_rules_keep_to_the_bounds_of_a_scenario():
    with pytest.raises(ValueError, match=r"parameters\.trust\.gain"):
        bare_rules(bare_world(3), {"trust": {"gain": 2.0}})
    with pytest.raises(KeyError, match="no mechanism"):
        bare_rules(bare_world(3), {"trusts": {}})
    with pytest.raises(ValueError, match=r"parameters\.trust has no 'gains'"):
        bare_rules(bare_world(3), {"trust": {"gains": 0.1}})
    assert after(bare_world(3), {"trust": {"noise": 0.0, "reversion": 0.0}}, 3).trust.any() == np.False_


def test_printed_tables_add_up():
    """Axelrod and Bennett (1993), Tables 1 and 2: nine firms, seventeen nations."""
    assert len(printed.UNIX) == 9 and sum(size for size, *_ in printed.UNIX.values()) == pytest.approx(123.7)
    assert len(printed.NATIONS_1936) == 17
    assert landscape([1, 1], [[0, 1], [1, 0]]).energies[0] == 0
