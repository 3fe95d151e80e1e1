"""Everything that a report says, gathered from the folders: plain data for the template."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.calendar import parse_month
from sim.hindcast.record import sentence
from sim.questions.compare import Comparison, Difference, open_comparison
from sim.questions.compare.answer import phrase
from sim.questions.compare.selection import headlines
from sim.questions.compare.writing import is_comparison, manifest_of
from sim.report import atlas, embedded, findings, headline, ledger, numbers, tables, timeline, trust, views
from sim.report.citations import Citations, linked
from sim.report.colours import ALIGNMENT, TOWARD
from sim.report.reproduction import recipe
from sim.report.views import View
from sim.results import Run, open_run
from sim.results.foremost import foremost, left_out
from sim.results.summary import subject_name
from sim.wording import capital, date

Named = Sequence[tuple[str, Run]]


def gather(folder: Path) -> dict[str, Any]:
    """What the report of a run or a comparison says.

    Raises:
        sim.results.ResultsError: the folder is neither.
    """
    if is_comparison(folder):
        return _of_comparison(open_comparison(folder), manifest_of(folder))
    return _of_run(open_run(folder))


def _of_run(run: Run) -> dict[str, Any]:
    about, name = run.manifest, run.manifest["scenario"]
    view = views.of_run(run)
    start, end = date(about["start"]), date(about["end"])
    baseline = about.get("baseline")
    return _shared([(name, run)], [view], trust.of_run(view, start, end), _default(run, view)) | {
        "kind": "run",
        "title": about.get("title") or name,
        "question": about.get("question") or "",
        "description": about.get("description") or "",
        "findings": [findings.typeset(sentence) for sentence in findings.of_run(run, view)],
        **_headline_of_run(run, view),
        "compare": f"python -m sim compare {name} {baseline}" if baseline and baseline != name else "",
        "tables": tables.of_run(run, view),
        "few": view.replicates < views.FEW,
    }


def _of_comparison(comparisons: Sequence[Comparison], about: dict[str, Any]) -> dict[str, Any]:
    one = comparisons[0]
    runs = [(one.name_a, one.a), *((c.name_b, c.b) for c in comparisons)]
    asked = about.get("measure")
    heads = headlines(comparisons, asked)
    also = [(heads[0].difference.measure, heads[0].difference.subject)]
    shown = [views.of_run(run, name, also) for name, run in runs]
    differences = [views.of_comparison(c) for c in comparisons]
    pairs = []
    for c, chosen in zip(comparisons, heads):
        pairs.append(
            findings.of_comparison(c, chosen)
            | _headline_of_pair(c, chosen.difference, differences[len(pairs)])
            | {"sections": [] if c.same else tables.of_comparison(c, chosen.difference)}
        )
    names = [name for name, _ in runs]
    robust = about.get("robust")
    robust = robust if isinstance(robust, list) and all(isinstance(sentence, str) for sentence in robust) else []
    words = (
        [name for name, _ in runs]
        + [word for name in ("measure", "at", "over") if about.get(name) for word in (f"--{name}", str(about[name]))]
        + ["--unpaired"] * (not one.paired)
    )
    chosen = heads[0].difference
    default = {"measure": chosen.measure, "subjects": [chosen.subject]}
    panels = trust.of_comparison(shown, differences, date(about["end"]))
    return _shared(runs, [*shown, *differences], panels, default) | {
        "kind": "comparison",
        "title": f"{names[0]} minus {' and '.join(names[1:])}",
        "question": "",
        "asked": question_of([run for _, run in runs]),
        "pairs": pairs,
        "robust": [findings.typeset(sentence) for sentence in robust],
        "paired": one.paired,
        "taken": f", {one.span.said()}" if one.span else ", at the last month, of cooperation on average since the two part",
        "pair_count": one.replicates,
        "few": one.paired and one.replicates < views.FEW,
        "compare": f"python -m sim compare {' '.join(map(shlex.quote, words))}",
    }


def question_of(runs: Sequence[Run]) -> str:
    """The question that a comparison answers: of the scenario whose baseline is another of them, else of the first."""
    names = [run.manifest["scenario"] for run in runs]
    asking = [run for run, name in zip(runs, names) if run.manifest.get("baseline") in {*names} - {name}]
    return next((run.manifest["question"] for run in [*asking, *runs] if run.manifest.get("question")), "")


def _headline_of_run(run: Run, view: View) -> dict[str, Any]:
    """The picture beside a run's findings: cooperation of its groups."""
    groups = findings.groups(run)
    said = "Mutual cooperation: share of the last twelve months. " + _bands(view.replicates, "replicates")
    lines = [(subject_name(group, run.name), view.series["cooperation", group]) for group in groups[:3]]
    return {"headline": headline.drawn(lines, said, None), "headline_said": said}


def _headline_of_pair(c: Comparison, chosen: Difference, view: View) -> dict[str, Any]:
    """The picture beside an answer: the difference over time, with the events that make it."""
    if c.same:
        return {"headline": "", "headline_said": ""}
    what = phrase(c.a, chosen.measure, chosen.subject)
    said = f"{capital(what)}: {c.name_a} minus {c.name_b}. "
    said += _bands(c.replicates, "pairs" if c.paired else "differences")
    parting = parse_month(c.first) if c.first and c.first > c.months[0] else None
    said += f" Vertical line: the two part in {date(c.first)}." if parting else ""
    lines = [(subject_name(chosen.subject, c.a.name), view.series[chosen.measure, chosen.subject])]
    return {"headline": headline.drawn(lines, said, parting, signed=True), "headline_said": said}


