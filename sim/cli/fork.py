"""`sim fork RUN --at MONTH --with SCENARIO [...]`: continue a run under the events of other scenarios."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from sim.cli.arguments import Refusal, add_json, add_scenario_dir, add_workers, parse, parser, print_json
from sim.cli.main import program
from sim.cli.terminal import Terminal, say
from sim.wording import date

if TYPE_CHECKING:
    from sim.questions.fork import Fork


def main(argv: list[str]) -> int:
    """Fork, print, write."""
    about = (
        "One past, many futures: take a run up at the start of a month and continue it under the events of other "
        "scenarios. The past is simulated again and checked against the run; each future is to the bit the run that had "
        "its events from the start, and is written as that run."
    )
    to = parser(
        "fork",
        about,
        {
            "sco_expansion --at 2021-08 --with us_stays": "one future",
            "sco_expansion --at 2017-06 --with no_expansion no_roadmap": "several, from one past",
            "sco_expansion --at 2021-08 --with ./mine.yaml": "a scenario of your own",
        },
    )
    to.add_argument("run", metavar="RUN", help="a folder, a scenario's name for its newest run, or its file")
    to.add_argument("--at", required=True, metavar="MONTH", help="the first month of the futures, such as 2021-08")
    to.add_argument(
        "--with", dest="futures", required=True, nargs="+", metavar="SCENARIO", help="whose events count from then on"
    )
    to.add_argument("--force", action="store_true", help="simulate although a finished run is there")
    to.add_argument("--no-plot", action="store_true", help="draw no pictures")
    to.add_argument("--no-report", action="store_true", help="write no reports")
    add_workers(to)
    to.add_argument("--results", default="results", metavar="DIR", help="where runs are; default: results")
    add_scenario_dir(to)
    add_json(to)
    args = parse(to, argv)
    if args is None:
        return 0
    from sim.cli.progress import Progress
    from sim.questions.fork import CannotFork, fork
    from sim.results.obtain import opened

    folder = opened(args.run, args.results, scenario_dir=args.scenario_dir, workers=args.workers).path
    began = time.perf_counter()
    command = " ".join([program(), "fork", *argv])
    try:
        with Progress(f"forking {folder}") as progress:
            found = fork(
                folder,
                args.futures,
                at=args.at,
                workers=args.workers,
                force=args.force,
                told=say,
                scenario_dir=args.scenario_dir,
                about={"command": command},
                progress=progress,
            )
    except CannotFork as error:
        raise Refusal(str(error)) from None
    if found.months:
        print(f"done in {time.perf_counter() - began:.1f} s", file=sys.stderr)
    from sim.cli.illustration import INCOMPLETE, illustrate

    made = [illustrate(path, "run", not args.no_plot, not args.no_report, reused=True) for path in found.folders.values()]
    status = INCOMPLETE if any(one.incomplete for one in made) else 0
    if args.json:
        from sim.cli import summary
        from sim.results import open_run

        futures = [
            {**summary.as_json(open_run(path)), "reused": name in found.reused} for name, path in found.folders.items()
        ]
        last = list(found.folders.values())[-1]
        print_json(
            {
                "folder": str(last.resolve()),
                "past": str(found.run.path.resolve()),
                "at": found.at,
                "months_simulated": found.months,
                "futures": futures,
            }
        )
        return status
    terminal = Terminal()
    terminal.print(*_said(found, terminal), "", f"Next: {_next(found)}", *map(str, found.folders.values()))
    return status


def _said(found: Fork, terminal: Terminal) -> list[str]:
    about = found.run.manifest
    made = [name for name in found.folders if name not in found.reused]
    lines = [terminal.bold(terminal.wrap(f"{about['scenario']} taken up at the start of {date(found.at)}"))]
    if made:
        count = len(made)
        spared = f"; {found.months} months instead of {count * about['steps']}" * (found.months < count * about["steps"])
        text = (
            f"{count} future{'s' * (count != 1)} of {about['replicates']:,} replicates: {', '.join(made)}. The past agrees "
            f"with the run to the bit{spared}."
        )
        lines.append(terminal.wrap(text))
        same = "Each is" if count > 1 else "It is"
        lines.append(terminal.wrap(f"{same} the run that had its events from the start, and is found as such."))
    for name in found.reused:
        lines.append(terminal.wrap(f"{name}: this run is already finished; --force simulates it again."))
    return lines


def _next(found: Fork) -> str:
    paths = " ".join(str(path) for path in (next(iter(found.folders.values())), found.run.path))
    return f"{program()} compare {paths}"
