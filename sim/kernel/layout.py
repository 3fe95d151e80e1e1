"""The one table of what a plan and its results hold: Python writes blocks by it, ``src/layout.h`` is generated from it.

A block is a header, a directory with one entry a section, and the sections, each at a multiple of 64 bytes. Sections,
types and shapes are those of the tables below, in their order; docs/kernel.md explains them for other front ends.
"""

from __future__ import annotations

import dataclasses
from functools import cache

import numpy as np

from sim.world import VARIABLES

VERSION = 1
"""Of plan and results alike; a kernel refuses blocks of another."""
PLAN_MAGIC, RESULTS_MAGIC, STATE_MAGIC = b"ENTPLAN\0", b"ENTRSLT\0", b"ENTSTAT\0"
HEADER = np.dtype([("magic", "S8"), ("version", "<u4"), ("sections", "<u4"), ("bytes", "<u8"), ("digest", "<u8")])
ENTRY = np.dtype([("offset", "<u8"), ("rows", "<u8"), ("each", "<u8")])
ALIGN = 64

COUNTS = {
    "states": "states, n",
    "actors": "non-state actors, a",
    "organisations": "organisations, o",
    "sets": "named sets",
    "watched": "watched dyads",
    "hidden": "dyads that a condition asks about and nobody watches",
    "booking": "events with an account in the ledger",
    "events": "events, e",
    "conditions": "rows of the conditions",
    "replicates": "replicates that the plan is for",
    "start": "month of the first step, 12 times the year and the month from 0",
    "steps": "months",
    "bloc_past": "months of turns of sides before the start (E5)",
    "past": "months before the start that fill the memory (A13)",
    "yearly_always": "1 where a condition asks for a measure that is recorded once a year",
    "spillover": "1 where insurgency.spillover is above 0 in a replicate, or an event sets it",
}
"""Section ``counts``: whole numbers of the plan, and what they are."""

MECHANISMS = (
    "insurgency",
    "threat",
    "institutions",
    "decision",
    "crisis",
    "trust",
    "ties",
    "affinity",
    "anchor",
    "blocs",
    "record",
)
"""The mechanisms that the kernel has; a schedule is a list of their positions here."""

PARAMETERS = {
    "insurgency": ("growth", "capacity", "foreign_attrition", "local_attrition", "noise", "spillover", "memory"),
    "threat": ("half_strength",),
    "institutions": ("hostile", "dilution"),
    "decision": (
        "precision",
        "reward",
        "neutral",
        "sucker",
        "common_threat",
        "institution",
        "distance",
        "grievance",
        "confrontation_cost",
        "pact_cost",
        "conflict_base",
        "conflict_rivalry",
        "conflict_border",
        "attention_base",
        "expected",
        "attention_span",
        "exposure",
        "commitment",
    ),
    "crisis": ("hazards", "rival", "land", "other", "ceiling", "offset"),
    "trust": (
        "gain",
        "loss",
        "crisis",
        "balance",
        "contact",
        "reversion",
        "noise",
        "solidarity",
        "balance_product",
        "balance_step",
        "saturation",
        "limit",
        "centring",
    ),
    "ties": (
        "mode",
        "rate",
        "constant",
        "keep",
        "shared",
        "trust",
        "threat",
        "distance",
        "land",
        "enemies",
        "hostile",
        "consent",
        "directed",
    ),
    "affinity": ("influence", "rate", "stubbornness", "noise"),
    "anchor": (
        "level",
        "pact",
        "consultation",
        "distance",
        "rivalry",
        "start",
        "weight",
        "lasting",
        "per_pact",
        "per_distance",
        "per_rivalry",
    ),
    "blocs": (
        "rate",
        "temperature",
        "switching",
        "non_alignment",
        "past",
        "third_way",
        "regard",
        "pact",
        "consultation",
        "opposed",
        "threshold",
    ),
    "record": (),
}
"""The parameters that the kernel knows. One that a mechanism has beside them must be at its default."""

