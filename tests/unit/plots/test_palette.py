"""What must be told apart can be: under simulated deuteranopia, in greyscale, or by a mark that needs no colour."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from sim.plots.sheet import blocs, bonds, palette
from tests.unit.plots import runs

DEUTERANOPIA = np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]])
"""Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB."""
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colour) -> np.ndarray:
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE L*a*b* (D65) of linear RGB."""
    scaled = XYZ @ np.clip(rgb, 0, 1) / np.array([0.9505, 1.0, 1.089])
    f = np.where(scaled > 0.008856, np.cbrt(scaled), 7.787 * scaled + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(a, b, sight=None) -> float:
    matrix = np.eye(3) if sight is None else sight
    return float(np.linalg.norm(lab(matrix @ linear(a)) - lab(matrix @ linear(b))))


def lightness(colour, sight=None) -> float:
    return float(lab((np.eye(3) if sight is None else sight) @ linear(colour))[0])


def contrast(a, b) -> float:
    """WCAG contrast ratio."""
    light, dark = sorted((float(XYZ[1] @ linear(c)) for c in (a, b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("sight", [None, DEUTERANOPIA], ids=["normal", "deuteranopia"])
def test_blocs_differ_by_colour(sight):
    for a, b in itertools.combinations((palette.EAST, palette.NON_ALIGNED, palette.WEST), 2):
        assert difference(a, b, sight) > 40
    assert difference(palette.NON_ALIGNED, palette.EMPTY, sight) > 12, "non-aligned is not the same as no value"
    assert difference(palette.RUN, palette.SECOND, sight) > 15


def test_blocs_differ_from_non_aligned_in_greyscale():
    assert contrast(palette.EAST, palette.NON_ALIGNED) >= 3
    assert contrast(palette.WEST, palette.NON_ALIGNED) >= 3


def test_east_and_west_are_alike_in_greyscale_so_letters_and_names_tell_them_apart(tmp_path):
    """If this palette is ever changed so that shade alone tells them apart, the letters may go."""
    from sim.plots.run import bloc_strip
    from sim.results import open_run

    assert contrast(palette.EAST, palette.WEST) < 3
    with palette.drawing():
        sheet = bloc_strip.figure(open_run(runs.case("usual", tmp_path)))
    words = [t.get_text() for t in sheet.figure.texts]
    assert {"E", "N", "W"} <= set(words)
    assert sum(w.startswith(("East ", "West ", "Non-aligned ")) for w in words) >= 21


def test_bands_stand_out_from_paper_and_from_each_other_in_greyscale():
    shades = [
        lightness(palette.PAPER),
        *(lightness(palette.tint(palette.RUN, s)) for s in (0.18, 0.42)),
        lightness(palette.RUN),
    ]
    assert min(a - b for a, b in itertools.pairwise(shades)) > 7


@pytest.mark.parametrize("sight", [None, DEUTERANOPIA], ids=["normal", "deuteranopia"])
def test_trust_is_read_from_lightness(sight):
    steps = [lightness(palette.level_map()(x)[:3], sight) for x in np.linspace(0, 1, 11)]
    assert min(b - a for a, b in itertools.pairwise(steps)) > 3


def test_rise_and_fall_differ_under_deuteranopia_and_darken_alike():
    colours = palette.change_map()
    assert difference(colours(0.15)[:3], colours(0.85)[:3], DEUTERANOPIA) > 30
    for side in (np.linspace(0.5, 0.0, 6), np.linspace(0.5, 1.0, 6)):
        steps = [lightness(colours(x)[:3]) for x in side]
        assert min(a - b for a, b in itertools.pairwise(steps)) > 0


def test_text_is_legible_on_paper():
    from sim.plots.run import bloc_strip
    from sim.plots.sheet import blocs

    inks = (palette.INK, palette.QUIET, palette.RUN, palette.SECOND, palette.ESTIMATE, *blocs.INKS.values())
    assert min(contrast(ink, palette.PAPER) for ink in inks) >= 4.5
    assert min(contrast(ink, palette.PAPER) for ink in bloc_strip.INKS.values()) >= 3.8  # bold, in the bloc's own colour


def test_grey_of_the_shared_past_is_lighter_than_either_run():
    assert lightness(palette.PAST) > max(lightness(palette.RUN), lightness(palette.SECOND)) + 10


@pytest.mark.parametrize("sight", [None, DEUTERANOPIA], ids=["normal", "deuteranopia"])
def test_lines_of_blocs_stand_out_from_their_tinted_ground(sight):
    """In small multiples and the network: lines and bands on the pale halves of East and West."""
    for line in blocs.COLOURS.values():
        for ground in (palette.EAST, palette.WEST):
            assert difference(line, palette.tint(ground, 0.07), sight) > 40
            assert contrast(line, palette.tint(ground, 0.07)) >= 3


@pytest.mark.parametrize("sight", [None, DEUTERANOPIA], ids=["normal", "deuteranopia"])
def test_lost_and_new_bonds_stand_out_from_kept_ones(sight):
    for kind in ("new", "lost"):
        assert difference(bonds.STYLES[kind]["color"], bonds.STYLES["kept"]["color"], sight) > 25


def test_discs_carry_legible_codes():
    for share in np.linspace(0, 1, 41):
        colour = palette.alignment_map()(share)[:3]
        dark = float(np.dot(colour, (0.299, 0.587, 0.114))) < 0.5
        assert contrast(palette.PAPER if dark else palette.INK, colour) >= 3.5
