"""What a picture shows first: of a large world the states of its question, then the most powerful; the story's organisation.

A table of trust of 195 states is 37,830 cells that nobody reads and a page that no browser likes; what is left out of a
picture is in the run's files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

MOST = 60
"""States that are drawn one by one."""


def foremost(run: Any, most: int = MOST) -> list[str]:
    """At most so many states of a run in the order of its manifest: of cores, watched pairs and sets, then by capability."""
    codes = [row["code"] for row in run.manifest.get("states") or ()]
    if len(codes) <= most:
        return codes
    about = run.manifest
    named = [code for side in (about.get("cores") or {}).values() for code in side]
    named += [code for pair in about.get("watch") or () for code in pair]
    named += [code for states in (about.get("sets") or {}).values() for code in states]
    first = [code for code in dict.fromkeys(named) if code in codes]
    power = _power(run)
    rest = sorted((code for code in codes if code not in first), key=lambda code: (-power.get(code, 0.0), code))
    kept = set([*first, *rest][:most])
    return [code for code in codes if code in kept]


def left_out(run: Any, shown: int, *, of: str = "states") -> str:
    """``60 of 195 states: those of the question, then the most powerful``; empty where all are shown."""
    count = len(run.manifest.get("states") or ())
    if shown >= count:
        return ""
    return f"{shown} of {count} {of}: those of the cores, watched pairs and sets, then the most powerful at the start."


def _power(run: Any) -> dict[str, float]:
    """Capability at the start in the first replicate, by state; nothing where the run does not have it."""
    from sim.results.tables import STATES

    if not run.has(STATES):
        return {}
    table = run.states()
    if "capability" not in table:
        return {}
    first = table[(table["replicate"] == table["replicate"].iloc[0]) & (table["time"] == table["time"].iloc[0])]
    return dict(zip(first["state"].astype(str), first["capability"].astype(float), strict=True))


def organisation(run: Any, codes: Sequence[str], moves: Mapping[str, int]) -> str:
    """The organisation that a story is about: the one that its title or question names, else that with most accessions and
    exits (``moves``), else the largest with a commitment, else the largest."""
    words = set(re.findall(r"\w+", f"{run.manifest.get('title') or ''} {run.manifest.get('question') or ''}"))
    told = (run.story().get("organisations") or {}) if run.has("config/scenario.json") else {}
    sizes = {row["code"]: len(row.get("members") or ()) for row in run.manifest.get("organisations") or ()}

    def weight(code: str) -> tuple[bool, int, bool, int]:
        bound = (told.get(code, {}).get("commitment") or "none") != "none"
        return code in words, moves.get(code, 0), bound, sizes.get(code, 0)

    return max(codes, key=weight)
