"""Compiled twins of what takes the time: keyed draws, and what the mechanisms do to each dyad and in each turn.

Each does what its numpy twin does (:mod:`sim.draws`, :mod:`sim.mechanisms`), one element after the other, in float64. The
equations of threat, decision, crisis, trust and anchor are those of their mechanisms, compiled from there. Draws are the
same to the bit; choices, crises and turns come out the same. Only :mod:`sim.fast` imports this file, and with it numba.
"""

from __future__ import annotations

import dataclasses
from collections import namedtuple
from math import copysign, exp, factorial, log
from typing import Any

import numpy as np
from numba import boolean, float64, int8, int64, njit, typeof, uint16, uint64, void

from sim.mechanisms import anchor as anchor_rule
from sim.mechanisms import crisis as crisis_rule
from sim.mechanisms import decision as decision_rule
from sim.mechanisms import record as record_rule
from sim.mechanisms import threat as threat_rule
from sim.mechanisms import trust as trust_rule
from sim.quantile import PIECES, cubics
from sim.world import World

_M1, _M2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_S1, _S2, _S3, _DROP = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(12)
_ONE, _YEAR = np.uint16(1), np.uint16(2**12 - 1)
_DEFENCE, _EAST, _WEST = 2, 1, 2
_SERIES = tuple(1 / factorial(power) for power in range(13, -1, -1))
_LARGEST = float(np.log(np.finfo(float).max) / 2)


def _plain(kind: type, name: str) -> type:
    """A named tuple of the fields of a mechanism's parameters that are numbers or truth values."""
    fields = [f.name for f in dataclasses.fields(kind) if not isinstance(f.default, str)]
    return namedtuple(name, fields, module=__name__, defaults=[getattr(kind(), field) for field in fields])


AnchorNumbers = _plain(anchor_rule.Parameters, "AnchorNumbers")
CrisisNumbers = _plain(crisis_rule.Parameters, "CrisisNumbers")
DecisionNumbers = _plain(decision_rule.Parameters, "DecisionNumbers")
ThreatNumbers = _plain(threat_rule.Parameters, "ThreatNumbers")
TrustNumbers = _plain(trust_rule.Parameters, "TrustNumbers")
_PLAIN = {
    anchor_rule.Parameters: AnchorNumbers, crisis_rule.Parameters: CrisisNumbers, decision_rule.Parameters: DecisionNumbers,
    threat_rule.Parameters: ThreatNumbers, trust_rule.Parameters: TrustNumbers,
}  # fmt: skip


_known: dict[type, tuple[Any, Any]] = {}
"""By mechanism the last parameters asked for, and what :func:`numbers` made of them."""


def numbers(p: Any) -> Any:
    """Parameters as compiled functions take them; None where replicates differ in one."""
    if _known.get(type(p), (None, None))[0] is not p:
        kind = _PLAIN[type(p)]
        values = [getattr(p, name) for name in kind._fields]
        plain = None
        if not any(np.ndim(value) for value in values):
            plain = kind(*(value if isinstance(value, bool) else float(value) for value in values))
        _known[type(p)] = p, plain
    return _known[type(p)][1]


@njit(uint64(uint64), inline="always")
def _mixed(z: int) -> int:
    z = (z ^ (z >> _S1)) * _M1
    z = (z ^ (z >> _S2)) * _M2
    return z ^ (z >> _S3)


@njit(float64(uint64), inline="always")
def _open_interval(bits: int) -> float:
    return (float64(int64(bits >> _DROP)) + 0.5) * 2.0**-52


