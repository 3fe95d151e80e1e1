"""The compiled kernel in this process. A call lets other threads run meanwhile."""

from __future__ import annotations

import ctypes
from functools import cache
from pathlib import Path

import numpy as np

from sim.calendar import format_month
from sim.kernel import layout
from sim.kernel.build import find
from sim.mechanisms.trust import ACCOUNTS

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
            *(ctypes.c_void_p,) * 2,
            ctypes.POINTER(Control),
        ]
        self._c.entente_rest.argtypes = [*block, ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p]
        self._c.entente_state_bytes.argtypes = block
        self._c.entente_state_bytes.restype = ctypes.c_int64
        self._c.entente_begin.argtypes = [*block, ctypes.c_int32, *block]
        self._c.entente_step.argtypes = [*block, ctypes.c_int32, ctypes.c_int32, *block, ctypes.c_void_p, ctypes.c_void_p]
        self._c.entente_carry.argtypes = [
            *block,
            *(ctypes.c_int32,) * 3,
            *block,
            *(ctypes.c_int32,) * 2,
            *(ctypes.c_void_p,) * 2,
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
            row, month, mechanism = layout.read(results, layout.RESULTS)["fault"][0].tolist()
            number = row + int(layout.read(plan, layout.PLAN)["replicate"][0, 0])
            after = f"the mechanism {layout.MECHANISMS[mechanism]}" if mechanism < len(layout.MECHANISMS) else "the events"
            raise KernelError(f"replicate {number}: a number is not finite after {after} in {format_month(month)}")
        return _fine(status)

    def frequencies(
        self, plan: np.ndarray, row: int, number: int, count: int, months: int, control: Control
    ) -> tuple[np.ndarray, np.ndarray]:
        """In how many of ``months`` months, of ``count`` replicates from ``number`` on, each state cooperates with and
        confronts each other in the starting world of a row of a plan; each of shape (n, n)."""
        n = int(layout.read(plan, layout.PLAN)["counts"][0, 0])
        found = np.zeros((2, n, n))
        places = [array.ctypes.data for array in found]
        _fine(
            self._c.entente_frequencies(
                plan.ctypes.data, plan.size, row, number, count, months, *places, ctypes.byref(control)
            )
        )
        return found[0], found[1]

    def rest(self, plan: np.ndarray, row: int, cooperates: np.ndarray, confronts: np.ndarray) -> None:
        """Put a row of a plan to rest: what it expects is written into the plan.

        Args:
            plan: of the run.
            row: of the plan.
            cooperates: share of months in which each state cooperates with each other, (n, n).
            confronts: the same of confrontations.
        """
        shares = [np.ascontiguousarray(share, float) for share in (cooperates, confronts)]
        _fine(self._c.entente_rest(plan.ctypes.data, plan.size, row, *(share.ctypes.data for share in shares)))

    def begin(self, plan: np.ndarray, row: int) -> np.ndarray:
        """The state of a row of a plan at its start, a block of bytes; see :data:`sim.kernel.layout.SAVED`."""
        size = int(self._c.entente_state_bytes(plan.ctypes.data, plan.size))
        _fine(min(size, 0))
        state = layout.aligned(size)
        _fine(self._c.entente_begin(plan.ctypes.data, plan.size, row, state.ctypes.data, state.size))
        return state

    def step(
        self, plan: np.ndarray, row: int, month: int, state: np.ndarray, imposed: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """The state a month later, and what was booked in that month.

        Args:
            plan: of the run.
            row: of the plan.
            month: that passes.
            state: before it; it is left as it is.
            imposed: an action for each dyad in place of the decision's, (n, n) int8;
                :data:`sim.kernel.layout.CHOSEN_BY_ITSELF` where the model decides.

        Returns:
            the state, and the terms of trust by account, (accounts, n, n), those of events last.

        Raises:
            KernelError: it could not.
        """
        counts = dict(zip(layout.COUNTS, layout.read(plan, layout.PLAN)["counts"][0].tolist()))
        n = counts["states"]
        booked = np.zeros((len(ACCOUNTS) + counts["booking"], n, n))
        after = layout.aligned(state.size)
        after[...] = state
        given = None
        if imposed is not None:
            given = np.ascontiguousarray(imposed, np.int8)
            if given.shape != (n, n):
                raise ValueError(f"imposed actions have shape {given.shape}; it is {(n, n)}")
        _fine(
            self._c.entente_step(
                plan.ctypes.data,
                plan.size,
                row,
                month,
                after.ctypes.data,
                after.size,
                None if given is None else given.ctypes.data,
                booked.ctypes.data,
            )
        )
        return after, booked

    def carry(
        self,
        plan: np.ndarray,
        row: int,
        month: int,
        stop: int,
        state: np.ndarray,
        control: Control,
        *,
        column: int | None = None,
        since: int = 0,
        quiet: np.ndarray | None = None,
    ) -> float:
        """Carry a state on, in place, from the start of a month to that of another.

        Args:
            plan: of the run.
            row: of the plan.
            month: where the state stands.
            stop: where it is to stand.
            state: from :meth:`begin`.
            control: asks it to stop; the state is then somewhere between.
            column: of the row of measures, from :func:`sim.kernel.plan.column_of`.
            since: the first month at whose end that measure counts.
            quiet: by dyad the chance that no crisis broke out, multiplied by that of each month, (n, n); None: leave it.

        Returns:
            the sum of the measure over the ends of its months.

        Raises:
            KernelError: it could not.
        """
        total = np.zeros(1)
        _fine(
            self._c.entente_carry(
                plan.ctypes.data,
                plan.size,
                row,
                month,
                stop,
                state.ctypes.data,
                state.size,
                -1 if column is None else column,
                since,
                None if column is None else total.ctypes.data,
                None if quiet is None else quiet.ctypes.data,
                ctypes.byref(control),
            )
        )
        return float(total[0])


def _fine(status: int) -> bool:
    if status == NO_ROOM:
        raise MemoryError("no memory for the kernel")
    if status == NOT_FINITE:
        raise KernelError("a number of the state is not finite")
    if status not in (FINE, STOPPED):
        raise KernelError(f"the kernel does not understand a block (status {status})")
    return bool(status == FINE)


@cache
def library() -> Library | None:
    """The compiled kernel for this machine, or None where there is none."""
    path = find()
    return Library(path) if path is not None else None
