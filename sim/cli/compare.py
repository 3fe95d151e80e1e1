"""`sim compare A B [C ...]`: what a change of the story did, paired replicate by replicate."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.arguments import Refusal, add_json, add_scenario_dir, parse, parser, print_json
from sim.cli.main import program
from sim.cli.terminal import say
from sim.options import DEFAULTS, KERNEL, NUMPY, SAVES

if TYPE_CHECKING:
    from argparse import Namespace

    from sim.scenario import Scenario

ABOUT = (
    "Compare a run with others, the first minus each other one. Runs of one seed share their luck, so replicates are "
    "compared in pairs, and what differs is what the change did. Each argument is a scenario's name (the scenario as its "
    "file says: its finished run with the same options is taken, or one is made), the folder of a run, or a row of a "
    "sweep (SWEEP#3)."
)
EXAMPLES = {
    "sco_expansion no_expansion": "what did the enlargement change?",
    "sco_expansion no_expansion us_stays is_growth": "several counterfactuals at once",
    "sco_expansion us_stays --measure strength:ISK": "the answer for another series",
    "1a2b3c4d#1 1a2b3c4d#7": "two rows of a sweep's table",
    "sco_expansion no_expansion -- replicates=50 seed=2": "options of `run`, for all of them",
}
NEUTRAL = ("plots", "report", "workers", "pool", "force", "results", "scenario_dir", "scenario")
"""Options of a run that change none of its numbers, or are given otherwise here."""
PLAIN = ("seed=", "replicates=", "dtype=", "engine=")
"""Words that Hydra need not read."""
HERE = ("plots", "report", "force", "results", "scenario_dir")
"""Those of them that this verb takes care of itself."""


def main(argv: list[str]) -> int:
    """Compare, write, draw and print."""
    args = _arguments(argv)
    if args is None:
        return 0
    folders = _folders(args)
    if folders is None:
        return 2  # said already
    from sim.cli import comparison, hanging
    from sim.cli.illustration import INCOMPLETE, illustrate
    from sim.questions.compare import compare_all, write
    from sim.questions.compare.writing import folder_of, robust_before

    comparisons = compare_all(folders, paired=not args.unpaired, at=args.at, over=args.over)
    about = comparison.as_json(comparisons, args.measure)
    question = {"measure": args.measure, "at": args.at, "over": args.over}
    hangs = hanging.found(comparisons, args) if args.robust else None
    target = folder_of(comparisons, args.results, **question)
    robust = hanging.sentences(hangs) if hangs else robust_before(target, comparisons)
    answers = [pair["answer"] for pair in about["pairs"]]
    folder = write(comparisons, args.results, answers=answers, robust=robust, **question)
    pictures, report, incomplete = illustrate(folder, "comparison", args.plots, args.report)
    if args.json:
        files = {"pictures": [str(path.resolve()) for path in pictures], "report": str(report.resolve()) if report else None}
        others = {"robust": hangs.plain() if hangs else None}
        print_json({"folder": str(folder.resolve()), **about, **others, **files})
    else:
        said = robust or [hanging.not_asked(comparisons)]
        comparison.show(comparisons, folder, args.measure, pictures=bool(pictures), report=report, hangs=said)
    return INCOMPLETE if incomplete else 0


def _arguments(argv: list[str]) -> Namespace | None:
    """The arguments; words such as seed=2 are overrides, after `--` or not."""
    at = argv.index("--") if "--" in argv else len(argv)
    to = parser("compare", ABOUT, EXAMPLES)
    to.add_argument("runs", metavar="RUN", nargs="*", help="two or more: a scenario's name, a folder, a row of a sweep")
    to.add_argument("--unpaired", action="store_true", help="two independent samples: other seeds, other versions")
    to.add_argument("--measure", metavar="M:SUBJECT", help="what the answer is about, such as cooperation:eight")
    to.add_argument("--at", metavar="MONTH", help="take the answers at the end of this month; default: of the last")
    to.add_argument("--over", metavar="A-B", help="over the mean of these years or months, such as 2018-2025")
    to.add_argument("--robust", action="store_true", help="vary all parameters: does the answer hold, what moves it?")
    to.add_argument("--results", default="results", metavar="DIR", help="where runs are, and compare/; default: results")
    add_scenario_dir(to)
    add_json(to)
    loose = [word for word in argv[:at] if re.match(r"~|[+\w.]+=", word) and not Path(word).is_dir()]
    args = parse(to, [word for word in argv[:at] if word not in loose])
    if args is None:
        return None
    args.overrides = [*loose, *argv[at + 1 :]]
    values = {word.partition("=")[0]: word.partition("=")[2] for word in args.overrides}
    args.plots = values.get("plots", "true").lower() != "false"
    args.report = values.get("report", "true").lower() != "false"
    args.force = values.get("force", "false").lower() == "true"
    args.results = Path(values.get("results") or args.results)
    args.scenario_dir = values.get("scenario_dir") or args.scenario_dir
    args.plain = set(values) <= set(HERE)
    if "scenario" in values:
        raise Refusal("scenario= has no place here: name the scenarios before the options")
    if len(args.runs) < 2:
        what = f"only {args.runs[0]} was given" if args.runs else "none was given"
        raise Refusal(f"a comparison needs two runs, {what}; see {program()} compare --help")
    return args


def _folders(args: Namespace) -> list[Path] | None:
    """The folder of each run; those that are missing are simulated. None after a mistake that was already explained."""
    found = [_folder_of(word, args.results) for word in args.runs]
    own = [word for word in args.overrides if word.lstrip("+").partition("=")[0] not in NEUTRAL]
    words = own or _taken_over(args, found)
    missing = {k: _composed(word, words, args) for k, word in enumerate(args.runs) if found[k] is None}
    if None in missing.values():
        return None
    _by_one_engine([made for made in missing.values() if made])
    for k, (scenario, options) in missing.items():
        found[k] = _obtain(scenario, options, words, args)
    for word, folder in zip(args.runs, found):
        print(f"{word}: {folder}", file=sys.stderr)
    return found


def _by_one_engine(made: Sequence[tuple[Scenario, dict[str, Any]]]) -> None:
    """Pairs come of one engine: where one of the runs to be made is numpy's, all of them are."""
    from sim.simulation.engines import engine_asked

    free = [(scenario, options) for scenario, options in made if options.get("engine", DEFAULTS.engine) == "auto"]
    reasons = {scenario.name: engine_asked(scenario, options).reason for scenario, options in free}
    if not any(reasons.values()) or all(reasons.values()):
        return
    for scenario, options in free:
        if not reasons[scenario.name]:
            options["engine"] = NUMPY
    why = "; ".join(f"{name}: {reason}" for name, reason in reasons.items() if reason)
    say(f"all are carried out by numpy, so that they can be paired ({why})")


