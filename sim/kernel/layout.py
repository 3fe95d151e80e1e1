"""The one table of what a plan and its results hold: Python writes blocks by it, ``src/layout.h`` is generated from it.

A block is a header, a directory with one entry a section, and the sections, each at a multiple of 64 bytes. Sections,
types and shapes are those of the tables below, in their order; docs/kernel.md explains them for other front ends.
"""

from __future__ import annotations

import dataclasses
from functools import cache

import numpy as np

from sim import mechanisms
from sim.world import VARIABLES

VERSION = 1
"""Of plan and results alike; a kernel refuses blocks of another."""
PLAN_MAGIC, RESULTS_MAGIC = b"ENTPLAN\0", b"ENTRSLT\0"
HEADER = np.dtype([("magic", "S8"), ("version", "<u4"), ("sections", "<u4"), ("bytes", "<u8"), ("digest", "<u8")])
ENTRY = np.dtype([("offset", "<u8"), ("rows", "<u8"), ("each", "<u8")])
ALIGN = 64

COUNTS = (
    "states",
    "actors",
    "organisations",
    "sets",
    "watched",
    "hidden",  # dyads that a condition asks about and nobody watches
    "booking",  # events with an account in the ledger
    "events",
    "conditions",
    "replicates",  # of this plan
    "start",  # month of the first step
    "steps",
    "bloc_past",  # months of turns of sides before the start
    "past",  # months before the start that fill the memory
    "yearly_always",  # whether a condition asks for a measure of E55 to E59
    "spillover",  # whether any replicate's insurgency.spillover is above 0
)
"""Section ``counts``: whole numbers of the plan."""

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

EVENT = (
    "type",
    "on",  # month, -1 none
    "when",  # row of the condition, -1 none
    "until",  # month, -1 none
    "months",  # how long, -1 no limit
    "momentary",
    "variable",  # position among STATE, -1 none
    "cells",  # first of event_cells
    "cell_count",
    "organisation",  # -1 none; whose members it concerns where it has no cells
    "course",  # how many amounts by month, from column `amount` on; 0: one amount
    "hazard",  # columns of event_numbers
    "lasting",
    "amount",
    "account",  # of the ledger after those of trust, -1 none
    "parameter",  # position among the parameters, -1 none
    "renews",  # whether foreign effort is worked out anew
)
"""Columns of section ``event_table``, a row an event."""

CONDITION = (
    "kind",  # 0 a measure, 1 all of its parts, 2 any of them
    "column",  # of the row of measures
    "below",  # 1 below the limit, 0 above
    "months",
    "after",  # month, -1 none
    "until",  # month, -1 none
    "first",  # row of the first part; parts are consecutive
    "parts",
)
"""Columns of section ``condition_table``."""

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
}

FIXED = ("land", "proximity", "affinity_start", "core", "reach", "bias", "expected_terms", "crisis_reference")
"""Arrays of the world that no month changes; one row, or one a replicate."""
STATE = tuple(name for name in VARIABLES if name not in (*FIXED, "trust_terms"))
"""Arrays of the world that a month may change: the state of a replicate."""


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
    Section("replicate", "<u8", "number of the first replicate"),
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
    Section("fault", "<i4", "after an error: replicate, month, mechanism"),
)

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
    """(mechanism, name) of every parameter, in the order of section ``parameters``."""
    return tuple(
        (mechanism, field.name)
        for mechanism in MECHANISMS
        for field in dataclasses.fields(mechanisms.get(mechanism).Parameters)
    )


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
    room = np.zeros(offset + ALIGN, np.uint8)
    first = -room.ctypes.data % ALIGN
    whole = room[first : first + offset]
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
            *(VERSION, COUNTS, MECHANISMS, STREAMS, PREFIXES, EVENT_TYPES, EVENT, CONDITION, FIXED, STATE),
            *(PLAN, RESULTS, MONTHLY, YEARLY, parameters()),
        ]
    )
    return int.from_bytes(hashlib.blake2b(about.encode(), digest_size=8).digest(), "little")
