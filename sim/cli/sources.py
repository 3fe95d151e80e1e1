"""`sim sources SCENARIO`: every reference a scenario rests on, and what rests on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.cli.arguments import add_json, add_scenario_dir, parse, parser, print_json
from sim.cli.main import program
from sim.cli.terminal import Terminal, clean


def main(argv: list[str]) -> int:
    """List the sources of one scenario."""
    about = "Where the facts and figures of a scenario come from: its events, its numbers and its starting world."
    to = parser(
        "sources", about, {"sco_expansion": "references, and what rests on each", "sco_expansion --json": "for a program"}
    )
    to.add_argument("scenario", metavar="SCENARIO", help="a name (see list), or a file such as ./mine.yaml")
    add_scenario_dir(to)
    add_json(to)
    args = parse(to, argv)
    if args is None:
        return 0
    from sim.scenario import read_draft, resolve

    draft = read_draft(args.scenario, scenario_dir=Path(args.scenario_dir) if args.scenario_dir else None)
    story = resolve(draft)
    uses = _uses(story, draft.world.origins)
    rows = [
        {"id": key, "reference": clean(story.sources.get(key) or "(no reference given)"), "used_by": uses[key]}
        for key in sorted(uses)
    ]
    unsourced = [key for key, event in story.events.items() if not event.get("source")]
    if args.json:
        print_json({"scenario": story.name, "sources": rows, "events_without_source": unsourced})
        return 0
    terminal = Terminal()
    terminal.print(terminal.bold(terminal.text(f"Sources of {story.name}: {story.title}")))
    for row in rows:
        terminal.print("", terminal.bold(terminal.text(row["id"])), terminal.wrap(row["reference"], "  "))
        terminal.print(terminal.wrap(f"for {', '.join(row['used_by'])}", "    "))
    if unsourced:
        terminal.print("", terminal.wrap(f"Without a source: {', '.join(unsourced)}"))
    terminal.print("", f"Next: {program()} show {args.scenario}")
    return 0


def _uses(story: Any, origins: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Source -> what rests on it, in the order in which it is met."""
    uses: dict[str, list[str]] = {}
    for what, source in (*_of_spec(story.spec, ""), *_of_tables(story.tables), *_of_origins(origins, set(story.states))):
        for key in [source] if isinstance(source, str) else source:
            if key and what not in uses.setdefault(key, []):
                uses[key].append(what)
    return uses


def _of_spec(value: Any, where: str) -> Iterator[tuple[str, Any]]:
    """Every `source:` of a spec, with the key it stands under; estimates are named by whom they are from."""
    if isinstance(value, Mapping):
        if value.get("source"):
            yield where, value["source"]
        for key, item in value.items():
            if key != "sources":
                yield from _of_spec(item, f"{where}.{key}" if where else str(key))
    elif isinstance(value, (list, tuple)):
        for item in value:
            if isinstance(item, Mapping) and "observer" in item:
                yield f"estimate of {item['observer']}, {item.get('date', '')}", item.get("source") or ()
            else:
                yield from _of_spec(item, where)


def _of_tables(tables: Any) -> Iterator[tuple[str, str]]:
    """Every source column of the world's tables, a line a column: `capability of states`."""
    for name in ("states", "dyads", "trust", "organisations", "memberships", "actors", "reach"):
        for row in getattr(tables, name):
            for column in row:
                if column == "source" or column.endswith("_source"):
                    about = column.removesuffix("source").removesuffix("_").replace("_", " ")
                    reach = "actors" if about == "reach" else "observers"
                    table = {"trust": "starting trust", "reach": reach}.get(name, name)
                    yield (f"{about} of {table}" if about else table), row[column]


def _of_origins(origins: list[dict[str, Any]], states: set[str]) -> Iterator[tuple[str, str]]:
    """The columns of a world whose sources stand apart: `tie of dyads`, and how many rows of it have another source."""
    counts: dict[tuple[str, str, str], int] = {}
    for row in origins:
        key = (row["column"].replace("*", "all"), row["table"], row["source"])
        named = [part for part in row["row"].split("/") if len(part) == 3 and part.isupper()]
        if row["row"] == "*":
            yield f"{key[0]} of {key[1]}", row["source"]
        elif states.issuperset(named):
            counts[key] = counts.get(key, 0) + 1
    for (column, table, source), count in counts.items():
        yield f"{column} of {table} ({count} row{'s' * (count > 1)})", source
