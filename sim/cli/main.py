"""`sim VERB ...`: pick the verb, and only then import what it needs.

`--help` must answer at once, so nothing here or at the head of a verb's module imports numpy. Whatever goes wrong is one
message on stderr and an exit status: see :mod:`sim.cli.ending`.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path

from sim.cli import ending, stopping, streams

VERBS = {
    "run": ("sim.cli.run", "simulate a scenario, write its results, print a summary"),
    "submit": ("sim.cli.submit", "write a sweep as an array of Slurm jobs"),
    "list": ("sim.cli.listing", "the scenarios; also parameters, measures, runs, sweeps and more"),
    "show": ("sim.cli.show", "what a scenario asks, what it changes, what will happen and when"),
    "new": ("sim.cli.new", "start a scenario of your own from an existing one"),
    "world": ("sim.cli.world", "starting worlds: build one of any states and any month"),
    "check": ("sim.cli.check", "find every mistake in a scenario file; are results whole?"),
    "schema": ("sim.cli.schema", "the language of scenarios as a JSON Schema, for editors"),
    "sources": ("sim.cli.sources", "where the facts and figures of a scenario come from"),
    "compare": ("sim.cli.compare", "what a change did: two or more runs, paired replicate by replicate"),
    "plot": ("sim.cli.plot", "draw the pictures of a finished run"),
    "work": ("sim.cli.work", "the workbench: a page that simulates; move a date, see the answer"),
    "report": ("sim.cli.report", "write the report of a run or a comparison: one file to send on"),
    "export": ("sim.cli.export", "a run or a comparison as one table: CSV, Parquet, netCDF"),
    "explain": ("sim.cli.explain", "why trust between two states moved: the ledger, account by account"),
    "ablate": ("sim.cli.ablate", "which events matter: run again without each of them"),
    "sensitivity": ("sim.cli.sensitivity", "which parameters an outcome or a difference hangs on"),
    "tip": ("sim.cli.tip", "the value of a parameter at which the odds of an outcome turn"),
    "fork": ("sim.cli.fork", "one past, many futures: continue a run under other events"),
    "replay": ("sim.cli.replay", "run a finished run again and say whether every byte agrees"),
    "clean": ("sim.cli.clean", "remove what unfinished runs and sweeps left behind"),
    "landscape": ("sim.cli.landscape", "which alignments of up to 24 actors are stable: landscape theory"),
    "verify": ("sim.cli.verify", "compare the engine with published and closed-form results"),
    "fit": ("sim.cli.fit", "do alliances change as they did? how well the ties fit data"),
    "calibrate": ("sim.cli.calibrate", "numbers of the model from public data, with intervals and draws"),
    "hindcast": ("sim.cli.hindcast", "forecast years that have passed, beside regressions, and score it"),
    "data": ("sim.cli.data", "which public series a folder has: years, terms, citations"),
}
HELP = """Entente: a scenario simulation engine for international relations.

usage: {program} VERB [...]

{verbs}

Each verb explains itself: {program} VERB --help

Exit status: 0 done, 2 a mistake that you can mend, 3 done in part (a run of a
sweep, a picture or a report failed), 70 a fault of ours, 71 too little memory,
74 a file or the output cannot be written, 129, 130 and 143 stopped by a signal.

Start here:
  {program} list                          what can be asked
  {program} run scenario=sco_expansion    simulate; some five seconds
  {program} show no_expansion             what a scenario changes, and why
  {program} new my_scenario --from sco_expansion
"""


@cache
def program() -> str:
    """How the user called us, for examples that can be copied: `sim` or `python -m sim`."""
    return "python -m sim" if os.path.basename(sys.argv[0]) in ("__main__.py", "-c", "-m", "") else "sim"


def help_text() -> str:
    """The verbs, a line each."""
    verbs = "\n".join(f"  {name:<12}{about}" for name, (_, about) in VERBS.items())
    return HELP.format(program=program(), verbs=verbs)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit status (see :mod:`sim.cli.ending`).

    Args:
        argv: the words; None for those of this process, whose signals and streams are then taken care of as well.
    """
    try:
        if argv is None:
            stopping.listen()
            streams.mend()
            _collect_rarely()
        program.cache_clear()
        program()  # now, since others (Hydra) change sys.argv later
        streams.show_all()
        try:
            status = _dispatch(list(sys.argv[1:] if argv is None else argv))
            sys.stdout.flush()
        finally:
            if argv is None:
                stopping.nothing_left()
    except BaseException as error:
        return ending.end(error)
    return status


def _collect_rarely() -> None:
    """Look for garbage seldom, and not at the end: a command loads a hundred thousand objects and then ends, and what is
    large in it is in no cycle."""
    gc.set_threshold(100_000, 50, 50)
    atexit.register(gc.freeze)  # the process takes all of it along


def _version() -> str:
    """The version, and what else the numbers come from: the rules, their table of draws, and the atlases."""
    from sim import __version__, resources

    tables = []
    for file in sorted((Path(__file__).parents[1] / "scenario" / "calibrated").glob("*.csv")):
        with file.open(encoding="utf-8") as lines:  # its head alone, so that nothing heavy is loaded
            about = dict(line[1:].strip().split(": ", 1) for line in lines if line.startswith("#") and ": " in line)
        tables.append(f"rules {file.stem}, table of draws of {about.get('estimated')} (data to {about.get('until')})")
    atlases = sorted(path.stem for path in (resources.scenarios() / "worlds").glob("atlas_*.yaml"))
    return "\n".join([f"entente {__version__}", *tables, f"worlds {', '.join(atlases)}"])


def _dispatch(words: list[str]) -> int:
    if problem := ending.not_text(words):
        ending.say(problem)
        return ending.MISTAKE
    if not words or words[0] in ("-h", "--help", "help"):
        if len(words) > 1 and words[0] == "help" and words[1] in VERBS:
            return _dispatch([words[1], "--help"])
        print(help_text(), end="")
        return 0 if words else 2
    if words[0] in ("-V", "--version", "version"):
        print(_version())
        return 0
    verb, *rest = words
    if verb not in VERBS:
        from difflib import get_close_matches

        near = get_close_matches(verb, VERBS, 1)
        if near:
            hint = f"did you mean {near[0]!r}? "
        else:
            hint = f"did you mean `{program()} run {verb}`? " if "=" in verb else ""
        print(f"there is no verb {verb!r}; {hint}The verbs are {', '.join(VERBS)}. See {program()} --help", file=sys.stderr)
        return 2
    if problem := ending.no_folder():
        ending.say(problem)
        return ending.MISTAKE
    return import_module(VERBS[verb][0]).main(rest) or 0
