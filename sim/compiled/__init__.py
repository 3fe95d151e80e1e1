"""Compiled twins of what takes the time: keyed draws, and what the mechanisms do to each dyad and in each turn.

Each does what its numpy twin does (:mod:`sim.draws`, :mod:`sim.mechanisms`), one element after the other, in float64. The
equations of threat, decision, crisis, trust and anchor are those of their mechanisms, compiled from there. Draws are the
same to the bit; choices, crises and turns come out the same. Only :mod:`sim.fast` imports this package, and with it numba.
"""

from __future__ import annotations

from sim.compiled.choices import decide
from sim.compiled.draws import normal, uniform
from sim.compiled.dyads import anchor, crisis, overlap, perceived_threat, record
from sim.compiled.ledger import trust
from sim.compiled.plain import numbers
from sim.compiled.turns import bloc_turns, tie_turns

__all__ = [
    "anchor",
    "bloc_turns",
    "crisis",
    "decide",
    "normal",
    "numbers",
    "overlap",
    "perceived_threat",
    "record",
    "tie_turns",
    "trust",
    "uniform",
]