def _folder_of(word: str, root: Path) -> Path | None:
    """The folder that a word names, None if it names a scenario."""
    from sim.questions.compare.writing import is_comparison
    from sim.results import find, runs

    path = Path(word)
    name, mark, row = word.rpartition("#")
    if mark and row.isascii() and row.isdigit():
        from sim.sweep.folder import find_sweep, open_sweep

        return open_sweep(find_sweep(name, root)).run_folder(int(row))
    if "sweeps" in path.parts:
        raise Refusal(f"{word} is a whole sweep; compare rows of it, such as {path.name}#1 {path.name}#2")
    if path.suffix in (".yaml", ".yml"):
        return None
    if is_comparison(path):
        raise Refusal(f"{word} is a comparison; compare runs or scenarios")
    if path.is_dir() and (len(path.parts) > 1 or (path / "manifest.json").is_file()):
        return find(word, root)
    if re.fullmatch(r"[0-9a-f]{6,12}", word) and any(info.run.startswith(word) for info in runs(root)):
        return find(word, root)
    if len(path.parts) > 1:
        raise Refusal(f"{word}: there is no such folder; {program()} list runs shows the finished ones")
    return None


def _taken_over(args: Namespace, found: Sequence[Path | None]) -> list[str]:
    """The options that scenarios take over, as words: seed, replicates and dtype of the first folder given, and its months;
    else of the newest finished run of the first scenario that is what code and file would give today. Nothing of a story,
    and nothing of a run that a sweep made: a name means the scenario as its file says. Empty for the defaults."""
    from sim.results import ResultsError, code_digest, digest, runs
    from sim.results.manifest import read_manifest

    if all(found):
        return []
    for folder in found:
        if folder is not None:
            return _told(read_manifest(folder), folder)
    code, tried = code_digest(), []
    for info in runs(args.results):
        if info.problem or info.changed or info.sweep or info.scenario != Path(args.runs[0]).stem:
            continue
        manifest = read_manifest(info.path)
        try:
            words = _words(manifest, info.path)
        except ResultsError as error:
            say(f"not taken for a pattern: {error}")
            continue
        if manifest.get("code") != code or words in tried:
            continue
        tried.append(words)
        composed = _composed(args.runs[0], words, args)
        if composed is None:
            continue
        if any(digest(composed[0], composed[1] | {"save": save}) == manifest["digest"] for save in SAVES):
            return _told(manifest, info.path)
    return []


