"""Trust and its ledger: :mod:`sim.mechanisms.trust`, replicate by replicate, its equations compiled from there."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import float64, int8, njit, typeof, uint64, void

from sim.compiled.draws import REAL, mixed, of, open_interval, quantile, within
from sim.compiled.plain import TrustNumbers, arrays
from sim.mechanisms import trust as trust_rule
from sim.quantile import cubics
from sim.world import World

_behavioural = within(trust_rule.behavioural)


@njit(
    void(
        typeof(TrustNumbers()),
        REAL,
        REAL,
        int8[:, :, ::1],
        int8[:, :, ::1],
        REAL,
        REAL,
        REAL,
        REAL,
        float64[:, :, :, ::1],
        REAL,
        uint64[::1],
        uint64[:, ::1],
        float64[:, ::1],
        REAL,
        float64[:, :, :, ::1],
    ),
    cache=True,
    error_model="numpy",
)
def _trust(
    p: Any,
    trust: np.ndarray,
    anchor: np.ndarray,
    action: np.ndarray,
    crisis: np.ndarray,
    imposed: np.ndarray,
    institutions: np.ndarray,
    conflict: np.ndarray,
    exercise: np.ndarray,
    expected: np.ndarray,
    pull: np.ndarray,
    now: np.ndarray,
    cells: np.ndarray,
    cubic: np.ndarray,
    new: np.ndarray,
    booked: np.ndarray,
) -> None:
    n = cells.shape[0]
    z, breaks, severity = np.empty(n * n), np.empty(n * n), np.empty(n * n)
    cooperates, confronts = np.empty(n * n), np.empty(n * n)
    cell = cells.ravel()
    for r in range(len(now)):
        T, P, A = of(trust, r).ravel(), of(pull, r).ravel(), of(anchor, r).ravel()
        F, C, E = of(institutions, r).ravel(), of(conflict, r).ravel(), of(exercise, r).ravel()
        forced, breaks_out, G = of(imposed, r).ravel(), of(crisis, r).ravel(), of(expected, r)
        acts, word = of(action, r), now[r]
        for k in range(n * n):
            z[k] = quantile(open_interval(mixed(word + cell[k])), cubic)
            breaks[k] = breaks_out[k]
            severity[k] = forced[k] if forced[k] > 0 else breaks[k]
        for i in range(n):
            z[i * n + i] = 0.0
            for j in range(n):
                toward_me = acts[j, i]
                cooperates[i * n + j] = 1.0 if toward_me == 1 else 0.0
                confronts[i * n + j] = 1.0 if toward_me == -1 else 0.0
        b = booked.reshape(len(booked), len(new), -1)
        one, two, three, four, five, six = b[0, r], b[1, r], b[2, r], b[3, r], b[4, r], b[5, r]
        back, chance, limit, after = b[6, r], b[7, r], b[8, r], new[r].ravel()
        for k in range(n * n):
            one[k], two[k], three[k], four[k], five[k], six[k] = _behavioural(
                p, T[k], P[k], cooperates[k], confronts[k], breaks[k], severity[k], F[k], C[k], E[k]
            )
        for account in range(6):
            term, mean = b[account, r], G[account].ravel()
            for k in range(n * n):
                term[k] -= mean[k]
        for k in range(n * n):
            back[k], chance[k] = p.reversion * (A[k] - T[k]), p.noise * z[k]
            if p.saturation:
                chance[k] *= 1 - T[k] * T[k]
        for k in range(n * n):
            moved = one[k] + two[k] + three[k] + four[k] + five[k] + six[k] + back[k] + chance[k]
            free = T[k] + moved
            after[k] = min(max(free, -p.limit), p.limit)
            limit[k] = after[k] - free


def trust(world: World, p: Any, pull: np.ndarray, now: np.ndarray, cells: np.ndarray) -> dict[str, np.ndarray]:
    """:func:`sim.mechanisms.trust.update`."""
    new = np.empty((len(now), *cells.shape))
    booked = np.empty((len(trust_rule.ACCOUNTS), *new.shape))
    read = arrays(world, trust_rule.READS)
    _trust(p, *read, np.ascontiguousarray(pull), now, cells, cubics(new.dtype), new, booked)
    return {"trust": new, "trust_terms": booked.swapaxes(0, 1)}
