"""Labels beside points that touch neither each other nor the points; those that find no room are numbered for a key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sim.plots.sheet import text

SIZE = 7.5
HIGH = 0.13
Box = tuple[float, float, float, float]
"""left, right, top, bottom in inches of the body; y grows downward."""


@dataclass(frozen=True)
class Point:
    """A point, or a vertical range, in inches of the sheet; `low` lies below `high` on paper (a larger y)."""

    x: float
    high: float
    low: float
    words: str


@dataclass(frozen=True)
class Callout:
    """Words with their box in inches, and the point of the leader line (None where the label touches its point)."""

    words: str
    left: float
    right: float
    y: float
    leader: tuple[float, float] | None


def _clear(box: Box, taken: Sequence[Box]) -> bool:
    """Whether a box touches none of those taken."""
    return all(box[1] < t[0] or t[1] < box[0] or box[3] < t[2] or t[3] < box[2] for t in taken)


def place(points: Sequence[Point], room: Box) -> tuple[list[Callout], list[str]]:
    """Put the words of each point near it, within `room`; returns a callout for each and the key of numbers.

    Near places first, then further ones with a leader line; where nothing is free a point gets the next number.
    """
    taken = [(p.x - 0.05, p.x + 0.05, p.high - 0.05, p.low + 0.05) for p in points]
    callouts: list[Callout] = []
    key: list[str] = []
    for own, point in enumerate(points):
        others = taken[:own] + taken[own + 1 :]
        found = _search(point, point.words, others, room, near=False)
        if found is None:
            key.append(f"{len(key) + 1}  {point.words}")
            found = _search(point, str(len(key)), others, room, near=True)
            found = found or Callout(str(len(key)), point.x + 0.07, point.x + 0.2, point.high, None)
        taken.append((found.left, found.right, found.y - HIGH / 2, found.y + HIGH / 2))
        callouts.append(found)
    return callouts, key


def _places(point: Point, wide: float, near: bool) -> Iterator[tuple[float, float, bool]]:
    """Left edges and heights to try, best first, and whether a leader line is needed."""
    middle, beside = (point.high + point.low) / 2, (point.x + 0.08, point.x - 0.08 - wide)
    over = (point.x - wide / 2, point.x + 0.04, point.x - 0.04 - wide)
    ends = (middle,) if point.low - point.high < 0.2 else (middle, point.high + 0.06, point.low - 0.06)
    yield from ((x, y, False) for y in ends for x in beside)
    yield from ((x, y, False) for y in (point.high - 0.13, point.low + 0.13) for x in over)
    if not near:
        for far in (0.16, 0.3, 0.45, 0.6, 0.8, 1.0, 1.25):
            for y in (point.high - 0.13 - far, point.low + 0.13 + far):
                yield from ((x, y, True) for x in over)
                yield from ((x + side, y, True) for x, side in zip(beside, (0.15, -0.15), strict=True))


def _search(point: Point, words: str, taken: Sequence[Box], room: Box, near: bool) -> Callout | None:
    """The first free place: beside, above or below the point, then further off."""
    wide = text.width(words, SIZE)
    for x, y, leader in _places(point, wide, near):
        box = (x - 0.03, x + wide + 0.03, y - HIGH / 2, y + HIGH / 2)
        inside = box[0] >= room[0] and box[1] <= room[1] and box[2] >= room[2] and box[3] <= room[3]
        if inside and _clear(box, taken):
            end = point.high if y < point.high else point.low
            return Callout(words, x, x + wide, y, (point.x, end) if leader else None)
    return None
