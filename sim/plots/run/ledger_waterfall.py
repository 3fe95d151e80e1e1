"""Why did trust between two states move?

Each bar is an account of the ledger: what cooperation, crises, institutions and the rest added to trust. Bars lead to the
whole change. They are means over replicates, because medians do not add. `draw` makes the same picture of a folder that
`sim explain` wrote, for one run or for the difference between two.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.plots import PictureError
from sim.plots.sheet import captions, text, waterfall
from sim.plots.sheet.sheet import Sheet
from sim.plots.sheet.waterfall import Column
from sim.plots.time.timeline import month_name, month_of
from sim.questions.explain.accounts import NAMES

if TYPE_CHECKING:
    from sim.results import Run

MEANS = "Means over replicates, because medians do not add."


def missing(run: Run) -> str | None:
    """Why this run has no such picture, or None."""
    if len(run.manifest.get("states") or ()) < 2:
        return "trust needs at least two states"
    if not _watched(run):
        return "the scenario watches no dyads; explain RUN --dyad A B draws it for any"
    return None


def _watched(run: Run) -> list[tuple[str, str]]:
    states = {row["code"] for row in run.manifest.get("states") or ()}
    pairs = [tuple(p.split("-") if isinstance(p, str) else p) for p in run.manifest.get("watch") or ()]
    return [(a, b) for a, b in pairs if a != b and {a, b} <= states]


def figure(run: Run, subjects: Sequence[str] | None = None) -> Sheet:
    """The picture, of `subjects` ("CHN-RUS", any two states) or of the first four watched dyads, over the whole run."""
    states = {row["code"] for row in run.manifest["states"]}
    pairs = [tuple(s.replace(">", "-").split("-")) for s in subjects] if subjects else _watched(run)
    for pair in pairs:
        if len(pair) != 2 or not set(pair) <= states or pair[0] == pair[1]:
            known = ", ".join(sorted(states))
            raise PictureError(f"{'-'.join(pair)} is no dyad of this run; write it as A-B, of {known}")
    pairs = pairs[: waterfall.MOST]
    ledger, start, end = run.ledger(), run.manifest["start"], run.manifest["end"]
    columns, codes = [], captions.names(run, "states")
    for a, b in pairs:
        both = [ledger.between(i, j, start, end) for i, j in ((a, b), (b, a))]
        terms = np.mean([terms.sum(axis=1) for terms, _, _ in both], axis=0)
        levels = [float(np.mean([one[k] for one in both])) for k in (1, 2)]
        columns.append(Column(f"{codes[a]} and {codes[b]}", _levels(*levels), terms))
    names = dict.fromkeys(ledger.accounts, "")
    titles = {key: event.get("title") or key for key, event in run.story().get("events", {}).items()}
    labels = [NAMES.get(name) or text.clean(titles.get(name, name)) for name in names]
    strong = [name not in NAMES for name in names]
    explain = (
        f"What each account added to trust, mean of both directions, beyond what the starting world gives. {MEANS} "
        "Bold: an event that moves trust itself."
    )
    return _sheet(
        columns,
        labels,
        strong,
        title=f"Why trust moved: {_period(start, end)}",
        explain=explain,
        footer=captions.footer(run),
    )


def draw(folder: Path | str, *, format: str = "both", out: Path | str | None = None) -> list[Path]:
    """Draw what `sim explain` wrote into `folder`; the files written, into the folder unless `out` says otherwise.

    Raises:
        PictureError: the folder holds no explanation.
    """
    from sim.plots import FORMATS
    from sim.plots.sheet import palette

    folder = Path(folder)
    try:
        about = json.loads((folder / "explain.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise PictureError(f"{folder} holds no explanation; make one: explain RUN --dyad RUS CHN") from None
    place = Path(out) if out is not None else folder
    place.mkdir(parents=True, exist_ok=True)
    with palette.drawing():
        return explained(about).save(place / "ledger_waterfall", FORMATS[format])


def explained(about: Mapping[str, Any]) -> Sheet:
    """The picture of one explanation, from explain.json: both directions, a waterfall each."""
    runs, rows = about["runs"], about["accounts"]
    codes = about["dyad"]
    columns = []
    for a, b in (codes, codes[::-1]):
        key = f"{a} in {b}"
        terms = np.array([row[key] for row in rows])
        said = _levels(about["start"][key], about["end"][key])
        if len(runs) > 1:
            said = f"difference {said}"
        columns.append(Column(f"Trust of {key}", said, terms))
    labels = [NAMES.get(row["account"]) or text.clean(row["title"]) for row in rows]
    strong = [row["account"] not in NAMES for row in rows]
    period = _period(about["from"], about["to"])
    replicates = f"{about['replicates']:,} replicate{'s' if about['replicates'] != 1 else ''}"
    if len(runs) > 1:
        title = f"Why trust differs: {runs[0]['scenario']} minus {runs[1]['scenario']}, {period}"
        explain = f"What each account added to the difference. {MEANS}"
    else:
        title = f"Why trust moved in {runs[0]['scenario']}: {period}"
        explain = f"What each account added to trust, beyond what the starting world gives. {MEANS}"
    explain += " Bold: an event that moves trust itself."
    notes = []
    if about["in_months_of"]:
        said = [
            f"{text.clean(p['title'])} {text.number(p['mean of both'], 3, True)} ({NAMES[p['account']].lower()})"
            for p in about["in_months_of"]
        ]
        notes.append("Booked in the months of imposed events, mean of both directions: " + "; ".join(said) + ".")
    if about["events"]:
        what = "Events that differ: " if len(runs) > 1 else "At work through these accounts: "
        notes.append(what + "; ".join(text.clean(event) for event in about["events"]) + ".")
    notes += about["cautions"]
    digests = " and ".join(f"run {run['digest'][:12]}" for run in runs)
    footer = f"{replicates} · seed {runs[0]['seed']} · {digests} · Bars are model output."
    return _sheet(columns, labels, strong, title=title, explain=explain, footer=footer, notes=notes)


def _sheet(
    columns: list[Column],
    labels: list[str],
    strong: list[bool],
    *,
    title: str,
    explain: str,
    footer: str,
    notes: Sequence[str] = (),
) -> Sheet:
    """The sheet; accounts that are exactly 0 everywhere are left out."""
    keep = [k for k in range(len(labels)) if any(column.terms[k] for column in columns)]
    columns = [Column(column.name, column.said, column.terms[keep]) for column in columns]
    sheet = Sheet(
        waterfall.wide(len(columns)), waterfall.height(len(keep)), title=title, explain=explain, footer=footer, notes=notes
    )
    waterfall.draw(sheet, [labels[k] for k in keep], [strong[k] for k in keep], columns, "Change", "change of trust")
    return sheet


def _levels(start: float, end: float) -> str:
    digits = 3 if abs(end - start) >= 0.005 or start == end else 4
    return f"{text.number(start, digits)} → {text.number(end, digits)}"


def _period(start: str, end: str) -> str:
    """`January 2015 to December 2020`."""
    return f"{month_name(month_of(start))} to {month_name(month_of(end))}"
