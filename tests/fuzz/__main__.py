"""``python -m tests.fuzz --seconds N [--seed S] [--mutants N] [--workers W]``: spoilt texts through the real readers.

Mutants of whole scenario files, world tables, command lines, manifests and plans. A mutant is known by the seed, its kind
and its number, so that any number of workers makes the same. What must not be (a traceback, more than five seconds, a
message without its place) is written into the corpus, which the ordinary tests read again; exit status 1 if there is any.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.fuzz.targets import Stored, make_results, prepare, targets
from tests.fuzz.trial import FINDINGS, keep, smaller, try_one

CORPUS = Path(__file__).parent / "corpus"
MEMORY = 8 << 30
STUCK = 60.0
"""Seconds without a sign after which a worker is ended: something holds it that no signal gets through to."""


def main(argv: list[str] | None = None) -> int:
    """Run, print the table, return the exit status."""
    to = argparse.ArgumentParser(prog="python -m tests.fuzz", description=(__doc__ or "").split("\n\n")[1])
    to.add_argument("--seconds", type=float, default=3600.0, help="stop after so long (default: an hour)")
    to.add_argument("--mutants", type=int, default=100_000, help="stop after so many (default: 100,000)")
    to.add_argument("--seed", type=int, default=1)
    to.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    to.add_argument("--only", default="", help="kinds, with commas: scenario,world,override,manifest,plan")
    to.add_argument("--corpus", type=Path, default=CORPUS, help="where findings are written")
    args = to.parse_args(argv)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="entente-fuzz-") as scratch:
        ground = Path(scratch)
        prepare(ground)
        make_results(ground)
        counts, findings = _together(args, ground)
    took = time.monotonic() - began
    print(_table(counts))
    total = sum(sum(kinds.values()) for kinds in counts.values())
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        f"{total:,} mutants in {took:.0f} s with {args.workers} workers: {total / took:.0f} a second; seed {args.seed}; "
        f"{(used.ru_utime + used.ru_stime) / max(1, total) * 1000:.0f} ms of a processor each"
    )
    for where, path in sorted(findings.items()):
        print(f"{where}\n    {path}")
    return 1 if findings else 0


def _together(args: argparse.Namespace, ground: Path) -> tuple[dict[str, Counter], dict[str, str]]:
    """All workers until time or mutants are over; one that is stuck is ended and its mutant is a finding."""
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    beats = context.Array("d", args.workers)
    numbers = context.Array("q", args.workers)
    workers = [
        context.Process(target=_work, args=(args, k, ground, queue, beats, numbers), daemon=True)
        for k in range(args.workers)
    ]
    for worker in workers:
        worker.start()
    counts: dict[str, Counter] = {}
    findings: dict[str, str] = {}
    waiting = set(range(args.workers))
    while waiting:
        try:
            number, told, found = queue.get(timeout=1.0)
        except Exception:
            for k in list(waiting):
                dead = not workers[k].is_alive()
                if dead or (beats[k] and time.monotonic() - beats[k] > STUCK):
                    workers[k].kill()
                    waiting.discard(k)
                    what = "ended" if dead else "is stuck"
                    findings[f"hang: worker {k} {what} at mutant {numbers[k]}, seed {args.seed}"] = "not written"
            continue
        for name, kinds in told.items():
            counts.setdefault(name, Counter()).update(kinds)
        findings |= {f"{name}: {where}": path for (name, where), path in found.items()}
        waiting.discard(number)
    for worker in workers:
        worker.join(timeout=10)
    return counts, findings


def _work(args: argparse.Namespace, number: int, ground: Path, queue: Any, beats: Any, numbers: Any) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    folder = ground.parent / f"{ground.name}-{number}"
    prepare(folder, ground)
    try:
        only = set(filter(None, args.only.split(",")))
        kinds = [target for target in targets(Stored.of(ground)) if not only or target.name in only]
        turns = [target for target in kinds for _ in range(target.share)]
        counts: dict[str, Counter] = {}
        found: dict[tuple[str, str], str] = {}
        until = time.monotonic() + args.seconds
        for k in range(number, args.mutants, args.workers):
            if time.monotonic() > until:
                break
            beats[number], numbers[number] = time.monotonic(), k
            target = turns[k % len(turns)]
            files = target.make(random.Random(f"{args.seed}/{target.name}/{k}"))
            verdict = try_one(target, folder, files)
            counts.setdefault(target.name, Counter())[verdict.kind] += 1
            key = (target.name, verdict.where)
            if verdict.kind in FINDINGS and key not in found:
                path = keep(args.corpus, target.name, smaller(target, folder, files, verdict), verdict)
                found[key] = str(path)
                print(f"{target.name}, mutant {k}: {verdict.where}", file=sys.stderr, flush=True)
        queue.put((number, counts, found))
    finally:
        import shutil

        shutil.rmtree(folder, ignore_errors=True)


def _table(counts: dict[str, Counter]) -> str:
    columns = ("accepted", "refused", *FINDINGS)
    lines = [f"{'':<10}{'mutants':>9}" + "".join(f"{column:>13}" for column in columns)]
    for name, kinds in [*counts.items(), ("all", sum(counts.values(), Counter()))]:
        lines.append(f"{name:<10}{sum(kinds.values()):>9,}" + "".join(f"{kinds[column]:>13,}" for column in columns))
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
