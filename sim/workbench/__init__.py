"""The workbench: a scenario as one HTML page that simulates, with the kernel as WebAssembly in it.

The page carries the plan of the scenario (:mod:`sim.kernel.plan`), a table of where in the plan each number stands that a
hand may change, and the kernel. It loads nothing, and what it computes is what ``run engine=kernel`` computes, to the bit.

    from sim import workbench
    workbench.write(read("sco_expansion"))      # -> sco_expansion.work.html
"""

from __future__ import annotations

from pathlib import Path

from sim.scenario import Scenario
from sim.workbench.wasm import NotFresh

ENDING = ".work.html"
SEED = 1
REPLICATES = 200
"""How many replicates a page shows when nobody moves."""


def write(
    scenario: Scenario,
    against: Scenario | None = None,
    out: Path | str | None = None,
    *,
    seed: int = SEED,
    replicates: int = REPLICATES,
    beside: bool = False,
) -> Path:
    """Write the page of a scenario; return the file.

    Args:
        scenario: the story that a hand changes.
        against: another story to compare it with; None: only itself, unchanged.
        out: the file; None for `NAME.work.html` in the working directory.
        seed: which luck.
        replicates: how many the page shows when nobody moves, 8 or more.
        beside: whether the page shows the other story first, and not the scenario unchanged.

    Raises:
        sim.scenario.ScenarioError: the kernel cannot carry out one of them, or they have other states or months.
        sim.workbench.wasm.NotFresh: the kernel for pages is not that of the sources.
        OSError: the file cannot be written; what was there before is there still.
    """
    from sim.results.atomic import write_file
    from sim.workbench.content import gather
    from sim.workbench.page import render

    target = Path(out) if out is not None else Path(scenario.name + ENDING)
    write_file(target, render(gather(scenario, against, seed, replicates, beside=beside)))
    return target


__all__ = ["ENDING", "REPLICATES", "SEED", "NotFresh", "write"]
