"""What is disturbed: a run, a run that replaces another, a sweep, a comparison, and the drawing of a run."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.unit.sweep.plans import gains, plan, point
from tests.unit.tiny import tiny

OPTIONS = {"replicates": 2, "workers": 1}


@dataclass(frozen=True)
class Command:
    """``prepare`` makes what is there before, ``carry_out`` is disturbed; both are given the folder of results."""

    name: str
    prepare: Callable[[Path], object]
    carry_out: Callable[[Path], object]


def _nothing(root: Path) -> None:
    root.mkdir()


def _run(root: Path, seed: int = 1, force: bool = False) -> Path:
    from sim.results.obtain import obtain

    return obtain(tiny(), OPTIONS | {"seed": seed, "force": force}, root, lambda: None)[0]


def _two_runs(root: Path) -> None:
    _run(root)
    _run(root, seed=2)


def _sweep(root: Path) -> None:
    from sim.sweep.folder import run_plan

    result = run_plan(plan(root, [point(gain) for gain in gains(2)]), workers=1)
    if result.failed:
        raise SystemExit(3)


def _compare(root: Path) -> None:
    from sim.questions.compare import compare_all, write
    from sim.results import find, runs

    folders = sorted(find(info.path, root) for info in runs(root))
    write(compare_all(folders, paired=False), root)


def _draw(root: Path) -> None:
    from sim.cli.illustration import INCOMPLETE, illustrate
    from sim.results import runs

    if illustrate(runs(root)[0].path, "run", True, True, reused=True).incomplete:
        raise SystemExit(INCOMPLETE)


COMMANDS = {
    command.name: command
    for command in (
        Command("run", _nothing, _run),
        Command("replace", _run, lambda root: _run(root, force=True)),
        Command("sweep", _nothing, _sweep),
        Command("compare", _two_runs, _compare),
        Command("draw", _run, _draw),
    )
}


def warm() -> None:
    """Load everything and read the scenario, once, for all processes that are forked from here."""
    import sim.agents
    import sim.cli.ending
    import sim.cli.illustration
    import sim.plots.sheet.sheet
    import sim.questions.compare
    import sim.report.content
    import sim.report.render
    import sim.results.netcdf
    import sim.results.tables
    import sim.sweep.engines.local
    import sim.sweep.folder  # noqa: F401
    from sim import plots
    from sim.processes import pool
    from sim.results import netcdf
    from sim.results.run_manifest import build
    from sim.simulation.precision import carry_out

    with tempfile.TemporaryDirectory() as folder:  # what is worked out once: cubics, versions, digests; no threads
        trajectory = carry_out(tiny(), OPTIONS | {"seed": 1}, folder=Path(folder))
        netcdf.write_ledger(Path(folder) / netcdf.LEDGER, trajectory, [row["code"] for row in tiny().tables.states])
        build(trajectory, OPTIONS, "0" * 64)
    plots.FIRST_LOOK["run"] = ("cooperation_fan",)  # one that is quick
    plots.prepare()
    pool.cores = lambda: 1
