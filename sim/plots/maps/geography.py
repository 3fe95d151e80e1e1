"""Geometry of the maps as a view shows it: rings to fill, lines to draw, where labels stand.

Everything is projected with equal areas and cut at the window. `atlas` has the areas in degrees, `view` the projection;
what they offer is here too.

    view = choose(["IND", "CHN", "KAZ"])
    rings(view, "IND")   # closed rings to fill
    around(view, ["IND", "CHN"])  # the outline of the two together
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

import numpy as np

from sim.plots.maps.atlas import (
    CONTROL,
    CREDIT,
    GEOMETRY,
    STEP,
    Atlas,
    atlas,
    by_dispute,
    degrees,
    dense,
    known,
    middle,
    outline,
    spherical_area,
    unit,
    within_ring,
)
from sim.plots.maps.view import EURASIA, FAR, NEAR, WORLD, View, choose

__all__ = [
    "CREDIT",
    "EURASIA",
    "FAR",
    "GEOMETRY",
    "NEAR",
    "STEP",
    "WORLD",
    "Atlas",
    "View",
    "anchor",
    "area",
    "around",
    "atlas",
    "choose",
    "disputed",
    "graticule",
    "known",
    "middle",
    "outline",
    "rings",
    "sea",
    "spherical_area",
]


def rings(view: View, code: str) -> tuple[np.ndarray, ...]:
    """Projected closed rings of an area that touch the window, cut where the view ends."""
    return _rings(view, code)


@lru_cache(maxsize=4096)
def _rings(view: View, code: str) -> tuple[np.ndarray, ...]:
    cut = _cut_world if view.lat is None else _cut_far
    parts = [part for ring in outline(code) for part in cut(view, ring) if _seen(view, part)]
    return tuple(part for part in (_trim(view, part) for part in parts) if len(part) > 3)


def _trim(view: View, ring: np.ndarray) -> np.ndarray:
    """A closed ring without what lies well outside the window, so that files stay small."""
    left, low, right, high = view.box
    spare = 0.02 * max(right - left, high - low)
    bare = ring[:-1]
    for axis, sign, limit in ((0, 1, left - spare), (0, -1, right + spare), (1, 1, low - spare), (1, -1, high + spare)):
        depth = sign * (bare[:, axis] - limit)
        if (depth < 0).any():
            bare, _ = _keep(bare, depth)
        if len(bare) < 3:
            return bare
    return np.vstack([bare, bare[:1]])


def _seen(view: View, line: np.ndarray) -> bool:
    """Whether the line's own box meets the window."""
    (x0, y0), (x1, y1) = line.min(axis=0), line.max(axis=0)
    left, low, right, high = view.box
    return bool(x1 >= left and x0 <= right and y1 >= low and y0 <= high)


