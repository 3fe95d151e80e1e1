"""`sim world add NAME STATE`: one state more in a world of your own, with all its dyads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.calendar import format_month
from sim.cli.arguments import Refusal, add_json, add_scenario_dir, data_folder, parse, parser, print_json
from sim.cli.main import program
from sim.cli.world._placing import place

if TYPE_CHECKING:
    from sim.worlds.files import WorldFiles


def main(argv: list[str]) -> int:
    """Add a state to worlds/NAME of the current folder."""
    to = parser(
        "world add",
        "Add a state to a world of your own (worlds/NAME in the current folder): its row, a row for each pair with the "
        "states that are there, its memberships, and their sources. They come from a world of the same month that has the "
        "state, or are built from the public series in a folder.",
        {
            "north FIN": "from the atlas of the same month",
            "north EST --from atlas_2015": "from a world that is named",
            "north POL --data ~/series": "built anew, for a month that no world here has",
        },
    )
    to.add_argument("name", metavar="NAME", help="the world")
    to.add_argument("state", metavar="STATE", help="its code, such as FIN")
    to.add_argument("--from", dest="origin", metavar="W", help="the world to take it from")
    to.add_argument("--data", metavar="DIR", help="build it from the public series in this folder; default: SIM_DATA")
    add_scenario_dir(to)
    add_json(to)
    args = parse(to, argv)
    if args is None:
        return 0
    from sim.worlds import files
    from sim.worlds.addition import add, head_with

    head = Path("worlds") / f"{args.name}.yaml"
    if not head.is_file():
        raise Refusal(f"there is no {head} in this folder; make a world of your own: {program()} world new {args.name}")
    world = files.read(args.name, [Path()])
    donor = _donor(world, args)
    notes = add(world, donor, args.state)
    text = head.read_text(encoding="utf-8")
    made = files.contents(world, head_with(text, world, head))
    place(made, args.name, replace=True)
    if args.json:
        print_json({"world": args.name, "added": args.state, "from": donor.name, "states": world.codes, "notes": notes})
        return 0
    pairs = len(world.codes) - 1
    print(f"added {args.state} to {head}, with {pairs} pairs, from {donor.name}: {len(world.codes)} states now")
    for note in notes:
        print(f"  note: {note}")
    print(f"Next: {program()} world check {args.name}")
    return 0


def _donor(world: WorldFiles, args: Any) -> WorldFiles:
    """A world that has the state, of the same month.

    Raises:
        Refusal: there is none, or one that was named is of another month.
    """
    from sim.calendar import parse_month
    from sim.scenario.worlds import worlds_with
    from sim.worlds import files

    places = files.folders(args.scenario_dir)
    month = parse_month(str(world.head["date"]))
    if args.origin:
        donor = files.read(args.origin, places)
        if parse_month(str(donor.head["date"])) != month:
            raise Refusal(
                f"{args.origin} is of {donor.head['date']}, {args.name} of {format_month(month)}: a state of another month "
                f"would not fit. Build one: {program()} world add {args.name} {args.state} --data DIR"
            )
        return donor
    found = [name for name in worlds_with(args.state, places, month) if name != args.name]
    if found:
        return files.read(found[0], places)
    data = data_folder(
        args.data,
        f"no world of {format_month(month)} here has {args.state}; `--data DIR` builds it from public series, "
        "`--from W` takes it from a world of that month",
    )
    from sim.data.builder import build_world
    from sim.data.public import DataError

    try:
        built = build_world(data, format_month(month), ["all"], "built")
    except DataError as error:
        raise Refusal(str(error)) from None
    return files.of_bytes("built", built)
