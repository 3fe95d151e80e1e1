"""`sim plot RUN [PICTURE ...]`: draw pictures of a finished run from its folder."""

from __future__ import annotations

import sys
from pathlib import Path

from sim.cli.arguments import Refusal, add_json, parse, parser, print_json
from sim.cli.main import program


def main(argv: list[str]) -> int:
    """Draw, or list what can be drawn."""
    about = "Draw the pictures of a finished run. RUN is its folder, or a scenario's name for its newest run."
    examples = {
        "sco_expansion": "every picture of the newest run",
        "sco_expansion --list": "which there are, and what each answers",
        "sco_expansion cooperation_fan --format svg": "one picture, for a printed page",
    }
    to = parser("plot", about, examples)
    to.add_argument("run", metavar="RUN", nargs="?", help="a folder, or a scenario's name")
    to.add_argument("names", metavar="PICTURE", nargs="*", help="which pictures; default: all that the run can have")
    to.add_argument("--list", action="store_true", help="say which pictures there are and stop")
    to.add_argument("--format", choices=("png", "svg", "both"), default="png", help="default: png")
    to.add_argument("--lang", choices=("en",), default="en", help="language of the words; there is English")
    to.add_argument(
        "--subject", action="append", metavar="NAME", help="whom to show: a set, organisation, state, dyad; repeat for more"
    )
    to.add_argument("--out", metavar="DIR", help="where to write; default: the folder plots of the run")
    to.add_argument("--results", default="results", metavar="DIR", help="where runs are; default: results")
    add_json(to)
    args = parse(to, argv)
    if args is None:
        return 0
    from sim import plots
    from sim.results import find

    if args.run is None and not args.list:
        raise Refusal(f"which run? A folder, or a scenario's name; see {program()} list runs")
    folder = find(args.run, args.results) if args.run else None
    if args.list:
        return _list(plots, folder, args.json)
    print(f"drawing pictures of {folder}", file=sys.stderr)
    try:
        files = plots.draw(folder, args.names or None, format=args.format, out=args.out, subjects=args.subject)
    except OSError as error:
        where = args.out or folder / plots.PLOTS
        raise Refusal(f"cannot write pictures to {where}: {error.strerror or error}") from None
    if args.json:
        print_json({"folder": str(folder.resolve()), "pictures": [str(path.resolve()) for path in files]})
        return 0
    for path in files:
        print(path)
    return 0


def _list(plots: object, folder: Path | None, as_json: bool) -> int:
    names = plots.names(plots.kind_of(folder)) if folder else plots.names()
    missing = plots.missing(folder) if folder else {}
    if as_json:
        rows = [{"name": name, "answers": answers, "missing": missing.get(name)} for name, answers in names.items()]
        print_json({"pictures": rows, "folder": str(folder.resolve()) if folder else None})
        return 0
    from sim.cli.terminal import Terminal

    terminal = Terminal()
    rows = [
        (name, answers + (f" (not for this run: {missing[name]})" if name in missing else ""))
        for name, answers in names.items()
    ]
    terminal.print(*terminal.columns(rows), "", f"Next: {program()} plot {folder or 'RUN'} {next(iter(names), '')}")
    return 0
