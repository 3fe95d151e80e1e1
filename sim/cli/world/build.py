"""`sim world build NAME`: make a world of any states and any month from a folder of public data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.arguments import Refusal, add_json, data_folder, parse, parser, print_json, words_of
from sim.cli.main import program
from sim.cli.world._placing import check_name, place

if TYPE_CHECKING:
    import argparse

NO_DATA = "no data folder: give --data DIR or set SIM_DATA; `data DIR` says which public series are looked for in it"


def main(argv: list[str]) -> int:
    """Build, then write all files or none."""
    args = _arguments(argv)
    if args is None:
        return 0
    data = data_folder(args.data, NO_DATA)
    check_name(args.name)
    words = words_of(*args.states)
    from sim import resources
    from sim.data.builder import build_world
    from sim.data.public import DataError

    worlds = Path(args.out).expanduser() / "worlds"
    built_in = resources.scenarios() / "worlds"
    target = worlds / f"{args.name}.yaml"
    if worlds.resolve() != built_in.resolve() and (built_in / f"{args.name}.yaml").is_file():
        raise Refusal(f"{args.name} is a world that comes with the program; give yours another name")
    if (target.exists() or target.with_suffix("").exists()) and not args.force:
        raise Refusal(f"{target} is there already; give another name, or --force to write it anew")
    try:
        built = build_world(data, args.start, words or ["all"], args.name)
    except DataError as error:
        raise Refusal(str(error)) from error
    place(built, args.name, worlds.parent, replace=args.force)
    count = built[f"{args.name}/states.csv"].count(b"\n") - 1
    if args.json:
        print_json({"world": args.name, "file": str(target.resolve()), "states": count, "start": args.start})
        return 0
    print(f"wrote {target} and {len(built) - 1} tables beside it: {count} states, {args.start}")
    print(
        f'In a scenario in {args.out}: `world: {args.name}`, `start: "{args.start}"`, and `states: [...]` for some of them.'
    )
    there = "" if args.out == "." else f" --scenario-dir {args.out}"
    print(f"Next: {program()} new my_scenario --world {args.name}{there}")
    return 0


def _arguments(argv: list[str]) -> argparse.Namespace | None:
    about = (
        "A starting world of any states at the start of any month from 1936-01 to 2025-01, from the public series in a "
        "folder of yours. States that did not exist then are refused by name; what a series lacks is carried forward with "
        "its year, or imputed and marked. The same data give the same bytes."
    )
    to = parser(
        "world build",
        about,
        {
            "cold_war --start 1985-01 --states majors,neighbours:RUS": "six majors or so, and the neighbours of one",
            "nordic --start 2023-01 --states region:nordic,region:baltic,RUS": "a region and one more",
            "everybody --start 2000-01 --data ~/series": "all states, from a folder that is named",
        },
    )
    to.add_argument("name", metavar="NAME", help="of the world, as `world: NAME` in a scenario")
    to.add_argument("--start", required=True, metavar="YYYY-MM", help="the first day of this month")
    to.add_argument(
        "--states",
        action="append",
        default=[],
        metavar="WORDS",
        help="codes and words, added and taken away in order: FIN, all, majors, region:nordic, members:NATO, "
        "neighbours:RUS, -TJK; default: all. Give --states=-TJK where the first begins with -",
    )
    to.add_argument("--data", metavar="DIR", help="folder of public data; default: SIM_DATA")
    to.add_argument(
        "--out", default=".", metavar="DIR", help="folder of your scenarios; the world goes in its worlds/ (default: .)"
    )
    to.add_argument("--force", action="store_true", help="write anew a world that is there")
    add_json(to)
    return parse(to, argv)
