"""The compiled kernel in this process. A call lets other threads run meanwhile."""

from __future__ import annotations

import ctypes
from functools import cache
from pathlib import Path

import numpy as np

from sim.kernel import layout
from sim.kernel.build import find

FINE, STOPPED, BAD_BLOCK, NO_ROOM, NOT_FINITE = 0, 1, -1, -2, -3


class KernelError(RuntimeError):
    """The kernel could not carry out a plan; the message says why, and where."""


class Control(ctypes.Structure):
    """Watched by all calls that share it: ``stop`` asks them to end, ``done`` counts replicate-months."""

    _fields_ = (("stop", ctypes.c_int32), ("reserved", ctypes.c_int32), ("done", ctypes.c_int64))


class Library:
    """A compiled kernel.

    Raises:
        KernelError: it was compiled for another layout.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._c = ctypes.CDLL(str(path))
        self._c.entente_layout.restype = ctypes.c_uint64
        if self._c.entente_layout() != layout.digest():
            raise KernelError(f"{path} is of another version of the package; run `python -m sim.kernel generate`")
        block = (ctypes.c_void_p, ctypes.c_int64)
        self._c.entente_run.argtypes = [*block, ctypes.c_int32, ctypes.c_int32, *block, ctypes.POINTER(Control)]
        self._c.entente_frequencies.argtypes = [
            *block,
            ctypes.c_int32,
            ctypes.c_uint64,
            ctypes.c_int32,
            ctypes.c_int32,
            ctypes.c_int32,
            *(ctypes.c_void_p,) * 3,
            ctypes.POINTER(Control),
        ]
        self._c.entente_prepare()

    def run(self, plan: np.ndarray, first: int, count: int, results: np.ndarray, control: Control) -> bool:
        """Carry out ``count`` replicates of a plan from its row ``first`` on; False where it was asked to stop.

        Raises:
            KernelError: it could not.
        """
        status = self._c.entente_run(
            plan.ctypes.data, plan.size, first, count, results.ctypes.data, results.size, ctypes.byref(control)
        )
        if status == NOT_FINITE:
            where = layout.read(results, layout.RESULTS)["fault"][0]
            from sim.calendar import format_month

            raise KernelError(f"row {where[0]} of a plan has a number that is not finite in {format_month(int(where[1]))}")
        return _fine(status)

    def frequencies(
        self, plan: np.ndarray, row: int, number: int, count: int, months: int, control: Control
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """How often in the starting world each state cooperates with and confronts each other, summed over ``months`` of
        ``count`` replicates from ``number`` on, and the probability of the latter; each of shape (n, n)."""
        n = int(layout.read(plan, layout.PLAN)["counts"][0, 0])
        found = np.zeros((3, n, n))
        places = [array.ctypes.data for array in found]
        _fine(
            self._c.entente_frequencies(
                plan.ctypes.data, plan.size, row, number, count, 0, months, *places, ctypes.byref(control)
            )
        )
        return found[0], found[1], found[2]


def _fine(status: int) -> bool:
    if status == NO_ROOM:
        raise MemoryError("no memory for the kernel")
    if status not in (FINE, STOPPED):
        raise KernelError(f"the kernel does not understand a block (status {status})")
    return bool(status == FINE)


@cache
def library() -> Library | None:
    """The compiled kernel for this machine, or None where there is none."""
    path = find()
    return Library(path) if path is not None else None
