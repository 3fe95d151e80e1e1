"""`sim data DIR`: which public series a data folder has, their years, terms and citations."""

from __future__ import annotations

from sim.cli.arguments import Refusal, add_json, data_folder, parse, parser, print_json
from sim.cli.main import program
from sim.cli.terminal import Terminal


def main(argv: list[str]) -> int:
    """Look, and print what is there and what is missing; 0 where a world can be built from it, else 2."""
    about = (
        "Which of the public series that worlds are built from are in a folder, for which years, under which terms and how "
        "to cite them. The series do not come with the program; their terms differ."
    )
    to = parser(
        "data",
        about,
        {"~/series": "a folder with nmc/, unga/, atop/ and so on", "--json": "that of SIM_DATA, for a program"},
    )
    to.add_argument("folder", nargs="?", metavar="DIR", help="folder of public data; default: SIM_DATA")
    add_json(to)
    args = parse(to, argv)
    if args is None:
        return 0
    data = data_folder(args.folder, "no data folder: name one, or set SIM_DATA")
    from sim.data.folder import look
    from sim.data.public import DataError

    try:
        found = look(data)
    except DataError as error:
        raise Refusal(str(error)) from error
    missing = [one.series.path for one in found if one.series.needed and not one.there]
    if args.json:
        rows = [
            {
                "file": one.series.path,
                "what": one.series.what,
                "found": one.there,
                "needed": one.series.needed,
                "first": one.first,
                "last": one.last,
                "terms": one.series.terms,
                "citation": one.citation,
            }
            for one in found
        ]
        print_json({"folder": str(data.resolve()), "series": rows, "missing": missing})
        return 2 if missing else 0
    terminal = Terminal()
    for one in found:
        years = (
            f"{one.first}-{one.last}" if one.first else "" if one.there else "missing" if one.series.needed else "not there"
        )
        terminal.print("", terminal.bold(terminal.text(f"{one.series.path:<34}{years:<12}{one.series.what}")))
        terminal.print(terminal.wrap(f"terms: {one.series.terms}", "  "))
        if one.citation:
            terminal.print(terminal.wrap(one.citation, "  "))
    if missing:
        terminal.print("", terminal.wrap(f"Needed for a world and missing: {', '.join(missing)}"))
        return 2
    terminal.print("", f"Next: {program()} world build NAME --data {args.folder or data} --start 2000-01 --states majors")
    return 0
