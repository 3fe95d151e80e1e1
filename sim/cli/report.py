"""`sim report RUN|COMPARISON`: one HTML file that says what a run or a comparison shows, and works offline."""

from __future__ import annotations

from pathlib import Path

from sim.cli.arguments import Refusal, add_json, parse, parser, print_json
from sim.cli.main import program


def main(argv: list[str]) -> int:
    """Write the report of a folder."""
    about = (
        "Write the report of a finished run or of a comparison: one HTML file with the answer, the events and their "
        "sources, trajectories, the map by month, trust and its ledger. It works offline and loads nothing."
    )
    examples = {
        "sco_expansion": "of the newest run",
        "results/compare/a__vs__b": "of a comparison",
        "sco_expansion --out answer.html": "to another place, to send on",
    }
    to = parser("report", about, examples)
    to.add_argument("folder", metavar="RUN", help="a folder of a run or of a comparison, or a scenario's name")
    to.add_argument("--out", metavar="FILE", help="where to write; default: report.html in the folder")
    to.add_argument("--results", default="results", metavar="DIR", help="where runs are; default: results")
    add_json(to)
    args = parse(to, argv)
    if args is None:
        return 0
    from sim import report
    from sim.questions.compare.writing import is_comparison

    folder = _folder(args.folder, Path(args.results))
    try:
        file = report.write(folder, args.out)
    except OSError as error:
        raise Refusal(f"cannot write {args.out or folder / report.NAME}: {error.strerror or error}") from None
    if args.json:
        kind = "comparison" if is_comparison(folder) else "run"
        print_json({"folder": str(folder.resolve()), "kind": kind, "report": str(file.resolve())})
        return 0
    print(f"Next: open it in a browser; pictures for a text: {program()} plot {folder}")
    print(file)
    return 0


def _folder(word: str, root: Path) -> Path:
    """The folder of a comparison, or of the run that a word names."""
    from sim.questions.compare.writing import is_comparison
    from sim.results import find

    for path in (Path(word), root / "compare" / word):
        if is_comparison(path):
            return path
    return find(word, root)
