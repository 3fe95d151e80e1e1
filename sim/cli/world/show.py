"""`sim world show W`: what a world holds: states, pacts, rivals, and what is imputed or assumed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.calendar import format_month
from sim.cli.arguments import Refusal, add_json, add_scenario_dir, add_selection, parse, parser, print_json, words_of
from sim.cli.main import program
from sim.cli.terminal import Terminal
from sim.wording import date, number

if TYPE_CHECKING:
    from sim.scenario.worlds import StartingWorld

MOST = 25
"""States, pacts and guesses that are told without `--all`."""


def main(argv: list[str]) -> int:
    """Show one world, or some of its states."""
    to = parser(
        "world show",
        "What a world holds on its first day: states, organisations, defence pacts as groups in which everybody is allied "
        "with everybody, rivals, non-state actors, and which numbers are imputed or assumed. --map draws it.",
        {
            "atlas_2025": "the foremost states, and all pacts",
            "atlas_2025 --states region:nordic,members:SCO": "some of them",
            "eurasia_2015 --map eurasia.png --outline SCO": "a map, with the members of an organisation outlined",
        },
    )
    to.add_argument("world", metavar="W")
    add_selection(to)
    to.add_argument("--all", action="store_true", help="every state, pact and guess, however many")
    to.add_argument("--map", metavar="FILE", help="draw the states by their votes into FILE.png or FILE.svg")
    to.add_argument("--outline", action="append", default=[], metavar="ORG", help="on the map; two at most")
    add_scenario_dir(to)
    add_json(to)
    args = parse(to, argv)
    if args is None:
        return 0
    from sim.worlds import description, files

    world = files.checked(args.world, files.folders(args.scenario_dir), words_of(*args.states))
    drawn = _map(world, args) if args.map else None
    if args.json:
        about: dict[str, Any] = {"date": format_month(world.date), **description.plain(world)}
        print_json({**about, "map": str(drawn.resolve())} if drawn else about)
        return 0
    terminal = Terminal()
    terminal.print(*_lines(world, terminal, None if args.all else MOST))
    if drawn:
        terminal.print(f"Map: {drawn}")
    terminal.print(f"Next: {program()} world new mine --from {args.world} --states ...")
    return 0


def _lines(world: StartingWorld, terminal: Terminal, most: int | None) -> list[str]:
    from sim.worlds import description

    t, lines = world.tables, [terminal.bold(terminal.wrap(world.title))]
    lines += [terminal.wrap(f"{date(format_month(world.date))}, {len(t.states)} states. {world.description}"), ""]
    states = sorted(t.states, key=lambda row: -row["capability"])
    lines.append(terminal.dim(f"{'':<34}{'share of world power':>22}{'UN ideal point':>18}"))
    for row in states[:most]:
        name = terminal.text(f"{row['code']}  {row['name']}")[:34]
        lines.append(f"{name:<34}{number(100 * row['capability'], 2) + ' %':>22}{number(row['affinity'], 2):>18}")
    lines += _rest(len(states), most, terminal)
    if t.organisations:
        lines += ["", terminal.bold("Organisations")]
        rows = [(row["code"], _organisation(world, row, most)) for row in t.organisations]
        lines += terminal.columns(rows)
    pacts = description.groups(world)
    lines += ["", terminal.bold("Defence pacts (everybody in a group with everybody else in it)")]
    lines += [terminal.wrap(_pact(name, codes), "  ", "    ") for name, codes in pacts[:most]] or ["  none"]
    lines += _rest(len(pacts), most, terminal)
    rivals = description.rivals(world)
    told = rivals if most is None else rivals[: 4 * most]
    lines += ["", terminal.bold("Rivals"), terminal.wrap(", ".join(told) or "none", "  ", "  ")]
    lines += _rest(len(rivals), None if most is None else 4 * most, terminal)
    if t.actors:
        lines += ["", terminal.bold("Non-state actors")]
        rows = [(row["code"], f"{row['name']}, in {row['host']}: {row['strength']:,.0f} fighters") for row in t.actors]
        lines += terminal.columns(rows)
    guesses = description.guesses(world)
    if guesses:
        lines += ["", terminal.bold("Imputed or assumed")]
        rows = [(f"{g['table']}.{g['column']}", f"{_whose(g['row'])}{g['how']}{_note(g['note'])}") for g in guesses[:most]]
        lines += [*terminal.columns(rows), *_rest(len(guesses), most, terminal)]
    return [*lines, ""]


def _organisation(world: StartingWorld, row: dict[str, Any], most: int | None) -> str:
    from sim.worlds.description import members

    codes = members(world, row["code"])
    shown = codes if most is None else codes[:most]
    rest = f" and {len(codes) - len(shown)} more" if len(codes) > len(shown) else ""
    promise = row.get("commitment") or "none"
    tie = f", commitment {promise}" if promise != "none" else ""
    return f"{row['name']}, depth {row['depth']:g}{tie}: {', '.join(shown)}{rest}"


def _pact(name: str, codes: list[str]) -> str:
    return f"{name}: {', '.join(codes)}" if name else "-".join(codes) if len(codes) == 2 else ", ".join(codes)


def _whose(row: str) -> str:
    return "" if row == "*" else f"{row}: "


def _note(text: str) -> str:
    return f" ({text})" if text else ""


def _rest(count: int, most: int | None, terminal: Terminal) -> list[str]:
    return [terminal.dim(f"  and {count - most} more: --all")] if most is not None and count > most else []


def _map(world: StartingWorld, args: Any) -> Path:
    from sim.plots import PictureError
    from sim.plots.answers import world_map

    path = Path(args.map).expanduser()
    kind = path.suffix.removeprefix(".") or "png"
    if kind not in ("png", "svg"):
        raise Refusal(f"--map {args.map}: a map is .png or .svg")
    try:
        return world_map.draw(world, args.outline, path.with_suffix(""), kind)
    except PictureError as error:
        raise Refusal(str(error)) from None
