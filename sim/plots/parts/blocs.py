"""What the pictures of bloc alignment read: where states lean, and which side the replicates have chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.results import Run


def read(run: Run, states: list[str]) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Bounds (T,), median alignment (n, T), share of replicates in each bloc (n, T, 3)."""
    chosen, times = [], []
    for state in states:  # one measure after the other: a reader holds one in memory
        times, sides = run.series("bloc", state)
        chosen.append(np.stack([(sides == k).mean(axis=0) for k in range(3)], axis=1))
    lean = [np.median(run.series("alignment", state)[1], axis=0) for state in states]
    return times, np.array(lean), np.array(chosen)
