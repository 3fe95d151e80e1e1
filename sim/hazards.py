"""Hazards: yearly odds as the probability of a month."""

from __future__ import annotations

from typing import Any

import numpy as np


def monthly(log_odds: Any) -> Any:
    """1 - (1 - P)^(1/12), P being the logistic of the log-odds of a year: of arrays here, of numbers in the kernel."""
    softplus = np.maximum(log_odds, 0) + np.log1p(np.exp(-np.abs(log_odds)))
    return -np.expm1(-softplus / 12)
