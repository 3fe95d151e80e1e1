"""A sheet: one picture laid out in inches from the top, so that nothing is fitted twice and no text meets another."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from sim.plots.sheet import palette, text
from sim.results.atomic import write_file

MARGIN = 0.3
TITLE, SUBTITLE, SMALL = 13.0, 9.0, 7.5
LINE = 1.45 / 72


class Sheet:
    """Title and explanation above, a body of `body` inches, notes and the run's footer below.

    `wide`, `body` and every position are inches; y grows downward from the top of the body.
    """

    def __init__(
        self, wide: float, body: float, *, title: str, explain: str, notes: Sequence[str] = (), footer: str
    ) -> None:
        """Lay out title, explanation, notes and footer; the body is then free from y = 0 to `body`."""
        room = wide - 2 * MARGIN
        self.title = text.clean(title)
        heads = text.wrap(self.title, room, TITLE, bold=True, lines=3)
        subs = text.wrap(text.clean(explain), room, SUBTITLE, lines=4)
        foots = [line for note in notes for line in text.wrap(text.clean(note), room, SMALL, lines=4)]
        foots += text.wrap(text.clean(footer), room, SMALL, lines=3)
        self.top = 0.26 + len(heads) * TITLE * LINE + len(subs) * SUBTITLE * LINE + 0.12
        self.wide, self.body = wide, body
        self.high = self.top + body + 0.14 + len(foots) * SMALL * LINE + 0.16
        self.figure = Figure(figsize=(wide, self.high), dpi=palette.DPI, facecolor=palette.PAPER)
        FigureCanvasAgg(self.figure)
        self.over = self.figure.add_axes((0, 0, 1, 1), zorder=5)
        self.over.set_axis_off()
        self.over.set_xlim(0, wide)
        self.over.set_ylim(self.high - self.top, -self.top)
        y = 0.22 - self.top
        for line in heads:
            self.write(MARGIN, y, line, size=TITLE, weight="bold", va="top")
            y += TITLE * LINE
        y += 0.05
        for line in subs:
            self.write(MARGIN, y, line, size=SUBTITLE, color=palette.QUIET, va="top")
            y += SUBTITLE * LINE
        y = body + 0.14
        for line in foots:
            self.write(MARGIN, y, line, size=SMALL, color=palette.QUIET, va="top")
            y += SMALL * LINE

    def panel(self, left: float, top: float, wide: float, high: float) -> Axes:
        """Axes at a place of the body, with only a bottom line."""
        bottom = self.high - self.top - top - high
        box = (left / self.wide, bottom / self.high, wide / self.wide, high / self.high)
        axes = self.figure.add_axes(box, facecolor="none")
        for side in ("top", "left", "right"):
            axes.spines[side].set_visible(False)
        axes.tick_params(axis="y", length=0, pad=4)
        return axes

    def write(self, x: float, y: float, words: str, *, size: float = 8.5, va: str = "center", **more) -> None:
        """Text at inches of the body; `va="top"` hangs below y. Single lines are centred by their capital height."""
        va = "center_baseline" if va == "center" else va
        self.figure.text(x / self.wide, 1 - (self.top + y) / self.high, words, fontsize=size, va=va, zorder=6, **more)

    def line(self, xs: Sequence[float], ys: Sequence[float], **more) -> None:
        """A line through inches of the body."""
        self.over.plot(xs, ys, scalex=False, scaley=False, clip_on=False, **more)

    def lines(self, segments: Sequence[tuple[tuple[float, float], tuple[float, float]]], **more) -> None:
        """Many straight lines of one style, each from (x, y) to (x, y) in inches of the body."""
        self.over.add_collection(LineCollection(list(segments), clip_on=False, **more), autolim=False)

    def save(self, stem: Path, formats: Sequence[str]) -> list[Path]:
        """Write `stem`.png and/or `stem`.svg, each whole or not at all; the same bytes every time (no date, fixed ids).

        Raises:
            OSError: one cannot be written; what was there before is there still.
        """
        return [write_file(stem.parent / f"{stem.name}.{kind}", self._bytes(kind)) for kind in formats]

    def _bytes(self, kind: str) -> bytes:
        buffer = io.BytesIO()
        with palette.drawing():
            if kind == "png":
                self._png(buffer)
            else:
                meta = {"Date": None, "Creator": None, "Title": self.title}
                self.figure.savefig(buffer, format="svg", metadata=meta)
        return buffer.getvalue()

    def _repr_png_(self) -> bytes:
        """What a notebook shows."""
        return self._bytes("png")

    def _png(self, buffer: io.BytesIO) -> None:
        """Draw once and write without an opacity channel, which paper has no use for: a quarter less to compress. Of flat
        colours and text, level 3 packs faster than the next and smaller than any."""
        from PIL import Image
        from PIL.PngImagePlugin import PngInfo

        self.figure.set_dpi(palette.DPI)
        self.figure.canvas.draw()
        about = PngInfo()
        about.add_text("Title", self.title)
        image = Image.fromarray(np.ascontiguousarray(np.asarray(self.figure.canvas.buffer_rgba())[..., :3]))
        image.save(buffer, format="png", dpi=(palette.DPI, palette.DPI), pnginfo=about, compress_level=3)
