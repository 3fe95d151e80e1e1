"""`sim list worlds`, `list states [WORLD]` and `list organisations [WORLD]`: what there is to name in a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.calendar import format_month
from sim.cli.arguments import Refusal
from sim.cli.terminal import Terminal, clean
from sim.wording import date

if TYPE_CHECKING:
    import argparse

    from sim.scenario.worlds import StartingWorld

Rows = list[dict[str, Any]]


def worlds(args: argparse.Namespace) -> Rows:
    """The starting worlds: name, title, month, and how much is in each."""
    rows = []
    for name, world in _all(args).items():
        tables = world.tables
        about = {"states": len(tables.states), "organisations": len(tables.organisations), "actors": len(tables.actors)}
        rows.append({"name": name, "title": clean(world.title), "date": format_month(world.date), **about})
    return rows


def states(args: argparse.Namespace) -> Rows:
    """The states of a world; without one, of all worlds, with the worlds that have them."""
    return _rows(args, "states", ("capability", "affinity"))


def organisations(args: argparse.Namespace) -> Rows:
    """The organisations of a world with their members; without a world, of all of them."""
    return _rows(args, "organisations", ("depth",))


def _rows(args: argparse.Namespace, table: str, numbers: tuple[str, ...]) -> Rows:
    found = _all(args)
    if args.only in found:
        world, args.only = found[args.only], None
        rows = []
        for row in getattr(world.tables, table):
            about = {"code": row["code"], "name": clean(row["name"]), **{name: row[name] for name in numbers}}
            if table == "organisations":
                about["commitment"] = row.get("commitment", "none")
                members = [m["state"] for m in world.tables.memberships if m["organisation"] == row["code"]]
                about["members"] = sorted(members)
            rows.append(about)
        return rows
    by_code: dict[str, dict[str, Any]] = {}
    for name, world in found.items():
        for row in getattr(world.tables, table):
            new = by_code.setdefault(row["code"], {"code": row["code"], "name": clean(row["name"]), "worlds": []})
            new["worlds"].append(name)
    return sorted(by_code.values(), key=lambda row: row["code"])


def _all(args: argparse.Namespace) -> dict[str, StartingWorld]:
    """The worlds of the package and of the user's folder, by name; the built-in ones last where two share one. Where one of
    them is named, only that."""
    from sim import resources
    from sim.scenario.inherit import world_names
    from sim.scenario.problems import Position, ScenarioError
    from sim.scenario.worlds import read_world

    folders = [*([Path(args.scenario_dir)] if args.scenario_dir else []), resources.scenarios()]
    names = world_names(folders)
    found = {}
    for name in [args.only] if args.only in names else names:
        try:
            found[name] = read_world(name, folders, Position("world"), [])
        except ScenarioError as error:
            raise Refusal(f"the world {name} cannot be read: {str(error).splitlines()[0]}") from None
    return found


def show_worlds(rows: Rows, terminal: Terminal) -> list[str]:
    """A line each."""
    said = (f"{row['title']}; {date(row['date'])}, {row['states']} states" for row in rows)
    return terminal.columns(zip((row["name"] for row in rows), said))


def show_rows(rows: Rows, terminal: Terminal) -> list[str]:
    """A line each: code, name, and what is known of it."""
    table = []
    for row in rows:
        if "worlds" in row:
            table.append((row["code"], f"{row['name']} ({', '.join(row['worlds'])})"))
        elif "members" in row:
            promise = "" if row["commitment"] == "none" else f", commitment {row['commitment']}"
            members = ", ".join(row["members"]) or "no member"
            table.append((row["code"], f"{row['name']}, depth {row['depth']:g}{promise}: {members}"))
        else:
            said = f"{row['name']}, capability {row['capability']:g}, ideal point {row['affinity']:g}"
            table.append((row["code"], said))
    return terminal.columns(table)
