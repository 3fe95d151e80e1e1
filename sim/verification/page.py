"""docs/verification.md, written from the rows and what they obtained.

The page holds nothing but what the rows say and what a full run gave. It is stale when a row, a citation, a setting, an
expected value or a tolerance is another, or when an obtained value on it no longer meets its claim; another processor's
last digits do not make it stale.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence

from sim.verification.row import FAIL, PASS, SKIPPED, Claim, Result, Row, shown

HEAD = """# Verification

Written by `python -m sim verify --write docs/verification.md`; do not edit.

Each row switches the rest of the model off, through ordinary parameters and schedules, and compares what is left with a
published or derived result. The engine runs its own mechanisms: nothing is computed a second time for the check, but for
the closed form it is held against. Basis: **P** published, **X** derived in closed form. A tolerance of 0 means exactly
equal. Where it comes from sampling error, the row says how. Repeat it with `python -m sim verify`.

A row that passes says that the code does what its equations say. It does not say that the equations describe the world.
"""
_NOTHING = "-"


def page(rows: Sequence[Row], obtained: Mapping[str, Sequence[str]]) -> str:
    """The text of the page.

    Args:
        rows: of the table.
        obtained: values as they are shown, by the row's id; a row without any was skipped.
    """
    parts = [HEAD, "| id | what | values | verdict |\n|" + " --- |" * 4]
    for row in rows:
        verdicts = _verdicts(row, obtained)
        parts.append(f"| [{row.id}](#{row.id.lower()}) | {_cell(row.title)} | {len(row.claims)} | {_overall(verdicts)} |")
    for row in rows:
        parts.append(f"\n## {row.id}\n\n{row.title}\n")
        parts += [f"- **{name}**: {row.section(name)}" for name in ("Source", "Setting", "Tolerance")]
        parts.append("\n| value | basis | expected | obtained | tolerance | verdict |\n|" + " --- |" * 6)
        values = obtained.get(row.id) or [_NOTHING] * len(row.claims)
        for claim, value, verdict in zip(row.claims, values, _verdicts(row, obtained), strict=True):
            cells = (claim.what, claim.basis, shown(claim.expected), value, shown(claim.tolerance), verdict)
            parts.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    return "\n".join(parts) + "\n"


def of_results(results: Sequence[Result]) -> str:
    """The page for a run of the table."""
    return page([r.row for r in results], {r.row.id: [shown(value) for value in r.obtained] for r in results})


def obtained_on(text: str) -> dict[str, list[str]]:
    """The obtained values that a page shows, by the row's id; none for a row that was skipped."""
    found = {}
    for section in text.split("\n## ")[1:]:
        lines = [re.split(r"(?<!\\)\|", line)[1:-1] for line in section.splitlines() if line.startswith("|")][2:]
        values = [cells[3].strip().replace("\\|", "|") for cells in lines if len(cells) == 6]
        found[section.splitlines()[0].strip()] = [] if set(values) == {_NOTHING} else values
    return found


def stale(text: str, rows: Sequence[Row]) -> list[str]:
    """What is wrong with a page as it was written, a line each: differences from the rows, and values that fail."""
    obtained = obtained_on(text)
    for row in rows:
        if len(obtained.get(row.id, [])) not in (0, len(row.claims)):
            return [f"{row.id} has {len(row.claims)} values, and the page {len(obtained[row.id])}"]
    lines = difflib.unified_diff(text.splitlines(), page(rows, obtained).splitlines(), n=0, lineterm="")
    wrong = [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    return wrong + [f"{row.id} fails on the page" for row in rows if FAIL in _verdicts(row, obtained)]


def _verdicts(row: Row, obtained: Mapping[str, Sequence[str]]) -> list[str]:
    values = obtained.get(row.id)
    if not values:
        return [SKIPPED] * len(row.claims)
    pairs = zip(row.claims, values, strict=True)
    return [PASS if claim.met(_read(claim, value), rounded=True) else FAIL for claim, value in pairs]


def _read(claim: Claim, value: str) -> float | str:
    if isinstance(claim.expected, str):
        return value
    try:
        return float(value)
    except ValueError:
        return float("nan")


def _overall(verdicts: Sequence[str]) -> str:
    return FAIL if FAIL in verdicts else verdicts[0]


def _cell(text: str) -> str:
    return str(text).replace("|", "\\|")
