"""Event labels above a time axis that never overlap: written out where they fit, else numbered with a key below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.plots.sheet import palette, text
from sim.plots.sheet.sheet import MARGIN, Sheet
from sim.plots.time.marks import Mark, within
from sim.plots.time.timeline import Timeline

SIZE = 7.5
LANE = 0.165
GAP = 0.05
LANES = 6
MOST = 30
_STYLES = {"dated": (0, (4, 2.5)), "some": (0, (1, 1.8)), "imposed": "solid"}


@dataclass(frozen=True)
class Tag:
    """Words beside (or on) the line of the marks they stand for; inches from the sheet's left edge."""

    words: str
    left: float
    right: float
    at: float
    lane: int
    mark: Mark


@dataclass(frozen=True)
class Banner:
    """Where every event label goes: `high` inches above the panels, `below` inches of key under them."""

    axis: Timeline
    marks: list[Mark]
    tags: list[Tag]
    key: list[str]
    columns: int

    @property
    def high(self) -> float:
        """Room for the labels above the panels, inches."""
        return (1 + max((t.lane for t in self.tags), default=-1)) * LANE + (0.1 if self.tags else 0)

    @property
    def below(self) -> float:
        """Room for the key below the panels, legend of the lines included, inches."""
        if not self.marks:
            return 0.0
        rows = -(-len(self.key) // self.columns)
        return 0.22 + rows * 0.15 + (0.05 if rows else 0)


def _meets(tag: Tag, others: Sequence[Tag]) -> bool:
    """Whether a tag would touch another tag, or the line that leads up to another, or its own line would cross one."""
    for other in others:
        if (
            tag.lane == other.lane
            and min(tag.left, tag.at) < other.right + GAP
            and min(other.left, other.at) < tag.right + GAP
        ):
            return True
        if other.lane > tag.lane and tag.left - 0.02 < other.at < tag.right + 0.02:
            return True
        if tag.lane > other.lane and other.left - 0.02 < tag.at < other.right + 0.02:
            return True
    return False


def _place(wanted: Sequence[tuple[str, Mark]], axis: Timeline, right: float, centred: bool, lanes: int) -> list[Tag] | None:
    """Right to left, each right of its line in the lowest free lane, else left of it; None if one does not fit."""
    placed: list[Tag] = []
    for words, mark in reversed(wanted):
        at, wide = axis.inch(mark.month), text.width(words, SIZE, centred)
        starts = [at - wide / 2 - 0.02] if centred else [at + GAP, at - GAP - wide]
        ends = [at + wide / 2 + 0.02] if centred else [at + GAP + wide, at - GAP]
        options = (
            Tag(words, left, end, at, lane, mark)
            for left, end in zip(starts, ends, strict=True)
            for lane in range(lanes)
            if left >= MARGIN - 0.06 and end <= right
        )
        fit = next((tag for tag in options if not _meets(tag, placed)), None)
        if fit is None:
            return None
        placed.append(fit)
    return placed


def _span(numbers: Sequence[int]) -> str:
    """3; 3–5; 3, 7."""
    if len(numbers) > 1 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{numbers[0]}–{numbers[-1]}"
    return ", ".join(str(n) for n in numbers)


def _numbered(marks: Sequence[Mark], numbers: Mapping[Mark, int], axis: Timeline, right: float) -> list[Tag]:
    """Numbers over the lines; neighbours that would collide share one tag ("3–5")."""
    for closest in (0.0, 0.06, 0.12, 0.2, 0.3, 0.45, 0.7):
        groups: list[list[Mark]] = []
        for mark in marks:
            if groups and axis.inch(mark.month) - axis.inch(groups[-1][0].month) <= closest:
                groups[-1].append(mark)
            else:
                groups.append([mark])
        wanted = [(_span([numbers[m] for m in group]), group[len(group) // 2]) for group in groups]
        tags = _place(wanted, axis, right, True, 3)
        if tags is not None:
            return tags
    return []


def plan(marks: Sequence[Mark], axis: Timeline, wide: float, *, lanes: int = LANES, most: int = MOST) -> Banner:
    """Choose between labels written out and numbers with a key, for a sheet `wide` inches wide.

    lanes: how many rows of labels may stand above the panels before numbers take over.
    """
    shown, left_out = within(marks, axis, most)
    for rows in range(1, lanes + 1):
        tags = _place([(m.label, m) for m in shown], axis, wide - MARGIN, False, rows)
        if tags is not None and not left_out:
            return Banner(axis, shown, tags, [], 1)
    return key(shown, left_out, axis, wide, _numbered(shown, numbered(shown), axis, wide - MARGIN))


def numbered(marks: Sequence[Mark]) -> dict[Mark, int]:
    """Numbers from 1 in the order given."""
    return {mark: number for number, mark in enumerate(marks, 1)}


def part(marks: Sequence[Mark], numbers: Mapping[Mark, int], axis: Timeline, right: float) -> Banner:
    """Number tags of some marks above one of several panels that share a key; tags stay left of `right` inches."""
    return Banner(axis, list(marks), _numbered(marks, numbers, axis, right), ["shared"], 1)


def key(marks: Sequence[Mark], left_out: int, axis: Timeline, wide: float, tags: Sequence[Tag] = ()) -> Banner:
    """The numbered key of marks, in as many columns as fit a sheet `wide` inches wide."""
    entries = [f"{i}  {m.dated}" for i, m in enumerate(marks, 1)]
    if left_out:
        entries.append(f"and {left_out} more, in events.csv")
    room = wide - 2 * MARGIN
    widest = max((text.width(e, SIZE) for e in entries), default=1.0) + 0.15
    columns = max(1, min(4, int(room / widest)))
    entries = [text.shorten(e, room / columns - 0.1, SIZE) for e in entries]
    return Banner(axis, list(marks), list(tags), entries, columns)


def _kind(mark: Mark) -> str:
    """Dashes for a dated event, dots for one that happens in some replicates, a solid line for an imposed outcome."""
    return "imposed" if mark.imposed else "dated" if mark.sure else "some"


def draw(banner: Banner, sheet: Sheet, tops: Sequence[float], bottoms: Sequence[float]) -> None:
    """Lines through the panels (from tops[k] to bottoms[k], inches of the body) and tags above the first."""
    base = tops[0]
    segments: dict[str, dict[tuple, None]] = {kind: {} for kind in _STYLES}
    for mark in banner.marks:
        at = banner.axis.inch(mark.month)
        for top, bottom in zip(tops, bottoms, strict=True):
            segments[_kind(mark)][((at, top), (at, bottom))] = None
    for tag in banner.tags:
        middle = base - 0.07 - (tag.lane + 0.5) * LANE
        segments[_kind(tag.mark)][((tag.at, base), (tag.at, middle + (0.06 if banner.key else -0.05)))] = None
        place = (tag.left + tag.right) / 2 if banner.key else tag.left
        sheet.write(
            place,
            middle,
            tag.words,
            size=SIZE,
            color=palette.INK,
            ha="center" if banner.key else "left",
            weight="bold" if banner.key else "normal",
        )
    for kind, lines in segments.items():
        if lines:
            sheet.lines(lines, linestyle=_STYLES[kind], color="#555555", linewidth=0.6 if kind == "imposed" else 0.75)
    imposed = sorted({banner.axis.inch(m.month) for m in banner.marks if m.imposed})
    if imposed:
        sheet.line(imposed, [base] * len(imposed), marker="D", markersize=3.2, color="#444444", linestyle="none")


def legend(banner: Banner, sheet: Sheet, top: float) -> None:
    """From `top` down: one row that says what the lines mean, then the key of the numbers in columns."""
    if not banner.marks:
        return
    kinds = []
    if any(m.sure and not m.imposed for m in banner.marks):
        kinds.append(("dated", "dated event"))
    if any(not m.sure and not m.imposed for m in banner.marks):
        kinds.append(("some", "event on a condition or by chance, at its median month"))
    if any(m.imposed for m in banner.marks):
        kinds.append(("imposed", "outcome imposed by the scenario, not produced by the model"))
    x, y = MARGIN, top + 0.1
    for kind, words in kinds:
        sheet.line([x, x + 0.3], [y, y], linestyle=_STYLES[kind], color="#444444", linewidth=0.9)
        if kind == "imposed":
            sheet.line([x + 0.15], [y], marker="D", markersize=3.2, color="#444444", linestyle="none")
        sheet.write(x + 0.37, y, words, size=SIZE, color=palette.QUIET)
        x += 0.37 + text.width(words, SIZE) + 0.3
    if not banner.key:
        return
    rows = -(-len(banner.key) // banner.columns)
    step = (sheet.wide - 2 * MARGIN) / banner.columns
    for i, words in enumerate(banner.key):
        column, row = divmod(i, rows)
        sheet.write(MARGIN + column * step, top + 0.3 + row * 0.15, words, size=SIZE, color=palette.INK)