WORDS = {
    ("trust", "balance_product"): ("transpose", "square"),
    ("trust", "balance_step"): ("euler",),
    ("ties", "mode"): ("actor_oriented", "one_alter", "hazard", "off", "logit"),
    ("crisis", "hazards"): ("classes", "dyads"),
    ("decision", "expected"): ("drawn", "computed"),
    ("affinity", "influence"): ("trusted", "assembly"),
    ("anchor", "start"): ("rule", "record"),
    ("blocs", "regard"): ("trust", "commitment"),
}
"""The words of parameters that the kernel knows; a plan has their positions here."""

STREAMS = (
    "insurgency",
    "decision",
    "crisis",
    "trust",
    "ties/opportunity",
    "ties/order",
    "ties/choice",
    "ties/consent",
    "ties/hold",
    "ties/hazard",
    "ties/logit",
    "affinity",
    "blocs/opportunity",
    "blocs/order",
    "blocs/choice",
)
"""Streams of draws; section ``streams`` has their keys under each of :data:`PREFIXES`, one after the other."""
PREFIXES = ("", "past/", "expectation/")

EVENT_TYPES = (
    "agreement",
    "clamp",
    "crisis",
    "exercise",
    "intervention",
    "join",
    "leave",
    "rivalry",
    "set",
    "shock",
    "tie",
    "war",
)
"""The types of events that the kernel has."""

EVENT_FIELDS = (
    "actor",
    "add",
    "attacker",
    "between",
    "change",
    "defender",
    "depth",
    "effort",
    "from",
    "lasting",
    "level",
    "months",
    "organisation",
    "parameter",
    "parties",
    "severity",
    "size",
    "states",
    "supporters",
    "to",
    "until",
    "value",
    "variable",
)
"""The fields that say what an event does and to whom; one with another field is not the kernel's."""

EVENT = {
    "type": "position among EVENT_TYPES",
    "on": "month of a dated event, -1 none",
    "when": "row of its condition, -1 none; without either it comes by hazard",
    "until": "first month in which it no longer holds, -1 none",
    "months": "how many months it lasts, -1 no limit",
    "momentary": "1 where it changes the world once and is done",
    "variable": "position among STATE of the array that it is about, -1 none",
    "cells": "the first of its positions in event_cells",
    "cell_count": "how many positions in a row of its array it points at",
    "organisation": "position, -1 none; without cells it concerns the dyads of that month's members",
    "course": "how many amounts by month, from column `amount` on; 0: one amount",
    "hazard": "column of event_numbers",
    "lasting": "column of event_numbers: share of a shock to trust that its anchor takes, too",
    "amount": "column of event_numbers",
    "account": "account of the ledger after those of trust, -1 none",
    "parameter": "position among the parameters of the one that it sets, -1 none",
    "renews": "1 where foreign effort is worked out anew",
    "parts": "of a war: the first of n numbers in event_cells, the part of each state, see PARTS; -1 where nobody takes one",
}
"""Columns of section ``event_table``, a row an event, in the order of the scenario."""

PARTS = ("third", "attacker", "attacked", "supporter")
"""What a state may be in a war."""

CONDITION = {
    "kind": "0 a measure, 1 all of its parts, 2 any of them",
    "column": "place in the row of measures",
    "below": "1 where the measure is to be below the limit, 0 above",
    "months": "for how many months in a row",
    "after": "first month that counts, -1 none",
    "until": "first month that no longer counts, -1 none",
    "first": "row of the first part; parts are consecutive",
    "parts": "how many",
}
"""Columns of section ``condition_table``."""

CONDITION_FIELDS = ("measure", "below", "above", "months", "after", "until", "all", "any")
"""What a condition of a scenario may say."""

_SIZES = {
    ("state", "other"): "nn",
    ("state",): "n",
    ("state", "organisation"): "no",
    ("organisation",): "o",
    ("actor", "state"): "an",
    ("actor",): "a",
    ("state", "actor"): "na",
    ("account", "state", "other"): "xnn",
    ("event",): "e",
    ("event", "state"): "en",
}

