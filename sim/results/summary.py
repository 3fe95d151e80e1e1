"""The summary of a run: for every measured series its start, its end and its change, as median and 5-95 % band.

The change is paired: it is taken within each replicate first, so its median need not be the difference of the medians.
A bloc is a name, not an amount; it is summarised by the share of replicates on each side (`bloc_east`, `bloc_west`,
`bloc_none`), which has no band.
"""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.processes.memory import release
from sim.results.cells import Writer, read
from sim.wording import Namer, Sides

NAME = "summary.csv"
COLUMNS = (
    "measure",
    "subject",
    "label",
    "unit",
    *(f"{part}_{q}" for part in ("start", "end", "change") for q in ("median", "p05", "p95")),
)
QUANTILES = (0.5, 0.05, 0.95)
SIDES = (("bloc_none", 0, "non-aligned"), ("bloc_east", 1, "in the East bloc"), ("bloc_west", 2, "in the West bloc"))

Triple = tuple[float, float, float]
_NONE = (float("nan"),) * 3

_LABELS = {
    "cooperation": "Mutual cooperation",
    "cooperation_weighted": "Mutual cooperation by capability",
    "trust": "Trust",
    "cohesion": "Internal trust",
    "alignment": "Alignment",
    "bloc_size": "States in bloc",
    "crises": "Crises a year",
    "ties": "Defence pacts, share of dyads",
    "strength": "Fighters",
    "threat": "Threat seen from states",
    "actor_threat": "Threat of",
    "modularity": "Signed modularity",
    "frustration": "Frustration",
    "balanced_triads": "Balanced triads",
    "polarisation": "Polarisation",
    "spectral_agreement": "Spectral agreement",
}


@dataclass(frozen=True)
class Row:
    """One line of the summary; each triple is (median, 5 %, 95 %) over replicates, nan where there is none."""

    measure: str
    subject: str
    label: str
    unit: str
    start: Triple
    end: Triple
    change: Triple

    def plain(self) -> dict[str, Any]:
        """The columns of summary.csv; null where there is no number."""
        numbers = (*self.start, *self.end, *self.change)
        words = (self.measure, self.subject, self.label, self.unit)
        return dict(zip(COLUMNS, (*words, *(None if np.isnan(x) else float(x) for x in numbers))))


def subject_name(subject: str, name: Namer) -> str:
    """`China-Russia`, `China in Russia`, `IS-K in Kazakhstan`, `founders` for a subject's code."""
    if "<" in subject:
        observer, actor = subject.split("<", 1)
        return f"{name.one(actor)} as seen by {name.one(observer)}"
    if ">" in subject:
        return " in ".join(name.one(code) for code in subject.split(">", 1))
    if "-" in subject:
        return "-".join(name.one(code) for code in subject.split("-"))
    return name.one(subject).replace("_", " ")


def measure_name(measure: str) -> str:
    """What a measure is called: `Mutual cooperation`."""
    return _LABELS.get(measure) or measure.replace("_", " ").capitalize()


def label(measure: str, subject: str, name: Namer) -> str:
    """What a series is, for a reader: `Mutual cooperation, China-Russia`."""
    noun = measure_name(measure)
    if measure == "actor_threat" and "<" in subject:
        return f"{noun} {subject_name(subject, name)}"
    return noun if subject == "world" and measure != "cooperation" else f"{noun}, {subject_name(subject, name)}"


def units() -> dict[str, str]:
    """Unit of each measure, from the measures themselves."""
    from sim import measures

    return {info.name: info.unit for info in measures.describe()}


def _triples(values: np.ndarray) -> np.ndarray:
    """(subject, 3): median, 5 % and 95 % over replicates of (replicate, subject); nan only where all are nan."""
    if not np.isnan(values).any():
        return np.quantile(values, QUANTILES, axis=0).T
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a series that is nan in every replicate stays nan
        return np.nanquantile(values, QUANTILES, axis=0).T


def first_known(values: np.ndarray) -> np.ndarray:
    """(subject,) index of the first step at which a series (replicate, step, subject) has a value in some replicate."""
    known = ~np.isnan(values).all(axis=0)
    return np.where(known.any(axis=0), known.argmax(axis=0), 0)


def rows(trajectory: Any) -> list[Row]:
    """The summary of a trajectory, sorted by measure and subject."""
    name, unit = Namer.of(trajectory.scenario.tables), units()
    words = Sides.of(trajectory.scenario.cores).words
    found = []
    for measure in sorted(trajectory.series):
        one = trajectory.series[measure]
        values = np.asarray(one.values, dtype=np.float64)
        order = sorted(range(len(one.subjects)), key=one.subjects.__getitem__)
        if measure == "bloc":
            found += _bloc_rows(values, [one.subjects[k] for k in order], order, name, words)
            release(one.values)
            continue
        begin = first_known(values)
        start, end = values[:, begin, np.arange(values.shape[2])], values[:, -1]
        triples = [_triples(part) for part in (start, end, end - start)]
        for k in order:
            subject = one.subjects[k]
            numbers = (tuple(float(x) for x in part[k]) for part in triples)
            found.append(Row(measure, subject, label(measure, subject, name), unit.get(measure, "1"), *numbers))
        release(one.values)
    return sorted(found, key=lambda row: (row.measure, row.subject))


