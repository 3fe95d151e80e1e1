"""``python -m tests.kernel``: kernel and numpy on every built-in scenario and on many random stories.

With ``--sanitize`` the kernel is compiled with gcc's sanitizers first: a read or write out of bounds, or arithmetic that C
does not define, ends the run. With ``--compilers`` the kernels of all compilers that are there, and the one for browsers in
Node, must give the same bits.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sim import resources
from sim.kernel.build import build, build_wasm, compile_to, compilers
from sim.kernel.covers import reason_against
from sim.scenario import Scenario, read
from sim.scenario.rules import RULES
from tests.kernel.agreement import both, difference
from tests.kernel.bits import digest_of
from tests.kernel.stories import story

SANITIZERS = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-g", "-O1")


def main() -> int:
    """Print what differs and a last line with the largest difference; 1 if anything does."""
    to = argparse.ArgumentParser(prog="python -m tests.kernel", description=(__doc__ or "").split("\n\n")[0])
    to.add_argument("--stories", type=int, default=500, help="random stories (default: 500)")
    to.add_argument("--first", type=int, default=0, help="number of the first")
    to.add_argument("--replicates", type=int, default=3)
    to.add_argument("--sanitize", action="store_true", help="by a kernel that is compiled with sanitizers")
    to.add_argument("--compilers", action="store_true", help="compare the bits of all compilers instead")
    args = to.parse_args()
    if args.sanitize and "ENTENTE_KERNEL" not in os.environ:
        return _sanitized()
    if args.compilers:
        return _compilers(args)
    began, largest, apart, count = time.monotonic(), 0.0, 0, 0
    for name, told, seed in _stories(args):
        count += 1
        why = reason_against(told)
        if why is not None:
            print(f"{name}: not of the kernel: {why}")
            apart += 1
            continue
        found = difference(*both(told, args.replicates, seed=seed))
        largest = max(largest, found.largest)
        if not found.agree:
            apart += 1
            print(f"{name}: {found}", flush=True)
    took = time.monotonic() - began
    print(f"{count} stories in {took:.0f} s: {apart} apart, largest difference of a number {largest:.1e}")
    return int(apart > 0)


def _stories(args: argparse.Namespace) -> Iterator[tuple[str, Scenario, int]]:
    for path in sorted(resources.scenarios().glob("*.yaml")):
        for rules in RULES:
            yield f"{path.stem} under rules {rules}", read(path.stem, changes={"scenario.rules": rules}), 1
    for number in range(args.first, args.first + args.stories):
        yield f"story {number}", story(number), number


def _sanitized() -> int:
    """The same command with a kernel that watches itself; Python needs the sanitizers' libraries from the start."""
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "kernel.so"
        compile_to(library, ["gcc"], more=SANITIZERS)
        found = [
            subprocess.run(["gcc", f"-print-file-name={name}"], capture_output=True, text=True, check=True).stdout.strip()
            for name in ("libasan.so", "libubsan.so")
        ]
        about = {"ENTENTE_KERNEL": str(library), "LD_PRELOAD": " ".join(found), "ASAN_OPTIONS": "detect_leaks=0"}
        return subprocess.run([sys.executable, "-m", "tests.kernel", *sys.argv[1:]], env={**os.environ, **about}).returncode


def _compilers(args: argparse.Namespace) -> int:
    """Every story by the kernels of all compilers, and in Node: a line for each that differs, and how many there were."""
    apart = count = 0
    with tempfile.TemporaryDirectory() as folder:
        libraries = {name: build(Path(folder) / name, name) for name in compilers() if name != "cc"}
        if "zig" in libraries and shutil.which("node"):
            libraries["WebAssembly in Node"] = build_wasm(Path(folder))
        for name, told, seed in _stories(args):
            count += 1
            digests = {own: digest_of(library, told, args.replicates, seed) for own, library in libraries.items()}
            if len(set(digests.values())) > 1:
                apart += 1
                print(f"{name}: {digests}", flush=True)
    print(f"{count} stories by {' and '.join(libraries)}: {apart} with other bits")
    return int(apart > 0)


if __name__ == "__main__":
    raise SystemExit(main())