FIXED = (
    "land",
    "proximity",
    "affinity_start",
    "core",
    "reach",
    "bias",
    "expected_terms",
    "crisis_reference",
    "exposure",
    "onset",
    "pact_odds",
)
"""Arrays of the world that no month changes; one row, or one a replicate."""
STATE = (
    "trust",
    "anchor",
    "anchor_base",
    "tie",
    "regard",
    "agreement",
    "conflict",
    "rivalry",
    "capability",
    "affinity",
    "membership",
    "depth",
    "bloc",
    "strength",
    "effort",
    "effort_start",
    "joint_effort",
    "threat",
    "actor_threat",
    "common_threat",
    "institutions",
    "p_confront",
    "action",
    "crisis",
    "imposed_crisis",
    "exercise",
    "cooperation_months",
    "crisis_months",
    "event_start",
    "event_held",
    "stance",
)
"""Arrays of the world that a month may change: the state of a replicate."""


RESTED = (
    "threat",
    "actor_threat",
    "common_threat",
    "institutions",
    "p_confront",
    "joint_effort",
    "crisis_reference",
    "expected_terms",
)
"""Arrays that the kernel fills when it puts the world of a plan to rest."""


@dataclasses.dataclass(frozen=True)
class Section:
    """A part of a block: its name, the type of its numbers, and what it holds."""

    name: str
    dtype: str
    about: str


def size(variable: str) -> str:
    """The name, in the kernel, of how many numbers a row of an array of the world has."""
    return _SIZES[VARIABLES[variable].dims]


def dtype(variable: str) -> str:
    """The type of an array of the world in a plan."""
    own = VARIABLES[variable].dtype
    return np.dtype("<f8" if own == "float" else own).newbyteorder("<").str


PLAN = (
    Section("counts", "<i4", "see COUNTS"),
    Section("parameters", "<f8", "every parameter of every mechanism, one row or one a replicate"),
    Section("schedule", "<i4", "positions among MECHANISMS"),
    Section("replicate", "<u8", "number of the first replicate, or of each"),
    Section("streams", "<u8", "keys of STREAMS under each of PREFIXES"),
    Section("state_codes", "<u8", "codes of the states, in their order"),
    Section("actor_codes", "<u8", "codes of the actors"),
    Section("event_streams", "<u8", "by event the key of its stream"),
    Section("event_table", "<i4", "see EVENT"),
    Section("event_numbers", "<f8", "amounts, hazards and lasting shares, one row or one a replicate"),
    Section("event_cells", "<i4", "positions in an array's row that events point at"),
    Section("commitments", "<i4", "by organisation the level of the tie that it makes"),
    Section("condition_table", "<i4", "see CONDITION"),
    Section("condition_limits", "<f8", "by condition its limit"),
    Section("watch", "<i4", "watched dyads and then hidden ones, two positions each"),
    Section("sets", "|i1", "members of the named sets, (sets, states)"),
    *(Section(name, dtype(name), VARIABLES[name].meaning) for name in (*FIXED, *STATE)),
)

RESULTS = (
    Section("monthly", "<f8", "measures read every month, (replicate, bound, column)"),
    Section("yearly", "<f8", "measures read every 12 months and at the end, (replicate, bound, column)"),
    Section("affinity", "<f4", "(replicate, bound, state)"),
    Section("capability", "<f4", "(replicate, bound, state)"),
    Section("pacts", "<f4", "(replicate, bound, state)"),
    Section("started", "<i4", "(replicate, event)"),
    Section("dyads_trust", "<f8", "(replicate, bound, state, other), or nothing"),
    Section("dyads_action", "|i1", "(replicate, bound, state, other), or nothing"),
    Section("dyads_tie", "|i1", "(replicate, bound, state, other), or nothing"),
    Section("dyads_crisis", "|i1", "(replicate, bound, state, other), or nothing"),
    Section("ledger", "<f8", "(replicate, account, month, state, other), or nothing"),
    Section("ledger_sum", "<f8", "sums over replicates, (account, month, state, other); added to"),
    Section("trust_sum", "<f8", "sums over replicates, (bound, state, other); added to"),
    Section("rising", "<f8", "how many replicates' trust rose, (state, other); added to"),
    Section("fault", "<i4", "where a number was not finite: row, month, mechanism (or how many there are, for events)"),
)

