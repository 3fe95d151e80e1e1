"""The table that `run` prints: what a person wants to know first, read from the folder of the run.

Works for any scenario: whatever sets, organisations, watched dyads, actors and states it has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.cli.terminal import Terminal, sparkline
from sim.results.summary import Row, subject_name
from sim.wording import date, month_before, number, percent

if TYPE_CHECKING:
    from sim.results import Run

WIDTHS = (27, 8, 18, 9)  # label, median, band, change; the sparkline takes the other 16 of 80 columns
SIDE = (22, 7, 17, 8, 12)  # the same for states, with their bloc; the sparkline takes 12
CURVE, SHORT_CURVE = 16, 12
MOST = 40
"""States whose alignment is printed."""
SPANS = {"cooperation": 0.05, "trust": 0.1, "alignment": 0.1}  # smaller movements are drawn small


def subjects(run: Run) -> tuple[list[str], list[str]]:
    """The groups whose cooperation is shown, and the watched dyads, in the order of the scenario."""
    about = run.manifest
    have = set(run.subjects("cooperation")) if "cooperation" in run.measures() else set()
    organisations = [row["code"] for row in about.get("organisations", ())]
    groups = [*(about.get("sets") or organisations), "world"]
    dyads = ["-".join(sorted(pair)) for pair in about.get("watch", ())]
    return [name for name in groups if name in have], [name for name in dyads if name in have]


def render(run: Run, terminal: Terminal) -> list[str]:
    """The summary of a run as lines of at most 80 columns."""
    about = run.manifest
    count, years = about["replicates"], (about["start"][:4], about["end"][:4])
    period = f"{date(about['start'])} to {date(about['end'])}"
    head = f"{count:,} replicate{'s' if count != 1 else ''}, {period}, {len(about['states'])} states, seed {about['seed']}"
    if about.get("question"):
        lines = [terminal.bold(terminal.wrap(f"{about['scenario']}: {about['question']}"))]
    else:
        lines = [terminal.bold(terminal.text(f"{about['scenario']}: {about.get('title') or ''}"))]
    lines += [terminal.wrap(head), "", *_table(run, terminal, years)]
    states = list(_states(run, terminal, years))
    lines += ["", *states] if states else []
    return [*lines, "", *validity(run, terminal)]


def validity(run: Run, terminal: Terminal) -> list[str]:
    """What must be known before quoting a number."""
    about = run.manifest
    limits = about.get("limits") or []
    said = [sentence for sentence in about.get("validity", ()) if sentence not in limits]
    lines = terminal.wrap("Validity: " + " ".join(said), rest="  ").split("\n")
    return [*lines, *known_limits(limits, terminal), *tried(terminal, run.story().get("rules"))]


def tried(terminal: Terminal, rules: str | None = None) -> list[str]:
    """How such forecasts scored on years that have passed."""
    from sim.hindcast.record import sentence

    return terminal.wrap(said, rest="  ").split("\n") if (said := sentence(rules=rules)) else []


def known_limits(limits: Sequence[str], terminal: Terminal) -> list[str]:
    """A scenario's known failures, one below the other; nothing where there are none."""
    return ["Known limits:"] * bool(limits) + [terminal.wrap(limit, "  - ", "    ") for limit in limits]


def _sections(run: Run) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """(heading, measure, [(subject, label)]) of the first table."""
    name, about = run.name, run.manifest
    groups, dyads = subjects(run)
    sizes = about.get("sets") or {}
    labels = {group: f"{subject_name(group, name)} ({len(sizes[group])} states)" for group in groups if group in sizes}
    labels |= {"world": "all states"}
    shown = [(subject, labels.get(subject) or subject_name(subject, name)) for subject in (*groups, *dyads)]
    yield "Mutual cooperation", "cooperation", shown
    have = set(run.subjects("trust")) if "trust" in run.measures() else set()
    directed = [f"{a}>{b}" for dyad in dyads for a, b in (dyad.split("-"), dyad.split("-")[::-1])]
    yield "Trust of ... in ...", "trust", [(s, subject_name(s, name)) for s in directed if s in have]
    actors = run.subjects("strength") if "strength" in run.measures() else []
    long = [f"{actor}: {name.one(actor)}" for actor in actors if _too_long(name.one(actor))]
    yield ", ".join(["Fighters", *long]), "strength", [(actor, name.one(actor)) for actor in actors]


def _too_long(label: str) -> bool:
    return len(label) >= WIDTHS[0] - 2


