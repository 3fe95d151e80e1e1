"""How many replicates are simulated at once: chunks whose arrays stay in a core's cache."""

from __future__ import annotations

from sim.processes.memory import USUAL, Limits


def chunks(replicates: int, states: int, limits: Limits = USUAL) -> list[range]:
    """The replicates in chunks of one size but for the last, an even number of them, for two processes.

    They depend on the world's size and the number of replicates, never on the number of workers.
    """
    size = max(1, limits.chunk // max(states, 1) ** 2)
    count = -(-replicates // size)
    size = -(-replicates // (count + count % 2 if count > 1 else 1))
    return [range(first, min(first + size, replicates)) for first in range(0, replicates, size)]
