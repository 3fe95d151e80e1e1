"""A sheet of maps of the same states side by side: headings, maps, what lies beyond them, legend and the numbers' key."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.plots.maps import geography, map_panel
from sim.plots.maps.map_panel import Plate, Shading
from sim.plots.sheet import palette, text
from sim.plots.sheet.sheet import MARGIN, Sheet

if TYPE_CHECKING:
    from matplotlib.colors import Colormap

GAP, HEAD, SMALL, LEAST = 0.2, 0.42, 7.0, 7.6
NOTE = (
    "Shading is model output, not a territorial claim. Boundaries follow their source and imply no endorsement; "
    f"disputed or undetermined lines are dashed as far as it draws them; front lines are not drawn. {geography.CREDIT}."
)


@dataclass(frozen=True)
class Map:
    """One map: its name, what is said of it, and what it shows."""

    name: str
    said: str
    shading: Shading


@dataclass(frozen=True)
class Sample:
    """An entry of the legend: what is drawn, `wide` inches of it, and words.

    kind: scale (`colours` from `low` words to the words), grey, hatch (on a fill `about`), outline (number `about`), dash.
    """

    kind: str
    words: str
    wide: float = 0.26
    about: Any = None
    low: str = ""
    colours: Colormap | None = field(default=None, compare=False)

    @property
    def whole(self) -> float:
        """Inches with its words and the gap after them."""
        before = text.width(self.low, SMALL) + 0.08 if self.low else 0.0
        return before + self.wide + 0.07 + text.width(self.words, SMALL) + 0.24


def scale(colours: Colormap, low: str, high: str) -> Sample:
    """The legend's entry for a colour scale."""
    return Sample("scale", high, 1.1, low=low, colours=colours)


def make(
    codes: Sequence[str],
    maps: Sequence[Map],
    samples: Sequence[Sample],
    names: Mapping[str, str],
    *,
    label: str,
    title: str,
    explain: str,
    footer: str,
    labelled: Collection[str] | None = None,
    said: str = "",
) -> Sheet:
    """The sheet.

    codes: the states, in the order of their numbers; `names` are their names.
    samples: what the legend explains; the maps' own grey, hatching and dashes are added.
    label: words as wide as the widest label of a state.
    labelled: the states that get a label or a number, None for all; `said` is what the notes say of that.
    """
    view = geography.choose(codes)
    stacked = view.lat is None
    columns = 1 if stacked else len(maps)
    wide = 7.4 if stacked else {1: 6.2, 2: 4.6}.get(columns, 3.4 if columns == 3 else 3.0)
    plate = map_panel.plan(view, [code for code in codes if labelled is None or code in labelled], wide, label)
    total = max(2 * MARGIN + columns * wide + (columns - 1) * GAP, LEAST)
    out = [code for code in codes if code in (*view.beyond, *view.unknown)]
    step = HEAD + plate.high + (0.26 if out else 0.08)
    below = step * -(-len(maps) // columns)
    legend = [*samples, Sample("grey", "not in the model")]
    if geography.disputed(view):
        legend.append(Sample("dash", "disputed or undetermined line", 0.3))
    rows = _in_rows(legend, total)
    key, key_columns = _key(plate, maps, names, total)
    key_high = 0.16 * -(-len(key) // key_columns) + 0.1 if key else 0.0
    body = below + 0.06 + 0.2 * len(rows) + key_high
    sheet = Sheet(total, body, title=title, explain=explain, notes=[*([said] if said else []), NOTE], footer=footer)
    for k, one in enumerate(maps):
        left = MARGIN + k % columns * (wide + GAP)
        top = k // columns * step
        sheet.write(left, top + 0.1, text.shorten(one.name, wide, 9, True), size=9, weight="bold")
        sheet.write(left, top + 0.28, text.shorten(one.said, wide, SMALL), size=SMALL, color=palette.QUIET)
        map_panel.draw(sheet, plate, left, top + HEAD, one.shading)
        lead = "Beyond the map:" if not view.unknown else "Not on the map:"
        map_panel.swatches(sheet, left, top + HEAD + plate.high + 0.13, wide, lead, out, one.shading)
    for k, row in enumerate(rows):
        _draw_row(sheet, row, below + 0.12 + 0.2 * k)
    _draw_key(sheet, key, key_columns, below + 0.2 * len(rows) + 0.18)
    return sheet


def _in_rows(samples: Sequence[Sample], total: float) -> list[list[Sample]]:
    """Samples in as many rows as they need."""
    rows: list[list[Sample]] = [[]]
    for sample in samples:
        if rows[-1] and sum(one.whole for one in [*rows[-1], sample]) > total - 2 * MARGIN + 0.24:
            rows.append([])
        rows[-1].append(sample)
    return rows


def _draw_row(sheet: Sheet, samples: Sequence[Sample], y: float) -> None:
    """One row of samples with their words."""
    x = MARGIN
    for sample in samples:
        end = x + sample.whole
        if sample.kind == "scale":
            sheet.write(x, y, sample.low, size=SMALL, color=palette.QUIET)
            x += text.width(sample.low, SMALL) + 0.08
            bar = sheet.panel(x, y - 0.05, sample.wide, 0.1)
            bar.imshow(np.linspace(-1, 1, 96)[None], aspect="auto", cmap=sample.colours, interpolation="none")
            bar.set_axis_off()
        elif sample.kind == "grey":
            map_panel.square(sheet, x, y, map_panel.LAND, wide=sample.wide)
        elif sample.kind == "hatch":
            map_panel.square(sheet, x, y, sample.about or palette.NON_ALIGNED, True, wide=sample.wide)
        elif sample.kind == "outline":
            sheet.line([x, x + sample.wide], [y, y], **map_panel.OUTLINES[sample.about])
        else:
            sheet.line([x, x + sample.wide], [y, y], **map_panel.DASHES)
        sheet.write(x + sample.wide + 0.07, y, sample.words, size=SMALL, color=palette.QUIET)
        x = end


def _key(plate: Plate, maps: Sequence[Map], names: Mapping[str, str], total: float) -> tuple[list[tuple[str, str]], int]:
    """Numbered states with what their labels say on each map, and how many columns they take."""
    entries = []
    for code, number, *_ in plate.numbers:
        said = " ".join(one.shading.words[code].removeprefix(code).strip() for one in maps)
        entries.append((str(number), f"{text.shorten(names.get(code, code), 1.5, SMALL)} ({code})  {said}"))
    widest = max((text.width(words, SMALL) for _, words in entries), default=1.0) + 0.45
    return entries, max(1, min(len(entries) or 1, int((total - 2 * MARGIN) / widest)))


def _draw_key(sheet: Sheet, key: list[tuple[str, str]], columns: int, top: float) -> None:
    """The key in columns."""
    rows = -(-len(key) // columns)
    step = (sheet.wide - 2 * MARGIN) / columns
    for i, (number, words) in enumerate(key):
        column, row = divmod(i, rows)
        x, y = MARGIN + column * step, top + row * 0.16
        sheet.write(x + 0.14, y, number, size=SMALL, weight="bold", ha="right")
        sheet.write(x + 0.2, y, words, size=SMALL)