def _words(manifest: dict[str, Any], folder: Path) -> list[str]:
    from sim.results.recovery import told_by

    shared, months = told_by(manifest, folder)
    return [*(f"{key}={value}" for key, value in shared.items()), *months]


def _told(manifest: dict[str, Any], folder: Path) -> list[str]:
    """The words of a run; those that are not the defaults are said."""
    words = _words(manifest, folder)
    usual = [f"{key}={getattr(DEFAULTS, key)}" for key in ("seed", "replicates", "dtype")]
    usual.append(f"engine={KERNEL}")
    if unusual := [word for word in words if word not in usual]:
        say(f"taken over from {folder}: {', '.join(unusual)} (others: after --, such as -- replicates=200)")
    return words


def _composed(name: str, words: Sequence[str], args: Namespace) -> tuple[Scenario, dict[str, Any]] | None:
    """The scenario and options of a run. Hydra reads the words of a user; those of a manifest are known to be sound, and
    without it a second is saved."""
    if args.plain and all(word.startswith(PLAIN) for word in words):
        from sim.scenario import read

        given = dict(word.split("=") for word in words)
        options = {
            "seed": int(given.get("seed", 1)),
            "replicates": int(given.get("replicates", 200)),
            "dtype": given.get("dtype", DEFAULTS.dtype),
            "engine": given.get("engine", DEFAULTS.engine),
            "save": "measures",
        }
        return read(name, scenario_dir=args.scenario_dir), options
    from sim.cli import hydra

    got = []

    def keep(request: Any) -> int:
        if request.sweeping:
            raise Refusal("a comparison takes one value for each option; compare the runs of a sweep by their folders")
        got.append(request)
        return 0

    more = [f"scenario_dir={args.scenario_dir}"] if args.scenario_dir else []
    given = [word for word in words if word.partition("=")[0] not in ("scenario_dir", "results")]
    hydra.compose([f"scenario={name}", *more, *given], keep, prog=f"{program()} compare")
    return (got[0].scenario, got[0].options) if got else None


def _obtain(scenario: Scenario, options: dict[str, Any], words: Sequence[str], args: Namespace) -> Path:
    """The folder of a finished run, simulated if there is none."""
    from sim.cli.progress import Progress
    from sim.results import digest, finished
    from sim.results.obtain import obtain

    saves = [options["save"], *(save for save in SAVES if save != options["save"])]
    for save in () if args.force else saves:
        folder = finished(args.results, scenario.name, digest(scenario, options | {"save": save}))
        if folder:
            return folder
    overrides = [f"scenario={scenario.name}", *words]
    options = options | {"force": args.force, "overrides": overrides, "command": f"{program()} run {' '.join(overrides)}"}
    with Progress(f"simulating {scenario.name}") as progress:
        return obtain(scenario, options, args.results, lambda: progress)[0]
