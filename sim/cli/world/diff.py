"""`sim world diff A B`: what one world says otherwise than another."""

from __future__ import annotations

from typing import Any

from sim.cli.arguments import add_json, add_scenario_dir, add_selection, parse, parser, print_json, words_of
from sim.cli.main import program
from sim.cli.terminal import Terminal

MOST = 12
HEADS = {
    "date": "Month",
    "states": "States",
    "capability": "Share of the world's power, the largest changes first",
    "affinity": "UN ideal point, the largest changes first",
    "tie": "Ties",
    "rivalry": "Rivalries",
    "border": "Borders",
    "organisations": "Organisations",
    "members": "Members",
    "trust": "Trust that does not start where the rule puts it",
    "actors": "Fighters of non-state actors",
}


def main(argv: list[str]) -> int:
    """Compare two worlds, or the same states of both."""
    to = parser(
        "world diff",
        "What differs between two worlds, by kind, from the first to the second. Numbers and ties are compared where both "
        "have the states.",
        {
            "atlas_2015 atlas_2025": "what ten years changed",
            "atlas_2015 atlas_2025 --states region:nordic,RUS": "for some states",
            "atlas_2015 mine --all": "what you changed, all of it",
        },
    )
    to.add_argument("first", metavar="A")
    to.add_argument("second", metavar="B")
    add_selection(to)
    to.add_argument("--all", action="store_true", help=f"everything, not the first {MOST} of each kind")
    add_scenario_dir(to)
    add_json(to)
    args = parse(to, argv)
    if args is None:
        return 0
    from sim.worlds import files
    from sim.worlds.difference import differences

    places, words = files.folders(args.scenario_dir), words_of(*args.states)
    worlds = [files.checked(name, places, words) for name in (args.first, args.second)]
    found = differences(*worlds)
    if args.json:
        print_json({"first": args.first, "second": args.second, "differences": found})
        return 0
    terminal = Terminal()
    terminal.print(terminal.bold(terminal.text(f"From {args.first} to {args.second}")))
    if not found:
        terminal.print("No difference.")
    for kind, rows in found.items():
        terminal.print("", terminal.bold(HEADS[kind]))
        shown = rows if args.all else rows[:MOST]
        terminal.print(*terminal.columns([(row["subject"], _change(kind, row)) for row in shown]))
        if len(rows) > len(shown):
            terminal.print(terminal.dim(f"  and {len(rows) - len(shown)} more: --all"))
    terminal.print("", f"Next: {program()} world show {args.second}")
    return 0


def _change(kind: str, row: dict[str, Any]) -> str:
    if kind in ("states", "organisations"):
        return f"only in the first: {row['first']}" if row["second"] is None else f"only in the second: {row['second']}"
    if kind == "members":
        return "leaves" if row["second"] is None else "joins"
    if kind == "rivalry":
        return "begins" if row["second"] else "ends"
    return f"{_said(row['first'])} -> {_said(row['second'])}"


def _said(value: Any) -> str:
    return "nothing" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)
