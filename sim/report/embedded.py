"""The numbers that the page's script reads: series as steps of whole numbers, names, groups of subjects, events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from sim.calendar import parse_month
from sim.measures import describe
from sim.questions.compare.answer import WHOLE
from sim.report.compact import digits_for, steps
from sim.report.views import View
from sim.results import Run
from sim.results.summary import measure_name, subject_name

MOST = 400_000
"""Numbers in a page, about; beyond, months are thinned to every second, third, sixth or twelfth."""
SIDES = ("bloc_east", "bloc_none", "bloc_west")
LATE = ("cooperation", "trust", "alignment", "strength", *SIDES)
"""Measures that a reader asks for first, in this order."""


def numbers(views: Sequence[View], run: Run) -> dict[str, Any]:
    """Measures with their subjects by group, and the series of every view.

    A series is [digits, first month, months between, row, ...]; see `compact.steps` for a row.
    """
    total = sum(series.rows.size for view in views for series in view.series.values())
    every = next((n for n in (1, 2, 3, 6, 12) if total / n <= MOST), 12)
    about = {info.name: info for info in describe()}
    measures = dict.fromkeys(measure for view in views for measure, _ in view.series)
    order = [m for m in LATE if m in measures] + sorted(m for m in measures if m not in LATE)
    found = []
    for measure in order:
        info = about.get(measure)
        subjects = dict.fromkeys(s for view in views for m, s in view.series if m == measure)
        unit = "share of replicates" if measure in SIDES else info.unit if info else "1"
        found.append(
            {
                "key": measure,
                "name": name_of(measure, run),
                "unit": "" if unit in ("1", "trust", "side") else unit,
                "meaning": f"share of replicates with the state {run.sides.words[measure]}"
                if measure in SIDES
                else run.sides.said(info.meaning)
                if info
                else "",
                "groups": groups_of(list(subjects), run),
            }
        )
    return {"every": every, "measures": found, "views": [_view(view, every, about) for view in views]}


def name_of(measure: str, run: Any) -> str:
    """What a measure is called in a list of them."""
    return f"States {run.sides.words[measure]}" if measure in SIDES else measure_name(measure)


def _view(view: View, every: int, about: Mapping[str, Any]) -> dict[str, Any]:
    coded: dict[str, dict[str, Any]] = {}
    axes: dict[tuple[str, ...], tuple[list[int], Any, int]] = {}
    for (measure, subject), series in view.series.items():
        unit = about[measure].unit if measure in about else "1"
        digits = digits_for(series.rows, unit, difference=view.difference and unit not in WHOLE)
        times = tuple(series.times)
        if times not in axes:
            axes[times] = _axis(times, every)
        keep, months, gap = axes[times]
        rows = [steps(row[keep], digits) for row in series.rows]
        coded.setdefault(measure, {})[subject] = [digits, months, gap, len(keep), *rows]
    return {"name": view.name, "difference": view.difference, "replicates": view.replicates, "series": coded}


def _axis(times: Sequence[str], every: int) -> tuple[list[int], Any, int]:
    """Places to keep, the first month and the gap between months; all months where gaps differ."""
    keep = _kept(times, every)
    months = [parse_month(times[k]) for k in keep]
    gap = months[1] - months[0] if len(months) > 1 else 1
    even = all(b - a == gap for a, b in pairwise(months))
    return keep, months[0] if even else months, gap


def _kept(times: Sequence[str], every: int) -> list[int]:
    """Places of the months to keep: every n-th back from the last, so that the end is always there."""
    if len(times) <= 2 or parse_month(times[1]) - parse_month(times[0]) > 1:
        return list(range(len(times)))
    return list(range((len(times) - 1) % every, len(times), every))


def groups_of(subjects: list[str], run: Any) -> list[dict[str, Any]]:
    """Subjects by kind, each with its name; the kinds in the order in which a reader thinks of them."""
    about = run.manifest
    codes = {kind: [row["code"] for row in about.get(kind) or ()] for kind in ("states", "organisations", "actors")}
    kinds: dict[str, list[str]] = {"Groups": [], "Dyads": [], "States": [], "Others": []}
    groups = [*(about.get("sets") or ()), *codes["organisations"], "world"]
    for subject in sorted(subjects, key=lambda s: (groups.index(s) if s in groups else len(groups), s)):
        kind = (
            "Groups"
            if subject in groups
            else "States"
            if subject in codes["states"]
            else "Dyads"
            if "-" in subject or ">" in subject
            else "Others"
        )
        kinds[kind].append(subject)
    watch = ["-".join(sorted(pair)) for pair in about.get("watch") or ()]
    kinds["Dyads"].sort(key=lambda s: (_place("-".join(sorted(s.replace(">", "-").split("-"))), watch), s))
    return [{"kind": kind, "subjects": [[s, _subject(s, run)] for s in found]} for kind, found in kinds.items() if found]


def _place(pair: str, watch: list[str]) -> int:
    return watch.index(pair) if pair in watch else len(watch)


def _subject(subject: str, run: Run) -> str:
    return "all states" if subject == "world" else subject_name(subject, run.name)
