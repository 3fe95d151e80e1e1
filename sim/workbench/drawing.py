"""The map as data for the page: the paths of the states and of what lies around them, to be coloured for any month."""

from __future__ import annotations

from typing import Any

from sim.calendar import format_month
from sim.plots.maps import atlas, geography
from sim.plots.maps.view import choose
from sim.report.atlas import NOTE, WIDE, paths, state_shape
from sim.report.colours import ALIGNMENT, TOWARD
from sim.workbench.story import Story

MOST = 60
"""States up to which a page draws the lands around them; beyond, the states are the map."""


def drawn(story: Story) -> dict[str, Any] | None:
    """The map of a story's states; None where the geometry cannot show them."""
    codes = list(story.world.names.states)
    if atlas.cannot_show(codes, format_month(story.scenario.start)):
        return None
    window = choose(codes)
    scale = WIDE / (window.box[2] - window.box[0])
    high = round((window.box[3] - window.box[1]) * scale)
    others = [code for code in atlas.atlas().areas if code not in codes]
    shapes, beyond = [], []
    for code in codes:
        shape, label = state_shape(window, code, scale, "")
        if shape is None:
            beyond.append(story.name.one(code))
            continue
        shapes.append([code, shape, _place(label)])
    return {
        "wide": WIDE,
        "high": high,
        "sea": paths(window, [geography.sea(window)], scale),
        "land": "".join(paths(window, geography.rings(window, code), scale) for code in others),
        "states": shapes,
        "disputed": paths(window, geography.disputed(window), scale, closed=False),
        "beyond": beyond,
        "credit": atlas.CREDIT,
        "note": NOTE,
        "stops": list(ALIGNMENT),
        "toward": list(TOWARD),
    }


def _place(label: str) -> list[float] | None:
    """Where a label stands and how large it is, from its element; None where there is no room."""
    import re

    found = re.search(r'x="([\d.]+)" y="([\d.]+)".*font-size="([\d.]+)"', label)
    return [float(part) for part in found.groups()] if found else None