@njit(float64(float64, float64[:, ::1]), inline="always")
def _quantile(u: float, cubic: np.ndarray) -> float:
    bits = np.float64(min(1 - u, u)).view(np.int64)
    k = (bits >> (52 - PIECES)) - (970 << PIECES)
    m = np.int64((bits & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000).view(np.float64)
    z = ((cubic[3, k] * m + cubic[2, k]) * m + cubic[1, k]) * m + cubic[0, k]
    return copysign(z, u - 0.5)


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


@njit(void(uint64[::1], uint64[::1], float64[:, ::1]), cache=True, error_model="numpy")
def uniform(now: np.ndarray, cells: np.ndarray, out: np.ndarray) -> None:
    """Uniforms in (0, 1) of every key and cell, into ``out`` of shape (keys, cells)."""
    for r in range(len(now)):
        for k in range(len(cells)):
            out[r, k] = _open_interval(_mixed(now[r] + cells[k]))


@njit(void(uint64[::1], uint64[::1], float64[:, ::1], float64[:, ::1]), cache=True, error_model="numpy")
def normal(now: np.ndarray, cells: np.ndarray, cubic: np.ndarray, out: np.ndarray) -> None:
    """Normals of every key and cell, into ``out`` of shape (keys, cells); ``cubic`` from :mod:`sim.quantile`."""
    for r in range(len(now)):
        for k in range(len(cells)):
            out[r, k] = _quantile(_open_interval(_mixed(now[r] + cells[k])), cubic)


_within = njit(inline="always", error_model="numpy")
_exponents, _weighed = _within(decision_rule.exponents), _within(decision_rule.weighed)
_behavioural = _within(trust_rule.behavioural)
_perceived_threat, _overlap = _within(threat_rule.perceived_threat), _within(threat_rule.overlap)
_hazard, _moved = _within(crisis_rule.hazard_of), _within(anchor_rule.moved)
_REAL = float64[:, :, ::1]


@njit(inline="always")
def _of(array: np.ndarray, r: int) -> np.ndarray:
    """A replicate's part; what is the same for all has one."""
    return array[min(r, len(array) - 1)]


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
    void(typeof(DecisionNumbers()), _REAL, _REAL, _REAL, float64[:, ::1], _REAL, int8[:, :, ::1], int64[:, ::1],
         uint64[::1], uint64[:, ::1], int8[:, :, ::1], _REAL), cache=True, error_model="numpy",
)  # fmt: skip
def _decide(
    p: Any, trust: np.ndarray, common_threat: np.ndarray, institutions: np.ndarray, affinity: np.ndarray,
    conflict: np.ndarray, tie: np.ndarray, kept: np.ndarray, now: np.ndarray, cells: np.ndarray, action: np.ndarray,
    p_confront: np.ndarray,
) -> None:  # fmt: skip
    n = cells.shape[0]
    u, distance, allied, odds = np.empty(n * n), np.empty(n * n), np.empty(n * n), np.empty(n * n)
    cooperate, confront, score, offers = np.empty(n * n), np.empty(n * n), np.empty(n * n), np.empty(n)
    cell = cells.ravel()
    for r in range(len(now)):
        T, M = _of(trust, r).ravel(), _of(common_threat, r).ravel()
        F, C = _of(institutions, r).ravel(), _of(conflict, r).ravel()
        pact, x = _of(tie, r).ravel(), _of(affinity, r)
        chance, choice = _of(p_confront, r).ravel(), action[r].ravel()
        word = now[r]
        for k in range(n * n):
            u[k] = _open_interval(_mixed(word + cell[k]))
        if r < len(p_confront):  # else the replicates are all alike
            for k in range(n * n):
                allied[k] = 1.0 if pact[k] == _DEFENCE else 0.0
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
            most = _of(kept, r)[i]
            least = _kth_largest(offers, count, most - 1) if 0 < most < count else 1.0
            if most > 0:
                for j in range(n):
                    if row[j] > 1 and row[j] >= least:
                        mine[j] = 1


def decide(world: World, p: Any, kept: np.ndarray, now: np.ndarray, cells: np.ndarray) -> dict[str, np.ndarray]:
    """:func:`sim.mechanisms.decision.update`."""
    read = [np.ascontiguousarray(getattr(world, name)) for name in decision_rule.READS[:-1]]
    rows = max(map(len, read))
    action, p_confront = np.empty((len(now), *cells.shape), np.int8), np.empty((rows, *cells.shape))
    _decide(p, *read, kept.astype(np.int64), now, cells, action, p_confront)
    return {"action": action, "p_confront": p_confront}


