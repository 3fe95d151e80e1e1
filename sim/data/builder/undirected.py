"""What of a record without direction (GDELT) stands in the grounds of a world: whether it can be believed is asked first.

Such a record has scores in place of counts. Its tone is put by quantiles onto the structure of the same pairs, the same both
ways, and its days with events weigh little, so that it never outweighs structure as counts of events do. Days are netted
before they are summed, which makes rivals that have much to do with each other look like friends; a record in which that
happens tells of hostile pairs alone.

Equations: ODD E65 (docs/odd.md).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from sim.data.builder.record import Record
from sim.data.public import Pair, Row

RIVALS, FRIENDS = ("CHN", "USA"), ("DEU", "USA")
"""The first must not stand above the second in a record that is believed."""
TAIL = 0.15
"""Share of pairs, from the most hostile tone on, whose record counts where the rest is not believed; assumed."""
PER_DAY, AT_MOST = 0.05, 33
"""Events that a day with events stands for, and the most that they come to: what weighs as much as structure at the estimate
of k (``anchor.weight`` of rules 0.2); assumed."""


@dataclass(frozen=True)
class Used:
    """Record as trust and events by pair; ``of`` pairs that have record and structure; where the record is not believed,
    ``ranks`` are the shares of them below the rivals and below the friends (empty where it has not both)."""

    cells: dict[Pair, tuple[float, int]]
    of: int
    believed: bool
    ranks: tuple[float, ...]

    def into(self, rows: list[Row]) -> None:
        """Put the record into the rows of a table of grounds, the same both ways."""
        for row in rows:
            if (pair := (row["a"], row["b"])) in self.cells:
                record, events = self.cells[pair]
                row |= {f"record{way}": f"{record:.2f}" for way in ("", "_back")}
                row |= {f"events{way}": str(events) for way in ("", "_back")}

    def said(self) -> str:
        """The note of a world on it."""
        first = (
            "Record in the grounds: the source (GDELT) has no direction and no counts. Its tone is put by quantiles onto "
            f"the structure of the same pairs, and a day with events stands for {PER_DAY:g} events, at most {AT_MOST} in "
            "all, with which it weighs as much as structure (assumed)."
        )
        if self.believed:
            checked = "Checked: China and the United States do not stand above Germany and the United States."
        else:
            why = "it lacks China and the United States, or Germany and the United States"
            if self.ranks:
                rivals, friends = (f"{100 * share:.0f} %" for share in self.ranks)
                why = (
                    "in it China and the United States stand above Germany and the United States "
                    f"({rivals} and {friends} of the pairs lie below)"
                )
            checked = (
                f"Checked, and not believed: {why}. So only the {100 * TAIL:.0f} % with the most hostile tone are used, "
                "and of these the pairs that it puts below their structure; all others start as if they had no record."
            )
        last = f"Pairs that trust.csv lists keep what it says. {len(self.cells)} of {self.of} pairs have a record here."
        return f"{first} {checked} {last}"


def used(events: Record, structure: Mapping[Pair, float], listed: Collection[Pair] = ()) -> Used:
    """What counts of a record without direction.

    Args:
        events: the record.
        structure: what structure lets expect of each pair, as trust.
        listed: pairs whose trust is written down; a record this weak does not take its place (ODD A44).
    """
    pairs = sorted(set(events.cells) & set(structure))
    if not pairs:
        return Used({}, 0, False, ())
    tone = np.array([events.cells[pair][0] for pair in pairs])
    days = np.array([events.cells[pair][1] for pair in pairs])
    expected = np.array([structure[pair] for pair in pairs])
    below, upto = (np.searchsorted(np.sort(tone), tone, side) for side in ("left", "right"))
    share = (below + upto) / (2 * len(pairs))
    record = np.round(np.quantile(expected, share), 2)
    count = np.round(np.minimum(PER_DAY * days, AT_MOST)).astype(int)
    at = {pair: k for k, pair in enumerate(pairs)}
    ranks = tuple(float(share[at[pair]]) for pair in (RIVALS, FRIENDS)) if {RIVALS, FRIENDS} <= set(at) else ()
    believed = bool(ranks) and ranks[0] <= ranks[1]
    counts = count > 0
    if not believed:
        counts &= (share <= TAIL) & (record < expected)
    cells = {pair: (float(record[k]), int(count[k])) for pair, k in at.items() if counts[k] and pair not in listed}
    return Used(cells, len(pairs), believed, ranks)
