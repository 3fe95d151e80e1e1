"""The dyadic arrays of a run as NetCDF-4: `ledger.nc` (replicate means) and `trajectory.nc` (every replicate).

Written through h5netcdf, so that R, Julia, Panoply and xarray can read them; the same numbers give the same bytes. Read
as the HDF5 that they are, which is half of the work.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np

from sim.processes.memory import release
from sim.results.files import reading

if TYPE_CHECKING:
    import h5netcdf

LEDGER, TRAJECTORY = "ledger.nc", "trajectory.nc"
CHUNK = 25  # replicates of a chunk of trajectory.nc
CHUNK_BYTES = 32 * 2**20  # of a chunk, at most, unless one replicate alone is larger: it is packed in memory
MOST_PACKED = 1100
"""Times that gzip can shrink what it packs, at most, and a little more."""
_PACK = {"compression": "gzip", "compression_opts": 1, "shuffle": True}


@dataclass(frozen=True)
class LedgerTable:
    """What each account added to the trust of state i in state j, month by month, averaged over replicates."""

    accounts: list[str]
    months: list[str]
    states: list[str]
    mean: np.ndarray
    """(account, month, state, other); its sum over the first two axes is the change of mean trust."""
    trust: np.ndarray
    """(bound, state, other): mean trust at the start of each month, and at the end of the last."""
    rising: np.ndarray
    """(state, other): share of replicates in which trust ended above its start."""

    def between(self, of: str, toward: str, first: str, last: str) -> tuple[np.ndarray, float, float]:
        """What moved one state's trust in another from the start of one month to the end of another.

        Args:
            of: who trusts.
            toward: who is trusted.
            first: the first month, such as `2015-01`.
            last: the last month.

        Returns:
            The booked terms (account, month), mean trust before the first month and after the last.
        """
        i, j = self.states.index(of), self.states.index(toward)
        begin, end = self.months.index(first), self.months.index(last) + 1
        return self.mean[:, begin:end, i, j], float(self.trust[begin, i, j]), float(self.trust[end, i, j])


class _Patient(io.FileIO):
    """A file that does not fail while HDF5 writes to it, which would crash: what went wrong is raised afterwards."""

    failed: OSError | None = None

    def write(self, data: Any) -> int:
        if self.failed is None:
            try:
                left = memoryview(data).cast("B")
                while left:
                    left = left[super().write(left) :]
            except OSError as error:
                self.failed = error
        return memoryview(data).nbytes

    def truncate(self, size: int | None = None) -> int:
        size = self.tell() if size is None else size
        if self.failed is None:
            try:
                super().truncate(size)
            except OSError as error:
                self.failed = error
        return size


@contextmanager
def _writing(path: Path) -> Iterator[h5netcdf.File]:
    """A file to write to.

    Raises:
        OSError: there is no room for it; HDF5 alone would crash.
    """
    import h5netcdf

    with _Patient(path, "w+") as raw:
        try:
            with h5netcdf.File(raw, "w") as file:
                yield file
        except Exception:
            if raw.failed is None:
                raise
        if raw.failed is not None:
            raise raw.failed


def _words(file: h5netcdf.File, dimension: str, words: list[str], meaning: str) -> None:
    """A coordinate of words along `dimension`."""
    file.dimensions[dimension] = len(words)
    variable = file.create_variable(dimension, (dimension,), dtype=h5py.string_dtype())
    variable[:] = np.array(words, dtype=object)
    variable.attrs["long_name"] = meaning


def _numbers(
    file: h5netcdf.File, name: str, dimensions: tuple[str, ...], values: np.ndarray, meaning: str, chunks: tuple[int, ...]
) -> None:
    """An array, written and let go chunk by chunk along its first axis."""
    size = tuple(max(1, min(chunk, length)) for chunk, length in zip(chunks, values.shape))
    pack = _PACK if values.size else {}
    kind = values.dtype
    variable = file.create_variable(name, dimensions, dtype=kind, chunks=size if values.size else None, **pack)
    variable.attrs["long_name"] = meaning
    variable.attrs["units"] = "1"
    for first in range(0, len(values) if values.size else 0, size[0]):
        variable[first : first + size[0]] = np.ascontiguousarray(values[first : first + size[0]])
        release(values)


def write_ledger(path: Path, trajectory: Any, codes: list[str]) -> None:
    """Write the ledger and mean trust of a trajectory; `codes` are the states in the order of the arrays."""
    ledger, times, n = trajectory.ledger, trajectory.times, len(codes)
    with _writing(path) as file:
        file.attrs["title"] = "Ledger of trust: replicate means by month, account and directed dyad"
        _words(file, "time", times[:-1], "month in which the term was booked")
        _words(file, "bound", times, "start of the month")
        _words(file, "account", list(ledger.accounts), "term of the trust equation, less its expectation at rest")
        _words(file, "state", codes, "who trusts")
        _words(file, "other", codes, "who is trusted")
        booked = np.moveaxis(ledger.mean, 0, 1)
        _numbers(
            file,
            "ledger",
            ("time", "account", "state", "other"),
            booked,
            "mean change of trust booked in the month",
            (_fitting(len(times), 8 * n * n), 1, n, n),
        )
        _numbers(
            file,
            "trust",
            ("bound", "state", "other"),
            trajectory.trust,
            "mean trust",
            (_fitting(len(times), 8 * n * n), n, n),
        )
        _numbers(
            file,
            "rising",
            ("state", "other"),
            trajectory.rising,
            "share of replicates in which trust ended above its start",
            (n, n),
        )


def read_ledger(path: Path) -> LedgerTable:
    """Read `ledger.nc` back.

    Raises:
        ResultsError: it is damaged.
    """
    with reading(path), h5py.File(path, "r") as file:
        words = {name: [_text(word) for word in _array(file, name, None)] for name in ("account", "time", "state")}
        accounts, steps, n = (len(words[name]) for name in ("account", "time", "state"))
        booked = np.moveaxis(_array(file, "ledger", (steps, accounts, n, n)), 1, 0)
        trust, rising = _array(file, "trust", (steps + 1, n, n)), _array(file, "rising", (n, n))
        return LedgerTable(words["account"], words["time"], words["state"], booked, trust, rising)


def _array(file: h5py.File, name: str, shape: tuple[int, ...] | None) -> np.ndarray:
    """A whole array of a file; `shape` is what it must have, None for any with one axis.

    Raises:
        ValueError: it has another, or more numbers than can be packed into a file of this size.
    """
    found = _dataset(file, name)
    if found.shape != shape if shape else len(found.shape) != 1:
        raise ValueError(f"{name} has the shape {found.shape}, not {shape or 'one axis'}")
    return found[:]


def _dataset(file: h5py.File, name: str) -> h5py.Dataset:
    """An array of a file, not read.

    Raises:
        ValueError: it declares more numbers than can be packed into a file of this size.
    """
    found = file[name]
    if not isinstance(found, h5py.Dataset):
        raise ValueError(f"{name} is no array")
    if found.nbytes > MOST_PACKED * file.id.get_filesize():
        raise ValueError(f"{name} declares {found.nbytes:,} bytes, more than a file of its size can hold")
    return found


def _fitting(most: int, size: int) -> int:
    """How many pieces of some bytes fit a chunk, up to ``most``."""
    return max(1, min(most, CHUNK_BYTES // max(1, size)))


def _text(word: str | bytes) -> str:
    return word.decode() if isinstance(word, bytes) else str(word)


def write_trajectory(
    path: Path,
    dyads: Mapping[str, np.ndarray],
    ledger: np.ndarray | None,
    accounts: list[str],
    times: list[str],
    codes: list[str],
) -> None:
    """Write every replicate's dyadic arrays.

    Args:
        path: the file.
        dyads: variable -> (replicate, bound, state, other), or (replicate, month, state, other) for what belongs to a
            month, such as actions.
        ledger: (replicate, account, month, state, other) with `save=all`, else None.
        accounts: names along the second axis of the ledger.
        times: months of the bounds.
        codes: state codes.
    """
    n, steps = len(codes), len(times)
    replicates = next(iter(dyads.values())).shape[0] if dyads else len(ledger)
    with _writing(path) as file:
        file.attrs["title"] = "Dyadic trajectories, every replicate"
        file.dimensions["replicate"] = replicates
        _words(file, "time", times[:-1], "month")
        _words(file, "bound", times, "start of the month")
        _words(file, "state", codes, "who acts, who trusts")
        _words(file, "other", codes, "toward whom")
        for name in sorted(dyads):
            values = dyads[name]
            along = "bound" if values.shape[1] == steps else "time"
            _numbers(
                file,
                name,
                ("replicate", along, "state", "other"),
                values,
                name,
                (_fitting(CHUNK, 8 * steps * n * n), steps, n, n),
            )
        if ledger is not None:
            fitting = _fitting(CHUNK, 8 * steps * n * n)
            _words(file, "account", accounts, "term of the trust equation, less its expectation at rest")
            _numbers(
                file,
                "ledger",
                ("replicate", "account", "time", "state", "other"),
                ledger,
                "change of trust booked in the month",
                (fitting, 1, steps, n, n),
            )


def read_trust(path: Path, codes: list[str], month: str) -> np.ndarray:
    """Trust of every replicate at the start of a month, from `trajectory.nc`: (replicate, state, other) of `codes`."""
    with reading(path), h5py.File(path, "r") as file:
        states, bounds = ([_text(word) for word in _array(file, name, None)] for name in ("state", "bound"))
        pick = np.array([states.index(code) for code in codes])
        return _dataset(file, "trust")[:, bounds.index(month)][:, pick][:, :, pick]
