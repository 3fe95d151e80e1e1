"""`sim check FOLDER`: file by file whether a run, a comparison, a sweep or all below a folder is as it was written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.arguments import print_json
from sim.cli.main import program
from sim.cli.terminal import Terminal, shown

if TYPE_CHECKING:
    from sim.results.wholeness import Look

NOT_WHOLE = 1
"""Exit status when a file is damaged or missing."""


def holds_results(folder: Path) -> bool:
    """Whether there are results in a folder or below it."""
    from sim.results.wholeness import folders_below
    from sim.sweep.plan import HEAD

    return folder.is_dir() and next(folders_below(folder, [HEAD]), None) is not None


def check(root: Path, as_json: bool) -> int:
    """Look at everything in a folder and say what is whole; 0 if all is."""
    from sim.results.wholeness import folders_below
    from sim.sweep.plan import HEAD

    looks = [_look(folder) for folder in folders_below(root, [HEAD])]
    whole = all(one.whole for one in looks)
    if as_json:
        print_json({"folder": str(root.resolve()), "whole": whole, "folders": [_plain(one) for one in looks]})
    else:
        _say(looks, Terminal())
    return 0 if whole else NOT_WHOLE


def _look(folder: Path) -> Look:
    from sim.results import ResultsError
    from sim.results.wholeness import look
    from sim.sweep.folder import is_sweep

    found = None if is_sweep(folder) else look(folder)
    if found is None or found.kind == "sweep":  # which may have lost its plan
        from sim.sweep.wholeness import look_at_sweep

        return look_at_sweep(folder)
    if found.kind == "comparison" and found.whole:
        from sim.questions.compare import open_comparison

        try:
            open_comparison(folder)
        except ResultsError as error:  # one of its runs
            found.problems.append(str(error))
    return found


def _plain(one: Look) -> dict[str, Any]:
    return {
        "folder": str(one.folder.resolve()),
        "kind": one.kind,
        "whole": one.whole,
        "files": one.files,
        "problems": one.problems,
    }


def _say(looks: list[Look], terminal: Terminal) -> None:
    for one in looks:
        what = one.kind or "folder"
        verdict = "whole" if one.whole else terminal.style("NOT WHOLE", "31")
        terminal.print(terminal.bold(terminal.text(shown(one.folder))) + f": {what}, {verdict}")
        listed = {name: state for name, state in one.files.items() if len(looks) == 1 or state not in ("ok", "extra")}
        terminal.print(*terminal.columns((state, name) for name, state in listed.items()))
        terminal.print(*(terminal.wrap(problem, "  ", "  ") for problem in one.problems))
    bad = sum(not one.whole for one in looks)
    if len(looks) > 1:
        terminal.print("", f"{len(looks):,} folders, {f'{bad:,} not whole' if bad else 'all whole'}.")
    terminal.print("", f"Next: {program()} " + ("list runs" if not bad else "run scenario=NAME force=true, or clean"))
