"""Events of a run as marks on a time axis: which there are, when, and how each may be called."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.events import types
from sim.plots.sheet import text
from sim.plots.time.reach import EVERYTHING, Reach, reaches
from sim.plots.time.timeline import Timeline, month_name, month_of

if TYPE_CHECKING:
    from sim.results import Run


@dataclass(frozen=True)
class Mark:
    """One event: its month, label, whether it imposes an outcome, and the share of replicates in which it happened."""

    month: float
    title: str
    imposed: bool
    share: float
    rank: int
    reach: Reach = EVERYTHING

    @property
    def sure(self) -> bool:
        """Dated: it happens in every replicate, at this date."""
        return self.share >= 1

    @property
    def label(self) -> str:
        """The title, with the share of replicates where it did not happen in all."""
        return self.title if self.sure else f"{self.title} ({text.percent(self.share)} of replicates)"

    @property
    def dated(self) -> str:
        """The label after its month: "Jun 2017  India joins"."""
        about = "" if self.sure else "median "
        return f"{about}{month_name(self.month)}  {self.label}"


def rows(run: Run) -> list[dict[str, str]]:
    """The rows of events.csv, read without pandas, whose import takes longer than a picture."""
    return run.event_rows() if run.has("events.csv") else []


def read(run: Run, keys: Collection[str] | None = None) -> list[Mark]:
    """The run's events in order of time; a conditional one stands at the median month in which it happened.

    keys: only these events.
    """
    marks = []
    imposed_keys = set(run.manifest.get("imposed") or ())
    reach = reaches(run)
    for row in rows(run):
        if keys is not None and row.get("key") not in keys:
            continue
        share = float(row.get("share") or 1)
        date = row.get("date", "")
        month = month_of(date or row.get("median") or row.get("first", ""))
        if month is None or share <= 0:
            continue
        key, kind = row.get("key", ""), row.get("type", "")
        imposed = key in imposed_keys or row.get("imposed", "").lower() in ("true", "1", "yes")
        title = text.clean(row.get("title") or key.replace("_", " "))
        rank = types()[kind].rank if kind in types() else len(types())
        marks.append(Mark(month, title, imposed, 1.0 if date else min(share, 1.0 - 1e-9), rank, reach.get(key, EVERYTHING)))
    return sorted(marks, key=lambda m: (m.month, m.rank, m.title))


def within(marks: Sequence[Mark], axis: Timeline, most: int) -> tuple[list[Mark], int]:
    """The marks on the axis, at most `most` of them (by kind, then share, then time), and how many were left out."""
    inside = [m for m in marks if axis.contains(m.month)]
    kept = sorted(inside, key=lambda m: (m.rank, -m.share, m.month))[:most]
    return sorted(kept, key=lambda m: (m.month, m.rank, m.title)), len(inside) - len(kept)


def omitted(every: Sequence[Mark], axis: Timeline, kept: int, whom: str) -> list[str]:
    """A note on the events of the run that a picture leaves out because they do not involve those shown."""
    others = sum(axis.contains(m.month) for m in every) - kept
    if others <= 0:
        return []
    return [f"Marked: events that involve {whom} directly; {others} other{'s' if others > 1 else ''} of the run not marked."]
