"""The turns of ties and of blocs, each in its order: :mod:`sim.mechanisms.ties`, :mod:`sim.mechanisms.blocs`."""

from __future__ import annotations

from math import exp, log

import numpy as np
from numba import boolean, float64, int8, int64, njit, void

from sim.world import DEFENCE, EAST, WEST


@njit(
    void(
        int8[:, :, ::1],
        float64[:, :, ::1],
        float64[:, :, ::1],
        float64[:, ::1],
        int8[:, :, ::1],
        int64[::1],
        int64[::1],
        float64[:, ::1],
        float64[:, ::1],
        float64[:, ::1],
        float64[::1],
        boolean,
        boolean,
    ),
    cache=True,
    error_model="numpy",
)
def tie_turns(
    tie: np.ndarray,
    trust: np.ndarray,
    threat: np.ndarray,
    affinity: np.ndarray,
    land: np.ndarray,
    rows: np.ndarray,
    states: np.ndarray,
    numbers: np.ndarray,
    luck: np.ndarray,
    assent: np.ndarray,
    log1p: np.ndarray,
    consent: bool,
    directed: bool,
) -> None:
    """Every turn in its order; ``tie`` is changed.

    ``numbers`` (turns, 9) are constant, shared, trust, threat, distance, land, enemies, keep and hostile; ``luck`` and
    ``assent`` have shape (turns, n), ``log1p`` is that of 0 to n, and ``land`` has one row or one a replicate.
    """
    n = tie.shape[1]
    worth = np.empty(n)
    for m in range(len(rows)):
        r, i = rows[m], states[m]
        b = numbers[m]
        best, partner = -np.inf, 0
        for j in range(n):
            shared = enemies = 0
            for k in range(n):
                shared += (tie[r, i, k] == DEFENCE) & (tie[r, j, k] == DEFENCE)
                enemies += (trust[r, i, k] < b[8]) & (trust[r, j, k] < b[8])
            near = land[r, i, j] if len(land) > 1 else land[0, i, j]
            worth[j] = (
                b[0]
                + b[1] * log1p[shared]
                + b[2] * trust[r, i, j]
                + b[3] * threat[r, i, j]
                + b[4] * abs(affinity[r, j] - affinity[r, i])
                + b[5] * near
                + b[6] * log1p[enemies]
            )
            value = -(worth[j] + b[7]) if tie[r, i, j] == DEFENCE else worth[j]
            if j == i:
                value = 0.0
            value -= log(-log(luck[m, j]))
            if value > best:
                best, partner = value, j
        if partner == i:
            continue
        making = tie[r, i, partner] != DEFENCE
        if making and consent and not directed:
            theirs = worth[partner] + b[2] * (trust[r, partner, i] - trust[r, i, partner])
            if not assent[m, partner] < 1 / (1 + exp(-theirs)):
                continue
        tie[r, i, partner] = DEFENCE if making else 0
        if not directed:
            tie[r, partner, i] = tie[r, i, partner]


@njit(
    void(
        int8[:, ::1], float64[:, :, ::1], float64[:, ::1], int64[::1], int64[::1], float64[:, ::1], float64[:, ::1], boolean
    ),
    cache=True,
    error_model="numpy",
)
def bloc_turns(
    bloc: np.ndarray,
    trust: np.ndarray,
    weight: np.ndarray,
    rows: np.ndarray,
    states: np.ndarray,
    numbers: np.ndarray,
    luck: np.ndarray,
    third_way: bool,
) -> None:
    """Every turn in its order; ``bloc`` is changed.

    ``numbers`` (turns, 3) are non_alignment, switching and temperature; ``weight`` has one row or one a replicate.
    """
    n = bloc.shape[1]
    frustration, ladder = np.empty(3), np.empty(3)
    for m in range(len(rows)):
        r, i = rows[m], states[m]
        side = np.zeros(3)
        for j in range(n):
            c = weight[r, j] if len(weight) > 1 else weight[0, j]
            side[bloc[r, j]] += 0.5 * (trust[r, i, j] + trust[r, j, i]) * c
        frustration[0] = 0.5 * (side[0] + side[1] + side[2]) - numbers[m, 0] if third_way else np.inf
        frustration[EAST] = 0.5 * side[0] + side[WEST]
        frustration[WEST] = 0.5 * side[0] + side[EAST]
        for k in range(3):
            if k != bloc[r, i]:
                frustration[k] += numbers[m, 1]
        least, total = frustration.min(), 0.0
        for k in range(3):
            total += exp(-(frustration[k] - least) / max(numbers[m, 2], np.finfo(np.float64).tiny))
            ladder[k] = total
        chosen = 0
        for k in range(3):
            chosen += luck[r, i] * total > ladder[k]
        bloc[r, i] = chosen
