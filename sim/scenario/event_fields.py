"""Which fields each type of event has, whom it may concern, and the bounds of its number."""

from __future__ import annotations

from sim.scenario.columns import TIES
from sim.scenario.inherit import TIMES

COMMON = ("type", "title", *TIMES, "source", "basis", "note")
DYADS, DIRECTED = ("parties", "between"), ("parties", "between", "from")
# What may be changed, by type of event: the bounds of the number, and the ways to say whom it concerns.
VARIABLES: dict[str, dict[str, tuple[float, float, tuple[str, ...]]]] = {
    "shock": {
        "trust": (-2, 2, DIRECTED),
        "conflict": (-1, 1, DYADS),
        "affinity": (-10, 10, ("states",)),
        "capability": (-1, 1, ("states",)),
        "strength": (-1e6, 1e6, ("actor",)),
    },
    "set": {
        "capability": (0, 1, ("states",)),
        "affinity": (-5, 5, ("states",)),
        "depth": (0, 1, ("organisation",)),
        "effort": (0, 10, ("actor",)),
        "conflict": (0, 1, DYADS),
        "strength": (0, 1e6, ("actor",)),
        "anchor": (-1, 1, DIRECTED),
    },
    "clamp": {
        "trust": (-0.99, 0.99, DIRECTED),
        "conflict": (0, 1, DYADS),
        "tie": (0, 2, DYADS),
        "affinity": (-5, 5, ("states",)),
        "strength": (0, 1e6, ("actor",)),
        "action": (-1, 1, DIRECTED),
    },
}
WORDS = {"tie": TIES, "action": ("cooperate", "neutral", "confront")}
# Type: (fields it must have, fields it may have); fields of the target come with the variable.
FIELDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "join": (("organisation", "states"), ()),
    "leave": (("organisation", "states"), ()),
    "agreement": (("parties", "depth"), ("until",)),
    "exercise": (("size",), ("organisation", "parties")),
    "crisis": (("parties", "severity"), ("months",)),
    "shock": (("variable", "add"), ("lasting",)),
    "rivalry": (("change",), DYADS),
    "set": (("value",), ("variable", "parameter", "until")),
    "intervention": (("actor", "effort"), ("until",)),
    "tie": (("level",), DYADS),
    "clamp": (("variable", "value"), ("until",)),
}
TARGETS: dict[str, str] = {
    "parties": "parties: [IND, PAK]",
    "between": "between: [[RUS], [USA, GBR]]",
    "from": "from: [RUS], to: [UKR]",
    "states": "states: [IND]",
    "actor": "actor: ISK",
    "organisation": "organisation: SCO",
}
FIELD_NAMES = {*COMMON, *TARGETS, "to", *(field for must, may in FIELDS.values() for field in (*must, *may))}
