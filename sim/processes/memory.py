"""Scratch memory: how many replicates are simulated at a time, and where what is recorded of them is kept meanwhile.

The one place that decides about memory. Two sizes matter: a chunk's arrays should stay in a core's cache, and what is
recorded of all replicates should not have to fit in memory. Recorded arrays are shared with forked workers, which write
their replicates straight into them; large ones lie in a temporary file that has no name, so that nothing is left behind
whatever happens. :func:`release` gives their memory back and keeps their contents.
"""

from __future__ import annotations

import ctypes
import math
import mmap
import sys
import tempfile
from pathlib import Path

import numpy as np

CHUNK_CELLS, MOST_CELLS = 45_000, 300_000
"""Cells (replicate, state, other) of one array in a chunk: about 350 kB, a few of which fit a second-level cache; and of
the largest, where a run has enough of them. Larger ones share a month's calls and its pass over the ledger's sums."""

IN_MEMORY = 256 * 2**20
"""Bytes of a run's recorded arrays that are kept in memory; more than that goes to disk."""

_KEEP = 2**30
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3


def chunks(replicates: int, states: int) -> list[range]:
    """The replicates in chunks of one size but for the last.

    They depend on the world's size and the number of replicates, never on the number of workers. A short run takes the
    smaller ones, so that there is work for several processes; four remain at least where they are doubled. Where there is
    one process, two may be simulated together: see :func:`pair`.
    """
    size = _smallest(states)
    while replicates >= 8 * size and 2 * size * states**2 <= MOST_CELLS:
        size *= 2
    count = -(-replicates // size)
    size = -(-replicates // (count + count % 2 if count > 1 else 1))  # an even number, for two processes
    return [range(first, min(first + size, replicates)) for first in range(0, replicates, size)]


def pair(states: int) -> int:
    """Replicates of two chunks that may be simulated together."""
    return 2 * _smallest(states)


def _smallest(states: int) -> int:
    return max(1, CHUNK_CELLS // max(states, 1) ** 2)


def shared(shape: tuple[int, ...], dtype: np.dtype | type | str, folder: Path | None = None) -> np.ndarray:
    """An array of zeros that this process and its forked workers all see.

    Args:
        shape: of the array; what is never written takes no space.
        dtype: of its numbers.
        folder: keep it in a file without a name on the disk of this folder; None for memory.

    Raises:
        OSError: the disk has no room for its file system's own bookkeeping, or the folder cannot be written.
    """
    dtype = np.dtype(dtype)
    size = max(1, math.prod(shape)) * dtype.itemsize
    if folder is None:
        memory = mmap.mmap(-1, size)
    else:
        with tempfile.TemporaryFile(dir=folder, prefix="entente-") as file:
            file.truncate(size)
            memory = mmap.mmap(file.fileno(), size)
    return np.frombuffer(memory, dtype, math.prod(shape)).reshape(shape)


def release(array: np.ndarray) -> None:
    """Give back the memory that an array of :func:`shared` takes in this process; its contents stay where they are."""
    while isinstance(array, np.ndarray) and array.base is not None:
        array = array.base
    memory = array.obj if isinstance(array, memoryview) else array
    if isinstance(memory, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        memory.madvise(mmap.MADV_DONTNEED)


def keep_freed_memory() -> None:
    """Ask the C library to keep freed memory for the next array instead of returning it to the system each time.

    A month makes and drops hundreds of arrays of a few hundred kB. glibc would return them to the system and fetch them
    again, page by page, cleared. Other C libraries are left alone.
    """
    if not sys.platform.startswith("linux"):
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return
    mallopt(_M_TRIM_THRESHOLD, _KEEP)
    mallopt(_M_MMAP_THRESHOLD, _KEEP)
