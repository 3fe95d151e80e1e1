"""Small plans over the tiny world, for tests and for scripts that are killed."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sim.sweep.checking import HEAD, JOBS, digests, id_of
from sim.sweep.folder import run_plan
from sim.sweep.plan import Plan, Point, write_plan
from tests.unit.tiny import tiny

AXES = ({"key": "parameters.trust.gain", "values": []},)


def point(gain: float, **options) -> Point:
    """One run of the tiny world."""
    base = tiny()
    given = {"trust": {"gain": gain}}
    scenario = replace(base, parameters=given, spec={**base.spec, "parameters": given})
    chosen = {"replicates": 2, "seed": 1, **options}
    words = ("scenario=baseline", f"parameters.trust.gain={gain}")
    return Point(scenario, base, chosen, {"parameters.trust.gain": gain}, words)


def gains(count: int) -> list[float]:
    """So many values."""
    return [round(0.002 + 0.0001 * k, 6) for k in range(count)]


def plan(root: Path, points: list[Point], **about) -> Plan:
    """Their plan."""
    head = {
        "axes": AXES,
        "design": "grid",
        "samples": None,
        "outcomes": ["cooperation:world", "trust:CHN>RUS"],
        "at": [],
        "name": None,
        "command": "sim run -m ...",
    }
    return write_plan(points, root, **head | about)


def tampered(folder: Path, change: Callable[[list[dict]], object], fitting: bool) -> None:
    """Change the rows of a plan on disk; `fitting` computes its digests again, as somebody who means it would."""
    lines = (folder / JOBS).read_bytes().splitlines()
    rows = [json.loads(line) for line in lines]
    change(rows)
    text = "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows).encode()
    (folder / JOBS).write_bytes(text)
    if fitting:
        head = json.loads((folder / HEAD).read_text())
        head |= {"jobs": len(rows), "runs": len({row["key"] for row in rows})}
        parts = digests(head, hashlib.sha256(text).hexdigest())
        (folder / HEAD).write_text(json.dumps(head | {"digests": parts, "id": id_of(parts)[:12]}))


if __name__ == "__main__":  # python -m tests.unit.sweep.plans ROOT COUNT: a sweep that can be killed
    run_plan(plan(Path(sys.argv[1]), [point(gain) for gain in gains(int(sys.argv[2]))]), workers=2)