def _bands(count: int, of: str) -> str:
    """What line and bands are."""
    if count == 1:
        return "One replicate: one possible course."
    if count < views.FEW:
        return "Line: median; band: the whole range."
    return f"Line: median; bands: 50 and 90\N{NO-BREAK SPACE}% of the {of}."


def _shared(runs: Named, shown: Sequence[View], panels: Sequence[trust.Panel], default: dict[str, Any]) -> dict[str, Any]:
    """What both kinds of report have."""
    (name, run), first = runs[0], shown[0]
    about = run.manifest
    citations = Citations(run.manifest for _, run in runs)
    happened = timeline.events(runs, citations)
    changed = numbers.changed(runs, citations)
    shown_states = foremost(run)
    heat, cells = trust.drawn(panels, first, shown_states) if len(first.ledger.states) > 1 else ([], None)
    codes, _ = views.ordered(first, [row["code"] for row in about.get("states") or ()])
    world = atlas.drawn(first, run, codes)
    by_name = dict(runs)
    accounts = [
        ledger.ledgers(view, [by_name[view.name]] if view.name in by_name else [run for _, run in runs]) for view in shown
    ]
    many = len(first.ledger.states) > 1
    data = embedded.numbers(shown, run) | {
        "names": {row["code"]: row["name"] for row in (*about.get("states", ()), *about.get("actors", ()))},
        "events": [
            {"n": e["number"], "at": _instant(e), "title": e["title"], "imposed": e["imposed"], "when": e["when"]}
            for e in happened
            if e["month"] is not None
        ],
        "dyad": ledger.foremost(
            next((a for a, v in zip(accounts, shown) if v.difference), accounts[0]),
            about.get("watch") or (),
            difference=len(shown) > 1,
        )
        if many
        else None,
        "default": default,
        "trust": cells,
        "ledgers": accounts if many else None,
        "map": {
            "codes": world["codes"],
            "most": world["most"],
            "outlines": world["outlines"],
            "stops": list(ALIGNMENT),
            "toward": list(TOWARD),
            "sides": [run.sides.east, "none", run.sides.west],
            "letters": [run.sides.letters[side] for side in (1, 0, 2)],
        }
        if world
        else None,
    }
    limits = list(dict.fromkeys(limit for _, run in runs for limit in run.manifest.get("limits") or ()))
    validity = list(
        dict.fromkeys(line for _, run in runs for line in run.manifest.get("validity") or () if line not in limits)
    )
    counts = list(dict.fromkeys(f"{run.manifest['replicates']:,}" for _, run in runs))
    seeds = list(dict.fromkeys(str(run.manifest["seed"]) for _, run in runs))
    plural = "s" if counts != ["1"] else ""
    return {
        "name": name,
        "runs": [name for name, _ in runs],
        "views": [view.name for view in shown],
        "data": data,
        "facts": [
            f"{date(about['start'])} to {date(about['end'])}",
            f"{' and '.join(counts)} replicate{plural}",
            f"{len(about['states'])} states",
            f"seed {' and '.join(seeds)}",
            *(f"run {str(run.manifest['digest'])[:12]}" for _, run in runs),
        ],
        "events": happened,
        "map": world,
        "sides": run.sides,
        "states": _states(first, run, codes) if world else [],
        "heat": heat,
        "heat_said": left_out(run, len(shown_states)),
        "watched": ledger.watched(first, run, accounts) if many else None,
        "changed": changed,
        "assumed": numbers.assumed(run),
        "parameters": about.get("parameters"),
        "validity": validity,
        "tried": sentence(rules=run.story().get("rules")),
        "limits": limits,
        "recipes": [recipe(run) | {"name": name} for name, run in runs],
        "sources": citations.rows(),
        "version": about.get("entente", ""),
        "every": data["every"],
        "descriptions": [(name, linked(run.manifest.get("description") or "")) for name, run in runs],
    }


def _instant(event: dict[str, Any]) -> float:
    """Where an event stands on the axis of months: its day moves it within the month."""
    parts = event["date"].split("-")
    return event["month"] + (round((int(parts[2]) - 1) / 31, 2) if len(parts) > 2 else 0)


def _default(run: Run, view: View) -> dict[str, Any]:
    """What the trajectories show first."""
    groups = findings.groups(run)
    if groups:
        return {"measure": "cooperation", "subjects": groups[:3]}
    measure, subject = next(iter(view.series), ("", ""))
    return {"measure": measure, "subjects": [subject]}


def _states(view: View, run: Run, codes: Sequence[str]) -> list[dict[str, Any]]:
    """Each state at the last month: alignment, and the share of replicates on each side."""
    rows = []
    for code in codes:
        lean = view.series["alignment", code].middle[-1]
        shares = {side[5:]: float(view.series[side, code].rows[0, -1]) for side in embedded.SIDES}
        rows.append({"code": code, "name": run.name.one(code), "lean": float(lean)} | shares)
    return rows
