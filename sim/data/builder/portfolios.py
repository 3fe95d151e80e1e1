"""Affinity of states before there were votes: how alike their alliances are.

Signorino and Ritter's S over the alliance portfolios (defence 3, consultation 2, non-aggression 1, none 0; with oneself 3),
and of the distances 1 - S the first principal coordinate, as the ideal point that tells most of the states apart. It is
brought to a standard deviation of 1, as ideal points have, with the United Kingdom on the positive side. Assumed (basis A):
that allies would have voted alike, and that one dimension tells it.

Source: Signorino, C. S. and J. M. Ritter 1999, Tau-b or not tau-b: Measuring the similarity of foreign policy positions,
International Studies Quarterly 43(1):115-144.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.data.builder.of_states import Column
from sim.data.builder.presence import Presence
from sim.data.public import Pair

LEVELS = {"nonaggression": 1, "consultation": 2, "defence": 3}
VOTES_FROM = 1949
"""The first year of a start before which three sessions of the General Assembly were held."""
POSITIVE = "GBR"


def affinity(there: Presence, treaties: Mapping[str, set[Pair]], year: int) -> Column:
    """The affinity of every state of the day, from the treaties in force in ``year``."""
    codes = sorted(there.names)
    place = {code: k for k, code in enumerate(codes)}
    portfolio = 3.0 * np.eye(len(codes))
    for duty, level in LEVELS.items():  # from the weakest, so that the strongest counts
        for a, b in treaties[duty]:
            if a in place and b in place:
                portfolio[place[a], place[b]] = portfolio[place[b], place[a]] = level
    values = dict(zip(codes, _first_coordinate(_distances(portfolio), place.get(POSITIVE, 0)).tolist()))
    return Column(values, str(year))


def _distances(portfolio: np.ndarray) -> np.ndarray:
    """1 - S of every pair (n, n): the sum of the absolute differences of two portfolios over half the largest possible."""
    gaps = np.abs(portfolio[:, None, :] - portfolio[None, :, :]).sum(-1)
    return 2 * gaps / (3 * len(portfolio))


def _first_coordinate(distances: np.ndarray, positive: int) -> np.ndarray:
    """Classical scaling to one dimension (n,), mean 0 and standard deviation 1; 0 where all are alike."""
    n = len(distances)
    centre = np.eye(n) - 1 / n
    values, vectors = np.linalg.eigh(-0.5 * centre @ distances**2 @ centre)
    first = vectors[:, -1] * np.sqrt(max(values[-1], 0.0))
    spread = first.std()
    if not spread > 0:
        return np.zeros(n)
    return first / spread * (1.0 if first[positive] >= 0 else -1.0)