def _bloc_rows(values: np.ndarray, subjects: list[str], order: list[int], name: Namer, said: Mapping[str, str]) -> list[Row]:
    found = []
    for measure, side, _ in SIDES:
        words = said[measure]
        share = (values == side).mean(axis=0)  # (step, subject)
        for subject, k in zip(subjects, order):
            start, end = float(share[0, k]), float(share[-1, k])
            about = f"Share of replicates with {name.one(subject)} {words}"
            triples = ((start, *_NONE[:2]), (end, *_NONE[:2]), (end - start, *_NONE[:2]))
            found.append(Row(measure, subject, about, "share of replicates", *triples))
    return found


def to_csv(table: list[Row]) -> str:
    """The text of summary.csv: six significant digits, empty where there is no number."""
    out = io.StringIO()
    writer = Writer(out)
    writer.row(COLUMNS)
    for row in table:
        line = row.plain().values()
        writer.row("" if x is None else f"{x:.6g}" if isinstance(x, float) else x for x in line)
    return out.getvalue()


def from_csv(text: str) -> list[Row]:
    """Read summary.csv back.

    Raises:
        ValueError: it lacks a column, or has a word for a number.
    """
    found = []
    for line in _lines(text, COLUMNS):
        numbers = [float(line[column] or "nan") for column in COLUMNS[4:]]
        triples = (tuple(numbers[k : k + 3]) for k in (0, 3, 6))
        found.append(Row(line["measure"], line["subject"], line["label"], line["unit"], *triples))
    return found


def events_from_csv(text: str) -> list[dict[str, str]]:
    """Read events.csv back: its rows as text.

    Raises:
        ValueError: it lacks a column, or a row one of them.
    """
    found = [{key: value.strip() for key, value in row.items()} for row in _lines(text, EVENT_COLUMNS)]
    for row in found:
        float(row["share"] or 0)
    return found


def _lines(text: str, columns: Sequence[str]) -> list[dict[str, str]]:
    """The rows of a table that has these columns.

    Raises:
        ValueError: it lacks one.
    """
    head = next(csv.reader(io.StringIO(text)), [])
    missing = [name for name in columns if name not in head]
    if missing:
        raise ValueError(f"it lacks the column {missing[0]}")
    rows = list(read(io.StringIO(text, newline="")))
    short = next((number for number, row in enumerate(rows, 2) if len(row) < len(head)), None)
    if short is not None:
        raise ValueError(f"row {short} is too short")
    return rows


def event_table(trajectory: Any) -> list[Mapping[str, Any]]:
    """The rows of events.csv: each event, in how many replicates it happened, when, and what it does.

    `share` is the share of replicates in which it happened; `first` and `median` are months over those replicates.
    """
    from sim.calendar import format_month
    from sim.results.run_manifest import imposed_events
    from sim.scenario.describe import commitments_of, describe_event

    story = trajectory.scenario
    tables = story.tables
    names = {row["code"]: row["name"] for row in (*tables.states, *tables.organisations, *tables.actors)}
    imposed, commitments = set(imposed_events(story.events)), commitments_of(story.spec.get("organisations"))
    table = []
    for key, event in story.events.items():
        months = np.asarray(trajectory.fired.get(key, ()))
        months = months[months >= 0]
        source = event.get("source") or ""
        table.append(
            {
                "key": key,
                "title": event.get("title") or key.replace("_", " "),
                "type": event.get("type", ""),
                "date": event.get("on") or "",
                "until": event.get("until") or "",
                "imposed": key in imposed,
                "share": len(months) / trajectory.replicates,
                "first": format_month(int(months.min())) if len(months) else "",
                "median": format_month(int(np.median(months))) if len(months) else "",
                "source": source if isinstance(source, str) else ";".join(source),
                "basis": event.get("basis") or "",
                "what": describe_event(event, names, commitments),
            }
        )
    return sorted(table, key=lambda row: (row["date"] or row["median"] or "9999", row["key"]))


EVENT_COLUMNS = ("key", "title", "type", "date", "until", "imposed", "share", "first", "median", "source", "basis", "what")


def events_csv(table: list[Mapping[str, Any]]) -> str:
    """The text of events.csv."""
    out = io.StringIO()
    writer = Writer(out)
    writer.row(EVENT_COLUMNS)
    for row in table:
        cells = {**row, "imposed": str(row["imposed"]).lower(), "share": f"{row['share']:.6g}"}
        writer.row(cells[name] for name in EVENT_COLUMNS)
    return out.getvalue()
