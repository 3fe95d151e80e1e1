"""The decision: :mod:`sim.mechanisms.decision`, replicate by replicate, its equations compiled from there."""

from __future__ import annotations

from math import factorial
from typing import Any

import numpy as np
from numba import float64, int8, int64, njit, typeof, uint64, void

from sim.compiled.draws import REAL, mixed, of, open_interval, within
from sim.compiled.plain import DecisionNumbers, arrays
from sim.mechanisms import decision
from sim.world import DEFENCE, World

_SERIES = tuple(1 / factorial(power) for power in range(13, -1, -1))
_LARGEST = float(np.log(np.finfo(float).max) / 2)
_exponents, _weighed = within(decision.exponents), within(decision.weighed)


@njit(float64(float64), inline="always")
def _exp(x: float) -> float:
    """e to the power of x in loops that run four at a time, as a call of the C library would not: 2^k times Taylor's
    series of the rest, which is right to about the last digit. Below -708 it stays at what it is there."""
    whole = max(x, -708.0) * 1.4426950408889634 + 6755399441055744.0  # its last bits are k
    k = whole - 6755399441055744.0
    r = (max(x, -708.0) - k * 0.693145751953125) - k * 1.42860682030941723212e-6
    y = _SERIES[0]
    for coefficient in _SERIES[1:]:
        y = y * r + coefficient
    return y * np.int64((np.float64(whole).view(np.int64) + 1023) << 52).view(np.float64)


@njit(float64(float64[::1], int64, int64), inline="always")
def _kth_largest(x: np.ndarray, count: int, k: int) -> float:
    """By quickselect; the first ``count`` of x are put in another order."""
    low, high = 0, count - 1
    while low < high:
        pivot, i, j = x[(low + high) // 2], low, high
        while i <= j:
            while x[i] > pivot:
                i += 1
            while x[j] < pivot:
                j -= 1
            if i <= j:
                x[i], x[j] = x[j], x[i]
                i += 1
                j -= 1
        if k <= j:
            high = j
        elif k >= i:
            low = i
        else:
            break
    return x[k]


@njit(
    void(
        typeof(DecisionNumbers()),
        REAL,
        REAL,
        REAL,
        float64[:, ::1],
        REAL,
        int8[:, :, ::1],
        int64[:, ::1],
        uint64[::1],
        uint64[:, ::1],
        int8[:, :, ::1],
        REAL,
    ),
    cache=True,
    error_model="numpy",
)
def _decide(
    p: Any,
    trust: np.ndarray,
    common_threat: np.ndarray,
    institutions: np.ndarray,
    affinity: np.ndarray,
    conflict: np.ndarray,
    tie: np.ndarray,
    kept: np.ndarray,
    now: np.ndarray,
    cells: np.ndarray,
    action: np.ndarray,
    p_confront: np.ndarray,
) -> None:
    n = cells.shape[0]
    u, distance, allied, odds = np.empty(n * n), np.empty(n * n), np.empty(n * n), np.empty(n * n)
    cooperate, confront, score, offers = np.empty(n * n), np.empty(n * n), np.empty(n * n), np.empty(n)
    cell = cells.ravel()
    for r in range(len(now)):
        T, M = of(trust, r).ravel(), of(common_threat, r).ravel()
        F, C = of(institutions, r).ravel(), of(conflict, r).ravel()
        pact, x = of(tie, r).ravel(), of(affinity, r)
        chance, choice = of(p_confront, r).ravel(), action[r].ravel()
        word = now[r]
        for k in range(n * n):
            u[k] = open_interval(mixed(word + cell[k]))
        if r < len(p_confront):  # else the replicates are all alike
            for k in range(n * n):
                allied[k] = 1.0 if pact[k] == DEFENCE else 0.0
            for i in range(n):
                row, mine = distance[i * n : (i + 1) * n], x[i]
                for j in range(n):
                    row[j] = abs(mine - x[j])
            for k in range(n * n):
                cooperate[k], confront[k] = _exponents(p, T[k], M[k], F[k], distance[k], C[k], allied[k])
            for k in range(n * n):
                excess = max(max(cooperate[k], confront[k]) - _LARGEST, 0.0)
                cooperate[k], confront[k] = _exp(cooperate[k] - excess), _exp(confront[k] - excess)
            for k in range(n * n):
                odds[k], chance[k] = _weighed(cooperate[k], confront[k])
        for k in range(n * n):
            score[k] = odds[k] * (1 / u[k] - 1) if u[k] <= 1 - chance[k] else -1.0  # minus one: confronts
        for i in range(n):
            row, mine = score[i * n : (i + 1) * n], choice[i * n : (i + 1) * n]
            chance[i * n + i] = row[i] = 0.0
            count = 0
            for j in range(n):
                mine[j] = -1 if row[j] < 0 else 0
                offers[count] = row[j]
                count += row[j] > 1
            most = of(kept, r)[i]
            least = _kth_largest(offers, count, most - 1) if 0 < most < count else 1.0
            if most > 0:
                for j in range(n):
                    if row[j] > 1 and row[j] >= least:
                        mine[j] = 1


def decide(world: World, p: Any, kept: np.ndarray, now: np.ndarray, cells: np.ndarray) -> dict[str, np.ndarray]:
    """:func:`sim.mechanisms.decision.update`."""
    read = arrays(world, decision.READS[:-1])
    rows = max(map(len, read))
    action, p_confront = np.empty((len(now), *cells.shape), np.int8), np.empty((rows, *cells.shape))
    _decide(p, *read, kept.astype(np.int64), now, cells, action, p_confront)
    return {"action": action, "p_confront": p_confront}