def _table(run: Run, terminal: Terminal, years: tuple[str, str]) -> list[str]:
    found = {(row.measure, row.subject): row for row in run.summary_rows()}
    lines = [
        terminal.dim(_line(("", "median", "5-95 % band", "change"), WIDTHS) + f"  {years[0]} to {years[1]}"),
        terminal.rule(),
    ]
    for heading, measure, shown in _sections(run):
        if not shown:
            continue
        lines.append(terminal.bold(heading) + terminal.dim(_unit(found[measure, shown[0][0]])))
        for subject, label in shown:
            row = found[measure, subject]
            short = label if len(label) < WIDTHS[0] - 2 else subject.replace(">", " in ")  # codes where names are too long
            cells = _cells(row, "  " + terminal.text(short), WIDTHS, terminal)
            lines.append(cells + "  " + _curve(run, row, terminal, CURVE))
    return lines


def _states(run: Run, terminal: Terminal, years: tuple[str, str]) -> Iterator[str]:
    """Alignment and bloc of each state, from the most Eastern to the most Western."""
    found = {(row.measure, row.subject): row for row in run.summary_rows()}
    rows = sorted((row for row in found.values() if row.measure == "alignment"), key=lambda row: -_sortable(row.end[0]))
    if not rows:
        return
    count = len(rows)
    if count > MOST:
        from sim.results.foremost import foremost, left_out

        shown = foremost(run, MOST)
        rows = [row for row in rows if row.subject in shown]
    ends = month_before(run.times("alignment")[-1])
    scale = f"{run.sides.east} +1, {run.sides.west} -1"
    yield terminal.bold("Alignment and bloc") + terminal.dim(f" ({scale}; bloc: end of {ends})")
    yield terminal.dim(
        _line(("", "median", "5-95 % band", "change"), SIDE[:4]) + f"  {'bloc':<10}  {years[0]} to {years[1]}"
    )
    yield terminal.rule()
    for row in rows:
        label = "  " + terminal.text(subject_name(row.subject, run.name))
        bloc = _bloc(found, row.subject, run)
        yield _cells(row, label, SIDE[:4], terminal) + f"  {bloc:<10}  " + _curve(run, row, terminal, SHORT_CURVE)
    if count > MOST:
        yield terminal.dim(terminal.wrap(f"{left_out(run, len(rows))} All of them: summary.csv", "  "))


def _bloc(found: dict[tuple[str, str], Row], state: str, run: Run) -> str:
    """The most frequent side of a state and its share, such as `East 87 %`."""
    sides = {run.sides.east: "bloc_east", run.sides.west: "bloc_west", "none": "bloc_none"}
    shares = {side: found[measure, state].end[0] for side, measure in sides.items() if (measure, state) in found}
    if not shares:
        return ""
    side = max(shares, key=shares.__getitem__)
    return f"{_cut(side, 9)} {percent(shares[side]):>5}"


def _sortable(x: float) -> float:
    return x if x == x else -9.0


def _unit(row: Row) -> str:
    unit = {"1": "", "": ""}.get(row.unit, f", {row.unit}")
    if row.measure == "cooperation":
        return ", share of months (trailing year)"
    return ", -1 to 1" if row.measure == "trust" else unit if row.measure != "strength" else ""


def _cells(row: Row, label: str, widths: tuple[int, ...], terminal: Terminal) -> str:
    whole = row.unit in ("fighters", "states")
    show = partial(number, digits=0 if whole else 3)
    band = f"{show(row.end[1])} to {show(row.end[2])}" if row.end[1] == row.end[1] else "-"
    change = f"{show(row.change[0], signed=True):>{widths[3]}}"
    return _line((_cut(label, widths[0]), show(row.end[0]), band), widths[:3]) + terminal.signed(change)


def _line(words: tuple[str, ...], widths: tuple[int, ...]) -> str:
    return f"{words[0]:<{widths[0]}}" + "".join(f"{word:>{width}}" for word, width in zip(words[1:], widths[1:]))


def _cut(text: str, width: int) -> str:
    return text if len(text) < width else text[: width - 3].rstrip() + ".."


def _curve(run: Run, row: Row, terminal: Terminal, width: int) -> str:
    """The median over time as a sparkline."""
    _, values = run.series(row.measure, row.subject)
    missing = np.isnan(values)
    some = missing.any(axis=0) & ~missing.all(axis=0)
    medians = np.median(values, axis=0)  # nan where any is; `nanmedian` throughout would take four times as long
    if some.any():
        medians[some] = np.nanmedian(values[:, some], axis=0)
    span = SPANS.get(row.measure, 0.1 * abs(row.end[0]) if row.end[0] == row.end[0] else 0.0)
    return sparkline(medians.tolist(), width, unicode=terminal.unicode, span=span)


def as_json(run: Run) -> dict[str, Any]:
    """What `run --json` says of a run; null where there is no number."""
    about = run.manifest
    keys = (
        "scenario",
        "title",
        "question",
        "digest",
        "seed",
        "replicates",
        "start",
        "end",
        "imposed",
        "validity",
        "warnings",
        "timings",
    )
    return {
        "folder": str(run.path.resolve()),
        **{key: about.get(key) for key in keys},
        "summary": [row.plain() for row in run.summary_rows()],
    }
