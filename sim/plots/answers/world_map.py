"""A starting world on a map: states by their votes in the United Nations, members of an organisation outlined."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.calendar import format_month
from sim.plots import PictureError
from sim.plots.maps import atlas, map_panel, map_sheet
from sim.plots.maps.map_panel import Shading
from sim.plots.maps.map_sheet import Map, Sample
from sim.plots.sheet import palette, text
from sim.scenario.problems import did_you_mean
from sim.wording import date

if TYPE_CHECKING:
    from sim.plots.sheet.sheet import Sheet
    from sim.scenario.worlds import StartingWorld

OUTLINED = 2
LABELLED = 60
"""Up to so many states have a label each; of more, the most powerful."""


def draw(world: StartingWorld, outline: Sequence[str], stem: Path, kind: str) -> Path:
    """Draw a world into ``stem.kind`` (``png`` or ``svg``); the file written.

    Raises:
        PictureError: none of its states is on the map, its borders are of another time, or an organisation is not in it.
    """
    with palette.drawing():
        return figure(world, outline).save(stem, (kind,))[0]


def figure(world: StartingWorld, outline: Sequence[str] = ()) -> Sheet:
    """The picture.

    Raises:
        PictureError: see :func:`draw`.
    """
    states = world.tables.states
    codes = [row["code"] for row in states]
    if reason := atlas.cannot_show(codes, format_month(world.date)):
        raise PictureError(reason)
    known = {row["code"]: row["name"] for row in world.tables.organisations}
    for code in outline:
        if code not in known:
            raise PictureError(f"--outline {code}: not an organisation of this world{did_you_mean(code, known)}")
    if len(outline) > OUTLINED:
        raise PictureError(f"--outline: {len(outline)} organisations; {OUTLINED} at most can be told apart")
    values = np.array([row["affinity"] for row in states])
    reach = max(float(np.abs(values).max()), 0.1)
    fills = map_panel.shades(codes, values / reach, palette.alignment_map().reversed())
    outlines = [{r["state"] for r in world.tables.memberships if r["organisation"] == code} & set(codes) for code in outline]
    samples = [map_sheet.scale(palette.alignment_map().reversed(), f"{-reach:.1f}", f"{reach:.1f}")]
    for k, code in enumerate(outline):
        samples.append(Sample("outline", f"members of {text.shorten(code, 1.2, map_sheet.SMALL)}", about=k))
    top = sorted(states, key=lambda row: -row["capability"])[:LABELLED]
    labelled = {row["code"] for row in top} if len(codes) > LABELLED else None
    return map_sheet.make(
        codes,
        [
            Map(
                "",
                "ideal point by votes in the UN General Assembly",
                Shading(fills, dict(zip(codes, codes)), outlines=outlines),
            )
        ],
        samples,
        {row["code"]: row["name"] for row in states},
        label="WWW",
        title=f"{world.name}, {date(format_month(world.date))}",
        explain="Colour: ideal point by votes in the UN General Assembly; blue votes as the United States does.",
        footer=f"{len(codes)} states. Starting world {world.name}.",
        labelled=labelled,
        said="" if labelled is None else f"Labels: the {LABELLED} most powerful states.",
    )
