"""Colours by value, without matplotlib: the same scales as the pictures', through their stops."""

from __future__ import annotations

from collections.abc import Sequence

from sim.plots.sheet.palette import EAST, EMPTY, NON_ALIGNED, WEST

LEVEL = (
    "#00224e",
    "#002e6a",
    "#1a386f",
    "#32436d",
    "#434e6c",
    "#535a6d",
    "#61656f",
    "#6f7073",
    "#7d7c78",
    "#8c8878",
    "#9b9476",
    "#aba072",
    "#bcae6c",
    "#cdbb63",
    "#dec958",
    "#f0d846",
    "#fee838",
)
"""matplotlib's cividis: lightness alone carries the value."""
CHANGE = ("#543005", "#995d13", "#cfa256", "#f1dfb3", "#f4f5f5", "#b4e2db", "#58b0a7", "#0c7169", "#003c30")
"""matplotlib's BrBG, brown to teal."""
ALIGNMENT = (WEST, NON_ALIGNED, EAST)
TOWARD = (WEST, "#ffffff", EAST)
"""A difference of alignment; white, since a hedging state's yellow would say that it does not differ."""


def colour(value: float, most: float, stops: Sequence[str]) -> str:
    """The colour of a value on a scale from -most to most, in 64 steps."""
    if value != value:
        return EMPTY
    share = (min(max(value / most, -1.0), 1.0) + 1) / 2 if most else 0.5
    place = round(share * 64) / 64 * (len(stops) - 1)
    low = min(int(place), len(stops) - 2)
    mixed = (_mix(int(stops[low][k : k + 2], 16), int(stops[low + 1][k : k + 2], 16), place - low) for k in (1, 3, 5))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def _mix(a: int, b: int, share: float) -> int:
    return round(a + (b - a) * share)
