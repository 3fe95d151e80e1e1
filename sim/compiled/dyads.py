"""Threat, crisis, anchor and record dyad by dyad, their equations compiled from :mod:`sim.mechanisms`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import float64, int8, njit, typeof, uint16, uint64, void

from sim.compiled.draws import REAL, mixed, of, open_interval, within
from sim.compiled.plain import AnchorNumbers, CrisisNumbers, arrays
from sim.mechanisms import anchor as anchor_rule
from sim.mechanisms import crisis as crisis_rule
from sim.mechanisms import record as record_rule
from sim.mechanisms import threat
from sim.world import DEFENCE, World

_ONE, _YEAR = np.uint16(1), np.uint16(2**12 - 1)
_perceived_threat, _overlap = within(threat.perceived_threat), within(threat.overlap)
_hazard, _moved = within(crisis_rule.hazard_of), within(anchor_rule.moved)


@njit(void(REAL, float64[:, ::1], REAL, REAL), cache=True, error_model="numpy")
def _threat(proximity: np.ndarray, capability: np.ndarray, trust: np.ndarray, out: np.ndarray) -> None:
    n = out.shape[1]
    for r in range(len(out)):
        c, near, T = of(capability, r), of(proximity, r), of(trust, r)
        for i in range(n):
            mine = c[i]
            for j in range(n):
                out[r, i, j] = _perceived_threat(near[i, j], mine, c[j], T[i, j])


def perceived_threat(world: World) -> np.ndarray:
    """:func:`sim.mechanisms.threat.perceived_threat` of all dyads, shape (R, n, n)."""
    read = arrays(world, ("proximity", "capability", "trust"))
    out = np.empty((max(map(len, read)), *read[0].shape[1:]))
    _threat(*read, out)
    return out


@njit(void(REAL), cache=True, error_model="numpy")
def _overlaps(shared: np.ndarray) -> None:
    for r in range(len(shared)):
        s = shared[r].ravel()
        for k in range(len(s)):
            s[k] = _overlap(s[k])
        for i in range(shared.shape[1]):
            shared[r, i, i] = 0.0


def overlap(shared: np.ndarray) -> np.ndarray:
    """:func:`sim.mechanisms.threat.overlap`, zero on the diagonal, in the place of its argument."""
    shared = np.ascontiguousarray(shared)
    _overlaps(shared)
    return shared


@njit(
    void(typeof(CrisisNumbers()), REAL, REAL, REAL, REAL, uint64[::1], uint64[::1], int8[:, :, ::1]),
    cache=True,
    error_model="numpy",
)
def _crises(
    p: Any,
    bases: np.ndarray,
    p_confront: np.ndarray,
    reference: np.ndarray,
    imposed: np.ndarray,
    now: np.ndarray,
    cells: np.ndarray,
    crisis: np.ndarray,
) -> None:
    n = crisis.shape[1]
    for r in range(len(now)):
        base, confront, usual = of(bases, r), of(p_confront, r), of(reference, r)
        forced, out, word, dyad = of(imposed, r), crisis[r], now[r], 0
        for i in range(n):
            out[i, i] = forced[i, i] > 0
            for j in range(i + 1, n):
                h = _hazard(p, base[i, j], confront[i, j], confront[j, i], usual[i, j])
                breaks_out = open_interval(mixed(word + cells[dyad])) < h
                out[i, j], out[j, i] = breaks_out | (forced[i, j] > 0), breaks_out | (forced[j, i] > 0)
                dyad += 1


def crisis(world: World, p: Any, base: np.ndarray, now: np.ndarray, cells: np.ndarray) -> dict[str, np.ndarray]:
    """:func:`sim.mechanisms.crisis.update`; ``base`` is the hazard of each dyad's class."""
    out = np.empty((len(now), *world.trust.shape[1:]), np.int8)
    read = arrays(world, ("p_confront", "crisis_reference", "imposed_crisis"))
    _crises(p, base, *read, now, cells, out)
    return {"crisis": out}


@njit(void(typeof(AnchorNumbers()), REAL, int8[:, :, ::1], float64[:, ::1], REAL), cache=True, error_model="numpy")
def _anchor(p: Any, anchor_base: np.ndarray, tie: np.ndarray, affinity: np.ndarray, out: np.ndarray) -> None:
    n = out.shape[1]
    for r in range(len(out)):
        base, pact, x = of(anchor_base, r), of(tie, r), of(affinity, r)
        for i in range(n):
            mine = x[i]
            for j in range(n):
                level = base[i, j] + _moved(p, 1.0 if pact[i, j] == DEFENCE else 0.0, abs(mine - x[j]))
                out[r, i, j] = min(max(level, -1.0), 1.0)
            out[r, i, i] = 0.0


def anchor(world: World, p: Any) -> dict[str, np.ndarray]:
    """:func:`sim.mechanisms.anchor.update`."""
    read = arrays(world, anchor_rule.READS)
    out = np.empty((max(map(len, read)), *read[0].shape[1:]))
    _anchor(p, *read, out)
    return {"anchor": out}


@njit(
    void(int8[:, :, ::1], int8[:, :, ::1], uint16[:, :, ::1], uint64[:, :, ::1], uint16[:, :, ::1], uint64[:, :, ::1]),
    cache=True,
    error_model="numpy",
)
def _record(
    action: np.ndarray,
    crisis: np.ndarray,
    cooperation: np.ndarray,
    crises: np.ndarray,
    months: np.ndarray,
    years: np.ndarray,
) -> None:
    n = months.shape[1]
    mutual = np.zeros((n, n), np.uint16)
    both = mutual.ravel()
    for r in range(len(months)):
        acts, breaks_out = of(action, r), of(crisis, r).ravel()
        past, before = of(cooperation, r).ravel(), of(crises, r).ravel()
        now, ever = months[r].ravel(), years[r].ravel()
        for i in range(n):
            for j in range(i):
                mutual[i, j] = mutual[j, i] = (acts[i, j] == 1) & (acts[j, i] == 1)
        for k in range(n * n):
            now[k] = ((past[k] << _ONE) | both[k]) & _YEAR
        for k in range(n * n):
            ever[k] = ((before[k] << np.uint64(1)) | np.uint64(breaks_out[k])) & np.uint64(2**60 - 1)


def record(world: World) -> dict[str, np.ndarray]:
    """:func:`sim.mechanisms.record.update`."""
    read = arrays(world, record_rule.READS)
    shape = (max(map(len, read)), *read[0].shape[1:])
    months, crises = np.empty(shape, np.uint16), np.empty(shape, np.uint64)
    _record(*read, months, crises)
    return {"cooperation_months": months, "crisis_months": crises}
