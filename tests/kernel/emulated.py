"""``python -m tests.kernel.emulated``: the same bits on a processor of another kind, emulated by qemu.

Compiles the kernel with zig for 64-bit ARM and carries out built-in scenarios, their starts included; 1 if a bit differs.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from sim.engine import booking
from sim.kernel.build import FLAGS, SOURCES, compilers
from sim.kernel.library import Control, library
from sim.kernel.plan import plan_of, results_of
from sim.kernel.start import start_of
from sim.scenario import read
from sim.start.world import before_rest

STORIES = ("sco_expansion", "ukraine_rupture", "cold_war_1985")
REPLICATES = 3
DRIVER = Path(__file__).with_name("driver.c")


def main() -> int:
    """A line a scenario."""
    kernel = library()
    if kernel is None or "zig" not in compilers() or shutil.which("qemu-aarch64") is None:
        print("needs a compiled kernel, zig and qemu-aarch64", file=sys.stderr)
        return 2
    apart = 0
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        flags = [flag for flag in FLAGS if flag != "-fvisibility=hidden"]
        sources = [str(DRIVER), *map(str, sorted(SOURCES.glob("*.c")))]
        target = ["-target", "aarch64-linux-musl", "-static", "-o", str(folder / "driver")]
        subprocess.run([*compilers()["zig"], *flags, *target, *sources], check=True)
        for name in STORIES:
            told, files = read(name), [folder / "plan", folder / "results"]
            world, rules, _ = before_rest(told, range(1), 1)
            raw = plan_of(world, rules, told.start, told.steps, range(REPLICATES))
            results = results_of(rules.frame, len(booking(rules.events)), REPLICATES, told.steps, "all")
            for file, block in zip(files, (raw, results)):
                file.write_bytes(block.tobytes())
            words = ["qemu-aarch64", str(folder / "driver"), *map(str, files), str(REPLICATES)]
            subprocess.run(words, check=True)
            start = start_of(kernel, told, range(REPLICATES), seed=1)
            assert start is not None and kernel.run(start.plan, 0, REPLICATES, results, Control())
            same = [file.read_bytes() == block.tobytes() for file, block in zip(files, (start.plan, results))]
            apart += not all(same)
            print(f"{name}: {'the same bits' if all(same) else 'other bits'} on aarch64 (start and {REPLICATES} replicates)")
    return int(apart > 0)


if __name__ == "__main__":
    raise SystemExit(main())
