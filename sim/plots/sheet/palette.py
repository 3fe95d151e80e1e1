"""Palette and drawing defaults of every picture.

Colours were chosen to stay apart under simulated deuteranopia. East and West have nearly the same lightness, so a
greyscale print cannot tell them apart by shade: wherever both appear, a letter, name or position says which is meant.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.colors import Colormap

WEST = "#0072B2"
NON_ALIGNED = "#f3ebc6"
EAST = "#D55E00"
RUN = "#7B3294"
SECOND = "#555555"
PAST = "#8a8a8a"
ESTIMATE = "#111111"
INK = "#222222"
QUIET = "#5f5f5f"
RULE = "#dddddd"
EMPTY = "#ebebeb"
PAPER = "#ffffff"

DPI = 132

_SETTINGS = {
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "text.parse_math": False,
    "text.usetex": False,
    "text.hinting": "none",  # as printed; the automatic hinter takes a third of the time of a picture
    "text.color": INK,
    "axes.edgecolor": QUIET,
    "axes.linewidth": 0.7,
    "axes.labelcolor": QUIET,
    "axes.unicode_minus": True,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.major.width": 0.7,
    "xtick.major.size": 3,
    "hatch.linewidth": 0.6,
    "svg.hashsalt": "entente",
    "svg.fonttype": "path",
    "svg.image_inline": True,
    "image.composite_image": False,
    "path.simplify": True,
}


@contextmanager
def drawing() -> Iterator[None]:
    """matplotlib's own defaults plus the house settings, whatever the user's matplotlibrc says; restored on leaving."""
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        yield


def tint(colour: str, share: float) -> tuple[float, float, float]:
    """`colour` over white paper at an opacity of `share`; solid, so that prints and overlaps stay as designed."""
    from matplotlib.colors import to_rgb

    red, green, blue = to_rgb(colour)
    return (1 - share * (1 - red), 1 - share * (1 - green), 1 - share * (1 - blue))


def alignment_map() -> Colormap:
    """Alignment from -1 (West) over 0 (pale yellow) to +1 (East)."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("alignment", [WEST, NON_ALIGNED, EAST])


def density_map() -> Colormap:
    """Share of replicates, from paper to the run's colour."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("density", [PAPER, tint(RUN, 0.35), RUN, "#3b1248"])


def level_map() -> Colormap:
    """Trust from -1 (dark) to +1 (light): lightness alone carries the value, so it survives a greyscale print."""
    from matplotlib import colormaps

    return colormaps["cividis"].with_extremes(bad=EMPTY)


def change_map() -> Colormap:
    """Falling trust brown, rising trust teal; both darken alike, so a mark repeats the sign for a greyscale print."""
    from matplotlib import colormaps

    return colormaps["BrBG"].with_extremes(bad=EMPTY)
