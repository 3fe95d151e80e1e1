"""The columns of the tables of a starting world: what each cell may hold, and which cells name a row."""

from __future__ import annotations

import math
from typing import Any

from sim.world import TIE_LEVELS

BASES = ("P", "D", "X", "A", "R", "C", "M")
BORDERS = ("land", "sea", "none")
TIES = tuple(TIE_LEVELS)
_INF = math.inf

# Column: what it holds. A tuple of numbers is a range, of words the words allowed; "state", "organisation" and "actor"
# refer to another table; "source" refers to the world's sources; a "?" means it may be empty.
COLUMNS: dict[str, dict[str, Any]] = {
    "states": {
        "code": "code",
        "name": "text",
        "capability": (0, 1),
        "capability_source": "source",
        "affinity": (-5, 5),
        "affinity_source": "source",
        "world_reach": (0, 1),
        "world_reach_basis": BASES,
    },
    "dyads": {
        "a": "state",
        "b": "state",
        "border": BORDERS,
        "border_source": "source",
        "tie": TIES,
        "tie_source": "source",
        "rivalry": (0, 1),
        "rivalry_source": "source",
    },
    "trust": {"from": "state", "to": "state", "anchor": (-1, 1), "basis": BASES, "source": "source"},
    "organisations": {
        "code": "code",
        "name": "text",
        "depth": (0, 1),
        "depth_basis": BASES,
        "depth_source": "source?",
        "commitment": TIES,
    },
    "memberships": {"organisation": "organisation", "state": "state", "joined": "date", "source": "source"},
    "actors": {
        "code": "code",
        "name": "text",
        "host": "state",
        "strength": (0, _INF),
        "strength_basis": BASES,
        "strength_source": "source",
        "effort": (0, _INF),
        "effort_basis": BASES,
        "effort_source": "source",
    },
    "reach": {
        "actor": "actor",
        "state": "state",
        "reach": (0, 1),
        "reach_basis": BASES,
        "bias": (0, 100),
        "bias_basis": BASES,
        "bias_source": "source?",
    },
}
OPTIONAL: dict[str, tuple[str, ...]] = {"organisations": ("commitment",)}
"""Columns that a table may do without; a row of such a table does without the value, too."""
KEYS = {
    "states": ("code",),
    "dyads": ("a", "b"),
    "trust": ("from", "to"),
    "organisations": ("code",),
    "memberships": ("organisation", "state"),
    "actors": ("code",),
    "reach": ("actor", "state"),
}
