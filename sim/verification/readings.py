"""V18: measures in cases whose value is known."""

from __future__ import annotations

import numpy as np

from sim.measures import Frame, balance, polarisation, similarity
from sim.verification.row import Claim, Effort, Row
from sim.verification.worlds import bare_world
from sim.world import EAST, WEST, off_diagonal


def known_values(effort: Effort) -> list[float]:
    """Measures of two equal antagonistic cliques, and of two portfolios of ties, have their textbook values.

    Source: signed modularity Gomez, Jensen and Arenas (2009), Physical Review E 80:016114; polarisation Esteban and Ray
    (1994), Econometrica 62:819-851 (two equal masses at distance 1: 2^-(1+alpha)); frustration Aref and Wilson (2019),
    Journal of Complex Networks 7:163-189; portfolio similarity Signorino and Ritter (1999), International Studies
    Quarterly 43:115-144, S = 1 - 2 d / d_max.
    Setting: sim.measures read off a world of 20 states in two cliques of ten, trust .8 within and -.8 between, the sides
    those of the cliques; polarisation of positions 0 and 1 with equal weights; S of [3, 0, 1, 2] and [3, 1, 1, 0], largest
    tie 3, equal weights.
    Tolerance: 1e-12, rounding.
    """
    n = 20
    clique = np.repeat([1.0, -1.0], n // 2)
    sides = np.where(clique > 0, EAST, WEST)
    world = bare_world(n, trust=0.8 * np.outer(clique, clique) * off_diagonal(n), bloc=sides, core=sides)
    read = balance.read(world, Frame(world.names, {}, {}, ()))
    spread = polarisation.esteban_ray((clique[None] + 1) / 2, np.full((1, n), 1 / n))
    same = similarity.similarity(np.array([3, 0, 1, 2]), np.array([3, 1, 1, 0]), 3)
    values = (read["modularity"], spread, read["frustration"], read["spectral_agreement"], read["balanced_triads"], same)
    return [np.asarray(value).item() for value in values]


ROWS = (
    Row(
        "V18",
        known_values,
        (
            Claim("signed modularity", 0.5, 1e-12, "X"),
            Claim("Esteban-Ray, alpha 1.3", 2 ** -(1 + polarisation.ALPHA), 1e-12, "X"),
            Claim("frustration", 0, 1e-12, "X"),
            Claim("spectral agreement", 1, 1e-12, "X"),
            Claim("balanced triads", 1, 1e-12, "X"),
            Claim("Signorino-Ritter S", 0.5, 1e-12),
        ),
    ),
)
