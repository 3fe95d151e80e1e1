"""`sim schema [SCENARIO]`: the language of scenarios as a JSON Schema, for editors."""

from __future__ import annotations

import sys

from sim.cli.arguments import Refusal, add_scenario_dir, parse, parser


def main(argv: list[str]) -> int:
    """Print the schema."""
    about = (
        "The language of scenarios as a JSON Schema (draft 2020-12), made from what the reader reads by. With a scenario or "
        "a world, codes are those of its world, and events that are inherited are known by name. A name gives the schema of "
        "files that inherit from it, a file that of itself. `new` writes it beside the file that it makes."
    )
    to = parser(
        "schema",
        about,
        {
            "": "of any scenario",
            "sco_expansion": "of a file that inherits from it",
            "./mine.yaml > mine.schema.json": "of this file",
            "--world eurasia_2012": "of a file that begins with this world",
        },
    )
    to.add_argument("scenario", metavar="SCENARIO", nargs="?", help="a scenario's name, or a file of your own")
    to.add_argument("--world", metavar="W", help="a starting world in place of a scenario")
    add_scenario_dir(to)
    args = parse(to, argv)
    if args is None:
        return 0
    if args.scenario and args.world:
        raise Refusal("give a scenario or --world, not both: a scenario has its world")
    from sim.cli.editor import text
    from sim.scenario.inherit import is_path
    from sim.scenario.schema import schema, words_of_scenario, words_of_world

    words, asked = None, ""
    if args.scenario:
        words = words_of_scenario(args.scenario, args.scenario_dir, heirs=not is_path(args.scenario))
        asked = f" {args.scenario}"
    elif args.world:
        words, asked = words_of_world(args.world), f" --world {args.world}"
    sys.stdout.write(text(schema(words), asked))
    return 0
