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
from sim.questions.compare.answer import (
    WHOLE,
    answer,
    began,
    ends,
    error_bars,
    error_sentence,
    members_of,
    parameters_share,
    share_sentence,
)
from sim.questions.compare.selection import Headline, concerned, headlines, unlike
from sim.questions.effect import FEW
from sim.results import ResultsError, Run, find
from sim.results.summary import subject_name
from sim.wording import capital, date, not_nothing, percent

WIDTHS = (26, 9, 17, 18)  # label, mean, its interval, shares of pairs; then a curve of 80 columns
CURVE = 8
MOST_STATES = 8
NAMED = 6
"""Series that do not move are named up to so many."""
Section = tuple[str, list[tuple[Difference, str]]]


def show(
    comparisons: Sequence[Comparison],
    folder: Path,
    asked: str | None,
    *,
    pictures: bool,
    report: Path | None = None,
    hangs: Sequence[str] = (),
) -> None:
    """Print all of it; the last line is the folder, the one before it what to do next."""
    terminal = Terminal()
    chosen = headlines(comparisons, asked)
    for c, one in zip(comparisons, chosen):
        terminal.print(*_pair(c, one, terminal, alone=len(comparisons) == 1, hangs=hangs if c is comparisons[0] else ()), "")
    terminal.print(*summary.validity(comparisons[0].a, terminal), "")
    if pictures:
        terminal.print(f"Pictures: {shown(folder / 'plots')}", f"More of them: {program()} plot {shown(folder)}")
    if report:
        terminal.print(f"Report: {shown(report)}")
    terminal.print(f"Next: {_next(comparisons, folder, chosen[0])}", shown(folder))


