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
    "organisations": {"code": "code", "name": "text", "depth": (0, 1), "depth_basis": BASES, "depth_source": "source?"},
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
# Columns that a table may have beyond those above, and tables that a world may have; of these the rules read the commitment
# and the grounds. A range with a "?" before it may be empty.
MORE: dict[str, dict[str, Any]] = {
    "states": {"region": "word", "latitude": ("?", -90, 90), "longitude": ("?", -180, 180)},
    "dyads": {"nonaggression": (0, 1), "consultation": (0, 1)},
    "organisations": {"commitment": TIES},
}
OPTIONAL: dict[str, dict[str, Any]] = {
    "regions": {"region": "word", "state": "state"},
    "history": {
        "a": "state",
        "b": "state",
        "disputes_5": (0, 1),
        "disputes_20": (0, 1),
        "agreements": (0, 20),
        "exercises": (0, 20),
    },
    "relations": {"a": "state", "b": "state", "organisations": (0, 1), "exposure": ("?", -20, 20)},
    "record": {
        "a": "state",
        "b": "state",
        "ratio": ("?", -20, 20),
        "weight": ("?", 0, _INF),
        "ratio_back": ("?", -20, 20),
        "weight_back": ("?", 0, _INF),
    },
    "grounds": {
        "a": "state",
        "b": "state",
        "tone": (-3, 3),
        "record": (-3, 3),
        "events": (0, _INF),
        "record_back": (-3, 3),
        "events_back": (0, _INF),
        "exposure": (-20, 20),
        "onset": (-20, 20),
        "pact_odds": (-20, 20),
        "source": "source",
    },
    "economy": {"code": "state", "gdp_per_head": ("?", 0, _INF), "population": ("?", 0, _INF)},
    "regime": {"code": "state", "polyarchy": ("?", 0, 1)},
    "democracy": {"code": "state", "democracy": ("?", -5, 5)},
    "sources": {"table": "word", "column": "note", "row": "note", "source": "source", "basis": BASES},
}
DEFAULTS: dict[str, dict[str, Any]] = {
    "dyads": {"border": "none", "tie": "none", "rivalry": 0, "nonaggression": 0, "consultation": 0},
    "reach": {"reach": 0.1, "bias": 1},
    "history": {"disputes_5": 0, "disputes_20": 0, "agreements": 0, "exercises": 0},
}
"""What a row that a table does not list is taken to say, where the world's head has ``defaults`` for the table."""
KEYS = {
    "states": ("code",),
    "dyads": ("a", "b"),
    "trust": ("from", "to"),
    "organisations": ("code",),
    "memberships": ("organisation", "state"),
    "actors": ("code",),
    "reach": ("actor", "state"),
    "regions": ("region", "state"),
    "history": ("a", "b"),
    "relations": ("a", "b"),
    "record": ("a", "b"),
    "grounds": ("a", "b"),
    "economy": ("code",),
    "regime": ("code",),
    "democracy": ("code",),
    "sources": ("table", "column", "row"),
}


def of_sources(column: str) -> bool:
    """Whether a column says where another one comes from; a world with a table of sources does without."""
    return column.endswith(("source", "basis"))


def state_columns(table: str) -> list[str]:
    """The columns of a table that name a state; a row speaks of these states, and of no other."""
    kinds = COLUMNS.get(table) or OPTIONAL[table]
    return ["code"] if table == "states" else [column for column, kind in kinds.items() if kind == "state"]
