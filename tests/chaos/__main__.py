"""`python -m tests.chaos --kills N [--seed S]`: kill commands at random moments and look at what is left.

Prints a table, and exits 1 when anything was found.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.chaos.cases import CASES
from tests.chaos.killing import WAYS, Kill, Reference, kill, reference

KINDS = ("orphans", "lost", "differing", "other")
"""What may be found."""


def main(argv: Sequence[str] | None = None) -> int:
    """Kill, and print what came of it."""
    to = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__.splitlines()[0])
    to.add_argument("--kills", type=int, default=100, metavar="N", help="how many; default: 100")
    to.add_argument("--seed", type=int, default=1, metavar="S", help="of the moments; default: 1")
    to.add_argument("--at-once", type=int, default=2, metavar="N", help="commands at a time; default: 2")
    to.add_argument("--case", action="append", choices=CASES, help="this command alone; may be repeated")
    args = to.parse_args(argv)
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # a background job of a shell: its children would ignore it too
        signal.signal(signal.SIGINT, signal.default_int_handler)
    began = time.monotonic()
    place = Path(tempfile.mkdtemp(prefix="entente-chaos-"))
    try:
        found = kills(args.kills, args.seed, place, args.case or list(CASES), list(WAYS), args.at_once)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    seconds = time.monotonic() - began
    print(table(found))
    faulty = [one for one in found if one.faults()]
    for one in faulty:
        print(f"{one.case}, {one.way} after {one.moment:.2f} s, status {one.status}: {'; '.join(one.faults())}")
    print(f"{len(found)} kills in {seconds:.0f} s ({seconds / max(1, len(found)):.1f} s each), {len(faulty)} with a finding")
    return 1 if faulty else 0


def kills(count: int, seed: int, place: Path, cases: Sequence[str], ways: Sequence[str], at_once: int) -> list[Kill]:
    """Kill so many commands, every case in every way in turn, each at a moment of its own."""
    luck = random.Random(seed)
    abouts: dict[str, Reference] = {case: reference(case, place / "reference") for case in cases}
    drawn = [(cases[k % len(cases)], ways[k // len(cases) % len(ways)], luck.uniform(0, 1.15)) for k in range(count)]

    def one(number: int) -> Kill:
        case, way, share = drawn[number]
        folder = place / f"kill-{number}"
        try:
            return kill(case, way, share, abouts[case], folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            if sys.stderr.isatty() or number % 10 == 9:
                print(f"{number + 1} of {count}", file=sys.stderr, flush=True)

    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(one, range(count)))


def table(found: Sequence[Kill]) -> str:
    """Kills, orphans, lost, differing and other findings, by command and signal."""
    rows = [("command", "signal", "kills", "stopped", *KINDS)]
    for case in dict.fromkeys(one.case for one in found):
        for way in dict.fromkeys(one.way for one in found if one.case == case):
            group = [one for one in found if (one.case, one.way) == (case, way)]
            counts = [sum(bool(getattr(one, kind)) for one in group) for kind in KINDS]
            rows.append((case, way, len(group), sum(one.status != 0 for one in group), *counts))
    rows.append(("all", "", *(sum(row[k] for row in rows[1:]) for k in range(2, 8))))
    return "\n".join(f"{row[0]:<15}{row[1]:<10}" + "".join(f"{value!s:>10}" for value in row[2:]) for row in rows)


if __name__ == "__main__":
    sys.exit(main())
