"""`sim clean`: remove what unfinished runs and sweeps left behind, after it was listed and agreed to."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sim.cli.arguments import Refusal, add_json, parse, parser, print_json
from sim.cli.listing import bytes_in
from sim.cli.main import program
from sim.cli.terminal import Terminal, clean, size_of

ABOUT = (
    "Remove what unfinished runs and sweeps left behind, and what --run and --sweep name. Only what carries the mark that "
    "entente writes when it begins a folder is removed, and nothing that a process is at work on, here or on another "
    "machine; the folders that it lies in stay. First all of it is listed; then there is a question."
)
EXAMPLES = {
    "": "list it, ask, remove it",
    "--dry-run": "list it",
    "--yes": "do not ask, for scripts",
    "--sweep 1a2b3c4d": "also a sweep and its table; its runs stay",
}
WAITS = "its tasks may wait in a queue; to remove it, name it with --sweep"
STAYED = 3
"""Exit status when something that was to go is there still."""


@dataclass(frozen=True)
class Found:
    """Something that may go, and why; ``stays`` says why it does not."""

    path: Path
    why: str
    bytes: int
    stays: str = ""
    named: bool = False  # by the person


def main(argv: list[str]) -> int:
    """List, ask, remove, and say what stayed."""
    to = parser("clean", ABOUT, EXAMPLES)
    to.add_argument("--results", default="results", metavar="DIR", help="where runs are; default: results")
    to.add_argument("--sweep", action="append", default=[], metavar="SWEEP", help="also this sweep; its runs stay")
    to.add_argument("--run", action="append", default=[], metavar="RUN", help="also this run")
    to.add_argument("--dry-run", action="store_true", help="list what would be removed")
    to.add_argument("--yes", action="store_true", help="do not ask")
    add_json(to)
    args = parse(to, argv)
    if args is None:
        return 0
    from sim.results.removal import take_away

    root = Path(args.results)
    found = _found(root, args.run, args.sweep)
    going = [one for one in found if not one.stays]
    if not args.json:
        _list(found, root, "would remove " * args.dry_run)
    asked = not (args.yes or args.dry_run or args.json) and bool(going) and sys.stdin.isatty()
    agreed = not args.dry_run and (args.yes or (asked and _agrees(len(going))))
    left = {one: take_away(root, one.path) for one in going} if agreed else {}
    removed = [one for one, reason in left.items() if not reason]
    kept = {one: one.stays for one in found if one.stays} | {one: reason for one, reason in left.items() if reason}
    unanswered = bool(going) and not (agreed or asked or args.dry_run)
    if args.json:
        print_json(
            {
                "folder": str(root.resolve()),
                "removed": [{"folder": str(one.path), "bytes": one.bytes, "why": one.why} for one in removed],
                "would_remove": [] if agreed else [str(one.path) for one in going],
                "kept": [{"folder": str(one.path), "why": reason} for one, reason in kept.items()],
            }
        )
    else:
        _say(removed, {one: reason for one, reason in left.items() if reason}, bool(found) and args.dry_run)
    if unanswered:
        print(f"Nothing was removed: there is nobody to ask. To remove it: {program()} clean --yes", file=sys.stderr)
    return STAYED if unanswered or any(one.named or one in left for one in kept) else 0


def _found(root: Path, run_names: list[str], sweep_names: list[str]) -> list[Found]:
    """Everything that may go, and what the person named; each once."""
    from sim.results import find, runs
    from sim.results.removal import LINKED, UNMARKED, removable_leftovers, why_left_alone
    from sim.sweep.folder import find_sweep, sweeps
    from sim.sweep.slurm import SCRIPTS

    found = {
        path.absolute(): Found(path, "left by a process that is gone", bytes_in(path)) for path in removable_leftovers(root)
    }

    def add(path: Path, why: str, stays: str = "", named: bool = False) -> None:
        stays = why_left_alone(root, path) or stays
        if named or stays not in (UNMARKED, LINKED):
            found.setdefault(path.absolute(), Found(path, why, bytes_in(path), stays, named))

    for word in run_names:
        add(_inside(root, word, find), "a run that you named", named=True)
    for word in sweep_names:
        add(_inside(root, word, find_sweep), "a sweep that you named; its runs stay", named=True)
    for info in runs(root):
        if info.problem in ("unfinished", "damaged"):
            add(info.path, f"a run, {info.problem}")
    for info in sweeps(root):
        if info.state != "finished":
            waits = info.state == "unfinished" and (info.path / SCRIPTS).is_dir()
            add(info.path, f"a sweep, {info.state}", WAITS if waits else "")
    return list(found.values())


def _inside(root: Path, word: str, find: Callable[[str, Path], Path]) -> Path:
    """The folder that a word names, which has to be `root/*/*`."""
    given = Path(word)
    path = given if given.parent.parent.resolve() == root.resolve() and given.name else find(word, root)
    if path.parent.parent.resolve() != root.resolve():
        raise Refusal(f"{path} is not in {root}; give its results folder with --results")
    return path


def _list(found: list[Found], root: Path, would: str) -> None:
    terminal = Terminal()
    for one in found:
        stays = f"; left alone: {one.stays}" if one.stays else ""
        terminal.print(f"{'' if stays else would}{clean(one.path)} ({size_of(one.bytes)}): {one.why}{stays}")
    if not found:
        terminal.print(f"Nothing to clean in {clean(root)}.")


def _agrees(count: int) -> bool:
    print(f"Remove {'it' if count == 1 else f'these {count}'}? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _say(removed: list[Found], failed: dict[Found, str], dry: bool) -> None:
    terminal = Terminal()
    terminal.print(*(f"removed {clean(one.path)}" for one in removed))
    terminal.print(*(f"not removed {clean(one.path)}: {reason}" for one, reason in failed.items()))
    terminal.print(f"Next: {program()} {'clean' if dry else 'list runs'}")