@njit(
    void(typeof(TrustNumbers()), _REAL, _REAL, int8[:, :, ::1], int8[:, :, ::1], _REAL, _REAL, _REAL, _REAL,
         float64[:, :, :, ::1], _REAL, uint64[::1], uint64[:, ::1], float64[:, ::1], _REAL, float64[:, :, :, ::1]),
    cache=True, error_model="numpy",
)  # fmt: skip
def _trust(
    p: Any, trust: np.ndarray, anchor: np.ndarray, action: np.ndarray, crisis: np.ndarray, imposed: np.ndarray,
    institutions: np.ndarray, conflict: np.ndarray, exercise: np.ndarray, expected: np.ndarray, pull: np.ndarray,
    now: np.ndarray, cells: np.ndarray, cubic: np.ndarray, new: np.ndarray, booked: np.ndarray,
) -> None:  # fmt: skip
    n = cells.shape[0]
    z, breaks, severity = np.empty(n * n), np.empty(n * n), np.empty(n * n)
    cooperates, confronts = np.empty(n * n), np.empty(n * n)
    cell = cells.ravel()
    for r in range(len(now)):
        T, P, A = _of(trust, r).ravel(), _of(pull, r).ravel(), _of(anchor, r).ravel()
        F, C, E = _of(institutions, r).ravel(), _of(conflict, r).ravel(), _of(exercise, r).ravel()
        forced, breaks_out, G = _of(imposed, r).ravel(), _of(crisis, r).ravel(), _of(expected, r)
        acts, word = _of(action, r), now[r]
        for k in range(n * n):
            z[k] = _quantile(_open_interval(_mixed(word + cell[k])), cubic)
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
    read = [np.ascontiguousarray(getattr(world, name)) for name in trust_rule.READS]
    _trust(p, *read, np.ascontiguousarray(pull), now, cells, cubics(new.dtype), new, booked)
    return {"trust": new, "trust_terms": booked.swapaxes(0, 1)}


@njit(
    void(int8[:, :, ::1], float64[:, :, ::1], float64[:, :, ::1], float64[:, ::1], int8[:, :, ::1], int64[::1], int64[::1],
         float64[:, ::1], float64[:, ::1], float64[:, ::1], float64[::1], boolean, boolean), cache=True, error_model="numpy",
)  # fmt: skip
def tie_turns(
    tie: np.ndarray, trust: np.ndarray, threat: np.ndarray, affinity: np.ndarray, land: np.ndarray, rows: np.ndarray,
    states: np.ndarray, numbers: np.ndarray, luck: np.ndarray, assent: np.ndarray, log1p: np.ndarray, consent: bool,
    directed: bool,
) -> None:  # fmt: skip
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
                shared += (tie[r, i, k] == _DEFENCE) & (tie[r, j, k] == _DEFENCE)
                enemies += (trust[r, i, k] < b[8]) & (trust[r, j, k] < b[8])
            near = land[r, i, j] if len(land) > 1 else land[0, i, j]
            worth[j] = (
                b[0] + b[1] * log1p[shared] + b[2] * trust[r, i, j] + b[3] * threat[r, i, j]
                + b[4] * abs(affinity[r, j] - affinity[r, i]) + b[5] * near + b[6] * log1p[enemies]
            )  # fmt: skip
            value = -(worth[j] + b[7]) if tie[r, i, j] == _DEFENCE else worth[j]
            if j == i:
                value = 0.0
            value -= log(-log(luck[m, j]))
            if value > best:
                best, partner = value, j
        if partner == i:
            continue
        making = tie[r, i, partner] != _DEFENCE
        if making and consent and not directed:
            theirs = worth[partner] + b[2] * (trust[r, partner, i] - trust[r, i, partner])
            if not assent[m, partner] < 1 / (1 + exp(-theirs)):
                continue
        tie[r, i, partner] = _DEFENCE if making else 0
        if not directed:
            tie[r, partner, i] = tie[r, i, partner]


@njit(
    void(int8[:, ::1], float64[:, :, ::1], float64[:, ::1], int64[::1], int64[::1], float64[:, ::1], float64[:, ::1],
         boolean), cache=True, error_model="numpy",
)  # fmt: skip
def bloc_turns(
    bloc: np.ndarray, trust: np.ndarray, weight: np.ndarray, rows: np.ndarray, states: np.ndarray, numbers: np.ndarray,
    luck: np.ndarray, third_way: bool,
) -> None:  # fmt: skip
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
        frustration[_EAST] = 0.5 * side[0] + side[_WEST]
        frustration[_WEST] = 0.5 * side[0] + side[_EAST]
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


@njit(void(_REAL, float64[:, ::1], _REAL, _REAL), cache=True, error_model="numpy")
def _threat(proximity: np.ndarray, capability: np.ndarray, trust: np.ndarray, out: np.ndarray) -> None:
    n = out.shape[1]
    for r in range(len(out)):
        c, near, T = _of(capability, r), _of(proximity, r), _of(trust, r)
        for i in range(n):
            mine = c[i]
            for j in range(n):
                out[r, i, j] = _perceived_threat(near[i, j], mine, c[j], T[i, j])


