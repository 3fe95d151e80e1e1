"""`sim world check NAME`: all that is wrong with a world at once, missing tables too."""

from __future__ import annotations

from sim.cli.arguments import add_json, add_scenario_dir, parse, parser, print_json
from sim.cli.main import program
from sim.cli.terminal import Terminal


def main(argv: list[str]) -> int:
    """Check one world: 0 when it can be used, 2 when not."""
    to = parser(
        "world check",
        "Find every mistake in the head and the tables of a world: missing tables and columns, numbers out of bounds, pairs "
        "without a row; and warn of what is allowed but can hardly be meant, such as allies that are rivals.",
        {"mine": "worlds/mine.yaml and its tables in this folder", "atlas_2025": "a world that ships"},
    )
    to.add_argument("name", metavar="NAME")
    add_scenario_dir(to)
    add_json(to)
    args = parse(to, argv)
    if args is None:
        return 0
    from sim.scenario.problems import ScenarioError
    from sim.worlds import files
    from sim.worlds.checking import check

    world, problems, warnings = check(args.name, files.folders(args.scenario_dir))
    if args.json:
        said = [problem.plain() for problem in problems]
        print_json({"world": args.name, "ok": not problems, "problems": said, "warnings": warnings})
        return 2 if problems else 0
    if world is None:
        raise ScenarioError(problems)
    terminal = Terminal()
    terminal.print(terminal.text(f"{args.name} is fine: {len(world.tables.states)} states."))
    for warning in warnings:
        terminal.print(terminal.wrap(warning, "  note: ", "        "))
    terminal.print("", f"Next: {program()} world show {args.name}", f"      {program()} new my_scenario --world {args.name}")
    return 0
