"""`sim show SCENARIO`: the question, what it changes against its parent, and what will happen, on a timeline."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.calendar import format_month
from sim.cli.arguments import add_json, add_scenario_dir, parse, parser, print_json
from sim.cli.main import program
from sim.cli.terminal import Terminal
from sim.wording import basis, date

if TYPE_CHECKING:
    from sim.scenario import Difference, Moment

BELOW = " " * 14
MANY = 5
"""So many new events are not told twice, in the list of changes and in the timeline."""


def main(argv: list[str]) -> int:
    """Show one scenario."""
    about = "What a scenario asks, what it changes against the one it inherits from, and what will happen, with sources."
    to = parser(
        "show",
        about,
        {
            "sco_expansion": "the flagship",
            "no_expansion": "a counterfactual: what it takes out",
            "./mine.yaml": "a file of your own",
            "us_stays --json": "for a program",
        },
    )
    to.add_argument("scenario", metavar="SCENARIO", help="a name (see list), or a file such as ./mine.yaml")
    add_scenario_dir(to)
    add_json(to)
    args = parse(to, argv)
    if args is None:
        return 0
    from sim.scenario import differences, read, read_parent, timeline
    from sim.start.already import conditions_met

    folder = Path(args.scenario_dir) if args.scenario_dir else None
    story = read(args.scenario, scenario_dir=folder)
    parent = read_parent(story, scenario_dir=folder)
    changes = differences(story, parent) if parent else []
    moments = timeline(story)
    if args.json:
        print_json(_as_json(story, changes, moments) | {"cautions": [*story.warnings, *conditions_met(story)]})
        return 0
    terminal = Terminal()
    terminal.print(*_header(story, parent, terminal))
    if parent:
        terminal.print("", *_changed(changes, parent.name, terminal))
    added = _added_events(changes)
    terminal.print("", *_happens(moments, story.events, added if len(added) >= MANY else [], terminal), "")
    cautions = [*story.warnings, *conditions_met(story)]
    if cautions:
        terminal.print(terminal.bold("Worth a look"), *(terminal.wrap(text, "  - ", "    ") for text in cautions), "")
    if story.limits:
        terminal.print(terminal.bold("Known limits: what to know before quoting a number"))
        terminal.print(*(terminal.wrap(limit, "  - ", "    ") for limit in story.limits), "")
    terminal.print(f"Next: {program()} run scenario={args.scenario}", f"      {program()} sources {args.scenario}")
    return 0


def _header(story: Any, parent: Any, terminal: Terminal) -> list[str]:
    lines = [terminal.bold(terminal.text(f"{story.title} ({story.name})"))]
    if story.question:
        lines.append(terminal.wrap(story.question, "  "))
    if story.description:
        lines += ["", terminal.wrap(story.description, "  ")]
    period = f"{date(format_month(story.start))} to {date(format_month(story.end - 1))}"
    lines += ["", f"  {period}, {len(story.tables.states)} states, starting world {story.world}"]
    if story.parents:
        lines.append(terminal.wrap(f"Inherits from {', which inherits from '.join(reversed(story.parents))}.", "  "))
    if story.baseline:
        lines.append(f"  Compare it with {story.baseline}.")
    return lines


def _changed(changes: list[Difference], parent: str, terminal: Terminal) -> list[str]:
    lines = [terminal.bold(f"What it changes against {parent}")]
    if not changes:
        return [*lines, "  nothing but words"]
    added = _added_events(changes)
    if len(added) >= MANY:
        lines.append(f"  + {len(added)} events, marked + below")
        changes = [change for change in changes if change.key.removeprefix("events.") not in added]
    for change in changes:
        sign, said = "~", f"{change.before} becomes {change.after}"
        if change.before is None:
            sign, said = "+", change.after
        elif change.after is None:
            sign, said = "-", change.before
        lines.append(terminal.wrap(f"{change.key}: {said}", f"  {sign} ", "      "))
    return lines


def _added_events(changes: list[Difference]) -> list[str]:
    """Keys of the events that the parent does not have."""
    keys = [change.key.split(".") for change in changes if change.before is None]
    return [key[1] for key in keys if len(key) == 2 and key[0] == "events"]


def _happens(moments: list[Moment], events: dict[str, Any], marked: list[str], terminal: Terminal) -> list[str]:
    lines = [terminal.bold("What will happen")]
    if not moments:
        return [*lines, "  no events: the starting world, left to itself"]
    for moment in moments:
        said = moment.what.replace("Imposed: ", "IMPOSED: ", 1) if moment.imposed else moment.what
        caution = f" ({basis(moment.basis)})" if moment.basis in ("A", "M") else ""
        source = f" [{', '.join(moment.sources)}]" if moment.sources else " [no source]"
        dated = moment.when if moment.month is not None else "any time"
        lines.append(
            terminal.bold(f"{'+' if moment.key in marked else ' '} {dated:<10}  ")
            + terminal.bold(terminal.text(moment.title))
            + terminal.dim(f"  {moment.key}")
        )
        lines.append(terminal.wrap(said + caution + source, BELOW))
        if events[moment.key].get("note"):
            lines += [terminal.dim(line) for line in terminal.wrap(events[moment.key]["note"], BELOW).split("\n")]
    if any(moment.imposed for moment in moments):
        text = "IMPOSED events set an outcome by hand, because it happened: they are input, not a finding."
        lines += ["", terminal.wrap(text, "  ")]
    return lines


def _as_json(story: Any, changes: list[Difference], moments: list[Moment]) -> dict[str, Any]:
    return {
        "name": story.name,
        "title": story.title,
        "question": story.question,
        "description": story.description,
        "limits": list(story.limits),
        "parents": list(story.parents),
        "baseline": story.baseline,
        "world": story.world,
        "start": format_month(story.start),
        "end": format_month(story.end - 1),
        "states": [row["code"] for row in story.tables.states],
        "changes": [asdict(change) for change in changes],
        "events": [asdict(moment) for moment in moments],
        "imposed": [moment.key for moment in moments if moment.imposed],
    }
