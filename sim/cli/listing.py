"""`sim list`: what there is to run, to change, to read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli import world_listing
from sim.cli.arguments import Refusal, add_json, add_scenario_dir, parse, parser, print_json
from sim.cli.main import program
from sim.cli.terminal import Terminal, clean, size_of

if TYPE_CHECKING:
    import argparse

    from sim.events.event_type import EventType

Rows = list[dict[str, Any]]


def main(argv: list[str]) -> int:
    """List one kind of thing."""
    args = _arguments(argv)
    if args is None:
        return 0
    rows = KINDS[args.kind][0](args)
    if args.only:
        rows = [row for row in rows if any(args.only.lower() in str(value).lower() for value in row.values())]
        if not rows:
            raise Refusal(f"nothing in {args.kind} has {args.only!r} in it; see {program()} list {args.kind}")
    if args.json:
        print_json({args.kind: rows})
        return 0
    terminal = Terminal()
    if not rows:
        terminal.print(f"No {args.kind} yet. Start with: {program()} run scenario=sco_expansion")
        return 0
    terminal.print(*KINDS[args.kind][1](rows, terminal), "", f"Next: {KINDS[args.kind][2].format(program=program())}")
    return 0


def _arguments(argv: list[str]) -> argparse.Namespace | None:
    about = "List the scenarios with their questions, or what else there is."
    examples = {
        "": "the scenarios",
        "parameters trust": "parameters with 'trust' in them",
        "events": "what an event can be, and its fields",
        "states eurasia_2015": "the states of a starting world; also organisations",
        "runs": "runs, newest first, with their state and size",
        "sweeps": "sweeps, with their state and size",
        "measures --json": "for a program",
    }
    to = parser("list", about, examples)
    to.add_argument("kind", nargs="?", default="scenarios", choices=KINDS, metavar="KIND", help=", ".join(KINDS))
    to.add_argument("only", nargs="?", metavar="WORD", help="only those with this word in them, or of this world")
    to.add_argument("--results", default="results", metavar="DIR", help="where runs are; default: results")
    add_scenario_dir(to)
    add_json(to)
    return parse(to, argv)


def _scenarios(args: argparse.Namespace) -> Rows:
    from sim import scenario

    folder = Path(args.scenario_dir) if args.scenario_dir else None
    rows = []
    for name in scenario.names(folder):
        try:
            spec = scenario.read_draft(name, scenario_dir=folder).spec
        except scenario.ScenarioError as error:  # one broken file must not hide the others
            rows.append({"name": name, "title": "", "question": f"(has mistakes) {str(error).splitlines()[0]}"})
            continue
        rows.append({"name": name, "title": clean(spec.get("title") or ""), "question": clean(spec.get("question") or "")})
    return rows


def _mechanisms(_: argparse.Namespace) -> Rows:
    from sim import mechanisms

    rows = []
    for name in mechanisms.names():
        module = mechanisms.get(name)
        about = {"reads": sorted(module.READS), "writes": sorted(module.WRITES)}
        rows.append({"name": name, "meaning": _first(module.__doc__), **about})
    return rows


def _parameters(_: argparse.Namespace) -> Rows:
    from sim import mechanisms

    return [
        {
            "name": f"{mechanism}.{info.name}",
            "default": info.default,
            "unit": info.unit,
            "bounds": _bounds(info),
            "basis": info.basis,
            "meaning": info.meaning,
            "source": info.source,
        }
        for mechanism, infos in mechanisms.all_parameters().items()
        for info in infos
    ]


def _bounds(info: Any) -> list[Any] | None:
    return list(info.choices or info.bounds or ()) or None


def _measures(_: argparse.Namespace) -> Rows:
    from sim import measures

    return [
        {
            "name": info.name,
            "unit": info.unit,
            "meaning": info.meaning,
            "subjects": _words(info.subjects),
            "every": info.every,
        }
        for info in measures.describe()
    ]


def _words(value: str | Iterable[str]) -> str:
    return value if isinstance(value, str) else ", ".join(value)


def _events(_: argparse.Namespace) -> Rows:
    from dataclasses import asdict

    from sim.events import types

    return [
        {"name": name, "meaning": kind.meaning, "imposed": kind.imposed, "fields": _fields(kind), "type": asdict(kind)}
        for name, kind in types().items()
    ]


def _fields(kind: EventType) -> dict[str, str]:
    """The fields of a type of event as they are written: what a variable can be, and the ways to say whom."""
    from sim.events.target import TARGETS

    fields, known = {name: about.meaning for name, about in kind.fields.items()}, kind.variables
    if known:
        fields["variable"] = "one of " + ", ".join(known)
        fields[kind.amount] = "; ".join(
            f"{name} {'|'.join(about.words) or f'{about.low:,.9g} to {about.high:,.9g}'}" for name, about in known.items()
        )
    groups: dict[tuple[str, ...], list[str]] = {kind.who: []} if kind.who else {}
    for name, about in known.items():
        groups.setdefault(about.who, []).append(name)
    for way, example in TARGETS.items():
        allowed = [name for ways, names in groups.items() if way in ways for name in names]
        if allowed or way in kind.who:
            said = f", for {', '.join(allowed)}" if len(allowed) < len(known) else ""
            fields[way] = f"such as {example.removeprefix(f'{way}: ')}{said}"
    return fields


def _runs(args: argparse.Namespace) -> Rows:
    from sim.results import runs

    keys = ("scenario", "run", "finished", "replicates", "seed", "start", "end", "problem", "changed", "sweep")
    return [
        {"folder": str(info.path), **{key: getattr(info, key) for key in keys}, "bytes": bytes_in(info.path)}
        for info in runs(args.results)
    ]


def _sweeps(args: argparse.Namespace) -> Rows:
    from dataclasses import asdict

    from sim.sweep.folder import sweeps

    return [
        {"folder": str(info.path), **{k: v for k, v in asdict(info).items() if k != "path"}, "bytes": bytes_in(info.path)}
        for info in sweeps(args.results)
    ]


def _first(doc: str | None) -> str:
    """The first sentence of a docstring."""
    return clean((doc or "").strip().split("\n\n")[0])


def _show_names(rows: Rows, terminal: Terminal) -> list[str]:
    return terminal.columns(
        (row["name"], row.get("question") or row.get("title") or row.get("meaning") or "") for row in rows
    )


def _show_mechanisms(rows: Rows, terminal: Terminal) -> list[str]:
    lines = []
    for row in rows:
        lines.append(terminal.bold(row["name"]))
        lines.append(terminal.wrap(row["meaning"], "    "))
        lines.append(
            terminal.wrap(
                f"reads {', '.join(row['reads']) or 'nothing'}; writes {', '.join(row['writes']) or 'nothing'}", "    "
            )
        )
    return lines


def _show_parameters(rows: Rows, terminal: Terminal) -> list[str]:
    lines = [
        "Name = default (unit), in brackets what is allowed, and its basis: P published,",
        "D estimated from data, X derived, A assumed.",
    ]
    for row in rows:
        allowed = ""
        if row["bounds"]:
            allowed = (
                f"{row['bounds'][0]:g} to {row['bounds'][-1]:,.9g}"
                if _is_number(row["bounds"][0])
                else "|".join(row["bounds"])
            )
        unit = "" if row["unit"] == "1" else f" ({row['unit']})"
        default = f"{row['default']:g}" if _is_number(row["default"]) else str(row["default"]).lower()
        lines += [
            terminal.bold(row["name"])
            + f" = {default}{unit}"
            + terminal.dim(f"  [{allowed}]" * bool(allowed) + f"  {row['basis']}")
        ]
        lines.append(terminal.wrap(row["meaning"], "    "))
    return lines


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _show_measures(rows: Rows, terminal: Terminal) -> list[str]:
    lines = [
        "What a run records each month. In brackets: of whom, and in which unit. A",
        "condition names one subject: cooperation:SCO, trust:IND>PAK, strength:ISK.",
        "",
    ]
    table = []
    for row in rows:
        unit = f"; {row['unit']}" if row["unit"] != "1" else ""
        yearly = "; yearly" if row["every"] == 12 else ""
        table.append((row["name"], f"{row['meaning']} ({row['subjects']}{unit}{yearly})"))
    return lines + terminal.columns(table)


def _show_events(rows: Rows, terminal: Terminal) -> list[str]:
    lines = [
        "An event has a name, a type, a title, a source, the fields of its type, and one",
        "of on (a date), when (a condition) and hazard (a chance a month):",
        "  uri: {type: crisis, on: 2016-09-18, parties: [IND, PAK], severity: 1}",
        "  when: {measure: 'cooperation:SCO', below: .2, months: 6, after: 2018-01}",
        "  when: {all: [{measure: ..., above: 1}, {measure: ..., below: 0}]}, or any:",
        "  hazard: .01",
        "Where a type lists several ways to say whom it concerns (parties, between, from,",
        "states, actor, organisation), give one of them.",
    ]
    for row in rows:
        mark = " (imposes an outcome)" if row["imposed"] else ""
        lines += ["", terminal.bold(row["name"]) + terminal.dim(mark), terminal.wrap(row["meaning"], "  ")]
        lines += terminal.columns(row["fields"].items(), indent=4)
    return lines


def _show_runs(rows: Rows, terminal: Terminal) -> list[str]:
    head = ("folder", "finished (UTC)", "replicates", "size", "months; what differs from the scenario's file")
    table = [head]
    for row in rows:
        when = row["finished"][:16].replace("T", " ") or row["problem"]
        table.append(
            (
                row["folder"],
                when,
                f"{row['replicates']:,}" if row["finished"] else "",
                size_of(row["bytes"]),
                _about(row) if row["finished"] else "",
            )
        )
    lines = terminal.columns(table, indent=0)
    return [terminal.dim(lines[0]), *lines[1:]]


def _about(row: dict[str, Any]) -> str:
    """Months of a run, what was changed in it against its scenario's file, and the sweep that made it."""
    from sim.results.changed import short

    words = [short(word) for word in row["changed"] if not word.startswith(("start=", "end="))]
    said = [f"{row['start']} to {row['end']}", *([", ".join(words)] if words else [])]
    return "; ".join([*said, *([f"of sweep {row['sweep']}"] if row["sweep"] else [])])


