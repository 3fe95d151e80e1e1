"""Faults by number: every call of the system on the results fails once, or is the last that a process makes.

    python -m tests.faults [--quick] [--only COMMAND] [--seed S]

Commands are disturbed one after the other: a run, a run that replaces another, a sweep, a comparison, the drawing of a run.
Their calls on the folder of results are counted below the C library, where HDF5's and Arrow's are seen too. Then, one at a
time, each open, rename, mkdir, unlink, fsync and truncate, and each write from another place in the code and 200 more by
chance, fails with ENOSPC (once, or from then on), EIO or EACCES, or the process is killed there. Afterwards whatever is
finished must be whole, nothing unfinished may be read, the next call must give the bytes of an undisturbed one, and `clean`
must be able to take away what was left. Exit status: 0 nothing found, 1 something was found, 2 it cannot be done here.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.faults.library import ERRORS, KINDS, Library, is_preloaded, preloaded, why_not

BY_CHANCE = 200
"""Writes that are taken beside the first from each place in the code."""
QUICK = 3
"""Faults of each command and kind with `--quick`."""


def main() -> int:
    """Disturb, print the table, and say whether anything was found."""
    to = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__.split("\n")[0])
    to.add_argument("--quick", action="store_true", help=f"at most {QUICK} faults of each kind in a command, by chance")
    to.add_argument("--only", action="append", metavar="COMMAND", help="run, replace, sweep, compare, draw; repeat for more")
    to.add_argument("--seed", type=int, default=1, help="of what is left to chance")
    args = to.parse_args()
    if reason := why_not():
        print(f"not here: {reason}", file=sys.stderr)
        return 2
    if is_preloaded():
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        try:
            return _disturb(args)
        finally:
            shutil.rmtree(os.environ["FAULTS_PLACE"], ignore_errors=True)
    memory = Path("/dev/shm")
    place = Path(tempfile.mkdtemp(prefix="faults-", dir=memory if os.access(memory, os.W_OK) else None))
    one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "FAULTS_PLACE": str(place), "SIM_DEBUG": "1"}
    words = [sys.executable, "-m", "tests.faults", *sys.argv[1:]]
    return os.execve(sys.executable, words, {**os.environ, **one_thread, **preloaded(place)})


def _disturb(args: argparse.Namespace) -> int:
    from tests.faults.commands import COMMANDS, warm
    from tests.faults.disturbed import Bench, adopt_orphans

    place = Path(os.environ["FAULTS_PLACE"]).resolve()
    library, chance, began = Library(place / "results"), random.Random(args.seed), time.monotonic()
    warm()
    adopt_orphans()
    points = findings = 0
    print(f"{'command':<9}{'call':<10}{'calls':>6}  " + "".join(f"{error:>12}" for error in ERRORS), flush=True)
    for name in args.only or COMMANDS:
        bench = Bench(COMMANDS[name], library, place)
        told = bench.undisturbed()
        findings += len(told)
        print(*(f"{name}, undisturbed: {line}" for line in told), sep="\n", end="\n" * bool(told))
        for kind in KINDS:
            chosen = _points(kind, bench.calls, args.quick, chance)
            done, found, lines = Counter(), Counter(), []
            for point in chosen:
                wrong = bench.disturb(point)
                done[point.error] += 1
                found[point.error] += bool(wrong)
                lines += [f"  {name}: {point}: {line}" for line in wrong]
            points, findings = points + len(chosen), findings + sum(found.values())
            calls = sum(call.kind == kind for call in bench.calls)
            cells = "".join(f"{f'{done[error]} / {found[error]}' if done[error] else '-':>12}" for error in ERRORS)
            print(f"{name:<9}{kind:<10}{calls:>6}  {cells}", *lines, sep="\n", flush=True)
    print(f"{points:,} faults (points / findings), {findings} findings, {time.monotonic() - began:.0f} s, seed {args.seed}")
    return 1 if findings else 0


def _points(kind: str, calls: list, quick: bool, chance: random.Random) -> list:
    """Which calls of a kind fail, and how."""
    from tests.faults.disturbed import Point

    mine = [call for call in calls if call.kind == kind]
    numbers = [call.number for call in mine]
    if kind == "write":
        first = {call.site: call.number for call in reversed(mine)}
        numbers = sorted({*first.values(), *chance.sample(numbers, min(BY_CHANCE, len(numbers)))})
    chosen = [Point(kind, number, error) for number in numbers for error in ERRORS]
    return sorted(chance.sample(chosen, min(QUICK, len(chosen))), key=str) if quick else chosen


if __name__ == "__main__":
    sys.exit(main())
