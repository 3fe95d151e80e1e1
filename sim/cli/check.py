"""`sim check FILE|FOLDER`: every mistake of a scenario file at once, or whether a folder of results is whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.calendar import format_month
from sim.cli.arguments import add_json, add_scenario_dir, parse, parser, print_json
from sim.cli.main import program
from sim.cli.terminal import Terminal
from sim.wording import date


def main(argv: list[str]) -> int:
    """Check one scenario, 0 when it can be run, 2 when not; or results, 0 when they are whole, 1 when not."""
    about = (
        "Find every mistake in a scenario file: unknown words, numbers out of bounds, contradictory events. Given a folder "
        "of results (a run, a comparison, a sweep, or all of them), compare every file with the checksum that was written "
        "with it: ok, changed, missing or extra. Exit status 1: a folder is not whole."
    )
    examples = {
        "./mine.yaml": "a file of your own",
        "sco_expansion": "a built-in scenario",
        "./mine.yaml --json": "for a program",
        "./mine.yaml --upgrade": "written for an older version: write it anew",
        "results/sco_expansion/1a2b3c4d5e6f": "a run, file by file",
        "results": "every run, comparison and sweep",
    }
    to = parser("check", about, examples)
    to.add_argument("scenario", metavar="FILE", help="a scenario file, a scenario's name, or a folder of results")
    to.add_argument("--upgrade", action="store_true", help="write a scenario of your own anew, in the language of today")
    add_scenario_dir(to)
    add_json(to)
    args = parse(to, argv)
    if args is None:
        return 0
    folder = Path(args.scenario)
    if folder.is_dir():
        from sim.cli import check_results

        if check_results.holds_results(folder):
            return check_results.check(folder, args.json)
    from sim.scenario import ScenarioError, read

    try:
        story = read(args.scenario, scenario_dir=Path(args.scenario_dir) if args.scenario_dir else None)
    except ScenarioError as error:
        if not args.json:
            raise
        print_json({"scenario": args.scenario, "ok": False, "problems": [problem.plain() for problem in error.problems]})
        return 2
    if args.upgrade:
        return _upgrade(story, args)
    from sim.start.already import conditions_met

    cautions = [*story.warnings, *conditions_met(story), *_cautions(story)]
    if args.json:
        about = {
            "ok": True,
            "problems": [],
            "cautions": cautions,
            "events": len(story.events),
            "states": len(story.tables.states),
        }
        print_json({"scenario": args.scenario, **about})
        return 0
    terminal = Terminal()
    period = f"{date(format_month(story.start))} to {date(format_month(story.end - 1))}"
    events = f"{len(story.events)} event{'s' * (len(story.events) != 1)}"
    terminal.print(terminal.text(f"{args.scenario} is fine: {events}, {len(story.tables.states)} states, {period}."))
    for caution in cautions:
        terminal.print(terminal.wrap(caution, "  note: ", "        "))
    terminal.print("", f"Next: {program()} show {args.scenario}", f"      {program()} run scenario={args.scenario}")
    return 0


def _upgrade(story: Any, args: Any) -> int:
    """Write the file of a scenario anew."""
    from sim.cli.editor import upgrade

    file, done = upgrade(story, args.scenario_dir)
    if args.json:
        print_json({"scenario": args.scenario, "ok": True, "file": str(file.resolve()), "changes": done})
        return 0
    print(f"{file} is written in the language of today: nothing that it says had to change.")
    for what in done:
        print(f"  {what}")
    print(f"Next: {program()} show {args.scenario}")
    return 0


def _cautions(story: Any) -> list[str]:
    """What is allowed, and still worth knowing."""
    found = []
    unsourced = [key for key, event in story.events.items() if not event.get("source")]
    if unsourced:
        found.append(f"without a source: {', '.join(unsourced)}")
    from sim.results.run_manifest import imposed_events  # here, so that --help does not load numpy

    imposed = imposed_events(story.events)
    if imposed:
        found.append(f"these events impose an outcome, and will be labelled so: {', '.join(imposed)}")
    if not story.question:
        found.append("no question; a scenario is easier to read with one")
    return found