def perceived_threat(world: World) -> np.ndarray:
    """:func:`sim.mechanisms.threat.perceived_threat` of all dyads, shape (R, n, n)."""
    read = [np.ascontiguousarray(getattr(world, name)) for name in ("proximity", "capability", "trust")]
    out = np.empty((max(map(len, read)), *read[0].shape[1:]))
    _threat(*read, out)
    return out


@njit(void(_REAL), cache=True, error_model="numpy")
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
    void(typeof(CrisisNumbers()), _REAL, _REAL, _REAL, _REAL, uint64[::1], uint64[::1], int8[:, :, ::1]), cache=True,
    error_model="numpy",
)  # fmt: skip
def _crises(
    p: Any, bases: np.ndarray, p_confront: np.ndarray, reference: np.ndarray, imposed: np.ndarray, now: np.ndarray,
    cells: np.ndarray, crisis: np.ndarray,
) -> None:  # fmt: skip
    n = crisis.shape[1]
    for r in range(len(now)):
        base, confront, usual = _of(bases, r), _of(p_confront, r), _of(reference, r)
        forced, out, word, dyad = _of(imposed, r), crisis[r], now[r], 0
        for i in range(n):
            out[i, i] = forced[i, i] > 0
            for j in range(i + 1, n):
                h = _hazard(p, base[i, j], confront[i, j], confront[j, i], usual[i, j])
                breaks_out = _open_interval(_mixed(word + cells[dyad])) < h
                out[i, j], out[j, i] = breaks_out | (forced[i, j] > 0), breaks_out | (forced[j, i] > 0)
                dyad += 1


def crisis(world: World, p: Any, base: np.ndarray, now: np.ndarray, cells: np.ndarray) -> dict[str, np.ndarray]:
    """:func:`sim.mechanisms.crisis.update`; ``base`` is the hazard of each dyad's class."""
    out = np.empty((len(now), *world.trust.shape[1:]), np.int8)
    read = [np.ascontiguousarray(getattr(world, name)) for name in ("p_confront", "crisis_reference", "imposed_crisis")]
    _crises(p, base, *read, now, cells, out)
    return {"crisis": out}


@njit(
    void(typeof(AnchorNumbers()), _REAL, int8[:, :, ::1], float64[:, ::1], _REAL), cache=True, error_model="numpy",
)  # fmt: skip
def _anchor(p: Any, anchor_base: np.ndarray, tie: np.ndarray, affinity: np.ndarray, out: np.ndarray) -> None:
    n = out.shape[1]
    for r in range(len(out)):
        base, pact, x = _of(anchor_base, r), _of(tie, r), _of(affinity, r)
        for i in range(n):
            mine = x[i]
            for j in range(n):
                level = base[i, j] + _moved(p, 1.0 if pact[i, j] == _DEFENCE else 0.0, abs(mine - x[j]))
                out[r, i, j] = min(max(level, -1.0), 1.0)
            out[r, i, i] = 0.0


def anchor(world: World, p: Any) -> dict[str, np.ndarray]:
    """:func:`sim.mechanisms.anchor.update`."""
    read = [np.ascontiguousarray(getattr(world, name)) for name in anchor_rule.READS]
    out = np.empty((max(map(len, read)), *read[0].shape[1:]))
    _anchor(p, *read, out)
    return {"anchor": out}


@njit(
    void(int8[:, :, ::1], int8[:, :, ::1], uint16[:, :, ::1], uint64[:, :, ::1], uint16[:, :, ::1], uint64[:, :, ::1]),
    cache=True, error_model="numpy",
)  # fmt: skip
def _record(
    action: np.ndarray, crisis: np.ndarray, cooperation: np.ndarray, crises: np.ndarray, months: np.ndarray,
    years: np.ndarray,
) -> None:  # fmt: skip
    n = months.shape[1]
    mutual = np.zeros((n, n), np.uint16)
    both = mutual.ravel()
    for r in range(len(months)):
        acts, breaks_out = _of(action, r), _of(crisis, r).ravel()
        past, before = _of(cooperation, r).ravel(), _of(crises, r).ravel()
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
    read = [np.ascontiguousarray(getattr(world, name)) for name in record_rule.READS]
    shape = (max(map(len, read)), *read[0].shape[1:])
    months, crises = np.empty(shape, np.uint16), np.empty(shape, np.uint64)
    _record(*read, months, crises)
    return {"cooperation_months": months, "crisis_months": crises}
