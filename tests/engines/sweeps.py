"""Sweeps of tiny runs, and what they left on disk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.agents.behaviours import locate
from sim.sweep.plan import Plan, Point, write_plan
from tests.unit.tiny import tiny


def planned(root: Path, runs: int, *, behaviours: Mapping[int, str] | None = None) -> Plan:
    """A sweep of the tiny world over seeds; `behaviours` gives the class of China for some of them."""
    story = tiny()

    def points() -> Iterator[Point]:
        for seed in range(1, runs + 1):
            options: dict[str, Any] = {"replicates": 4, "seed": seed}
            if behaviours and seed in behaviours:
                options["behaviours"] = {"CHN": locate(behaviours[seed])}
            yield Point(story, story, options, {"seed": seed}, (f"seed={seed}",))

    return write_plan(points(), root, axes=[{"key": "seed"}], design="grid", outcomes=None, at=[], command="test")


def written(root: Path) -> dict[str, bytes]:
    """The files of every finished run but what tells when and where it was made: the manifest and the options."""
    runs = [manifest.parent for manifest in root.glob("*/*/manifest.json") if manifest.parent.parent.name != "sweeps"]
    files = (path for run in runs for path in run.rglob("*") if path.is_file())
    return {str(path.relative_to(root)): path.read_bytes() for path in files if path.name != "manifest.json"}


def leftovers(root: Path) -> list[Path]:
    """What lies in the temporary folder of the results."""
    return list((root / ".tmp").glob("*"))
