"""`sim world list`: the worlds with their months and how many states each has."""

from __future__ import annotations

from pathlib import Path

from sim.cli import listing


def main(argv: list[str]) -> int:
    """As `list worlds`, with those beside the scenarios of this folder."""
    here = ["--scenario-dir", "."] if Path("worlds").is_dir() and "--scenario-dir" not in argv else []
    return listing.main(["worlds", *argv, *here])
