"""`sim export RUN|COMPARISON --to FILE`: every series by month, with its middle and bands, for other programs."""

from __future__ import annotations

from pathlib import Path

from sim.cli.arguments import parse, parser


def main(argv: list[str]) -> int:
    """Write the file and print its name."""
    about = (
        "Write every series of a run or a comparison by month, with mean, median and bands of 50 and 90 %, as one table: "
        "CSV, Parquet or netCDF, by the end of the file's name."
    )
    to = parser(
        "export",
        about,
        {
            "sco_expansion --to sco.csv": "the newest run of a scenario",
            "results/compare/a__vs__b --to difference.parquet": "a comparison",
            "sco_expansion --to sco.nc": "for xarray",
        },
    )
    to.add_argument("results", metavar="RUN", help="a scenario's name for its newest run, or a folder")
    to.add_argument("--to", required=True, type=Path, metavar="FILE", help="ends in .csv, .parquet or .nc; is replaced")
    to.add_argument("--in", dest="root", default="results", metavar="DIR", help="where runs are; default: results")
    args = parse(to, argv)
    if args is None:
        return 0
    from sim.cli.terminal import shown
    from sim.questions.compare.writing import is_comparison
    from sim.questions.export import export
    from sim.results import find

    folder = Path(args.results)
    folder = folder if is_comparison(folder) else find(args.results, args.root)
    print(shown(export(folder, args.to)))
    return 0
