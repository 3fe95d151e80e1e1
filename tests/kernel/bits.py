"""The bits of a run by one compiled kernel."""

from __future__ import annotations

import hashlib
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from sim.engine import booking
from sim.kernel import layout
from sim.kernel.library import Control, Library, library
from sim.kernel.plan import results_of
from sim.kernel.start import start_of
from sim.scenario import Scenario

HOST = Path(__file__).with_name("wasm.mjs")


def plan_for(
    scenario: Scenario, replicates: int, seed: int = 1, kernel: Library | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """A plan, its starting world put to rest, and an empty block of results for everything."""
    start = start_of(kernel or library(), scenario, range(replicates), seed=seed)
    frame, booked = start.rules.frame, booking(start.rules.events)
    return start.plan, results_of(frame, len(booked), replicates, scenario.steps, "all")


def results_by(path: Path, scenario: Scenario, replicates: int, seed: int = 1) -> dict[str, np.ndarray]:
    """The sections of the results of a story, by a compiled kernel, which puts its start to rest, too."""
    kernel = Library(path)
    plan, results = plan_for(scenario, replicates, seed, kernel)
    assert kernel.run(plan, 0, replicates, results, Control())
    return layout.read(results, layout.RESULTS)


def results_in_node(wasm: Path, scenario: Scenario, replicates: int, seed: int = 1) -> dict[str, np.ndarray]:
    """The same by the kernel for browsers, in Node."""
    plan, results = plan_for(scenario, replicates, seed)
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("plan", "results")]
        for file, block in zip(files, (plan, results)):
            file.write_bytes(block.tobytes())
        words = ["node", HOST, wasm, *files, 0, replicates]
        done = subprocess.run(list(map(str, words)), capture_output=True, text=True)
        assert done.returncode == 0 and json.loads(done.stdout)["said"] == 0, done.stdout + done.stderr
        results[:] = np.frombuffer(files[1].read_bytes(), np.uint8)
    return layout.read(results, layout.RESULTS)


def digest_of(path: Path, scenario: Scenario, replicates: int, seed: int = 1) -> str:
    """sha256 over all results of a story, by a compiled kernel; one for browsers runs in Node."""
    total = hashlib.sha256()
    results = results_in_node if path.suffix == ".wasm" else results_by
    for name, values in results(path, scenario, replicates, seed).items():
        total.update(name.encode() + values.tobytes())
    return total.hexdigest()
