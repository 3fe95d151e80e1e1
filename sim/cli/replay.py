"""`sim replay RUN`: run it again from its own folder and say whether every byte agrees."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.arguments import add_allow_code, add_json, add_scenario_dir, add_workers, parse, parser, print_json
from sim.cli.main import program
from sim.cli.terminal import Terminal, say

if TYPE_CHECKING:
    from sim.questions.replay import Replay


def main(argv: list[str]) -> int:
    """Replay and compare; 0 when every byte agrees, 1 when one does not."""
    about = (
        "Run a finished run again, from the story and options in its folder, into a temporary place, and compare every "
        "file byte by byte. Where one differs it says what changed since: code, package, machine, table or file. Exit "
        "status 0: every byte agrees; 1: not."
    )
    to = parser(
        "replay",
        about,
        {
            "sco_expansion": "the newest run of a scenario",
            "results/sco_expansion/1a2b3c4d5e6f": "one run",
            "sco_expansion --keep again": "keep the new run, to look into a difference",
        },
    )
    to.add_argument("run", metavar="RUN", help="a folder, or a scenario's name")
    to.add_argument("--keep", metavar="DIR", help="keep the new run under this folder of results")
    add_allow_code(to)
    add_workers(to)
    add_scenario_dir(to)
    to.add_argument("--results", default="results", metavar="DIR", help="where runs are; default: results")
    add_json(to)
    args = parse(to, argv)
    if args is None:
        return 0
    from sim.cli.progress import Progress
    from sim.questions.replay import replay
    from sim.results import find

    folder = find(args.run, args.results)
    with Progress(f"replaying {folder}") as progress:
        found = replay(
            folder,
            workers=args.workers,
            keep=args.keep,
            allow_code=args.allow_code,
            scenario_dir=args.scenario_dir,
            told=say,
            progress=progress,
        )
    if args.json:
        print_json(found.plain())
    else:
        terminal = Terminal()
        terminal.print(*_said(found, terminal), "", f"Next: {_next(found)}", str(folder))
    return 0 if found.same else 1


def _said(found: Replay, terminal: Terminal) -> list[str]:
    differ = [name for name, state in found.files.items() if state != "same"]
    count = len(found.files)
    if found.same:
        lines = [terminal.bold(f"Every byte agrees: {count} files of {found.run.path}")]
    elif not differ:
        lines = [terminal.bold("The run can be repeated, but its folder was changed")]
    else:
        lines = [terminal.bold(f"{len(differ)} of {count} files differ in {found.run.path}")]
    for name in differ:
        how = f": {found.numbers[name]}" if name in found.numbers else ""
        state = {"differs": "differs", "missing": "is not made any more", "new": "is made now"}[found.files[name]]
        lines.append(terminal.wrap(f"{name} {state}{how}", "  ", "    "))
    for name in found.damaged:
        text = f"{name} was changed on disk after the run was written: it is not what the manifest says"
        lines.append(terminal.wrap(text, "  ", "    "))
    if found.changed:
        lines += ["", "Changed since the run was made:" if not found.same else "Though this changed since:"]
        lines += [terminal.wrap(change, "  ", "    ") for change in found.changed]
    elif differ and not found.damaged:
        text = (
            "Neither code nor packages nor machine changed as far as the manifest tells; what is left are the "
            "processor's or the linear algebra library's own instructions."
        )
        lines += ["", terminal.wrap(text)]
    if found.kept:
        lines += ["", f"The new run: {found.kept}"]
    return lines


def _next(found: Replay) -> str:
    about, path = found.run.manifest, found.run.path
    if found.same:
        return f"{program()} plot {path} --list"
    if found.kept and found.kept != path:
        return f"{program()} compare {path} {found.kept}"
    root = path.parent.parent
    where = "" if root == Path("results") else f" --results {root}"
    return f"{program()} replay {about['scenario'] if not where else path}{where} --keep replayed"
