"""How many replicates are simulated at once: chunks whose arrays stay in a core's cache."""

from __future__ import annotations

from sim.processes.memory import USUAL, Limits


def chunks(replicates: int, states: int, limits: Limits = USUAL) -> list[range]:
    """The replicates in chunks of one size but for the last.

    They depend on the world's size and the number of replicates, never on the number of workers. A short run takes the
    smaller ones, so that there is work for several processes; four remain at least where they are doubled. Where there is
    one process, two may be simulated together: see :func:`pair`.
    """
    size = _smallest(states, limits)
    while replicates >= 8 * size and 2 * size * states**2 <= limits.large_chunk:
        size *= 2
    count = -(-replicates // size)
    size = -(-replicates // (count + count % 2 if count > 1 else 1))  # an even number, for two processes
    return [range(first, min(first + size, replicates)) for first in range(0, replicates, size)]


def pair(states: int, limits: Limits = USUAL) -> int:
    """Replicates of two chunks that may be simulated together."""
    return 2 * _smallest(states, limits)


def _smallest(states: int, limits: Limits) -> int:
    return max(1, limits.chunk // max(states, 1) ** 2)
