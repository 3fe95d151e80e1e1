"""`sim work SCENARIO`: the workbench of a scenario, one HTML page that simulates while a hand moves dates and sliders."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.arguments import Refusal, add_json, add_scenario_dir, parse, parser, print_json
from sim.cli.main import program

if TYPE_CHECKING:
    from sim.scenario import Scenario


def main(argv: list[str]) -> int:
    """Write the page of a scenario, and open it."""
    about = (
        "Write the workbench of a scenario: one HTML page with the engine in it. Move an event or a parameter, and see in a "
        "tenth of a second what it changes, with the numbers of `run engine=kernel`. It works offline and loads nothing."
    )
    examples = {
        "sco_expansion": "the page of a scenario, opened in a browser",
        "sco_expansion --against no_expansion": "beside another story",
        "./mine.yaml --out mine.html --no-open": "of your own scenario, to send on",
        "--site DIR": "pages of all built-in scenarios with an index, for a static host",
    }
    to = parser("work", about, examples)
    to.add_argument("scenario", nargs="?", metavar="SCENARIO", help="a scenario's name, or a file")
    to.add_argument("--against", metavar="OTHER", help="another story to compare with; default: the scenario's baseline")
    to.add_argument("--out", metavar="FILE", help="where to write; default: SCENARIO.work.html here")
    to.add_argument("--site", metavar="DIR", help="write a page for each built-in scenario, and an index, into a folder")
    to.add_argument("--no-open", action="store_true", help="do not open it in a browser")
    to.add_argument("--seed", type=int, default=1, metavar="N", help="which luck; default: 1")
    to.add_argument("--replicates", type=int, default=200, metavar="N", help="how many the page shows at rest; default: 200")
    add_scenario_dir(to)
    add_json(to)
    args = parse(to, argv)
    if args is None:
        return 0
    if not 8 <= args.replicates <= 1000:
        raise Refusal(f"--replicates {args.replicates} is not allowed; give 8 to 1000")
    if bool(args.scenario) == bool(args.site):
        raise Refusal(f"name a scenario, or a folder with --site. See {program()} work --help")
    from sim import workbench
    from sim.scenario import read

    try:
        if args.site:
            return _site(args.site, args.seed, args.replicates, args.json)
        scenario = read(args.scenario, scenario_dir=args.scenario_dir)
        against = _against(scenario, args.against, args.scenario_dir)
        file = workbench.write(
            scenario, against, args.out, seed=args.seed, replicates=args.replicates, beside=bool(args.against)
        )
    except OSError as error:
        where = args.site or args.out or f"{args.scenario}{workbench.ENDING}"
        raise Refusal(f"cannot write {where}: {error.strerror or error}") from None
    except workbench.NotFresh as error:
        raise Refusal(str(error)) from None
    if args.json:
        print_json({"page": str(file.resolve()), "scenario": scenario.name, "against": against.name if against else None})
    else:
        same = f"{program()} run scenario={args.scenario} engine=kernel"
        print(f"Next: open it in a browser, and move an event; what it shows first is {same}")
        print(file)
    if not args.no_open and not args.json and sys.stdout.isatty():
        import webbrowser

        webbrowser.open(file.resolve().as_uri())
    return 0


def _against(scenario: Scenario, named: str | None, folder: str | None) -> Scenario | None:
    """The other story: that which is named, else the scenario's baseline where both fit on one page."""
    from sim.scenario import ScenarioError, read
    from sim.workbench.content import fits

    if named:
        return read(named, scenario_dir=folder)
    if not scenario.baseline:
        return None
    try:
        other = read(scenario.baseline, scenario_dir=folder)
    except ScenarioError:
        return None
    return other if fits(scenario, other) else None


def _site(folder: str, seed: int, replicates: int, as_json: bool) -> int:
    """A page for each built-in scenario that the kernel covers, and an index of them."""
    from sim.workbench.site import write_site

    made, left = write_site(Path(folder), seed, replicates, lambda scenario: _against(scenario, None, None))
    if as_json:
        print_json({"folder": str(Path(folder).resolve()), "pages": [path.name for path in made], "left_out": left})
        return 0
    for name, reason in left.items():
        print(f"left out: {name}: {reason}", file=sys.stderr)
    print(f"Next: put the folder on any static host, or open {Path(folder) / 'index.html'}")
    print(folder)
    return 0
