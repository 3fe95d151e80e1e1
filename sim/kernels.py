"""The compiled kernels in use, if any: :mod:`sim.fast` puts them here, mechanisms and draws ask for them here."""

from __future__ import annotations

from typing import Any

import numpy as np

in_use: Any = None
""":mod:`sim.compiled` while it is in use, else None: then numpy does all the work."""


def numbers(p: Any, floating: np.dtype) -> Any:
    """The parameters of a mechanism for its compiled twin; None where numpy is to do the work.

    That is so where nothing compiled is in use, in float32, and where replicates differ in a parameter.
    """
    if in_use is None or floating != np.float64:
        return None
    return in_use.numbers(p)
