"""`sim run`: simulate a scenario, write its results, print a summary.

The words after `run` belong to Hydra (overrides, `-m`, `--cfg job`), through `sim.cli.hydra`; what happens with the
composed scenario and options is here. `sim.results.obtain.run` is the same from Python.
"""

from __future__ import annotations

import os
import shlex
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.main import program
from sim.cli.terminal import Terminal, shown

if TYPE_CHECKING:
    from sim.cli.hydra import RunConfig
    from sim.cli.hydra.request import SweepRequest


def main(argv: list[str]) -> int:
    """Run one command line of `run`."""
    if "--help" in argv or "-h" in argv:
        from sim.cli.run_help import help_text

        print(help_text())
        return 0
    as_json = "--json" in argv
    words = [word for word in argv if word != "--json"]
    from sim.cli.illustration import illustrate, in_background

    command = " ".join([program(), "run", *argv])
    done: list[dict[str, Any]] = []
    swept: dict[str, Any] = {}
    again = f"{program()} run {shlex.join(words)}"
    with in_background() if _likely_illustrated(words) else nullcontext(illustrate) as draw:  # before the rest loads
        from sim.cli import hydra

        task = lambda request: _carry_out(request, command, draw, done if as_json else None)  # noqa: E731
        status = hydra.compose(
            words, task, sweep=lambda request: _sweep(request, again, swept if as_json else None), prog=f"{program()} run"
        )
    if as_json and (done or swept):
        from sim.cli.arguments import print_json

        print_json(swept or done[0])
    return status or 0


def _likely_illustrated(words: list[str]) -> bool:
    """Whether a command line is likely to end in pictures or a report; a wrong guess costs nothing but time."""
    other = any(word.startswith(("-", "sweep=", "hydra.")) for word in words)
    return not other and not {"plots=false", "report=false"} <= set(words)


def _sweep(request: SweepRequest, command: str, done: dict[str, Any] | None) -> int:
    from sim.cli.sweep import sweep

    return sweep(request, command, done)


def _carry_out(request: RunConfig, command: str, draw: Callable[..., Any], done: list[dict[str, Any]] | None) -> int:
    """Do one composed run and print what it found, or add it to `done`; `draw` is `illustrate`."""
    from sim.cli.illustration import INCOMPLETE
    from sim.cli.progress import Progress
    from sim.results.obtain import obtain

    scenario = request.scenario
    options = request.options | {"command": command, "overrides": list(request.overrides)}
    about = scenario.name
    began = time.perf_counter()
    with Progress(f"simulating {about}") as progress:
        folder, reused = obtain(scenario, options, request.results, lambda: progress)
    if reused:
        _say(f"{about}: this run is already finished; force=true runs it again")
    pictures, report, incomplete = draw(folder, "run", request.plots, request.report, reused)
    if not reused:
        _say(f"{about}: done in {time.perf_counter() - began:.1f} s")
    if done is not None:
        done.append(_as_json(folder, reused, pictures, report))
    else:
        _print(folder, pictures, report, scenario.baseline)
    return INCOMPLETE if incomplete else 0


def _as_json(folder: Path, reused: bool, pictures: list[Path], report: Path | None) -> dict[str, Any]:
    from sim.cli import summary
    from sim.results import open_run

    about = summary.as_json(open_run(folder))
    return {
        **about,
        "reused": reused,
        "pictures": [str(path.resolve()) for path in pictures],
        "report": str(report.resolve()) if report else None,
    }


def _print(folder: Path, pictures: list[Path], report: Path | None, baseline: str | None) -> None:
    """Print the summary; the last line is the folder, the one before it what to do next."""
    from sim.cli import summary
    from sim.results import open_run

    finished_run, terminal = open_run(folder), Terminal()
    terminal.print(*summary.render(finished_run, terminal), "")
    if pictures:
        terminal.print(f"Pictures: {shown(folder)}{os.sep}plots", f"More of them: {program()} plot {shown(folder)}")
    if report:
        terminal.print(f"Report: {shown(report)}")
    terminal.print(f"Next: {_next(folder, finished_run.manifest, baseline)}", shown(folder))


def _next(folder: Path, about: Mapping[str, Any], baseline: str | None) -> str:
    """The command that makes sense now: the comparison with the scenario's baseline, else the pictures."""
    if baseline and baseline != about["scenario"]:
        root = folder.parent.parent
        return f"{program()} compare {shown(folder)} {baseline}" + ("" if root == Path("results") else f" results={root}")
    return f"{program()} plot {shown(folder)} --list"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
