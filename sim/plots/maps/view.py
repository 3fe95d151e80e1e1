"""A view of some states: an equal-area projection and a window of it, chosen so that the states fill it.

Coordinates are longitude and latitude in degrees before a view projects them, Earth radii after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from sim.plots.maps.atlas import degrees, known, middle, outline, spherical_area, unit

NEAR = 75.0
"""How far from its centre, in degrees, an azimuthal view shows states."""
FAR = 125.0
"""Where an azimuthal view ends, in degrees from its centre; what lies beyond is cut off."""
POLE = 64.0
"""Wide views are not centred nearer to a pole than this latitude."""
EURASIA = (72.0, 44.0)
WORLD = 11.0
"""Central meridian of the whole world, chosen so that its edge runs through the Bering Strait."""


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
        lon, lat = degrees(mean)
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