def as_json(comparisons: Sequence[Comparison], asked: str | None) -> dict[str, Any]:
    """The same for programs, with every series at the last month; null where there is no number."""
    one, pairs = comparisons[0], []
    for c, chosen in zip(comparisons, headlines(comparisons, asked)):
        pairs.append(
            {
                "first": c.name_a,
                "second": c.name_b,
                "same": c.same,
                "answer": answer(c, chosen),
                "measure": f"{chosen.difference.measure}:{chosen.difference.subject}",
                "looked_at": chosen.looks,
                "direction": chosen.direction,
                "effect": _numbers(chosen.difference),
                "parameters_share": list(share) if (share := parameters_share(c, chosen.difference)) else None,
                "first_month": c.first,
                "because": [change.key for change in c.because],
                "in_both": c.in_both,
                "changes": [
                    {
                        "key": change.key,
                        "first": change.first,
                        "second": change.second,
                        "sentence": change.sentence(c.name_a, c.name_b),
                    }
                    for change in c.changes
                ],
                "error_bars": error_bars(c, chosen.difference),
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


def _row(d: Difference) -> dict[str, Any]:
    numbers = {key: value if math.isfinite(value) else None for key, value in d.at().items()}
    last = {"time": d.times[-1], **numbers}
    return {"measure": d.measure, "subject": d.subject, "unit": d.unit, **_numbers(d), "at_the_end": last}


def _numbers(d: Difference) -> dict[str, Any]:
    """What the answer says of a series: the mean over its months, its interval, and the pairs."""
    pairs = {
        name: float(x) if math.isfinite(x) else None for name, x in zip(("p05", "p25", "median", "p75", "p95"), d.pairs)
    }
    first, second = (mean if math.isfinite(mean) else None for mean in d.means)
    same = d.effect.same if math.isfinite(d.effect.same) else None
    means = {"mean_first": first, "mean_second": second}
    return {**d.span.plain(), **d.effect.plain(), "same": same, **means, "pairs": pairs}


def _pair(c: Comparison, chosen: Headline, terminal: Terminal, *, alone: bool, hangs: Sequence[str] = ()) -> list[str]:
    """One run against another; shorter where there are several."""
    sections = _sections(c, chosen.difference, with_states=alone)
    how = f"{c.replicates:,} pairs of replicates" if c.paired else "not paired"
    period = f"{date(c.months[0])} to {ends(c)}"
    lines = [
        terminal.bold(terminal.wrap(f"{c.name_a} minus {c.name_b}")),
        terminal.wrap(f"{how}, {period}" + (f", seed {c.a.manifest['seed']}" if c.paired else "")),
        "",
    ]
    lines += [terminal.bold(terminal.wrap(answer(c, chosen)))]
    if chosen.looks > 1 and chosen.direction:
        lines.append(terminal.wrap(f"Chosen among {chosen.looks} series; the direction allows for that many."))
    if members := members_of(c.a, chosen.difference.subject):
        lines.append(terminal.wrap(members))
    lines += [terminal.wrap(sentence) for sentence in hangs if not c.same]
    lines += ["", terminal.bold("What their stories do otherwise")]
    lines += [terminal.wrap(change.sentence(c.name_a, c.name_b), "  ", "    ") for change in c.changes] or ["  nothing"]
    if c.paired and not c.same:
        lines.append(terminal.wrap(began(c), "  ", "    "))
    if not c.same:
        lines += ["", *_table(c, sections, terminal)]
        said = [sentence for of in (share_sentence, error_sentence) if (sentence := of(c, chosen.difference))]
        lines += ["", *map(terminal.wrap, said)] if said else []
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
        heading = f"Alignment ({c.a.sides.east} +1, {c.a.sides.west} -1), {which}"
        sections.append((heading, rows("alignment", [d.subject for d in states[:MOST_STATES]])))
    if not any(d is chosen for _, part in sections for d, _ in part):
        sections.insert(0, (f"Also: {chosen.measure}", [(chosen, subject_name(chosen.subject, name))]))
    return [(heading, part) for heading, part in sections if part]


def _table(c: Comparison, sections: Sequence[Section], terminal: Terminal) -> list[str]:
    """A row a series that moves; those that do not are one line."""
    label, mean, interval, shares = WIDTHS
    years = f"{c.months[0][2:4]} to {ends(c)[-2:]}"
    lines = [
        terminal.dim(f"{'':<{label}}{'mean dif-':>{mean}}{'90 % interval':>{interval}}{'% of pairs':>{shares}}  mean,"),
        terminal.dim(f"{'':<{label}}{'ference':>{mean}}{'of the mean':>{interval}}{'lower same higher':>{shares}}  {years}"),
        terminal.rule(),
    ]
    other, spans, still = unlike(c), {}, []
    for heading, rows in sections:
        moving = [(d, text) for d, text in rows if d.effect.same < 1 or not c.paired]
        still += [text for row in rows if row not in moving for text in row[1:]]
        if moving:
            lines.append(terminal.bold(terminal.text(heading)))
        for d, text in moving:
            spans.setdefault(d.span, []).append("fighters" if d.unit == "fighters" else d.measure.replace("_", " "))
            lines.append(_cells(c, d, text + " *" if d.subject in other else text, terminal))
    if still:
        which = "series" if len(lines) == 3 else "other" if len(still) == 1 else "others"
        said = f"{len(still)} {which}: no difference in any pair"
        lines.append(terminal.dim(terminal.wrap(f"{said} ({', '.join(still)})" if len(still) <= NAMED else said)))
    if other:
        lines.append(terminal.dim("* not the same members in both: part of the difference is who is counted"))
    said = [f"{', '.join(dict.fromkeys(what))} {span.said()}" for span, what in spans.items()]
    return [*lines, terminal.dim(terminal.wrap(f"{capital('; '.join(said))}."))] if said else lines


def _cells(c: Comparison, d: Difference, text: str, terminal: Terminal) -> str:
    label, mean, interval, shares = WIDTHS
    effect, digits = d.effect, 0 if d.unit in WHOLE else 3
    text = text if len(text) < label - 2 else d.subject.replace(">", " in ")
    text = terminal.text(text)[: label - 3]
    if not math.isfinite(effect.mean):
        return f"  {text:<{label - 2}}{'-':>{mean}}{'-':>{interval}}"
    few = c.paired and c.replicates < FEW
    band = "-" if few else f"{_small(effect.low, digits)} to {_small(effect.high, digits)}"
    middle = f"{_small(effect.mean, digits):>{mean}}"
    cells = [f"{percent(share).removesuffix(' %')}" for share in (effect.below, effect.same, effect.above)]
    curve = sparkline(d.mean.tolist(), CURVE, unicode=terminal.unicode, span=_span(d))
    said = f"{cells[0]:>6}{cells[1]:>5}{cells[2]:>7}"
    return f"  {text:<{label - 2}}{terminal.signed(middle)}{band:>{interval}}{said:>{shares}}  {curve}"


def _small(value: float, digits: int) -> str:
    """A change; one that rounds to nothing shows that it is not exactly that, and on which side of it."""
    return not_nothing(value, digits).replace("<0.", "<.")


def _span(d: Difference) -> float:
    """Movements of the mean below four standard errors are drawn small."""
    error = d.standard_error[np.isfinite(d.standard_error)]
    return 4 * float(error.max()) if error.size else 0.0


def _next(comparisons: Sequence[Comparison], folder: Path, chosen: Headline) -> str:
    """The command that makes sense now: why the dyad that moved differs; of several runs, the pictures."""
    c = comparisons[0]
    trust = [d for d in c.differences if d.measure == "trust" and d.effect.direction()]
    if len(comparisons) == 1 and trust and "explain" in VERBS:
        about = set(chosen.difference.subject.replace(">", "-").split("-")) or concerned(c)
        best = max(trust, key=lambda d: (len(about & set(d.subject.split(">"))), d.effect.size))
        one, other = best.subject.split(">")
        return f"{program()} explain {_word(c.a)} {_word(c.b)} --dyad {one} {other}"
    return f"{program()} plot {shown(folder)} --list"


def _word(run: Run) -> str:
    """What to call a run on a command line: its scenario where that finds it, else its folder."""
    name = run.manifest["scenario"]
    root = run.path.parent.parent
    try:
        found = root.resolve() == Path("results").resolve() and find(name, quiet=True).resolve() == run.path.resolve()
    except ResultsError:
        found = False
    return name if found else shown(run.path)
