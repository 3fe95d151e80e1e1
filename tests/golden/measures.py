"""The short list of means that golden tests keep, and how they are taken.

Means over ten replicates of seed 1, at the start, at two dates on the way and at the end, of measures that read trust,
choices, sides, ties and strength together: whatever changes a result changes one of them. Processors differ in the last
bit of exp and log, so values are compared to 1e-9 and never hashed. A discrete choice could in principle fall the other
way for such a bit; of the few million draws of a run one comes that near its threshold (1e-15) about once in 10^8 runs.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from sim.options import NUMPY
from sim.scenario import names, read
from sim.simulation.ensemble import simulate

FILE = Path(__file__).with_name("measures.json")
FIRST_RULES = Path(__file__).with_name("rules_0_1")
"""The built-in stories as version 0.1 had them, and their means: its rules go on to give the same numbers."""
REPLICATES, SEED, TOLERANCE = 10, 1, 1e-9
KERNEL_TOLERANCE = 1e-11
"""Of the kernel's means: it has the same bits on every machine. What is stored is numpy's."""

KEPT = {
    "cooperation": ("world", "SCO", "founders", "CHN-RUS"),
    "cooperation_weighted": ("world",),
    "trust": ("RUS>CHN", "IND>PAK", "RUS>USA"),
    "cohesion": ("SCO", "NATO"),
    "alignment": ("IND", "KAZ", "TUR"),
    "bloc_size": ("East", "West", "none"),
    "ties": ("world",),
    "crises": ("world",),
    "threat": ("IND", "RUS"),
    "strength": ("ISK",),
    "modularity": ("world",),
    "frustration": ("world",),
    "polarisation": ("world",),
}


def scenarios() -> list[str]:
    """Every built-in scenario."""
    return names()


def stories_of_the_first_rules() -> list[str]:
    """The built-in stories of version 0.1."""
    return sorted(file.stem for file in FIRST_RULES.glob("*.yaml"))


def means(scenario: str | Path, engine: str = NUMPY) -> dict[str, float]:
    """``{"cooperation CHN-RUS 2017-06": .41, ...}`` of one scenario; what it has no subject for is left out."""
    run = simulate(read(scenario), replicates=REPLICATES, seed=SEED, workers=1, engine=engine)
    last = len(run.times) - 1
    found = {}
    for measure, subjects in KEPT.items():
        series = run.series[measure]
        for subject in subjects:
            if subject not in series.subjects:
                continue
            column = series.values[:, :, series.subjects.index(subject)]
            for wanted in (0, last // 3, 2 * last // 3, last):
                k = int(np.searchsorted(series.steps, wanted))
                found[f"{measure} {subject} {run.times[series.steps[k]]}"] = float(column[:, k].mean())
    return found


def stored(file: Path = FILE) -> dict[str, Any]:
    """What was last written."""
    return json.loads(file.read_text(encoding="utf-8"))


def write(found: dict[str, dict[str, float]]) -> None:
    """Store the means of all scenarios, twelve digits each."""
    rounded = {name: {key: float(f"{value:.12g}") for key, value in each.items()} for name, each in found.items()}
    FILE.write_text(json.dumps(rounded, indent=1, sort_keys=True) + "\n", encoding="utf-8", newline="\n")


def differences(old: dict[str, float], new: dict[str, float], tolerance: float = TOLERANCE) -> list[str]:
    """What moved by more than the tolerance (relative for numbers above 1), appeared or went, a line each."""
    lines = [f"{key}: gone" for key in old if key not in new] + [
        f"{key}: new, {new[key]:.6g}" for key in new if key not in old
    ]
    for key in old.keys() & new.keys():
        if abs(new[key] - old[key]) > tolerance * max(1.0, abs(old[key])):
            lines.append(f"{key}: {old[key]:.6g} -> {new[key]:.6g}")
    return sorted(lines)
