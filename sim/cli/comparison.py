"""What `compare` prints: the answer, what differs between the stories, a table of the main measures, the error bars."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.cli import summary
from sim.cli.main import VERBS, program
from sim.cli.terminal import Terminal, shown, sparkline
from sim.questions.compare import Comparison, Difference
from sim.questions.compare.wording import FEW, WHOLE, answer, began, ends, error_bars, error_sentence, main_series, unlike
from sim.results import ResultsError, Run, find
from sim.results.summary import subject_name
from sim.wording import date, percent, signed, within_sentence

WIDTHS = (27, 8, 19)  # label, median, interval; then in how many pairs (16) and a curve (8) of 80 columns
PAIRS, CURVE = 16, 8
MOST_STATES = 8
Section = tuple[str, list[tuple[Difference, str]]]


def show(
    comparisons: Sequence[Comparison], folder: Path, asked: str | None, *, pictures: bool, report: Path | None = None
) -> None:
    """Print all of it; the last line is the folder, the one before it what to do next."""
    terminal = Terminal()
    asked = _series(comparisons, asked)
    for c in comparisons:
        terminal.print(*_pair(c, asked, terminal, alone=len(comparisons) == 1), "")
    terminal.print(*summary.validity(comparisons[0].a, terminal), "")
    if pictures:
        terminal.print(f"Pictures: {shown(folder / 'plots')}", f"More of them: {program()} plot {shown(folder)}")
    if report:
        terminal.print(f"Report: {shown(report)}")
    terminal.print(f"Next: {_next(comparisons, folder)}", shown(folder))


def as_json(comparisons: Sequence[Comparison], asked: str | None) -> dict[str, Any]:
    """The same for programs, with every series at the last month; null where there is no number."""
    one, pairs, asked = comparisons[0], [], _series(comparisons, asked)
    for c in comparisons:
        chosen = main_series(c, asked)
        pairs.append(
            {
                "first": c.name_a,
                "second": c.name_b,
                "same": c.same,
                "answer": answer(c, chosen),
                "measure": f"{chosen.measure}:{chosen.subject}",
                "first_month": c.first,
                "because": [change.key for change in c.because],
                "changes": [
                    {
                        "key": change.key,
                        "first": change.first,
                        "second": change.second,
                        "sentence": change.sentence(c.name_a, c.name_b),
                    }
                    for change in c.changes
                ],
                "error_bars": error_bars(c, chosen),
                "differences": [_row(d) for d in c.differences],
            }
        )
    return {
        "paired": one.paired,
        "replicates": one.replicates,
        "start": one.months[0],
        "end": one.months[-1],
        "runs": [str(run.path.resolve()) for run in (one.a, *(c.b for c in comparisons))],
        "pairs": pairs,
    }


def _series(comparisons: Sequence[Comparison], asked: str | None) -> str:
    """The series that the answers are about: the same for all."""
    chosen = main_series(comparisons[0], asked)
    return f"{chosen.measure}:{chosen.subject}"


def _row(d: Difference) -> dict[str, Any]:
    numbers = {key: value if math.isfinite(value) else None for key, value in d.at().items()}
    return {"measure": d.measure, "subject": d.subject, "unit": d.unit, "time": d.times[-1], **numbers}


def _pair(c: Comparison, asked: str | None, terminal: Terminal, *, alone: bool) -> list[str]:
    """One run against another; shorter where there are several."""
    chosen = main_series(c, asked)
    sections = _sections(c, chosen, with_states=alone)
    how = f"{c.replicates:,} pairs of replicates" if c.paired else "not paired"
    period = f"{date(c.months[0])} to {ends(c)}"
    lines = [
        terminal.bold(terminal.wrap(f"{c.name_a} minus {c.name_b}")),
        terminal.wrap(f"{how}, {period}" + (f", seed {c.a.manifest['seed']}" if c.paired else "")),
        "",
    ]
    lines += [terminal.bold(terminal.wrap(answer(c, chosen)))]
    clearest = _clearest(c, chosen, sections)
    if clearest is not None:
        count = sum(len(rows) for _, rows in sections)
        lines.append(terminal.wrap(f"Clearest of the {count} series below: {within_sentence(answer(c, clearest))}"))
    lines += ["", terminal.bold("What their stories do otherwise")]
    lines += [terminal.wrap(change.sentence(c.name_a, c.name_b), "  ", "    ") for change in c.changes] or ["  nothing"]
    if c.paired and not c.same:
        lines.append(terminal.wrap(began(c), "  ", "    "))
    if not c.same:
        lines += ["", *_table(c, sections, terminal)]
        sentence = error_sentence(c, chosen)
        lines += ["", terminal.wrap(sentence)] if sentence else []
    return lines


def _sections(c: Comparison, chosen: Difference, *, with_states: bool) -> list[Section]:
    """(heading, rows): groups and watched dyads, trust, actors, and the states whose alignment moves most."""
    groups, dyads = summary.subjects(c.a)
    sizes, name = c.a.manifest.get("sets") or {}, c.a.name
    labels = {group: f"{subject_name(group, name)} ({len(sizes[group])} states)" for group in groups if group in sizes}
    labels |= {"world": "all states"}
    have = {(d.measure, d.subject): d for d in c.differences}

    def rows(measure: str, subjects: Sequence[str]) -> list[tuple[Difference, str]]:
        return [(have[measure, s], labels.get(s) or subject_name(s, name)) for s in subjects if (measure, s) in have]

    organisations = [row["code"] for row in c.a.manifest.get("organisations") or () if row["code"] not in groups]
    sections = [
        (
            "Mutual cooperation, share of months (trailing year)",
            rows("cooperation", [*groups, *organisations, *(dyads if with_states else ())]),
        )
    ]
    if with_states:
        directed = [f"{a}>{b}" for dyad in dyads for a, b in (dyad.split("-"), dyad.split("-")[::-1])]
        sections.append(("Trust of ... in ..., -1 to 1", rows("trust", directed)))
    sections.append(("Fighters", rows("strength", [d.subject for d in c.differences if d.measure == "strength"])))
    if with_states:
        states = [d for d in c.differences if d.measure == "alignment" and d.differs[-1]]
        states = sorted(states, key=lambda d: -abs(float(d.mean[-1])))
        total = sum(d.measure == "alignment" for d in c.differences)
        which = f"the {min(MOST_STATES, len(states))} of {total} states that differ most"
        heading = f"Alignment (East +1, West -1), {which}"
        sections.append((heading, rows("alignment", [d.subject for d in states[:MOST_STATES]])))
    if not any(d is chosen for _, part in sections for d, _ in part):
        sections.insert(0, (f"SweepAxes for: {chosen.measure}", [(chosen, subject_name(chosen.subject, name))]))
    return [(heading, part) for heading, part in sections if part]


def _clearest(c: Comparison, chosen: Difference, sections: Sequence[Section]) -> Difference | None:
    """The series whose mean difference is largest beside its standard error; None if that is the one asked about."""
    if not c.paired or c.same or c.replicates < FEW:
        return None
    best, most, other = None, 0.0, unlike(c)
    for d in (d for _, part in sections for d, _ in part if d.subject not in other):
        at = d.at()
        if at["standard_error"] > 0 and abs(at["mean"]) / at["standard_error"] > most:
            best, most = d, abs(at["mean"]) / at["standard_error"]
    return None if best is chosen else best


def _table(c: Comparison, sections: Sequence[Section], terminal: Terminal) -> list[str]:
    label, median, interval = WIDTHS
    years = f"{c.months[0][2:4]} to {ends(c)[-2:]}"
    head = f"{'':<{label}}{'median':>{median}}{'90 % interval':>{interval}}  {'of pairs':<{PAIRS}}{years}"
    lines = [terminal.dim(head), terminal.rule()]
    other = unlike(c)
    for heading, rows in sections:
        lines.append(terminal.bold(terminal.text(heading)))
        lines += [_cells(c, d, text + " *" if d.subject in other else text, terminal) for d, text in rows]
    if other:
        lines.append(terminal.dim("* not the same members in both: part of the difference is who is counted"))
    return lines


def _cells(c: Comparison, d: Difference, text: str, terminal: Terminal) -> str:
    label, median, interval = WIDTHS
    at, digits = d.at(), 0 if d.unit in WHOLE else 3
    text = text if len(text) < label - 2 else d.subject.replace(">", " in ")
    text = terminal.text(text)[: label - 3]
    if not math.isfinite(at["mean"]):
        return f"  {text:<{label - 2}}{'-':>{median}}{'-':>{interval}}"
    few = c.paired and c.replicates < FEW
    band = "-" if few else f"{signed(at['q05'], digits)} to {signed(at['q95'], digits)}"
    middle = f"{signed(at['median'], digits):>{median}}"
    curve = sparkline(d.mean.tolist(), CURVE, unicode=terminal.unicode, span=_span(d))
    return f"  {text:<{label - 2}}{terminal.signed(middle)}{band:>{interval}}  {_words(c, at):<{PAIRS}}{curve}"


def _words(c: Comparison, at: dict[str, float]) -> str:
    """In how many pairs the first run is higher or lower, or how many agree; of a few pairs, their number."""

    few = c.paired and c.replicates < FEW

    def pairs(share: float) -> str:
        return f"{round(share * c.replicates)} of {c.replicates}" if few else f"in {percent(share)}"

    below, above = at["below"], at["above"]
    if below + above == 0:
        return "same in all"
    if below + above < 0.5:
        return f"same {pairs(1 - below - above)}"
    return f"higher {pairs(above)}" if above >= below else f"lower {pairs(below)}"


def _span(d: Difference) -> float:
    """Movements of the mean below four standard errors are drawn small."""
    error = d.standard_error[np.isfinite(d.standard_error)]
    return 4 * float(error.max()) if error.size else 0.0


def _next(comparisons: Sequence[Comparison], folder: Path) -> str:
    """The command that makes sense now: why two runs differ; of several, the pictures."""
    c = comparisons[0]
    trust = [d for d in c.differences if d.measure == "trust" and d.differs[-1]]
    if len(comparisons) == 1 and trust and "explain" in VERBS:
        one, other = max(trust, key=lambda d: abs(float(d.mean[-1]))).subject.split(">")
        return f"{program()} explain {_word(c.a)} {_word(c.b)} --dyad {one} {other}"
    return f"{program()} plot {shown(folder)} --list"


def _word(run: Run) -> str:
    """What to call a run on a command line: its scenario where that finds it, else its folder."""
    name = run.manifest["scenario"]
    root = run.path.parent.parent
    try:
        found = root.resolve() == Path("results").resolve() and find(name).resolve() == run.path.resolve()
    except ResultsError:
        found = False
    return name if found else shown(run.path)