SAVED = (
    *(Section(name, dtype(name), VARIABLES[name].meaning) for name in STATE),
    Section("keys", "<u8", "of its streams"),
    Section("past_keys", "<u8", "of the streams of its past"),
    Section("event_keys", "<u8", "of the streams of events"),
    Section("measures", "<f8", "the row of measures read last, hidden dyads and yearly ones included"),
    Section("levels", "|i1", "whether agreements, imposed crises and exercises are other than zero"),
)
"""A saved state: one replicate between two months."""
TAKEN_AWAY = 2**30
"""In ``event_start`` of a state: an event that never takes effect."""
CHOSEN_BY_ITSELF = 2
"""Where an array of imposed actions has this, the model decides."""

MONTHLY = (
    "alignment",
    "bloc",
    "bloc_size",
    "cooperation",
    "cooperation_weighted",
    "ties",
    "crises",
    "threat",
    "actor_threat",
    "strength",
    "trust",
    "cohesion",
)
YEARLY = ("balanced_triads", "frustration", "modularity", "spectral_agreement", "polarisation", "tie_similarity")
"""Measures in the order of a row; hidden dyads follow the monthly ones (cooperation, crises, trust both ways) and, with
their tie similarity, the yearly ones."""


@cache
def parameters() -> tuple[tuple[str, str], ...]:
    """(mechanism, name) of every parameter that the kernel knows, in the order of section ``parameters``."""
    return tuple((mechanism, name) for mechanism in MECHANISMS for name in PARAMETERS[mechanism])


def block(magic: bytes, sections: tuple[Section, ...], arrays: dict[str, np.ndarray | tuple[int, int]]) -> np.ndarray:
    """A block of bytes, shape (bytes,), uint8, aligned to 64.

    Args:
        magic: the first eight bytes.
        sections: of the block.
        arrays: by section its numbers, (rows, each); or only that shape, for zeros.
    """
    shapes = [a if isinstance(a, tuple) else a.shape for a in (arrays[s.name] for s in sections)]
    offset = -(-(HEADER.itemsize + ENTRY.itemsize * len(sections)) // ALIGN) * ALIGN
    entries = np.zeros(len(sections), ENTRY)
    for k, (section, (rows, each)) in enumerate(zip(sections, shapes)):
        entries[k] = offset, rows, each
        offset += -(-rows * each * np.dtype(section.dtype).itemsize // ALIGN) * ALIGN
    whole = aligned(offset)
    header = np.zeros(1, HEADER)
    header[0] = magic, VERSION, len(sections), offset, digest()
    whole[: HEADER.itemsize] = header.view(np.uint8)
    whole[HEADER.itemsize : HEADER.itemsize + entries.nbytes] = entries.view(np.uint8)
    views = read(whole, sections)
    for section in sections:
        given = arrays[section.name]
        if not isinstance(given, tuple):
            views[section.name][...] = given
    return whole


def aligned(size: int) -> np.ndarray:
    """So many bytes of zeros, shape (size,), uint8, where a block may begin."""
    room = np.zeros(size + ALIGN, np.uint8)
    first = -room.ctypes.data % ALIGN
    return room[first : first + size]


def read(whole: np.ndarray, sections: tuple[Section, ...]) -> dict[str, np.ndarray]:
    """The sections of a block by name, each (rows, each), as views of it."""
    entries = whole[HEADER.itemsize : HEADER.itemsize + ENTRY.itemsize * len(sections)].view(ENTRY)
    found = {}
    for section, (offset, rows, each) in zip(sections, entries.tolist()):
        kind = np.dtype(section.dtype)
        found[section.name] = whole[offset : offset + rows * each * kind.itemsize].view(kind).reshape(rows, each)
    return found


@cache
def digest() -> int:
    """64 bits that change with any table of this file or any list of parameters; kernel and front end compare them."""
    import hashlib

    about = repr(
        [
            *(VERSION, *COUNTS, MECHANISMS, STREAMS, PREFIXES, EVENT_TYPES, *EVENT, *CONDITION, FIXED, STATE),
            *((section.name, section.dtype) for section in (*PLAN, *RESULTS, *SAVED)),
            *(MONTHLY, YEARLY, WORDS, parameters()),
        ]
    )
    return int.from_bytes(hashlib.blake2b(about.encode(), digest_size=8).digest(), "little")
