"""Scratch memory: its limits, and where what is recorded of replicates is kept meanwhile.

Two sizes matter: a chunk's arrays should stay in a core's cache, and what is
recorded of all replicates should not have to fit in memory. Recorded arrays are shared with forked workers, which write
their replicates straight into them; large ones lie in a temporary file that has no name, so that nothing is left behind
whatever happens. :func:`release` gives their memory back and keeps their contents.
"""

from __future__ import annotations

import math
import mmap
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Limits:
    """How the work is cut up and where it is kept. All but the sums' stretches change no digit of any number.

    Args:
        chunk: cells (replicate, state, other) of one array in a chunk: about 350 kB, a few of which fit a second-level
            cache.
        in_memory: bytes of a run's recorded arrays that are kept in memory; more than that goes to disk.
        stretches: in which sums are taken, at least, so that there is work for as many processes.
        sums: bytes of their ledgers, for which there may be more stretches.
        alone: decisions of one dyad in the starting world's expectation that are not worth sharing out to processes.
        start: how processes start: forked ones inherit this process's memory, spawned ones send what they recorded.
    """

    chunk: int = 45_000
    in_memory: int = 256 * 2**20
    stretches: int = 8
    sums: int = 2**30
    alone: int = 50_000_000
    start: str = "fork" if sys.platform == "linux" else "spawn"


USUAL = Limits()


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
