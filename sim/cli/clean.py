"""`sim clean`: remove what unfinished runs and sweeps left behind; anything else only after a question."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from sim.cli.arguments import Refusal, add_json, parse, parser, print_json
from sim.cli.listing import bytes_in
from sim.cli.main import program
from sim.cli.terminal import Terminal, size_of

ABOUT = (
    "Remove what unfinished runs left behind: temporary folders of processes that are gone, and folders of runs without a "
    "manifest. Damaged runs and sweeps, unfinished sweeps, and what --sweep or --run names are removed after a question."
)
EXAMPLES = {
    "": "leftovers at once; a question before anything else",
    "--dry-run": "say what would be removed",
    "--sweep 1a2b3c4d --yes": "a sweep and its table; its runs stay",
}


def main(argv: list[str]) -> int:
    """Remove, and say what."""
    to = parser("clean", ABOUT, EXAMPLES)
    to.add_argument("--results", default="results", metavar="DIR", help="where runs are; default: results")
    to.add_argument("--sweep", action="append", default=[], metavar="SWEEP", help="also this sweep; its runs stay")
    to.add_argument("--run", action="append", default=[], metavar="RUN", help="also this run")
    to.add_argument("--dry-run", action="store_true", help="remove nothing")
    to.add_argument("--yes", action="store_true", help="do not ask")
    add_json(to)
    args = parse(to, argv)
    if args is None:
        return 0
    root = Path(args.results)
    leftovers, others = _leftovers(root), _others(root, args.sweep, args.run)
    removed = [] if args.dry_run else [_remove(path) for path in leftovers]
    agreed = others if args.yes and not args.dry_run else []
    if others and not args.yes and not args.dry_run and not args.json and sys.stdin.isatty():
        agreed = [path for path, why in others.items() if _asked(path, why)]
    removed += [_remove(path) for path in agreed]
    left = {path: why for path, why in others.items() if path not in agreed}
    _say(args, root, leftovers if args.dry_run else [], removed, left)
    return 0


def _leftovers(root: Path) -> list[Path]:
    """Temporary folders of processes that are gone, and runs that were never finished."""
    from sim.results import runs
    from sim.results.temporary import leftovers

    return [*leftovers(root), *(info.path for info in runs(root) if info.problem == "unfinished")]


def _others(root: Path, sweeps: list[str], runs: list[str]) -> dict[Path, str]:
    """What is removed after a question, with the reason."""
    from sim.results import find
    from sim.results import runs as all_runs
    from sim.sweep.folder import find_sweep
    from sim.sweep.folder import sweeps as all_sweeps

    found = {info.path: "a damaged run" for info in all_runs(root) if info.problem == "damaged"}
    found |= {info.path: f"a sweep, {info.state}" for info in all_sweeps(root) if info.state != "finished"}
    for name in sweeps:
        found[find_sweep(name, root)] = "a sweep that you named; its runs stay"
    for name in runs:
        found[find(name, root)] = "a run that you named"
    inside = root.resolve()
    for path in found:
        if inside not in path.resolve().parents:
            raise Refusal(f"{path} is not in {root}; give its results folder with --results")
    return found


def _asked(path: Path, why: str) -> bool:
    print(f"remove {path} ({why}, {size_of(bytes_in(path))})? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _remove(path: Path) -> dict[str, Any]:
    about = {"folder": str(path), "bytes": bytes_in(path)}
    shutil.rmtree(path, ignore_errors=True)
    for empty in (path.parent, path.parent.parent):
        if empty.is_dir() and not any(empty.iterdir()):
            empty.rmdir()
    return about


def _say(args: Any, root: Path, would: list[Path], removed: list[dict[str, Any]], left: dict[Path, str]) -> None:
    if args.json:
        kept = [{"folder": str(path), "why": why} for path, why in left.items()]
        print_json({"folder": str(root.resolve()), "removed": removed, "would_remove": list(map(str, would)), "kept": kept})
        return
    terminal = Terminal()
    for path in would:
        terminal.print(f"would remove {path} ({size_of(bytes_in(path))})")
    for about in removed:
        terminal.print(f"removed {about['folder']} ({size_of(about['bytes'])})")
    for path, why in left.items():
        terminal.print(f"kept {path}: {why}")
    if not (would or removed or left):
        terminal.print(f"Nothing to clean in {root}.")
    terminal.print(f"Next: {program()} clean --yes" if left else f"Next: {program()} list runs")
