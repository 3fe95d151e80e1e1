"""The map as one SVG: areas to be coloured by the script for any month, already coloured for the last one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from markupsafe import Markup, escape

from sim.calendar import parse_month
from sim.plots.maps import atlas, geography
from sim.plots.maps.view import View as Window
from sim.plots.maps.view import choose
from sim.report import colours
from sim.report.views import View
from sim.results import Run, foremost

WIDE = 2000
"""Units across the drawing; about half of one is a pixel on a wide screen."""
UNSURE = 0.7
"""Under this share of replicates on its most frequent side, a state is hatched."""
LABEL = 3.4
"""Width of a label over its height."""
SIDES = {"bloc_none": 0, "bloc_east": 1, "bloc_west": 2}
NOTE = (
    "Shading is model output, not a territorial claim. Boundaries follow their source and imply no endorsement; disputed or "
    "undetermined lines are dashed as far as it draws them; front lines are not drawn."
)


def drawn(view: View, run: Run, codes: Sequence[str]) -> dict[str, Any] | None:
    """The map of a run's states, or None where it cannot be: no alignment, or nothing that the geometry can show.

    Returns:
        svg; beyond (names of states that are not on it); outlines (organisation -> [[month, path], ...]); most (the end of
        the scale of alignment); credit and note.
    """
    codes = [code for code in codes if ("alignment", code) in view.series]
    if atlas.cannot_show(codes, run.manifest["start"]):
        return None
    lean = np.array([np.nan_to_num(view.series["alignment", code].middle) for code in codes])
    most = next((reach for reach in (0.25, 0.5, 0.75) if np.abs(lean).max() <= reach), 1.0)
    window = choose(codes)
    scale = WIDE / (window.box[2] - window.box[0])
    high = round((window.box[3] - window.box[1]) * scale)
    others = "".join(
        paths(window, geography.rings(window, code), scale) for code in atlas.atlas().areas if code not in codes
    )
    parts = [
        '<defs><pattern id="hatch" width="14" height="14" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<path class="hatch" d="M0 0V14"/></pattern></defs>',
        f'<path class="sea" d="{paths(window, [geography.sea(window)], scale)}"/>',
        f'<path class="land" d="{others}"/>',
    ]
    hatched, labels, beyond = [], [], []
    for k, code in enumerate(codes):
        shares = {side: float(view.series[side, code].rows[0, -1]) for side in SIDES}
        side = max(shares, key=shares.__getitem__)
        shape, label = state_shape(window, code, scale, run.sides.letters[SIDES[side]])
        if shape is None:
            beyond.append(run.name.one(code))
            continue
        fill = colours.colour(float(lean[k, -1]), most, colours.ALIGNMENT)
        name = escape(code)
        parts.append(f'<path class="state" data-code="{name}" fill="{fill}" d="{shape}"/>')
        unsure = "" if shares[side] < UNSURE else ' class="sure"'
        hatched.append(f'<path data-code="{name}"{unsure} d="{shape}"/>')
        labels.append(label)
    disputed = paths(window, geography.disputed(window), scale, closed=False)
    outlines = _outlines(run, window, scale)
    moves = Counter({code: len(lines) - 1 for code, lines in outlines.items()})
    liveliest = foremost.organisation(run, list(outlines), moves) if outlines else None
    last = outlines[liveliest][-1][1] if liveliest else ""
    parts += [
        f'<g class="unsure">{"".join(hatched)}</g>',
        f'<path class="under" d="{disputed}"/><path class="disputed" d="{disputed}"/>',
        f'<path class="outline" d="{last}"/>',
        f'<g class="labels">{"".join(labels)}</g>',
    ]
    box = f'viewBox="0 0 {WIDE} {high}" role="img" aria-labelledby="map-title"'
    svg = f'<svg id="map-drawing" class="map" {box}>{"".join(parts)}</svg>'
    return {
        "svg": Markup(svg),
        "beyond": beyond,
        "outlines": outlines,
        "outlined": liveliest,
        "most": most,
        "codes": codes,
        "credit": atlas.CREDIT,
        "note": NOTE,
    }


def state_shape(window: Window, code: str, scale: float, letter: str) -> tuple[str | None, str]:
    """The path of a state (a disc where the geometry has only a point), and its label where there is room."""
    if not atlas.known(code) or code in window.beyond:
        return None, ""
    shape = paths(window, geography.rings(window, code), scale)
    x, y, free = geography.anchor(window, code, LABEL)
    x, y, free = (x - window.box[0]) * scale, (window.box[3] - y) * scale, free * scale
    if not shape:
        shape = f"M{x - 12:.0f} {y:.0f}a12 12 0 1 0 24 0a12 12 0 1 0 -24 0z"
    size = min(34.0, 1.7 * free)
    if size < 15:
        return shape, ""
    wide = ' class="roomy"' if free >= 34 else ""
    code = escape(code)
    return shape, (
        f'<text{wide} data-code="{code}" x="{x:.0f}" y="{y:.0f}" dy=".35em" font-size="{size:.0f}">{code} {letter}</text>'
    )


def paths(window: Window, lines: Sequence[np.ndarray], scale: float, *, closed: bool = True) -> str:
    """Lines of the plane as path data in whole units, each point by its step from the one before."""
    found = []
    for line in lines:
        places = np.rint((line - [window.box[0], window.box[3]]) * [scale, -scale]).astype(int)
        steps = np.diff(places, axis=0)
        steps = steps[(steps != 0).any(axis=1)]
        if len(steps) < (3 if closed else 1):
            continue
        said = " ".join(f"{dx} {dy}" for dx, dy in (steps[:-1] if closed else steps).tolist())
        found.append(f"M{places[0, 0]} {places[0, 1]}l{said}" + "z" * closed)
    return "".join(found).replace(" -", "-")


def _outlines(run: Run, window: Window, scale: float) -> dict[str, list[list[Any]]]:
    """Organisation -> (bound from which its members are these, their outline), in order of time."""
    dated = _changes(run)
    found = {}
    for row in run.manifest.get("organisations") or ():
        members, own = set(row.get("members") or ()), [change for change in dated if change[1] == row["code"]]
        moments: list[tuple[int, frozenset[str]]] = [(0, frozenset(members))]
        for month, _, states, joins in own:
            members = members | states if joins else members - states
            moments.append((month + 1, frozenset(members)))  # what a month brings is in force at its end
        lines = [
            [
                bound,
                paths(
                    window, [*geography.around(window, inside)[0], *geography.around(window, inside)[1]], scale, closed=False
                ),
            ]
            for bound, inside in moments
            if inside
        ]
        if any(path for _, path in lines):
            found[row["code"]] = lines
    return found


def _changes(run: Run) -> list[tuple[int, str, set[str], bool]]:
    """Accessions and exits that happen in most replicates: month, organisation, states, whether in."""
    events: Mapping[str, Any] = run.story().get("events") or {}
    happened = {row["key"]: row for row in run.event_rows()}
    found = []
    for key, event in events.items():
        row = happened.get(key, {})
        month = row.get("date") or row.get("median")
        if event.get("type") in ("join", "leave") and month and float(row.get("share") or 1) >= 0.5:
            joins = event["type"] == "join"
            found.append((parse_month(month), event["organisation"], set(event.get("states") or ()), joins))
    return sorted(found, key=lambda change: (change[0], change[1], sorted(change[2])))
