"""Where the scale of a change ends: a round number, the same in every picture and report of the same numbers."""

from __future__ import annotations

import numpy as np

LEAST = 0.05
"""A scale that ends below this would make much of little."""
_ENDS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0, 1.2, 1.5)


def end_of_scale(changes: np.ndarray, least: float = LEAST, share: float = 0.99) -> float:
    """A round limit, not below `least`, that holds at least this share of the changes."""
    sizes = np.abs(changes[np.isfinite(changes)])
    need = float(np.quantile(sizes, share)) if sizes.size else 0.0
    return next((end for end in _ENDS if max(need, least) <= end * (1 + 1e-9)), 2.0)
