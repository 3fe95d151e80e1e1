"""``python -m benchmarks.beside PYTHON``: is a default run slower than with another version?

PYTHON is the interpreter of an environment in which the other version is installed. Both run
``python -m sim run scenario=sco_expansion`` into fresh folders, in turns, who is first changing from turn to turn; what is
compared is the processor time of all their processes. Exit status 1: the median of the ratios is above what is allowed.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

WORDS = ("-m", "sim", "run", "scenario=sco_expansion")


def processor(python: str, words: tuple[str, ...]) -> float:
    """Seconds of processor time of one command and all its processes, in a fresh folder.

    Raises:
        RuntimeError: it failed; the message ends with what it said.
    """
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE")}
    with tempfile.TemporaryDirectory() as folder, open(Path(folder) / "said", "w+b") as said:
        process = subprocess.Popen([python, *words], cwd=folder, stdout=said, stderr=said, env=clean)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise RuntimeError(f"{python} {' '.join(words)} failed:\n{said.read()[-2000:].decode(errors='replace')}")
    return used.ru_utime + used.ru_stime


def interval(values: list[float], level: float = 0.95) -> tuple[float, float, float]:
    """The ends of an interval of the median, and how sure it is: the narrowest pair of values, counted from both ends, that
    has the median between it at least with the level, else the least and the largest."""
    ordered, n = sorted(values), len(values)
    sure = [1 - 2 * sum(math.comb(n, j) for j in range(k + 1)) / 2**n for k in range((n + 1) // 2)]
    k = max((k for k, share in enumerate(sure) if share >= level), default=0)
    return ordered[k], ordered[n - 1 - k], sure[k]


def main(argv: list[str] | None = None) -> int:
    """Time both in turns and say the ratio."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.beside", description=__doc__.split("\n\n")[0])
    parser.add_argument("python", metavar="PYTHON", help="the interpreter of the other version's environment")
    parser.add_argument("words", metavar="OVERRIDE", nargs="*", help="of the run, such as plots=false")
    parser.add_argument("--turns", type=int, default=11, help="how often each is run (default 11)")
    parser.add_argument("--most", type=float, default=1.03, help="the ratio that is allowed (default 1.03)")
    asked = parser.parse_args(argv)
    words = (*WORDS, *asked.words)
    pythons = {"the other": asked.python, "this": sys.executable}
    seconds: dict[str, list[float]] = {name: [] for name in pythons}
    try:
        for python in pythons.values():
            processor(python, words)  # so that bytecode is there, and files are in the disk's cache
        for turn in range(asked.turns):
            for name in list(pythons)[:: 1 if turn % 2 else -1]:
                seconds[name].append(processor(pythons[name], words))
            print(
                f"turn {turn + 1} of {asked.turns}: "
                + ", ".join(f"{name} {took[-1]:.2f} s" for name, took in seconds.items()),
                file=sys.stderr,
                flush=True,
            )
    except RuntimeError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    ratios = [new / old for new, old in zip(seconds["this"], seconds["the other"], strict=True)]
    low, high, sure = interval(ratios)
    middle = statistics.median(ratios)
    print(f"python {' '.join(words)}: processor time of all processes, {asked.turns} turns")
    for name, took in seconds.items():
        print(f"{name}: {statistics.median(took):.2f} s ({min(took):.2f} to {max(took):.2f})")
    print(f"ratio: {middle:.3f}, {sure:.0%} interval of the median {low:.3f} to {high:.3f}; {asked.most:g} is allowed")
    return int(middle > asked.most)


if __name__ == "__main__":
    sys.exit(main())
