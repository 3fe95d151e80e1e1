"""Keyed random draws: every draw is a function of who, when and what for, never of what was drawn before.

A draw is a hash of (seed, stream name, replicate, month, code of the state, code of the other). No generator holds a
state, so any draw can be had again alone, and four properties follow that the tests check:

1. replicate r is the same to the bit whatever the number of replicates, the chunk size or the number of workers;
2. adding or removing a mechanism, a measure or an observer disturbs no other stream;
3. two scenarios are the same to the bit until their first differing event (common random numbers);
4. adding or removing a state does not change the luck of the others: codes are hashed, not positions.

Names are hashed with BLAKE2b; numbers are mixed with the finaliser of SplitMix64 (Steele, Lea and Flood 2014,
OOPSLA, doi:10.1145/2660193.2660195; constants by Stafford, variant 13).

Equations: ODD E61 to E62; assumptions: ODD A39 to A40 (docs/odd.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from sim.quantile import normal_quantile

_MASK = 0xFFFFFFFFFFFFFFFF
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_M1, _M2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
BLOCK = 16_384
"""Cells hashed at a time: a hash passes nine times over its words, which then stay in the cache."""
_S1, _S2, _S3 = np.uint64(30), np.uint64(27), np.uint64(31)


def mix(z: np.ndarray) -> np.ndarray:
    """SplitMix64's finaliser: a bijection of 64-bit words that flips about half the bits of its answer for any one
    bit of its question. Works in place on a uint64 array and returns it."""
    scratch = np.empty_like(z)
    for shift, factor in ((_S1, _M1), (_S2, _M2)):
        np.right_shift(z, shift, out=scratch)
        np.bitwise_xor(z, scratch, out=z)
        np.multiply(z, factor, out=z)
    np.right_shift(z, _S3, out=scratch)
    return np.bitwise_xor(z, scratch, out=z)


def code_of(name: str) -> np.uint64:
    """The 64-bit code of a name (a state, an actor, a stream)."""
    return np.uint64(int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little"))


def codes_of(names: Sequence[str]) -> np.ndarray:
    """The codes of several names, shape (len(names),), uint64."""
    return np.array([code_of(name) for name in names], dtype=np.uint64)


def _dyad_codes(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """A code for every ordered pair, shape (len(first), len(second)); (i, j) and (j, i) differ."""
    return mix(mix(first * _GOLDEN)[:, None] + second[None, :])


def _hashed(now: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """64 random bits of every key and cell, shape (len(now), *cells.shape)."""
    return mix(now.reshape((-1,) + (1,) * cells.ndim) + cells)


def _open_interval(bits: np.ndarray, out: np.ndarray) -> np.ndarray:
    """Bits to uniforms in (0, 1): the middle of one of 2^52 equal cells. Uses up ``bits``."""
    bits >>= np.uint64(12)
    bits |= np.uint64(0x3FF0000000000000)  # the mantissa of a number in [1, 2)
    return np.subtract(bits.view(np.float64), 1 - 2.0**-53, out=out)


class Draws:
    """The draws of some replicates in one month.

    Args:
        seed: any integer.
        replicates: the replicates' numbers, shape (R,); replicate 7 draws the same alone and in company.
        codes: codes of the entities, ``{"state": (n,), "actor": (a,)}``, from :func:`codes_of`.
        month: the month drawn for, see :mod:`sim.calendar`.
        prefix: put before every stream's name; gives the same mechanism other luck (the starting world's).
    """

    def __init__(
        self,
        seed: int,
        replicates: Sequence[int] | np.ndarray,
        codes: Mapping[str, np.ndarray],
        *,
        month: int = 0,
        prefix: str = "",
    ) -> None:
        self.seed, self.month, self.prefix = seed, month, prefix
        self.replicates = np.asarray(replicates, dtype=np.uint64)
        self._codes = dict(codes)
        self._cells: dict[tuple[str, ...], np.ndarray] = {}
        self._streams: dict[str, np.ndarray] = {}
        self._keys: dict[str, np.ndarray] = {}

    def at(self, month: int) -> Draws:
        """The same replicates in another month. Tables of codes are shared, not built again."""
        other = object.__new__(Draws)
        other.__dict__.update(self.__dict__, month=month, _keys={})
        return other

    def under(self, prefix: str) -> Draws:
        """The same with another luck: every stream's name gets the prefix."""
        other = object.__new__(Draws)
        other.__dict__.update(self.__dict__, prefix=self.prefix + prefix + "/", _streams={}, _keys={})
        return other

    def _entities(self, axes: tuple[str, ...]) -> np.ndarray:
        """Codes of the cells of ``axes``; in ``pair`` both directions have one code."""
        if axes not in self._cells:
            states = self._codes.get("state", np.empty(0, np.uint64))
            if axes == ("pair",):
                low, high = np.minimum(states[:, None], states), np.maximum(states[:, None], states)
                cells = mix(mix(low * _GOLDEN) + high)
            elif len(axes) == 2:
                second = states if axes[1] in ("other", "state") else self._codes[axes[1]]
                cells = _dyad_codes(self._codes[axes[0]], second)
            elif len(axes) == 1:
                cells = self._codes[axes[0]]
            else:
                cells = np.zeros((), np.uint64)
            self._cells[axes] = cells
        return self._cells[axes]

    def _now(self, stream: str) -> np.ndarray:
        """The key of a stream this month, a word a replicate, shape (R,)."""
        if stream not in self._streams:
            self._streams[stream] = mix(self.key(stream) + self.replicates * _GOLDEN)
            self._keys[stream] = self._this_month(self._streams[stream])
        elif stream not in self._keys:  # those of all streams that are known from months before, in one go
            self._keys.update(zip(self._streams, self._this_month(np.stack(list(self._streams.values())))))
        return self._keys[stream]

    def _this_month(self, keys: np.ndarray) -> np.ndarray:
        return mix(keys + np.uint64((self.month + 1) * int(_GOLDEN) & _MASK))

    def key(self, stream: str) -> np.uint64:
        """The key of a stream before replicate and month are mixed into it."""
        return mix(np.array([self.seed & _MASK], np.uint64) * _GOLDEN + code_of(self.prefix + stream))[0]

    def code(self, kind: str) -> np.ndarray:
        """The codes of the ``state``s or the ``actor``s, uint64, in their order."""
        return self._codes.get(kind, np.empty(0, np.uint64))

    def bits(self, stream: str, *axes: str) -> np.ndarray:
        """64 random bits a cell, shape (R, *axes), uint64."""
        return _hashed(self._now(stream), self._entities(axes))

    def uniform(self, stream: str, *axes: str, only: np.ndarray | None = None) -> np.ndarray:
        """Uniform draws in the open interval (0, 1), shape (R, *axes).

        Axes: ``state``, ``actor``, any pair of them such as ``state, other`` or ``pair`` (symmetric, shape (R, n, n)).
        ``only`` are positions on the last axis; the rest is not drawn.
        """
        now, cells = self._now(stream), self._entities(axes)
        cells = cells if only is None else cells[..., only]
        u = np.empty((len(now), *cells.shape))
        for part in self._blocks(now, cells):
            _open_interval(_hashed(now[part], cells), out=u[part])
        return u

    @staticmethod
    def _blocks(now: np.ndarray, cells: np.ndarray) -> Iterator[slice]:
        """The replicates, as many at a time as make a block."""
        rows = max(1, BLOCK // max(1, cells.size))
        return (slice(first, first + rows) for first in range(0, len(now), rows))

    def uniform_of(
        self, stream: str, rows: np.ndarray, states: np.ndarray, others: np.ndarray | slice = slice(None)
    ) -> np.ndarray:
        """``uniform(stream, "state", "other")[rows, states, others]`` without drawing the rest, shape (len(rows), n) or,
        with one other for each, (len(rows),)."""
        return self._uniform_at(stream, rows, self._entities(("state", "other"))[states, others])

    def _uniform_at(self, stream: str, rows: np.ndarray, cells: np.ndarray) -> np.ndarray:
        """Uniforms of some replicates, each of cells of its own; shape (len(rows), ...) as that of the cells."""
        bits = mix(self._now(stream)[rows].reshape(-1, *(1,) * (cells.ndim - 1)) + cells)
        return _open_interval(bits, out=np.empty(bits.shape))

    def normal(self, stream: str, *axes: str, only: np.ndarray | None = None) -> np.ndarray:
        """Standard normal draws, shape (R, *axes): the normal quantile at :meth:`uniform`."""
        z = self.uniform(stream, *axes, only=only)
        for part in self._blocks(z, z[:1]):
            normal_quantile(z[part], out=z[part])
        return z

    def turns(self, stream: str, rate: float | np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Who moves, and in what order: each state gets a turn with probability ``rate``, and the turns of a replicate come
        in random order.

        Yields:
            rows, positions on the replicate axis, and states: the first turn of every replicate that has one, then the
            second of every one that has two, and so on. Replicates know nothing of each other, so that a turn sees what
            those before it have changed.
        """
        rows, states = np.nonzero(self.uniform(stream + "/opportunity", "state") < rate)
        when = self._uniform_at(stream + "/order", rows, self._entities(("state",))[states])
        states = states[np.lexsort((when, rows))]
        place = np.arange(len(rows)) - np.searchsorted(rows, rows)
        for k in range(int(place.max(initial=-1)) + 1):
            yield rows[place == k], states[place == k]