def _keep(points: np.ndarray, depth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A ring without its closing point, cut along depth = 0; returns the kept points and which of them are new."""
    inside = depth >= 0
    after, next_depth = np.roll(points, -1, axis=0), np.roll(depth, -1)
    crossing = np.flatnonzero(inside != (next_depth >= 0))
    share = depth[crossing] / (depth[crossing] - next_depth[crossing])
    new = points[crossing] + share[:, None] * (after[crossing] - points[crossing])
    old = np.flatnonzero(inside)
    order = np.argsort(np.concatenate([2 * old, 2 * crossing + 1]), kind="stable")
    fresh = np.concatenate([np.zeros(len(old), bool), np.ones(len(crossing), bool)])
    return np.concatenate([points[old], new])[order], fresh[order]


def _cut_far(view: View, ring: np.ndarray) -> list[np.ndarray]:
    """Projected ring without what lies more than `FAR` degrees from the centre."""
    if view.away(ring).max() <= FAR:
        return [view.project(ring)]
    vectors = unit(ring[:-1])
    depth = vectors @ unit(np.array([view.lon, view.lat]))[0] - np.cos(np.radians(FAR))
    kept, fresh = _keep(vectors, depth)
    if len(kept) < 3:
        return []
    flat = view.project(np.array([degrees(vector) for vector in kept]))
    parts = []
    for k, (here, there) in enumerate(zip(flat, np.roll(flat, -1, axis=0), strict=True)):
        parts.append(here[None])
        if fresh[k] and fresh[(k + 1) % len(flat)]:  # along the edge of the view, the short way
            start, stop = (np.arctan2(p[1], p[0]) for p in (here, there))
            turn = (stop - start + np.pi) % (2 * np.pi) - np.pi
            angles = start + turn * np.linspace(0, 1, 18)[1:-1]
            parts.append(np.hypot(*here) * np.column_stack([np.cos(angles), np.sin(angles)]))
    closed = np.vstack(parts)
    return [np.vstack([closed, closed[:1]])]


def _cut_world(view: View, ring: np.ndarray) -> list[np.ndarray]:
    """Projected parts of a ring, cut at the edge of the world map."""
    found = []
    for turn in (-360.0, 0.0, 360.0):
        moved = ring[:-1] + np.array([turn - view.lon, 0.0])
        if moved[:, 0].max() <= -180 or moved[:, 0].min() >= 180:
            continue
        for sign in (1, -1):
            moved, _ = _keep(moved, 180.0 + sign * moved[:, 0])
        if len(moved) >= 3:
            closed = dense(np.vstack([moved, moved[:1]]))
            found.append(view.project(closed + np.array([view.lon, 0.0])))
    return found


def _pieces(view: View, lines: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Projected pieces of lines of degrees that meet the window, projected all at once."""
    if not lines:
        return []
    places = np.vstack(lines)
    ends = np.cumsum([len(line) for line in lines])
    breaks = np.zeros(len(places), bool)
    breaks[ends[:-1]] = True
    if view.lat is None:
        places = np.column_stack([view.wrap(places[:, 0]), places[:, 1]])
        breaks[1:] |= np.abs(np.diff(places[:, 0])) > 180
        far = np.zeros(len(places), bool)
    else:
        far = view.away(places) > FAR
        breaks[1:] |= far[1:] != far[:-1]
    flat = view.project(places)
    starts = np.concatenate([[0], np.flatnonzero(breaks)])
    least, most = np.minimum.reduceat(flat, starts), np.maximum.reduceat(flat, starts)
    left, low, right, high = view.box
    seen = (most >= [left, low]).all(axis=1) & (least <= [right, high]).all(axis=1) & ~far[starts]
    stops = np.append(starts[1:], len(flat))
    return [flat[a:b] for a, b, shown in zip(starts, stops, seen, strict=True) if shown and b - a > 1]


def disputed(view: View, without: Collection[str] = ()) -> tuple[np.ndarray, ...]:
    """Projected lines to be dashed; but not those that part the group `without` from others, which its outline shows."""
    return _disputed(view, frozenset(without))


@lru_cache(maxsize=64)
def _disputed(view: View, without: frozenset[str]) -> tuple[np.ndarray, ...]:
    own = [k for k, owners in enumerate(atlas().owners) if len(owners & without) != 1]
    lines = [piece for k in own for piece, dashed in by_dispute(k) if dashed]
    return tuple(_pieces(view, [*lines, *(dense(np.array(line)) for line in CONTROL)]))


def around(view: View, group: Collection[str]) -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
    """Projected outline of a group of areas (arcs with the group on one side only): settled parts, disputed parts."""
    return _around(view, frozenset(group))


@lru_cache(maxsize=64)
def _around(view: View, group: frozenset[str]) -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
    edge = [k for k, owners in enumerate(atlas().owners) if len(owners & group) == 1]
    parts = [part for k in edge for part in by_dispute(k)]
    settled, open_ones = ([line for line, dashed in parts if dashed == kind] for kind in (False, True))
    return tuple(_pieces(view, settled)), tuple(_pieces(view, open_ones))


def sea(view: View) -> np.ndarray:
    """Outline of what the view shows, a closed ring: its window, or the edge of the whole world."""
    left, low, right, high = view.box
    if view.lat is not None:
        return np.array([(left, low), (right, low), (right, high), (left, high), (left, low)])
    lats = np.linspace(-90, 90, 61)
    sides = [np.column_stack([np.full(61, view.lon + turn), way]) for turn, way in ((180.0, lats), (-180.0, lats[::-1]))]
    ring = view.project(np.vstack(sides))
    return np.vstack([ring, ring[:1]])


@lru_cache(maxsize=16)
def graticule(view: View) -> tuple[np.ndarray, ...]:
    """Projected meridians and parallels, every 20 degrees."""
    lines = [np.column_stack([np.full(81, lon), np.linspace(-80, 80, 81)]) for lon in np.arange(-180.0, 180.0, 20.0)]
    around_it = np.linspace(view.lon - 179.999, view.lon + 179.999, 181)
    lines += [np.column_stack([around_it, np.full(181, lat)]) for lat in np.arange(-80.0, 81.0, 20.0)]
    return tuple(_pieces(view, lines))


@lru_cache(maxsize=4096)
def anchor(view: View, code: str, aspect: float) -> tuple[float, float, float]:
    """Where a label of a given width over height stands best: x, y, and half of the height that is free there.

    A state without a polygon in the window has no room: its point, and 0.
    """
    inside = rings(view, code)
    left, low, right, high = view.box
    best = (*view.project(_wrapped(view, middle(code)))[0], 0.0)
    for ring in sorted(inside, key=lambda r: -_flat_area(r))[:2]:
        x0, y0 = np.maximum(ring.min(axis=0), [left, low])
        x1, y1 = np.minimum(ring.max(axis=0), [right, high])
        grid = np.stack(np.meshgrid(np.linspace(x0, x1, 29)[1:-1], np.linspace(y0, y1, 29)[1:-1]), -1).reshape(-1, 2)
        grid = grid[within_ring(ring, grid)]
        if not len(grid):
            continue
        edges, squeeze = np.vstack([(ring[1:] + ring[:-1]) / 2, ring]), 1 / aspect
        across, along = grid[:, :1] * squeeze - edges[:, 0] * squeeze, grid[:, 1:] - edges[:, 1]
        free = np.sqrt((across * across + along * along).min(axis=1))
        free = np.minimum(free, np.abs(grid[:, :1] - [left, right]).min(axis=1) / aspect)
        free = np.minimum(free, np.abs(grid[:, 1:] - [low, high]).min(axis=1))
        k = int(np.argmax(free))
        if free[k] > best[2]:
            best = (float(grid[k, 0]), float(grid[k, 1]), float(free[k]))
    return (float(best[0]), float(best[1]), float(best[2]))


def _wrapped(view: View, place: tuple[float, float]) -> np.ndarray:
    return np.array([[float(view.wrap(np.array(place[0]))), place[1]]])


def _flat_area(ring: np.ndarray) -> float:
    """Area inside a closed ring of the plane."""
    x, y = (ring - ring[0]).T
    return abs(float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))) / 2


def area(view: View, code: str) -> float:
    """Area of a state in the plane, Earth radii squared; every view gives the same, the projections being equal-area."""
    cut = _cut_world if view.lat is None else _cut_far
    return sum(_signed(part) for ring in outline(code) for part in cut(view, ring))


def _signed(ring: np.ndarray) -> float:
    """Area with clockwise rings (polygons) positive and holes negative."""
    x, y = (ring - ring[0]).T
    return -float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2
