"""`sim world new NAME`: a small world of your own to edit: a part of another, or invented."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.cli.arguments import Refusal, add_json, add_scenario_dir, add_selection, parse, parser, print_json, words_of
from sim.cli.main import program
from sim.cli.world._placing import check_name, place


def main(argv: list[str]) -> int:
    """Write worlds/NAME.yaml and its tables into the current folder."""
    to = parser(
        "world new",
        "Small tables to edit, in worlds/NAME of the current folder, with a commented head beside them. What is taken of "
        "another world keeps its numbers and sources; an invented world has every table filled with stated defaults.",
        {
            "north --from atlas_2015 --states region:nordic,RUS,USA": "a part of the atlas",
            "fable --invented Arcadia,Borduria,Syldavia": "a world that never was",
        },
    )
    to.add_argument("name", metavar="NAME", help="of the new world: letters, digits and _")
    to.add_argument("--from", dest="origin", metavar="W", help="the world to take states from")
    add_selection(to)
    to.add_argument("--invented", metavar="A,B,C", help="names of states that do not exist")
    to.add_argument("--date", default="2025-01", metavar="MONTH", help="of an invented world; default: 2025-01")
    add_scenario_dir(to)
    add_json(to)
    args = parse(to, argv)
    if args is None:
        return 0
    if bool(args.origin) == bool(args.invented):
        raise Refusal("give one of --from W (with --states) and --invented A,B,C")
    if args.invented and args.states:
        raise Refusal("--states takes states of a world: it goes with --from, not with --invented")
    _check_new(args.name)
    from sim.worlds import files
    from sim.worlds.invented import invented
    from sim.worlds.parts import part

    if args.invented:
        made = invented(args.name, args.invented.split(","), _month(args.date))
    else:
        made = part(args.origin, files.folders(args.scenario_dir), args.name, words_of(*args.states) or ["all"])
    return finish(made, args, place(made, args.name))


def _check_new(name: str) -> None:
    """Refuse what cannot be the name of a new world here.

    Raises:
        Refusal: it is no name, or is taken.
    """
    from sim.worlds import files

    check_name(name)
    there = files.known(files.folders(None)).get(name)
    if there is not None:
        raise Refusal(f"there is a world {name} already, {there}; give yours another name")


def finish(made: dict[str, bytes], args: Any, head: Path) -> int:
    """Say what was written and what to do with it."""
    count = made[f"{args.name}/states.csv"].count(b"\n") - 1
    codes = [line.split(",")[0] for line in made[f"{args.name}/states.csv"].decode().splitlines()[1:]]
    if args.json:
        print_json({"world": args.name, "file": str(head.resolve()), "states": codes})
        return 0
    print(f"wrote {head} and worlds/{args.name}/: {count} states ({', '.join(codes[:12])}{', ...' if count > 12 else ''})")
    print(f"Edit the tables; `{program()} world check {args.name}` finds mistakes.")
    print(f"Next: {program()} new my_scenario --world {args.name}")
    return 0


def _month(text: str) -> str:
    from sim.calendar import format_month, parse_month

    try:
        return format_month(parse_month(text))
    except ValueError as error:
        raise Refusal(f"--date: {error}") from None