def _show_sweeps(rows: Rows, terminal: Terminal) -> list[str]:
    table = [("folder", "name", "runs", "size", "state")]
    for row in rows:
        done = f"{row['done']:,} of {row['runs']:,}" if row["state"] == "unfinished" else f"{row['runs']:,}"
        failed = f", {row['failed']:,} rows failed" if row["failed"] else ""
        table.append((row["folder"], row["name"], done, size_of(row["bytes"]), row["state"] + failed))
    lines = terminal.columns(table, indent=0)
    waiting = [row for row in rows if row["state"] == "unfinished"]
    more = [terminal.wrap(f"{row['id']} goes on with: {row['command']}", "  ") for row in waiting]
    return [terminal.dim(lines[0]), *lines[1:], *more]


def bytes_in(folder: Path) -> int:
    """What the files of a folder take, as far as they can be seen."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):  # it went just now
                total += os.lstat(os.path.join(place, name)).st_size
    return total


KINDS: dict[str, tuple[Callable[[Any], Rows], Callable[[Rows, Terminal], list[str]], str]] = {
    "scenarios": (_scenarios, _show_names, "{program} show NAME, or {program} run scenario=NAME"),
    "mechanisms": (_mechanisms, _show_mechanisms, "{program} list parameters MECHANISM"),
    "parameters": (_parameters, _show_parameters, "{program} run scenario=NAME parameters.trust.gain=.008"),
    "measures": (_measures, _show_measures, "{program} run scenario=NAME"),
    "events": (_events, _show_events, "{program} new my_scenario --from sco_expansion"),
    "worlds": (world_listing.worlds, world_listing.show_worlds, "{program} list states WORLD"),
    "states": (world_listing.states, world_listing.show_rows, "{program} list organisations"),
    "organisations": (world_listing.organisations, world_listing.show_rows, "{program} list states"),
    "runs": (_runs, _show_runs, "{program} plot RUN"),
    "sweeps": (_sweeps, _show_sweeps, "{program} compare SWEEP#1 SWEEP#2"),
}
