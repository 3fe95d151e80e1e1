"""The tables of main numbers: a run's series from start to end, or a comparison's differences at the last month."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from sim.plots.sheet.text import MINUS, number
from sim.questions.compare import Comparison, Difference
from sim.questions.compare.answer import WHOLE, shares
from sim.questions.compare.selection import unlike
from sim.report import svg
from sim.report.views import FEW, Series, View
from sim.results import Run
from sim.results.summary import subject_name
from sim.wording import not_nothing

STATES = 10
"""States whose alignment a comparison shows: those that differ most."""
Rows = list[tuple[str, str, str]]


def of_run(run: Run, view: View) -> list[dict[str, Any]]:
    """Sections of rows: label, start, end, band, change and a small fan."""
    found = {(row.measure, row.subject): row for row in run.summary_rows()}
    sections = []
    for title, rows in _sections(run):
        shown = [
            (label, found[measure, s], view.series[measure, s])
            for label, measure, s in rows
            if (measure, s) in found and (measure, s) in view.series
        ]
        if not shown:
            continue
        digits = 0 if shown[0][1].unit in WHOLE else 3
        least = max((_span(series) for _, _, series in shown), default=0.0) / 4
        lines = []
        for label, row, series in shown:
            band = f"{number(row.end[1], digits)} to {number(row.end[2], digits)}"
            plain = math.isfinite(row.end[0])
            lines.append(
                {
                    "label": label,
                    "start": number(row.start[0], digits) if math.isfinite(row.start[0]) else "–",
                    "end": number(row.end[0], digits) if plain else "–",
                    "band": band if plain and view.replicates >= FEW else "",
                    "change": number(row.change[0], digits, signed=True) if math.isfinite(row.change[0]) else "–",
                    "fan": svg.fan(series.rows, least),
                }
            )
        sections.append({"title": title, "rows": lines})
    return sections


def _span(series: Series) -> float:
    """From the lowest to the highest value of a series."""
    known = series.rows[np.isfinite(series.rows)]
    return float(np.ptp(known)) if known.size else 0.0


def of_comparison(c: Comparison, chosen: Difference) -> list[dict[str, Any]]:
    """Sections of rows: label, median, interval, share of pairs and the interval drawn; every section on one scale."""
    have = {(d.measure, d.subject): d for d in c.differences}
    states = sorted(
        (d for d in c.differences if d.measure == "alignment" and d.differs[-1]),
        key=lambda d: (-abs(float(d.mean[-1])), d.subject),
    )[:STATES]
    sections = [*_sections(c.a)]
    if states:
        ends = f"{c.a.sides.east} +1, {c.a.sides.west} \N{MINUS SIGN}1"
        title = f"Alignment, the {len(states)} states that differ most ({ends})"
        sections.append((title, [(c.a.name.one(d.subject), "alignment", d.subject) for d in states]))
    asked = (subject_name(chosen.subject, c.a.name), chosen.measure, chosen.subject)
    if not any(row[1:] == asked[1:] for _, rows in sections for row in rows):
        sections.insert(0, (f"Also: {chosen.measure.replace('_', ' ')}", [asked]))
    other, done = unlike(c), []
    for title, rows in sections:
        shown = [(label, have[measure, s]) for label, measure, s in rows if (measure, s) in have]
        still = [label for label, d in shown if c.paired and d.effect.same == 1]
        shown = [(label, d) for label, d in shown if label not in still]
        ends = [d.pairs for _, d in shown if np.isfinite(d.pairs).all()]
        if not ends and not still:
            continue
        low, high = min([0.0, *(float(e[0]) for e in ends)]), max([0.0, *(float(e[-1]) for e in ends)])
        lines = [_difference(c, label, d, low, high) | {"unlike": d.subject in other} for label, d in shown]
        done.append({"title": title, "rows": lines, "still": len(still)})
    return done


def _difference(c: Comparison, label: str, d: Difference, low: float, high: float) -> dict[str, Any]:
    effect, digits = d.effect, 0 if d.unit in WHOLE else 3
    known = math.isfinite(effect.mean)
    sure = known and not (c.paired and c.replicates < FEW)
    return {
        "label": label,
        "mean": not_nothing(effect.mean, digits, minus=MINUS) if known else "–",
        "interval": " to ".join(not_nothing(x, digits, minus=MINUS) for x in (effect.low, effect.high)) if sure else "",
        "pairs": shares(d) if known else "no value",
        "drawn": svg.interval(d.pairs.tolist(), low, high) if known else "",
    }


def _sections(run: Run) -> Iterator[tuple[str, Rows]]:
    """(title, [(label, measure, subject)])."""
    about, name = run.manifest, run.name
    sizes = about.get("sets") or {}
    organisations = [row["code"] for row in about.get("organisations") or () if row["code"] not in sizes]
    groups = [*sizes, *organisations, "world"]
    labels = {group: f"{subject_name(group, name)} ({len(states)} states)" for group, states in sizes.items()}
    labels["world"] = "all states"
    pairs = ["-".join(sorted(pair)) for pair in about.get("watch") or ()]
    shown = [(labels.get(s) or subject_name(s, name), "cooperation", s) for s in groups]
    yield "Mutual cooperation of groups, share of the last twelve months", shown
    yield "Mutual cooperation of dyads, share of the last twelve months", _named("cooperation", pairs, run)
    directed = [f"{a}>{b}" for pair in about.get("watch") or () for a, b in (pair, pair[::-1])]
    yield "Trust of one state in another, \N{MINUS SIGN}1 to 1", _named("trust", directed, run)
    yield "Fighters", _named("strength", [row["code"] for row in about.get("actors") or ()], run)


def _named(measure: str, subjects: Sequence[str], run: Run) -> Rows:
    return [(subject_name(s, run.name), measure, s) for s in subjects]
